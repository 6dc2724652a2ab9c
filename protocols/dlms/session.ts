// One line of DLMS push, sans-I/O: finds HDLC and M-Bus frames among whatever arrives, and turns their messages
// into readings. Nothing is ever sent.

import { type Action, NO_ACTIONS, type Session, type SessionOptions } from "../protocol.js";
import { ApduDecoder } from "./decoder.js";
import { FLAG, HdlcReader } from "./hdlc.js";
import { LONG_START, MbusReader } from "./mbus.js";
import { MessageAssembler } from "./message.js";
import { rejected } from "./rejection.js";

/** Holds the longest HDLC frame (2,047 bytes and flags) and as much again; all parts of a message, where they fit. */
const BUFFER_BYTES = 4096;
/** A frame comes in one burst: a silence this long in the midst of one means that its rest is lost. */
const SILENCE_MS = 1500;
/** Bytes outside of frames that are worth telling. */
const NOISE_BYTES = 1024;

export class DlmsSession implements Session {
	#buffer = new Uint8Array(BUFFER_BYTES);
	readonly #hdlc: HdlcReader;
	readonly #mbus = new MbusReader();
	readonly #message: MessageAssembler;
	/** What is to be done, in the order in which it was found. */
	readonly #actions: Action[] = [];
	#length = 0;
	/** How many of the buffer's bytes are done with: what went before, and the parts of the message in hand. */
	#done = 0;
	/** Where the frame in hand ends. */
	#frameEnd = 0;
	/** A frame in the buffer was handed out during this call. */
	#lent = false;
	/** Offset of the buffer's first byte in the line's bytes. */
	#base = 0;
	#noise = 0;
	#frames = 0;
	#lastAt = 0;
	#wakeAt = -1;

