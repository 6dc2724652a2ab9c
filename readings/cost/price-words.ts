// Takes JSON or XML apart as its bytes come: what has a name and a value, and where an object or an element ends. One short
// text is kept at a time and nothing is built, so it costs the same whatever is sent; entities are not replaced, and a
// document that declares any is refused. For lists of prices, which need no more.

/** Longest name or value that counts; a longer one is cut. */
const LONGEST = 80;
const BLANK = 0x20;
const QUOTE = 0x22;
const SLASH = 0x2f;
const COLON = 0x3a;
const COMMA = 0x2c;
const LESS = 0x3c;
const GREATER = 0x3e;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Who listens. `value`: of a member, or of an element without others in it. */
export interface Listener {
	value(name: string, text: string): void;
	/** An object (no name) or an element ends. */
	end(name: string): void;
}

export class PriceWords {
	/** What is wrong, in words. */
	problem: string | undefined;
	readonly #listener: Listener;
	readonly #bytes = new Uint8Array(LONGEST);
	#length = 0;
	/** The first sign; 0 before it. */
	#kind = 0;
	#name = "";
	#inString = false;
	#escaped = false;
	#inTag = false;
	/** Something stands here that is a value, if it is not a name. */
	#some = false;
	#depth = 0;
	/** The byte before, where it was kept. */
	#last = 0;

	constructor(listener: Listener) {
		this.#listener = listener;
	}

	take(bytes: Uint8Array): void {
		for (const byte of bytes) {
			if (this.problem !== undefined) return;
			if (this.#kind === 0) {
				// A byte order mark is no harm.
				if (byte <= BLANK || byte > 0x7e) continue;
				this.#kind = byte;
				if (byte !== LESS && byte !== OPEN && byte !== OPEN_LIST) this.problem = "are neither JSON nor XML";
			}
			if (this.#kind === LESS) this.#xml(byte);
			else this.#json(byte);
			if (this.#depth < 0) this.problem = "are not well-formed";
		}
	}

	/** No more follows. */
	finish(): void {
		if (this.#kind === 0) this.problem ??= "are empty";
		if (this.#depth !== 0 || this.#inString || this.#inTag) this.problem ??= "are cut off";
	}

	#json(byte: number): void {
		if (this.#inString) {
			if (this.#escaped || (byte !== QUOTE && byte !== BACKSLASH)) this.#keep(byte);
			this.#inString = this.#escaped || byte !== QUOTE;
			this.#escaped = !this.#escaped && byte === BACKSLASH;
			return;
		}
		if (byte === QUOTE) {
			this.#inString = true;
			this.#some = true;
			this.#length = 0;
		} else if (byte === COLON) {
			this.#name = this.#text();
			this.#some = false;
		} else if (byte === OPEN || byte === OPEN_LIST) this.#depth++;
		else if (byte === COMMA || byte === CLOSE || byte === CLOSE_LIST) {
			if (this.#some) this.#listener.value(this.#name, this.#text());
			this.#some = false;
			if (byte !== COMMA) this.#depth--;
			if (byte === CLOSE) this.#listener.end("");
		} else if (byte > BLANK) {
			this.#some = true;
			this.#keep(byte);
		}
	}

	#xml(byte: number): void {
		if (byte === LESS) {
			// What stood before it is a value, if it is an end that follows.
			if (this.#some) this.#name = this.#text();
			this.#length = 0;
			this.#inTag = true;
		} else if (byte === GREATER && this.#inTag) this.#tag();
		else if (this.#inTag || byte > BLANK) {
			this.#keep(byte);
			if (!this.#inTag) this.#some = true;
		}
	}

	#tag(): void {
		this.#inTag = false;
		const text = this.#text();
		const isSome = this.#some;
		this.#some = false;
		if (text.startsWith("!D") || text.startsWith("!E")) this.problem = "have a document type";
		else if (text.startsWith("/")) {
			const name = text.slice(1).trim();
			if (isSome) this.#listener.value(name, this.#name);
			this.#listener.end(name);
			this.#depth--;
		} else if (!text.startsWith("?") && !text.startsWith("!") && this.#last !== SLASH) this.#depth++;
	}

	#keep(byte: number): void {
		this.#last = byte;
		if (this.#length < LONGEST) this.#bytes[this.#length++] = byte < 0x7f ? byte : BLANK;
	}

	#text(): string {
		const text = String.fromCharCode(...this.#bytes.subarray(0, this.#length));
		this.#length = 0;
		return text;
	}
}
