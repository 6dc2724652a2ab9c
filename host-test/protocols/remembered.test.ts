// What a session remembers of one frame for the next (names, units, how codes are printed) changes no reading: whatever
// came before, a frame says what it says to a session that has heard nothing. Frames are drawn from pools of what looks
// alike: other orders, omissions, repetitions, other types and units in the same places.

import fc from "fast-check";
import { dlms } from "../../protocols/dlms/dlms.js";
import {
	type AxdrValue,
	encodeAxdr,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "../../protocols/dlms/encode/axdr-value.js";
import { hdlcFrames, notification, withLlc } from "../../protocols/dlms/encode/frames.js";
import { iec62056 } from "../../protocols/iec62056/iec62056.js";
import { dataBlock } from "../../protocols/iec62056/messages.js";
import { kmp } from "../../protocols/kmp/kmp.js";
import { encodeReply } from "../../protocols/kmp/session.js";
import { p1 } from "../../protocols/p1/p1.js";
import { encodeTelegram } from "../../protocols/p1/p1-encoder.js";
import type { Protocol } from "../../protocols/protocol.js";
import { ascii, checksums, join, lines, open, outcome } from "./asking.js";
import { KAMSTRUP_LINE, TIME } from "./dlms/frames.js";

const RUNS = Number(process.env.METERLING_RUNS ?? 300);
const SETTINGS = { period: 0 };

function saysTheSame(protocol: Protocol, frames: readonly Uint8Array[]): void {
	const session = open(protocol, SETTINGS);
	let now = 0;
	for (const frame of frames) {
		now += 10;
		const { readings, rejections } = outcome(session.receive(frame, now));
		const fresh = outcome(open(protocol, SETTINGS).receive(frame, 0));
		expect(readings).toEqual(fresh.readings);
		expect(rejections.map(({ code }) => code)).toEqual(fresh.rejections.map(({ code }) => code));
	}
}

/** A readout in mode C of these data sets. */
function readout(sets: readonly string[], meter = "KAM 685-382-OK-15"): Uint8Array {
	return join(ascii(`/${meter}\r\n`), dataBlock(`${sets.join("\r\n")}!\r\n`));
}

/** Mostly the same frame with other values; sometimes with others left out, repeated, or moved. */
function drawn<T>(pool: readonly T[], most: number): fc.Arbitrary<readonly T[]> {
	return fc.oneof(
		{ weight: 2, arbitrary: fc.constant(pool.slice(0, most)) },
		{ weight: 2, arbitrary: fc.subarray([...pool], { minLength: 1, maxLength: most }) },
		{ weight: 1, arbitrary: fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: most }) },
	);
}

