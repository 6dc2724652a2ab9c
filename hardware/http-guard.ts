// A TCP listener for the SDK's HTTP server, with the bounds that this server lacks: bytes of head and body, time for
// a request, time without progress while answering, and the number of connections. It also keeps the server from
// being called back on a connection that it has closed, and an exception of one handler from ending the machine.
// The server itself: $MODDABLE/examples/io/listener/httpserver/httpserver.js.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import type { Bytes } from "../outputs/network.js";
import { Clock, timers } from "./clock.js";
import type { ListenerClass, ListenerOptions, SdkTcp, TcpClass, TcpOptions } from "./sdk.js";

const BaseTcp = TCP as unknown as TcpClass;
const BaseListener = Listener as unknown as ListenerClass;

/** Most bytes of request line and headers. */
export const LONGEST_HEAD = 8 * 1024;
/** Most bytes of a request's body. */
export const LONGEST_BODY = 64 * 1024;
/** From the connection's opening to the first byte of the answer. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Without any byte of the answer leaving. */
export const STALLED_TIMEOUT_MS = 30_000;
/** Connections at a time, event streams included: lwIP has eight sockets for everything. */
export const MOST_CONNECTIONS = 6;
const CHECK_INTERVAL_MS = 1000;

const CR = 0x0d;
const LF = 0x0a;

/** Why the guard closed a connection, for counting. */
export type GuardReason = "head" | "body" | "slow request" | "stalled" | "full" | "handler" | "closing";

/** What one connection has done so far: it moves on when the server wraps the socket in one of its own. */
class Watch {
	readonly opened: number;
	readonly owner: GuardedListener;
	socket: GuardedTcp | undefined;
	head = 0;
	body = 0;
	/** CR LF CR LF seen so far, 0–4. */
	mark = 0;
	answering = false;
	/** Since when written bytes wait to leave; `undefined` while none do. */
	waiting: number | undefined;

	constructor(owner: GuardedListener, opened: number) {
		this.owner = owner;
		this.opened = opened;
	}

	/** Counts a byte of the request; the limit that it breaks, if one. */
	count(byte: number): GuardReason | undefined {
		if (this.mark === 4) {
			this.body++;
			return this.body > LONGEST_BODY ? "body" : undefined;
		}
		this.head++;
		if (byte === (this.mark & 1 ? LF : CR)) this.mark++;
		else this.mark = byte === CR ? 1 : 0;
		return this.head > LONGEST_HEAD ? "head" : undefined;
	}
}

interface GuardedOptions extends TcpOptions {
	readonly watch?: Watch;
}

class GuardedTcp extends BaseTcp {
	// A plain member: while the base class constructs, nothing calls back.
	#watch: Watch | undefined;
	#onError: ((reason?: unknown) => void) | undefined;
	#tripped: GuardReason | undefined;

