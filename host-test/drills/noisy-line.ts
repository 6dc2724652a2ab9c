// An emulated meter, a line that flips bits, and the reader behind it: the meter's own bytes, the line's look at parity
// (hardware/parity.ts) and the protocol's session, for hours of emulated time. Everything that is read is compared with
// what the meter sent: the frame's bytes with those before they were damaged, or value by value. Not a test.

import { carriesParity, ParityCheck } from "../../hardware/parity.js";
import { AskedMeter } from "../../host/meters/asked-meter.js";
import { lineOf } from "../../host/meters/line-of-meter.js";
import { NoisySink } from "../../host/meters/noise.js";
import { characterBits, type MeterOptions, type PushMeter } from "../../host/meters/push-meter.js";
import type { Action, LineSettings, Session } from "../../protocols/protocol.js";
import { findProtocol } from "../../protocols/registry.js";
import type { Reading } from "../../readings/reading.js";
import type { SettingValues } from "../../settings/setting.js";
import { FakeTime } from "../fake-timers.js";
import { openSession, valuesOf } from "../meters/readings.js";

/** Who sees the parity of seven or eight bits: the gateway's line; nobody, as behind a device server that strips it. */
export type ParitySeen = "by the line" | "by nobody";

export interface NoisyCase {
	/** `P1 with CRC`. */
	readonly title: string;
	readonly make: (options: MeterOptions) => PushMeter;
	readonly protocol: string;
	readonly settings?: SettingValues;
	/** As whoever only listens has them, where the reader asks. */
	readonly listening?: SettingValues;
	readonly parity?: ParitySeen;
	/** False: bits are flipped, but no byte is lost. */
	readonly losses?: boolean;
	/** What vouches for a frame is strong enough for any number of hours: a wrong reading is a fault. */
	readonly isChecked: boolean;
}

export interface NoisyCount {
	/** Frames that the meter sent whole. */
	sent: number;
	read: number;
	rejected: number;
	/** Readings that hold a value which the meter did not send. */
	wrong: number;
	/** The first of them. */
	example: string;
	flipped: number;
}

const START = Date.UTC(2026, 0, 14, 16, 58, 47, 300);
/** What a reading may have been made from: the newest so many that the meter sent. A damaged length holds eight of P1 back. */
const RECENT = 10;
const LOW_SEVEN = 0x7f;

export interface NoisyRun {
	readonly of: NoisyCase;
	readonly rate: number;
	readonly seed: number;
	/** It ends with either of these. */
	readonly hours: number;
	readonly frames: number;
}

export function noisyRun({ of, rate, seed, hours, frames }: NoisyRun): NoisyCount {
	const protocol = findProtocol(of.protocol);
	if (!protocol) throw new Error(of.protocol);
	const time = new FakeTime();
	// The device's clock has whole milliseconds.
	const now = () => Math.round(time.now());
	const model = of.make({ seed, start: START, solarWatts: 0 });
	const asked = model instanceof AskedMeter;
	const truth: Truth = asked
		? new AnsweredTruth(openSession(protocol, { ...of.settings, ...of.listening }), model.line)
		: new PushedTruth(() => openSession(protocol, of.settings));
	const meter = asked ? model : recorded(model, (bytes) => truth.hear(bytes, 0));
	const session = openSession(protocol, of.settings);
	const count: NoisyCount = { sent: 0, read: 0, rejected: 0, wrong: 0, example: "", flipped: 0 };
	const check = new ParityCheck();
	const stripped = of.parity === "by nobody";
	let counted = 0;
	let settings: LineSettings = meter.line;
	let timer: unknown;

	const take = (actions: readonly Action[]) => {
		for (const action of actions)
			if (action.do === "reading") {
				count.read++;
				const problem = truth.problemWith(action.reading, action.frame);
				if (problem === undefined) continue;
				count.wrong++;
				count.example ||= problem;
			} else if (action.do === "rejected") count.rejected++;
			else if (action.do === "setLine") settings = action.settings;
			else if (action.do === "send") ask(action.bytes);
			else if (action.do === "wakeAt") wake(action.time - time.now());
	};
	const wake = (after: number) => {
		time.clear(timer);
		timer = time.set(() => take(session.tick(now())), Math.max(0, after));
	};
	const read = (bytes: Uint8Array) => {
		if (stripped)
			for (let at = 0; at < bytes.length; at++) bytes[at] = strippedOf(bytes[at] as number, settings);
		else if (carriesParity(settings)) check.strip(bytes, settings.parity);
		else if (!check.believes(bytes.length, settings.parity === "none" ? 0 : counted)) return;
		take(session.receive(bytes, now()));
	};
	const noise = new NoisySink({
		...{ rate, seed, losses: of.losses ?? true, now: time.now, sink: { write: read } },
		onWrongParity: () => counted++,
	});
	const line = lineOf({
		...{ meter, start: START, speed: 1, timers: time, now: time.now },
		sink: {
			write: (bytes) => {
				if (asked) truth.hear(bytes, now());
				noise.write(bytes);
			},
		},
	});
	// Requests are hit as well: the meter then keeps silent, or answers something else.
	const requests = new NoisySink({
		...{ rate, seed: seed + 1, now: time.now },
		sink: { write: (bytes) => line.receive(bytes) },
	});
	const ask = (bytes: Uint8Array) => {
		const takes = (bytes.length * characterBits(settings) * 1000) / settings.baud;
		time.set(() => requests.write(bytes), takes);
	};

	wake(0);
	while (time.now() < hours * HOUR_MS && truth.sent < frames) time.advance(SLICE_MS);
	line.close();
	take(session.end(now()));
	return { ...count, sent: truth.sent, flipped: noise.damage.flipped };
}

