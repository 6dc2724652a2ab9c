// Landis+Gyr's lists, built from the shapes and scales of PROTOCOLS.md 7.5.

import {
	type AxdrValue,
	array,
	octetString,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "../../../protocols/dlms/encode/axdr-value.js";
import { TIME } from "./frames.js";
import { int8, obis, readingOf, uint64 } from "./list-support.js";
import { valueOf, valuesOf } from "./support.js";

describe("Landis+Gyr", () => {
	const descriptor = (kind: number, code: AxdrValue, attribute: number) =>
		structure(uint16(kind), code, int8(attribute), uint16(0));
	const described = (entries: readonly (readonly [AxdrValue, AxdrValue])[]) => {
		const push = obis(0, 8, 25, 9, 0);
		const descriptors = array(
			descriptor(40, push, 2),
			descriptor(40, push, 1),
			...entries.map(([code]) => descriptor(3, code, 2)),
		);
		return structure(descriptors, push, ...entries.map(([, value]) => value));
	};

	it("described lists name their values; volts are whole (E450) or tenths (E360)", () => {
		const values = (voltage: number): (readonly [AxdrValue, AxdrValue])[] => [
			[obis(1, 0, 1, 7, 0), uint32(777)],
			[obis(1, 1, 1, 8, 0), uint32(25149419)],
			[obis(1, 0, 32, 7, 0), uint16(voltage)],
			[obis(1, 0, 31, 7, 0), uint16(338)],
		];
		expect(valuesOf(readingOf(described(values(230))))).toEqual({
			power_import: "777 W",
			energy_import: "25149.419 kWh",
			voltage_l1: "230 V",
			current_l1: "3.38 A",
		});
		const tenths = readingOf(described(values(2304)));
		expect(valueOf(tenths, "voltage_l1")).toBe("230.4 V");
		expect(tenths.meter.list).toBe("0-8:25.9.0");
	});

	it("currents are scaled so that volts times amperes make the frame's power; without load, by the counters' width", () => {
		const values = (
			power: number,
			current: number,
			energy: AxdrValue,
		): (readonly [AxdrValue, AxdrValue])[] => [
			[obis(1, 0, 1, 7, 0), uint32(power)],
			[obis(1, 0, 1, 8, 0), energy],
			[obis(1, 0, 32, 7, 0), uint16(230)],
			[obis(1, 0, 31, 7, 0), uint32(current)],
		];
		const current = (...list: Parameters<typeof values>) =>
			valueOf(readingOf(described(values(...list))), "current_l1");
		// 230 V × 20 A = 4600 VA: 2000 counts of 0.01 A, or 20 counts of 1 A.
		expect(current(4500, 2000, uint32(1))).toBe("20.00 A");
		expect(current(4500, 20, uint32(1))).toBe("20 A");
		expect(current(4500, 2000, uint64(1))).toBe("20.00 A");
		expect(current(0, 3, uint32(1))).toBe("0.03 A");
		expect(current(0, 3, uint64(1))).toBe("3 A");
	});

	it("a scaler that the list describes as an attribute of its own is used", () => {
		const code = obis(1, 0, 31, 7, 0);
		const reading = readingOf(
			structure(
				array(descriptor(40, obis(0, 8, 25, 9, 0), 2), descriptor(3, code, 2), descriptor(3, code, 3)),
				uint16(1234),
				scalerUnit(-3, 33),
			),
		);
		expect(valuesOf(reading)).toEqual({ current_l1: "1.234 A" });
	});

	it("devices on M-Bus channels are devices of their own, empty channels none", () => {
		const reading = readingOf(
			structure(
				array(
					descriptor(40, obis(0, 11, 25, 9, 0), 2),
					descriptor(1, obis(0, 1, 96, 1, 0), 2),
					descriptor(1, obis(0, 2, 96, 1, 0), 2),
					descriptor(4, obis(0, 1, 24, 2, 1), 2),
					descriptor(4, obis(0, 2, 24, 2, 1), 2),
				),
				text("24521662"),
				octets(0),
				uint32(30545),
				uint32(0),
			),
		);
		expect(reading.devices).toMatchObject([
			{ kind: "device", id: "24521662", channel: 1, quantities: [{ obis: "0-1:24.2.1" }] },
		]);
	});

	it("positional lists of Burgenland, with and without three unknown values", () => {
		const values = [...[230, 231, 232, 150, 20, 3].map(uint16), ...[1500, 0, 123456, 7].map(uint32)];
		const long = readingOf(structure(...values, ...[1, 2, 3].map(uint16), text("12345678")), TIME);
		const short = readingOf(structure(...values, text("12345678")), TIME);
		for (const reading of [long, short]) {
			expect(valuesOf(reading)).toMatchObject({
				voltage_l2: "231 V",
				current_l1: "1.50 A",
				energy_import: "123.456 kWh",
			});
			expect(reading.meter).toMatchObject({ manufacturer: "Landis+Gyr", id: "12345678" });
		}
		expect(valueOf(long, "item_13")).toBe("3");
	});

	it("a clock and bare pairs", () => {
		const reading = readingOf(
			structure(octetString(TIME), obis(1, 0, 1, 8, 1), uint32(3593919), obis(1, 0, 3, 7, 0), uint32(1735)),
		);
		expect(valuesOf(reading)).toEqual({
			energy_import_t1: "3593.919 kWh",
			reactive_power_import: "1735 var",
		});
		expect(reading.time).toBe("2019-01-31T13:36:10");
	});
});