	constructor(options: SessionOptions) {
		const decoder = new ApduDecoder(options);
		this.#hdlc = new HdlcReader(options.checksums);
		this.#message = new MessageAssembler((bytes, start, end, offset) => {
			const action = decoder.decode(bytes, start, end, offset);
			const from = offset - this.#base;
			if (action.do !== "reading" || from < 0) return action;
			this.#lent = true;
			return { do: "reading", reading: action.reading, frame: this.#buffer.subarray(from, this.#frameEnd) };
		}, this.#actions);
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		this.#lent = false;
		if (now - this.#lastAt >= SILENCE_MS) this.#flush();
		this.#lastAt = now;
		for (let at = 0; at < bytes.length; ) {
			this.#makeRoom();
			const taken = Math.min(BUFFER_BYTES - this.#length, bytes.length - at);
			this.#buffer.set(
				at === 0 && taken === bytes.length ? bytes : bytes.subarray(at, at + taken),
				this.#length,
			);
			this.#length += taken;
			at += taken;
			this.#scan(false);
		}
		// Asked for once a burst, not once a chunk: tick() asks again while bytes keep coming.
		if (this.#isWaiting && this.#wakeAt < 0) {
			this.#wakeAt = now + SILENCE_MS;
			this.#actions.push({ do: "wakeAt", time: this.#wakeAt });
		}
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		if (this.#wakeAt < 0 || now < this.#wakeAt) return NO_ACTIONS;
		this.#wakeAt = -1;
		if (!this.#isWaiting) return NO_ACTIONS;
		if (now - this.#lastAt >= SILENCE_MS) this.#flush();
		else {
			this.#wakeAt = this.#lastAt + SILENCE_MS;
			this.#actions.push({ do: "wakeAt", time: this.#wakeAt });
		}
		return this.#taken();
	}

	end(): readonly Action[] {
		this.#flush();
		if (this.#noise > 0 && this.#frames === 0) this.#tellNoise();
		return this.#taken();
	}

	/** A frame or message is under way; a single flag is none, it may close as well as open one. */
	get #isWaiting(): boolean {
		return this.#length - this.#done > 1 || this.#message.isPartial;
	}

	/** Lets go of what is done with; the parts of a message stay as long as they fit. */
	#makeRoom(): void {
		const parts = this.#message.isPartial ? this.#message.partialOffset - this.#base : this.#done;
		let from = Math.max(0, parts);
		// Frames of a message that is longer than the buffer are given up, not its content.
		if (from === 0 && this.#length === BUFFER_BYTES) from = this.#done;
		if (from === 0) return;
		if (this.#lent) this.#buffer = this.#buffer.slice();
		this.#lent = false;
		this.#buffer.copyWithin(0, from, this.#length);
		this.#length -= from;
		this.#done -= from;
		this.#base += from;
	}

	/** No more bytes will come for what is in the buffer. */
	#flush(): void {
		this.#scan(true);
		this.#message.finish();
	}

	#scan(final: boolean): void {
		const buffer = this.#buffer;
		let at = this.#done;
		while (at < this.#length) {
			const first = buffer[at];
			let used: number;
			if (first === FLAG) used = this.#hdlcFrame(at, final);
			else if (first === LONG_START) used = this.#mbusFrame(at, final);
			else {
				used = 1;
				this.#noise++;
			}
			if (used === 0) break;
			at += used;
			this.#done = at;
			if (this.#noise >= NOISE_BYTES) this.#tellNoise();
		}
	}

	/** Bytes done with; 0 while the frame at `at` is not whole. */
	#hdlcFrame(at: number, final: boolean): number {
		const frame = this.#hdlc;
		const verdict = frame.read(this.#buffer, at, this.#length);
		const offset = this.#base + at;
		switch (verdict) {
			case "more":
				if (!final) return 0;
				if (this.#length - at > 1) {
					this.#frames++;
					this.#actions.push(
						rejected("hdlc", "truncated", offset, { expected: frame.length + 2, actual: this.#length - at }),
					);
				}
				return 1;
			case "none":
				return 1;
			case "good":
				this.#frames++;
				this.#noise = 0;
				this.#frameEnd = at + frame.length + 2;
				if (frame.infoEnd > frame.infoStart)
					this.#message.hdlc(this.#buffer, frame.infoStart, frame.infoEnd, frame.segmented, offset);
				// The closing flag stays: it may open the next frame.
				return frame.length + 1;
			case "length":
				this.#actions.push(rejected("hdlc", "length", offset, { actual: frame.length }));
				return 1;
			default:
				this.#frames++;
				this.#actions.push(
					rejected("hdlc", verdict, offset, { expected: frame.expected, actual: frame.actual }),
				);
				// Whatever its length field said is not to be believed: a good frame may begin inside.
				return 1;
		}
	}

	#mbusFrame(at: number, final: boolean): number {
		const frame = this.#mbus;
		const verdict = frame.read(this.#buffer, at, this.#length, final);
		const offset = this.#base + at;
		switch (verdict) {
			case "more":
				if (!final) return 0;
				this.#actions.push(rejected("mbus", "truncated", offset, { actual: this.#length - at }));
				this.#frames++;
				return 1;
			case "none":
				this.#noise++;
				return 1;
			case "good":
				this.#frames++;
				this.#noise = 0;
				this.#frameEnd = at + frame.size;
				if (frame.isSegment)
					this.#message.mbus(this.#buffer, frame.dataStart, frame.dataEnd, frame.number, frame.last, offset);
				else
					this.#actions.push(
						rejected("mbus", "control-information", offset, { actual: frame.controlInformation }),
					);
				return frame.size;
			default:
				this.#frames++;
				this.#actions.push(
					rejected("mbus", "checksum", offset, { expected: frame.expected, actual: frame.actual }),
				);
				return 1;
		}
	}

	#taken(): readonly Action[] {
		return this.#actions.length > 0 ? this.#actions.splice(0) : NO_ACTIONS;
	}

	#tellNoise(): void {
		this.#actions.push(
			rejected("hdlc", "noise", this.#base + this.#done, {
				detail: `${this.#noise} bytes outside of frames`,
			}),
		);
		this.#noise = 0;
	}
}
