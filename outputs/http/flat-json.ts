// Reads a small JSON object of texts, such as `{"password":"…"}`, from anyone who sends one. `JSON.parse` would make a
// property of every name it meets, and XS keeps property names for ever: here only names that are asked for count.

const LONGEST_NAME = 24;
const MOST_MEMBERS = 8;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;

/**
 * The texts of the members named, in their order, `undefined` where absent. `undefined` as a whole where the bytes are
 * no such object.
 */
export function flatTexts(
	bytes: Uint8Array,
	names: readonly string[],
): readonly (string | undefined)[] | undefined {
	const reader = new FlatReader(bytes);
	const found: (string | undefined)[] = names.map(() => undefined);
	if (!reader.takes(OPEN)) return undefined;
	if (reader.takes(CLOSE)) return reader.atEnd ? found : undefined;
	for (let member = 0; member < MOST_MEMBERS; member++) {
		const name = reader.text();
		if (name === undefined || name.length > LONGEST_NAME || !reader.takes(COLON)) return undefined;
		const value = reader.text();
		if (value === undefined) return undefined;
		const index = names.indexOf(name);
		if (index >= 0) found[index] = value;
		if (reader.takes(CLOSE)) return reader.atEnd ? found : undefined;
		if (!reader.takes(COMMA)) return undefined;
	}
	return undefined;
}

class FlatReader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.#skip();
	}

	get atEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	takes(sign: number): boolean {
		if (this.#bytes[this.#at] !== sign) return false;
		this.#at++;
		this.#skip();
		return true;
	}

	/** The string that is next; `undefined` where none is, or a broken one. */
	text(): string | undefined {
		const begin = this.#at;
		if (this.#bytes[begin] !== QUOTE) return undefined;
		let end = begin + 1;
		while (end < this.#bytes.length && this.#bytes[end] !== QUOTE)
			end += this.#bytes[end] === BACKSLASH ? 2 : 1;
		if (end >= this.#bytes.length) return undefined;
		this.#at = end + 1;
		this.#skip();
		try {
			// From one quotation mark to the next, a string is all that this can be.
			return JSON.parse(String.fromArrayBuffer(this.#bytes.slice(begin, end + 1).buffer as ArrayBuffer));
		} catch {
			return undefined;
		}
	}

	#skip(): void {
		for (; this.#at < this.#bytes.length; this.#at++) {
			const byte = this.#bytes[this.#at] as number;
			if (byte !== SPACE && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return;
		}
	}
}
