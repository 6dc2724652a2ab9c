// Line protocol: exact digits, escapes and times, read back by a parser of other people's; the requests that carry it.
// Expected lines are written by InfluxDB's description of the protocol; times by GNU date (`date -d … +%s`).

import "../../../host/platform/globals";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { influx } from "../../../outputs/influx/influx";
import { epoch, linesOf } from "../../../outputs/influx/line-protocol";
import { decimal } from "../../../readings/decimal";
import type { Reading } from "../../../readings/reading";
import type { SettingValues } from "../../../settings/setting";
import { Bench, readingOf, textOf } from "../fakes";

const PYTHON = resolve(__dirname, "../../../build/interop/bin/python");
const OPTIONS = { measurement: "meter", gateway: "gw-1", texts: true, wallTime: undefined };
/** date -u -d 2026-03-01T12:00:00+01:00 +%s */
const NOON = 1_772_362_800;

function text(reading: Reading, options: Partial<Parameters<typeof linesOf>[1]> = {}): string {
	return linesOf(reading, { ...OPTIONS, ...options })
		.map(textOf)
		.join("");
}

interface Point {
	readonly measurement: string;
	readonly tags: Record<string, string>;
	readonly fields: Record<string, number | string>;
	readonly time: number;
}

/** What the independent parser makes of it; `undefined` where it is not installed. */
function parsed(lines: string): readonly Point[] | undefined {
	if (!existsSync(PYTHON)) return undefined;
	const { stdout, stderr, status } = spawnSync(PYTHON, [join(__dirname, "lines.py")], {
		input: lines,
		encoding: "utf8",
	});
	if (status !== 0 && stderr.includes("No module named")) return undefined;
	if (status !== 0) throw new Error(stderr);
	return stdout
		.split("\n")
		.filter(Boolean)
		.map((line) => JSON.parse(line) as Point);
}

const household: Reading = {
	protocol: "p1",
	meter: { manufacturer: "KFM", id: "4530303" },
	time: "2026-03-01T12:00:00+01:00",
	quantities: [
		{ name: "energy_import_t1", value: decimal(85823280, -3), unit: "kWh" },
		{ name: "power_import", value: decimal(3771), unit: "W" },
		{ name: "current_l1", value: decimal(-5, -2), unit: "A" },
		{ name: "energy_huge", value: decimal(123456789012345678901n, -2), unit: "kWh" },
		{ name: "1-0:99.1.0", value: decimal(7) },
		{ name: "message", value: 'say "hi" \\ there, a=b\r\nx' },
	],
	devices: [
		{
			kind: "gas",
			id: "G 1,2=3\\",
			channel: 1,
			time: "2026-03-01T11:00:00+01:00",
			quantities: [{ name: "volume", value: decimal(981443, -3), unit: "m³" }],
		},
		{ kind: "heat", time: null, quantities: [{ name: "flow", value: decimal(12), unit: "L/h" }] },
		{ kind: "device", time: null, quantities: [] },
	],
};

describe("a reading as lines", () => {
	test("the meter's and each sub-meter's, every digit as it was sent", () => {
		expect(text(household).split("\n")).toEqual([
			"meter,device=main,gateway=gw-1,meter=4530303 energy_import_t1_kWh=85823.280,power_import_W=3771," +
				"current_l1_A=-0.05,energy_huge_kWh=1234567890123456789.01,1-0:99.1.0=7," +
				`message="say \\"hi\\" \\\\ there, a=b  x" ${NOON}000000000`,
			`meter,device=gas,gateway=gw-1,meter=4530303,channel=1,submeter=G\\ 1\\,2\\=3/ volume_m3=981.443 ${NOON - 3600}000000000`,
			`meter,device=heat,gateway=gw-1,meter=4530303 flow_L_h=12 ${NOON}000000000`,
			"",
		]);
	});

	test("an independent parser reads the same points", () => {
		const points = parsed(text(household));
		if (!points) {
			console.log("not run: build/interop has no line-protocol-parser");
			return;
		}
		expect(points).toEqual([
			{
				measurement: "meter",
				tags: { device: "main", gateway: "gw-1", meter: "4530303" },
				fields: {
					energy_import_t1_kWh: 85823.28,
					power_import_W: 3771,
					current_l1_A: -0.05,
					energy_huge_kWh: 1234567890123456789.01,
					"1-0:99.1.0": 7,
					message: 'say "hi" \\ there, a=b  x',
				},
				time: Number(`${NOON}000000000`),
			},
			{
				measurement: "meter",
				tags: { device: "gas", gateway: "gw-1", meter: "4530303", channel: "1", submeter: "G 1,2=3/" },
				fields: { volume_m3: 981.443 },
				time: Number(`${NOON - 3600}000000000`),
			},
			{
				measurement: "meter",
				tags: { device: "heat", gateway: "gw-1", meter: "4530303" },
				fields: { flow_L_h: 12 },
				time: Number(`${NOON}000000000`),
			},
		]);
	});

	test("a measurement and names with everything that may not stand there bare", () => {
		const nasty = { ...household, meter: { id: "ü\n,= \\" }, devices: [] };
		const lines = text(nasty, { measurement: "a b,c" });
		expect(lines).toMatch(/^a\\ b\\,c,device=main,gateway=gw-1,meter=ü\\ \\,\\=\\ \/ energy/);
		expect(parsed(lines)?.map(({ measurement, tags }) => [measurement, tags.meter])).toEqual(
			existsSync(PYTHON) ? [["a b,c", "ü ,= /"]] : undefined,
		);
	});

	test("numbers alone unless texts are wanted; a text that is too long never", () => {
		expect(text(household, { texts: false })).not.toContain("message");
		const long = { ...household, devices: [], quantities: [{ name: "m", value: "x".repeat(256) }] };
		expect(text(long)).toBe("");
	});

	test("many values in several lines of one point, each below a kilobyte", () => {
		const quantities = Array.from({ length: 160 }, (_, index) => ({
			name: `quantity_number_${index}`,
			value: decimal(index * 1001, -3),
			unit: "kWh",
		}));
		const lines = linesOf({ ...household, quantities, devices: [] }, OPTIONS);
		const lengths = lines
			.map(textOf)
			.join("")
			.split("\n")
			.map(({ length }) => length);
		expect(Math.max(...lengths)).toBeLessThan(1000);
		expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(1400);
		const points = parsed(lines.map(textOf).join(""));
		if (points) {
			expect(new Set(points.map(({ time }) => time)).size).toBe(1);
			expect(points.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0)).toBe(160);
		}
	});
});

