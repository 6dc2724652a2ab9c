// Two gateways on one meter: on a port that pushes both hear the same; on one that is asked, with one wire each way for all,
// each hears the other's questions and their answers, and now and then both speak at once. Whatever happens, no value is wrong
// and neither starves.

import { carriesParity, ParityCheck, withParity } from "../../hardware/parity.js";
import { AskedLine } from "../../host/meters/asked-line.js";
import type { AskedMeter } from "../../host/meters/asked-meter.js";
import { findMeter } from "../../host/meters/meters.js";
import { characterBits } from "../../host/meters/push-meter.js";
import { Random } from "../../host/meters/random.js";
import type { Action, LineSettings, Session } from "../../protocols/protocol.js";
import { findProtocol } from "../../protocols/registry.js";
import type { SettingValues } from "../../settings/setting.js";
import { FakeTime } from "../fake-timers.js";
import { openSession } from "../meters/readings.js";
import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { START } from "./house.js";
import { HOUR } from "./house-checks.js";
import { AnsweredTruth } from "./noisy-line.js";

const HOURS = 0.5;
const LONG_HOURS = 24;
/** Asks again so often that they meet. */
const PERIODS = [30, 31];
const UNCHECKED = /^(manufacturer|model) /;
/** Readings of each gateway, at the least. */
const LEAST_AN_HOUR = 20;

interface Gateway {
	readonly session: Session;
	readonly check: ParityCheck;
	timer: unknown;
	asked: number;
	read: number;
	rejected: number;
	/** Values that the meter did not send. */
	wrong: string[];
	/** Makers and models: no check character of IEC 62056-21 covers the identification. */
	names: string[];
}

interface Case {
	readonly meter: string;
	readonly listening: SettingValues;
}

const CASES: readonly Case[] = [
	{ meter: "multical-403", listening: { period: 0 } },
	{ meter: "kamstrup-685-382", listening: { period: 0 } },
	{ meter: "kamstrup-382", listening: { dialogue: "listen" } },
	{ meter: "landis-gyr-zmd", listening: { dialogue: "listen" } },
];

/** One wire to the meter and one from it, for both gateways; each also hears what the other sends, as on an optical head. */
class Bus {
	readonly time = new FakeTime();
	readonly gateways: readonly Gateway[];
	/** Questions that fell into another question. */
	collisions = 0;
	readonly #truth: AnsweredTruth;
	readonly #line: AskedLine;
	readonly #random = new Random(20_261_121, 2);
	readonly #settings: LineSettings;
	/** Who sends, and until when. */
	#sender: Gateway | undefined;
	#busyUntil = 0;

	constructor({ meter: name, listening }: Case) {
		const model = findMeter(name);
		const protocol = findProtocol(`${model?.protocol}`);
		if (!model || !protocol) throw new Error(name);
		const meter = model.make({ seed: 1, start: START, solarWatts: 0 }) as AskedMeter;
		this.#settings = meter.line;
		this.#truth = new AnsweredTruth(openSession(protocol, listening), meter.line);
		this.#line = new AskedLine({
			...{ meter, start: START, speed: 1, timers: this.time, now: this.time.now },
			sink: {
				write: (bytes) => {
					this.#truth.hear(bytes, this.#now());
					for (const gateway of this.gateways) this.#hear(gateway, this.#onWire(bytes));
				},
			},
		});
		this.gateways = PERIODS.map((period) => ({
			session: openSession(protocol, { period }),
			check: new ParityCheck(),
			...{ timer: undefined, asked: 0, read: 0, rejected: 0, wrong: [], names: [] },
		}));
		for (const gateway of this.gateways) this.#wake(gateway, 0);
	}

	get sent(): number {
		return this.#truth.sent;
	}

	#now(): number {
		return Math.round(this.time.now());
	}

	/** What the meter says while somebody else speaks is anything. */
	#onWire(bytes: Uint8Array): Uint8Array {
		return this.time.now() < this.#busyUntil ? this.#spoilt(bytes) : bytes.slice();
	}

	#spoilt(bytes: Uint8Array): Uint8Array {
		return bytes.map((byte) => byte & this.#random.whole(0, 0xff));
	}

	#hear(gateway: Gateway, bytes: Uint8Array): void {
		const read = bytes.slice();
		if (carriesParity(this.#settings)) gateway.check.strip(read, this.#settings.parity);
		this.#do(gateway, gateway.session.receive(read, this.#now()));
	}

	/** The question is on the wire for as long as it takes; another one in that time spoils both. */
	#ask(gateway: Gateway, bytes: Uint8Array): void {
		gateway.asked++;
		const now = this.time.now();
		const collides = now < this.#busyUntil && this.#sender !== gateway;
		if (collides) this.collisions++;
		this.#sender = gateway;
		const takes = (bytes.length * characterBits(this.#settings) * 1000) / this.#settings.baud;
		this.#busyUntil = Math.max(this.#busyUntil, now + takes);
		const sent = carriesParity(this.#settings) ? withParity(bytes, this.#settings.parity) : bytes.slice();
		this.time.set(() => {
			const isAlone = !collides && this.#sender === gateway;
			const wire = isAlone ? sent : this.#spoilt(sent);
			this.#line.receive(wire);
			for (const other of this.gateways) if (other !== gateway) this.#hear(other, wire);
		}, takes);
	}

	#wake(gateway: Gateway, after: number): void {
		this.time.clear(gateway.timer);
		gateway.timer = this.time.set(
			() => this.#do(gateway, gateway.session.tick(this.#now())),
			Math.max(0, after),
		);
	}

	#do(gateway: Gateway, actions: readonly Action[]): void {
		for (const action of actions)
			if (action.do === "reading") {
				gateway.read++;
				const problem = this.#truth.problemWith(action.reading);
				if (problem === undefined) continue;
				(UNCHECKED.test(problem) ? gateway.names : gateway.wrong).push(problem);
			} else if (action.do === "rejected") gateway.rejected++;
			else if (action.do === "wakeAt") this.#wake(gateway, action.time - this.time.now());
			else if (action.do === "send") this.#ask(gateway, action.bytes);
	}
}

export const twoGateways: Drill = {
	name: "two-gateways",
	what: "two gateways ask one meter over the same wires, every 30 and every 31 seconds, and meet",
	run(long) {
		const findings = new Findings();
		const hours = long ? LONG_HOURS : HOURS;
		for (const each of CASES) {
			const bus = new Bus(each);
			bus.time.advance(hours * HOUR);
			const [one, other] = bus.gateways as [Gateway, Gateway];
			const wrong = [...one.wrong, ...other.wrong];
			const names = one.names.length + other.names.length;
			findings.must(wrong.length === 0, `${each.meter}: ${wrong.length} wrong: ${wrong[0]}`);
			// A poll a minute, were they to share the time.
			for (const { read } of bus.gateways)
				findings.must(
					read >= hours * LEAST_AN_HOUR,
					`${each.meter}: ${read} read in ${hours} h by one of two`,
				);
			findings.count(
				`${each.meter}: ${one.asked} and ${other.asked} questions in ${hours} h, ${bus.collisions} into another; ${bus.sent} answers; ${one.read} and ${other.read} read, ${one.rejected + other.rejected} rejected, ${wrong.length} values wrong, ${names} models`,
			);
		}
		return findings;
	},
};
