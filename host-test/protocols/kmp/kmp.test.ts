// KMP, decoding: the worked examples of Kamstrup 5512-447, the captures, and what a bad line does to them.

import fc from "fast-check";
import {
	eventStatusReply,
	getEventStatus,
	getLogIdPresent,
	getLogLastPresent,
	getLogTimePast,
	getLogTimePresent,
	getRegister,
	getSerialNo,
	getType,
	METER,
	registerReply,
	requestedRegisters,
	serialNoReply,
	setClock,
	typeReply,
} from "../../../protocols/kmp/commands.js";
import { encodeFrame, FROM_METER, KmpFramer, TO_METER } from "../../../protocols/kmp/frame.js";
import { kmp } from "../../../protocols/kmp/kmp.js";
import { decodeNumber, encodeValue } from "../../../protocols/kmp/register-value.js";
import { encodeReply, encodeRequest } from "../../../protocols/kmp/session.js";
import type { Rejection } from "../../../protocols/protocol.js";
import { decimal, toText } from "../../../readings/decimal.js";
import {
	checksums,
	decode,
	flipped,
	hex,
	join,
	lines,
	open,
	outcome,
	rubbish,
	testCorpus,
} from "../asking.js";

/** GetRegister reply of a MULTICAL 403 for register 86 (kmp-captures mc403-2). */
const T1 = hex("40 3F 10 00 56 25 02 42 14 F5 69 DC 0D");
const TYPE = hex("40 3F 01 00 04 1B F9 01 26 99 0D");
const SERIAL = hex("40 3F 02 01 23 45 67 E9 56 0D");
/** 5512-447 6.2.4, with the CRC that the document's own check line shows (its wire line prints F3 8A). */
const REGISTER_128 = hex("40 3F 10 00 1B 7F 16 04 11 01 2A F0 24 63 03 0D");

/** A GetRegister reply around one register's bytes. */
function reply(...content: string[]): Uint8Array {
	return encodeReply(hex(`3F 10 ${content.join(" ")}`), checksums);
}

