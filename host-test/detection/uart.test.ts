// The UART model itself, against what is known of UARTs: it must be right before it may judge detection.

import { Evidence } from "../../detection/evidence";
import type { LineSettings } from "../../protocols/protocol";
import { type FramingPolicy, stretchesOf, UartReceiver } from "./uart-model";

const EIGHT_N_ONE: LineSettings = {
	baud: 2400,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
};
const EIGHT_E_ONE: LineSettings = { ...EIGHT_N_ONE, parity: "even" };
const SEVEN_E_ONE: LineSettings = { ...EIGHT_N_ONE, dataBits: 7, parity: "even" };
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const TELEGRAM = Buffer.from("1-0:1.8.1(012345.678*kWh)\r\n1-0:2.8.1(000000.000*kWh)\r\n".repeat(3));

function received(
	bytes: Uint8Array,
	sender: LineSettings,
	receiver: LineSettings,
	{ inverted = false, policy = "drop" as FramingPolicy } = {},
) {
	const heard: number[] = [];
	const uart = new UartReceiver(receiver, policy, (byte) => heard.push(byte));
	const idle = { level: !inverted, microseconds: 1e6 };
	uart.push(idle);
	for (const stretch of stretchesOf(bytes, sender, inverted)) uart.push(stretch);
	uart.push(idle);
	return { heard, counters: uart.counters };
}

function lookOf(heard: readonly number[]) {
	const evidence = new Evidence();
	evidence.add(Uint8Array.from(heard));
	return evidence.look;
}

describe("the UART model", () => {
	test.each([
		["8N1", EIGHT_N_ONE],
		["8E1", EIGHT_E_ONE],
		["8N2", { ...EIGHT_N_ONE, stopBits: 2 as const }],
		["8O2", { ...EIGHT_N_ONE, parity: "odd" as const, stopBits: 2 as const }],
	])("gives back every byte at equal settings: %s", (_, settings) => {
		const { heard, counters } = received(ALL_BYTES, settings, settings);
		expect(heard).toEqual([...ALL_BYTES]);
		expect(counters).toEqual({ bytes: 256, parity: 0, overflow: 0, framing: 0 });
	});

	test("55 at 8N1 is ten bits of alternating level", () => {
		const levels = stretchesOf(Uint8Array.of(0x55), EIGHT_N_ONE, false).map(({ level }) => (level ? 1 : 0));
		expect(levels.join("")).toBe("0101010101");
	});

	test("7E1 read as 8N1 has the parity in bit 7", () => {
		// "/" is 2F: five ones, so parity is one; "1" is 31: three ones; "3" is 33: four.
		expect(received(Buffer.from("/13"), SEVEN_E_ONE, EIGHT_N_ONE).heard).toEqual([0xaf, 0xb1, 0x33]);
	});

	test("8E1 read as 8N1 loses the characters whose parity bit is zero", () => {
		const { heard, counters } = received(Uint8Array.of(0x01, 0x03, 0x07, 0x0f), EIGHT_E_ONE, EIGHT_N_ONE);
		expect(heard).toEqual([0x01, 0x07]);
		expect(counters.framing).toBe(2);
		expect(received(Uint8Array.of(3), EIGHT_E_ONE, EIGHT_N_ONE, { policy: "keep" }).heard).toEqual([3]);
		expect(received(Uint8Array.of(3), EIGHT_E_ONE, EIGHT_N_ONE, { policy: "zero" }).heard).toEqual([0]);
	});

	test("8N1 read as 8E1 counts wrong parity", () => {
		// 03 then idle: the stop bit is read as parity one, though two ones want zero.
		expect(received(Uint8Array.of(3), EIGHT_N_ONE, EIGHT_E_ONE).counters).toMatchObject({
			parity: 1,
			bytes: 1,
		});
	});

	test("half the speed gives fewer bytes, and not those", () => {
		const { heard } = received(TELEGRAM, EIGHT_N_ONE, { ...EIGHT_N_ONE, baud: 1200 });
		expect(heard.length).toBeLessThan(TELEGRAM.length / 2 + 1);
		expect(Buffer.from(heard).includes("kWh")).toBe(false);
	});

	test("an inverted signal is read by an inverted receiver", () => {
		const { heard } = received(
			TELEGRAM,
			EIGHT_N_ONE,
			{ ...EIGHT_N_ONE, invertReceive: true },
			{ inverted: true },
		);
		expect(Buffer.from(heard).toString()).toBe(TELEGRAM.toString());
	});

	test("an inverted stream is not complemented: shifted by one bit, with the next start bit below", () => {
		const { heard } = received(TELEGRAM, EIGHT_N_ONE, EIGHT_N_ONE, { inverted: true });
		const turned = Buffer.from(heard.map((byte) => (~byte >> 1) & 0x7f)).toString("latin1");
		expect(turned).toContain("1-0:2.8.1(000000.000*kWh)\r\n");
		expect(heard.every((byte) => byte & 1)).toBe(true);
	});
});

describe("what bytes look like", () => {
	const binary = Uint8Array.from({ length: 300 }, (_, index) => (index * 167 + (index >> 3) * 29) & 0xff);

	test.each([
		["text", TELEGRAM, EIGHT_N_ONE, {}, "text"],
		["text of 7E1", TELEGRAM, SEVEN_E_ONE, {}, "text7e1"],
		["text of 7O1", TELEGRAM, { ...SEVEN_E_ONE, parity: "odd" as const }, {}, "text7o1"],
		["inverted text", TELEGRAM, EIGHT_N_ONE, { inverted: true }, "inverted"],
		["8E1", binary, EIGHT_E_ONE, {}, "parity-even"],
		["8E1 where framing errors give 00", binary, EIGHT_E_ONE, { policy: "zero" as const }, "parity-even"],
		["8O1", binary, { ...EIGHT_E_ONE, parity: "odd" as const }, {}, "parity-odd"],
		["binary", binary, EIGHT_N_ONE, {}, "unclear"],
		["inverted binary", binary, EIGHT_N_ONE, { inverted: true }, "unclear"],
		["text at twice the speed", TELEGRAM, { ...EIGHT_N_ONE, baud: 4800 }, {}, "unclear"],
		["text at half the speed", TELEGRAM, { ...EIGHT_N_ONE, baud: 1200 }, {}, "unclear"],
		["a few bytes", TELEGRAM.subarray(0, 20), EIGHT_N_ONE, {}, "few"],
	])("%s", (_, bytes, sender, options, look) => {
		expect(lookOf(received(bytes, sender, EIGHT_N_ONE, options).heard)).toBe(look);
	});

	test("nothing is silence", () => {
		expect(lookOf([])).toBe("silent");
	});
});
