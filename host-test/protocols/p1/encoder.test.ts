// The encoder's telegrams against the lines that the DSMR documents print, and round trips.

import fc from "fast-check";
import {
	dataLine,
	describedTelegram,
	encodeTelegram,
	numberText,
	octetString,
	timeStampText,
} from "../../../protocols/p1/p1-encoder.js";
import { decimal, parseDecimalText } from "../../../readings/decimal.js";
import { checksums, decode, latin1, shown } from "./support.js";

test("the worked example of the CRC comes out byte for byte", () => {
	const telegram = encodeTelegram({ identification: "TEST", lines: ["1-3:0.2.8(50)"], crc: true }, checksums);
	expect(telegram).toEqual(latin1("/TEST\r\n\r\n1-3:0.2.8(50)\r\n!2A99\r\n"));
});

test("numbers have the standard's fixed widths", () => {
	const number = (text: string) => parseDecimalText(text) ?? decimal(0);
	expect(numberText(number("123.456789"), { digits: 9, decimals: 3, unit: "kWh" })).toBe("000123.456*kWh");
	expect(numberText(number("0.98"), { digits: 6, decimals: 2, unit: "kW" })).toBe("0000.98*kW");
	expect(numberText(number("2"), { digits: 3, decimals: 0, unit: "A" })).toBe("002*A");
	expect(numberText(number("-0.05"), { digits: 5, decimals: 3 })).toBe("-00.050");
	expect(numberText(decimal(7, 2), { digits: 9, decimals: 3 })).toBe("000700.000");
	expect(numberText(number("1234567.5"), { digits: 9, decimals: 3 })).toBe("1234567.500");
});

test("times and ids are spelt as the standard spells them", () => {
	expect(timeStampText("2023-07-24T15:07:30+02:00")).toBe("230724150730S");
	expect(timeStampText("2023-11-02T12:15:48+01:00")).toBe("231102121548W");
	expect(octetString("E0044")).toBe("4530303434");
});

test("a description of 2.2 has neither version, clock nor CRC; 4.2 and 5.0 have all three", () => {
	const objects = [{ obis: "1-0:1.7.0", values: ["0000.98*kW"] }];
	const base = { identification: "KMP5 KA6U", time: "230724150730S", meterId: "KA6U", objects };
	const old = encodeTelegram(describedTelegram({ ...base, version: "2.2" }), checksums);
	expect(old).toEqual(latin1("/KMP5 KA6U\r\n\r\n0-0:96.1.1(4B413655)\r\n1-0:1.7.0(0000.98*kW)\r\n!\r\n"));
	for (const version of ["4.2", "5.0"] as const) {
		const text = describedTelegram({ ...base, version });
		expect(text.crc).toBe(true);
		expect(text.lines[0]).toBe(`1-3:0.2.8(${version.replace(".", "")})`);
		const [reading] = decode(encodeTelegram(text, checksums)).readings;
		expect(reading).toMatchObject({
			meter: { id: "KA6U", list: `DSMR ${version}`, manufacturer: "Kamstrup" },
			time: "2023-07-24T15:07:30+02:00",
		});
	}
});

test("any counter comes back as it was printed", () => {
	fc.assert(
		fc.property(fc.nat(999_999_999), fc.nat(6), (mantissa, decimals) => {
			const printed = numberText(decimal(mantissa, -decimals), { digits: 9, decimals, unit: "kWh" });
			const lines = [dataLine("1-0:1.8.0", printed)];
			const [reading] = decode(
				encodeTelegram({ identification: "KAM5", lines, crc: true }, checksums),
			).readings;
			expect(reading?.quantities).toEqual([
				{
					name: "energy_import",
					value: { mantissa, exponent: decimals === 0 ? 0 : -decimals },
					unit: "kWh",
					obis: "1-0:1.8.0",
				},
			]);
		}),
	);
});

test("any line of noise between good lines is read, reported or rejected, never thrown", () => {
	const characters = fc.constantFrom(..."0123456789-:.*()&kWhm3 \r\n/!AZ");
	fc.assert(
		fc.property(fc.string({ unit: characters, maxLength: 80 }), (noise) => {
			const lines = ["1-0:1.7.0(00.100*kW)", noise, "1-0:2.7.0(00.200*kW)"];
			const { readings } = decode(encodeTelegram({ identification: "KAM5", lines, crc: true }, checksums));
			for (const { quantities } of readings)
				expect(new Set(quantities.map(({ name }) => name)).size).toBe(quantities.length);
			expect(shown(readings[0], "power_import") ?? "100 W").toMatch(/W$|kW$|^\d/);
		}),
	);
});
