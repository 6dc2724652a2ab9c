// A-XDR (IEC 61334-6, types of IEC 62056-5-3): one pass over an APDU's body fills a flat table of items.
// Not a tree and not values: a list decoder walks indexes and reads the few numbers it wants, so nothing is
// allocated for an item. Depth, item count and lengths are bounded; a fault is a code, never an exception.

import { type Decimal, decimal } from "../../readings/decimal.js";
import { KnownTexts } from "../shared/known-texts.js";
import { floatDecimal, shortestFloat32, wide } from "./axdr-number.js";
import {
	ARRAY_DESCRIPTION_BYTES,
	DEEPEST,
	descriptionEnd,
	fixedSize,
	NO_SIZE,
	SIZES,
	STRUCTURE_DESCRIPTION_BYTES,
	Tag,
} from "./axdr-tags.js";
import { textAt } from "./text.js";

/** Why a body is not A-XDR: `type` unknown tag, `truncated` ends early, `depth`, `items` beyond the bounds. */
export type AxdrFault = "type" | "truncated" | "depth" | "items";

export const MOST_ITEMS = 512;
export const DESCRIPTOR_BYTES = 9;
const OBIS_BYTES = 6;
const CURRENT_VALUE = 0xff;
const LONG_LENGTH = 0x80;
const MOST_LENGTH_BYTES = 4;
const LARGEST_ATTRIBUTE = 15;
const LARGEST_MEDIUM = 15;

/** The items of one body, in wire order; a container stands before its members. Reused from body to body. */
export class AxdrItems {
	/** What was parsed; item offsets point into it. */
	bytes: Uint8Array = EMPTY;
	/** Items of the last successful parse. */
	count = 0;
	/** First byte after the value; where the fault lies after a failed parse. */
	end = 0;
	readonly #tags = new Uint8Array(MOST_ITEMS);
	readonly #offsets = new Uint16Array(MOST_ITEMS);
	readonly #lengths = new Uint16Array(MOST_ITEMS);
	readonly #nexts = new Uint16Array(MOST_ITEMS);
	/** Containers that are open, outermost first, and how many values come behind each in the one around it. */
	readonly #open = new Uint16Array(DEEPEST);
	readonly #missing = new Uint8Array(DEEPEST);
	#view: DataView = new DataView(EMPTY.buffer);
	readonly #texts = new KnownTexts();
	#at = 0;
	#limit = 0;
	#lenient = false;
	#length = 0;
	/** Where the body began whose items these are, if `#plain` read it; otherwise -1. */
	#plainStart = -1;

