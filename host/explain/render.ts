// An explanation as text of fixed columns, at most 100 wide: offset, bytes, layer, field, meaning. Bytes and meaning
// are wrapped side by side. The only place that turns hidden bytes into X.

import type { Quantity, Reading } from "../../readings/reading.js";
import { identitiesOf, isIdentityQuantity, valueText } from "./anonymous.js";
import type { Explained } from "./explain.js";
import { crossedOut, type Explanation, type Row } from "./explanation.js";

export const WIDTH = 100;
const BYTES_A_LINE = 8;
const OFFSET_WIDTH = 6;
const HEX_WIDTH = 3 * BYTES_A_LINE - 1;
const LAYER_WIDTH = 8;
const FIELD_WIDTH = 18;
const GAP = "  ";
const MEANING_WIDTH = WIDTH - OFFSET_WIDTH - HEX_WIDTH - LAYER_WIDTH - FIELD_WIDTH - 4 * GAP.length;

/** Bytes made from others have offsets of their own, marked so. */
const DERIVED_MARK = "+";

/** Lines of the whole dump. */
export function render(explained: Explained): readonly string[] {
	const { explanation, protocol, readings } = explained;
	const size = explanation.source.length;
	const title = protocol ? `${protocol.title} (${protocol.name})` : "nothing was recognised";
	return [
		`${size} ${size === 1 ? "byte" : "bytes"}: ${title}`,
		explanation.anonymous
			? "Meter numbers and checksums are shown as X (--anonymous). Look through the rest before you publish it."
			: "METER NUMBERS ARE SHOWN. Before you publish this, use --anonymous.",
		"",
		columns("offset", "bytes", "layer", "field", "meaning"),
		...renderExplanation(explanation, ""),
		...renderReadings(readings, explanation),
	].flatMap((line) => wrapped(printable(line).trimEnd(), WIDTH));
}

function renderExplanation(explanation: Explanation, mark: string): readonly string[] {
	const lines: string[] = [];
	let next = 0;
	const sectionsUpTo = (offset: number) => {
		for (let section = explanation.sections[next]; section && section.anchor <= offset; ) {
			lines.push("", `${section.title} (${section.content.source.length} bytes, offsets are its own):`);
			lines.push(...renderExplanation(section.content, `${mark}${DERIVED_MARK}`), "");
			section = explanation.sections[++next];
		}
	};
	for (const row of explanation.rows) {
		if (row.end > row.start) sectionsUpTo(row.start);
		lines.push(...renderRow(row, explanation, mark));
	}
	sectionsUpTo(Number.POSITIVE_INFINITY);
	return lines;
}

function renderRow(row: Row, explanation: Explanation, mark: string): readonly string[] {
	const lines: string[] = [];
	const meaning = wrapped(masked(row.meaning, explanation), MEANING_WIDTH);
	const field = row.field.length > FIELD_WIDTH ? `${row.field.slice(0, FIELD_WIDTH - 1)}…` : row.field;
	let at = row.start;
	for (let line = 0; line === 0 || at < row.end || line < meaning.length; line++) {
		const end = Math.min(at + BYTES_A_LINE, row.end);
		const offset =
			at < row.end || line === 0
				? `${mark}${at
						.toString(16)
						.toUpperCase()
						.padStart(OFFSET_WIDTH - mark.length, "0")}`
				: "";
		const first = line === 0;
		lines.push(
			columns(
				offset,
				hexBytes(explanation, at, end),
				first ? row.layer : "",
				first ? field : "",
				meaning[line] ?? "",
			),
		);
		at = end;
	}
	return lines;
}

function columns(offset: string, bytes: string, layer: string, field: string, meaning: string): string {
	return [
		offset.padEnd(OFFSET_WIDTH),
		bytes.padEnd(HEX_WIDTH),
		layer.padEnd(LAYER_WIDTH),
		field.padEnd(FIELD_WIDTH),
		meaning,
	]
		.join(GAP)
		.trimEnd();
}

function hexBytes({ source, hidden }: Explanation, start: number, end: number): string {
	const pairs: string[] = [];
	for (let at = start; at < end; at++)
		pairs.push(hidden[at] ? "XX" : (source[at] as number).toString(16).toUpperCase().padStart(2, "0"));
	return pairs.join(" ");
}

/** The text with every meter number that was met anywhere crossed out, where that is asked for. */
function masked(text: string, { anonymous, identities }: Explanation): string {
	if (!anonymous) return text;
	let shown = text;
	for (const identity of identities) shown = shown.replaceAll(identity, crossedOut(identity));
	return shown;
}

function renderReadings(readings: readonly Reading[], explanation: Explanation): readonly string[] {
	const lines: string[] = [];
	readings.forEach((reading, index) => {
		for (const text of identitiesOf(reading)) explanation.identities.add(text);
		const { meter, time, quantities, devices } = reading;
		const who = [meter.manufacturer, meter.model, meter.list].filter(Boolean).join(", ");
		lines.push(
			"",
			`Reading ${index + 1}: ${explanation.withoutNumbers(who) || "unknown meter"}, ${meter.id ? `number ${explanation.identity(meter.id)}, ` : ""}${time ?? "no time"}`,
		);
		for (const quantity of quantities) lines.push(quantityLine(quantity, explanation));
		for (const device of devices) {
			lines.push(
				`  ${device.kind} ${device.id ? explanation.identity(device.id) : ""}${device.time ? `, ${device.time}` : ""}`,
			);
			for (const quantity of device.quantities) lines.push(`  ${quantityLine(quantity, explanation)}`);
		}
	});
	return lines.map((line) => masked(line, explanation));
}

function quantityLine(quantity: Quantity, explanation: Explanation): string {
	const { name, unit, obis } = quantity;
	const value = isIdentityQuantity(quantity)
		? explanation.identity(valueText(quantity))
		: valueText(quantity);
	const code = obis && obis !== name ? `  ${obis}` : "";
	return `  ${name.padEnd(34)}${value}${unit ? ` ${unit}` : ""}${code}`;
}

/** Bytes of a meter must not steer the terminal that shows them. */
function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}]/gu, ".");
}

/** The text in lines of at most `width`, broken at blanks where there are such. */
function wrapped(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let rest = text;
	while (rest.length > width) {
		const blank = rest.lastIndexOf(" ", width);
		const cut = blank > width / 2 ? blank : width;
		lines.push(rest.slice(0, cut));
		rest = rest.slice(cut).trimStart();
	}
	lines.push(rest);
	return lines;
}
