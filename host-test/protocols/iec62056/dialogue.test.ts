// The order and the times of asking, to the millisecond: attempts, repetitions, pauses, questions.
// Times of IEC 62056-21:2002, 6.3.13 (1.5 s to an answer and between characters) and docs/protocols/iec62056.md (0.5 s
// for heads and adapters, three attempts, a minute's rest). A character has ten bits: at 300 Bd 33.3 ms.

import { iec62056 } from "../../../protocols/iec62056/iec62056.js";
import { commandMessage, dataBlock } from "../../../protocols/iec62056/messages.js";
import type { SettingValues } from "../../../settings/setting.js";
import { ascii, FakeLine, hex, join, line, open, outcome } from "../asking.js";

type Answers = readonly (readonly [number, Uint8Array])[];
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("latin1");
const requests = ({ sent }: FakeLine) => sent.map(({ bytes }) => text(bytes));
const R1 = text(commandMessage("R1", "1.8.0()"));
const R2 = text(commandMessage("R2", "F001()"));
const BREAK = "\x01B0\x03q";
const PROGRAMMING = { dialogue: "programming", registers: "1.8.0 R2:F001", highestBaud: "300", period: 600 };

/** In programming mode: a seed without a password, then values by `values`; everything at 300 Bd. */
function programmed(
	values: (asked: string, count: number) => Uint8Array | undefined,
	settings: SettingValues = {},
) {
	let count = 0;
	const meter = (request: Uint8Array): Answers => {
		const asked = text(request);
		if (asked.startsWith("/?")) return [[400, ascii("/SIE0TD\r\n")]];
		if (asked.startsWith("\x06"))
			return asked.length > 1 ? [[400, commandMessage("P0", "(1)")]] : answer(asked);
		return asked === BREAK ? [] : answer(asked);
	};
	const answer = (asked: string): Answers => {
		const reply = values(asked, count++);
		return reply ? [[300, reply]] : [];
	};
	return new FakeLine(open(iec62056, { ...PROGRAMMING, ...settings }), meter);
}
const VALUE = dataBlock("1.8.0(000285.4*kWh)");
const VOLTAGE = dataBlock("(230.1*V)");

describe("attempts", () => {
	test("each waits 2 s behind its last character, and 1.5 s more go by before the next", () => {
		const fake = new FakeLine(open(iec62056), () => []);
		fake.run(130_000);
		// 5 characters take 166.7 ms.
		expect(fake.sent.map(({ at }) => at)).toEqual([
			0, 3667, 7334, 60_000, 63_667, 67_334, 120_000, 123_667, 127_334,
		]);
	});

	test("a longer request takes longer; with a wake-up each begins with zeros", () => {
		const long = new FakeLine(open(iec62056, { address: "1".repeat(25), startBaud: "600" }), () => []);
		long.run(10_000);
		expect(long.sent.map(({ at }) => at)).toEqual([0, 500 + 3500, 8000]);
		const sleeping = new FakeLine(open(iec62056, { wakeUp: true, startBaud: "2400" }), () => [], 2400);
		sleeping.run(8000);
		expect(sleeping.sent.map(({ at, bytes }) => [at, bytes.length])).toEqual([
			[0, 528],
			[3800, 5],
			[3800 + 21 + 3500, 528],
		]);
	});

	test("a readout is waited for as long as its characters come, but no longer than five minutes", () => {
		const fake = new FakeLine(open(iec62056), (request) =>
			text(request) === "/?!\r\n"
				? [
						[400, ascii("/ABC \r\n\x02")],
						...Array.from({ length: 600 }, (_, index) => [1000 + index * 1000, ascii("1")] as const),
					]
				: [],
		);
		fake.run(400_000);
		expect(fake.sent.map(({ at }) => at)).toEqual([0, 300_400 + 1500]);
		expect(fake.rejections.map(({ code }) => code)).toEqual(["truncated"]);
	});

	test("a readout of mode A that breaks off is asked for again, and nothing is selected in the middle of it", () => {
		const fake = new FakeLine(open(iec62056), (request) =>
			text(request) === "/?!\r\n" ? [[400, ascii("/ABC \r\n\x021.8.0(")]] : [],
		);
		fake.run(10_000);
		expect(requests(fake)).toEqual(["/?!\r\n", "/?!\r\n", "/?!\r\n"]);
		expect(fake.sent[1]?.at).toBe(400 + 2000 + 1500);
	});

	test("what stops for two seconds is over", () => {
		const fake = new FakeLine(open(iec62056), (request, { sent }) =>
			text(request) === "/?!\r\n" && sent.length === 1
				? [
						[400, ascii("/ABC ")],
						[1500, ascii("X")],
					]
				: [],
		);
		fake.run(6000);
		expect(fake.sent.map(({ at }) => at)).toEqual([0, 1500 + 2000 + 1500]);
	});

	test("an identification is answered once, after the meter's reaction time", () => {
		const fake = new FakeLine(open(iec62056), (request) =>
			text(request).startsWith("/?")
				? [
						[400, ascii("/LGz5X\r\n/LGZ5Y\r\n")],
						[460, ascii("/LGZ5Y\r\n")],
					]
				: [],
		);
		fake.run(2000);
		expect(requests(fake)).toEqual(["/?!\r\n", "\x06050\r\n"]);
		expect(fake.sent[1]?.at).toBe(400 + 20 + 20);
	});

	test.each([
		["300", "0"],
		["600", "1"],
		["4800", "4"],
		["9600", "5"],
		["19200", "5"],
	])("with %s Bd at most Z is %s of an offered 5", (highestBaud, speed) => {
		const fake = new FakeLine(open(iec62056, { highestBaud }), (request) =>
			text(request).startsWith("/?") ? [[400, ascii("/LGZ5X\r\n")]] : [],
		);
		fake.run(1000);
		expect(requests(fake)[1]).toBe(`\x060${speed}0\r\n`);
	});

	test("comes again after its period when it was answered, and 1.5 s after the last answer at the soonest", () => {
		const block = dataBlock("1.8.0(1*kWh)\r\n!\r\n");
		const fake = new FakeLine(open(iec62056, { period: 5 }), (request) =>
			text(request).startsWith("/?")
				? [
						[400, ascii("/ABC X\r\n")],
						[1900, block.subarray(0, 4)],
						[3400, block.subarray(4, 8)],
						[4900, block.subarray(8)],
					]
				: [],
		);
		fake.run(7000);
		expect(fake.sent.map(({ at }) => at)).toEqual([0, 4900 + 1500]);
	});
});

