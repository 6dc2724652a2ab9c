// A pulse counter's session at its edges: what it asks for and when, what is told of damaged records and impossible
// counts, what odd settings and odd kept counts mean. Records by docs/protocols/pulse.md; numbers worked out by hand.

import type { Action } from "../../../protocols/protocol";
import { counterValue } from "../../../protocols/pulse/count";
import { KeptCount } from "../../../protocols/pulse/kept-count";
import { pulse } from "../../../protocols/pulse/pulse";
import { decodeRecord, encodeRecord, recordPrefix } from "../../../protocols/pulse/record";
import { pulseSettings } from "../../../protocols/pulse/settings";
import { tableChecksums } from "../../../protocols/shared/checksums";
import type { Cipher } from "../../../protocols/shared/cipher";
import { decimal, toText } from "../../../readings/decimal";
import { defaultValues, type SettingValues } from "../../../settings/setting";

const checksums = tableChecksums();
const record = (count: number, at: number) => encodeRecord({ count, at }, checksums);
const open = (settings: SettingValues = {}, kept?: Uint8Array) =>
	pulse.open({
		checksums,
		cipher: {} as Cipher,
		settings: { ...defaultValues(pulse.settings), ...settings },
		...(kept ? { kept } : {}),
	});
const begun = (settings: SettingValues = {}) => {
	const session = open(settings);
	session.receive(record(0, 0), 0);
	return session;
};
const damaged = (count: number, at: number) => {
	const bytes = record(count, at);
	bytes[7] = (bytes[7] as number) ^ 1;
	return bytes;
};
/** The quantities' values by name. */
const values = (actions: readonly Action[]) =>
	actions.flatMap((action) =>
		action.do === "reading"
			? [
					Object.fromEntries(
						action.reading.quantities.map(({ name, value }) => [
							name,
							typeof value === "string" ? value : toText(value),
						]),
					),
				]
			: [],
	);
const rejections = (actions: readonly Action[]) =>
	actions.flatMap((action) => (action.do === "rejected" ? [action.rejection] : []));

describe("what the session asks for", () => {
	test("a call each interval, first of all after it has been opened", () => {
		const session = open();
		expect(session.tick(100)).toEqual([{ do: "wakeAt", time: 10_100 }]);
		expect(session.tick(10_100)).toEqual([{ do: "wakeAt", time: 20_100 }]);
	});

	test("the first record is a reading with nothing invented", () => {
		const [reading, wake, ...others] = open({ start: "5" }).receive(record(7, 100), 1000);
		expect(reading).toEqual({
			do: "reading",
			reading: {
				protocol: "pulse",
				meter: {},
				time: null,
				devices: [],
				quantities: [
					{ name: "energy_import", value: decimal(5000, -3), unit: "kWh" },
					{ name: "pulse_count", value: decimal(0) },
				],
			},
		});
		expect([wake, others]).toEqual([{ do: "wakeAt", time: 11_000 }, []]);
	});

	test("a call too early changes nothing", () => {
		const session = begun();
		expect(session.tick(9999)).toEqual([{ do: "wakeAt", time: 10_000 }]);
		expect(session.tick(10_000).map(({ do: what }) => what)).toEqual(["reading", "wakeAt", "wakeAt"]);
	});

	test("a count is kept before it is told", () =>
		expect(
			begun()
				.receive(record(1, 1000), 1000)
				.map(({ do: what }) => what),
		).toEqual(["keep", "reading", "wakeAt"]));

	test("at the end what was not told is told, and the count is kept; nothing where nothing came", () => {
		expect(open().end(5)).toEqual([]);
		const session = begun();
		expect(session.end(5).map(({ do: what }) => what)).toEqual(["keep"]);
		for (const [count, at] of [
			[1, 1000],
			[2, 2000],
			[3, 3000],
		] as const)
			session.receive(record(count, at), at);
		expect(session.end(3000).map(({ do: what }) => what)).toEqual(["reading", "wakeAt", "keep"]);
		expect(session.end(3000).map(({ do: what }) => what)).toEqual(["keep"]);
	});

	test("a reading is due an interval after the last by the counter's clock, neither sooner nor later", () => {
		const readings = (at: number) => {
			const session = begun();
			session.receive(record(1, 1000), 1000);
			session.receive(record(2, 2000), 2000);
			return values(session.receive(record(3, at), at)).length;
		};
		expect([readings(11_999), readings(12_000)]).toEqual([0, 1]);
	});

	test("the same record again is nothing", () => {
		const session = begun();
		session.receive(record(1, 1000), 1000);
		expect(session.receive(record(1, 1000), 50_000)).toEqual([]);
	});
});