	constructor(options: GuardedOptions) {
		const { from, watch = from instanceof GuardedTcp ? from.#watch : undefined } = options;
		if (from instanceof GuardedTcp) from.#watch = undefined;
		// `this` is not yet there for the callbacks below, which ECMA-419 forbids to run before it is.
		let self: GuardedTcp | undefined;
		const call = (callback: () => void) => {
			if (self) self.#call(callback);
		};
		super({
			...options,
			onReadable: (count) => call(() => options.onReadable?.(count)),
			onWritable: (count) => {
				if (watch) watch.waiting = undefined;
				call(() => options.onWritable?.(count));
			},
			onError: (reason) => self?.fail(reason),
		});
		self = this;
		this.#watch = watch;
		this.#onError = options.onError;
		if (watch) watch.socket = this;
	}

	override read(count?: number): ArrayBuffer | number | undefined {
		const data = count === undefined ? super.read() : super.read(count);
		const watch = this.#watch;
		if (!watch || data === undefined) return data;
		if (typeof data === "number") this.#tripped ??= watch.count(data);
		else {
			const bytes = new Uint8Array(data);
			for (let index = 0; index < bytes.length && !this.#tripped; index++)
				this.#tripped = watch.count(bytes[index] as number);
		}
		// What breaks a limit is withheld: the server never sees a whole request of it.
		return this.#tripped ? undefined : data;
	}

	override write(data: Bytes | number, options?: object): number {
		const watch = this.#watch;
		if (watch) {
			watch.answering = true;
			watch.waiting ??= watch.owner.now();
		}
		return options === undefined ? super.write(data) : super.write(data, options);
	}

	override close(): void {
		const watch = this.#watch;
		this.#watch = undefined;
		this.#onError = undefined;
		super.close();
		if (watch) watch.owner.forget(watch);
	}

	/** Tells the server of a fault, upon which it closes this socket; closes it in any case. */
	fail(reason: unknown): void {
		if (!this.#watch) return;
		const onError = this.#onError;
		this.#onError = undefined;
		try {
			onError?.(reason);
		} catch (error) {
			trace(`http: ${error}\n`);
		}
		this.close();
	}

	/** Runs the server's callback while the connection is open; breaks of a limit and exceptions end it. */
	#call(callback: () => void): void {
		const watch = this.#watch;
		if (!watch) return;
		try {
			callback();
		} catch (error) {
			trace(`http: ${error}\n`);
			this.#tripped ??= "handler";
		}
		if (this.#tripped && this.#watch) {
			watch.owner.refused(this.#tripped);
			this.fail(this.#tripped);
		}
	}
}

/** The listener: hands out guarded sockets, at most `MOST_CONNECTIONS` at a time. */
export class GuardedListener extends BaseListener {
	readonly #clock = new Clock();
	readonly #accepted: SdkTcp[] = [];
	readonly #watches = new Set<Watch>();
	#timer: unknown;
	#closed = false;

	constructor(options: ListenerOptions) {
		let self: GuardedListener | undefined;
		super({
			...options,
			onReadable: (count) => {
				if (!self || self.#closed) return;
				// XS has no `super` in private methods: the base class's `read` is handed in.
				const ready = self.#accept(count, () => super.read());
				if (ready > 0) options.onReadable?.call(self, ready);
			},
		});
		self = this;
	}

	override read(): SdkTcp | undefined {
		return this.#accepted.shift();
	}

	/** Ends every connection and takes no further ones: the SDK's server leaves its own open. */
	closeConnections(): void {
		this.#closed = true;
		for (const watch of [...this.#watches]) watch.socket?.fail("closing");
	}

	override close(): void {
		this.closeConnections();
		timers.clear(this.#timer);
		this.#timer = undefined;
		super.close();
	}

	/** Milliseconds, for the watches. */
	now(): number {
		return this.#clock.now();
	}

	/** A connection has ended. */
	forget(watch: Watch): void {
		this.#watches.delete(watch);
		if (this.#watches.size === 0) {
			timers.clear(this.#timer);
			this.#timer = undefined;
		}
	}

	/** A limit was broken. */
	refused(reason: GuardReason): void {
		trace(`http: a connection was closed (${reason})\n`);
	}

	/** Takes up to `count` waiting connections in; those beyond the limit are closed. */
	#accept(count: number, next: () => SdkTcp | undefined): number {
		let ready = 0;
		for (let index = 0; index < count; index++) {
			const socket = next();
			if (!socket) break;
			if (this.#watches.size >= MOST_CONNECTIONS) {
				socket.close();
				continue;
			}
			const watch = new Watch(this, this.now());
			this.#watches.add(watch);
			this.#accepted.push(new GuardedTcp({ from: socket, watch }));
			ready++;
		}
		if (this.#watches.size > 0) this.#timer ??= timers.repeat(() => this.#check(), CHECK_INTERVAL_MS);
		return ready;
	}

	#check(): void {
		const now = this.now();
		for (const watch of [...this.#watches]) {
			const slow = !watch.answering && now - watch.opened >= REQUEST_TIMEOUT_MS;
			const stalled = watch.waiting !== undefined && now - watch.waiting >= STALLED_TIMEOUT_MS;
			if (!slow && !stalled) continue;
			const reason = slow ? "slow request" : "stalled";
			this.refused(reason);
			watch.socket?.fail(reason);
		}
	}
}
