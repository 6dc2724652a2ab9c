// Telegrams of characters: P1 (DSMR and its relatives) and IEC 62056-21, data set by data set. Pure.

import { quantityName } from "../../readings/obis.js";
import { crc, Reader } from "./cells.js";

const STX = 0x02;
const ETX = 0x03;
const EOT = 0x04;
const BANG = 0x21;

export function explainText({ rows, source, cells }: Reader): void {
	const text = String.fromCharCode(...cells.map(({ value }) => value));
	const isP1 = /^\/[^!\x02]*![\dA-F]{0,4}\s*$/i.test(text);
	const reader = new Reader(rows, source, cells, isP1 ? "P1" : "IEC 62056-21");
	/** Behind STX. */
	let start = 0;
	while (reader.left > 0) {
		const byte = reader.byte();
		const rest = text.slice(reader.at);
		const found = (pattern: RegExp) => pattern.exec(rest)?.[0] ?? "";
		if (byte === STX) {
			reader.take(1, "STX");
			start = reader.at;
		} else if ((byte === ETX || byte === EOT) && start > 0) {
			reader.take(1, "ETX");
			// By exclusive or; Kamstrup's 382 adds.
			const block = cells.slice(start, reader.at).map(({ value }) => value);
			const sum = block.reduce((total, each) => (total + each) & 0x7f, 0);
			const check = reader.byte();
			reader.check(1, "BCC", check, sum === check ? sum : block.reduce((total, each) => total ^ each, 0));
		} else if (byte === BANG) {
			reader.take(1, "!");
			const digits = /^!([\dA-F]{1,4})/i.exec(rest)?.[1];
			const telegram = cells.slice(text.lastIndexOf("/", reader.at), reader.at).map(({ value }) => value);
			if (digits) reader.check(digits.length, "CRC", Number.parseInt(digits, 16), crc(telegram, 0xa001, 0));
		} else if (byte <= 0x20) reader.take(found(/^\s*/).length || 1, "");
		else {
			// `id(…)(…)`, which may be broken before a bracket; or a whole line.
			const line = found(/^[^()\r\n!\x03/]+(\r?\n?\([^()]*\))+/) || found(/^[^\r\n]+/);
			const id = line.startsWith("/") ? "" : line.replace(/\([\s\S]*/, "").trim();
			const value = line
				.slice(id.length)
				.replace(/[\r\n]/g, "")
				.replace(/^\(|\)$/g, "");
			reader.take(line.length, id || "identification", value.replaceAll(")(", ", ").replaceAll("*", " "), {
				name: nameOf(id),
			});
		}
	}
}

/** Ids of two groups in heat meters (EN 1434-3), and the Kamstrup 382's own. */
const NAMES: Readonly<Record<string, string>> = {
	"6.4": "heat_power",
	"6.8": "heat_energy",
	"6.26": "heat_volume",
	"6.27": "flow",
	"6.28": "temperature_return",
	"6.29": "temperature_supply",
	"6.30": "temperature_difference",
	"6.31": "operating_time",
	"1.20": "energy_import",
	"1.20.1": "energy_import_t1",
	"1.20.2": "energy_import_t2",
	"1.26": "pulse_count",
	"1.31": "operating_time",
	"1.6*1": "power_peak_last_month",
};

/** The quantity of an id as printed: `1-0:1.8.0*255`, `1.8.0`. */
function nameOf(id: string): string | undefined {
	const [, a, b = 0, c, d, e = 0, f = 255] =
		/^(?:(\d+)-(\d+):)?(\d+)\.(\d+)(?:\.(\d+))?(?:[*&](\d+))?$/.exec(id) ?? [];
	const medium = a ?? (Number(c) < 96 ? 1 : 0);
	const [one, two, three, four, five, six] = [medium, b, c, d, e, f].map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	return NAMES[id] ?? (c && quantityName({ a: one, b: two, c: three, d: four, e: five, f: six }));
}
