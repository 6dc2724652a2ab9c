// A bad line does as much damage as was asked for, the same each time; and no damage makes a wrong reading.

import type { ByteSink } from "../../host/meters/meter-line";
import { MeterLine } from "../../host/meters/meter-line";
import { findMeter } from "../../host/meters/meters";
import { NoisySink, withNoise } from "../../host/meters/noise";
import type { PushMeter } from "../../host/meters/push-meter";
import type { Action, Protocol } from "../../protocols/protocol";
import { findProtocol } from "../../protocols/registry";
import { readingToJson } from "../../readings/json";
import { FakeTime } from "../fake-timers";
import { openSession, readingOf } from "./readings";

class Recorder implements ByteSink {
	readonly bytes: number[] = [];
	write(bytes: Uint8Array): void {
		this.bytes.push(...bytes);
	}
}

/** What becomes of `frames` frames of a hundred zeros, a second apart. */
function zeros(rate: number, seed: number, frames: number) {
	const sink = new Recorder();
	let time = 0;
	const noise = new NoisySink({ sink, rate, seed, now: () => time });
	for (let frame = 0; frame < frames; frame++) {
		noise.write(new Uint8Array(100));
		time += 1000;
	}
	return { bytes: sink.bytes, ...noise.damage };
}

test("the share of flipped bits and lost bytes is the rate", () => {
	const { flipped, dropped, rubbish, bytes } = zeros(1e-3, 5, 2000);
	// 1.6 million bits and 200,000 bytes: 1,600 and 200 expected, five standard deviations allowed.
	expect(Math.abs(flipped - 1600)).toBeLessThan(200);
	expect(Math.abs(dropped - 200)).toBeLessThan(71);
	expect(bytes).toHaveLength(200_000 - dropped + rubbish);
});

test("every bit of a byte may be hit, and several in one", () => {
	const { bytes } = zeros(0.2, 1, 40);
	for (let bit = 0; bit < 8; bit++) expect(bytes.some((byte) => byte === 1 << bit)).toBe(true);
	const ones = (byte: number) => byte.toString(2).replaceAll("0", "").length;
	expect(bytes.some((byte) => ones(byte) >= 3)).toBe(true);
});

test("rubbish comes between frames only", () => {
	const sink = new Recorder();
	let time = 0;
	// Seed 2 begins with rubbish at this rate; the pieces that follow within a frame must not.
	const noise = new NoisySink({ sink, rate: 1e-2, seed: 2, now: () => time });
	noise.write(new Uint8Array(1));
	const { rubbish } = noise.damage;
	for (let piece = 0; piece < 50; piece++) {
		time += 10;
		noise.write(new Uint8Array(1));
	}
	expect(noise.damage.rubbish).toBe(rubbish);
	time += 1000;
	noise.write(new Uint8Array(1));
	expect(noise.damage.rubbish).toBeGreaterThan(rubbish);
});

test("the same seed does the same damage, another one other damage; no rate, none", () => {
	expect(zeros(1e-3, 7, 50)).toEqual(zeros(1e-3, 7, 50));
	expect(zeros(1e-3, 8, 50).bytes).not.toEqual(zeros(1e-3, 7, 50).bytes);
	expect(zeros(0, 7, 5)).toEqual({ bytes: Array(500).fill(0), flipped: 0, dropped: 0, rubbish: 0 });
	const sink = new Recorder();
	expect(withNoise({ sink, rate: 0, seed: 1, now: () => 0 })).toBe(sink);
});

/** A meter's hour on a noisy line: what it sent, what was read of it, and what was refused. */
function noisyHour(name: string, rate: number, seed: number) {
	const model = findMeter(name);
	if (!model) throw new Error(name);
	const protocol = findProtocol(model.protocol) as Protocol;
	const start = Date.UTC(2026, 0, 14, 16, 58, 47, 300);
	const meter = model.make({ seed: 1, start, solarWatts: 0 });
	const sent: string[] = [];
	const recorded: PushMeter = {
		...{ title: meter.title, protocol: meter.protocol, line: meter.line },
		nextSend: (time) => meter.nextSend(time),
		telegram: (time) => {
			const bytes = meter.telegram(time);
			sent.push(readingToJson(readingOf(protocol, bytes)));
			return bytes;
		},
	};
	const time = new FakeTime();
	const session = openSession(protocol);
	const read: { readonly json: string; readonly sentSoFar: number }[] = [];
	let rejected = 0;
	const take = (actions: readonly Action[]) => {
		for (const action of actions)
			if (action.do === "reading") read.push({ json: readingToJson(action.reading), sentSoFar: sent.length });
			else if (action.do === "rejected") rejected++;
	};
	const sink = { write: (bytes: Uint8Array) => take(session.receive(bytes, time.now())) };
	const noise = new NoisySink({ sink, rate, seed, now: time.now });
	const line = new MeterLine({ meter: recorded, sink: noise, timers: time, now: time.now, start, speed: 1 });
	time.advance(3_600_000);
	line.close();
	take(session.end(time.now()));
	return { sent, read, rejected, damage: noise.damage };
}

describe("an hour of the Omnipower with one bit in a thousand flipped", () => {
	const { sent, read, rejected, damage } = noisyHour("kamstrup-omnipower", 1e-3, 11);

	test("360 lists and the hourly one are sent, few come through whole, the others are refused", () => {
		expect(sent).toHaveLength(361);
		expect(damage.flipped).toBeGreaterThan(500);
		// 228 bytes: e^-(8·0.228 + 0.228), 13 %, stay whole.
		expect(read.length).toBeGreaterThan(20);
		expect(read.length).toBeLessThan(90);
		expect(rejected).toBeGreaterThan(200);
	});

	test("every reading is what the meter sent last, to the last digit", () => {
		const wrong = read.filter(({ json, sentSoFar }) => !sent.slice(sentSoFar - 2, sentSoFar).includes(json));
		expect(wrong).toEqual([]);
	});
});

test("an hour with one bit in a hundred thousand flipped: nearly all is read, nothing wrongly", () => {
	const { sent, read } = noisyHour("kamstrup-omnipower", 1e-5, 3);
	expect(read.length).toBeGreaterThan(sent.length * 0.93);
	expect(read.every(({ json, sentSoFar }) => sent[sentSoFar - 1] === json)).toBe(true);
});