describe("P1", () => {
	const codes = [
		"1-0:1.8.1",
		"1-0:1.8.2",
		"0-0:1.8.1",
		"1-0:1.7.0",
		"1-0:2.7.0",
		"1-1:1.8.1",
		"1-0:32.7.0",
		"1-0:52.32.0",
		"1-0:1.8.1*255",
		"1-0:1.8.1&1",
		"1-0:4:24.7.0",
		"0-0:96.14.0",
		"0-0:96.13.0",
		"0-0:96.1.1",
		"0-1:24.1.0",
		"0-1:24.2.1",
		"1-0:99.97.0",
		"1-0:128.128.128*128",
		"0-0:1.0.0",
	] as const;
	const values = [
		"(000123.456*kWh)",
		"(000123.457*kWh)",
		"(0001:3.456*kWh)",
		"(000123/456*kWh)",
		"(000123.4G6*kWh)",
		"(00012345.678*kWh)",
		"(0012.345678*kWh)",
		"(000280.000*kvarh)",
		"(000280.000+kvarh)",
		"(000281.125*kVArh)",
		"(00.500*kW)",
		"(500*W)",
		"(1.5*MW)",
		"(230.1*V)",
		"(00.000*kW)",
		"(0)",
		"(12)",
		"(.5*kWh)",
		"(5.*kWh)",
		"(.*kWh)",
		"(-1.5*kW)",
		"(1,5*kW)",
		"(1.5.5*kW)",
		"(123456789012345678*kWh)",
		"(1*kilowatts)",
		"(1*kiloWatts)",
		"(12*)",
		"(12kWh)",
		"(12*m3)",
		"()",
		"(4B414D)",
		"(4b41)",
		"(4G41)",
		"(250320120000W)(00012.345*m3)",
		"(250320120000W)",
		"(632525252525W)(00012.345*m3)",
		"(1)(0-0:96.7.19)(250320120000W)(0000000240*s)",
		"(12 *kWh)",
		" (12*kWh)",
		"(12*kWh) ",
	] as const;

	test("telegrams of one meter, changed in all ways, are read as if each were the first", () => {
		const line = fc.tuple(fc.constantFrom(...codes), fc.constantFrom(...values));
		const telegram = fc.oneof(
			fc.array(line, { minLength: 1, maxLength: 12 }),
			fc
				.array(fc.constantFrom(...values), { minLength: 8, maxLength: 8 })
				.map((list) => list.map((value, at) => [codes[at] as string, value] as const)),
		);
		fc.assert(
			fc.property(fc.array(telegram, { minLength: 2, maxLength: 6 }), (telegrams) =>
				saysTheSame(
					p1,
					telegrams.map((list) =>
						encodeTelegram(
							{ identification: "KFM5KAIFA", lines: list.map((parts) => parts.join("")), crc: true },
							checksums,
						),
					),
				),
			),
			{ numRuns: RUNS },
		);
	});

	test("another code of the same length in the same place has its own name, by DSMR 5.0.2, table 6-1", () => {
		const session = open(p1);
		const read = (...list: string[]) =>
			lines(
				outcome(
					session.receive(
						encodeTelegram({ identification: "KFM5KAIFA", lines: list, crc: true }, checksums),
						0,
					),
				).readings[0],
			);
		expect(read("1-0:1.8.1(000001.000*kWh)", "1-0:2.8.1(000002.000*kWh)")).toEqual([
			"energy_import_t1 1.000 kWh",
			"energy_export_t1 2.000 kWh",
		]);
		expect(read("1-0:1.8.2(000001.000*kWh)", "1-1:2.8.1(000002.000*kWh)")).toEqual([
			"energy_import_t2 1.000 kWh",
			"energy_export_t1 2.000 kWh",
		]);
		expect(read("1-0:1.8.1(000003.000*kWh)", "1-0:2.8.1(000004.000*kWh)")).toEqual([
			"energy_import_t1 3.000 kWh",
			"energy_export_t1 4.000 kWh",
		]);
	});
});

describe("what has not changed is the same quantity, so that two readings take little more room than one", () => {
	/** The places of the quantities that the second frame's reading shares with the first's, and of those it does not. */
	function shared(protocol: Protocol, first: Uint8Array, second: Uint8Array) {
		const session = open(protocol, SETTINGS);
		const [before, after] = [first, second].map((frame, now) => {
			const { readings } = outcome(session.receive(frame, now));
			return readings[0]?.quantities ?? [];
		});
		return after?.map((quantity, place) => quantity === before?.[place]);
	}

	test("P1: numbers with and without unit, texts; not what has a time of its own", () => {
		const telegram = (...lines: string[]) =>
			encodeTelegram({ identification: "KFM5KAIFA", lines, crc: true }, checksums);
		expect(
			shared(
				p1,
				telegram("1-0:1.8.1(1.0*kWh)", "1-0:1.7.0(0.5*kW)", "0-0:96.14.0(0002)", "0-0:96.13.0(4B41)"),
				telegram("1-0:1.8.1(1.0*kWh)", "1-0:1.7.0(0.6*kW)", "0-0:96.14.0(0002)", "0-0:96.13.0(4B41)"),
			),
		).toEqual([true, false, true, true]);
		// The same number, but in another unit, with another digit, of another code, or text.
		expect(
			shared(
				p1,
				telegram("1-0:1.8.1(1.0*kWh)", "1-0:1.8.2(1.0*kWh)", "1-0:2.8.1(1.0*kWh)", "1-0:2.8.2(0002)"),
				telegram("1-0:1.8.1(1.0*kW)", "1-0:1.8.2(1.00*kWh)", "1-0:2.8.3(1.0*kWh)", "1-0:2.8.2(002A)"),
			),
		).toEqual([false, false, false, false]);
	});

	test("Kamstrup's lists", () => {
		const list = (...objects: AxdrValue[]) =>
			hdlcFrames(
				withLlc(
					notification(encodeAxdr(structure(text("Kamstrup_V0001", 0x0a), ...objects)), { time: TIME }),
				),
				checksums,
				KAMSTRUP_LINE,
			);
		const power = octets(1, 1, 1, 7, 0, 255);
		const voltage = octets(1, 1, 32, 7, 0, 255);
		expect(
			shared(
				dlms,
				list(power, uint32(500), voltage, uint16(230)),
				list(power, uint32(501), voltage, uint16(230)),
			),
		).toEqual([false, true]);
	});

	test("IEC 62056-21: a whole readout", () => {
		expect(
			shared(
				iec62056,
				readout(["0.0(00054042)", "1.20(0015170*kWh)", "1.26(0000000)", "1.6(000000,9*kW)"]),
				readout(["0.0(00054042)", "1.20(0015171*kWh)", "1.26(0000000)", "1.6(000001,9*kW)"]),
			),
		).toEqual([true, false, true, false]);
	});

	test("KMP", () => {
		const reply = (...registers: string[]) =>
			encodeReply(
				Uint8Array.from(Buffer.from(`3F10${registers.join("").replaceAll(" ", "")}`, "hex")),
				checksums,
			);
		expect(
			shared(
				kmp,
				reply("003C 02 04 42 0000162F", "004A 29 02 00 0102"),
				reply("003C 02 04 42 0000162F", "004A 29 02 00 0103"),
			),
		).toEqual([true, false]);
	});
});