describe("requests, as the document prints them", () => {
	const wire = (content: Uint8Array) => Buffer.from(encodeRequest(content, checksums)).toString("hex");
	test.each([
		["GetType", getType(METER), "803f01058a0d"],
		["GetSerialNo", getSerialNo(METER), "803f0235e90d"],
		["GetRegister 128", getRegister(METER, [128]), "803f1001001b7fd4080d"],
		// The document prints CRC C3 4A here; over these bytes CRC-16/XMODEM is 77 4E.
		[
			"SetClock",
			setClock(METER, { year: 2007, month: 7, day: 30, hour: 16, minute: 15, second: 57 }),
			"803f090001144a00027715774e0d",
		],
	])("%s", (_name, content, expected) => expect(wire(content)).toBe(expected));

	const log = { log: 1, registers: [0x3c, 0x44], records: 3, longest: 0x80 };
	const time = { year: 2007, month: 5, day: 24, hour: 10, minute: 30, second: 0 };
	test.each([
		["A0", getLogTimePresent(0x7f, log, time), "7fa00102003c004403800705180a1e000000"],
		["A1", getLogLastPresent(0x7f, log), "7fa10102003c00440380"],
		["A2", getLogIdPresent(0x7f, log, 0x10f3), "7fa20102003c0044038010f3"],
		["A3", getLogTimePast(0x7f, log, time, 6), "7fa30102003c004403800705180a1e0000000006"],
		["9B", getEventStatus(0x7f), "7f9b"],
	])("log request %s", (_name, content, expected) =>
		expect(Buffer.from(content).toString("hex")).toBe(expected),
	);

	test("an emulated meter reads which registers are wanted", () => {
		const request = getRegister(METER, [60, 1004]);
		expect(requestedRegisters(request, request.length)).toEqual([60, 1004]);
		expect(requestedRegisters(request, request.length - 1)).toBeUndefined();
		expect(requestedRegisters(getType(METER), 2)).toBeUndefined();
	});

	test("more than eight registers are the caller's mistake", () => {
		expect(() => getRegister(METER, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toThrow(RangeError);
	});
});

describe("replies", () => {
	test("GetType names meter and software", () => {
		expect(decode(kmp, TYPE).readings[0]?.meter).toEqual({
			manufacturer: "Kamstrup",
			model: "MULTICAL 601 Pt100 F1",
		});
	});

	test("GetSerialNo is the meter's id, also in the readings after it", () => {
		const { readings } = decode(kmp, join(SERIAL, T1));
		expect(readings.map(({ meter }) => meter.id)).toEqual(["19088743", "19088743"]);
	});

	test("an emulated meter's replies are those of the document", () => {
		expect(encodeReply(typeReply(METER, 4, 6, 1), checksums)).toEqual(TYPE);
		expect(encodeReply(serialNoReply(METER, 19088743), checksums)).toEqual(SERIAL);
		const value = encodeValue(22, 4, decimal(19591204, 17));
		expect(encodeReply(registerReply(METER, [{ register: 128, value }]), checksums)).toEqual(REGISTER_128);
	});

	test("the document's wire example keeps all its digits", () => {
		expect(lines(decode(kmp, REGISTER_128).readings[0])).toEqual([
			"register_128 1959120400000000000000000 kW",
		]);
	});

	test.each([
		["-123.45 (4.2)", "0050 16 04 C2 00003039", "heat_power -123.45 kW"],
		["87654321·10³ (4.2)", "0044 27 04 03 05397FB1", "heat_volume 87654321 m³"],
		["255·10³ (4.2)", "0044 28 01 03 FF", "heat_volume 255000 m³"],
		["clock (5.1)", "03EA 2F 04 00 00019258", "register_1002 10:30:00"],
		["clock 20:02:43", "03EA 2F 04 00 00030E33", "register_1002 20:02:43"],
		["date (5.1)", "03EB 30 04 00 0000ED98", "register_1003 2006-08-24"],
		["month and day (5.1)", "0062 32 04 00 00000338", "register_98 --08-24"],
		["no date stays a number", "0062 30 04 00 00000000", "register_98 0"],
		["register 86, 200.00 °C", "0056 25 04 42 00004E20", "temperature_supply 200.00 °C"],
		["eight bytes", "003C 03 08 43 FFFFFFFFFFFFFFFF", "heat_energy 18446744073709551.615 MWh"],
		["GJ × 10", "003C 39 02 00 0101", "heat_energy 2570 GJ"],
		["flow in m³/h", "004A 2A 04 43 000003E8", "flow 1000 L/h"],
		["difference in °C is K", "0059 25 02 42 0316", "temperature_difference 7.90 K"],
		["electricity in Wh", "0001 01 04 00 00012345", "energy_import 74.565 kWh"],
		["power in W", "03FF 15 04 00 000001F4", "power_import 500 W"],
		["voltage", "041F 21 02 00 00E6", "voltage_l2 230 V"],
		["date and time in bytes", "015C 4F 08 00 150A1F0C1E0F0000", "register_348 2021-10-31T12:30:15"],
		["characters", "0194 36 04 00 41423120", "register_404 AB1"],
		["unknown unit", "0194 5B 01 00 07", "register_404 7 unit 91"],
	])("%s", (_name, content, expected) => {
		expect(lines(decode(kmp, reply(content)).readings[0])).toEqual([expected]);
	});

	test("date and clock of the meter are the reading's time", () => {
		const [reading] = decode(kmp, reply("03EB 30 04 00 0001144A", "03EA 2F 04 00 00027715")).readings;
		expect(reading?.time).toBe("2007-07-30T16:15:57");
	});

	test("a high-resolution counter beside the plain one keeps its number", () => {
		const [reading] = decode(kmp, reply("003C 03 02 43 0001", "010A 02 04 42 00000064")).readings;
		expect(lines(reading)).toEqual(["heat_energy 0.001 MWh", "register_266 1.00 kWh"]);
	});

	test("a log reply gives a reading for each record (6.3.1)", () => {
		const { readings } = decode(
			kmp,
			encodeReply(
				hex(
					`7F A0 01 02 10F3 003C 080400 FF068662 0044 270400 E993DC05
					 10F4 B50A5C5E 93E05047 10F5 CF065396 F2584C96 10F5 1102 00`,
				),
				checksums,
			),
		);
		expect(readings.map(({ meter }) => meter.list)).toEqual([
			"log 1 record 4339",
			"log 1 record 4340",
			"log 1 record 4341",
		]);
		expect(lines(readings[2])).toEqual(["heat_energy 3473298326 GJ", "heat_volume 4065873.046 m³"]);
	});

	test("the event status is told byte by byte", () => {
		const bytes = encodeReply(eventStatusReply(0x7f, [0, 0, 3, 0]), checksums);
		expect(lines(decode(kmp, bytes).readings[0])).toEqual(["event_status 00000300"]);
	});

	test("requests, echoes and acknowledgements give nothing", () => {
		const requests = join(hex("80 3F 10 01 00 56 7F B3 0D"), hex("06"), hex("00 00"));
		expect(decode(kmp, requests)).toEqual({ readings: [], rejections: [] });
		expect(decode(kmp, join(requests, T1)).readings).toHaveLength(1);
	});
});

describe("captures", () => testCorpus(kmp));

describe("a bad line", () => {
	const damage: readonly (readonly [string, Uint8Array, string])[] = [
		["a stop byte that never came", hex("40 3F 10 00"), "truncated"],
		["a new start inside a frame", join(hex("40 3F 10"), T1), "truncated"],
		["a wrong CRC", hex("40 3F 02 01 23 45 67 E9 57 0D"), "crc"],
		["the document's misprinted CRC", hex("40 3F 10 00 1B 7F 16 04 11 01 2A F0 24 F3 8A 0D"), "crc"],
		["an escape of a byte that needs none", hex("40 3F 02 1B 23 45 67 E9 56 0D"), "stuffing"],
		["a frame of three bytes", hex("40 3F 02 E9 0D"), "length"],
		["register lengths that do not add up", reply("0056 25 08 42 14F5"), "length"],
		["a command nobody knows", encodeReply(hex("3F 55 01"), checksums), "command"],
	];
	test.each(damage)("%s is rejected", (_name, bytes, code) => {
		const { rejections } = decode(kmp, bytes);
		expect(rejections[0]).toMatchObject({ rejected: true, layer: "kmp", code, offset: 0 });
	});

	test("a wrong CRC says what was expected and where the frame began", () => {
		const { rejections } = decode(kmp, hex("00 00 40 3F 02 01 23 45 67 E9 57 0D"));
		expect(rejections).toEqual([
			{ rejected: true, layer: "kmp", code: "crc", offset: 2, expected: 0xe956, actual: 0xe957 },
		]);
	});

	test("split at every byte, a stream reads the same", () => {
		const stream = join(TYPE, SERIAL, REGISTER_128, T1);
		const whole = decode(kmp, stream);
		expect(whole.readings).toHaveLength(4);
		for (let size = 1; size < stream.length; size++) expect(decode(kmp, stream, size)).toEqual(whole);
	});

	test("no single flipped bit gives another reading", () => {
		for (const frame of [T1, SERIAL, REGISTER_128, TYPE]) {
			const right = decode(kmp, frame).readings;
			for (const { bytes } of flipped(frame)) {
				const { readings } = decode(kmp, bytes);
				// Either nothing, or (where the flip is outside what the CRC covers) the same.
				expect(readings.length === 0 || JSON.stringify(readings) === JSON.stringify(right)).toBe(true);
			}
		}
	});

	test("truncated anywhere, it gives no reading, and the next frame is read", () => {
		for (let length = 0; length < REGISTER_128.length; length++) {
			const part = REGISTER_128.subarray(0, length);
			expect(decode(kmp, part).readings).toEqual([]);
			expect(lines(decode(kmp, join(part, T1)).readings[0])).toEqual(["temperature_supply 53.65 °C"]);
		}
	});

	test("a megabyte of rubbish gives no exception, and the next frame is read", () => {
		const session = open(kmp);
		session.receive(rubbish(1 << 20), 0);
		expect(outcome(session.receive(T1, 1)).readings.at(-1)?.quantities[0]?.name).toBe("temperature_supply");
	});

	test("an endless frame is cut off", () => {
		const endless = new Uint8Array(5000).fill(0x55);
		const { rejections, readings } = decode(kmp, join(hex("40"), endless, hex("0D"), T1));
		expect(rejections.map(({ code }) => code)).toEqual(["length"]);
		expect(readings).toHaveLength(1);
	});
});

describe("properties", () => {
	const content = fc.uint8Array({ minLength: 2, maxLength: 200 });

	test("stuffing is undone in one pass, whatever the bytes", () => {
		fc.assert(
			fc.property(content, fc.constantFrom(TO_METER, FROM_METER), (bytes, direction) => {
				const found: Uint8Array[] = [];
				const rejected: Rejection[] = [];
				const framer = new KmpFramer(checksums, {
					frame: (_direction, frame, length) => found.push(frame.slice(0, length)),
					acknowledge: () => found.push(Uint8Array.of(6)),
					rejected: (rejection) => rejected.push(rejection),
				});
				const wire = encodeFrame(direction, bytes, checksums);
				framer.push(wire);
				expect(found).toEqual([bytes]);
				expect(rejected).toEqual([]);
				for (const special of [0x80, 0x40, 0x06]) expect(wire.indexOf(special, 1)).toBe(-1);
				expect(wire.indexOf(0x0d)).toBe(wire.length - 1);
			}),
		);
	});

	test("a value comes back as it was, with any length, sign and exponent", () => {
		const mantissa = fc.bigInt({ min: -(1n << 64n) + 1n, max: (1n << 64n) - 1n });
		fc.assert(
			fc.property(mantissa, fc.integer({ min: -63, max: 63 }), (integer, exponent) => {
				const value = decimal(integer, exponent);
				const bytes = encodeValue(3, 8, value);
				const format = { unit: bytes[0] as number, length: 8, signExponent: bytes[2] as number };
				expect(toText(decodeNumber(bytes, 3, format))).toBe(toText(value));
			}),
		);
	});
});
