// Kamstrup_V0001 end to end: HDLC, LLC, data-notification, list. Layout and scales: Kamstrup HAN-NVE interface
// description (PROTOCOLS.md 7.1).

import { dlms } from "../../../protocols/dlms/dlms.js";
import { notification } from "../../../protocols/dlms/encode/frames.js";
import { kamstrupList } from "../../../protocols/dlms/encode/kamstrup-list.js";
import { FRAME_10_S, FRAME_HOURLY, framed, KAMSTRUP_10_S, KAMSTRUP_ONE_PHASE, TIME } from "./frames.js";
import { hex, options, readingOf, readings, valueOf, valuesOf } from "./support.js";

describe("the 10-second list", () => {
	const reading = readingOf(FRAME_10_S);

	it("names every quantity once, in canonical units, with the digits that were sent", () => {
		expect(valuesOf(reading)).toEqual({
			power_import: "3771 W",
			power_export: "0 W",
			reactive_power_import: "12 var",
			reactive_power_export: "493 var",
			current_l1: "8.96 A",
			current_l2: "45.12 A",
			current_l3: "0.00 A",
			voltage_l1: "225 V",
			voltage_l2: "231 V",
			voltage_l3: "230 V",
		});
	});

	it("says who the meter is and when it spoke, without an offset that the meter does not give", () => {
		expect(reading.protocol).toBe("dlms");
		expect(reading.time).toBe("2019-01-31T13:36:10");
		expect(reading.meter).toEqual({
			manufacturer: "Kamstrup",
			model: "6841121BN243101040",
			id: "5706567000000000",
			list: "Kamstrup_V0001",
		});
	});

	it("keeps the OBIS codes as on the wire", () => {
		expect(reading.quantities.find(({ name }) => name === "power_import")?.obis).toBe("1-1:1.7.0");
	});
});

describe("the hourly list", () => {
	it("counts energies in 10 Wh: 7745250 is 77452.50 kWh, every digit kept", () => {
		const reading = readingOf(FRAME_HOURLY);
		expect(reading.quantities.find(({ name }) => name === "energy_import")?.value).toEqual({
			mantissa: 7745250,
			exponent: -2,
		});
		expect(valueOf(reading, "energy_import")).toBe("77452.50 kWh");
		expect(valueOf(reading, "reactive_energy_export")).toBe("11415.87 kvarh");
	});

	it("counts them in 1 Wh where the setting says so", () => {
		const reading = readingOf(FRAME_HOURLY, { kamstrupEnergyScale: "1" });
		expect(valueOf(reading, "energy_import")).toBe("7745.250 kWh");
	});

	it("multiplies powers, currents and energies, but no voltages, by a transformer ratio", () => {
		const reading = readingOf(FRAME_HOURLY, { transformerRatio: 60 });
		expect(valueOf(reading, "power_import")).toBe("603000 W");
		expect(valueOf(reading, "current_l1")).toBe("2707.20 A");
		expect(valueOf(reading, "energy_import")).toBe("4647150.00 kWh");
		expect(valueOf(reading, "voltage_l1")).toBe("223 V");
	});
});

it("leaves out the phases that a one-phase meter sends as null-data", () => {
	const names = readingOf(framed(KAMSTRUP_ONE_PHASE)).quantities.map(({ name }) => name);
	expect(names).toEqual([
		"power_import",
		"power_export",
		"reactive_power_import",
		"reactive_power_export",
		"current_l1",
		"voltage_l1",
	]);
});

it("reads currents of transformer meters (type 685…) in 0.001 A", () => {
	const body = kamstrupList({
		meterId: "5706567000000000",
		meterType: "6851121BN243101040",
		powers: [2585, 0, 63364, 0],
		currents: [90999, 93955, 92645],
		voltages: [233, 233, 233],
	});
	expect(valueOf(readingOf(framed(notification(body, { time: TIME }))), "current_l1")).toBe("90.999 A");
});

it("makes the frame that Kamstrup makes: length, addresses, control, and the header check sequence 23 9A", () => {
	expect(FRAME_10_S.length).toBe(228);
	expect(FRAME_10_S.slice(0, 9)).toEqual(hex("7E A0E2 2B 21 13 239A E6"));
	expect(KAMSTRUP_10_S.slice(0, 20)).toEqual(hex("0F 00000000 0C 07E3011F040D240AFF800000 0219"));
	expect(FRAME_HOURLY.length).toBe(302);
});

describe("fragments of the stack", () => {
	const fragment = (bytes: Uint8Array) => readings(dlms.decodeFragment?.(bytes, options()) ?? []);

	it("reads an APDU, and an LLC frame", () => {
		for (const bytes of [KAMSTRUP_10_S, hex(`E6E700${Buffer.from(KAMSTRUP_10_S).toString("hex")}`)])
			expect(fragment(bytes).map((reading) => valueOf(reading, "power_import"))).toEqual(["3771 W"]);
	});

	it("passes on what is no fragment", () => {
		expect(dlms.decodeFragment?.(FRAME_10_S, options())).toEqual([]);
		expect(dlms.decodeFragment?.(new Uint8Array(0), options())).toEqual([]);
	});
});
