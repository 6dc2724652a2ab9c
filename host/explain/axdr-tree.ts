// An A-XDR body as a tree of rows: tag, length, value, OBIS codes by name, values with the unit that the wire gives.
// The parser is protocols/dlms/axdr.ts; this file walks its items. Nothing is scaled by what the wire does not say.

import { AxdrItems } from "../../protocols/dlms/axdr.js";
import { fixedSize, Tag } from "../../protocols/dlms/axdr-tags.js";
import { cosemTime, DATE_TIME_BYTES } from "../../protocols/dlms/cosem-time.js";
import { baseUnit, cosemUnit, measureOf } from "../../protocols/dlms/cosem-units.js";
import { hexText } from "../../protocols/shared/text.js";
import { scaled, toText } from "../../readings/decimal.js";
import { type Obis, obisAt } from "../../readings/obis.js";
import type { Explanation } from "./explanation.js";
import { isIdentity, obisWords } from "./obis-words.js";
import type { View } from "./view.js";
import { hex, isPrintableText, plural } from "./words.js";

const LAYER = "axdr";
/** The parser keeps offsets in 16 bits. */
const LONGEST_BODY = 0xffff;
const TAG_NAMES: ReadonlyMap<number, string> = new Map(
	Object.entries(Tag).flatMap(([name, tag]) => (typeof tag === "number" ? [[tag, kebab(name)]] : [])),
);
/** `octetString` as `octet-string`, the way the standard writes it. */
function kebab(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const CLASS_BYTES = 2;
const ATTRIBUTE_BYTES = 1;

/** Explains the value at the beginning of `view`, and says what is left or wrong. */
export function explainAxdr(view: View, out: Explanation): void {
	const items = new AxdrItems();
	const end = Math.min(view.length, LONGEST_BODY);
	let lenient = false;
	const whole = () => items.parse(view.bytes, 0, end, lenient) === undefined && items.end === end;
	if (!whole()) {
		lenient = true;
		if (!whole()) lenient = false;
	}
	const fault = items.parse(view.bytes, 0, end, lenient);
	new TreeWalk(view, items, out).walk();
	if (fault) out.note(view, items.end, LAYER, "fault", faultWords(fault, view, items.end));
	if (items.end < view.length) {
		const left = view.length - items.end;
		out.add(view, items.end, view.length, LAYER, "not decoded", `${plural(left, "byte")} behind the value`);
		out.hideNumbers(view, items.end, view.length);
	}
	if (lenient) out.note(view, 0, LAYER, "remark", "read with leniency: tags are not as the standard wants");
}

function faultWords(fault: string, view: View, at: number): string {
	switch (fault) {
		case "type":
			return `STOPS HERE: ${hex(view.at(at))} is no known tag`;
		case "truncated":
			return "STOPS HERE: the value is longer than the message";
		case "depth":
			return "STOPS HERE: containers are nested too deeply";
		default:
			return "STOPS HERE: too many items";
	}
}

interface Open {
	readonly members: number;
	seen: number;
	/** The OBIS code met last among the members. */
	obis: Obis | undefined;
}

class TreeWalk {
	readonly #open: Open[] = [];
	#cursor = 0;

	constructor(
		readonly view: View,
		readonly items: AxdrItems,
		readonly out: Explanation,
	) {}

	walk(): void {
		for (let item = 0; item < this.items.count; item++) {
			while (this.#open.length > 0 && isFull(this.#open.at(-1))) this.#open.pop();
			const parent = this.#open.at(-1);
			if (parent) parent.seen++;
			if (this.items.isContainer(item)) this.#container(item);
			else this.#value(item, parent);
		}
	}

	#container(item: number): void {
		const { items } = this;
		const members = items.length(item);
		const end = items.offset(item);
		this.#row(item, end, plural(members, "member"));
		this.#open.push({ members, seen: 0, obis: undefined });
	}

	#value(item: number, parent: Open | undefined): void {
		const { items, view } = this;
		const at = items.offset(item);
		const end = Math.min(at + sizeOf(items, item), view.length);
		if (items.isObis(item)) {
			const obis = obisAt(view.bytes, at);
			this.#row(item, end, obisWords(obis));
			if (parent) parent.obis = obis;
		} else if (items.tag(item) === Tag.descriptor) {
			const obis = obisAt(view.bytes, at + CLASS_BYTES);
			const attribute = view.at(at + CLASS_BYTES + 6 * ATTRIBUTE_BYTES);
			this.#row(item, end, `class ${view.at(at + 1)}, ${obisWords(obis)}, attribute ${attribute}`);
		} else if (items.isText(item)) this.#text(item, at, end, parent?.obis);
		else this.#number(item, at, end, parent?.obis);
	}

	#text(item: number, at: number, end: number, obis: Obis | undefined): void {
		const { view, out, items } = this;
		const { bytes } = view;
		if (items.tag(item) === Tag.octetString && end - at === DATE_TIME_BYTES) {
			const time = cosemTime(bytes, at);
			if (time) return this.#row(item, end, `date-time ${dateTimeWords(view, at)}`);
		}
		if (end === at) return this.#row(item, end, "empty");
		const identity = obis !== undefined && isIdentity(obis);
		const readable = isPrintableText(bytes, at, end);
		const text = readable ? String.fromCharCode(...bytes.subarray(at, end)) : hexText(bytes, at, end);
		this.#row(
			item,
			end,
			readable
				? `"${identity ? out.identity(text) : out.withoutNumbers(text)}"`
				: identity
					? out.identity(text)
					: text,
		);
		if (identity && out.anonymous) this.#hide(at, end);
		else if (readable) out.hideNumbers(view, at, end);
	}

	#number(item: number, at: number, end: number, obis: Obis | undefined): void {
		const { items, view, out } = this;
		const tag = items.tag(item);
		if (tag === Tag.null || tag === Tag.dontCare) return this.#row(item, end, "no value");
		if (tag === Tag.dateTime) return this.#row(item, end, `date-time ${dateTimeWords(view, at)}`);
		const number = items.number(item);
		if (number === undefined) return this.#row(item, end, hexText(view.bytes, at, end));
		const raw = toText(number);
		if (tag === Tag.boolean) return this.#row(item, end, number.mantissa === 0 ? "false" : "true");
		const scalerUnit = this.#isScalerUnit(item);
		if (scalerUnit === "scaler") return this.#row(item, end, `scaler: times 10^${raw}`);
		if (scalerUnit === "unit") {
			const unit = cosemUnit(Number(number.mantissa));
			return this.#row(item, end, `unit ${raw}: ${unit === "" ? "none" : (unit ?? "not in the table")}`);
		}
		if (obis && isIdentity(obis)) {
			this.#row(item, end, out.identity(raw));
			if (out.anonymous) this.#hide(at, end);
			return;
		}
		this.#row(item, end, `${raw}${this.#unitWords(item, obis)}`);
	}

	/** What the value is in its unit: by the scaler-unit behind it, or what its OBIS code is measured in. */
	#unitWords(item: number, obis: Obis | undefined): string {
		const { items } = this;
		const behind = item + 1;
		if (behind + 2 < items.count && items.isStructure(behind, 2) && this.#isScalerUnit(behind + 1)) {
			const power = Number(items.integer(behind + 1));
			const unit = cosemUnit(Number(items.integer(behind + 2))) ?? "";
			const value = items.number(item);
			return value ? ` = ${toText(scaled(value, power))} ${unit}`.trimEnd() : "";
		}
		if (!obis) return "";
		const unit = baseUnit(obis, measureOf(obis));
		return unit ? ` (${unit}; the wire tells no scaler)` : "";
	}

	/** Which part of a structure {int8 scaler, enum unit} the item is. */
	#isScalerUnit(item: number): "scaler" | "unit" | undefined {
		const { items } = this;
		const pair = (first: number) =>
			first > 0 &&
			items.isStructure(first - 1, 2) &&
			items.tag(first) === Tag.int8 &&
			first + 1 < items.count &&
			items.tag(first + 1) === Tag.enum;
		if (pair(item)) return "scaler";
		return pair(item - 1) ? "unit" : undefined;
	}

	#row(item: number, end: number, meaning: string): void {
		const tag = this.items.tag(item);
		const indent = " ".repeat(this.#open.length);
		this.out.add(this.view, this.#cursor, end, LAYER, `${indent}${TAG_NAMES.get(tag) ?? hex(tag)}`, meaning);
		this.#cursor = end;
	}

	#hide(start: number, end: number): void {
		for (const span of this.view.spans(start, end)) this.out.hidden.fill(1, span.start, span.end);
	}
}

