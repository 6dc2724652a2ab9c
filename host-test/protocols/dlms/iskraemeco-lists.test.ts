// Positional lists of Iskraemeco, built from the shapes and scales of PROTOCOLS.md 7.4.

import { Tag } from "../../../protocols/dlms/axdr-tags.js";
import {
	type AxdrValue,
	array,
	NULL_DATA,
	octetString,
	octets,
	structure,
	text,
	uint16,
	uint32,
} from "../../../protocols/dlms/encode/axdr-value.js";
import { TIME } from "./frames.js";
import { readingOf, uint8 } from "./list-support.js";
import { valuesOf } from "./support.js";

describe("Iskraemeco", () => {
	const name = text("ISK1030789375606");
	const id = text("16820005");
	const watts = (...values: number[]) => values.map(uint32);
	const shorts = (...values: number[]) => values.map(uint16);

	it.each<[string, AxdrValue[], Record<string, string>]>([
		[
			"18 items",
			[
				name,
				id,
				...watts(1393, 0, 0, 738),
				...shorts(2379, 2380, 2296, 103, 125, 597),
				...watts(16, 51, 1325, 1, 2, 3),
			],
			{
				power_import: "1393 W",
				reactive_power_export: "738 var",
				voltage_l2: "238.0 V",
				current_l3: "5.97 A",
				power_import_l3: "1325 W",
				power_export_l1: "1 W",
			},
		],
		[
			"12 items with the breaker's state",
			[
				name,
				id,
				{ tag: Tag.enum, content: Uint8Array.of(1) },
				octets(0, 2),
				...watts(52837, 13593, 39244, 177927, 78615, 99312, 107882, 43253),
			],
			{
				"0-0:96.3.10": "1",
				tariff: "2",
				energy_import: "52.837 kWh",
				energy_import_t2: "39.244 kWh",
				energy_export_t1: "78.615 kWh",
				reactive_energy_export: "43.253 kvarh",
			},
		],
		[
			"12 items with voltages first",
			[name, id, ...shorts(2301, 2302, 2303, 10, 20, 30), ...watts(400, 1, 2, 3)],
			{ voltage_l3: "230.3 V", current_l1: "0.10 A", power_import: "400 W", reactive_power_export: "3 var" },
		],
		[
			"10 items of one phase",
			[name, id, ...watts(400, 1, 2, 3), ...shorts(2301, 10), ...watts(399, 0)],
			{ voltage_l1: "230.1 V", current_l1: "0.10 A", power_import_l1: "399 W", power_export_l1: "0 W" },
		],
		[
			"10 items of energies",
			[name, id, ...watts(1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000)],
			{
				energy_import_t1: "1.000 kWh",
				energy_import_t2: "2.000 kWh",
				energy_export_t2: "4.000 kWh",
				"1-0:3.8.1": "5.000 kvarh",
				"1-0:4.8.2": "8.000 kvarh",
			},
		],
		[
			"9 items with a voltage",
			[name, id, ...watts(373, 0, 0, 0), uint16(2301), ...watts(10, 20)],
			{
				power_import: "373 W",
				voltage_l1: "230.1 V",
				energy_export_t1: "0.010 kWh",
				energy_export_t2: "0.020 kWh",
			},
		],
		[
			"9 items of powers and energies",
			[name, ...watts(373, 0, 3000, 1000, 2000, 30, 10, 20)],
			{
				power_import: "373 W",
				energy_import: "3.000 kWh",
				energy_import_t2: "2.000 kWh",
				energy_export_t2: "0.020 kWh",
			},
		],
		[
			"8 items",
			[name, id, ...shorts(2301, 162), ...watts(373, 0, 1, 2)],
			{ voltage_l1: "230.1 V", current_l1: "1.62 A", power_import: "373 W" },
		],
		[
			"4 items",
			[id, uint8(0), ...watts(7924641, 5)],
			{ item_2: "0", energy_import: "7924.641 kWh", energy_export: "0.005 kWh" },
		],
		[
			"28 items of Croatia",
			[
				id,
				octets(15, 53, 30, 0),
				octets(7, 233, 12, 3, 3),
				...watts(1, 2, 3, 4, 5, 6),
				...watts(499, 0),
				...watts(27, 295, 176, 1, 2, 3),
				...shorts(2336, 2354, 2355, 29, 172, 109),
				uint32(17250),
				array(uint16(9400)),
				NULL_DATA,
				NULL_DATA,
				{ tag: Tag.boolean, content: Uint8Array.of(1) },
			],
			{
				energy_import: "0.001 kWh",
				energy_export_t2: "0.006 kWh",
				power_import: "499 W",
				power_export_l3: "3 W",
				voltage_l1: "233.6 V",
				current_l2: "1.72 A",
				item_24: "17250",
				item_25_1: "9400",
				item_28: "1",
			},
		],
		[
			"15 items of a 3-wire meter",
			[
				...watts(1, 2, 3, 4, 5, 6),
				text(""),
				octetString(TIME),
				...watts(7, 499),
				...shorts(29, 172, 109, 2336, 2355),
			],
			{
				energy_import_t2: "0.003 kWh",
				power_export: "7 W",
				power_import: "499 W",
				current_l3: "1.09 A",
				voltage_l3: "235.5 V",
			},
		],
	])("%s", (_, members, expected) => {
		const reading = readingOf(structure(...members), TIME);
		expect(valuesOf(reading)).toMatchObject(expected);
		expect(reading.meter.manufacturer).toBe("Iskraemeco");
		expect(reading.meter.list).toBe(`ISK-${members.length}`);
	});

	it("takes the logical name as the meter's number where the number is empty", () => {
		const reading = readingOf(structure(name, text(""), ...shorts(2301, 162), ...watts(373, 0, 1, 2)));
		expect(reading.meter.id).toBe("ISK1030789375606");
	});
});
