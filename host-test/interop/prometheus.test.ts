// prometheus_client (PyPI), Prometheus' own library, parses /metrics in both formats: for every emulated meter and every
// reading of the captures beside the project. Each number of a reading must be there once, no more and no less.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeWith } from "../../host/cli/decode-bytes";
import { AskedMeter } from "../../host/meters/asked-meter";
import { METERS, type MeterModel } from "../../host/meters/meters";
import { nodeCipher } from "../../host/platform/cipher";
import { http } from "../../outputs/http/http";
import type { Output } from "../../outputs/output";
import { prometheus } from "../../outputs/prometheus/prometheus";
import type { Protocol } from "../../protocols/protocol";
import { findProtocol } from "../../protocols/registry";
import { tableChecksums } from "../../protocols/shared/checksums";
import { toNumber } from "../../readings/decimal";
import type { Quantity, Reading } from "../../readings/reading";
import { Dialogue } from "../meters/asked-dialogue";
import { openSession } from "../meters/readings";
import { Bench, respondersOf } from "../outputs/fakes";
import { describeInterop, python } from "./programs";
import { ENGINES } from "./running-gateway";

jest.setTimeout(60_000);

const CORPORA = join(__dirname, "../../../shared/corpora");
const START = Date.UTC(2026, 2, 12, 10, 59, 58, 500);
const OPTIONS = { seed: 21, start: START, solarWatts: 300, longListFirst: true };
const ACCEPT = { om: "application/openmetrics-text", prom: "text/plain" } as const;

interface Parsed {
	readonly file: string;
	readonly samples: readonly (readonly [
		name: string,
		labels: Readonly<Record<string, string>>,
		value: number,
	])[];
	readonly twice: number;
	readonly helped: boolean;
}

/** What an emulated meter gives in a few telegrams, or in one poll. */
function readingsOf({ make, protocol: name, settings = {} }: MeterModel): readonly Reading[] {
	const meter = make(OPTIONS);
	const protocol = findProtocol(name) as Protocol;
	if (meter instanceof AskedMeter) {
		const dialogue = new Dialogue({ protocol, meter, start: START, settings });
		dialogue.advance(180_000);
		return dialogue.readings.map(({ reading }) => reading);
	}
	const session = openSession(protocol, settings);
	const readings: Reading[] = [];
	for (let at = meter.nextSend(START), count = 0; count < 5; at = meter.nextSend(at), count++)
		for (const action of session.receive(meter.telegram(at), at))
			if (action.do === "reading") readings.push(action.reading);
	return readings;
}

/** The gateway after these readings: both expositions, and how many numbers it knows. */
function exposed(readings: readonly Reading[]) {
	const bench = new Bench();
	const output = prometheus.open(bench.context(prometheus.settings, {})) as Output;
	http.open({ ...bench.context(http.settings, { port: 80 }), responders: respondersOf(output) });
	for (const reading of readings) {
		bench.store.add(reading, bench.clock.now);
		output.reading(reading);
	}
	const scrape = (accept: string) => {
		const connection = bench.network.connect().request("GET", "/metrics", { accept });
		bench.clock.advance(0);
		while (!connection.closed) connection.open(536);
		return connection.body;
	};
	const quantities = [...bench.store.known, ...bench.store.devices.flatMap((device) => device.quantities)];
	return { quantities, om: scrape(ACCEPT.om), prom: scrape(ACCEPT.prom) };
}

/** Told in base units: joules, watts, seconds. */
const isConverted = ({ name, unit }: Quantity) =>
	(/^(heat|cooling)_/.test(name) && unit !== "m³") || name === "operating_time";

