// Push lists of Aidon and Kaifa, built from the shapes and scales of PROTOCOLS.md 7.2 and 7.3.

import { aidonList } from "../../../protocols/dlms/encode/aidon-list.js";
import { structure, text, uint32 } from "../../../protocols/dlms/encode/axdr-value.js";
import { kaifaList } from "../../../protocols/dlms/encode/kaifa-list.js";
import { TIME } from "./frames.js";
import { obis, readingOf, uint64 } from "./list-support.js";
import { hex, valuesOf } from "./support.js";

describe("Aidon", () => {
	const identity = { meterId: "7359992890941742", meterType: "6525" };

	it("list 1 is the active power alone", () => {
		const reading = readingOf(aidonList({ powers: [1362, 0, 0, 0] }));
		expect(valuesOf(reading)).toEqual({ power_import: "1362 W" });
		expect(reading.meter.manufacturer).toBe("Aidon");
		expect(reading.time).toBeNull();
	});

	it("list 3 of a three-wire meter: 0.1 A, 0.1 V, 10 Wh, no current on L2, the clock as time", () => {
		const reading = readingOf(
			aidonList({
				powers: [1362, 0, 996, 0],
				identity,
				currents: [93, undefined, -7],
				voltages: [2500, 2499, 2300],
				clock: TIME,
				energies: [2272138, 0, 58243, 170843],
			}),
		);
		expect(valuesOf(reading)).toEqual({
			power_import: "1362 W",
			power_export: "0 W",
			reactive_power_import: "996 var",
			reactive_power_export: "0 var",
			current_l1: "9.3 A",
			current_l3: "-0.7 A",
			voltage_l1: "250.0 V",
			voltage_l2: "249.9 V",
			voltage_l3: "230.0 V",
			energy_import: "22721.38 kWh",
			energy_export: "0.00 kWh",
			reactive_energy_import: "582.43 kvarh",
			reactive_energy_export: "1708.43 kvarh",
		});
		expect(reading.time).toBe("2019-01-31T13:36:10");
		expect(reading.meter).toEqual({
			manufacturer: "Aidon",
			model: "6525",
			id: "7359992890941742",
			list: "AIDON_V0001",
		});
	});

	it("Landis+Gyr's EMBRIQ list is read in spite of swapped tags and energies without medium", () => {
		const list = hex(`01 04
			02 02 09 06 0101000281FF 0A 0B 454D425249515F56315F31
			02 03 09 06 0100010700FF 06 00000230 02 02 0F 00 16 1B
			02 03 06 09 01001F0700FF 10 00F4 02 02 0F FE 16 21
			02 03 09 06 0000010800FF 06 000086AF 02 02 0F 00 16 1E`);
		const reading = readingOf(list);
		expect(valuesOf(reading)).toEqual({
			power_import: "560 W",
			current_l1: "2.44 A",
			energy_import: "34.479 kWh",
		});
		expect(reading.meter).toMatchObject({ manufacturer: "Landis+Gyr", list: "EMBRIQ_V1_1" });
	});
});

describe("Kaifa", () => {
	const identity = { meterId: "6970631402614476", meterType: "MA304H3E" };
	const three = { currents: [33813, 28103, 18178], voltages: [2168, 0, 2188] };
	const hourly = { clock: TIME, energies: [79591144, 0, 889389, 3210932] as const };

	it.each([
		[1, { powers: [1415, 0, 0, 0] as const }],
		[9, { powers: [1415, 0, 0, 2] as const, identity, currents: [7087], voltages: [2367] }],
		[13, { powers: [1415, 0, 0, 2] as const, identity, ...three }],
		[14, { powers: [1415, 0, 0, 2] as const, identity, currents: [7087], voltages: [2367], ...hourly }],
		[18, { powers: [1415, 0, 0, 2] as const, identity, ...three, ...hourly }],
	])("list of %i items", (count, values) => {
		const reading = readingOf(kaifaList(values), TIME);
		const all = valuesOf(reading);
		expect(all.power_import).toBe("1415 W");
		expect(all.current_l2).toBe(count === 13 || count === 18 ? "28.103 A" : undefined);
		expect(all.voltage_l1).toBe(
			count === 1 ? undefined : count === 9 || count === 14 ? "236.7 V" : "216.8 V",
		);
		expect(all.energy_import).toBe(count >= 14 ? "79591.144 kWh" : undefined);
		expect(Object.keys(all)).toHaveLength([1, 6, 10, 10, 14][[1, 9, 13, 14, 18].indexOf(count)] as number);
		expect(reading.meter).toMatchObject({ manufacturer: "Kaifa", list: "KFM_001" });
		expect(reading.meter.id).toBe(count === 1 ? undefined : "6970631402614476");
		expect(reading.time).toBe("2019-01-31T13:36:10");
	});

	it("64-bit energies, and pairs without scalers as in Sweden", () => {
		const reading = readingOf(
			structure(
				obis(1, 0, 0, 2, 129),
				text("KFM_001"),
				obis(0, 0, 96, 1, 0),
				text("7340734073407340"),
				obis(0, 0, 96, 1, 7),
				text("MA304H4"),
				obis(1, 0, 31, 7, 0),
				uint32(6781),
				obis(1, 0, 32, 7, 0),
				uint32(2322),
				obis(1, 0, 1, 8, 0),
				uint64(4786979),
			),
		);
		expect(valuesOf(reading)).toEqual({
			current_l1: "6.781 A",
			voltage_l1: "232.2 V",
			energy_import: "4786.979 kWh",
		});
		expect(reading.meter).toEqual({
			manufacturer: "Kaifa",
			model: "MA304H4",
			id: "7340734073407340",
			list: "KFM_001",
		});
	});
});