function isFull(open: Open | undefined): boolean {
	return open !== undefined && open.seen >= open.members;
}

function sizeOf(items: AxdrItems, item: number): number {
	const tag = items.tag(item);
	if (tag === Tag.bitString) return (items.length(item) + 7) >> 3;
	if (tag === Tag.descriptor) return items.length(item);
	const size = fixedSize(tag);
	return size >= 0 ? size : items.length(item);
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const DEVIATION_UNSPECIFIED = 0x8000;
const SUMMER = 0b1000_0000;
const NOT_SPECIFIED = 0xff;

/** The twelve bytes of a COSEM date-time: ISO text, weekday, deviation and status. */
export function dateTimeWords(view: View, at: number): string {
	const time = cosemTime(view.bytes, at) ?? "none: parts are unspecified or impossible";
	const weekday = WEEKDAYS[view.at(at + 4) - 1] ?? "weekday unspecified";
	const raw = (view.at(at + 9) << 8) | view.at(at + 10);
	const minutes = raw > DEVIATION_UNSPECIFIED ? raw - 0x10000 : raw;
	const deviation = raw === DEVIATION_UNSPECIFIED ? "deviation unspecified" : `deviation ${minutes} min`;
	const status = view.at(at + 11);
	const season = status === NOT_SPECIFIED ? " (unspecified)" : status & SUMMER ? " (summer time)" : "";
	return `${time} (${weekday}, ${deviation}, status ${hex(status)}${season})`;
}