describe("programming mode", () => {
	const good = (asked: string) => (asked === R1 ? VALUE : asked === R2 ? VOLTAGE : undefined);

	test("needs no password where the settings have none", () => {
		const fake = programmed(good);
		fake.run(20_000);
		expect(requests(fake)).toEqual(["/?!\r\n", "\x06001\r\n", R1, R2, BREAK]);
		expect(fake.readings[0]?.quantities.map(line)).toEqual(["energy_import 285.4 kWh", "F001 230.1 V"]);
		expect(fake.rejections).toEqual([]);
		// 220 ms of reaction behind each answer; the break has 5 characters, and 0.5 s go by behind it.
		expect(fake.sent.map(({ at }) => at)).toEqual([0, 620, 620 + 620, 1240 + 520, 1760 + 520]);
		expect(fake.readings).toHaveLength(1);
	});

	test("a value that the meter refuses is asked for four times in all, the others are read", () => {
		const fake = programmed((asked) => (asked === R1 ? hex("15") : good(asked)));
		fake.run(20_000);
		expect(requests(fake).slice(2)).toEqual([R1, R1, R1, R1, R2, BREAK]);
		expect(fake.readings[0]?.quantities.map(line)).toEqual(["F001 230.1 V"]);
	});

	test("an ACK is no refusal", () => {
		const fake = programmed((asked) => (asked === R1 ? join(hex("06"), VALUE) : good(asked)));
		fake.run(20_000);
		expect(requests(fake).slice(2)).toEqual([R1, R2, BREAK]);
	});

	test("a reply that stays damaged is repeated three times; then it is left, and tried anew", () => {
		const damaged = VALUE.slice();
		damaged[5] = (damaged[5] as number) ^ 4;
		const fake = programmed((asked, count) => (count < 4 ? damaged : asked === "\x15" ? VALUE : good(asked)));
		fake.run(30_000);
		expect(requests(fake)).toEqual([
			"/?!\r\n",
			"\x06001\r\n",
			R1,
			"\x15",
			"\x15",
			"\x15",
			BREAK,
			"/?!\r\n",
			"\x06001\r\n",
			R1,
			R2,
			BREAK,
		]);
		expect(fake.readings).toHaveLength(1);
	});

	test("a meter that leaves by itself is left at once, and tried anew", () => {
		const fake = programmed((asked, count) => (count === 0 ? commandMessage("B0") : good(asked)));
		fake.run(30_000);
		expect(requests(fake).slice(2)).toEqual([R1, BREAK, "/?!\r\n", "\x06001\r\n", R1, R2, BREAK]);
		expect((fake.sent[3]?.at ?? 0) - (fake.sent[2]?.at ?? 0)).toBe(300);
	});

	test("parts of a value are acknowledged, and are one", () => {
		const fake = programmed((asked) =>
			asked === R1
				? dataBlock("1.8.0(1*kWh)", "xor", true)
				: asked === "\x06"
					? dataBlock("2.8.0(2*kWh)")
					: good(asked),
		);
		fake.run(20_000);
		expect(requests(fake).slice(2)).toEqual([R1, "\x06", R2, BREAK]);
		expect(fake.readings[0]?.quantities.map(line)).toEqual([
			"energy_import 1 kWh",
			"energy_export 2 kWh",
			"F001 230.1 V",
		]);
	});

	test("a block that comes unasked is a reading of its own", () => {
		const fake = programmed(() => undefined);
		fake.run(9_999);
		expect(outcome(fake.session.receive(VALUE, 10_000)).readings).toHaveLength(1);
	});
});