describe("IEC 62056-21", () => {
	const pool = [
		"0.0(00054042)",
		"1.20(0015170*kWh)",
		"1.20(0015171*kWh)",
		"1.20(001517:*kWh)",
		"1.20.1(0006978*kWh)",
		"1.20.1(00069,8*kWh)",
		"1.31(0053710*h)",
		"1.26(0000000)",
		"1.6(000000,9*kW)",
		"1.6(000001.9*kW)",
		"1.6*1(000002,3)",
		"1.6*1(00000 ,3)",
		"0.9.1(120000*s)",
		"7-0:0.0.0(54042)",
		"1.6.0(00.500*kW)(2411201530)",
		"2.8.0(123456789012345678*kWh)",
		"XYZ(0012)",
		"F.F(0)",
		"(12)(13)",
	];

	test("readouts of one meter, changed in all ways, are read as if each were the first", () => {
		const readouts = fc.tuple(
			fc.constantFrom("KAM 685-382-OK-15", "KAM 685-382-OK-15", "EMH5 382"),
			drawn(pool, 9),
		);
		fc.assert(
			fc.property(fc.array(readouts, { minLength: 2, maxLength: 6 }), (list) =>
				saysTheSame(
					iec62056,
					list.map(([meter, sets]) => readout(sets, meter)),
				),
			),
			{ numRuns: RUNS },
		);
	});

	test("digits of a number may be other ones; what stands beside them is read anew", () => {
		const session = open(iec62056, SETTINGS);
		const read = (text: string, meter?: string) => outcome(session.receive(readout([text], meter), 0));
		expect(lines(read("1.20(0015170*kWh)").readings[0])).toEqual(["energy_import 15170 kWh"]);
		expect(lines(read("1.20(9999999*kWh)").readings[0])).toEqual(["energy_import 9999999 kWh"]);
		expect(lines(read("1.20(9999999*kVh)").readings[0])).toEqual(["energy_import 9999999 kVh"]);
		expect(lines(read("1.20(999999:*kVh)").readings[0])).toEqual(["1.20 999999:*kVh"]);
	});
});

