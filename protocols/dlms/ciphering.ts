// General ciphering (IEC 62056-5-3, 9.2.7): takes a ciphered APDU apart, deciphers it and watches its counter.
// Suites 0 and 1 (both AES-128-GCM). The cipher itself is an argument; keys never leave this file.

import type { Cipher } from "../shared/cipher.js";
import { joined } from "../shared/joined.js";
import { hexText } from "../shared/text.js";
import { DATA_NOTIFICATION } from "./apdu.js";
import { readLength } from "./length.js";
import type { RejectionCodes, RejectionFacts } from "./rejection.js";

export const GENERAL_GLO_CIPHERING = 0xdb;
export const GENERAL_DED_CIPHERING = 0xdc;
export const GENERAL_CIPHERING = 0xdd;

const TITLE_BYTES = 8;
const COUNTER_BYTES = 4;
/** Security control byte and invocation counter. */
const HEADER_BYTES = 1 + COUNTER_BYTES;
export const TAG_BYTES = 12;
const SUITE_MASK = 0b0000_1111;
const LAST_AES_128_SUITE = 1;
const AUTHENTICATED = 0b0001_0000;
const ENCRYPTED = 0b0010_0000;
const COMPRESSED = 0b1000_0000;
const KEY_INFO_IDENTIFIED = 0;
/** Meters whose counters are remembered: a line has one, a bus a few. */
const MOST_TITLES = 4;

export interface CipheringFault extends RejectionFacts {
	readonly code: RejectionCodes["ciphering"];
}

export interface Deciphered {
	readonly plaintext: Uint8Array;
	readonly systemTitle: Uint8Array;
	readonly counter: number;
	/** The tag has been checked: a plaintext that does not parse is then the meter's own fault. */
	readonly authentic: boolean;
}

export interface CipheringOptions {
	readonly cipher: Cipher;
	readonly encryptionKey: Uint8Array | undefined;
	readonly authenticationKey: Uint8Array | undefined;
	readonly refuseReplay: boolean;
}

export function isCiphered(tag: number | undefined): boolean {
	return tag === GENERAL_GLO_CIPHERING || tag === GENERAL_DED_CIPHERING || tag === GENERAL_CIPHERING;
}

/** Opens ciphered APDUs of one line. */
export class Ciphering {
	readonly #options: CipheringOptions;
	readonly #counters: { readonly title: string; counter: number }[] = [];

	constructor(options: CipheringOptions) {
		this.#options = options;
	}

