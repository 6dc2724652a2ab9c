// A client's TCP connection with TLS 1.2, used like the SDK's TCP class: the SDK's session (JavaScript with arithmetic
// in C) behind a guard of its own. On the ESP32 and on XS for Linux; Node has host/platform/tls-socket.ts.
// Source: $MODDABLE/modules/crypt/ssl/session_419.js, examples/io/tcp/tlssocket.

import TCP from "embedded:io/socket/tcp";
import Session, { type SessionSocket } from "ssl/session";
import Timer from "timer";
import type { Bytes } from "../../outputs/network.js";
import type { SdkTcp, TcpClass, TlsSocketOptions } from "../sdk.js";
import { Certificates } from "./certificates.js";
import { TlsProblem } from "./problems.js";
import { isNoRecord, RecordGuard } from "./record-guard.js";

const BaseTcp = TCP as unknown as TcpClass;

const TLS_1_2 = 0x303;
/** 2026, as in hardware/clock.ts: before it the clock has not been set. */
const EARLIEST_MS = 1_767_225_600_000;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
/** Bytes that a record adds to what is written: 5 of header, 8 of nonce, 16 of tag. */
const OVERHEAD = 29;
/** Kept free for them, and for the parts that the SDK's clients write one by one. */
const RESERVE = 96;
/** Messages after which the session has something to send: hello done, finished. */
const TURNS = Object.freeze([14, 20]);
/** Alerts (RFC 5246, 7.2.2): what the server has against the client's certificate, or against its absence. */
const ABOUT_CERTIFICATE = Object.freeze([40, 41, 42, 43, 44, 45, 46, 48, 49, 116]);
const ABOUT_VERSION = Object.freeze([40, 47, 70, 71, 86]);

class GuardedSession extends Session {
	readonly guard = new RecordGuard();

	override readPacket(socket: SessionSocket): ArrayBuffer | undefined {
		const packet = super.readPacket(socket);
		if (packet) this.guard.check(new Uint8Array(packet));
		return packet;
	}
}

export class TlsSocket implements SdkTcp {
	format: "buffer" | "number" = "buffer";
	readonly #options: TlsSocketOptions;
	readonly #certificates: Certificates;
	readonly #session: GuardedSession;
	readonly #wire: SessionSocket;
	#tcp: SdkTcp | undefined;
	/** What came and is not decrypted, and what is decrypted and not read. */
	#inbox = new Uint8Array(0);
	#data = new Uint8Array(0);
	/** What waits to leave, encrypted. */
	#queue: Uint8Array[] = [];
	/** What TCP takes now, and what may be written here. */
	#tcpRoom = 0;
	#room = 0;
	#state: "connecting" | "handshake" | "open" = "connecting";
	#pumping = false;
	#later: ReturnType<typeof Timer.set> | undefined;

