// Round trips of P1 telegrams: what is encoded is decoded as it was, and real telegrams of DSMR 4 and 5 come out of the
// encoder byte for byte when their own lines go in. Captures: /work/shared/corpora, outside the project.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
	dataLine,
	encodeTelegram,
	numberText,
	octetString,
	timeStampText,
} from "../../../protocols/p1/p1-encoder.js";
import { decimal, toText } from "../../../readings/decimal.js";
import { checksums, decode, hex } from "./support.js";

/** The only reading of a telegram with these lines; fails where a line was reported. */
function readingOf(lines: readonly string[]) {
	const telegram = encodeTelegram({ identification: "KAM5-RT", lines, crc: true }, checksums);
	const { readings, rejections } = decode(telegram);
	expect(rejections).toEqual([]);
	expect(readings).toHaveLength(1);
	return readings[0];
}

/** Names, codes and units as DSMR 5.0.2 lists them, and the power of ten from the meter's unit to ours. */
const OBJECTS = [
	["1-0:1.8.1", "energy_import_t1", "kWh", "kWh", 0, 9, 3],
	["1-0:1.8.2", "energy_import_t2", "kWh", "kWh", 0, 9, 3],
	["1-0:2.8.1", "energy_export_t1", "kWh", "kWh", 0, 9, 3],
	["1-0:2.8.2", "energy_export_t2", "kWh", "kWh", 0, 9, 3],
	["1-0:1.7.0", "power_import", "kW", "W", 3, 5, 3],
	["1-0:2.7.0", "power_export", "kW", "W", 3, 5, 3],
	["1-0:21.7.0", "power_import_l1", "kW", "W", 3, 5, 3],
	["1-0:62.7.0", "power_export_l3", "kW", "W", 3, 5, 3],
	["1-0:32.7.0", "voltage_l1", "V", "V", 0, 4, 1],
	["1-0:52.7.0", "voltage_l2", "V", "V", 0, 4, 1],
	["1-0:31.7.0", "current_l1", "A", "A", 0, 3, 0],
	["1-0:71.7.0", "current_l3", "A", "A", 0, 3, 0],
] as const;

/** Any subset of the objects, each once, with any value that its format can print. */
const telegramValues = fc
	.subarray([...OBJECTS], { minLength: 1 })
	.chain((objects) =>
		fc.tuple(...objects.map((object) => fc.nat(10 ** object[5] - 1).map((count) => ({ object, count })))),
	);

test("values of a telegram come back exactly, each under its name, in their order", () => {
	fc.assert(
		fc.property(telegramValues, (values) => {
			const lines = values.map(({ object: [obis, , unit, , , digits, decimals], count }) =>
				dataLine(obis, numberText(decimal(count, -decimals), { digits, decimals, unit })),
			);
			expect(readingOf(lines)?.quantities).toEqual(
				values.map(({ object: [obis, name, , unit, power, , decimals], count }) => ({
					...{ name, unit, obis },
					value: { mantissa: count, exponent: decimals === 0 ? 0 : power - decimals },
				})),
			);
		}),
	);
});

test("a value printed again from what was read is the line that was sent", () => {
	fc.assert(
		fc.property(fc.constantFrom(...OBJECTS), fc.nat(999_999_999), (object, any) => {
			const [obis, name, unit, , power, digits, decimals] = object;
			const count = any % 10 ** digits;
			const format = { digits, decimals, unit };
			const line = dataLine(obis, numberText(decimal(count, -decimals), format));
			const value = readingOf([line])?.quantities.find((quantity) => quantity.name === name)?.value;
			if (value === undefined || typeof value === "string") throw new Error(`no ${name}`);
			const inMetersUnit = decimal(value.mantissa, value.exponent - power);
			expect(dataLine(obis, numberText(inMetersUnit, format))).toBe(line);
		}),
	);
});

test("the clock's digits and its season come back", () => {
	const seconds = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2099, 11, 31) / 1000 });
	fc.assert(
		fc.property(seconds, fc.boolean(), (second, summer) => {
			const iso = `${new Date(second * 1000).toISOString().slice(0, 19)}${summer ? "+02:00" : "+01:00"}`;
			const reading = readingOf([
				dataLine("0-0:1.0.0", timeStampText(iso)),
				dataLine("1-0:1.7.0", "00.100*kW"),
			]);
			expect(reading?.time).toBe(iso);
		}),
	);
});

