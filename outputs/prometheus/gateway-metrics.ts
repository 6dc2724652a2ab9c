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
	"gateway|uptime|uptime_seconds|state|seconds|Time since the gateway started",
	"gateway|crashes|crashes|counter||Crashes of the gateway",
	"gateway|longestStall|longest_stall_seconds|state|seconds|Longest time for which one piece of work held up all else",
	"readings|count|readings|counter||Readings since the start",
	"readings|age|reading_age_seconds|state|seconds|Time since the newest reading",
	"meter|opened|line_opened|counter||Times that the line to the meter was opened",
	"meter|failures|line_failures|counter||Times that the line to the meter failed",
	"meter|bytes|line_received_bytes|counter|bytes|Bytes from the meter since the line was opened",
	"meter|parity|line_parity_errors|counter||Parity errors since the line was opened",
	"meter|framing|line_framing_errors|counter||Framing errors since the line was opened",
	"meter|overflow|line_overflows|counter||Times that bytes were lost since the line was opened",
	"network|rssi|wifi_signal_dbm|state|dbm|Strength of the Wi-Fi signal",
]);
const BUILD = "build|info||What runs";
const LINE = "line_open|state||1 where the line to the meter is open";
const REJECTED = "rejected_frames|counter||Frames that were not taken";
const MEMORY = "memory_bytes|state|bytes|Memory, free and used";
const SLOTS = "memory_slots|state|slots|Slots of the engine's heap";
const OUTPUTS = "output|unknown||Numbers of each output's health";

/** Each call gives the next family or a few, until `undefined`. */
export class GatewayMetrics {
	readonly #report: Report;
	readonly #format: Format;
	#step = 0;

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
				const labels = [
					label("gateway", text(id)),
					label("version", text(version)),
					label("platform", text(platform)),
				];
				return this.#family(BUILD, (told) => sample(told, labels, "1"));
			}
			case 1:
				return this.#family(LINE, (told) => sample(told, [], meter.line === "open" ? "1" : "0"));
			case 2:
				return this.#family(REJECTED, (told) =>
					(rejected?.byLayer ?? [])
						.map(({ layer, code, count }) =>
							sample(told, [label("layer", text(layer)), label("code", text(code))], `${count}`),
						)
						.join(""),
				);
			case 3:
				return this.#memory(gateway.memory ?? {});
			case 4:
				return this.#family(OUTPUTS, (told) => outputs.map((output) => facts(told, output)).join(""));
			default:
				return undefined;
		}
	}

	#single(row: string): string {
		const [section = "", member = "", ...rest] = row.split("|");
		const value = (this.#report as Readonly<Record<string, Members | undefined>>)[section]?.[member];
		return this.#family(rest.join("|"), (told) =>
			typeof value === "number" ? sample(told, [], `${value}`) : "",
		);
	}

	#memory({ free, lowest, largest, slots, chunks }: Members): string {
		const of = (told: Family, kind: string, value: unknown) =>
			typeof value === "number" ? sample(told, [label("kind", kind)], `${value}`) : "";
		const used = (told: Family, heap: unknown) => {
			const { used, total } = (heap ?? {}) as Members;
			return of(told, "used", used).concat(of(told, "total", total));
		};
		return this.#family(MEMORY, (told) =>
			of(told, "free", free).concat(
				of(told, "lowest", lowest),
				of(told, "largest", largest),
				used(told, chunks),
			),
		).concat(this.#family(SLOTS, (told) => used(told, slots)));
	}

	/** Head and samples; empty where there is no sample. */
	#family(row: string, samples: (told: Family) => string): string {
		const told = family(row);
		const lines = samples(told);
		return lines === "" ? "" : headOf(told, this.#format).concat(lines);
	}
}

/** Numbers and yes or no; texts and what is not known are no metric. */
function facts(told: Family, output: Members): string {
	const lines: string[] = [];
	for (const fact in output) {
		const value = output[fact];
		if (typeof value === "number" || typeof value === "boolean")
			lines.push(sample(told, [label("output", text(output.name)), label("fact", fact)], `${Number(value)}`));
	}
	return lines.join("");
}

function text(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}