describe("a question", () => {
	const readable = (request: Uint8Array): Answers =>
		text(request).startsWith("/?")
			? [
					[400, ascii("/ABC X\r\n\x02")],
					[410, dataBlock("1.8.0(1*kWh)\r\n!\r\n").subarray(1)],
				]
			: [];

	test("is put only to a meter that is asked", () => {
		expect(open(iec62056, { dialogue: "listen" }).ask?.("1.8.0", 0)).toBe("the meter is only listened to");
	});

	test("is an address of up to 32 characters, one at a time", () => {
		const fake = new FakeLine(open(iec62056), readable);
		fake.run(10_000);
		const wrong = "an address has letters, digits and . : * & -";
		expect([fake.ask("1".repeat(33)), fake.ask("1.8.0()"), fake.ask("1 8"), fake.ask("/1")]).toEqual(
			Array(4).fill(wrong),
		);
		expect(fake.ask("1".repeat(32))).toBeUndefined();
		expect(fake.ask("1.8.0")).toBe("another question is under way");
		expect(fake.ask("x y")).toBe(wrong);
	});

	test("of nothing is a poll now, whose reading is one as any, and the period begins again", () => {
		const fake = new FakeLine(open(iec62056, { period: 60 }), readable);
		fake.run(10_000);
		expect(fake.ask("")).toBeUndefined();
		fake.run(69_000);
		expect(fake.sent.map(({ at }) => at)).toEqual([0, 10_000]);
		expect([fake.readings.length, fake.answers]).toEqual([2, []]);
		fake.run(70_001);
		expect(fake.sent).toHaveLength(3);
	});

	test("waits 1.5 s behind a poll that has just ended", () => {
		const fake = new FakeLine(open(iec62056), readable);
		fake.run(420);
		fake.ask("");
		fake.run(5000);
		expect(fake.sent.map(({ at }) => at)).toEqual([0, 410 + 1500]);
	});

	test("is answered to who asked alone: a value, that there is none, that nobody answers, that the password is wrong", () => {
		const fake = programmed((asked) => (asked === R1 ? VALUE : dataBlock("(ERROR)")));
		fake.run(10_000);
		const before = fake.readings.length;
		fake.ask("1.8.0");
		fake.run(20_000);
		fake.ask("9.9.9");
		fake.run(30_000);
		expect(fake.answers).toEqual([["energy_import 285.4 kWh"], "the meter has no such value"]);
		expect(fake.readings).toHaveLength(before);
		const deaf = new FakeLine(open(iec62056, { period: 600 }), () => []);
		deaf.run(20_000);
		deaf.ask("1.8.0");
		deaf.run(40_000);
		expect(deaf.answers).toEqual(["the meter does not answer"]);
		expect(deaf.rejections).toHaveLength(1);
	});

	test("where tables are asked for is the name of one", () => {
		const fields = "0002251 -002735 0001820 0000000 0000000 0000020 0000000 0000000 \r";
		const fake = new FakeLine(open(iec62056, { dialogue: "tables", tables: "1", period: 600 }), () => [
			[300, ascii(fields)],
		]);
		fake.run(10_000);
		expect(fake.readings).toHaveLength(1);
		fake.ask("c2");
		fake.run(20_000);
		expect(requests(fake)).toEqual(["/#1", "/#C"]);
		expect(fake.answers[0]?.slice(0, 2)).toEqual(["temperature_supply 22.51 °C", "T3 -27.35 °C"]);
		expect(fake.readings).toHaveLength(1);
	});
});
