// A reading as people like it: who and when, then a line for each quantity, values under each other.

import { toText } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";

export function readingTable({ meter, time, quantities, devices }: Reading): string {
	const who = [meter.manufacturer, meter.model, meter.id].filter((part) => part !== undefined).join(" ");
	const lines = [`${who || "meter"}  ${time ?? "no time"}`, ...quantityLines(quantities)];
	for (const device of devices)
		lines.push(
			`${device.kind} ${device.id ?? ""}  ${device.time ?? "no time"}`,
			...quantityLines(device.quantities),
		);
	return `${lines.join("\n")}\n\n`;
}

function quantityLines(quantities: readonly Quantity[]): string[] {
	const values = quantities.map(({ value }) => (typeof value === "string" ? value : toText(value)));
	const nameWidth = Math.max(0, ...quantities.map(({ name }) => name.length));
	const numbers = values.filter((_, index) => typeof quantities[index]?.value !== "string");
	const valueWidth = Math.max(0, ...numbers.map((value) => value.length));
	return quantities.map(({ name, unit = "" }, index) =>
		`  ${name.padEnd(nameWidth)}  ${(values[index] as string).padStart(valueWidth)} ${unit}`.trimEnd(),
	);
}