async function check(cases: readonly (readonly [string, readonly Reading[]])[]): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-metrics-"));
	try {
		const numbers = new Map<string, readonly Quantity[]>();
		cases.forEach(([, readings], index) => {
			const { quantities, om, prom } = exposed(readings);
			numbers.set(
				`${index}`,
				quantities.filter(({ value }) => typeof value !== "string"),
			);
			writeFileSync(join(folder, `${index}.om`), om);
			writeFileSync(join(folder, `${index}.prom`), prom);
		});
		const parsed = (await python("metrics.py", folder)) as readonly Parsed[];
		expect(parsed).toHaveLength(2 * cases.length);
		let count = 0;
		for (const { file, samples, twice, helped } of parsed) {
			const expected = numbers.get(file.split(".")[0] ?? "") ?? [];
			const title = `${file}: ${cases[Number.parseInt(file, 10)]?.[0]}`;
			expect([title, twice, helped]).toEqual([title, 0, true]);
			const meters = samples.filter(([name]) => !/_(info|open)$/.test(name));
			expect([title, meters.length]).toEqual([title, expected.length]);
			const values = meters.map(([, , value]) => value);
			for (const quantity of expected) {
				if (isConverted(quantity) || typeof quantity.value === "string") continue;
				const at = values.indexOf(toNumber(quantity.value));
				expect([title, quantity.name, at >= 0]).toEqual([title, quantity.name, true]);
				values.splice(at, 1);
			}
			count += samples.length;
		}
		return count;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

describeInterop("prometheus_client", true, () => {
	test("parses /metrics of every emulated meter, with every number once", async () => {
		const cases = METERS.map((model) => [model.name, readingsOf(model)] as const);
		expect(cases.filter(([, readings]) => readings.length === 0)).toEqual([]);
		const count = await check(cases);
		process.stdout.write(`prometheus_client: ${cases.length} meters, ${count} samples in two formats\n`);
	});

	const normalized = join(CORPORA, "normalized.json");
	if (!existsSync(normalized)) {
		test.skip(`captures: ${normalized} is absent`, () => {});
		return;
	}
	test("parses /metrics of every reading of the captures", async () => {
		const { cases } = JSON.parse(readFileSync(normalized, "utf8")) as {
			cases: readonly {
				readonly id: string;
				readonly file: string;
				readonly protocol: string;
				readonly options?: { readonly encryption_key?: string; readonly authentication_key?: string };
			}[];
		};
		const read = cases.flatMap(({ id, file, protocol, options = {} }) => {
			const path = join(CORPORA, file);
			if (!existsSync(path)) return [];
			const raw = readFileSync(path);
			const bytes = file.endsWith(".hex")
				? Buffer.from(raw.toString("latin1").replace(/[^0-9a-f]/gi, ""), "hex")
				: raw;
			const { readings } = decodeWith(findProtocol(protocol) as Protocol, Uint8Array.from(bytes), {
				checksums: tableChecksums(),
				cipher: nodeCipher(),
				encryptionKey: options.encryption_key ?? "",
				authenticationKey: options.authentication_key ?? "",
			});
			return readings.map((reading, index) => [`${id} ${index}`, [reading]] as const);
		});
		expect(read.length).toBeGreaterThan(100);
		const count = await check(read);
		process.stdout.write(
			`prometheus_client: ${read.length} readings of captures, ${count} samples in two formats\n`,
		);
	});
});

describe.each(ENGINES)("a gateway on %s", (engine, start, missing) => {
	if (missing) {
		test.skip(`not run on ${engine}: ${missing}`, () => {});
		return;
	}
	describeInterop("scraped by prometheus_client", true, () => {
		test.each(["dsmr5", "kamstrup-omnipower"])("serves the numbers of its reading: %s", async (meter) => {
			const stage = await start(meter);
			const folder = mkdtempSync(join(tmpdir(), "meterling-metrics-"));
			try {
				const { url } = stage.gateway;
				await stage.gateway.reading(30_000);
				for (const format of ["om", "prom"] as const) {
					const answer = await fetch(`${url}/metrics`, { headers: { accept: ACCEPT[format] } });
					expect(answer.headers.get("content-type")).toContain(ACCEPT[format]);
					writeFileSync(join(folder, `0.${format}`), await answer.text());
				}
				for (const { samples, twice } of (await python("metrics.py", folder)) as readonly Parsed[]) {
					expect(twice).toBe(0);
					const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
						samples.find(
							([known, has]) =>
								known === name && Object.entries(labels).every(([label, text]) => has[label] === text),
						)?.[2];
					expect(value("meterling_line_open")).toBe(1);
					expect(value("meterling_readings_total")).toBeGreaterThan(0);
					expect(value("meterling_power_watts", { direction: "import" })).toBeGreaterThan(0);
					expect(value("meterling_voltage_volts", { phase: "1" })).toBeGreaterThan(200);
					expect(value("meterling_memory_bytes", { kind: "used" })).toBeGreaterThan(0);
				}
			} finally {
				await stage.stop();
				rmSync(folder, { recursive: true, force: true });
			}
		});
	});
});
