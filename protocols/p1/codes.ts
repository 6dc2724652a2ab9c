// What each code of a meter's telegrams stands for, worked out once: a meter sends the same codes again and again,
// and printing a code or finding its name anew each second would be most of the work on the device. Kept in columns,
// not in objects: a hundred of those would take a third of the device's slots.

import { CURRENT_VALUE, type Obis, obisText, quantityName } from "../../readings/obis.js";

/** What a telegram's object is for; ids of the main meter are ranked, the best one is the least number. */
export enum Role {
	id = 0,
	lastId = 3,
	quantity = 4,
	device = 5,
	version = 6,
	clock = 7,
	eMucs = 8,
}

/** What stands in a code's brackets: a number with a unit, text even where it looks like a number, a number without a unit. */
export enum Content {
	measured = 0,
	text = 1,
	count = 2,
}

/** Codes of one telegram that are told apart; the longest known telegram has some 110. */
export const MOST_CODES = 256;
/** Telegrams of one meter never have so many new ones: noise had its hand in it, and the book starts anew. */
const ENOUGH_CODES = 128;
/** No place, no code. */
export const NONE = -1;

/** A code's six groups as one number: 48 bits, which a float holds exactly. */
export function codeKey(groups: Uint8Array): number {
	// Not taken apart: that would make an iterator, and objects for it.
	const high = ((groups[0] as number) << 16) | ((groups[1] as number) << 8) | (groups[2] as number);
	return (
		high * 0x1000000 + (((groups[3] as number) << 16) | ((groups[4] as number) << 8) | (groups[5] as number))
	);
}

/** The groups of a key. */
export function obisOf(key: number): Obis {
	const high = Math.floor(key / 0x1000000);
	const low = key - high * 0x1000000;
	return {
		a: high >> 16,
		b: (high >> 8) & 0xff,
		c: high & 0xff,
		d: low >> 16,
		e: (low >> 8) & 0xff,
		f: low & 0xff,
	};
}

/** Characters that are looked at in one: as a float, whose bits tell them apart as long as they are ASCII. */
export const LOOK = 8;

/** Room at first, and what it grows by up to `MOST_CODES`. */
const FIRST_CODES = 64;
const MORE_CODES = 32;

/** The codes seen so far, by index. */
export class CodeBook {
	/** Of each code: its text, and the quantity's canonical name where it has one. */
	readonly texts: string[] = [];
	readonly names: (string | undefined)[] = [];
	/** The code that is expected: the one behind the code before. */
	next = 0;
	/** What is known of each code; in the open, since a call for each would be most of the work. */
	columns = new Columns(FIRST_CODES);

	/** A telegram begins. */
	begin(): void {
		if (this.texts.length > ENOUGH_CODES) {
			this.texts.length = 0;
			this.names.length = 0;
			this.columns = new Columns(FIRST_CODES);
		}
		this.next = 0;
		this.columns.places.fill(NONE);
		this.columns.takers.fill(NONE);
	}

	/** Index of the code of that key, nearly always the one behind the code before; -1 where the book is full. */
	find(key: number): number {
		const { keys } = this.columns;
		const { length } = this.texts;
		let index = this.next;
		if (index >= length || keys[index] !== key) {
			index = keys.indexOf(key);
			if (index < 0 || index >= length) index = this.#learn(key);
		}
		this.next = index + 1;
		return index;
	}

	/** `text[from, to)` is how a code and its bracket are printed: at least one look long and at most two, or not kept. */
	printed(code: number, text: DataView, from: number, to: number): void {
		const length = to - from;
		if (code < 0 || length < LOOK || length > 2 * LOOK) return;
		const { lengths, heads, tails } = this.columns;
		lengths[code] = length;
		heads[code] = text.getFloat64(from);
		tails[code] = text.getFloat64(to - LOOK);
	}

	/** The code's key. */
	key(code: number): number {
		return this.columns.keys[code] as number;
	}

	/** The code's groups. */
	obis(code: number): Obis {
		return obisOf(this.key(code));
	}

	/** Whether the code is the telegram's first of its name, which it takes: what groups A and B alone tell apart shares one. */
	isFirst(code: number): boolean {
		const { namesakes, takers } = this.columns;
		const namesake = namesakes[code] as number;
		if (takers[namesake] !== NONE) return false;
		takers[namesake] = code;
		return true;
	}

