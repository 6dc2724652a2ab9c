// A reading as InfluxDB line protocol: `meter,device=main,gateway=… power_import_W=3771,… 1548941770000000000`. Every digit as
// the meter sent it. Source: InfluxDB OSS v2, "Line protocol"; times are nanoseconds since 1970.

import { consistsOf, hasOffset, replaced, runs } from "../../readings/characters.js";
import { toText } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { timeOfIso } from "../../readings/utc.js";
import type { Parts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

/** Fields of one line: some 600 characters. More go into a further line of the same point. */
const FIELDS = 12;
/** Characters of a text; longer ones (messages in hexadecimal) are left out. */
const LONGEST_TEXT = 255;
/** Of a part, which holds whole lines: as many as fit a datagram. */
const PART_CHARACTERS = 1400;
const NANOSECONDS = "000000";

export interface LineOptions {
	readonly measurement: string;
	readonly gateway: string;
	/** Texts too, not numbers alone. */
	readonly texts: boolean;
	/** Milliseconds since 1970 for what says no time of its own. */
	readonly wallTime: number | undefined;
}

/** Lines, each with its line feed: the meter's, then those of its sub-meters. None where there is nothing to tell. */
export function linesOf(reading: Reading, options: LineOptions): Parts {
	const { meter, time, quantities, devices } = reading;
	const lines = new Lines();
	const at = epoch(time) ?? options.wallTime;
	const tail = tag("gateway", options.gateway).concat(tag("meter", meter.id));
	const head = (device: string) => name(options.measurement).concat(tag("device", device));
	lines.write(head("main").concat(tail), quantities, at, options.texts);
	for (const { kind, id, channel, time: own, quantities: values } of devices) {
		const number = channel === undefined ? undefined : `${channel}`;
		const tags = tag("channel", number).concat(tag("submeter", id));
		lines.write(head(kind).concat(tail, tags), values, epoch(own) ?? at, options.texts);
	}
	return lines.parts();
}

/** ISO 8601 with an offset as milliseconds since 1970; `undefined` for local time, which no one can place. */
export function epoch(time: string | null): number | undefined {
	if (time === null || !hasOffset(time.slice(10))) return undefined;
	const milliseconds = timeOfIso(time);
	return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Gathers lines: each part costs memory of its own while it waits. */
class Lines {
	readonly #parts: Uint8Array[] = [];
	#text = "";

	/** All that is known at one time, with the measurement and the tags of `head`. */
	write(head: string, quantities: readonly Quantity[], at: number | undefined, texts: boolean): void {
		const end = at === undefined ? "\n" : " ".concat(`${at}`, NANOSECONDS, "\n");
		let fields: string[] = [];
		for (const quantity of quantities) {
			const field = fieldOf(quantity, texts);
			if (field === undefined) continue;
			fields.push(field);
			if (fields.length < FIELDS) continue;
			this.#add(head.concat(" ", fields.join(","), end));
			fields = [];
		}
		if (fields.length > 0) this.#add(head.concat(" ", fields.join(","), end));
	}

	parts(): Parts {
		if (this.#text !== "") this.#parts.push(utf8(this.#text));
		return this.#parts;
	}

	#add(line: string): void {
		if (this.#text !== "" && this.#text.length + line.length > PART_CHARACTERS) {
			this.#parts.push(utf8(this.#text));
			this.#text = "";
		}
		this.#text = this.#text.concat(line);
	}
}

function fieldOf({ name: key, value, unit }: Quantity, texts: boolean): string | undefined {
	if (typeof value !== "string")
		return name(unit === undefined ? key : key.concat("_", plainUnit(unit))).concat("=", toText(value));
	if (!texts || value.length > LONGEST_TEXT) return undefined;
	return name(key).concat('="', replaced(printable(value), '"\\', "\\", true), '"');
}

/** Units as the ends of names: `m³` is `m3`, `L/h` is `L_h`, `°C` is `C`. */
function plainUnit(unit: string): string {
	const plain = replaced(replaced(unit, "³", "3"), "²", "2");
	const parts = runs(plain, "A-Za-z0-9");
	if (parts.length > 0 && !consistsOf(plain.slice(-1), "A-Za-z0-9")) parts.push("");
	return parts.join("_");
}

/** `,key=value`; an empty value may not be. */
function tag(key: string, value: string | undefined): string {
	return value ? ",".concat(key, "=", name(value)) : "";
}

const BLANK = 0x20;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** Measurement, tag or field key escaped. A backslash has no escape of its own there, and at the end would eat what follows. */
function name(text: string): string {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code <= BLANK || code === COMMA || code === EQUALS || code === BACKSLASH || code === DELETE)
			return replaced(replaced(printable(text), "\\", "/"), " ,=", "\\", true);
	}
	return text;
}

/** Line feeds and the like become blanks. */
function printable(text: string): string {
	return replaced(text, "\0-\x1f\x7f", " ");
}
