// The pace of an emulated meter's line on a clock that only the test moves.

import { MeterLine } from "../../host/meters/meter-line";
import type { PushMeter } from "../../host/meters/push-meter";
import type { LineSettings } from "../../protocols/protocol";
import { FakeTime } from "../fake-timers";

const HAN: LineSettings = {
	baud: 2400,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
};
const START = 1_000_000_000_000;

/** Sends `length` bytes every ten seconds. */
function sender(line: LineSettings, length: number): PushMeter & { readonly instants: number[] } {
	const instants: number[] = [];
	return {
		title: "sender",
		protocol: "none",
		line,
		instants,
		nextSend: (time) => (Math.floor(time / 10_000) + 1) * 10_000,
		telegram: (time) => {
			instants.push(time);
			return Uint8Array.from({ length }, (_, index) => index & 0x7f);
		},
	};
}

function open(meter: PushMeter, speed = 1) {
	const time = new FakeTime();
	const bytes: number[] = [];
	const sink = { write: (part: Uint8Array) => bytes.push(...part) };
	const line = new MeterLine({ meter, sink, timers: time, now: time.now, start: START, speed });
	return { time, bytes, line };
}

test("P1 without Data Request is silent, and a telegram that has begun is finished when the request goes", () => {
	const meter = { ...sender(HAN, 228), protocol: "p1" };
	const time = new FakeTime();
	const bytes: number[] = [];
	let requested = false;
	const sink = { write: (part: Uint8Array) => bytes.push(...part), requested: () => requested };
	new MeterLine({ meter, sink, timers: time, now: time.now, start: START, speed: 1 });
	time.advance(25_000);
	expect(bytes).toHaveLength(0);
	requested = true;
	time.advance(5500);
	expect(bytes.length).toBeGreaterThan(100);
	requested = false;
	time.advance(30_000);
	expect(bytes).toHaveLength(228);
});

test("2400 8N1: 240 bytes a second, none early, none more than 20 ms late", () => {
	const { time, bytes } = open(sender(HAN, 228));
	time.advance(10_000);
	expect(bytes).toHaveLength(0);
	for (let elapsed = 50; elapsed <= 900; elapsed += 50) {
		time.advance(50);
		expect(bytes.length).toBeLessThanOrEqual(0.24 * elapsed + 1e-6);
		expect(bytes.length).toBeGreaterThanOrEqual(0.24 * (elapsed - 20) - 1);
	}
	time.advance(100);
	expect(bytes).toHaveLength(228);
});

test.each([
	["9600 7E1", { ...HAN, baud: 9600, dataBits: 7, parity: "even" } as const, 960],
	["9600 8E1", { ...HAN, baud: 9600, parity: "even" } as const, 9600 / 11],
	["1200 8N2", { ...HAN, baud: 1200, stopBits: 2 } as const, 1200 / 11],
])("%s: a second brings a second's bytes", (_, settings, rate) => {
	const { time, bytes } = open(sender(settings, 2000));
	time.advance(11_000);
	expect(Math.abs(bytes.length - rate)).toBeLessThan(rate * 0.02 + 1);
});

test("--speed: instants and bytes come that much faster, at the same instants of the meter's own time", () => {
	const meter = sender(HAN, 228);
	const { time, bytes } = open(meter, 10);
	time.advance(5_050);
	expect(meter.instants).toEqual([1, 2, 3, 4, 5].map((count) => START + count * 10_000));
	expect(bytes.length).toBeGreaterThanOrEqual(4 * 228);
	expect(bytes.length).toBeLessThan(4 * 228 + 130);
});

test("seven bits with parity travel as eight: every byte has an even number of ones", () => {
	const { time, bytes } = open(sender({ ...HAN, baud: 9600, dataBits: 7, parity: "even" }, 128));
	time.advance(12_000);
	expect(bytes.map((byte) => byte & 0x7f)).toEqual(Array.from({ length: 128 }, (_, index) => index));
	for (const byte of bytes) expect((byte.toString(2).match(/1/g) ?? []).length % 2).toBe(0);
});

test("closed in the middle of a telegram: not a byte more, no timer left", () => {
	const { time, bytes, line } = open(sender(HAN, 228));
	time.advance(10_500);
	const sent = bytes.length;
	line.close();
	time.advance(60_000);
	expect(bytes).toHaveLength(sent);
	expect(time.pending).toBe(0);
});