	/** Throws words where the options cannot be used. */
	constructor(options: TlsSocketOptions) {
		const { host, address, port, tls } = options;
		// In 1970 no certificate is valid, and an expired one cannot be told from another.
		if (Date.now() < EARLIEST_MS) throw new Error(TlsProblem.NO_CLOCK);
		this.#options = options;
		this.#certificates = new Certificates(host, tls);
		this.#session = new GuardedSession({
			...(ADDRESS.test(host) ? undefined : { serverName: host }),
			...{ protocolVersion: TLS_1_2, cache: false, certificates: this.#certificates },
		});
		this.#session.initiateHandshake();
		this.#wire = {
			readable: 0,
			writable: Number.MAX_SAFE_INTEGER,
			read: (into) => {
				into.set(this.#inbox.subarray(0, into.length));
				this.#inbox = this.#inbox.subarray(into.length);
			},
			write: (bytes) => {
				this.#queue.push(new Uint8Array(bytes));
				this.#flush();
				return Number.MAX_SAFE_INTEGER;
			},
		};
		this.#tcp = new BaseTcp({
			...{ address: address ?? host, port: port ?? 0, nodelay: true },
			onReadable: () => this.#pump(),
			onWritable: (count) => {
				this.#tcpRoom = count;
				this.#flush();
				if (this.#state === "connecting") {
					this.#state = "handshake";
					this.#pump();
				} else this.#tellWritable();
			},
			onError: () => this.#fail(this.#hungUp()),
		});
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
		if (this.#data.length === 0 && !this.#pumping)
			this.#later ??= Timer.set(() => {
				this.#later = undefined;
				this.#pump();
			}, 0);
		return this.format === "number" ? (data[0] as number) : data.slice(0, taken).buffer;
	}

	write(data: Bytes | number, options?: { readonly more?: boolean; readonly byteLength?: number }): number {
		const bytes = typeof data === "number" ? Uint8Array.of(data) : data;
		if (!this.#tcp || bytes.byteLength > this.#room) throw new Error("would block");
		this.#room -= bytes.byteLength;
		this.#session.write(this.#wire, bytes, options);
		if (!options?.more) this.#room = Math.max(0, this.#room - OVERHEAD);
		return this.#room;
	}

	close(): void {
		this.#release();
	}

	/** Not `close`: a class that extends this one has its own. */
	#release(): void {
		const tcp = this.#tcp;
		this.#tcp = undefined;
		Timer.clear(this.#later);
		this.#later = undefined;
		this.#queue = [];
		this.#room = 0;
		tcp?.close();
	}

	/** Takes records apart as long as there are some, and their bytes are read. */
	#pump(): void {
		if (this.#pumping || this.#state === "connecting") return;
		this.#pumping = true;
		try {
			this.#shakeHands();
			while (this.#tcp && this.#state === "open" && this.#data.length === 0 && this.#fill()) {
				const data = this.#session.read(this.#wire);
				if (data === null) this.#fail(undefined);
				else if (data && data.length > 0) {
					this.#data = data.slice();
					this.#options.onReadable?.(data.length);
				}
			}
		} catch (error) {
			this.#fail(this.#words((error as Error).message));
		}
		this.#pumping = false;
	}

	#shakeHands(): void {
		const session = this.#session;
		while (this.#tcp && this.#state === "handshake") {
			const done = session.handshake(this.#wire);
			if (session.alert) throw new Error(`alert: 2, ${session.alert.description}`);
			if (done) {
				if (!session.guard.isOpen) throw new Error(TlsProblem.BROKEN);
				this.#state = "open";
				this.#tellWritable();
			} else if (!TURNS.includes(session.handshakeProcess) && !this.#fill()) return;
		}
	}

	/** There are bytes for the session. */
	#fill(): boolean {
		if (this.#inbox.length === 0) {
			const data = this.#tcp?.read();
			if (!(data instanceof ArrayBuffer)) return false;
			this.#inbox = new Uint8Array(data);
			if (this.#state === "handshake" && this.#wire.readable === 0 && !this.#session.packetBuffer)
				if (isNoRecord(this.#inbox)) throw new Error(TlsProblem.NOT_TLS);
		}
		this.#wire.readable = this.#inbox.length;
		return true;
	}

	#flush(): void {
		for (let next = this.#queue[0]; next && this.#tcpRoom > 0 && this.#tcp; next = this.#queue[0]) {
			const piece = next.subarray(0, this.#tcpRoom);
			const room: number | undefined = this.#tcp.write(piece);
			this.#tcpRoom = room ?? 0;
			// The other end is gone; the SDK's socket on Linux then says nothing more.
			if (room === undefined) Timer.set(() => this.#fail(this.#hungUp()), 0);
			if (piece.length === next.length) this.#queue.shift();
			else this.#queue[0] = next.subarray(piece.length);
		}
	}

	#tellWritable(): void {
		if (this.#state !== "open" || this.#queue.length > 0 || this.#tcpRoom <= RESERVE) return;
		this.#room = this.#tcpRoom - RESERVE;
		this.#options.onWritable?.(this.#room);
	}

	#fail(problem: string | undefined): void {
		if (!this.#tcp) return;
		this.#release();
		this.#options.onError?.(problem);
	}

	/** The server went while hands were shaken: the alert that says why is lost where it closes with bytes unread. */
	#hungUp(): string | undefined {
		if (this.#state !== "handshake" || !this.#session.guard.wantsCertificate) return undefined;
		return this.#certificates.hasOwn ? TlsProblem.REFUSED : TlsProblem.WANTED;
	}

	/** The session's errors in words; an alert is "alert: level, number". */
	#words(message: string): string {
		if (!message.startsWith("alert: ")) return isWords(message) ? message : `TLS: ${message}`;
		const alert = Number(message.slice(message.indexOf(",") + 1));
		const { wantsCertificate } = this.#session.guard;
		if (wantsCertificate && ABOUT_CERTIFICATE.includes(alert))
			return this.#certificates.hasOwn ? TlsProblem.REFUSED : TlsProblem.WANTED;
		return ABOUT_VERSION.includes(alert) ? TlsProblem.VERSION : `TLS: the server's alert ${alert}`;
	}
}

function isWords(message: string): boolean {
	return Object.values(TlsProblem).some((words) => words === message);
}