	/** The plaintext of the ciphered APDU in `bytes[start, end)`, or why there is none. */
	open(bytes: Uint8Array, start: number, end: number): Deciphered | CipheringFault {
		const envelope = readEnvelope(bytes, start, end);
		if ("code" in envelope) return envelope;
		const { title, payload, payloadEnd } = envelope;
		const detail = hexText(title);
		if (title.length !== TITLE_BYTES) return { code: "title", expected: TITLE_BYTES, actual: title.length };
		const control = bytes[payload] as number;
		if (control & COMPRESSED) return { code: "compressed", detail };
		if ((control & SUITE_MASK) > LAST_AES_128_SUITE)
			return { code: "suite", actual: control & SUITE_MASK, detail };
		const counter = new DataView(bytes.buffer, bytes.byteOffset + payload + 1, COUNTER_BYTES).getUint32(0);
		if (this.#options.refuseReplay && counter <= this.#lastCounter(detail))
			return { code: "replay", expected: this.#lastCounter(detail) + 1, actual: counter, detail };
		const plaintext = this.#decipher(bytes, envelope, control, payloadEnd);
		if ("code" in plaintext) return { ...plaintext, detail };
		return { ...plaintext, systemTitle: title, counter };
	}

	/** Remembers the counter of a message that proved good. */
	accept({ systemTitle, counter }: Deciphered): void {
		const title = hexText(systemTitle);
		const known = this.#counters.find((one) => one.title === title);
		if (known) known.counter = Math.max(known.counter, counter);
		else {
			if (this.#counters.length >= MOST_TITLES) this.#counters.shift();
			this.#counters.push({ title, counter });
		}
	}

	#lastCounter(title: string): number {
		return this.#counters.find((one) => one.title === title)?.counter ?? -1;
	}

	#decipher(
		bytes: Uint8Array,
		{ title, payload, additional }: Envelope,
		control: number,
		end: number,
	): { readonly plaintext: Uint8Array; readonly authentic: boolean } | CipheringFault {
		const { cipher, encryptionKey, authenticationKey } = this.#options;
		const authenticated = (control & AUTHENTICATED) !== 0;
		const encrypted = (control & ENCRYPTED) !== 0;
		const textStart = payload + HEADER_BYTES;
		const textEnd = authenticated ? end - TAG_BYTES : end;
		if (textEnd < textStart) return { code: "truncated" };
		const text = encrypted ? bytes.subarray(textStart, textEnd) : bytes.slice(textStart, textEnd);
		if (!authenticated && !encrypted) return { plaintext: text, authentic: false };
		if (!encryptionKey) return { code: "key-needed" };
		const iv = joined(title, bytes.subarray(payload + 1, textStart));
		if (authenticated && authenticationKey) {
			const header = Uint8Array.of(control);
			const tag = bytes.subarray(textEnd, end);
			const aad = joined(header, authenticationKey, additional, encrypted ? NOTHING : text);
			const plaintext = cipher.openGcm(encryptionKey, iv, aad, encrypted ? text : NOTHING, tag);
			if (plaintext) return { plaintext: encrypted ? plaintext : text, authentic: true };
			const unchecked = encrypted ? cipher.decryptGcm(encryptionKey, iv, text) : text;
			return { code: unchecked[0] === DATA_NOTIFICATION ? "tag" : "wrong-key" };
		}
		const plaintext = encrypted ? cipher.decryptGcm(encryptionKey, iv, text) : text;
		return plaintext[0] === DATA_NOTIFICATION ? { plaintext, authentic: false } : { code: "wrong-key" };
	}
}

/** Where the parts of a ciphered APDU lie. */
export interface Envelope {
	readonly title: Uint8Array;
	/** The security control byte. */
	readonly payload: number;
	readonly payloadEnd: number;
	/** What general-ciphering adds to the authenticated data; empty for general-glo-ciphering. */
	readonly additional: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Takes the envelope at `start` apart without opening it. */
export function readEnvelope(bytes: Uint8Array, start: number, end: number): Envelope | CipheringFault {
	const cursor = { at: start + 1 };
	let title = NOTHING;
	let additional = NOTHING;
	if (bytes[start] === GENERAL_CIPHERING) {
		// transaction-id, originator, recipient, date-time, other-information: all authenticated, lengths included.
		const fieldsStart = cursor.at;
		for (let field = 0; field < 5; field++) {
			const length = readLength(bytes, cursor, end);
			if (length < 0) return { code: "truncated" };
			if (field === 1) title = bytes.slice(cursor.at, cursor.at + length);
			cursor.at += length;
		}
		additional = bytes.slice(fieldsStart, cursor.at);
		// key-info: absent, or the identified (unicast or broadcast) key; others would need a key agreement.
		if (bytes[cursor.at++] !== 0) {
			if (bytes[cursor.at] !== KEY_INFO_IDENTIFIED)
				return { code: "key-info", actual: bytes[cursor.at] ?? 0 };
			cursor.at += 2;
		}
	} else {
		const length = readLength(bytes, cursor, end);
		if (length < 0) return { code: "truncated" };
		title = bytes.slice(cursor.at, cursor.at + length);
		cursor.at += length;
	}
	const length = readLength(bytes, cursor, end);
	if (length < HEADER_BYTES) return { code: "truncated", expected: HEADER_BYTES, actual: end - cursor.at };
	return { title, payload: cursor.at, payloadEnd: cursor.at + length, additional };
}
