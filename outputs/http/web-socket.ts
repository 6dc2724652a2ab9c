// WebSocket's framing (RFC 6455, 5) as this server needs it: whole text messages out; pings, closes and nothing else in.
// What a client says in messages is thrown away as it comes, and so much of it in a while is too much.

import type { Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

const FIN = 0b1000_0000;
const RESERVED = 0b0111_0000;
const OPCODE = 0b0000_1111;
const MASKED = 0b1000_0000;
const CONTROL = 0b1000;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MOST_CONTROL = 125;
const MASK_LENGTH = 4;
const LONGEST_HEAD = 14;

/** Status codes (7.4.1). */
const NORMAL = 1000;
const PROTOCOL_ERROR = 1002;
const POLICY = 1008;
const TOO_BIG = 1009;
export const TRY_AGAIN = 1013;
/** Nobody may send these in a frame. */
const UNSENDABLE: readonly number[] = Object.freeze([1004, 1005, 1006, 1015]);

/** Bytes that a client may send in `ALLOWANCE_MS`: some pings. */
const ALLOWANCE = 4096;
const ALLOWANCE_MS = 10_000;

/** An event as one text message: `{"event":"reading","id":7,"data":{…}}`. */
export function messageParts(name: string, json: Parts, id?: number): Parts {
	const begin = utf8(`{"event":"${name}",${id === undefined ? "" : `"id":${id},`}"data":`);
	let length = begin.length + 1;
	for (const part of json) length += part.length;
	return [frameHead(TEXT, length), begin, ...json, utf8("}")];
}

/** Says goodbye. */
export function closeFrame(code: number): Uint8Array {
	return new Uint8Array([FIN | CLOSE, 2, code >> 8, code & 0xff]);
}

function frameHead(opcode: number, length: number): Uint8Array {
	const first = FIN | opcode;
	const low = [(length >> 8) & 0xff, length & 0xff];
	if (length < LENGTH_16) return new Uint8Array([first, length]);
	if (length <= 0xffff) return new Uint8Array([first, LENGTH_16, ...low]);
	return new Uint8Array([first, LENGTH_64, 0, 0, 0, 0, length >>> 24, (length >> 16) & 0xff, ...low]);
}

export interface FrameEvents {
	/** Answers at the next opportunity; an older answer that has not begun may be left out (5.5.3). */
	pong(frame: Uint8Array): void;
	/** Nothing more is read: says goodbye with `code` and leaves. */
	leave(code: number): void;
}

/** Reads a client's frames. */
export class FrameReader {
	readonly #events: FrameEvents;
	readonly #head = new Uint8Array(LONGEST_HEAD);
	#headCount = 0;
	/** A control frame's payload. */
	#payload: Uint8Array | undefined;
	#at = 0;
	#remaining = 0;
	#fragmented = false;
	#ended = false;
	#taken = 0;
	#takenSince = 0;

	constructor(events: FrameEvents) {
		this.#events = events;
	}

	/** The client's next bytes; `now`: monotonic milliseconds. */
	take(bytes: Uint8Array, now: number): void {
		if (this.#ended) return;
		if (now - this.#takenSince >= ALLOWANCE_MS) {
			this.#takenSince = now;
			this.#taken = 0;
		}
		this.#taken += bytes.length;
		if (this.#taken > ALLOWANCE) this.#end(POLICY);
		for (let index = 0; index < bytes.length && !this.#ended; ) {
			if (this.#remaining === 0) {
				this.#takeHead(bytes[index++] as number);
				continue;
			}
			const count = Math.min(this.#remaining, bytes.length - index);
			const payload = this.#payload;
			for (let each = 0; payload && each < count; each++, this.#at++)
				payload[this.#at] =
					(bytes[index + each] as number) ^
					(this.#head[this.#headCount - MASK_LENGTH + (this.#at & 3)] as number);
			index += count;
			this.#remaining -= count;
			if (this.#remaining === 0) this.#endFrame();
		}
	}

	#takeHead(byte: number): void {
		const head = this.#head;
		head[this.#headCount++] = byte;
		if (this.#headCount < 2) return;
		const [first, second] = head as unknown as [number, number];
		const opcode = first & OPCODE;
		const short = second & ~MASKED;
		const extended = short < LENGTH_16 ? 0 : short === LENGTH_16 ? 2 : 8;
		if (this.#headCount === 2) {
			const fault = this.#faultOf(first, opcode, short);
			// A client's frames are masked (5.1).
			if (fault || !(second & MASKED)) this.#end(PROTOCOL_ERROR);
			return;
		}
		if (this.#headCount < 2 + extended + MASK_LENGTH) return;
		let length = extended === 0 ? short : 0;
		for (let at = 2; at < 2 + extended; at++) length = length * 256 + (head[at] as number);
		if (length > ALLOWANCE) {
			this.#end(TOO_BIG);
			return;
		}
		if (opcode < CONTROL) this.#fragmented = !(first & FIN);
		this.#payload = opcode === PING || opcode === CLOSE ? new Uint8Array(length) : undefined;
		this.#at = 0;
		this.#remaining = length;
		if (length === 0) this.#endFrame();
	}

	#faultOf(first: number, opcode: number, short: number): boolean {
		if (first & RESERVED) return true;
		if (opcode >= CONTROL) return opcode > PONG || !(first & FIN) || short > MOST_CONTROL;
		// A message's first frame names its kind, the others continue it (5.4).
		return opcode > BINARY || this.#fragmented !== (opcode === 0);
	}

	#endFrame(): void {
		const opcode = (this.#head[0] as number) & OPCODE;
		const payload = this.#payload;
		this.#payload = undefined;
		this.#headCount = 0;
		if (!payload) return;
		if (opcode === CLOSE) {
			this.#end(codeOf(payload));
			return;
		}
		const frame = new Uint8Array(2 + payload.length);
		frame.set(frameHead(PONG, payload.length));
		frame.set(payload, 2);
		this.#events.pong(frame);
	}

	#end(code: number): void {
		this.#ended = true;
		this.#events.leave(code);
	}
}

/** The code to answer a close with: its own, where it is one (5.5.1, 7.4). */
function codeOf(payload: Uint8Array): number {
	if (payload.length === 0) return NORMAL;
	const code = ((payload[0] as number) << 8) | (payload[1] ?? 0);
	const sendable =
		(code >= 1000 && code < 1016 && !UNSENDABLE.includes(code)) || (code >= 3000 && code < 5000);
	return payload.length >= 2 && sendable ? code : PROTOCOL_ERROR;
}
