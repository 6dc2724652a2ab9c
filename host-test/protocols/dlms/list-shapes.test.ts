// By what each maker's list is known, and what looks like it and is none. Shapes of PROTOCOLS.md 7; values are made up here.

import { Tag } from "../../../protocols/dlms/axdr-tags.js";
import {
	type AxdrValue,
	array,
	int16,
	NULL_DATA,
	octetString,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "../../../protocols/dlms/encode/axdr-value.js";
import { TIME } from "./frames.js";
import { int8, obis, readingOf, uint8, uint64 } from "./list-support.js";
import { hex, valueOf, valuesOf } from "./support.js";

const list = (body: AxdrValue | Uint8Array) => readingOf(body).meter.list;
const energy = [obis(1, 0, 1, 8, 0), uint32(5)] as const;

describe("Landis+Gyr E450", () => {
	const clock = octetString(TIME);
	test("is a clock and bare pairs, to the last", () => {
		const reading = readingOf(
			structure(
				clock,
				...energy,
				obis(1, 0, 32, 7, 0),
				uint16(231),
				obis(1, 0, 31, 7, 0),
				uint16(123),
				obis(1, 0, 13, 7, 0),
				uint16(98),
			),
		);
		expect(reading.meter).toEqual({ manufacturer: "Landis+Gyr", list: "E450-9" });
		expect(valuesOf(reading)).toEqual({
			energy_import: "0.005 kWh",
			voltage_l1: "231 V",
			current_l1: "1.23 A",
			power_factor: "0.98",
		});
		expect(list(structure(clock, ...energy))).toBe("E450-3");
	});

	test.each([
		["another item between", structure(clock, ...energy, uint32(5), obis(1, 0, 2, 8, 0))],
		["a container for a value", structure(clock, ...energy, obis(1, 0, 2, 8, 0), structure())],
		["a code without a value", structure(clock, ...energy, obis(1, 0, 2, 8, 0))],
		["no clock", structure(text("no"), ...energy)],
		["a time of its own type", structure({ tag: Tag.dateTime, content: TIME }, ...energy)],
		["an array", array(clock, ...energy)],
	])("with %s is another list", (_name, body) => expect(list(body)).toBe("unknown"));

	test("of Burgenland is known by its places", () => {
		const values = [...[230, 231, 232, 150, 20, 3].map(uint16), ...[1500, 0, 123456, 7].map(uint32)];
		expect(list(structure(...values, text("12345678")))).toBe("LNG2-11");
		expect(list(structure(...values, ...[1, 2, 3].map(uint16), text("12345678")))).toBe("LNG2-14");
		expect(list(structure(...values, uint16(1)))).toBe("unknown");
		expect(list(structure(...values.slice(1), text("12345678")))).toBe("unknown");
		const wide = structure(
			...values.slice(0, 6).map(() => NULL_DATA),
			uint64(1),
			{ tag: Tag.int32, content: hex("FFFFFFFF") },
			{ tag: Tag.int64, content: hex("0000000000000002") },
			NULL_DATA,
			text("1"),
		);
		expect(valuesOf(readingOf(wide))).toEqual({
			power_import: "1 W",
			power_export: "-1 W",
			energy_import: "0.002 kWh",
		});
		expect(list(structure(...[1, 2, 3, 4, 5, 6].map(int16), ...[1, 2, 3, 4].map(uint32), text("1")))).toBe(
			"LNG2-11",
		);
	});
});

describe("described lists", () => {
	const descriptor = (kind: number, code: AxdrValue, attribute: number) =>
		structure(uint16(kind), code, int8(attribute), uint16(0));
	const PUSH = obis(0, 8, 25, 9, 0);
	const [A, U] = [obis(1, 0, 1, 8, 0), obis(1, 0, 32, 7, 0)];

	test("leave out names of objects; other attributes are values without a name", () => {
		const body = structure(
			array(
				descriptor(40, PUSH, 2),
				descriptor(3, A, 1),
				descriptor(3, A, 2),
				descriptor(4, A, 5),
				descriptor(3, A, 3),
				descriptor(7, U, 2),
			),
			A,
			uint32(5),
			uint32(6),
			scalerUnit(3, 30),
			array(uint8(7), uint8(8)),
		);
		expect(valuesOf(readingOf(body))).toEqual({
			energy_import: "5 kWh",
			item_4: "6",
			item_6_1: "7",
			item_6_2: "8",
		});
		expect(list(body)).toBe("0-8:25.9.0");
	});

	test("are called by the push object's own code, the first of them", () => {
		const body = structure(
			array(
				descriptor(40, PUSH, 2),
				descriptor(40, PUSH, 1),
				descriptor(40, obis(0, 9, 25, 9, 0), 1),
				descriptor(3, A, 2),
			),
			text("x"),
			text("y"),
			uint32(5),
		);
		expect(list(body)).toBe("0-8:25.9.0");
	});

	test("a scaler belongs to its own object; one that is none is a value", () => {
		const body = (scaler: AxdrValue) =>
			structure(
				array(
					descriptor(40, PUSH, 2),
					descriptor(3, A, 2),
					descriptor(3, U, 2),
					descriptor(3, U, 3),
					descriptor(3, A, 4),
				),
				uint32(5),
				uint32(231),
				scaler,
				scalerUnit(3, 30),
			);
		expect(valuesOf(readingOf(body(scalerUnit(-1, 35))))).toMatchObject({
			energy_import: "0.005 kWh",
			voltage_l1: "23.1 V",
		});
		expect(valuesOf(readingOf(body(uint8(9))))).toMatchObject({
			energy_import: "0.005 kWh",
			voltage_l1: "231 V",
			item_4: "9",
		});
	});

	test("a count of volts or amperes says their scale; 64 bits in either sign say whole amperes", () => {
		const body = (wide: AxdrValue, code = obis(1, 0, 31, 7, 0)) =>
			structure(array(descriptor(40, PUSH, 2), descriptor(3, A, 2), descriptor(3, code, 2)), wide, uint32(3));
		const current = (wide: AxdrValue) => valueOf(readingOf(body(wide)), "current_l1");
		expect([
			current(uint32(1)),
			current(uint64(1)),
			current({ tag: Tag.int64, content: hex("0000000000000001") }),
		]).toEqual(["0.03 A", "3 A", "3 A"]);
		expect(valueOf(readingOf(body(uint32(1), obis(1, 0, 13, 7, 0))), "power_factor")).toBe("0.003");
		expect(valueOf(readingOf(body(uint32(1), obis(1, 0, 32, 7, 0))), "voltage_l1")).toBe("3 V");
		const maximum = structure(
			array(
				descriptor(40, PUSH, 2),
				descriptor(3, U, 2),
				descriptor(3, obis(1, 0, 32, 6, 0), 2),
				descriptor(3, obis(1, 0, 32, 7, 1), 2),
				descriptor(3, obis(0, 0, 32, 7, 0), 2),
			),
			uint16(230),
			uint16(2300),
			uint16(2300),
			uint16(2300),
		);
		expect(valueOf(readingOf(maximum), "voltage_l1")).toBe("230 V");
	});

	test.each([
		["no descriptors", structure(array(), uint32(5))],
		["a descriptor of three", structure(array(structure(uint16(3), A, int8(2))), uint32(5))],
		["a class of one byte", structure(array(structure(uint8(3), A, int8(2), uint16(0))), uint32(5))],
		["no code", structure(array(structure(uint16(3), text("A"), int8(2), uint16(0))), uint32(5))],
		["an attribute of two bytes", structure(array(structure(uint16(3), A, uint16(2), uint16(0))), uint32(5))],
		["a descriptor that is none behind", structure(array(descriptor(3, A, 2), uint8(1)), uint32(5))],
		["an array for a descriptor", structure(array(array(uint16(3), A, int8(2), uint16(0))), uint32(5))],
		["more values than descriptors", structure(array(descriptor(3, A, 2)), uint32(5), uint32(6))],
		["an array around", array(array(descriptor(3, A, 2)), uint32(5))],
	])("with %s are none", (_name, body) =>
		expect(Object.values(valuesOf(readingOf(body)))).not.toContain("0.005 kWh"),
	);
});

describe("the Czech list", () => {
	const begins = "02 02 16 01 01";
	test("leaves out the push object and names; other members are values by their places", () => {
		const reading = readingOf(
			hex(`${begins} 05
				02 02 0028 0000190900FF 02 09 01 30
				02 02 0003 0100010700FF 01 09 01 31
				02 02 0003 0100010800FF 02 06 00000004
				11 07
				02 02 0003 0100020700FF 02 02 01 11 09`),
		);
		expect(valuesOf(reading)).toEqual({ energy_import: "0.004 kWh", item_4: "7", item_5_1: "9" });
		expect(reading.meter.list).toBe("EGD");
	});

	test("is known by its three kinds of items", () => {
		expect(list(hex("02 02 16 01 01 01 02 02 11 02 11 01"))).toBe("unknown");
		expect(
			list(hex(`${begins.replace("02 02", "02 03")} 01 02 02 0003 0100010700FF 02 06 00000003 11 01`)),
		).toBe("unknown");
		expect(list(hex("02 02 16 01 02 01 02 02 0003 0100010700FF 02 06 00000003"))).toBe("unknown");
	});
});

describe("Austria", () => {
	const scaled = [obis(1, 0, 1, 8, 0), uint32(5), scalerUnit(0, 30)] as const;
	const object = structure(...scaled);
	test.each([
		["a clock in front", structure(octetString(TIME), ...scaled), "AT"],
		["a clock's object in front", structure(obis(0, 0, 1, 0, 0), octetString(TIME), object), "AT-Salzburg"],
		[
			"a clock's object and no structures",
			structure(obis(0, 0, 1, 0, 0), octetString(TIME), ...scaled),
			"unknown",
		],
		["another object in front", structure(obis(0, 0, 1, 0, 0), octets(1), object), "unknown"],
		["another text in front", structure(octets(1, 2), ...scaled), "unknown"],
		["an array", array(octetString(TIME), ...scaled), "unknown"],
		["no scalers", structure(octetString(TIME), ...energy), "E450-3"],
	])("%s: %s", (_name, body, expected) => expect(list(body)).toBe(expected));
});

describe("Aidon", () => {
	test.each([
		["structures of objects", array(structure(...energy)), "AIDON"],
		["one that is no structure", array(structure(...energy), uint8(1)), "unknown"],
		["one without a code", array(structure(...energy), structure(uint8(1), uint8(2))), "unknown"],
		["arrays of objects", array(array(...energy)), "unknown"],
		["a structure around", structure(structure(...energy)), "unknown"],
		["no code at first", array(structure(uint8(1), uint8(2)), structure(...energy)), "unknown"],
	])("%s: %s", (_name, body, expected) => expect(list(body)).toBe(expected));
});
