// A client's TCP connection with TLS 1.2, used like the SDK's TCP class: records in and out around the handshake. On the
// ESP32 and on XS for Linux; Node has host/platform/tls-socket.ts. Source: RFC 5246, 6.2 and 7.2.

import TCP from "embedded:io/socket/tcp";
import type { Bytes } from "../../outputs/network.js";
import { timers, wallTime } from "../clock.js";
import type { SdkTcp, TcpClass, TlsSocketOptions } from "../sdk.js";
import { onError, onReadable, onWritable, type StreamOwner } from "../target.js";
import { joined, uint } from "./bytes.js";
import { Handshake } from "./handshake.js";
import { fail, TlsProblem } from "./problems.js";
import {
	ALERT,
	APPLICATION_DATA,
	CHANGE_CIPHER_SPEC,
	HANDSHAKE,
	HEADER,
	type RecordCipher,
	record,
	SEALING,
} from "./records.js";

const BaseTcp = TCP as unknown as TcpClass;

/** Bytes of plaintext: the most that a record from the server may hold, and that one from here does. */
const MOST_RECEIVED = 16_384;
const MOST_SENT = 4096;
const MAJOR = 3;
/** Bytes that a record adds to what is written. */
const OVERHEAD = HEADER + SEALING;
/** Kept free for them, and for the parts that the SDK's clients write one by one. */
const RESERVE = 96;

const WARNING = 1;
const FATAL = 2;
const CLOSE_NOTIFY = 0;
const BAD_RECORD = 20;
const HANDSHAKE_FAILURE = 40;
const UNRECOGNIZED_NAME = 112;
/** Alerts (RFC 5246, 7.2.2): what the server has against the client's certificate, or against its absence. */
const ABOUT_CERTIFICATE = Object.freeze([40, 41, 42, 43, 44, 45, 46, 48, 49, 116]);
const ABOUT_VERSION = Object.freeze([40, 47, 70, 71, 86]);

const NOTHING = new Uint8Array(0);

export class TlsSocket implements SdkTcp, StreamOwner {
	format: "buffer" | "number" = "buffer";
	/** As of the SDK's sockets: whoever is called back finds there what it is for. */
	readonly target: unknown;
	readonly #options: TlsSocketOptions;
	#tcp: SdkTcp | undefined;
	/** Until hands are shaken. */
	#handshake: Handshake | undefined;
	#sealer: RecordCipher | undefined;
	#opener: RecordCipher | undefined;
	/** What has come and is not looked at. */
	#inbox = NOTHING;
	/** A record's header, and then its inside, as far as it has come; of which type, 0: it is the header. */
	#into = new Uint8Array(HEADER);
	#filled = 0;
	#type = 0;
	/** What is opened and not read. */
	#data = NOTHING;
	/** What waits for the rest of its record, and what waits to leave. */
	#draft = NOTHING;
	#queue = NOTHING;
	/** What TCP takes now, and what may be written here. */
	#tcpRoom = 0;
	#room = 0;
	#hasBegun = false;
	#isBusy = false;
	#later: ReturnType<typeof timers.set> | undefined;

	/** Throws words where the options cannot be used. */
	constructor(options: TlsSocketOptions) {
		const { host, address, port, tls } = options;
		// In 1970 no certificate is valid, and an expired one cannot be told from another.
		if (wallTime() === undefined) fail(TlsProblem.NO_CLOCK);
		this.#options = options;
		this.target = options.target;
		this.#handshake = new Handshake(host, tls, (type, bytes) => this.#send(type, bytes));
		const to = { address: address ?? host, port: port ?? 0, nodelay: true };
		this.#tcp = new BaseTcp({ ...to, target: this, onReadable, onWritable, onError });
	}

	onReadable(): void {
		this.#pump(false);
	}

