// What a meter says, through everything that tells it on: whatever texts, names and numbers a reading has, the outputs'
// formats stay what they are. Inputs are those of the sessions: an APDU in a right frame, or a telegram with a right CRC.

import { http } from "../../outputs/http/http.js";
import { linesOf } from "../../outputs/influx/line-protocol.js";
import type { Output } from "../../outputs/output.js";
import { prometheus } from "../../outputs/prometheus/prometheus.js";
import { latestParts } from "../../outputs/shared/parts.js";
import { p1 } from "../../protocols/p1/p1.js";
import { synthesise } from "../../protocols/p1/synthesis.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import type { Reading } from "../../readings/reading.js";
import { Bench, respondersOf } from "../outputs/fakes.js";
import { MemoryFiles, openHistory } from "../readings/history/storage.js";
import { arrangements, openSession } from "./sessions.js";
import { check, type Target, withOptions } from "./target.js";
import { utf8Of } from "./web.js";

const NOW = 1_736_942_400_000;
const checksums = tableChecksums();
/** The text format (Prometheus, "Exposition formats"): a comment, or name, labels and a number. */
const EXPOSED =
	/^(# .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_]+="([^"\\]|\\["\\n])*",?)*\})? (-?[0-9][0-9.]*(e[+-]?[0-9]+)?|NaN)( [0-9.]+)?)$/;
const CONTROL = 0x20;

export function outputsTarget(cipher: Cipher): Target {
	const sources = arrangements(cipher).filter(({ name }) => name === "han" || name === "p1");
	return {
		name: "outputs",
		longest: 2500,
		work: [60_000, 600],
		words: sources.flatMap(({ words }) => words),
		// Bit 7: a telegram.
		seeds: () =>
			sources.flatMap(({ name, seeds }) =>
				seeds()
					.filter((seed) => (seed[0] as number) === (name === "han" ? 2 : 1))
					.map((seed) => withOptions(name === "han" ? 2 : 0x81, seed.slice(1))),
			),
		run(input) {
			const isText = ((input[0] ?? 0) & 0x80) !== 0;
			const source = sources.find(({ name }) => name === (isText ? "p1" : "han"));
			if (!source) return;
			const session = openSession(source.protocol, cipher, {});
			const actions = session.receive(source.wire(isText ? 1 : 2, input.subarray(1)), 0);
			const readings = [...actions, ...session.end(0)].flatMap((action) =>
				action.do === "reading" ? [action.reading] : [],
			);
			if (readings.length > 0) tell(readings.slice(0, 3), cipher);
		},
	};
}

function tell(readings: readonly Reading[], cipher: Cipher): void {
	const bench = new Bench();
	const metrics = prometheus.open({
		...bench.context(prometheus.settings, {}),
		writeHealth: (take) => take("{}"),
	}) as Output;
	http.open({ ...bench.context(http.settings, { port: 80 }), responders: respondersOf(metrics) });
	const history = openHistory(new MemoryFiles());
	readings.forEach((reading, index) => {
		bench.store.add(reading, index * 1000);
		metrics.reading(reading);
		history.reading(reading, NOW / 1000 + index * 3600, NOW / 1000 + index * 3600);
		for (const texts of [true, false])
			for (const part of linesOf(reading, { measurement: "meter", gateway: "a b", texts, wallTime: NOW })) {
				const text = utf8Of(part);
				check(text.endsWith("\n"), "a line without end");
				for (const line of text.slice(0, -1).split("\n")) {
					check(line.startsWith("meter,device="), "a line in a line");
					for (const sign of line) check(sign.charCodeAt(0) >= CONTROL, "a control character in a line");
				}
			}
	});
	JSON.parse((latestParts(bench.store) ?? []).map(utf8Of).join(""));
	const { store } = bench;
	const telegram = synthesise(
		{
			meter: store.latest?.meter ?? {},
			known: store.known,
			devices: store.knownDevices,
			time: "250115120000W",
			readAt: () => undefined,
		},
		checksums,
	);
	const session = openSession(p1, cipher, {});
	const made = [...session.receive(telegram, 0), ...session.end(0)];
	check(
		made.length === 1 && made[0]?.do === "reading",
		`a telegram that is none: ${made.map((action) => (action.do === "rejected" ? action.rejection.code : action.do))}`,
	);
	const connection = bench.network.connect().request("GET", "/metrics");
	bench.clock.advance(0);
	for (let turn = 0; turn < 2000 && !connection.done && !connection.closed; turn++) connection.open(4000);
	check(connection.done || connection.ended || connection.closed, "the scrape has no end");
	for (const line of connection.body.split("\n"))
		check(line === "" || EXPOSED.test(line), `a sample that is none: ${line}`);
	check(history.channels.length <= 32, `${history.channels.length} counters`);
}
