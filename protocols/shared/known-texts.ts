// Texts that a meter sends in each telegram, in the same order: its numbers, its type. Eight characters are compared in one
// look with those from which a text was made last, and no text is made again; each look costs an ESP32 microseconds.

/** Texts that are kept; a P1 telegram with four sub-meters has six. */
const MOST = 8;
/** Characters of a look: as a float, whose bits tell them apart as long as they print (no zero, no NaN). */
const LOOK = 8;
const MOST_LOOKS = 5;

/** `Made`: what is made of a text, the text itself by default. */
export class KnownTexts<Made = string> {
	/** Of each text: its length, its looks (the last one ends with it), what was made of it. */
	readonly #lengths: Uint8Array;
	readonly #looks: Float64Array;
	readonly #texts: Made[] = [];
	#next = 0;

	constructor(most = MOST) {
		this.#lengths = new Uint8Array(most);
		this.#looks = new Float64Array(most * MOST_LOOKS);
	}

	/** A telegram begins. */
	begin(): void {
		this.#next = 0;
	}

	/** Characters of the text that comes next if all is as before; 0 where none is known. */
	get expected(): number {
		return this.#next < this.#texts.length ? (this.#lengths[this.#next] as number) : 0;
	}

	/** What was made of the text that is expected, where its characters stand at `start`; `undefined` where others do. */
	find(bytes: DataView, start: number, length: number): Made | undefined {
		const next = this.#next;
		if (length === 0 || length !== this.expected) return undefined;
		const looks = this.#looks;
		const last = start + length - LOOK;
		let look = next * MOST_LOOKS;
		for (let at = start; at < last; at += LOOK) if (bytes.getFloat64(at) !== looks[look++]) return undefined;
		if (bytes.getFloat64(last) !== looks[look]) return undefined;
		this.#next = next + 1;
		return this.#texts[next];
	}

	/** Keeps what was made of the `length` characters at `start`, printable ones, where it is a text that can be kept. */
	keep(bytes: DataView, start: number, length: number, text: Made): void {
		const next = this.#next;
		if (length < LOOK || length > LOOK * MOST_LOOKS || next === this.#lengths.length) return;
		const last = start + length - LOOK;
		let look = next * MOST_LOOKS;
		for (let at = start; at < last; at += LOOK) this.#looks[look++] = bytes.getFloat64(at);
		this.#looks[look] = bytes.getFloat64(last);
		this.#lengths[next] = length;
		this.#texts[next] = text;
		this.#next = next + 1;
	}
}
