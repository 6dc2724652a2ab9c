// Which telegram outputs are given: the meter's own, the one inside its encrypted frame, or one made of its readings.

import { Telegram } from "../../app/telegram";
import { tableChecksums } from "../../protocols/shared/checksums";
import { decimal } from "../../readings/decimal";
import type { Reading } from "../../readings/reading";
import { ReadingStore } from "../../readings/store";

const reading = (watts: number): Reading => ({
	protocol: "kmp",
	meter: { id: "1" },
	time: "2026-07-01T12:00:00",
	quantities: [
		{ name: "power_import", value: decimal(watts), unit: "W" },
		{ name: "heat_energy", value: decimal(1), unit: "GJ" },
	],
	devices: [],
});
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("latin1");

function harness(isP1: boolean, wall?: number) {
	let now = 1000;
	let frame: Uint8Array | undefined;
	const store = new ReadingStore();
	const telegram = new Telegram({
		store,
		checksums: tableChecksums(),
		isP1,
		source: { newestFrame: () => frame },
		now: () => now,
		wallTime: () => (wall === undefined ? undefined : wall + now),
		timeZone: "Europe/Copenhagen",
	});
	return {
		telegram,
		store,
		at: (time: number) => {
			now = time;
		},
		frame: (bytes: string, clear?: string) => {
			frame = new TextEncoder().encode(bytes);
			telegram.frame(clear === undefined ? undefined : new TextEncoder().encode(clear));
			store.add(reading(1), now);
		},
	};
}

test("a P1 meter's newest telegram comes as it is, an encrypted one's as it was inside", () => {
	const { telegram, frame } = harness(true);
	expect(telegram.bytes).toBeUndefined();
	frame("/A\r\n!\r\n");
	expect(text(telegram.bytes)).toBe("/A\r\n!\r\n");
	frame("secret", "/B\r\n!\r\n");
	expect(text(telegram.bytes)).toBe("/B\r\n!\r\n");
	frame("/C\r\n!\r\n");
	expect(text(telegram.bytes)).toBe("/C\r\n!\r\n");
});

test("another meter's is made of its readings, with the gateway's local time and that of the reading", () => {
	// 2026-07-01 10:00 UTC is noon in Copenhagen's summer.
	const { telegram, store, at } = harness(false, Date.UTC(2026, 6, 1, 10));
	store.add(reading(420), 1000);
	at(61_000);
	const made = text(telegram.bytes);
	expect(made).toContain("0-0:1.0.0(260701120101S)");
	expect(made).toContain("1-0:1.7.0(00.420*kW)");
	expect(made).toContain("0-1:24.2.1(260701120001S)(00001.000*GJ)");
});

test("while nobody has told the time the meter's own is taken", () => {
	const { telegram, store } = harness(false);
	store.add(reading(420), 0);
	expect(text(telegram.bytes)).toContain("0-0:1.0.0(260701120000W)");
});

test("it is made once for all who ask within a second, and anew for a new reading", () => {
	const { telegram, store, at } = harness(false);
	store.add(reading(420), 0);
	const first = telegram.bytes;
	expect(telegram.bytes).toBe(first);
	store.add(reading(430), 0);
	const second = telegram.bytes;
	expect(text(second)).toContain("00.430*kW");
	at(3000);
	expect(telegram.bytes).not.toBe(second);
});