	/**
	 * Reads one value from `bytes[start, end)`; `this.end` tells where it stopped.
	 * `lenient` takes two makers' slips: structures whose first member is an untagged attribute descriptor (EGD and
	 * Sagemcom XT211), and OBIS codes whose tag and length are swapped, `06 09` (Landis+Gyr ZMF100).
	 */
	parse(bytes: Uint8Array, start: number, end: number, lenient = false): AxdrFault | undefined {
		if (bytes !== this.bytes) {
			this.bytes = bytes;
			this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		}
		this.#texts.begin();
		if (!lenient) {
			if (start === this.#plainStart && this.#isShapedAsBefore(end)) return undefined;
			this.#plainStart = start;
			if (this.#plain(start, end)) return undefined;
		}
		this.#plainStart = -1;
		this.count = 0;
		this.#at = start;
		this.#limit = end;
		this.#lenient = lenient;
		const fault = this.#value(0);
		this.end = this.#at;
		return fault;
	}

	tag(item: number): number {
		return this.#tags[item] ?? Tag.dontCare;
	}

	/** First content byte. */
	offset(item: number): number {
		return this.#offsets[item] ?? 0;
	}

	/** Content bytes; members of an array or structure; bits of a bit string. */
	length(item: number): number {
		return this.#lengths[item] ?? 0;
	}

	/** The item after this one and all its members. */
	next(item: number): number {
		return this.#nexts[item] ?? this.count;
	}

	isContainer(item: number): boolean {
		const tag = this.#tags[item];
		return tag === Tag.structure || tag === Tag.array;
	}

	isStructure(item: number, members: number): boolean {
		return this.#tags[item] === Tag.structure && this.#lengths[item] === members;
	}

	/** An octet string, visible string or UTF-8 string. */
	isText(item: number): boolean {
		const tag = this.#tags[item];
		return tag === Tag.octetString || tag === Tag.visibleString || tag === Tag.utf8String;
	}

	/** A text item as text (`textAt`). */
	text(item: number): string {
		const offset = this.offset(item);
		const length = this.length(item);
		const known = this.#texts.find(this.#view, offset, length);
		if (known !== undefined) return known;
		const text = textAt(this.bytes, offset, length);
		// As long as its bytes: they all print.
		if (text.length === length) this.#texts.keep(this.#view, offset, length, text);
		return text;
	}

	/** A six-byte octet string whose first group is a medium (0–15), so that a six-letter text is none. */
	isObis(item: number): boolean {
		return (
			item < this.count &&
			this.#tags[item] === Tag.octetString &&
			this.#lengths[item] === OBIS_BYTES &&
			(this.bytes[this.offset(item)] as number) <= LARGEST_MEDIUM
		);
	}

	/** Tag, length and code of an OBIS item as one number, alike only where they are; NaN for any other item. */
	obisKey(item: number): number {
		return this.#tags[item] === Tag.octetString && this.#lengths[item] === OBIS_BYTES
			? this.#view.getFloat64((this.#offsets[item] as number) - 2)
			: Number.NaN;
	}

	/** Whole number of an integer, boolean, enum or BCD item; BigInt beyond 2^53; `undefined` for others. */
	integer(item: number): number | bigint | undefined {
		const at = this.offset(item);
		const view = this.#view;
		switch (this.#tags[item]) {
			case Tag.boolean:
			case Tag.uint8:
			case Tag.enum:
				return view.getUint8(at);
			case Tag.int8:
				return view.getInt8(at);
			case Tag.int16:
				return view.getInt16(at);
			case Tag.uint16:
				return view.getUint16(at);
			case Tag.int32:
				return view.getInt32(at);
			case Tag.uint32:
				return view.getUint32(at);
			case Tag.int64:
				return wide(view.getInt32(at), view.getUint32(at + 4));
			case Tag.uint64:
				return wide(view.getUint32(at), view.getUint32(at + 4));
			case Tag.bcd: {
				const pair = view.getUint8(at);
				return (pair >> 4) * 10 + (pair & 0x0f);
			}
			default:
				return undefined;
		}
	}

	/** The item's number, `× 10^power`; `undefined` for what is no number (text, NaN, null). */
	number(item: number, power = 0): Decimal | undefined {
		const whole = this.integer(item);
		if (whole !== undefined)
			return typeof whole === "number" ? { mantissa: whole, exponent: power } : decimal(whole, power);
		const tag = this.#tags[item];
		if (tag === Tag.float32)
			return floatDecimal(shortestFloat32(this.#view.getFloat32(this.offset(item))), power);
		if (tag === Tag.float64) return floatDecimal(String(this.#view.getFloat64(this.offset(item))), power);
		return undefined;
	}

	/** Whether each tag and length stands where it stood in the body before: then all items do, too, and nothing is to be read. */
	#isShapedAsBefore(end: number): boolean {
		if (this.end > end) return false;
		const { bytes, count } = this;
		const tags = this.#tags;
		const offsets = this.#offsets;
		for (let item = 0; item < count; item++) {
			const tag = tags[item] as number;
			const offset = offsets[item] as number;
			if (SIZES[tag] === NO_SIZE) {
				if (bytes[offset - 2] !== tag || bytes[offset - 1] !== this.#lengths[item]) return false;
			} else if (bytes[offset - 1] !== tag) return false;
		}
		return true;
	}

	/**
	 * Reads what nearly all bodies are, structures, arrays, texts of less than 128 bytes and types of fixed size, without
	 * a call for each; false where there is anything else, or a fault: then the long way tells which.
	 */
	#plain(start: number, end: number): boolean {
		const { bytes } = this;
		const tags = this.#tags;
		const offsets = this.#offsets;
		const lengths = this.#lengths;
		const nexts = this.#nexts;
		const open = this.#open;
		const missing = this.#missing;
		let at = start;
		let item = 0;
		let depth = 0;
		/** Values still to come in the innermost container. */
		let left = 1;
		while (at < end && item < MOST_ITEMS) {
			left--;
			const tag = bytes[at++] as number;
			let size = SIZES[tag] as number;
			let members = -1;
			if (size === NO_SIZE) {
				if (at === end) return false;
				size = bytes[at++] as number;
				if (size >= LONG_LENGTH) return false;
				if (tag === Tag.structure || tag === Tag.array) members = size;
				else if (tag !== Tag.octetString && tag !== Tag.visibleString && tag !== Tag.utf8String) return false;
			}
			tags[item] = tag;
			offsets[item] = at;
			lengths[item] = size;
			if (members < 0) {
				at += size;
				if (at > end) return false;
				item++;
				nexts[item - 1] = item;
			} else {
				if (depth === DEEPEST) return false;
				open[depth] = item++;
				missing[depth++] = left;
				left = members;
			}
			while (left === 0) {
				if (depth === 0) {
					this.count = item;
					this.end = at;
					return true;
				}
				nexts[open[--depth] as number] = item;
				left = missing[depth] as number;
			}
		}
		return false;
	}

	#value(depth: number): AxdrFault | undefined {
		if (this.#at >= this.#limit) return "truncated";
		const tag = this.bytes[this.#at++] as number;
		if (tag === Tag.uint32 && this.#lenient && this.#swappedObis()) {
			this.#at++;
			return this.#simple(Tag.octetString, OBIS_BYTES, OBIS_BYTES);
		}
		return this.#content(tag, depth);
	}

	#content(tag: number, depth: number): AxdrFault | undefined {
		const size = fixedSize(tag);
		if (size >= 0) return this.#simple(tag, size, size);
		switch (tag) {
			case Tag.octetString:
			case Tag.visibleString:
			case Tag.utf8String:
				return this.#readLength() ? this.#simple(tag, this.#length, this.#length) : "truncated";
			case Tag.bitString:
				return this.#readLength() ? this.#simple(tag, this.#length, (this.#length + 7) >> 3) : "truncated";
			case Tag.array:
			case Tag.structure:
				return this.#container(tag, depth);
			case Tag.compactArray:
				return this.#compactArray(depth);
			default:
				this.#at--;
				return "type";
		}
	}

	#simple(tag: number, length: number, size: number): AxdrFault | undefined {
		if (this.#limit - this.#at < size) return "truncated";
		const item = this.#add(tag, length);
		if (item < 0) return "items";
		this.#nexts[item] = item + 1;
		this.#at += size;
		return undefined;
	}

	#add(tag: number, length: number): number {
		if (this.count >= MOST_ITEMS) return -1;
		const item = this.count++;
		this.#tags[item] = tag;
		this.#lengths[item] = length;
		this.#offsets[item] = this.#at;
		return item;
	}

	#container(tag: number, depth: number): AxdrFault | undefined {
		if (depth >= DEEPEST) return "depth";
		if (!this.#readLength()) return "truncated";
		const members = this.#length;
		if (members > MOST_ITEMS) return "items";
		const item = this.#add(tag, members);
		if (item < 0) return "items";
		let member = 0;
		if (this.#lenient && members === 2 && this.#untaggedDescriptor()) {
			this.#simple(Tag.descriptor, DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);
			member = 1;
		}
		for (; member < members; member++) {
			const fault = this.#value(depth + 1);
			if (fault) return fault;
		}
		this.#nexts[item] = this.count;
		return undefined;
	}

	/** A length of IEC 61334-6: one byte below 80, or 81 n, 82 nn nn …; the value is bounded by the body. */
	#readLength(): boolean {
		if (this.#at >= this.#limit) return false;
		const first = this.bytes[this.#at++] as number;
		this.#length = first;
		if (first < LONG_LENGTH) return true;
		let bytes = first - LONG_LENGTH;
		if (bytes === 0 || bytes > MOST_LENGTH_BYTES || this.#limit - this.#at < bytes) return false;
		this.#length = 0;
		while (bytes-- > 0) this.#length = this.#length * 0x100 + (this.bytes[this.#at++] as number);
		return this.#length <= 0xffff;
	}

	/** Compact array: a type description, then the contents of all elements without tags; shown as an array. */
	#compactArray(depth: number): AxdrFault | undefined {
		if (depth >= DEEPEST) return "depth";
		const description = this.#at;
		const after = descriptionEnd(this.bytes, description, this.#limit, depth);
		if (after < 0) return "type";
		this.#at = after;
		if (!this.#readLength()) return "truncated";
		const contentsEnd = this.#at + this.#length;
		if (contentsEnd > this.#limit) return "truncated";
		const item = this.#add(Tag.array, 0);
		if (item < 0) return "items";
		let elements = 0;
		while (this.#at < contentsEnd) {
			const before = this.#at;
			const fault = this.#described(description, depth + 1);
			if (fault) return fault;
			if (this.#at === before) return "type";
			elements++;
		}
		if (this.#at !== contentsEnd) return "truncated";
		this.#lengths[item] = elements;
		this.#nexts[item] = this.count;
		return undefined;
	}

	/** Contents of one value of the described type; description and contents have been bounded by the caller. */
	#described(description: number, depth: number): AxdrFault | undefined {
		if (depth >= DEEPEST) return "depth";
		const tag = this.bytes[description] as number;
		if (tag !== Tag.array && tag !== Tag.structure) return this.#content(tag, depth);
		const isArray = tag === Tag.array;
		const first = this.bytes[description + 1] as number;
		const members = isArray ? first * 0x100 + (this.bytes[description + 2] as number) : first;
		const item = this.#add(tag, members);
		if (item < 0) return "items";
		let member = description + (isArray ? ARRAY_DESCRIPTION_BYTES : STRUCTURE_DESCRIPTION_BYTES);
		for (let index = 0; index < members; index++) {
			const fault = this.#described(member, depth + 1);
			if (fault) return fault;
			if (!isArray) member = descriptionEnd(this.bytes, member, this.#limit, depth + 1);
		}
		this.#nexts[item] = this.count;
		return undefined;
	}

	/** `00 class | A … FF | attribute | tag` where a first member should be. */
	#untaggedDescriptor(): boolean {
		const at = this.#at;
		const bytes = this.bytes;
		if (this.#limit - at <= DESCRIPTOR_BYTES) return false;
		const attribute = bytes[at + 8] as number;
		return (
			bytes[at] === 0 &&
			(bytes[at + 1] as number) > 0 &&
			(bytes[at + 2] as number) <= LARGEST_MEDIUM &&
			bytes[at + 7] === CURRENT_VALUE &&
			attribute > 0 &&
			attribute <= LARGEST_ATTRIBUTE
		);
	}

	/** `09 | A … FF` behind a tag 06: an OBIS code with tag and length swapped. */
	#swappedObis(): boolean {
		const at = this.#at;
		return (
			this.bytes[at] === Tag.octetString &&
			this.#limit - at > OBIS_BYTES + 1 &&
			(this.bytes[at + 1] as number) <= 1 &&
			this.bytes[at + OBIS_BYTES] === CURRENT_VALUE
		);
	}
}

const EMPTY = new Uint8Array(0);
