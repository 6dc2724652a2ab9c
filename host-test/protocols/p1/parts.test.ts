// The parts that a telegram is read with, one by one: texts, stamps, numbers with units, sub-meters, identification, checks.
// From DSMR 5.0.2 P1 (5.2.3, 6.2, 6.4, 6.12), EN 13757-3 table 8 (device types) and IEC 62056-21 (6.3.2); values worked out
// by hand.

import { MeasuredReader, octetText, timeStamp } from "../../../protocols/p1/bytes.js";
import {
	crcDigitsAt,
	hasEvenParity,
	hex4,
	isPrintable,
	plainEnd,
	restoredArc,
	telegramEnd,
} from "../../../protocols/p1/checks.js";
import {
	counterName,
	DeviceDraft,
	isCounter,
	kindOfMedium,
	kindOfType,
} from "../../../protocols/p1/devices.js";
import { dsmrVersion, emucsVersion, identification } from "../../../protocols/p1/identity.js";
import { tableChecksums } from "../../../protocols/shared/checksums.js";
import { wordsOf } from "../../../protocols/shared/words.js";
import { decimal, toText } from "../../../readings/decimal.js";
import type { Quantity } from "../../../readings/reading.js";
import { latin1 } from "./support.js";

/** Calls `read` with the text between other bytes, so that nothing beyond its ends may count. */
function between<T>(read: (bytes: Uint8Array, start: number, end: number) => T, text: string): T {
	return read(latin1(`0*${text}*0`), 2, 2 + text.length);
}

describe("octet strings", () => {
	test.each([
		["4B414D", "KAM"],
		["4b414d", "KAM"],
		["20414220", "AB"],
		["207E", "~"],
		["1F41", "1F41"],
		["7F41", "7F41"],
		["41F", "41F"],
		["4G41", "4G41"],
		["G441", "G441"],
		["", ""],
		["4", "4"],
	])("%j is %j", (digits, text) => expect(between(octetText, digits)).toBe(text));
});

describe("time stamps", () => {
	test.each([
		["230724150730S", "2023-07-24T15:07:30+02:00"],
		["230724150730s", "2023-07-24T15:07:30+02:00"],
		["231102121548W", "2023-11-02T12:15:48+01:00"],
		["120517020000", "2012-05-17T02:00:00"],
		["09-10-01 11:00:00", "2009-10-01T11:00:00"],
		["632525252525W", null],
		["230229000000W", null],
		["230724240000S", null],
		["230724150730X", undefined],
		["230724150730SS", undefined],
		["230724150730S ", undefined],
		["23072415073", undefined],
		["2-30724150730", undefined],
		["23.07.24150730", undefined],
		["", undefined],
	])("%j is %j", (text, expected) => expect(between(timeStamp, text)).toBe(expected));
});

describe("numbers with units", () => {
	const read = (text: string, reader = new MeasuredReader()) => {
		const measured = between((bytes, start, end) => reader.read(bytes, start, end), text);
		return measured && `${toText(measured.value)} ${measured.unit ?? "-"}`;
	};
	test.each([
		["00042", "42 -"],
		["123.456*kWh", "123.456 kWh"],
		["123.456kWh", "123.456 kWh"],
		["123,456*Wh", "0.123456 kWh"],
		["-00.052*kW", "-52 W"],
		["+00.052kW", "52 W"],
		["00008.579*m3", "8.579 m³"],
		["00008.579m3", "8.579 m³"],
		["12.5 *kW", "12500 W"],
		["12.5 kW", "12500 W"],
		["12.5* kW ", "12500 W"],
		["12.5*", "12.5 -"],
		["12.5* ", "12.5 -"],
		["12.5 ", "12.5 -"],
		["7*imp", "7 imp"],
		["7*m3imp", "7 m3imp"],
		["7*impulses", "7 impulses"],
		["7imp", undefined],
		["kWh", undefined],
		["*kWh", undefined],
		["1.2.3*kWh", undefined],
		["hello1", undefined],
		["", undefined],
	])("%j is %j", (text, expected) => expect(read(text)).toBe(expected));

	test("units that are met again, many of them and long ones, stay what they are", () => {
		const reader = new MeasuredReader();
		const units = Array.from({ length: 16 }, (_, index) => `u${String.fromCharCode(0x61 + index)}`);
		for (const unit of [
			"kWh",
			"impulses",
			"impulse",
			"abcdef",
			...units,
			"kWh",
			"Wh",
			"impulses",
			"abcdef",
			...units,
		])
			expect(read(`5*${unit}`, reader)).toBe(
				unit === "kWh" ? "5 kWh" : unit === "Wh" ? "0.005 kWh" : `5 ${unit}`,
			);
	});
});

