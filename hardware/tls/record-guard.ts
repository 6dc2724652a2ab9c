// Looks at every TLS 1.2 record from the server before the SDK's session does, which itself minds neither the order of
// the handshake nor a key exchange that nobody has signed. Pure. Source: RFC 5246, 6.2.1, 7.3 and 7.4; RFC 8422, 5.4.

import { TlsProblem } from "./problems.js";

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const APPLICATION_DATA = 23;
const HEADER = 5;

const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const KEY_EXCHANGE = 12;
const CERTIFICATE_REQUEST = 13;
const HELLO_DONE = 14;
/** States behind the plain messages. */
const CHANGED = 20;
const OPEN = 23;

const NAMED_CURVE = 3;
const SHA256 = 4;
const SHA512 = 6;
const BY_RSA = 1;
const BY_ECDSA = 3;

export class RecordGuard {
	/** The last message, or a state behind them. */
	#last = 0;
	/** The server has asked for a client certificate. */
	wantsCertificate = false;

	/** The handshake is over: everything is encrypted. */
	get isOpen(): boolean {
		return this.#last === OPEN;
	}

	/** A whole record; throws words where it has no place here. */
	check(record: Uint8Array): void {
		const type = record[0] as number;
		if (type === ALERT) return;
		if (type === CHANGE_CIPHER_SPEC) this.#follows(HELLO_DONE, CHANGED);
		else if (type === APPLICATION_DATA || this.#last === OPEN) this.#follows(OPEN, OPEN);
		else if (this.#last === CHANGED) this.#follows(CHANGED, OPEN);
		else this.#messages(record);
	}

	#messages(record: Uint8Array): void {
		let at = HEADER;
		while (at + 4 <= record.length) {
			const length =
				((record[at + 1] as number) << 16) | ((record[at + 2] as number) << 8) | (record[at + 3] as number);
			this.#message(record[at] as number, record.subarray(at + 4, at + 4 + length));
			at += 4 + length;
		}
		if (at !== record.length) throw new Error(TlsProblem.BROKEN);
	}

	#message(type: number, body: Uint8Array): void {
		switch (type) {
			case SERVER_HELLO:
				return this.#follows(0, type);
			case CERTIFICATE:
				return this.#follows(SERVER_HELLO, type);
			case KEY_EXCHANGE: {
				this.#follows(CERTIFICATE, type);
				// Curve type, curve, the point's length and the point; then the algorithms of the signature.
				const at = 4 + (body[3] as number);
				const hash = body[at] as number;
				const by = body[at + 1];
				const signed = hash >= SHA256 && hash <= SHA512 && (by === BY_RSA || by === BY_ECDSA);
				if (body[0] !== NAMED_CURVE || !signed) throw new Error(TlsProblem.BROKEN);
				return;
			}
			case CERTIFICATE_REQUEST:
				this.wantsCertificate = true;
				return this.#follows(KEY_EXCHANGE, type);
			case HELLO_DONE:
				if (this.#last === CERTIFICATE_REQUEST) this.#last = KEY_EXCHANGE;
				return this.#follows(KEY_EXCHANGE, type);
			default:
				throw new Error(TlsProblem.BROKEN);
		}
	}

	#follows(before: number, now: number): void {
		if (this.#last !== before) throw new Error(TlsProblem.BROKEN);
		this.#last = now;
	}
}

/** The first bytes of an answer cannot be a TLS record. */
export function isNoRecord(bytes: Uint8Array): boolean {
	const type = bytes[0] as number;
	return type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || (bytes.length > 1 && bytes[1] !== 3);
}