describe("what is told", () => {
	test("of a damaged record: both checks, and where it began", () => {
		const bytes = damaged(1, 1000);
		const session = begun();
		const check = checksums.x25(bytes, 0, 12);
		expect(rejections(session.receive(bytes, 1000))).toEqual([
			{
				rejected: true,
				layer: "pulse",
				code: "crc",
				offset: 14,
				expected: check,
				actual: (bytes[12] as number) * 256 + (bytes[13] as number),
			},
		]);
		expect(decodeRecord(bytes, 0, checksums)).toEqual({ expected: check, actual: expect.any(Number) });
		expect(values(session.receive(record(1, 1000), 1000))[0]?.pulse_count).toBe("1");
	});

	test("of other bytes: once a stretch, and none before the first record", () => {
		const session = open();
		expect(session.receive(Uint8Array.of(1, 2, 3), 0)).toEqual([]);
		session.receive(record(0, 0), 0);
		expect(rejections(session.receive(Uint8Array.of(1, 2), 5))).toEqual([
			{ rejected: true, layer: "pulse", code: "noise", offset: 17 },
		]);
		expect(session.receive(Uint8Array.of(3), 6)).toEqual([]);
		session.receive(record(1, 900), 900);
		expect(rejections(session.receive(Uint8Array.of(3), 901))).toEqual([
			{ rejected: true, layer: "pulse", code: "noise", offset: 34 },
		]);
	});

	test("a record behind the beginning of another is found", () => {
		const session = begun();
		const [first = 0, second = 0] = record(1, 900);
		const actions = session.receive(Uint8Array.of(first, second, ...record(1, 900)), 900);
		expect(values(actions)[0]?.pulse_count).toBe("1");
		expect(recordPrefix(Uint8Array.of(0, 0xf5, 0x53, 0x30, 0x01, 0), 1, 6)).toBe(5);
	});

	test("of more pulses than can be: how many can; up to that they count", () => {
		// Ten a second and two for clocks: in 1.05 s 12.5.
		const session = () => begun({ mostRate: 10 });
		expect(values(session().receive(record(12, 1050), 1050))[0]?.pulse_count).toBe("12");
		expect(values(session().receive(record(12, 1000), 1000))[0]?.pulse_count).toBe("12");
		const many = session();
		expect(rejections(many.receive(record(13, 1050), 1050))).toEqual([
			{ rejected: true, layer: "pulse", code: "rate", expected: 12, actual: 13 },
		]);
		// Rates are measured from there: the next pulse is 3.6 s later.
		many.receive(record(14, 4650), 4650);
		expect(values(many.tick(20_000))[0]).toMatchObject({ pulse_count: "1" });
	});

	test("of a counter that began anew: what it can have counted since is counted, more is not", () => {
		const anew = (count: number) => {
			const session = begun({ mostRate: 20 });
			for (let index = 1; index <= 9; index++) session.receive(record(index, index * 1000), index * 1000);
			const actions = session.receive(record(count, 100), 20_000);
			expect(rejections(actions)).toEqual([{ rejected: true, layer: "pulse", code: "restart" }]);
			return values(session.end(20_000)).at(-1)?.pulse_count;
		};
		// 20 a second and two for clocks: four in 0.1 s.
		expect([anew(0), anew(4), anew(5)]).toEqual(["9", "13", "9"]);
	});

	test("power after the counter began anew is that of its own pulses", () => {
		const session = begun();
		for (let index = 1; index <= 9; index++) session.receive(record(index, index * 1000), index * 1000);
		session.receive(record(1, 500), 20_000);
		session.receive(record(2, 4100), 23_600);
		expect(values(session.end(23_600)).at(-1)?.power_import).toBe("1000");
	});
});

