// A TCP listener for the SDK's HTTP server, with the bounds that this server lacks: what a head may look like, bytes of
// body, time for a request, time without progress while answering, connections of one client and of all. What breaks
// one is answered by the guard itself, on the bare socket. It also keeps the server from being called back on a
// connection that it has closed, and an exception of one handler from ending the machine.
// The server itself: $MODDABLE/examples/io/listener/httpserver/httpserver.js.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import type { Bytes, HttpPeer, RawLink, RawTaker } from "../outputs/network.js";
import { Clock, timers } from "./clock.js";
import { type Refusal, refusalBytes } from "./http-refusal.js";
import { namedStatus } from "./http-status.js";
import { LINGER_MS, type Overdue, Watch } from "./http-watch.js";
import type { ListenerClass, ListenerOptions, SdkTcp, TcpClass, TcpOptions } from "./sdk.js";
import { switchingBytes } from "./web-socket-accept.js";

const BaseTcp = TCP as unknown as TcpClass;
const BaseListener = Listener as unknown as ListenerClass;

/** Connections at a time, event streams included: lwIP has eight sockets for everything. */
export const MOST_CONNECTIONS = 6;
/** Of one client: another one still gets in. */
export const MOST_PER_CLIENT = 5;
/** Where all are taken, an unfinished request of this age makes room. */
export const PATIENCE_MS = 2000;
const CHECK_INTERVAL_MS = 1000;
const TELL_INTERVAL_MS = 10_000;

interface GuardedOptions extends TcpOptions {
	readonly member?: Member;
}

/** One connection of the listener: the notes on it, and the socket that it has now; the server wraps it in one of its own. */
class Member extends Watch implements HttpPeer {
	readonly owner: GuardedListener;
	socket: GuardedTcp | undefined;

	constructor(owner: GuardedListener, address: string) {
		super(address, owner.now());
		this.owner = owner;
	}

	refuse(answer: Uint8Array): void {
		this.socket?.refuse(answer, "refused");
	}

	webSocket(key: string, taker: RawTaker): RawLink | undefined {
		return this.socket?.leaveHttp(switchingBytes(key), taker);
	}
}

type Told = ((count: number) => void) | undefined;

class GuardedTcp extends BaseTcp {
	#member: Member | undefined;
	/** The server's callbacks, or, once the connection has left HTTP, those of who has it. */
	#onReadable: Told;
	#onWritable: Told;
	#onError: ((reason?: unknown) => void) | undefined;
	#tripped: Refusal | "handler" | undefined;
	/** Who has the bytes once the connection has left HTTP. */
	#taker: RawTaker | undefined;

