// The emulated S0 counter against the household that it counts, stepped here second by second.

import { Household } from "../../host/meters/household";
import { MeterLine } from "../../host/meters/meter-line";
import { S0 } from "../../host/meters/s0";
import { pulse } from "../../protocols/pulse/pulse";
import { decodeRecord, RECORD_LENGTH } from "../../protocols/pulse/record";
import { tableChecksums } from "../../protocols/shared/checksums";
import type { Cipher } from "../../protocols/shared/cipher";
import { toNumber } from "../../readings/decimal";
import { findQuantity, type Reading } from "../../readings/reading";
import { defaultValues } from "../../settings/setting";
import { FakeTime } from "../fake-timers";

const START = Date.UTC(2026, 0, 14, 16, 58, 47, 300);
const SECOND = Math.floor(START / 1000);
const OPTIONS = { seed: 7, start: START, solarWatts: 0 };
const HOUR = 3_600_000;
const checksums = tableChecksums();

function household(until: number) {
	const home = new Household({ seed: 7, start: SECOND, heatPump: true, solarWatts: 0 });
	const begun = home.state.counters.imported;
	return home.stepTo(Math.floor(until / 1000)).counters.imported - begun;
}

test("a pulse for each watt-hour, at its time, and a sign of life each ten seconds", () => {
	const meter = new S0(OPTIONS);
	let before = { count: 0, at: 0 };
	let sent = START;
	for (let time = meter.nextSend(START); time < START + HOUR; time = meter.nextSend(time)) {
		const bytes = meter.telegram(time);
		expect(bytes).toHaveLength(RECORD_LENGTH);
		const record = decodeRecord(bytes, 0, checksums);
		if (!("count" in record)) throw new Error("no record");
		expect(time - sent).toBeLessThanOrEqual(10_000);
		expect(record.count - before.count).toBeLessThanOrEqual(1);
		if (record.count > before.count) expect(START + record.at).toBe(time);
		before = record;
		sent = time;
	}
	// The second that is under way counts in part.
	const wattHours = household(START + HOUR) / 3600;
	expect(before.count).toBeGreaterThanOrEqual(Math.floor(wattHours) - 6);
	expect(before.count).toBeLessThanOrEqual(Math.floor(wattHours));
	expect(before.count).toBeGreaterThan(500);
});

test("same seed and start, same bytes", () => {
	const bytes = (seed: number) => {
		const meter = new S0({ ...OPTIONS, seed });
		const sent: number[] = [];
		for (let time = meter.nextSend(START); time < START + 60_000; time = meter.nextSend(time))
			sent.push(...meter.telegram(time));
		return sent;
	};
	expect(bytes(3)).toEqual(bytes(3));
	expect(bytes(4)).not.toEqual(bytes(3));
});

test("over its line into the session: the energy of an hour, and powers that belong to it", () => {
	const time = new FakeTime();
	const session = pulse.open({
		checksums,
		cipher: {} as Cipher,
		settings: { ...defaultValues(pulse.settings), start: "100" },
	});
	const readings: Reading[] = [];
	const sink = {
		write: (bytes: Uint8Array) => {
			for (const action of session.receive(bytes, time.now())) {
				if (action.do === "reading") readings.push(action.reading);
				expect(action.do).not.toBe("rejected");
			}
		},
	};
	session.tick(0);
	new MeterLine({ meter: new S0(OPTIONS), sink, timers: time, now: time.now, start: START, speed: 1 });
	time.advance(HOUR);
	const last = readings.at(-1) as Reading;
	const energy = findQuantity(last, "energy_import")?.value;
	if (energy === undefined || typeof energy === "string") throw new Error("no energy");
	const kWh = household(START + HOUR) / 3_600_000;
	expect(toNumber(energy) - 100).toBeGreaterThan(kWh - 0.02);
	expect(toNumber(energy) - 100).toBeLessThanOrEqual(kWh);
	const powers = readings
		.map((reading) => findQuantity(reading, "power_import")?.value)
		.map((value) => (value === undefined || typeof value === "string" ? 0 : toNumber(value)));
	// An evening with kettle and oven, never without the base load.
	expect(Math.max(...powers)).toBeGreaterThan(1500);
	expect(Math.max(...powers)).toBeLessThan(15_000);
});
