// What each code of a meter's telegrams stands for, worked out once: a meter sends the same codes again and again,
// and printing a code or finding its name anew each second would be most of the work on the device.

import { CURRENT_VALUE, type Obis, obisText, quantityName } from "../../readings/obis.js";

/** What a telegram's object is for; ids of the main meter are ranked, best first. */
export type Role = "quantity" | "device" | "version" | "clock" | "e-mucs" | "id0" | "id1" | "id2" | "id3";

/** One code. */
export class Code {
	readonly obis: Obis;
	/** The code as text, and the quantity's canonical name where it has one. */
	readonly text: string;
	readonly name: string | undefined;
	readonly role: Role;
	/** Holds text or hexadecimal even where it looks like a number. */
	readonly textual: boolean;
	/** The first code that has the same name (1-1:1.8.0 beside 1-0:1.8.0); itself where there is none. */
	readonly namesake: Code;
	/** Number of the telegram that had it last, and its place among that telegram's quantities. */
	telegram = 0;
	place = 0;
	/** Of a namesake: the telegram in which one of them took the name, and which. */
	namedIn = 0;
	namedBy: Code | undefined;

	constructor(
		readonly key: number,
		known: readonly Code[],
	) {
		this.obis = obisOf(key);
		this.text = obisText(this.obis);
		this.name = quantityName(this.obis);
		this.role = roleOf(this.obis);
		this.textual = isTextual(this.obis);
		this.namesake = (this.name !== undefined && known.find(({ name }) => name === this.name)) || this;
	}
}

/** A code's six groups as one number: 48 bits, which a float holds exactly. */
export function codeKey(groups: Uint8Array): number {
	const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = groups;
	return ((a << 16) | (b << 8) | c) * 0x1000000 + ((d << 16) | (e << 8) | f);
}

/** Codes are kept up to this number; at the next telegram beyond it the book starts anew. */
const ENOUGH_CODES = 128;

/** The codes seen so far. Bounded by one telegram's codes beyond `ENOUGH_CODES`, whatever noise pretends. */
export class CodeBook {
	#codes: Code[] = [];
	#next = 0;
	#telegram = 0;

	/** A telegram begins; its number, never 0. */
	begin(): number {
		if (this.#codes.length > ENOUGH_CODES) this.#codes = [];
		this.#next = 0;
		// Small enough to stay an integer on XS; a number that comes back after a year of seconds harms nothing.
		this.#telegram = (this.#telegram % 0x3fffffff) + 1;
		return this.#telegram;
	}

	/** The code of that key: nearly always the one behind the code before. */
	find(key: number): Code {
		const expected = this.#codes[this.#next];
		if (expected !== undefined && expected.key === key) {
			this.#next++;
			return expected;
		}
		const index = this.#codes.findIndex((code) => code.key === key);
		if (index >= 0) {
			this.#next = index + 1;
			return this.#codes[index] as Code;
		}
		const code = new Code(key, this.#codes);
		this.#codes.push(code);
		this.#next = this.#codes.length;
		return code;
	}
}

/** The groups of a key. */
export function obisOf(key: number): Obis {
	const high = Math.floor(key / 0x1000000);
	const low = key % 0x1000000;
	return {
		a: high >> 16,
		b: (high >> 8) & 0xff,
		c: high & 0xff,
		d: low >> 16,
		e: (low >> 8) & 0xff,
		f: low & 0xff,
	};
}

function roleOf({ a, b, c, d, e }: Obis): Role {
	if ((a === 0 && b > 0) || (a >= 5 && a <= 9)) return "device";
	if (c === 0 && d === 2 && e === 8 && (a === 1 || a === 0)) return "version";
	if (a === 0 && c === 1 && d === 0 && e === 0) return "clock";
	if (a === 0 && c === 96 && d === 1 && e === 4) return "e-mucs";
	// Ids, best first: the id object (96.1.255 on an EasyMeter), Luxembourg's, Hungary's, and what older meters have.
	if (a === 0 && c === 96 && d === 1 && (e === 1 || e === CURRENT_VALUE)) return "id0";
	if (a === 0 && c === 42 && d === 0 && e === 0) return "id1";
	if (a === 0 && c === 96 && d === 1 && e === 0) return "id2";
	if (c === 0 && d === 0 && e === 0) return "id3";
	return "quantity";
}

/** Ids, messages, status words, clocks. */
function isTextual({ a, c, d }: Obis): boolean {
	if (c === 96) return d === 1 || d === 13 || d === 5 || d === 2;
	if (c === 0) return d <= 2 || d === 9;
	return a === 0 && c === 42;
}