describe("HAN, Kamstrup's lists", () => {
	const obis = (...groups: number[]) => octets(...groups);
	const pool: readonly (readonly AxdrValue[])[] = [
		[obis(1, 1, 0, 0, 5, 255), text("5706567000000000", 0x0a)],
		[obis(1, 1, 96, 1, 1, 255), text("6841121BN243101040", 0x0a)],
		[obis(1, 1, 1, 7, 0, 255), uint32(3771)],
		[obis(1, 1, 2, 7, 0, 255), uint32(0)],
		[obis(1, 1, 31, 7, 0, 255), uint32(896)],
		[obis(1, 1, 32, 7, 0, 255), uint16(230)],
		[obis(1, 1, 13, 7, 0, 255), uint32(98)],
		[obis(1, 1, 1, 8, 0, 255), uint32(774525)],
		[obis(1, 0, 1, 7, 0, 255), uint32(3772)],
		[obis(1, 1, 1, 7, 0, 255), uint16(12)],
		[obis(1, 1, 1, 7, 0, 1), uint32(12)],
		[obis(1, 1, 96, 1, 1, 255), text("6851121BN243101040", 0x0a)],
		[obis(1, 1, 1, 7, 0, 255), text("none", 0x0a)],
		[obis(1, 1, 1, 8, 0, 255), uint32(774525), scalerUnit(0, 30)],
		[obis(0, 1, 24, 2, 1, 255), uint32(17)],
		[obis(0, 1, 96, 1, 0, 255), text("12345678", 0x0a)],
		[obis(0, 1, 1, 0, 0, 255), octets(...TIME)],
		[uint32(5)],
	];

	test("an object that brought a scaler is not scaled by it when it comes without: then 1 is 10 Wh", () => {
		const energy = [octets(1, 1, 1, 8, 0, 255), uint32(774525)];
		const session = open(dlms, SETTINGS);
		const read = (...objects: AxdrValue[]) => {
			const body = encodeAxdr(structure(text("Kamstrup_V0001", 0x0a), ...objects));
			const frame = hdlcFrames(withLlc(notification(body, { time: TIME })), checksums, KAMSTRUP_LINE);
			return lines(outcome(session.receive(frame, 0)).readings[0]);
		};
		expect(read(...energy, scalerUnit(0, 30))).toEqual(["energy_import 774.525 kWh"]);
		expect(read(...energy)).toEqual(["energy_import 7745.25 kWh"]);
		expect(read(...energy, scalerUnit(0, 30))).toEqual(["energy_import 774.525 kWh"]);
	});

	test("lists of one meter, changed in all ways, are read as if each were the first", () => {
		const list = fc.tuple(
			fc.constantFrom("Kamstrup_V0001", "Kamstrup_V0001", "Kamstrup_V0001", "Other_V0001"),
			drawn(pool, 9),
		);
		fc.assert(
			fc.property(fc.array(list, { minLength: 2, maxLength: 6 }), (lists) =>
				saysTheSame(
					dlms,
					lists.map(([id, objects]) =>
						hdlcFrames(
							withLlc(notification(encodeAxdr(structure(text(id, 0x0a), ...objects.flat())), { time: TIME })),
							checksums,
							KAMSTRUP_LINE,
						),
					),
				),
			),
			{ numRuns: RUNS },
		);
	});
});

describe("KMP", () => {
	const pool = [
		"003C 02 04 42 0000162F",
		"0044 27 04 42 0001E240",
		"004A 29 02 00 0102",
		"0050 16 02 C2 0064",
		"0056 25 02 42 1E61",
		"0057 25 02 42 0BB8",
		"0059 26 02 42 12A9",
		"03EC 2E 04 00 0000D1D2",
		"003C 02 04 40 0000162F",
		"010A 02 04 42 0000162F",
		"003C 08 07 42 FFFFFFFFFFFFFF",
		"0050 16 02 C2 0000",
		"03EB 30 04 00 00030B0C",
		"03EA 2F 04 00 0001E240",
		"0194 36 03 00 414243",
		"0001 03 02 42 04D2",
	];

	test("replies of one meter, changed in all ways, are read as if each were the first", () => {
		fc.assert(
			fc.property(fc.array(drawn(pool, 8), { minLength: 2, maxLength: 6 }), (replies) =>
				saysTheSame(
					kmp,
					replies.map((registers) =>
						encodeReply(
							Uint8Array.from(Buffer.from(`3F10${registers.join("").replaceAll(" ", "")}`, "hex")),
							checksums,
						),
					),
				),
			),
			{ numRuns: RUNS },
		);
	});
});
