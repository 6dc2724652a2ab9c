// COSEM objects to a reading, whatever list they stand in: who the meter is, times, sub-meters, texts, scaling. Objects
// of IEC 62056-6-1 and -6-2; shapes and scales of PROTOCOLS.md 6 and 7. Values are made up here.

import { Tag } from "../../../protocols/dlms/axdr-tags.js";
import { dlms } from "../../../protocols/dlms/dlms.js";
import {
	type AxdrValue,
	array,
	encodeAxdr,
	NULL_DATA,
	octetString,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "../../../protocols/dlms/encode/axdr-value.js";
import { notification } from "../../../protocols/dlms/encode/frames.js";
import { TIME } from "./frames.js";
import { obis, readingOf, uint8, uint64 } from "./list-support.js";
import { hex, options, readings, valuesOf } from "./support.js";

/** Objects as `A-B:C.D.E` and values, in a list that nobody knows. */
function listed(...objects: (readonly [string, AxdrValue, AxdrValue?])[]) {
	const items = objects.flatMap(([code, value, scaler]) => {
		const [a = 0, b = 0, c = 0, d = 0, e = 0] = code.split(/[-:.]/).map(Number);
		return [obis(a, b, c, d, e), value, ...(scaler ? [scaler] : [])];
	});
	return readingOf(structure(uint8(1), ...items));
}
const values = (...objects: Parameters<typeof listed>) => {
	const { item_1, ...others } = valuesOf(listed(...objects));
	expect(item_1).toBe("1");
	return others;
};
const typed = (tag: number, content: string): AxdrValue => ({ tag, content: hex(content) });

describe("who the meter is", () => {
	const IDS = [
		["0-0:96.1.0", "DEVICE"],
		["1-0:0.0.5", "GIAI"],
		["0-0:96.1.1", "SECOND"],
		["1-0:0.0.0", "NUMBER"],
		["0-0:42.0.0", "LOGICAL"],
	] as const;

	test("of several numbers the best one is the meter's, in any order, the others keep their codes", () => {
		for (let best = 0; best < IDS.length; best++) {
			const some = IDS.slice(best);
			for (const order of [some, [...some].reverse()]) {
				const reading = listed(...order.map(([code, id]) => [code, text(id)] as const));
				expect(reading.meter.id).toBe(some[0]?.[1]);
				const { item_1, ...others } = valuesOf(reading);
				expect(others).toEqual(Object.fromEntries(some.slice(1)));
			}
		}
	});

	test.each([
		["1-0:96.1.0", "A", { id: "A" }],
		["1-1:96.1.1", "A", { id: "A" }],
		["1-0:0.0.1", "A", { id: "A" }],
		["1-1:0.0.255", "A", { id: "A" }],
		["0-0:96.1.7", "A", { model: "A" }],
		["0-0:0.2.129", "A", { list: "A" }],
		["0-0:42.0.0", "KAM1", { id: "KAM1", manufacturer: "Kamstrup" }],
		["0-0:42.0.0", "KAM", { id: "KAM", manufacturer: "Kamstrup" }],
		["0-0:42.0.0", "KA", { id: "KA" }],
		["0-0:42.0.0", "QQQ1", { id: "QQQ1" }],
	])("%s of %s says so", (code, content, expected) =>
		expect(listed([code, text(content)]).meter).toEqual({ list: "unknown", ...expected }),
	);

	test.each([
		"0-0:96.1.2",
		"0-0:96.2.0",
		"0-0:97.1.0",
		"0-0:42.1.0",
		"1-0:42.0.0",
		"0-0:0.0.1",
		"1-0:0.1.0",
		"1-0:0.2.0",
		"0-0:0.2.128",
		"2-0:96.1.0",
		"2-0:0.0.0",
		"0-0:0.3.129",
		"0-0:1.2.129",
		"0-5:96.1.0",
	])("%s does not", (code) => {
		const reading = listed([code, text("A")]);
		expect(reading.meter).toEqual({ list: "unknown" });
		expect(valuesOf(reading)).toEqual({ item_1: "1", [code]: "A" });
	});

	test("a number may be one, an empty text is none, the same twice is told once", () => {
		expect(listed(["0-0:96.1.0", uint32(12345)]).meter.id).toBe("12345");
		expect(
			listed(["0-0:96.1.0", text("")], ["0-0:0.2.129", text("")], ["0-0:96.1.7", text("")]).meter,
		).toEqual({ list: "unknown" });
		expect(values(["0-0:96.1.0", text("A")], ["0-0:96.1.1", text("A")])).toEqual({});
		expect(listed(["0-0:42.0.0", uint32(4931917)]).meter).toEqual({ id: "4931917", list: "unknown" });
	});
});

describe("times", () => {
	test("the clock is an object of its own; the notification's time stands before it", () => {
		const clock = ["0-0:1.0.0", octetString(TIME)] as const;
		expect(listed(clock).time).toBe("2019-01-31T13:36:10");
		expect(listed(["0-0:1.0.0", { tag: Tag.dateTime, content: TIME }]).time).toBe("2019-01-31T13:36:10");
		expect(values(clock)).toEqual({});
		const [reading] = readings(
			dlms.decodeFragment?.(
				notification(encodeAxdr(structure(uint8(1), obis(0, 0, 1, 0, 0), octetString(TIME))), {
					time: hex("07E40101FF00030000FF8800"),
				}),
				options(),
			) ?? [],
		);
		expect(reading?.time).toBe("2020-01-01T00:03:00+02:00");
	});

	test("elsewhere a time is a value; what is none is its bytes", () => {
		expect(
			values(
				["0-0:1.1.0", octetString(TIME)],
				["1-0:1.0.0", octetString(TIME)],
				["0-0:2.0.0", octetString(TIME)],
			),
		).toEqual({
			"0-0:1.1.0": "2019-01-31T13:36:10",
			"1-0:1.0.0": "2019-01-31T13:36:10",
			"0-0:2.0.0": "2019-01-31T13:36:10",
		});
		const never = "FF".repeat(12);
		const reading = listed(["0-0:1.0.0", typed(Tag.octetString, never)]);
		expect([reading.time, valuesOf(reading)["0-0:1.0.0"]]).toEqual([null, never]);
		expect(
			values(
				["1-0:99.1.0", { tag: Tag.dateTime, content: TIME }],
				["1-0:99.2.0", typed(Tag.date, "07E40101FF")],
				["1-0:99.3.0", typed(Tag.time, "0A0B0CFF")],
			),
		).toEqual({
			"1-0:99.1.0": "2019-01-31T13:36:10",
			"1-0:99.2.0": "07E40101FF",
			"1-0:99.3.0": "0A0B0CFF",
		});
	});
});

describe("sub-meters", () => {
	const m3 = scalerUnit(-3, 13);
	test("stand on channels 1 to 4, each with its number and counters", () => {
		const { devices } = listed(
			["0-1:96.1.0", text("G1")],
			["0-1:24.2.1", uint32(1234), m3],
			["0-1:24.2.5", text("")],
			["0-4:24.2.1", uint32(5), m3],
			["0-2:96.1.0", text("W1")],
		);
		expect(
			devices.map((device) => ({
				...device,
				quantities: valuesOf({ ...listed(), quantities: device.quantities }),
			})),
		).toEqual([
			{ kind: "device", id: "G1", channel: 1, time: null, quantities: { "0-1:24.2.1": "1.234 m³" } },
			{ kind: "device", channel: 4, time: null, quantities: { "0-4:24.2.1": "0.005 m³" } },
			{ kind: "device", id: "W1", channel: 2, time: null, quantities: {} },
		]);
	});

	test("whose number and counter are nothing are not there; a text or another number is something", () => {
		const channels = (...objects: Parameters<typeof listed>) =>
			listed(...objects).devices.map(({ channel }) => channel);
		expect(channels(["0-1:96.1.0", text("")], ["0-1:24.2.1", uint32(0), m3])).toEqual([]);
		expect(channels(["0-1:96.1.0", text("0000")], ["0-1:24.2.1", uint32(0), m3])).toEqual([]);
		expect(
			channels(["0-1:96.1.0", text("0000")], ["0-1:24.2.1", uint32(0), m3], ["0-1:24.2.2", uint32(1), m3]),
		).toEqual([1]);
		expect(channels(["0-1:24.2.1", text("open")])).toEqual([1]);
		expect(listed(["0-1:96.1.0", text("0000")], ["0-1:24.2.1", uint32(1), m3]).devices[0]).not.toHaveProperty(
			"id",
		);
	});

	test.each(["0-5:24.2.1", "1-1:24.2.1", "0-1:24.3.0", "0-1:23.2.0", "0-1:96.1.1", "0-1:96.2.0"])(
		"%s is none of one",
		(code) => {
			const reading = listed([code, uint32(7)]);
			expect(reading.devices).toEqual([]);
			expect(valuesOf(reading)[code]).toBe("7");
		},
	);
});

describe("values", () => {
	test("that are null, none or many are left out of objects", () =>
		expect(
			values(["1-0:1.7.0", NULL_DATA], ["1-0:2.7.0", typed(Tag.dontCare, "")], ["1-0:3.7.0", uint32(3)]),
		).toEqual({
			reactive_power_import: "3 var",
		}));

	test("are texts, bytes or bits where they are no numbers", () => {
		expect(
			values(
				["1-0:99.1.0", text("hello")],
				["1-0:99.2.0", octets(1, 2, 255)],
				["1-0:99.3.0", { tag: Tag.bitString, content: hex("8080"), bits: 9 }],
				["1-0:99.4.0", typed(Tag.float32, "7FC00000")],
				["1-0:99.5.0", text("")],
			),
		).toEqual({ "1-0:99.1.0": "hello", "1-0:99.2.0": "0102FF", "1-0:99.3.0": "8080" });
	});

	test.each([
		[octets(2), "2"],
		[octets(0, 2), "2"],
		[octets(1, 0, 0, 0), "16777216"],
		[uint8(1), "1"],
		[text("0002"), "0002"],
		[octets(31), "31"],
		[octets(32, 32), undefined],
		[octets(0, 0, 0, 0, 1), "0000000001"],
		[octets(), undefined],
	])("a tariff %j is %s", (value, expected) => expect(values(["0-0:96.14.0", value]).tariff).toBe(expected));

	test("have the units that the frame tells, none for codes of none", () =>
		expect(
			values(
				["0-0:96.8.0", uint32(90), scalerUnit(0, 6)],
				["1-0:99.1.0", uint32(5), scalerUnit(1, 255)],
				["1-0:99.2.0", uint32(5), scalerUnit(0, 99)],
				["1-0:14.7.0", uint32(5001), scalerUnit(-2, 44)],
				["1-0:13.7.0", uint32(99), scalerUnit(-2, 255)],
				["1-0:1.8.0", uint32(5), scalerUnit(3, 30)],
			),
		).toEqual({
			operating_time: "90 min",
			"1-0:99.1.0": "50",
			"1-0:99.2.0": "5",
			frequency: "50.01 Hz",
			power_factor: "0.99",
			energy_import: "5 kWh",
		}));

	test("behind transformers are multiplied: powers, energies and currents, nothing else", () => {
		const list = structure(
			...[obis(1, 0, 1, 7, 0), uint32(5), obis(1, 0, 1, 8, 0), uint32(7), obis(1, 0, 32, 7, 0), uint16(230)],
			...[
				obis(1, 0, 31, 7, 0),
				uint32(5),
				scalerUnit(0, 33),
				obis(0, 0, 96, 8, 0),
				uint32(3),
				scalerUnit(0, 5),
			],
		);
		const by = (transformerRatio: number | string) => {
			const [reading] = readings(
				dlms.decodeFragment?.(notification(encodeAxdr(list), {}), options({ transformerRatio })) ?? [],
			);
			return reading && Object.values(valuesOf(reading));
		};
		expect(by(20)).toEqual(["100 W", "0.140 kWh", "230 V", "100 A", "3 h"]);
		expect(by(1)).toEqual(["5 W", "0.007 kWh", "230 V", "5 A", "3 h"]);
		expect(by("20")).toEqual(["5 W", "0.007 kWh", "230 V", "5 A", "3 h"]);
	});

	test("without objects are numbered by their places, those of containers twice; a clock or a maker's name in front is known", () => {
		const reading = readingOf(
			structure(
				text("KFM1234"),
				octetString(TIME),
				uint8(7),
				array(uint8(1), structure(uint8(2)), NULL_DATA),
				typed(Tag.float32, "7FC00000"),
				text("KFM5"),
				uint64(9),
			),
		);
		expect(valuesOf(reading)).toEqual({
			item_3: "7",
			item_4_1: "1",
			item_4_2: "2",
			item_5: "7FC00000",
			item_6: "KFM5",
			item_7: "9",
		});
		expect(reading.meter).toEqual({ manufacturer: "Kaifa", id: "KFM1234", list: "unknown" });
		expect(reading.time).toBe("2019-01-31T13:36:10");
		expect(valuesOf(readingOf(uint32(5)))).toEqual({ item_1: "5" });
	});
});