const HOUR_MS = 3_600_000;
const SLICE_MS = 15_000;

/** A device server hands on seven bits where seven are set, whatever their parity was. */
function strippedOf(byte: number, settings: LineSettings): number {
	return carriesParity(settings) ? byte & LOW_SEVEN : byte;
}

function recorded(meter: PushMeter, told: (bytes: Uint8Array) => void): PushMeter {
	return {
		...{ title: meter.title, protocol: meter.protocol, line: meter.line },
		nextSend: (time) => meter.nextSend(time),
		telegram: (time) => {
			const bytes = meter.telegram(time);
			told(bytes);
			return bytes;
		},
	};
}

/** What the meter sent, whole and undamaged. */
interface Truth {
	/** Frames, or readouts. */
	readonly sent: number;
	hear(bytes: Uint8Array, now: number): void;
	/** What of a reading is not as it was sent; `undefined` where all is. */
	problemWith(reading: Reading, frame: Uint8Array | undefined): string | undefined;
}

/** One frame, one reading: the same bytes, or at least the same values. */
class PushedTruth implements Truth {
	sent = 0;
	readonly #open: () => Session;
	readonly #frames: Uint8Array[] = [];

	constructor(open: () => Session) {
		this.#open = open;
	}

	hear(bytes: Uint8Array): void {
		this.sent++;
		this.#frames.push(bytes);
		if (this.#frames.length > RECENT) this.#frames.shift();
	}

	problemWith(reading: Reading, frame: Uint8Array | undefined): string | undefined {
		if (frame && this.#frames.some((sent) => Buffer.compare(sent, frame) === 0)) return undefined;
		const told = factsOf(reading);
		let least: string | undefined;
		for (const sent of [...this.#frames].reverse()) {
			const differences = different(factsOf(this.#read(sent)), told);
			if (differences.length === 0) return undefined;
			least ??= differences[0];
		}
		return least;
	}

	#read(frame: Uint8Array): Reading {
		const session = this.#open();
		for (const action of [...session.receive(frame, 0), ...session.end(0)])
			if (action.do === "reading") return action.reading;
		throw new Error("an undamaged frame is not read");
	}
}

function different(sent: ReadonlyMap<string, string>, told: ReadonlyMap<string, string>): string[] {
	const names = new Set([...sent.keys(), ...told.keys()]);
	return [...names].flatMap((name) =>
		sent.get(name) === told.get(name) ? [] : [`${name} ${told.get(name)} in place of ${sent.get(name)}`],
	);
}

/** Several answers make a reading: each value is one that an answer had. */
export class AnsweredTruth implements Truth {
	sent = 0;
	readonly #session: Session;
	readonly #line: LineSettings;
	readonly #values = new Map<string, string[]>();

	/** `session`: one that only listens. */
	constructor(session: Session, line: LineSettings) {
		this.#session = session;
		this.#line = line;
	}

	hear(bytes: Uint8Array, now: number): void {
		const clean = carriesParity(this.#line) ? bytes.map((byte) => byte & LOW_SEVEN) : bytes.slice();
		for (const action of this.#session.receive(clean, now)) this.#learn(action);
		for (const action of this.#session.tick(now)) this.#learn(action);
	}

	problemWith(reading: Reading): string | undefined {
		for (const [name, value] of factsOf(reading)) {
			const known = this.#values.get(name);
			// A poll calls what two answers have by two names.
			const found = known
				? known.includes(value)
				: [...this.#values.values()].some((each) => each.includes(value));
			if (!found) return `${name} ${value} in place of ${known?.at(-1)}`;
		}
		return undefined;
	}

	#learn(action: Action): void {
		if (action.do !== "reading") return;
		this.sent++;
		for (const [name, value] of factsOf(action.reading)) {
			const known = this.#values.get(name) ?? [];
			this.#values.set(name, known);
			if (known.at(-1) === value) continue;
			known.push(value);
			if (known.length > RECENT) known.shift();
		}
	}
}

/** Everything that a reading says, by name. */
function factsOf({ meter, time, quantities, devices }: Reading): Map<string, string> {
	const { list: _list, ...identity } = meter;
	const facts = new Map<string, string>(Object.entries({ ...identity, ...valuesOf({ quantities }) }));
	if (time !== null) facts.set("time", time);
	for (const { id, kind, time: at, quantities } of devices) {
		facts.set(`${kind} ${id}`, `${at}`);
		for (const [name, value] of Object.entries(valuesOf({ quantities }))) facts.set(`${id} ${name}`, value);
	}
	return facts;
}
