// Half-duplex lines give back what was sent: two-wire adapters, and optical heads that see their own light. This drops
// it, byte by byte, and copes with an echo that is damaged, cut or missing. Pure: the times are arguments.
// Not needed by the protocols: iec62056, kmp and kmp382 know requests by their form and pass over them without being
// told, echo or not. It is for a line where the echo is in the way, and asked for with `removeEcho`.
//
// What it drops when. Until the last byte has left nobody else may speak, so everything received by then is echo, however
// damaged. Later only what equals the bytes that are still expected, around a damaged byte at most two lost or added
// ones; the first byte that fits nowhere ends the echo, and it and all that follows is handed on. An echo
// that is missing is forgotten soon after, before a meter may answer.

/** Bytes in a row that make sure that it is the echo, where a reply might begin alike. */
const SURE = 3;
/** Bytes in a row that show where a damaged echo goes on, and how many may be lost or added there. */
const GOES_ON = 2;
const MOST_SHIFT = 2;
/** How late an echo may be read: a receiver's silence of three characters, and what a computer or adapter adds. */
const LATE_CHARACTERS = 3;
const LATE_MS = 60;

interface Shift {
	readonly received: number;
	readonly expected: number;
}

export class EchoRemover {
	readonly #expected: Uint8Array;
	#from = 0;
	#to = 0;
	/** When the last expected byte has left the wire, and when it is no longer expected (milliseconds). */
	#leftAt = 0;
	#forgetAt = 0;
	#sure = false;

	/** `most`: bytes that may be on their way at once; of more the earlier ones are forgotten. */
	constructor(most: number) {
		this.#expected = new Uint8Array(most);
	}

	/** These bytes are being sent; the last one leaves at `leftAt`, a character takes `characterMs`. */
	sent(bytes: Uint8Array, leftAt: number, characterMs: number): void {
		const most = this.#expected.length;
		const kept = Math.min(this.#to - this.#from, Math.max(0, most - bytes.length));
		this.#expected.copyWithin(0, this.#to - kept, this.#to);
		const added = bytes.length > most ? bytes.subarray(bytes.length - most) : bytes;
		this.#expected.set(added, kept);
		this.#from = 0;
		this.#to = kept + added.length;
		this.#leftAt = leftAt;
		this.#forgetAt = leftAt + LATE_MS + LATE_CHARACTERS * characterMs;
		if (kept === 0) this.#sure = false;
	}

	/** What of these bytes is not echo: their end, often none. `now`: when they were read. */
	received(bytes: Uint8Array, now: number): Uint8Array {
		if (now > this.#forgetAt) this.#forget();
		let at = 0;
		while (at < bytes.length && this.#from < this.#to) {
			const equal = this.#equal(bytes, at);
			if (equal > 0 && (this.#isEcho(equal, bytes.length - at, now) || this.#shift(bytes, at, equal))) {
				this.#sure = true;
				this.#from += equal;
				at += equal;
				continue;
			}
			const shift = this.#shift(bytes, at, 0);
			if (shift !== undefined) {
				at += shift.received;
				this.#from += shift.expected;
			} else if (now < this.#leftAt) {
				at++;
				this.#from++;
			} else this.#forget();
		}
		// What arrives while sending, beyond what was expected, is nobody's word.
		if (at > 0 && now < this.#leftAt) return bytes.subarray(bytes.length);
		return at === 0 ? bytes : bytes.subarray(at);
	}

	/** How many bytes from `at` on are the expected ones. */
	#equal(bytes: Uint8Array, at: number): number {
		const most = Math.min(bytes.length - at, this.#to - this.#from);
		let count = 0;
		while (count < most && bytes[at + count] === this.#expected[this.#from + count]) count++;
		return count;
	}

	/** Whether so many equal bytes are the echo's and not a reply that begins alike. */
	#isEcho(equal: number, available: number, now: number): boolean {
		return this.#sure || now < this.#leftAt || equal >= Math.min(SURE, available, this.#to - this.#from);
	}

	/** Where the echo goes on behind damage after `equal` bytes: how many to skip on either side, the fewest first. */
	#shift(bytes: Uint8Array, at: number, equal: number): Shift | undefined {
		for (let sum = 1; sum <= 2 * MOST_SHIFT; sum++)
			for (let received = Math.max(0, sum - MOST_SHIFT); received <= Math.min(sum, MOST_SHIFT); received++)
				if (this.#goesOn(bytes, at + equal + received, this.#from + equal + sum - received))
					return { received, expected: sum - received };
		return undefined;
	}

	#goesOn(bytes: Uint8Array, at: number, from: number): boolean {
		if (at + GOES_ON > bytes.length || from + GOES_ON > this.#to) return false;
		for (let index = 0; index < GOES_ON; index++)
			if (bytes[at + index] !== this.#expected[from + index]) return false;
		return true;
	}

	#forget(): void {
		this.#from = 0;
		this.#to = 0;
		this.#sure = false;
	}
}
