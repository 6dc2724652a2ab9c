// A contact on an emulated pin, through the pulse line, into the session: bounces, bursts, rates, a stalled main loop.

import { openPulseLine, type PulseLineOptions } from "../../hardware/pulse-line";
import "../../host/platform/globals";
import { configuration } from "../../host/platform/configuration";
import { EmulatedPins } from "../../host/platform/emulated-pins";
import { decodeRecord, type PulseRecord } from "../../protocols/pulse/record";
import { tableChecksums } from "../../protocols/shared/checksums";

const PIN = 14;
const checksums = tableChecksums();
let now = 0;
let pins: EmulatedPins;

beforeEach(() => {
	jest.useFakeTimers();
	now = 0;
	pins = new EmulatedPins(() => now);
	configuration.pins = pins;
});
afterEach(() => {
	jest.useRealTimers();
	configuration.pins = undefined;
});

function pass(milliseconds: number): void {
	// In steps, so that timers see the pins' clock as it is when they fire.
	for (let left = milliseconds; left > 0; left -= 1) {
		now += Math.min(1, left);
		jest.advanceTimersByTime(Math.min(1, left));
	}
}

function open(options: Partial<PulseLineOptions> = {}) {
	const records: PulseRecord[] = [];
	const line = openPulseLine({
		...{ pin: PIN, pull: "up", activeLow: true, debounce: 15, ...options },
		onReadable: () => {
			const bytes = line.read();
			if (!bytes) return;
			const record = decodeRecord(bytes, 0, checksums);
			if ("count" in record) records.push(record);
		},
	});
	return { line, records, last: () => records.at(-1) };
}

/** The contact closes, bouncing for `bounce` ms at each edge. */
function close(length: number, bounce = 0): void {
	for (const [level, hold] of [
		[false, length],
		[true, length],
	] as const) {
		for (let at = 0; at < bounce; at++) {
			pins.hold(PIN, at % 2 === 0 ? level : !level);
			pass(1);
		}
		pins.hold(PIN, level);
		pass(hold);
	}
}

test("says at once where it stands, and then at each pulse", () => {
	const { records } = open();
	pass(100);
	expect(records).toEqual([{ count: 0, at: 0 }]);
	close(30);
	pass(100);
	expect(records.map(({ count }) => count)).toEqual([0, 1]);
});

test("a contact that bounces for ten milliseconds is one pulse, whose time is when it stood still", () => {
	const { last } = open();
	close(50, 10);
	pass(200);
	expect(last()).toEqual({ count: 1, at: 10 });
});

test("a burst of disturbances shorter than the debounce time is none", () => {
	const { last } = open();
	for (let index = 0; index < 200; index++) close(5 + (index % 10));
	pass(200);
	expect(last()).toMatchObject({ count: 0 });
});

test.each([
	["S0 at its fastest: 30 ms on, 30 ms off", 30, 15, 500],
	["debounce 0 takes every edge", 1, 0, 300],
	["a reed contact of a gas meter: 2 s", 2000, 50, 5],
])("%s: every pulse counts", (_, length, debounce, pulses) => {
	const { last } = open({ debounce });
	for (let index = 0; index < pulses; index++) close(length);
	pass(200);
	expect(last()).toMatchObject({ count: pulses });
});

test("a main loop that stands still for a second loses no pulse", () => {
	const { last } = open();
	for (let index = 0; index < 16; index++) {
		// No timer runs meanwhile: only the pin's own interrupt.
		pins.hold(PIN, false);
		now += 30;
		pins.hold(PIN, true);
		now += 30;
	}
	pass(200);
	expect(last()).toMatchObject({ count: 16, at: 15 * 60 });
});

test("a pulse that is under way at the start is not counted; the next one is", () => {
	pins.hold(PIN, false);
	const { last } = open();
	pass(100);
	pins.hold(PIN, true);
	pass(100);
	expect(last()).toMatchObject({ count: 0 });
	close(40);
	pass(100);
	expect(last()).toMatchObject({ count: 1 });
});

test("active high with a pull-down", () => {
	const { last } = open({ pull: "down", activeLow: false });
	pins.hold(PIN, true);
	pass(40);
	pins.hold(PIN, undefined);
	pass(100);
	expect(last()).toMatchObject({ count: 1 });
});

test("closes twice, reads nothing then, and gives the pin back", () => {
	const { line } = open();
	line.close();
	line.close();
	expect(line.read()).toBeUndefined();
	expect(jest.getTimerCount()).toBe(0);
	open().line.close();
});

test("says why it cannot be opened", () => {
	expect(() => open({ pin: -1 })).toThrow("no pin is chosen");
	open();
	expect(() => open()).toThrow(`pin ${PIN}: in use`);
	configuration.pins = undefined;
	expect(() => open()).toThrow(`pin ${PIN}: no pins here`);
});
