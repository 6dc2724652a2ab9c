// The answers of one poll as they were on the wire, one behind the other, until their reading is made. Bounded: what
// does not fit makes the whole unknown, never half.

const FIRST_BYTES = 128;
const MOST_BYTES = 2048;

export class KeptFrames {
	#bytes = new Uint8Array(FIRST_BYTES);
	/** Ends of: all but the last whole frame, all whole frames, what has come in. */
	#last = 0;
	#whole = 0;
	#length = 0;
	/** A whole frame found no room, and whether the one that is coming in does. */
	#lost = false;
	#fits = true;

	/** A frame begins; one that did not come to its end is forgotten. */
	begin(): void {
		this.#length = this.#whole;
		this.#fits = true;
	}

	/** `bytes[from, to)` of the frame have come. */
	put(bytes: Uint8Array, from: number, to: number): void {
		if (!this.#hasRoom(to - from)) return;
		this.#bytes.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), this.#length);
		this.#length += to - from;
	}

	/** The frame that `begin` began is whole. */
	keep(): void {
		if (!this.#fits) this.#lost = true;
		this.#last = this.#whole;
		this.#whole = this.#length;
	}

	/** A whole frame. */
	add(frame: Uint8Array): void {
		this.begin();
		this.put(frame, 0, frame.length);
		this.keep();
	}

	/** A copy of all whole frames, as the next one may come before they are used; `undefined` where one found no room. */
	take(): Uint8Array | undefined {
		const taken = this.#lost || this.#whole === 0 ? undefined : this.#bytes.slice(0, this.#whole);
		this.clear();
		return taken;
	}

	/** A copy of the last whole frame, which is forgotten. */
	takeLast(): Uint8Array | undefined {
		const taken = this.#fits ? this.#bytes.slice(this.#last, this.#whole) : undefined;
		this.#whole = this.#last;
		return taken;
	}

	clear(): void {
		this.#last = 0;
		this.#whole = 0;
		this.#length = 0;
		this.#lost = false;
		// What is left of a frame that is coming in is half a frame.
		this.#fits = false;
	}

	#hasRoom(count: number): boolean {
		const needed = this.#length + count;
		if (needed > MOST_BYTES) this.#fits = false;
		if (!this.#fits) return false;
		let size = this.#bytes.length;
		while (size < needed) size *= 2;
		if (size > this.#bytes.length) {
			const wider = new Uint8Array(size);
			wider.set(this.#bytes.subarray(0, this.#length));
			this.#bytes = wider;
		}
		return true;
	}
}
