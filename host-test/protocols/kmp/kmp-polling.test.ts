// KMP, asking: a session on a line with a fake clock and a meter of a few lines.

import { kmp } from "../../../protocols/kmp/kmp.js";
import { registersOf } from "../../../protocols/kmp/registers.js";
import { encodeReply } from "../../../protocols/kmp/session.js";
import { periodWarning } from "../../../protocols/kmp/settings.js";
import { checksums, FakeLine, hex, join, line, lines, open, outcome } from "../asking.js";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const asks = (bytes: Uint8Array) => bytes[2];
const REGISTERS = encodeReply(hex("3F 10 003C 03 02 43 0100 0056 25 02 42 14F5"), checksums);
const TYPE = encodeReply(hex("3F 01 0004 0601"), checksums);
const SERIAL = encodeReply(hex("3F 02 01234567"), checksums);

/** Answers what a MULTICAL answers, 200 ms after the request. */
function answer(request: Uint8Array): Uint8Array {
	return asks(request) === 0x10 ? REGISTERS : asks(request) === 0x01 ? TYPE : SERIAL;
}

describe("a poll", () => {
	test("asks for eight registers at once, then who the meter is, and gives one reading", () => {
		const fake = new FakeLine(open(kmp), (request) => [[200, answer(request)]]);
		fake.run(10_000);
		expect(fake.sent.map(({ bytes }) => asks(bytes))).toEqual([0x10, 0x01, 0x02]);
		expect(text(fake.sent[0]?.bytes ?? new Uint8Array())).toMatch(
			/^803f1008003c0044004a005000560057005903ec/,
		);
		expect(fake.readings).toHaveLength(1);
		expect(fake.readings[0]?.meter).toEqual({
			manufacturer: "Kamstrup",
			model: "MULTICAL 601 Pt100 F1",
			id: "19088743",
		});
		expect(lines(fake.readings[0])).toEqual(["heat_energy 0.256 MWh", "temperature_supply 53.65 °C"]);
		expect(fake.rejections).toEqual([]);
	});

	test("comes once an hour, and asks for the identity only the first time", () => {
		const fake = new FakeLine(open(kmp), (request) => [[200, answer(request)]]);
		fake.run(3600_000 - 1);
		expect(fake.sent).toHaveLength(3);
		fake.run(3600_000 + 5000);
		expect(fake.sent).toHaveLength(4);
		expect(fake.sent[3]?.at).toBe(3600_000);
		expect(fake.readings).toHaveLength(2);
	});

	test("asks nine registers with two requests, the second after the first one's reply", () => {
		const settings = { registers: "60 68 74 80 86 87 89 1004 1001" };
		const fake = new FakeLine(open(kmp, settings), (request) => [
			[
				500,
				asks(request) === 0x10 && request[3] === 1
					? encodeReply(hex("3F 10 03E9 33 04 00 00BC614E"), checksums)
					: answer(request),
			],
		]);
		fake.run(10_000);
		const [first, second] = fake.sent;
		expect(first?.bytes[3]).toBe(8);
		expect(second?.bytes[3]).toBe(1);
		expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(509);
		expect(fake.readings).toHaveLength(1);
		expect(fake.readings[0]?.quantities.map(line)).toContain("register_1001 12345678");
	});

	test("passes over the echo of the optical head", () => {
		const fake = new FakeLine(open(kmp), (request) => [
			[20, request],
			[200, answer(request)],
		]);
		fake.run(10_000);
		expect(fake.sent).toHaveLength(3);
		expect(fake.readings).toHaveLength(1);
		expect(fake.rejections).toEqual([]);
	});

	test("takes a reply that comes byte by byte", () => {
		const fake = new FakeLine(open(kmp), (request) =>
			[...answer(request)].map((byte, index) => [1500 + index * 100, Uint8Array.of(byte)] as const),
		);
		fake.run(20_000);
		expect(fake.sent).toHaveLength(3);
		expect(fake.readings).toHaveLength(1);
	});

	test("repeats a damaged reply after 1.6 s", () => {
		let damaged = 0;
		const fake = new FakeLine(open(kmp), (request) => {
			const bytes = answer(request).slice();
			if (asks(request) === 0x10 && damaged++ === 0) bytes[5] = (bytes[5] as number) ^ 1;
			return [[200, bytes]];
		});
		fake.run(10_000);
		expect(fake.rejections.map(({ code }) => code)).toEqual(["crc"]);
		expect(fake.sent[1]?.at).toBe(1800);
		expect(fake.readings).toHaveLength(1);
	});

	test("a meter that sleeps is asked again and answers then", () => {
		let asked = 0;
		const fake = new FakeLine(open(kmp), (request) => (asked++ === 0 ? [] : [[200, answer(request)]]));
		fake.run(20_000);
		expect(fake.readings).toHaveLength(1);
		expect(fake.rejections).toEqual([]);
	});

	test("a meter that never answers is told, and asked again after a minute", () => {
		const fake = new FakeLine(open(kmp), () => []);
		fake.run(30_000);
		expect(fake.sent).toHaveLength(3);
		for (let index = 1; index < 3; index++)
			expect((fake.sent[index]?.at ?? 0) - (fake.sent[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1600);
		expect(fake.rejections).toEqual([{ rejected: true, layer: "kmp", code: "no-answer", actual: 3 }]);
		fake.run(61_000);
		expect(fake.sent).toHaveLength(4);
		expect(fake.sent[3]?.at).toBe(60_000);
	});

	test("noise without end does not keep it waiting", () => {
		const noise = Array.from({ length: 600 }, (_, index) => [index * 100, hex("55")] as const);
		const fake = new FakeLine(open(kmp), () => noise);
		fake.run(120_000);
		expect(fake.rejections.map(({ code }) => code)).toContain("no-answer");
	});

	test("modules that do not tell who they are do not spoil the reading", () => {
		const fake = new FakeLine(open(kmp), (request) => (asks(request) === 0x10 ? [[200, REGISTERS]] : []));
		fake.run(30_000);
		expect(fake.readings).toHaveLength(1);
		expect(fake.rejections).toEqual([]);
	});

	test("what another master asked for is a reading of its own", () => {
		const foreign = encodeReply(hex("3F 10 0050 16 02 41 0064"), checksums);
		const fake = new FakeLine(open(kmp), (request) => [
			[100, asks(request) === 0x10 ? join(foreign, REGISTERS) : answer(request)],
		]);
		fake.run(10_000);
		// Register 80 was asked for as well, so the foreign reply passes for an answer; the next one stands alone.
		expect(fake.readings.map((reading) => reading.quantities.length).sort()).toEqual([1, 2]);
	});

	test("a poll that is cut short still gives what it has", () => {
		const session = open(kmp);
		session.tick(0);
		expect(outcome([...session.receive(REGISTERS, 200), ...session.end(300)]).readings.map(lines)).toEqual([
			["heat_energy 0.256 MWh", "temperature_supply 53.65 °C"],
		]);
	});

	test("period 0 only listens", () => {
		const session = open(kmp, { period: 0 });
		const fake = new FakeLine(session, () => []);
		fake.run(10_000_000);
		expect(fake.sent).toEqual([]);
		expect(session.receive(REGISTERS, 1)).toHaveLength(1);
	});

	test("a module's event status is asked for where the setting says so", () => {
		const fake = new FakeLine(open(kmp, { destination: "top", eventStatus: true }), (request) => [
			[200, asks(request) === 0x9b ? encodeReply(hex("7F 9B 00000100"), checksums) : answer(request)],
		]);
		fake.run(10_000);
		expect(fake.sent.every(({ bytes }) => bytes[1] === 0x7f)).toBe(true);
		expect(fake.readings[0]?.quantities.map(line)).toContain("event_status 00000100");
	});
});

describe("settings", () => {
	test.each([
		["heat", [60, 68, 74, 80, 86, 87, 89, 1004]],
		["60, 60;68  99999 nonsense", [60, 68]],
		["", [60, 68, 74, 80, 86, 87, 89, 1004]],
	])("registers %j", (words, expected) => expect(registersOf(words)).toEqual(expected));

	test("a period that drains a battery is warned about in words", () => {
		expect(periodWarning(899)).toMatch(/battery/);
		expect(periodWarning(900)).toBeUndefined();
		expect(periodWarning(0)).toBeUndefined();
	});
});
