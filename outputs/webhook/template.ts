// A webhook's body as its owner writes it: text with placeholders in braces, such as `{"p":{power_import},"at":{time}}`.
// Braces that hold no name are text. A name with a point is a sub-meter's: `{gas.volume}`.

import { consistsOf } from "../../readings/characters.js";
import { toText } from "../../readings/decimal.js";
import { findQuantity, type Quantity, type Reading } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { type Parts, readingParts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

const READING = "reading";
const NOTHING = "null";

export class Template {
	/** Texts and names by turns, a text first. */
	readonly #pieces: readonly string[];
	readonly #isJson: boolean;
	readonly #gatewayId: string;

	/** `isJson`: texts in quotes and `null` for what is not there; otherwise bare, and nothing. */
	constructor(text: string, isJson: boolean, gatewayId: string) {
		this.#pieces = piecesOf(text);
		this.#isJson = isJson;
		this.#gatewayId = gatewayId;
	}

	/** The body; what is of the reading's JSON is shared with other outputs. */
	parts(reading: Reading, store: ReadingStore): Parts {
		const parts: Uint8Array[] = [];
		let text: string[] = [];
		this.#pieces.forEach((piece, index) => {
			if (index % 2 === 0) text.push(piece);
			else if (piece === READING) {
				parts.push(utf8(text.join("")), ...readingParts(store, reading));
				text = [];
			} else text.push(this.#value(reading, piece));
		});
		parts.push(utf8(text.join("")));
		return parts.filter(({ length }) => length > 0);
	}

	#value(reading: Reading, name: string): string {
		switch (name) {
			case "gateway":
				return this.#text(this.#gatewayId);
			case "meter":
				return this.#text(reading.meter.id);
			case "protocol":
				return this.#text(reading.protocol);
			case "time":
				return this.#text(reading.time);
		}
		const value = quantityOf(reading, name)?.value;
		return typeof value === "object" ? toText(value) : this.#text(value);
	}

	#text(text: string | null | undefined): string {
		if (text === null || text === undefined) return this.#isJson ? NOTHING : "";
		return this.#isJson ? JSON.stringify(text) : text;
	}
}

function piecesOf(text: string): readonly string[] {
	const pieces: string[] = [];
	let start = 0;
	for (let open = text.indexOf("{"); open >= 0; open = text.indexOf("{", open + 1)) {
		const close = text.indexOf("}", open);
		const name = text.slice(open + 1, Math.max(close, 0));
		if (!consistsOf(name.slice(0, 1), "a-zA-Z0-9") || !consistsOf(name, "a-zA-Z0-9_.:*-") || name === "")
			continue;
		pieces.push(text.slice(start, open), name);
		start = close + 1;
	}
	pieces.push(text.slice(start));
	return pieces;
}

/** OBIS codes have points too: the main meter's names come first. */
function quantityOf(reading: Reading, name: string): Quantity | undefined {
	const own = findQuantity(reading, name);
	if (own) return own;
	const point = name.indexOf(".");
	const kind = name.slice(0, Math.max(point, 0));
	for (const device of reading.devices) {
		const found = device.kind === kind ? findQuantity(device, name.slice(point + 1)) : undefined;
		if (found) return found;
	}
	return undefined;
}