describe("sub-meters", () => {
	// EN 13757-3, table 8; cooling meters are 10 and 11, heat 4, 12 and 13, warm water 6 and 21, water 7 and 22.
	test("each device type has its kind", () => {
		const kinds = Array.from({ length: 24 }, (_, type) => kindOfType(type));
		expect(kinds).toEqual(
			"device,device,electricity,gas,heat,device,warm_water,water,device,device,cooling,cooling,heat,heat,device,device,device,device,device,device,device,warm_water,water,device".split(
				",",
			),
		);
	});

	test("each OBIS medium has its kind", () => {
		expect([4, 5, 6, 7, 8, 9, 10].map(kindOfMedium)).toEqual([
			undefined,
			"cooling",
			"heat",
			"gas",
			"water",
			"warm_water",
			undefined,
		]);
	});

	test.each([
		["gas", "m³", "gas_volume"],
		["water", "m³", "water_volume"],
		["warm_water", undefined, "water_volume"],
		["heat", "m³", "heat_volume"],
		["heat", "GJ", "heat_energy"],
		["cooling", "GJ", "cooling_energy"],
		["cooling", "m³", undefined],
		["electricity", "kWh", "energy_import"],
		["device", "m³", undefined],
	])("what a %s meter counts in %s is %s", (kind, unit, name) => expect(counterName(kind, unit)).toBe(name));

	const code = (a: number, c: number, d: number, e: number, f = 255) => ({ a, b: 1, c, d, e, f });
	test.each([
		[code(0, 24, 2, 1), true],
		[code(0, 24, 2, 3), true],
		[code(0, 24, 3, 0), true],
		[code(0, 24, 2, 0), false],
		[code(0, 24, 2, 4), false],
		[code(0, 24, 3, 1), false],
		[code(0, 24, 4, 0), false],
		[code(0, 25, 2, 1), false],
		[code(7, 23, 1, 0), true],
		[code(7, 23, 2, 0), true],
		[code(7, 23, 3, 0), false],
		[code(7, 23, 1, 1), false],
		[code(6, 23, 1, 0), false],
		[code(8, 1, 0, 0), true],
		[code(8, 1, 0, 1), false],
		[code(8, 1, 1, 0), false],
		[code(8, 2, 0, 0), false],
		[code(0, 1, 0, 0), false],
	])("%j is a counter: %s", (obis, expected) => expect(isCounter(obis)).toBe(expected));

	const counter = (value: number, obis: string, time?: string): Quantity => ({
		name: obis,
		value: decimal(value),
		unit: "m³",
		obis,
		...(time === undefined ? {} : { time }),
	});
	const finished = (kind: string, ...entries: [Quantity, ReturnType<typeof code>][]) => {
		const draft = new DeviceDraft(0, 2);
		if (kind) draft.kind = kind;
		for (const [quantity, obis] of entries) draft.add(quantity, obis);
		return draft.finish();
	};

	test("of the same code the newer value stays; without times the later line does", () => {
		const old = counter(1, "0-2:24.2.1", "2026-01-01T10:00:00");
		const newer = counter(2, "0-2:24.2.1", "2026-01-01T11:00:00");
		const timeless = counter(3, "0-2:24.2.1");
		const value = (...quantities: Quantity[]) =>
			finished(
				"gas",
				...quantities.map((each): [Quantity, ReturnType<typeof code>] => [each, code(0, 24, 2, 1)]),
			)
				.quantities.map(({ value }) => (typeof value === "string" ? value : toText(value)))
				.join();
		expect([value(old, newer), value(newer, old), value(newer, timeless), value(timeless, old)]).toEqual([
			"2",
			"2",
			"3",
			"1",
		]);
		expect(value(old, { ...old, value: decimal(9) })).toBe("9");
	});

	test("a name is given once; values of former periods and texts keep their codes", () => {
		const { quantities } = finished(
			"gas",
			[counter(1, "0-2:24.2.1"), code(0, 24, 2, 1)],
			[counter(2, "0-2:24.3.0"), code(0, 24, 3, 0)],
			[counter(3, "0-2:24.2.2*1"), code(0, 24, 2, 2, 1)],
			[{ name: "0-2:24.2.2", value: "open", obis: "0-2:24.2.2" }, code(0, 24, 2, 2)],
			[counter(4, "0-2:24.4.0"), code(0, 24, 4, 0)],
		);
		expect(quantities.map(({ name }) => name)).toEqual([
			"gas_volume",
			"0-2:24.3.0",
			"0-2:24.2.2*1",
			"0-2:24.2.2",
			"0-2:24.4.0",
		]);
	});

	test("24.2.3 makes a device without a type a gas meter, and no other", () => {
		expect(finished("", [counter(1, "0-2:24.2.3"), code(0, 24, 2, 3)]).kind).toBe("gas");
		expect(finished("", [counter(1, "0-2:24.2.1"), code(0, 24, 2, 1)]).kind).toBe("device");
		expect(finished("water", [counter(1, "0-2:24.2.3"), code(0, 24, 2, 3)]).kind).toBe("water");
		expect(
			finished(
				"",
				[counter(1, "0-2:24.2.1"), code(0, 24, 2, 1)],
				[counter(1, "0-2:24.2.3"), code(0, 24, 2, 3)],
			).kind,
		).toBe("gas");
	});

	test("a channel is M-Bus's; a medium of its own has none", () => {
		expect(finished("gas")).toEqual({ kind: "gas", channel: 2, time: null, quantities: [] });
		expect(new DeviceDraft(7, 0).finish()).toEqual({ kind: "gas", time: null, quantities: [] });
	});
});