	#learn(key: number): number {
		const index = this.texts.length;
		if (index === MOST_CODES) return NONE;
		if (index === this.columns.keys.length) this.columns = new Columns(index + MORE_CODES, this.columns);
		const { keys, roles, contents, namesakes } = this.columns;
		const obis = obisOf(key);
		const name = quantityName(obis);
		const namesake = name === undefined ? NONE : this.names.indexOf(name);
		keys[index] = key;
		roles[index] = roleOf(obis);
		contents[index] = isTextual(obis) ? Content.text : isCount(name) ? Content.count : Content.measured;
		namesakes[index] = namesake === NONE ? index : namesake;
		this.texts.push(obisText(obis));
		this.names.push(name);
		return index;
	}
}

/** What is known of each code, by its index. */
export class Columns {
	readonly keys: Float64Array;
	/** Its `Role`. */
	readonly roles: Uint8Array;
	/** Its `Content`. */
	readonly contents: Uint8Array;
	/** -1, or place of the code among the quantities of the telegram in hand. */
	readonly places: Int16Array;
	/** First code that has the same name (1-0:1.8.0 beside 1-1:1.8.0), and which of them took it in this telegram. */
	readonly namesakes: Int16Array;
	readonly takers: Int16Array;
	/** How it is printed with its bracket: how long, its first and its last characters. */
	readonly lengths: Uint8Array;
	readonly heads: Float64Array;
	readonly tails: Float64Array;
	/** How its number is printed, and eight characters behind that (numbers.ts). */
	readonly forms: Uint16Array;
	readonly endings: Float64Array;

	constructor(size: number, from?: Columns) {
		this.keys = new Float64Array(size);
		this.roles = new Uint8Array(size);
		this.contents = new Uint8Array(size);
		this.places = new Int16Array(size).fill(NONE);
		this.namesakes = new Int16Array(size);
		this.takers = new Int16Array(size).fill(NONE);
		this.lengths = new Uint8Array(size);
		this.heads = new Float64Array(size);
		this.tails = new Float64Array(size);
		this.forms = new Uint16Array(size);
		this.endings = new Float64Array(size);
		if (!from) return;
		this.keys.set(from.keys);
		this.roles.set(from.roles);
		this.contents.set(from.contents);
		this.places.set(from.places);
		this.namesakes.set(from.namesakes);
		this.takers.set(from.takers);
		this.lengths.set(from.lengths);
		this.heads.set(from.heads);
		this.tails.set(from.tails);
		this.forms.set(from.forms);
		this.endings.set(from.endings);
	}
}

/** Ids, messages, status words, clocks. */
function isTextual({ a, c, d }: Obis): boolean {
	if (c === 96) return d === 1 || d === 13 || d === 5 || d === 2;
	if (c === 0) return d <= 2 || d === 9;
	return a === 0 && c === 42;
}

function isCount(name: string | undefined): boolean {
	return (
		name !== undefined &&
		(name === "tariff" ||
			name.startsWith("power_factor") ||
			name.endsWith("power_failures") ||
			name.startsWith("voltage_s"))
	);
}

function roleOf({ a, b, c, d, e }: Obis): number {
	if ((a === 0 && b > 0) || (a >= 5 && a <= 9)) return Role.device;
	if (c === 0 && d === 2 && e === 8 && (a === 1 || a === 0)) return Role.version;
	if (a === 0 && c === 1 && d === 0 && e === 0) return Role.clock;
	if (a === 0 && c === 96 && d === 1 && e === 4) return Role.eMucs;
	// The id object (96.1.255 on an EasyMeter), Luxembourg's, Hungary's, and what older meters have.
	if (a === 0 && c === 96 && d === 1 && (e === 1 || e === CURRENT_VALUE)) return Role.id;
	if (a === 0 && c === 42 && d === 0 && e === 0) return Role.id + 1;
	if (a === 0 && c === 96 && d === 1 && e === 0) return Role.id + 2;
	if (c === 0 && d === 0 && e === 0) return Role.lastId;
	return Role.quantity;
}
