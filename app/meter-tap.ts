// Lends the meter's line to programs elsewhere (outputs/meter-tap.ts): one writer at a time, and only when the gateway's
// own question has had its answer. What answers the gateway's questions goes to nobody else.

import type { MeterTap, Tap, TapListener, TapSettings } from "../outputs/meter-tap.js";
import type { Timers } from "../outputs/output.js";
import type { LineSettings } from "../protocols/protocol.js";

/** Silence after which an answer that has begun is over. */
const QUIET_MS = 200;
/** Longest wait for an answer to begin: KMP's 1.6 s and what heads and adapters add. */
const ANSWER_MS = 2000;
/** Of a writer that must wait; more is lost, as on a line without flow control. */
const MOST_WAITING = 512;

/** The link, as far as the tap needs it. */
export interface TappedLink {
	/** In force now; `undefined` while the line is not open. */
	readonly lineSettings: LineSettings | undefined;
	/** Bytes that the session has sent since the line was opened: a meter that pushes is never asked. */
	readonly sent: number;
	/** The session sends nothing and is not called back until it is over. */
	standBack(back: boolean): void;
	write(bytes: Uint8Array): void;
	/** `undefined`: the session's own again. */
	setLine(settings: TapSettings | undefined): void;
}

/** Whose link is lent. */
export interface TapOwner {
	readonly link: TappedLink;
}

export class LineTap implements MeterTap {
	readonly #owner: TapOwner;
	readonly #timers: Timers;
	readonly #now: () => number;
	readonly #taps: OpenTap[] = [];
	#holder: OpenTap | undefined;
	/** The holder has the line; until then the session's own exchange comes to its end. */
	#lent = false;
	/** The line is set as the holder wants it. */
	#foreign = false;
	#waiting: Uint8Array[] = [];
	#timer: unknown;
	/** The session's last question: when, how long, and what came since. */
	#askedAt = Number.NEGATIVE_INFINITY;
	#asked = 0;
	#heard = 0;
	#heardAt = 0;

	constructor(owner: TapOwner, timers: Timers, now: () => number) {
		this.#owner = owner;
		this.#timers = timers;
		this.#now = now;
	}

	get settings(): TapSettings | undefined {
		return this.#owner.link.lineSettings;
	}

	/** A writer has the meter, or is about to. */
	get isClaimed(): boolean {
		return this.#holder !== undefined;
	}

	listen(listener: TapListener): Tap {
		const tap = new OpenTap(listener, this);
		this.#taps.push(tap);
		return tap;
	}

	/** The session has sent so many bytes. */
	sent(count: number): void {
		const now = this.#now();
		// Parts of one question follow each other at once.
		if (this.#heard > 0 || now - this.#askedAt > QUIET_MS) this.#asked = 0;
		this.#asked += count;
		this.#askedAt = now;
		this.#heard = 0;
	}

	/** Bytes came; returns whether they are the session's as well. */
	heard(bytes: Uint8Array): boolean {
		this.#heard += bytes.length;
		this.#heardAt = this.#now();
		if (this.#owner.link.sent === 0) {
			for (const { listener } of this.#taps.slice()) listener.bytes(bytes);
			return !this.#foreign;
		}
		if (!this.#lent) {
			this.#timers.clear(this.#timer);
			this.#lendWhenQuiet();
			return true;
		}
		this.#holder?.listener.bytes(bytes);
		return false;
	}

	/** The line was lost, or opened anew: whoever had it has it no longer. */
	interrupted(reason: string): void {
		this.#letGo();
		this.#askedAt = Number.NEGATIVE_INFINITY;
		for (const { listener } of this.#taps.slice()) listener.interrupted(reason);
	}

	claim(tap: OpenTap): boolean {
		if (this.#holder) return this.#holder === tap;
		if (!this.settings) return false;
		this.#holder = tap;
		this.#owner.link.standBack(true);
		this.#lendWhenQuiet();
		return true;
	}

	release(tap: OpenTap): void {
		if (this.#holder !== tap) return;
		const isForeign = this.#foreign;
		this.#letGo();
		if (isForeign) this.#owner.link.setLine(undefined);
		this.#owner.link.standBack(false);
	}

	write(tap: OpenTap, bytes: Uint8Array): void {
		if (this.#holder !== tap) return;
		if (this.#lent) {
			this.#owner.link.write(bytes);
			return;
		}
		let size = bytes.length;
		for (const each of this.#waiting) size += each.length;
		if (size <= MOST_WAITING) this.#waiting.push(bytes.slice());
	}

	set(tap: OpenTap, settings: TapSettings): void {
		if (this.#holder !== tap) return;
		tap.wanted = settings;
		if (this.#lent) this.#apply(settings);
	}

	close(tap: OpenTap): void {
		this.release(tap);
		const at = this.#taps.indexOf(tap);
		if (at >= 0) this.#taps.splice(at, 1);
	}

	#lendWhenQuiet(): void {
		this.#timer = undefined;
		const holder = this.#holder;
		if (!holder) return;
		const wait = this.#quietIn();
		if (wait > 0) {
			this.#timer = this.#timers.set(() => this.#lendWhenQuiet(), wait);
			return;
		}
		this.#lent = true;
		if (holder.wanted) this.#apply(holder.wanted);
		for (const bytes of this.#waiting) this.#owner.link.write(bytes);
		this.#waiting = [];
	}

	/** Milliseconds until the session's own question has had its answer; an echo of it (optical heads) is none. */
	#quietIn(): number {
		const over = this.#heard > this.#asked ? this.#heardAt + QUIET_MS : this.#askedAt + ANSWER_MS;
		return this.#owner.link.sent === 0 ? 0 : Math.max(0, over - this.#now());
	}

	#apply(settings: TapSettings): void {
		this.#foreign = true;
		this.#owner.link.setLine(settings);
	}

	#letGo(): void {
		this.#timers.clear(this.#timer);
		this.#timer = undefined;
		if (this.#holder) this.#holder.wanted = undefined;
		this.#holder = undefined;
		this.#lent = false;
		this.#foreign = false;
		this.#waiting = [];
	}
}

/** One program's tap; what it does goes to the line's. */
class OpenTap implements Tap {
	readonly listener: TapListener;
	readonly #line: LineTap;
	/** How it wants the line while it has it. */
	wanted: TapSettings | undefined;

	constructor(listener: TapListener, line: LineTap) {
		this.listener = listener;
		this.#line = line;
	}

	claim(): boolean {
		return this.#line.claim(this);
	}

	release(): void {
		this.#line.release(this);
	}

	write(bytes: Uint8Array): void {
		this.#line.write(this, bytes);
	}

	set(settings: TapSettings): void {
		this.#line.set(this, settings);
	}

	close(): void {
		this.#line.close(this);
	}
}
