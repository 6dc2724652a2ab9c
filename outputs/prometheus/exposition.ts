// The two text formats, line by line: OpenMetrics 1.0 and Prometheus' own 0.0.4. They differ in where `_total` stands, in
// three types, and in the end that only OpenMetrics has.

import type { Family } from "./families.js";

const PREFIX = "meterling_";

export type Format = "openmetrics" | "prometheus";

export function contentType(format: Format): string {
	return format === "openmetrics"
		? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		: "text/plain; version=0.0.4; charset=utf-8";
}

/** What ends an exposition. */
export function endOf(format: Format): string {
	return format === "openmetrics" ? "# EOF\n" : "";
}

/** The lines in front of a family's samples. HELP is the name in words: linters ask for one, and prose costs flash. */
export function headOf({ name, kind, unit }: Family, format: Format): string {
	const help = name.split("_").join(" ");
	if (format === "openmetrics") {
		const metric = PREFIX.concat(name, " ");
		const type = kind === "now" || kind === "state" ? "gauge" : kind;
		const unitLine = unit === "" ? "" : "# UNIT ".concat(metric, unit, "\n");
		return "# TYPE ".concat(metric, type, "\n", unitLine, "# HELP ", metric, help, ".\n");
	}
	const metric = sampleName(name, kind).concat(" ");
	const type = kind === "counter" ? kind : kind === "unknown" ? "untyped" : "gauge";
	return "# HELP ".concat(metric, help, ".\n# TYPE ", metric, type, "\n");
}

/** One sample; `labels` as `a="b",c="d"`, empty ones left out. */
export function sample({ name, kind }: Family, labels: readonly string[], value: string): string {
	const some = labels.filter((label) => label !== "");
	const braces = some.length === 0 ? "" : "{".concat(some.join(","), "}");
	return sampleName(name, kind).concat(braces, " ", value, "\n");
}

/** `name="value"` with what would end the value escaped; empty without a value. */
export function label(name: string, value: string | undefined): string {
	if (value === undefined || value === "") return "";
	const safe = value.split("\\").join("\\\\").split('"').join('\\"').split("\n").join("\\n");
	return name.concat('="', safe, '"');
}

function sampleName(name: string, kind: Family["kind"]): string {
	return PREFIX.concat(name, kind === "counter" ? "_total" : kind === "info" ? "_info" : "");
}
