// The gateway's own metrics, read from the health report: what it is, how long it runs, what it read and refused, how the
// line, the memory and each output are.

import { type Format, headOf, label, sample } from "./exposition.js";
import { type Family, family } from "./families.js";

/** The report's members that are told here; whatever is missing or null is left out. */
interface Report {
	readonly gateway?: Members & { readonly memory?: Members };
	readonly meter?: Members;
	readonly readings?: Members;
	readonly rejected?: { readonly byLayer?: readonly Members[] };
	readonly network?: Members;
	readonly outputs?: readonly Members[];
}
type Members = Readonly<Record<string, unknown>>;

/** Section and member of the report, and the family that tells it. */
const SINGLE: readonly string[] = Object.freeze([
	"gateway|uptime|uptime|state|seconds",
	"gateway|crashes|crashes|counter",
	"gateway|longestStall|longest_stall|state|seconds",
	"readings|count|readings|counter",
	"readings|age|reading_age|state|seconds",
	"meter|opened|line_opened|counter",
	"meter|failures|line_failures|counter",
	"meter|bytes|line_received|counter|bytes",
	"meter|parity|line_parity_errors|counter",
	"meter|framing|line_framing_errors|counter",
	"meter|overflow|line_overflows|counter",
	"network|rssi|wifi_signal|state|dbm",
]);

/** Steps behind the single ones before the outputs' begin. */
const OUTPUTS_FROM = 4;

/** Each call gives the next family or a few, of the last one a part, until `undefined`. */
export class GatewayMetrics {
	readonly #report: Report;
	readonly #format: Format;
	#step = 0;
	/** The head of the outputs' family has been told. */
	#hasHead = false;

	constructor(healthJson: string, format: Format) {
		this.#report = JSON.parse(healthJson) as Report;
		this.#format = format;
	}

	next(): string | undefined {
		const { gateway = {}, meter = {}, rejected, outputs = [] } = this.#report;
		const step = this.#step++;
		if (step < SINGLE.length) return this.#single(SINGLE[step] as string);
		switch (step - SINGLE.length) {
			case 0: {
				const { id, version, platform } = gateway;
				return this.#family("build|info", [[1, "gateway", id, "version", version, "platform", platform]]);
			}
			case 1:
				return this.#family("line_open|state", [[meter.line === "open"]]);
			case 2: {
				const samples = (rejected?.byLayer ?? []).map(
					({ layer, code, count }) => [count, "layer", layer, "code", code] as const,
				);
				return this.#family("rejected_frames|counter", samples);
			}
			case 3: {
				const { free, lowest, largest, slots, chunks } = (gateway.memory ?? {}) as Members;
				const memory = [
					[free, "kind", "free"],
					[lowest, "kind", "lowest"],
					[largest, "kind", "largest"],
					...usedOf(chunks),
				] as const;
				return this.#family("memory|state|bytes", memory).concat(
					this.#family("memory|state|slots", usedOf(slots)),
				);
			}
			default: {
				const output = outputs[step - SINGLE.length - OUTPUTS_FROM];
				return output && this.#output(output);
			}
		}
	}

	#single(row: string): string {
		const [section = "", member = "", ...rest] = row.split("|");
		const value = (this.#report as Readonly<Record<string, Members | undefined>>)[section]?.[member];
		return this.#family(rest.join("|"), [[value]]);
	}

	/** One output's facts; all outputs' together would be kilobytes at once. */
	#output(output: Members): string {
		const told = family("output|unknown");
		const text = samplesOf(told, factsOf(output));
		if (text === "" || this.#hasHead) return text;
		this.#hasHead = true;
		return headOf(told, this.#format).concat(text);
	}

	/** Head and samples; empty where none has a value. */
	#family(row: string, samples: readonly Sample[]): string {
		const told = family(row);
		const text = samplesOf(told, samples);
		return text === "" ? "" : headOf(told, this.#format).concat(text);
	}
}

/** Texts and what is not known are no metric. */
function samplesOf(told: Family, samples: readonly Sample[]): string {
	let lines = "";
	for (const [value, ...names] of samples) {
		if (typeof value !== "number" && typeof value !== "boolean") continue;
		const labels: string[] = [];
		for (let at = 0; at < names.length; at += 2) {
			const text = names[at + 1];
			if (typeof text === "string") labels.push(label(`${names[at]}`, text));
		}
		lines = lines.concat(sample(told, labels, `${Number(value)}`));
	}
	return lines;
}

/** The value, and the labels' names and values by turns. */
type Sample = readonly [value: unknown, ...labels: unknown[]];

function usedOf(heap: unknown): readonly Sample[] {
	const { used, total } = (heap ?? {}) as Members;
	return [
		[used, "kind", "used"],
		[total, "kind", "total"],
	];
}

function factsOf(output: Members): readonly Sample[] {
	return Object.keys(output).map((fact) => [output[fact], "output", output.name, "fact", fact]);
}
