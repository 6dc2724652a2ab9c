// Data Request, held and pulsed, on a wire that an emulated P1 meter listens to.

import { DataRequest, LONGEST_PULSE_MS } from "../../app/data-request";
import { digitalPins } from "../../hardware/pins";
import { requestedByPin } from "../../host/meters/data-request-wire";
import { MeterLine } from "../../host/meters/meter-line";
import { findMeter } from "../../host/meters/meters";
import { configuration } from "../../host/platform/configuration";
import { EmulatedPins } from "../../host/platform/emulated-pins";
import { p1 } from "../../protocols/p1/p1";
import { tableChecksums } from "../../protocols/shared/checksums";
import type { Cipher } from "../../protocols/shared/cipher";
import { defaultValues } from "../../settings/setting";
import { FakeTime } from "../fake-timers";

const PIN = 6;
const START = Date.UTC(2026, 0, 14, 16, 58, 47, 300);
const MINUTE = 60_000;

afterEach(() => {
	configuration.pins = undefined;
});

/** A DSMR meter at the other end of Data Request's wire; `wired`: the wire is whole. */
function harness(periodMs: number | undefined, { meterName = "dsmr5", invert = false, wired = true } = {}) {
	const time = new FakeTime();
	const pins = new EmulatedPins(time.now);
	configuration.pins = pins;
	const meter = findMeter(meterName)?.make({ seed: 3, start: START, solarWatts: 0 });
	if (!meter) throw new Error(meterName);
	const session = p1.open({
		checksums: tableChecksums(),
		cipher: {} as Cipher,
		settings: defaultValues(p1.settings),
	});
	const telegrams: number[] = [];
	const output = digitalPins.output(PIN, { invert });
	const request = new DataRequest({ output, timers: time, periodMs });
	const sink = {
		write: (bytes: Uint8Array) => {
			// The emulated line carries parity in bit 7.
			const characters = meter.line.dataBits === 7 ? bytes.map((byte) => byte & 0x7f) : bytes;
			for (const action of session.receive(characters, time.now())) {
				if (action.do !== "reading") continue;
				telegrams.push(time.now());
				request.telegram();
			}
		},
	};
	const wire = invert ? { ...sink, requested: () => !pins.level(PIN) } : requestedByPin(sink, pins, PIN);
	const silent = { ...sink, requested: () => false };
	new MeterLine({ meter, sink: wired ? wire : silent, timers: time, now: time.now, start: START, speed: 1 });
	return { time, pins, request, telegrams };
}

test("held: high as long as it is open, and the meter sends at its own pace", () => {
	const { time, pins, request, telegrams } = harness(undefined);
	expect(pins.driven(PIN)).toBe(true);
	time.advance(MINUTE);
	expect(telegrams.length).toBeGreaterThanOrEqual(59);
	expect(pins.driven(PIN)).toBe(true);
	request.close();
	expect(pins.driven(PIN)).toBeUndefined();
	const before = telegrams.length;
	time.advance(MINUTE);
	// One that has begun is finished.
	expect(telegrams.length - before).toBeLessThanOrEqual(1);
});

test("held through a transistor that turns it round: low", () => {
	const { time, pins, telegrams } = harness(undefined, { invert: true });
	expect(pins.level(PIN)).toBe(false);
	time.advance(10_000);
	expect(telegrams.length).toBeGreaterThan(8);
});

test("pulsed: one telegram for each period, low in between", () => {
	const { time, pins, request, telegrams } = harness(MINUTE);
	time.advance(10 * MINUTE - 1);
	expect(telegrams.length).toBe(10);
	expect(pins.driven(PIN)).toBe(false);
	expect(request.unanswered).toBe(0);
	for (let index = 1; index < telegrams.length; index++) {
		const apart = (telegrams[index] ?? 0) - (telegrams[index - 1] ?? 0);
		// A second's grain: the meter sends on full seconds.
		expect(Math.abs(apart - MINUTE)).toBeLessThanOrEqual(1000);
	}
});

test("pulsed, a meter that sends each 10 s: high until its telegram is whole", () => {
	const { time, telegrams } = harness(MINUTE, { meterName: "kamstrup-162" });
	time.advance(5 * MINUTE);
	expect(telegrams.length).toBe(5);
});

test("pulsed without a telegram: gives up after half a minute, counts it, tries again in the next period", () => {
	const { time, pins, request } = harness(MINUTE, { wired: false });
	time.advance(LONGEST_PULSE_MS - 1);
	expect(pins.driven(PIN)).toBe(true);
	time.advance(1);
	expect(pins.driven(PIN)).toBe(false);
	expect(request.unanswered).toBe(1);
	time.advance(MINUTE - LONGEST_PULSE_MS);
	expect(pins.driven(PIN)).toBe(true);
	time.advance(MINUTE);
	expect(request.unanswered).toBe(2);
});

test("a period shorter than the longest pulse holds until a telegram comes", () => {
	const { time, request, telegrams } = harness(5000);
	time.advance(MINUTE);
	expect(telegrams.length).toBe(12);
	request.close();
	expect(time.pending).toBe(1);
});