	onWritable(count: number): void {
		this.#tcpRoom = count;
		if (!this.#hasBegun) this.#handshake?.begin();
		this.#hasBegun = true;
		this.#flush();
		this.#tellWritable();
	}

	onError(): void {
		// What the server has said before it went.
		this.#pump(true);
		this.#end(this.#hungUp());
	}

	get remoteAddress(): string | undefined {
		return this.#tcp?.remoteAddress;
	}

	get remotePort(): number | undefined {
		return this.#tcp?.remotePort;
	}

	read(count?: number): ArrayBuffer | number | undefined {
		const data = this.#data;
		if (data.length === 0) return undefined;
		const taken = this.format === "number" ? 1 : Math.min(count ?? data.length, data.length);
		this.#data = data.subarray(taken);
		// Not from inside this method: the next record is told later.
		if (this.#data.length === 0) this.#pumpLater();
		return this.format === "number" ? (data[0] as number) : data.slice(0, taken).buffer;
	}

	write(data: Bytes | number, options?: { readonly more?: boolean }): number {
		const bytes = new Uint8Array(typeof data === "number" ? [data] : data);
		if (!this.#tcp || bytes.length > this.#room) throw new Error("would block");
		this.#room -= bytes.length;
		this.#draft = joined(this.#draft, bytes);
		if (options?.more) return this.#room;
		const all = this.#draft;
		this.#draft = NOTHING;
		this.#room = Math.max(0, this.#room - OVERHEAD);
		this.#send(APPLICATION_DATA, all);
		return this.#room;
	}

	close(): void {
		if (this.#tcp && !this.#handshake) this.#send(ALERT, Uint8Array.of(WARNING, CLOSE_NOTIFY));
		this.#release();
	}

	/** Not `close`: a class that extends this one has its own. */
	#release(): void {
		const tcp = this.#tcp;
		this.#tcp = undefined;
		this.#handshake = undefined;
		timers.clear(this.#later);
		this.#later = undefined;
		this.#queue = NOTHING;
		this.#room = 0;
		tcp?.close();
	}

	#pumpLater(): void {
		if (this.#isBusy) return;
		this.#later ??= timers.set(() => {
			this.#later = undefined;
			this.#pump(false);
		}, 0);
	}

	/** Takes records as long as there are some, and their bytes are read; of a handshake one step, or `all`. */
	#pump(all: boolean): void {
		if (this.#isBusy) return;
		this.#isBusy = true;
		let more = false;
		try {
			do more = this.#step();
			while (more && (all || !this.#handshake));
		} catch (error) {
			more = false;
			if (this.#tcp)
				this.#send(ALERT, Uint8Array.of(FATAL, this.#handshake ? HANDSHAKE_FAILURE : BAD_RECORD));
			this.#end((error as Error).message);
		}
		this.#isBusy = false;
		if (more) this.#pumpLater();
	}

	/** False where there is nothing to do now. */
	#step(): boolean {
		const handshake = this.#handshake;
		if (!this.#tcp || !this.#hasBegun) return false;
		if (handshake?.advance()) {
			if (!handshake.isOpen) return true;
			this.#handshake = undefined;
			this.#tellWritable();
			return true;
		}
		if (this.#data.length > 0 || !this.#isFilled()) return false;
		const type = this.#type;
		const inside = this.#into;
		this.#type = this.#filled = 0;
		this.#into = new Uint8Array(HEADER);
		this.#take(type, this.#opener ? this.#opener.open(type, inside) : inside);
		return true;
	}

	/** A record is whole. */
	#isFilled(): boolean {
		for (;;) {
			while (this.#filled < this.#into.length) {
				if (this.#inbox.length === 0) {
					const data = this.#tcp?.read();
					if (!(data instanceof ArrayBuffer)) return false;
					this.#inbox = new Uint8Array(data);
				}
				const piece = this.#inbox.subarray(0, this.#into.length - this.#filled);
				this.#into.set(piece, this.#filled);
				this.#filled += piece.length;
				this.#inbox = this.#inbox.subarray(piece.length);
			}
			if (this.#type) return true;
			const [type, major] = this.#into as unknown as [number, number];
			const isRecord = type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA && major === MAJOR;
			const length = uint(this.#into, 3, 2);
			if (!isRecord) fail(this.#handshake?.hasHeard ? TlsProblem.FAULT : TlsProblem.NOT_TLS);
			if (length > MOST_RECEIVED + (this.#opener ? SEALING : 0)) fail(TlsProblem.FAULT);
			this.#type = type;
			this.#into = new Uint8Array(length);
			this.#filled = 0;
		}
	}

	#take(type: number, plain: Uint8Array<ArrayBuffer>): void {
		const handshake = this.#handshake;
		switch (type) {
			case ALERT:
				this.#alert(plain);
				break;
			case APPLICATION_DATA:
				if (handshake) fail(TlsProblem.FAULT);
				this.#data = plain;
				if (plain.length > 0) this.#options.onReadable?.call(this, plain.length);
				break;
			case HANDSHAKE:
				// Afterwards: the server wants to negotiate again.
				if (!handshake || plain.length === 0) fail(TlsProblem.FAULT);
				handshake.take(plain);
				break;
			default:
				if (!handshake || plain.length !== 1 || plain[0] !== 1) fail(TlsProblem.FAULT);
				this.#opener = handshake.changed();
		}
	}

	#alert(plain: Uint8Array): void {
		const [level, number] = plain as unknown as [number, number];
		if (plain.length !== 2) fail(TlsProblem.FAULT);
		if (number === CLOSE_NOTIFY) this.#end(this.#hungUp());
		if (number === CLOSE_NOTIFY || level === WARNING) return;
		if (ABOUT_CERTIFICATE.includes(number)) {
			const problem = this.#hungUp();
			if (problem !== undefined) fail(problem);
		}
		if (number === UNRECOGNIZED_NAME) fail(TlsProblem.UNKNOWN_NAME);
		fail(ABOUT_VERSION.includes(number) ? TlsProblem.VERSION : `TLS: the server's alert ${number}`);
	}

	/** Seals where ciphers are agreed on, and sends. */
	#send(type: number, plain: Uint8Array): void {
		for (let at = 0; at < plain.length; at += MOST_SENT) {
			const piece = plain.subarray(at, at + MOST_SENT);
			const inside = this.#sealer ? this.#sealer.seal(type, piece) : piece;
			this.#queue = joined(this.#queue, record(type, inside));
		}
		if (type === CHANGE_CIPHER_SPEC) this.#sealer = this.#handshake?.sealer;
		this.#flush();
	}

	#flush(): void {
		while (this.#queue.length > 0 && this.#tcpRoom > 0 && this.#tcp) {
			const piece = this.#queue.slice(0, this.#tcpRoom);
			this.#queue = this.#queue.slice(piece.length);
			const room: number | undefined = this.#tcp.write(piece);
			this.#tcpRoom = room ?? 0;
			// The other end is gone; the SDK's socket on Linux then says nothing more.
			if (room === undefined) timers.set(() => this.#end(this.#hungUp()), 0);
		}
	}

	#tellWritable(): void {
		const room = Math.min(this.#tcpRoom, MOST_SENT) - RESERVE - this.#draft.length;
		if (!this.#tcp || this.#handshake || this.#queue.length > 0 || room <= 0) return;
		this.#room = room;
		this.#options.onWritable?.call(this, room);
	}

	#end(problem: string | undefined): void {
		if (!this.#tcp) return;
		this.#release();
		this.#options.onError?.call(this, problem);
	}

	/** The server went while hands were shaken: the alert that says why is lost where it closes with bytes unread. */
	#hungUp(): string | undefined {
		if (!this.#handshake?.wantsCertificate) return undefined;
		return this.#handshake.hasCertificate ? TlsProblem.REFUSED : TlsProblem.WANTED;
	}
}