describe("settings", () => {
	test("that are none are the usual ones", () => {
		expect(pulseSettings({})).toEqual({
			counter: "energy_import",
			counterUnit: "kWh",
			rate: "power_import",
			rateUnit: "W",
			pulses: 1000,
			start: decimal(0),
			startText: "0",
			mostRate: 20,
			intervalMs: 10_000,
		});
		expect(pulseSettings({ pulses: "5", start: 7, mostRate: "5", interval: "5", medium: "oil" })).toEqual(
			pulseSettings({}),
		);
		expect(pulseSettings({ pulses: 5, start: "7", mostRate: 3, interval: 2 })).toMatchObject({
			pulses: 5,
			start: decimal(7),
			mostRate: 3,
			intervalMs: 2000,
		});
	});

	test.each([
		["123456789012345", true],
		["12345678901234.5", true],
		["0", true],
		["-1", false],
		["-0.5", false],
		["1234567890123456.5", false],
		["12345678901234567890", false],
		["12 kWh", false],
	])("a counter's value of %s is one: %s", (start, isOne) => {
		expect(pulse.warnings?.({ start })).toEqual(
			isOne ? [] : ["The counter's value is no number: pulses are counted from 0. Write it as 12345.6."],
		);
		expect(toText(pulseSettings({ start }).start)).toBe(isOne ? start : "0");
		expect(pulse.warnings?.({ start: 5 })).toEqual([]);
	});
});

describe("the counter's value", () => {
	test.each([
		[decimal(12), 3, 1, "15"],
		[decimal(125, -1), 3, 1, "15.5"],
		[decimal(12), 3, 8, "12.375"],
		[decimal(12), 3, 3, "13.0"],
		[decimal(12), 101, 100, "13.01"],
		[decimal(0), 2, 3, "0.6"],
	])("%j and %d pulses of %d a unit are %s", (start, count, pulses, text) =>
		expect(toText(counterValue(start, count, pulses))).toBe(text),
	);
});

describe("a kept count", () => {
	const settings = pulseSettings({ start: "7" });
	const stored = (count: number) => {
		const bytes = new KeptCount(settings, checksums, undefined).final();
		new DataView(bytes.buffer).setFloat64(6, count);
		new DataView(bytes.buffer).setUint16(bytes.length - 2, checksums.x25(bytes, 0, bytes.length - 2));
		return new KeptCount(settings, checksums, bytes).count;
	};
	test("is a whole number that is not below 0", () =>
		expect([0, 5, 2 ** 53 - 1, -1, 0.5, 2 ** 53, Number.NaN].map(stored)).toEqual([
			0,
			5,
			2 ** 53 - 1,
			0,
			0,
			0,
			0,
		]));

	test("of another version, start or number of pulses is another's", () => {
		const bytes = new KeptCount(settings, checksums, undefined);
		bytes.count = 9;
		const kept = bytes.final();
		expect(new KeptCount(settings, checksums, kept).count).toBe(9);
		const others: SettingValues[] = [{ start: "8" }, { start: "77" }, { start: "7", pulses: 999 }];
		for (const other of others) expect(new KeptCount(pulseSettings(other), checksums, kept).count).toBe(0);
		const version = kept.slice();
		version[0] = 2;
		new DataView(version.buffer).setUint16(kept.length - 2, checksums.x25(version, 0, kept.length - 2));
		expect(new KeptCount(settings, checksums, version).count).toBe(0);
	});

	test("is written five pulses ahead at least, or ten minutes' worth", () => {
		const kept = new KeptCount(settings, checksums, undefined);
		const ahead = (count: number, worth: number) => {
			kept.count = count;
			const bytes = kept.due(worth);
			return bytes && new KeptCount(settings, checksums, bytes).count;
		};
		expect([ahead(0, 0), ahead(1, 0), ahead(6, 0), ahead(7, 20.5), ahead(28, 0), ahead(29, 0)]).toEqual([
			undefined,
			6,
			undefined,
			28,
			undefined,
			34,
		]);
	});
});