test("a meter's number comes back from its hexadecimal digits", () => {
	const characters = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	fc.assert(
		fc.property(fc.string({ unit: characters, minLength: 1, maxLength: 34 }), (id) => {
			const reading = readingOf([
				dataLine("0-0:96.1.1", octetString(id)),
				dataLine("1-0:1.7.0", "00.100*kW"),
			]);
			expect(reading?.meter.id).toBe(id);
		}),
	);
});

test("a gas meter's time and volume come back on its channel", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(99_999_999), (channel, litres) => {
			const volume = numberText(decimal(litres, -3), { digits: 8, decimals: 3, unit: "m3" });
			const reading = readingOf([
				dataLine(`0-${channel}:24.1.0`, "003"),
				dataLine(`0-${channel}:24.2.1`, "101209112500W", volume),
			]);
			const [gas] = reading?.devices ?? [];
			expect(gas).toMatchObject({ kind: "gas", channel, time: "2010-12-09T11:25:00+01:00" });
			const value = gas?.quantities.find(({ name }) => name === "gas_volume")?.value;
			expect(value && typeof value !== "string" ? toText(value) : value).toBe(
				volume.replace(/^0+(?=\d)|\*m3/g, ""),
			);
		}),
	);
});

const CORPORA = join(__dirname, "../../../../shared/corpora");
const NORMALIZED = join(CORPORA, "normalized.json");

interface Capture {
	readonly name: string;
	readonly telegrams: readonly Buffer[];
}

/** Canonical telegrams from DSMR 4 on, by the capture they stand in. */
function captures(): Capture[] {
	if (!existsSync(NORMALIZED)) return [];
	const { cases } = JSON.parse(readFileSync(NORMALIZED, "utf8")) as {
		cases: { corpus: string; id: string; file: string; protocol: string }[];
	};
	return cases
		.filter(({ protocol, file }) => protocol === "p1" && existsSync(join(CORPORA, file)))
		.map(({ corpus, id, file }) => {
			const raw = readFileSync(join(CORPORA, file));
			const bytes = file.endsWith(".hex") ? Buffer.from(hex(raw.toString("latin1"))) : raw;
			return { name: `${corpus}/${id}`, telegrams: telegramsIn(bytes) };
		})
		.filter(({ telegrams }) => telegrams.length > 0);
}

/** Canonical telegrams: `/ident CR LF CR LF lines !CRC CR LF`, nothing else between line ends, CRC right. */
function telegramsIn(bytes: Buffer): Buffer[] {
	const found: Buffer[] = [];
	for (const match of bytes
		.toString("latin1")
		.matchAll(/\/[^\r\n]+\r\n\r\n(?:[^\r\n!/]+\r\n)+!([0-9A-F]{4})\r\n/g)) {
		const telegram = Buffer.from(match[0], "latin1");
		const covered = telegram.subarray(0, telegram.lastIndexOf("!") + 1);
		if (crc16(covered) === Number.parseInt(match[1] as string, 16)) found.push(telegram);
	}
	return found;
}

/** CRC of DSMR 5.0.2, 5.2: polynomial x16 + x15 + x2 + 1, least significant bit first, bit by bit. */
function crc16(bytes: Uint8Array): number {
	let crc = 0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
	}
	return crc;
}

const CAPTURES = captures();

if (CAPTURES.length === 0) test.skip(`no captures: ${NORMALIZED} is absent`, () => {});
else {
	test("there are canonical telegrams among the captures", () => {
		expect(CAPTURES.length).toBeGreaterThan(10);
	});

	test.each(CAPTURES)("$name: encoded again, byte for byte", ({ telegrams }) => {
		for (const telegram of telegrams) {
			const [head = "", ...rest] = telegram.toString("latin1").split("\r\n");
			const lines = rest.slice(
				1,
				rest.findIndex((line) => line.startsWith("!")),
			);
			const again = encodeTelegram({ identification: head.slice(1), lines, crc: true }, checksums);
			expect(Buffer.from(again).equals(telegram)).toBe(true);
			// And the decoder takes it, whole.
			const { readings, rejections } = decode(again);
			expect([readings.length, rejections.map(({ code }) => code)]).toEqual([1, []]);
		}
	});
}
