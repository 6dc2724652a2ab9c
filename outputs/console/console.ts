// One line a reading for people who watch the log: `12:30:10    3.771 kW import   77452.50 kWh import`.
// Not a record: programs read the API or MQTT.

import { scaled, toText } from "../../readings/decimal.js";
import { findQuantity, type Quantity, type Reading } from "../../readings/reading.js";
import type { Output, OutputContext, OutputDescriptor } from "../output.js";

/** Width of a power and of a counter, digits and point, so that lines stand under each other. */
const POWER_WIDTH = 8;
const COUNTER_WIDTH = 11;
const NO_TIME = "--:--:--";

export const logOutput: OutputDescriptor = {
	name: "log",
	title: "Log",
	settings: [
		{
			key: "enabled",
			type: "switch",
			default: true,
			label: "Readings in the log",
			help: "Writes one line for each reading to the log.",
		},
	],
	open: (context) => (context.settings.enabled === false ? undefined : new LogOutput(context)),
};

class LogOutput implements Output {
	readonly #context: OutputContext;
	#lines = 0;

	constructor(context: OutputContext) {
		this.#context = context;
	}

	reading(reading: Reading): void {
		this.#lines++;
		// As "debug": the ring of log lines is for what happens seldom.
		this.#context.log(readingLine(reading), "debug");
	}

	health(): { lines: number } {
		return { lines: this.#lines };
	}

	close(done: () => void): void {
		done();
	}
}

/** The line: meter's time, powers, counters (sum, or tariffs where there is no sum), sub-meters. */
export function readingLine(reading: Reading): string {
	const parts = [reading.time?.slice(11, 19) || NO_TIME];
	for (const direction of ["import", "export"]) {
		const power = findQuantity(reading, `power_${direction}`);
		if (power) parts.push(`${kilowatts(power)} ${direction}`);
	}
	for (const direction of ["import", "export"]) {
		const total = findQuantity(reading, `energy_${direction}`);
		if (total) parts.push(`${text(total, COUNTER_WIDTH)} ${direction}`);
		else {
			for (const tariff of [1, 2]) {
				const part = findQuantity(reading, `energy_${direction}_t${tariff}`);
				if (part) parts.push(`${text(part, COUNTER_WIDTH)} ${direction} T${tariff}`);
			}
		}
	}
	for (const device of reading.devices) {
		const [first] = device.quantities;
		if (first) parts.push(`${device.kind} ${text(first, 0)}`);
	}
	return parts.join("  ");
}

function kilowatts({ value, unit }: Quantity): string {
	if (typeof value === "string" || unit !== "W") return text({ name: "", value, unit }, POWER_WIDTH);
	return `${toText(scaled(value, -3)).padStart(POWER_WIDTH)} kW`;
}

function text({ value, unit }: Quantity, width: number): string {
	const digits = typeof value === "string" ? value : toText(value);
	return `${digits.padStart(width)}${unit === undefined ? "" : ` ${unit}`}`;
}
