// KMP-382: the captures that the public driver prints in its comments, a bad line, and polling.

import { checkByte, encodeFrame, REPLY, REQUEST } from "../../../protocols/kmp382/frame.js";
import { kmp382 } from "../../../protocols/kmp382/kmp382.js";
import {
	actualReply,
	actualRequest,
	helloRequest,
	identityReply,
	identityRequest,
	memoryRequest,
	registersReply,
	registersRequest,
} from "../../../protocols/kmp382/messages.js";
import {
	ascii,
	decode,
	FakeLine,
	flipped,
	hex,
	join,
	line,
	lines,
	open,
	outcome,
	rubbish,
	testCorpus,
} from "../asking.js";

const ACTUAL = ascii(
	"HFE90000023480000000000" + "00DECD000DC8410000061700A5CA780000000000000000100010938F\r",
);
const REGISTERS = ascii("HFE95010000234800002347" + "0000000196\r");
/** Memory 0001–002C as the driver's comment prints it. */
const IDENTITY = ascii(
	"HFE013638353338324F4B31300000004000931000E8030000000000000000FE40E20100" + "78CAA5000000FFFFFFFF00F4\r",
);
const HELLO = ascii("HFE0002010701F7\r");

describe("requests, as captured", () => {
	test.each([
		["hello", helloRequest(), "@FE0002\r"],
		["identity", identityRequest(), "@FE010001002CD4\r"],
		["memory", memoryRequest(0x384, 0x39b), "@FE010384039BDC\r"],
		["actual values", actualRequest(), "@FE9072\r"],
		["registers", registersRequest(), "@FE95006D\r"],
	])("%s", (_name, content, expected) =>
		expect(Buffer.from(encodeFrame(REQUEST, content)).toString("latin1")).toBe(expected),
	);
});

describe("replies", () => {
	test("actual values", () => {
		expect(lines(decode(kmp382, ACTUAL).readings[0])).toEqual([
			"energy_import 9032 kWh",
			"power_import 0 W",
			"operating_time 57037 h",
			"reset_counter 903233",
			"energy_import_high_resolution 9032.33 kWh",
			"power_peak_month 1559 W",
			"customer_no_2 10865272",
			"item_7 0",
			"item_8 0",
			"production_no 268439699",
		]);
	});

	test("total and tariffs", () => {
		expect(lines(decode(kmp382, REGISTERS).readings[0])).toEqual([
			"energy_import 9032 kWh",
			"energy_import_t1 9031 kWh",
			"energy_import_t2 1 kWh",
		]);
	});

	test("type, id and customer number, which later readings carry", () => {
		const { readings, rejections } = decode(kmp382, join(IDENTITY, REGISTERS));
		expect(rejections).toEqual([]);
		expect(lines(readings[0])).toEqual(["meter_type 685382OK10", "meter_id 123456", "customer_no 10865272"]);
		expect(readings[1]?.meter).toEqual({ manufacturer: "Kamstrup", model: "685382OK10", id: "123456" });
	});

	test("hello, unknown memory and requests give nothing", () => {
		const memory = encodeFrame(REPLY, hex("FE 01 FFFFFFFF"));
		expect(decode(kmp382, join(HELLO, memory, ascii("@FE9072\r")))).toEqual({ readings: [], rejections: [] });
	});

	test("a type of letters, digits and spaces, without those behind it", () => {
		const { readings } = decode(kmp382, encodeFrame(REPLY, identityReply("AZ 09", 123456, 7)));
		expect(lines(readings[0])).toEqual(["meter_type AZ 09", "meter_id 123456", "customer_no 7"]);
	});

	// Next to A, Z, 0 and 9.
	test.each(["@", "[", "/", ":", "a"])(
		"memory with %s where the type would be is no identity",
		(character) => {
			const memory = encodeFrame(REPLY, identityReply(`6853${character}2OK10`, 123456, 7));
			const { readings, rejections } = decode(kmp382, join(memory, REGISTERS));
			expect(rejections).toEqual([]);
			expect(readings.map(({ meter }) => meter)).toEqual([{ manufacturer: "Kamstrup" }]);
		},
	);

	test("memory that begins as the identity does and is shorter is none", () => {
		const memory = encodeFrame(REPLY, identityReply("685382OK10", 123456, 7).subarray(0, 40));
		expect(decode(kmp382, memory)).toEqual({ readings: [], rejections: [] });
	});

	test("an emulated meter's replies are the captured ones", () => {
		const values = {
			energyKwh: 9032,
			powerW: 0,
			hours: 57037,
			energy10Wh: 903233,
			peakW: 1559,
			customer: 10865272,
			production: 268439699,
			tariffKwh: [9031, 1],
		} as const;
		expect(encodeFrame(REPLY, actualReply(values))).toEqual(ACTUAL);
		expect(encodeFrame(REPLY, registersReply(values))).toEqual(REGISTERS);
		const identity = decode(kmp382, encodeFrame(REPLY, identityReply("685382OK10", 123456, 10865272)));
		expect(lines(identity.readings[0])).toEqual(lines(decode(kmp382, IDENTITY).readings[0]));
	});

	test("the check byte makes the sum zero", () => {
		expect(checkByte(hex("FE 90"), 2)).toBe(0x72);
		expect(checkByte(hex("FE 01 00 01 00 2C"), 6)).toBe(0xd4);
		expect(checkByte(hex("FE 95 00"), 3)).toBe(0x6d);
	});
});