	constructor(options: GuardedOptions) {
		const { from, member = from instanceof GuardedTcp ? from.#member : undefined } = options;
		if (from instanceof GuardedTcp) from.#member = undefined;
		// Called with the socket as `this`, and not while it is being constructed (ECMA-419).
		const { onReadable, onWritable, fail } = GuardedTcp.prototype;
		super({ ...(from && { from }), onReadable, onWritable, onError: fail });
		this.#member = member;
		// Not the options as a whole: they would keep the object that this one takes over from.
		this.#onReadable = options.onReadable;
		this.#onWritable = options.onWritable;
		this.#onError = options.onError;
		if (member) member.socket = this;
	}

	onReadable(count: number): void {
		if (this.#member?.lingering) this.discard();
		else this.#call(this.#onReadable, count);
	}

	onWritable(count: number): void {
		const member = this.#member;
		if (!member) return;
		member.waiting = undefined;
		if (!member.lingering) this.#call(this.#onWritable, count);
	}

	override read(count?: number): ArrayBuffer | number | undefined {
		if (this.#taker) return undefined;
		const data = count === undefined ? super.read() : super.read(count);
		const member = this.#member;
		if (!member || data === undefined) return data;
		const now = member.owner.now();
		if (typeof data === "number") this.#tripped ??= member.take(data, now);
		else {
			const bytes = new Uint8Array(data);
			for (let index = 0; index < bytes.length && !this.#tripped; index++)
				this.#tripped = member.take(bytes[index] as number, now);
		}
		// What breaks a limit is withheld: the server never sees a whole request of it.
		return this.#tripped ? undefined : data;
	}

	override write(data: Bytes | number, options?: object): number {
		const member = this.#member;
		if (!member) return options === undefined ? super.write(data) : super.write(data, options);
		const line = member.answering || typeof data === "number" ? data : namedStatus(data);
		member.answering = true;
		member.waiting ??= member.owner.now();
		const room: number | undefined = options === undefined ? super.write(line) : super.write(line, options);
		// The other end is gone; the SDK's socket on Linux then says nothing more.
		if (room === undefined) timers.set(() => this.fail("gone"), 0);
		return room ?? 0;
	}

	override close(): void {
		const member = this.#member;
		this.#onError = undefined;
		// The server has done with it, but the refusal is still to arrive.
		if (member?.lingering) return;
		this.end();
	}

	/** Tells the server of a fault, upon which it closes this socket; closes it in any case. */
	fail(reason: unknown): void {
		if (!this.#member) return;
		this.#tell(reason);
		this.end();
	}

	/** Answers in the server's place; what is still to come of the request is thrown away for a while. */
	refuse(answer: Uint8Array, reason: string): void {
		const member = this.#member;
		if (!member || member.lingering) return;
		member.owner.refused(reason);
		try {
			// An answer that has begun cannot be taken back.
			if (member.answering) throw new Error("too late");
			member.lingering = true;
			this.format = "buffer";
			super.write(answer);
		} catch {
			member.lingering = false;
			this.fail(reason);
			return;
		}
		timers.set(() => this.fail("refused"), LINGER_MS);
		this.#tell(reason);
	}

	/** The answer goes out as it is, and the server hears of nothing but the end from now on. */
	leaveHttp(answer: Uint8Array, taker: RawTaker): RawLink | undefined {
		const member = this.#member;
		if (!member || member.lingering || member.answering) return undefined;
		this.format = "buffer";
		member.answering = true;
		this.write(answer);
		this.#taker = taker;
		this.#onReadable = this.hand;
		this.#onWritable = this.tell;
		return this;
	}

	/** Hands on what has come. Not private, as `super` is needed. */
	hand(): void {
		const data = super.read();
		if (data instanceof ArrayBuffer) this.#taker?.onBytes(new Uint8Array(data));
	}

	tell(room: number): void {
		this.#taker?.onWritable(room);
	}

	/** Lets go of the socket. Not private: XS has no `super` in private methods. */
	end(): void {
		const member = this.#member;
		this.#member = undefined;
		super.close();
		member?.owner.forget(member);
	}

	#tell(reason: unknown): void {
		const onError = this.#onError;
		this.#onError = undefined;
		try {
			onError?.(reason);
		} catch (error) {
			trace(`http: ${error}\n`);
		}
	}

	/** Throws away what has come. */
	discard(): void {
		if (this.#member) super.read();
	}

	/** Runs the server's callback while the connection is open; breaks of a limit and exceptions end it. */
	#call(callback: Told, count: number): void {
		if (!this.#member) return;
		try {
			callback?.call(this, count);
		} catch (error) {
			trace(`http: ${error}\n`);
			this.#tripped ??= "handler";
		}
		const tripped = this.#tripped;
		const member = this.#member;
		if (!tripped || !member || member.lingering) return;
		if (tripped === "handler") {
			member.owner.refused(tripped);
			this.fail(tripped);
		} else this.refuse(refusalBytes(tripped), `${tripped}`);
	}
}

/** The SDK's server, which tells nobody of its listener: the listener does, while it is constructed. */
export interface ListeningServer {
	listener: GuardedListener;
}

/** The listener: hands out guarded sockets, so many at a time. */
export class GuardedListener extends BaseListener {
	readonly #clock = new Clock();
	readonly #onConnections: ListenerOptions["onReadable"];
	readonly #accepted: Member[] = [];
	readonly #members: Member[] = [];
	#last: Member | undefined;
	#refusals = 0;
	#told: number | undefined;
	#timer: unknown;
	#closed = false;

	constructor(options: ListenerOptions & { readonly target: ListeningServer }) {
		const { port, target, onReadable } = options;
		super({ ...(port !== undefined && { port }), target, onReadable: GuardedListener.prototype.onReadable });
		this.#onConnections = onReadable;
		target.listener = this;
	}

	/** So many connections wait: takes in those within the limits, and refuses the others. */
	onReadable(count: number): void {
		if (this.#closed) return;
		let ready = 0;
		for (let index = 0; index < count; index++) {
			const socket = super.read();
			if (!socket) break;
			if (this.#accept(socket)) ready++;
			else turnAway(socket);
		}
		if (this.#members.length > 0) this.#timer ??= timers.repeat(() => this.#check(), CHECK_INTERVAL_MS);
		if (ready > 0) this.#onConnections?.(ready);
	}

	override read(): SdkTcp | undefined {
		this.#last = this.#accepted.shift();
		return this.#last?.socket;
	}

	/** Whose socket was read last. */
	get peer(): HttpPeer | undefined {
		return this.#last;
	}

	/** Ends every connection and takes no further ones: the SDK's server leaves its own open. */
	closeConnections(): void {
		this.#closed = true;
		for (const member of this.#members.slice()) member.socket?.fail("closing");
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
	forget(member: Member): void {
		const at = this.#members.indexOf(member);
		if (at >= 0) this.#members.splice(at, 1);
		if (this.#members.length === 0) {
			timers.clear(this.#timer);
			this.#timer = undefined;
		}
	}

	/** A bound was broken. Told once in a while: who floods the gateway shall not flood its log. */
	refused(reason: string): void {
		this.#refusals++;
		const now = this.now();
		if (this.#told !== undefined && now - this.#told < TELL_INTERVAL_MS) return;
		const more = this.#refusals > 1 ? `, and ${this.#refusals - 1} more before it` : "";
		trace(`http: a connection was closed (${reason})${more}\n`);
		this.#told = now;
		this.#refusals = 0;
	}

	/** False where the limits leave no room for it. */
	#accept(socket: SdkTcp): boolean {
		const address = socket.remoteAddress ?? "";
		if (!this.#hasRoom(address)) return false;
		const member = new Member(this, address);
		this.#members.push(member);
		this.#accepted.push(member);
		// It notes itself as the member's socket.
		new GuardedTcp({ from: socket, member });
		return true;
	}

	/** Is there room for one more of that client? An old unfinished request makes some. */
	#hasRoom(address: string): boolean {
		const own = this.#members.filter((member) => member.address === address);
		if (own.length >= MOST_PER_CLIENT) return this.#makeRoom(own);
		return this.#members.length < MOST_CONNECTIONS || this.#makeRoom(this.#members);
	}

	/** Ends the oldest of these that nothing was granted to and whose request is unfinished, or that only lingers. */
	#makeRoom(members: readonly Member[]): boolean {
		const now = this.now();
		const oldest = members.find(({ lingering, complete, answering, granted, opened }) => {
			if (lingering) return true;
			return !complete && !answering && !granted && now - opened >= PATIENCE_MS;
		});
		if (!oldest) return false;
		this.refused("made room");
		oldest.socket?.fail("made room");
		return !this.#members.includes(oldest);
	}

	#check(): void {
		const now = this.now();
		for (const member of this.#members.slice()) {
			const overdue = member.overdue(now);
			if (overdue) this.#cut(member, overdue);
		}
	}

	#cut({ socket, begun }: Member, overdue: Overdue): void {
		// Who has begun to ask is told; a connection that was only opened in advance is closed.
		if (overdue === "slow request" && begun) {
			socket?.refuse(refusalBytes(408), overdue);
			return;
		}
		this.refused(overdue);
		socket?.fail(overdue);
	}
}

/** Tells the client so, where it still listens. */
function turnAway(socket: SdkTcp): void {
	try {
		socket.write(refusalBytes(503));
	} catch {
		// Nothing is lost but the reason.
	}
	socket.close();
}
