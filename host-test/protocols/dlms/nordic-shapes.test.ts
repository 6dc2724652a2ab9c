// Kaifa's, Iskraemeco's and Kamstrup's lists at their edges: by what they are known, and what settings and types change.
// Shapes and scales of PROTOCOLS.md 7.1, 7.3 and 7.4; values are made up here.

import { Tag } from "../../../protocols/dlms/axdr-tags.js";
import { dlms } from "../../../protocols/dlms/dlms.js";
import {
	type AxdrValue,
	array,
	encodeAxdr,
	NULL_DATA,
	octets,
	structure,
	text,
	uint16,
	uint32,
} from "../../../protocols/dlms/encode/axdr-value.js";
import { notification } from "../../../protocols/dlms/encode/frames.js";
import { obis, readingOf, uint8 } from "./list-support.js";
import { hex, options, readings, valueOf, valuesOf } from "./support.js";

const list = (body: AxdrValue) => readingOf(body).meter.list;
const energy = [obis(1, 0, 1, 8, 0), uint32(5)] as const;

describe("a list of Kaifa, Iskraemeco or Kamstrup", () => {
	test("Kaifa's power alone", () => {
		const reading = readingOf(structure(uint32(777)));
		expect([reading.meter, valuesOf(reading)]).toEqual([
			{ manufacturer: "Kaifa", list: "KFM_001" },
			{ power_import: "777 W" },
		]);
		expect(readingOf(array(uint32(777))).meter).toEqual({ list: "unknown" });
		expect(readingOf(structure(NULL_DATA, uint8(1))).meter).toEqual({ list: "unknown" });
		expect(
			readings(dlms.decodeFragment?.(notification(encodeAxdr(structure(NULL_DATA)), {}), options()) ?? []),
		).toEqual([]);
	});

	test("Kaifa's pairs have factors in thousandths", () => {
		const pairs = [
			obis(1, 1, 0, 2, 129),
			text("KFM_001"),
			obis(1, 0, 13, 7, 0),
			uint16(950),
			obis(1, 0, 31, 7, 0),
			uint32(1500),
		];
		expect(valuesOf(readingOf(structure(...pairs)))).toMatchObject({
			power_factor: "0.950",
			current_l1: "1.500 A",
		});
	});

	test("an Iskraemeco names itself also where its list is not known", () => {
		const maker = (name: string) => readingOf(structure(text(name), uint8(1), uint8(2))).meter.manufacturer;
		expect([maker("ISK1"), maker("ISE1"), maker("IS1")]).toEqual(["Iskraemeco", "Iskraemeco", undefined]);
	});

	test("booleans, enums and bytes are one kind of place, anything another", () => {
		const body = (state: AxdrValue, tariff: AxdrValue) =>
			structure(text("ISK105"), text("1234"), state, tariff, ...[1, 2, 3, 4, 5, 6, 7, 8].map(uint32));
		const state = (tag: number) => valuesOf(readingOf(body({ tag, content: hex("01") }, octets(2))));
		for (const tag of [Tag.boolean, Tag.enum, Tag.uint8, Tag.int8])
			expect(state(tag)).toMatchObject({ "0-0:96.3.10": "1", tariff: "2", energy_import: "0.001 kWh" });
		expect(readingOf(body(uint16(1), octets(2))).meter.list).toBe("unknown");
	});

	test("Kamstrup's currents are told by the type, else by the powers; factors are hundredths, loose items numbered", () => {
		const current = (type: AxdrValue[], raw: number) => {
			const reading = readingOf(
				structure(
					text("Kamstrup_V0001", Tag.visibleString),
					...type,
					obis(1, 1, 1, 7, 0),
					uint32(2300),
					obis(1, 1, 32, 7, 0),
					uint16(230),
					obis(1, 1, 31, 7, 0),
					uint32(raw),
				),
			);
			return valueOf(reading, "current_l1");
		};
		const type = (number: string) => [obis(1, 1, 96, 1, 1), text(number)];
		expect([
			current(type("684"), 1000),
			current(type("685"), 1000),
			current([], 1000),
			current([], 10_000),
		]).toEqual(["10.00 A", "1.000 A", "10.00 A", "10.000 A"]);
		const loose = readingOf(
			structure(text("Kamstrup_V0001", Tag.visibleString), obis(1, 1, 13, 7, 0), uint16(99), uint32(7)),
		);
		expect(valuesOf(loose)).toEqual({ power_factor: "0.99", item_4: "7" });
		expect(list(array(text("Kamstrup_V0001"), ...energy))).toBe("unknown");
	});

	test("Kamstrup's energies are in 10 Wh but where the setting says 1", () => {
		const bytes = notification(
			encodeAxdr(structure(text("Kamstrup_V0001", Tag.visibleString), ...energy)),
			{},
		);
		const by = (kamstrupEnergyScale: string) => {
			const [reading] = readings(dlms.decodeFragment?.(bytes, options({ kamstrupEnergyScale })) ?? []);
			return reading && valueOf(reading, "energy_import");
		};
		expect(["auto", "10", "1"].map(by)).toEqual(["0.05 kWh", "0.05 kWh", "0.005 kWh"]);
	});
});
