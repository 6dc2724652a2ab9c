// Lists of Austria and Czechia, and lists that nobody knows, built from the shapes of PROTOCOLS.md 7.6 and 7.7.
// Captures of real meters: corpora.test.ts.

import { dlms } from "../../../protocols/dlms/dlms.js";
import {
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
import { obis, readingOf, uint8 } from "./list-support.js";
import { hex, options, rejections, valuesOf } from "./support.js";

it("Austria: clock, pairs with scalers, the meter's number last", () => {
	const reading = readingOf(
		structure(
			octetString(TIME),
			obis(1, 0, 1, 8, 0),
			uint32(12937),
			scalerUnit(0, 30),
			obis(1, 0, 32, 7, 0),
			uint16(2337),
			scalerUnit(-1, 35),
			obis(1, 0, 13, 7, 0),
			uint16(1000),
			scalerUnit(-3, 255),
			text("181220000009"),
		),
	);
	expect(valuesOf(reading)).toEqual({
		energy_import: "12.937 kWh",
		voltage_l1: "233.7 V",
		power_factor: "1.000",
	});
	expect(reading.meter).toEqual({ id: "181220000009", list: "AT" });
});

it("Salzburg: a structure for each object; two numbers, of which the device's is the meter's", () => {
	const reading = readingOf(
		structure(
			obis(0, 0, 1, 0, 0),
			octetString(TIME),
			structure(obis(0, 0, 96, 1, 0), text("1KFM0200234804")),
			structure(obis(0, 0, 42, 0, 0), text("KFM1200200234804")),
			structure(obis(1, 0, 31, 7, 0), uint16(165), scalerUnit(-2, 33)),
		),
	);
	expect(valuesOf(reading)).toEqual({ "0-0:42.0.0": "KFM1200200234804", current_l1: "1.65 A" });
	expect(reading.meter).toEqual({ manufacturer: "Kaifa", id: "1KFM0200234804", list: "AT-Salzburg" });
});

it("EGD: untagged descriptors", () => {
	const reading = readingOf(
		hex(`02 02 16 01 01 03
			02 02 0001 0000600100FF 02 09 0A 30313233343536373839
			02 02 0003 0100010700FF 02 06 00000003
			02 02 0003 0100010801FF 02 06 00000004`),
	);
	expect(valuesOf(reading)).toEqual({ power_import: "3 W", energy_import_t1: "0.004 kWh" });
	expect(reading.meter).toEqual({ id: "0123456789", list: "EGD" });
});

describe("a list that nobody knows", () => {
	it("gives its OBIS values with what scaling the frame carries, and no unit to a current that it cannot scale", () => {
		const reading = readingOf(
			structure(
				obis(1, 0, 1, 7, 0),
				uint32(5),
				obis(1, 0, 31, 7, 0),
				uint16(41),
				structure(obis(1, 0, 51, 7, 0), uint16(41), scalerUnit(-1, 33)),
				obis(1, 0, 32, 7, 0),
				NULL_DATA,
				obis(1, 0, 99, 99, 9),
				uint32(77),
			),
		);
		expect(valuesOf(reading)).toEqual({
			power_import: "5 W",
			"1-0:31.7.0": "41",
			current_l2: "4.1 A",
			"1-0:99.99.9": "77",
		});
		expect(reading.meter.list).toBe("unknown");
	});

	it("names positional values item_N, leaves null out", () => {
		const reading = readingOf(
			structure(uint16(1), NULL_DATA, text("hello"), octets(1, 2, 255), array(uint8(4), uint8(5))),
		);
		expect(valuesOf(reading)).toEqual({
			item_1: "1",
			item_3: "hello",
			item_4: "0102FF",
			item_5_1: "4",
			item_5_2: "5",
		});
		expect(reading.meter).toEqual({ list: "unknown" });
	});

	it("keeps two objects of one name apart", () => {
		const reading = readingOf(
			structure(
				obis(1, 0, 1, 8, 0),
				uint32(1),
				obis(1, 1, 1, 8, 0),
				uint32(2),
				obis(1, 1, 1, 8, 0),
				uint32(3),
			),
		);
		expect(valuesOf(reading)).toEqual({ energy_import: "0.001 kWh", "1-1:1.8.0": "0.002 kWh" });
	});

	it("with nothing in it is no reading", () => {
		const actions = dlms.decodeFragment?.(notification(encodeAxdr(structure())), options()) ?? [];
		expect(rejections(actions)).toMatchObject([{ layer: "list", code: "empty" }]);
	});
});

it("a list of tagged objects behind a logical device name says who the meter is", () => {
	const reading = readingOf(
		structure(
			text("ISK1030775213859"),
			structure(obis(1, 0, 1, 7, 0), uint32(5), scalerUnit(0, 27)),
			structure(obis(1, 0, 32, 7, 0), uint16(2301), scalerUnit(-1, 35)),
		),
	);
	expect(valuesOf(reading)).toEqual({ power_import: "5 W", voltage_l1: "230.1 V" });
	expect(reading.meter).toEqual({ manufacturer: "Iskraemeco", id: "ISK1030775213859", list: "unknown" });
});