describe("time", () => {
	test.each([
		["2026-03-01T12:00:00+01:00", NOON],
		["2026-03-01T11:00:00Z", NOON],
		["2026-03-01T12:00:00", undefined],
		["2026-03-01", undefined],
		["nonsense+01:00", undefined],
		[null, undefined],
	])("%s", (time, seconds) => {
		expect(epoch(time)).toBe(seconds === undefined ? undefined : seconds * 1000);
	});

	test("local time gives way to the gateway's clock, and without one the server's counts", () => {
		const local = { ...household, time: "2026-03-01T12:00:00", devices: [] };
		expect(text(local, { wallTime: 1_772_362_801_234 })).toMatch(/ 1772362801234000000\n$/);
		expect(text(local)).toMatch(/ {2}x"\n$/);
	});
});

describe("requests", () => {
	function open(settings: SettingValues, bench = new Bench()) {
		const output = influx.open(bench.context(influx.settings, settings));
		return { bench, output, network: bench.network };
	}
	const settings = { url: "https://db/base", org: "my org", bucket: "b/&c", token: "hunter2", batch: 2 };

	test("nothing is open without an address", () => {
		expect(open({}).output).toBeUndefined();
	});

	test("POST to the write address of API 2, with bucket, organisation, precision and token", () => {
		const { network, output } = open({ ...settings, ca: "PEM\n" });
		output?.reading(household);
		output?.reading(household);
		const { options } = network.asked;
		expect(options).toMatchObject({ method: "POST", host: "db", port: 443, tls: { ca: "PEM\n" } });
		expect(options.path).toBe("/base/api/v2/write?bucket=b%2F%26c&org=my%20org&precision=ns");
		expect(network.asked.header("authorization")).toBe("Token hunter2");
		expect(network.asked.text.split("\n")).toHaveLength(2 * 3 + 1);
	});

	test("no organisation and no token where there are none", () => {
		const { network, output } = open({ url: "http://db:8086", bucket: "db", batch: 1 });
		output?.reading(household);
		expect(network.asked.options).toMatchObject({ path: "/api/v2/write?bucket=db&precision=ns", port: 8086 });
		expect(network.asked.options.tls).toBeUndefined();
		expect(network.asked.header("authorization")).toBeUndefined();
	});

	test("lines without a time are never sent late", () => {
		const { bench, network, output } = open({ ...settings, batch: 1 });
		for (let count = 0; count < 3; count++) output?.reading(readingOf(count));
		network.asked.fail();
		for (let count = 3; count < 9; count++) output?.reading(readingOf(count));
		bench.clock.advance(1000);
		network.asked.answer(204);
		expect(network.asked.text).toContain("power_import_W=8,");
		network.asked.answer(204);
		expect(network.requests).toHaveLength(3);
		expect(output?.health()).toMatchObject({ sent: 2, dropped: 7, lateBytes: 0 });
	});

	test.each([
		[{ ...settings, url: "http://u:hunter2@db/" }, /user/],
		[{ ...settings, bucket: "" }, /bucket/],
		[{ ...settings, token: "hunter2\r\nX: y" }, /token/],
		[{ ...settings, measurement: "" }, /measurement/],
	])("stays off with %j", (wrong, reason) => {
		const { bench, output } = open(wrong);
		output?.reading(household);
		expect(bench.network.requests).toEqual([]);
		expect(output?.health()).toEqual({ state: "off", lastError: expect.stringMatching(reason) });
		expect(JSON.stringify([bench.log, output?.health()])).not.toContain("hunter2");
	});

	test("no token in log or health, whatever goes wrong", () => {
		const { bench, network, output } = open({ ...settings, batch: 1 });
		for (const status of [401, 500, 404]) {
			output?.reading(household);
			network.asked.answer(status, "no");
			bench.clock.advance(60_000);
		}
		expect(JSON.stringify([bench.log, output?.health()])).not.toContain("hunter2");
	});
});
