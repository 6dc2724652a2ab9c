// A pulse counter's records, field by field.

import { decodeRecord, RECORD_LENGTH, recordPrefix } from "../../protocols/pulse/record.js";
import type { ExplainOptions } from "./explain.js";
import type { Explanation } from "./explanation.js";
import { View } from "./view.js";
import { checkWords, plural } from "./words.js";

const LAYER = "pulse";
const COUNT = 4;
const TIME = 8;
const CHECK = 12;

export function explainPulse(source: Uint8Array, out: Explanation, { checksums }: ExplainOptions): void {
	const view = View.of(source);
	for (let at = 0; at < source.length; ) {
		if (recordPrefix(source, at, source.length) < RECORD_LENGTH) {
			at++;
			continue;
		}
		const record = decodeRecord(source, at, checksums);
		const whole = "count" in record;
		out.recognised += RECORD_LENGTH;
		if (whole) out.sound++;
		out.add(view, at, at + COUNT, LAYER, "start", "S0, version 1");
		out.add(
			view,
			at + COUNT,
			at + TIME,
			LAYER,
			"count",
			whole ? plural(record.count, "pulse") : "not trusted",
		);
		out.add(view, at + TIME, at + CHECK, LAYER, "time", whole ? `${record.at} ms` : "not trusted");
		const words = whole ? "right" : checkWords(out.anonymous, record.expected, record.actual, 4);
		out.add(view, at + CHECK, at + RECORD_LENGTH, LAYER, "check", words, "check");
		at += RECORD_LENGTH;
	}
}