describe("captures", () => testCorpus(kmp382));

describe("a bad line", () => {
	test.each([
		["a wrong check byte", "HFE95010000234800002347000000" + "0197\r", "check"],
		["lower-case digits", "HFE9501000023480000234700000001" + "9a\r", "digit"],
		["an odd digit", "HFE950\r", "length"],
		["an unknown command", "HFE77008B\r", "command"],
		["too few words", "HFE900072\r", "length"],
		["too few registers", "HFE95006D\r", "length"],
		["no end", "HFE9501", "truncated"],
	])("%s is rejected", (_name, text, code) => {
		const { readings, rejections } = decode(kmp382, ascii(text));
		expect(readings).toEqual([]);
		expect(rejections[0]).toMatchObject({ rejected: true, layer: "kmp382", code, offset: 0 });
	});

	test("split at every byte, a stream reads the same", () => {
		const stream = join(HELLO, IDENTITY, ACTUAL, REGISTERS);
		const whole = decode(kmp382, stream);
		expect(whole.readings).toHaveLength(3);
		for (let size = 1; size < stream.length; size++) expect(decode(kmp382, stream, size)).toEqual(whole);
	});

	test("no single flipped bit gives another reading", () => {
		for (const frame of [ACTUAL, REGISTERS, IDENTITY])
			for (const { bytes } of flipped(frame)) expect(decode(kmp382, bytes).readings).toEqual([]);
	});

	test("truncated anywhere, it gives no reading, and the next frame is read", () => {
		for (let length = 0; length < ACTUAL.length; length++) {
			const part = ACTUAL.subarray(0, length);
			expect(decode(kmp382, part).readings).toEqual([]);
			expect(decode(kmp382, join(part, REGISTERS)).readings).toHaveLength(1);
		}
	});

	test("a megabyte of rubbish gives no exception, and the next frame is read", () => {
		const session = open(kmp382);
		session.receive(rubbish(1 << 20), 0);
		expect(outcome(session.receive(REGISTERS, 1)).readings.at(-1)?.quantities).toHaveLength(3);
	});

	test("an endless frame is cut off", () => {
		const endless = ascii("H".padEnd(2000, "A"));
		expect(decode(kmp382, join(endless, ascii("\r"), REGISTERS)).rejections.map(({ code }) => code)).toEqual([
			"length",
		]);
	});
});

describe("a poll", () => {
	const answer = (request: Uint8Array) => {
		const text = Buffer.from(request).toString("latin1");
		return text.startsWith("@FE90") ? ACTUAL : text.startsWith("@FE95") ? REGISTERS : IDENTITY;
	};

	test("collects all thirteen values of the driver's table, echo or not", () => {
		const fake = new FakeLine(open(kmp382), (request) => [
			[10, request],
			[300, answer(request)],
		]);
		fake.run(30_000);
		expect(fake.sent).toHaveLength(3);
		expect(fake.readings).toHaveLength(1);
		expect(fake.readings[0]?.quantities.map(line)).toEqual(
			expect.arrayContaining([
				"meter_type 685382OK10",
				"meter_id 123456",
				"customer_no 10865272",
				"energy_import 9032 kWh",
				"power_import 0 W",
				"operating_time 57037 h",
				"reset_counter 903233",
				"power_peak_month 1559 W",
				"customer_no_2 10865272",
				"production_no 268439699",
				"energy_total_2 9032 kWh",
				"energy_import_t1 9031 kWh",
				"energy_import_t2 1 kWh",
			]),
		);
		fake.run(60_100);
		expect(fake.sent[3]?.at).toBe(60_000);
	});

	test("a poll that is cut short still gives what it has", () => {
		const session = open(kmp382);
		session.tick(0);
		const { readings } = outcome([...session.receive(ACTUAL, 300), ...session.end(400)]);
		expect(readings.map(({ quantities }) => quantities.length)).toEqual([10]);
	});

	test("a meter that never answers is told once for each poll", () => {
		const fake = new FakeLine(open(kmp382), () => []);
		fake.run(50_000);
		expect(fake.sent).toHaveLength(3);
		expect(fake.rejections).toEqual([{ rejected: true, layer: "kmp382", code: "no-answer", actual: 3 }]);
	});
});
