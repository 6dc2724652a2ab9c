// Data sets `id(value*unit)` of IEC 62056-21, one row each, by name and with their value.

import { CLOSE, isLineEnd, OPEN } from "../../protocols/iec62056/characters.js";
import { readDataSets } from "../../protocols/iec62056/data-set.js";
import { objectName, readObjectId } from "../../protocols/iec62056/object-id.js";
import type { Explanation } from "./explanation.js";
import { isIdentity, obisName } from "./obis-words.js";
import type { View } from "./view.js";
import { shownText } from "./words.js";

const LONGEST_TEXT = 120;
/** Two-part ids 9.20 and 9.21 of heat meters: device and customer number. */
const HEAT_NUMBERS: readonly number[] = [20, 21];

/** Explains `view[start, end)`. */
export function explainSets(
	view: View,
	start: number,
	end: number,
	kamstrup: boolean,
	out: Explanation,
	layer: string,
): void {
	for (let at = start; at < end; ) {
		if (isLineEnd(view.at(at))) {
			let behind = at;
			while (behind < end && isLineEnd(view.at(behind))) behind++;
			out.add(view, at, behind, layer, "line end", "");
			at = behind;
			continue;
		}
		const behind = setEnd(view, at, end);
		explainSet(view, at, behind, kamstrup, out, layer);
		at = behind;
	}
}

/** Behind the last bracket of the set at `start`, and its line end. */
function setEnd(view: View, start: number, end: number): number {
	let at = start;
	let depth = 0;
	for (; at < end; at++) {
		if (view.at(at) === OPEN) depth = 1;
		else if (view.at(at) === CLOSE) {
			depth = 0;
			if (view.at(at + 1) !== OPEN) break;
		} else if (depth === 0 && isLineEnd(view.at(at))) return skip(view, at, end);
	}
	return skip(view, Math.min(at + 1, end), end);
}

function skip(view: View, from: number, end: number): number {
	let at = from;
	while (at < end && isLineEnd(view.at(at))) at++;
	return at;
}

function explainSet(
	view: View,
	start: number,
	end: number,
	kamstrup: boolean,
	out: Explanation,
	layer: string,
): void {
	const set = readDataSets(view.bytes, start, end, false)?.[0];
	if (!set) {
		const text = shownText(view.bytes, start, Math.min(end, start + LONGEST_TEXT));
		out.add(view, start, end, layer, "NOT UNDERSTOOD", out.withoutNumbers(text));
		return out.hideNumbers(view, start, end);
	}
	const id = readObjectId(set.id);
	const heatNumber = id?.short === true && id.obis.c === 9 && HEAT_NUMBERS.includes(id.obis.d);
	const unit = set.values[0]?.split("*")[1];
	const name = id
		? objectName(id, unit, kamstrup) || (heatNumber ? "number of device or customer" : obisName(id.obis))
		: "";
	const identity = heatNumber || (id !== undefined && id.past === undefined && isIdentity(id.obis));
	const values = set.values.map((value) => (identity ? out.identity(value) : value.replace("*", " ")));
	const shown = values.map((value) => (value === "" ? "empty" : value)).join(", ");
	out.add(view, start, end, layer, set.id || "(no id)", `${name}${name ? ": " : ""}${shown}`);
	if (!identity || !out.anonymous) return;
	let open = start;
	while (open < end && view.at(open) !== OPEN) open++;
	for (let at = open; at < end; at++) {
		if (isLineEnd(view.at(at)) || view.at(at) === OPEN || view.at(at) === CLOSE) continue;
		for (const span of view.spans(at, at + 1)) out.hidden.fill(1, span.start, span.end);
	}
}