describe("who the meter is", () => {
	test.each([
		["KAM5MODEL", { manufacturer: "Kamstrup", model: "MODEL" }],
		["kam5", { manufacturer: "Kamstrup" }],
		["XYZ5\\2M1", { manufacturer: "XYZ", model: "M1" }],
		["XYZ5\\2", { manufacturer: "XYZ" }],
		["XYZ5\\", { manufacturer: "XYZ", model: "\\" }],
		["XYZ5 M 1 ", { manufacturer: "XYZ", model: "M 1" }],
		["AB5", { model: "AB5" }],
		["ABCD5", { model: "ABCD5" }],
		["A@C5", { model: "A@C5" }],
		["AZ[5", { model: "AZ[5" }],
		["AZa5x", { manufacturer: "AZA", model: "x" }],
		["", {}],
	])("%j", (line, expected) => expect(between(identification, line)).toEqual(expected));

	test("versions are printed as the documents call them, and as they are where they have another length", () => {
		expect([dsmrVersion("50"), dsmrVersion("42"), dsmrVersion("5")]).toEqual([
			"DSMR 5.0",
			"DSMR 4.2",
			"DSMR 5",
		]);
		expect([emucsVersion("50217"), emucsVersion("502")]).toEqual(["e-MUCS 1.7", "e-MUCS 502"]);
	});
});

describe("checks", () => {
	test("even parity over eight bits", () => {
		for (let byte = 0; byte < 256; byte++)
			expect(hasEvenParity(byte)).toBe([...byte.toString(2)].filter((bit) => bit === "1").length % 2 === 0);
	});

	test.each([
		["a line\r\n", true],
		["\x1f", false],
		["\t", false],
		[" ~", true],
		["\x7f", false],
		["\x80", false],
	])("%j prints: %s", (text, expected) => {
		const bytes = latin1(text).slice();
		expect(isPrintable(bytes, wordsOf(bytes), text.length)).toBe(expected);
	});

	test("only the first bytes count for what prints", () => {
		const bytes = latin1("ab\x01").slice();
		expect(isPrintable(bytes, wordsOf(bytes), 2)).toBe(true);
	});

	test("whatever byte stands wherever, plain characters end at the first that is no printable ASCII", () => {
		for (let byte = 0; byte < 256; byte++)
			for (let place = 0; place < 11; place++) {
				const bytes = new Uint8Array(16).fill(0x40);
				bytes[place] = byte;
				const isPlain = byte >= 0x20 && byte <= 0x7e;
				for (let start = 0; start <= 11; start++)
					expect(plainEnd(bytes, new Int32Array(bytes.buffer), start, 11)).toBe(
						isPlain || place < start ? 11 : place,
					);
			}
	});

	test("the CRC of a text file whose line ends lost their CR is that of the telegram", () => {
		const restored = (text: string) => restoredArc(tableChecksums(), latin1(text), text.length);
		expect(restored("/TEST\n\n1-3:0.2.8(50)\n!")).toBe(0x2a99);
		expect(restored("/TEST\r\n\n1-3:0.2.8(50)\n!")).toBe(-1);
		expect(restored("/TEST!")).toBe(-1);
	});

	test("a telegram ends at the ! that begins a line", () => {
		expect(telegramEnd(latin1("/A\r\n!2A99\r\n"))).toBe(5);
		expect(telegramEnd(latin1("/A\r!"))).toBe(4);
		expect(telegramEnd(latin1("/A!B\r\n!"))).toBe(7);
		expect(telegramEnd(latin1("/A!B\r\n"))).toBe(0);
		expect(telegramEnd(latin1("A\r\n!"))).toBe(0);
		expect(telegramEnd(new Uint8Array())).toBe(0);
	});

	test("its CRC has four digits at most", () => {
		expect(crcDigitsAt(latin1("!2A99F"), 1)).toBe(4);
		expect(crcDigitsAt(latin1("!2A\r"), 1)).toBe(2);
		expect(crcDigitsAt(latin1("!2A"), 1)).toBe(2);
		expect(crcDigitsAt(latin1("!"), 1)).toBe(0);
		expect([hex4(0x2a99), hex4(0xf), hex4(0)]).toEqual(["2A99", "000F", "0000"]);
	});
});
