// A fleet of gateways in one process: each has a household of its own and the very MQTT output of the firmware with its own
// connection; there is no serial line, no web server and no storage. Started and ended by its owner, who reads the tally.

import { VERSION } from "../../app/version.js";
import { Clock, timers, wallTime } from "../../hardware/clock.js";
import { network } from "../../hardware/network.js";
import { mqtt } from "../../outputs/mqtt/mqtt.js";
import type { Commands, Output, OutputContext, OutputFiles } from "../../outputs/output.js";
import { ReadingStore } from "../../readings/store.js";
import { defaultValues, type SettingValues } from "../../settings/setting.js";
import { countingNetwork } from "./counting-network.js";
import { FleetMeter } from "./fleet-meter.js";
import type { Tally } from "./tally.js";

export interface FleetOptions {
	readonly gateways: number;
	/** Milliseconds between two readings of one gateway. */
	readonly interval: number;
	/** Milliseconds within which all gateways start, each at a time of its own. */
	readonly ramp: number;
	/** Of the MQTT output, for the gateway of that number (from 1). */
	settings(number: number): SettingValues;
	readonly tally: Tally;
	/** Local milliseconds since 1970 in which local time stands for UTC. */
	localTime(): number;
}

/** How it stands with all of them. */
export interface FleetState {
	readonly connected: number;
	/** Connections that were lost and made again. */
	readonly reconnects: number;
	/** Readings that wait to be sent late, or were given up: bytes, and readings. */
	readonly lateBytes: number;
	readonly dropped: number;
	/** Gateways whose last connection failed so, by reason. */
	readonly problems: ReadonlyMap<string, number>;
}

interface Gateway {
	readonly output: Output;
	readonly meter: FleetMeter;
	beat: unknown;
}

/** `meterling-` and six digits, as gateways are called. */
export function fleetName(number: number): string {
	return `meterling-${number.toString(16).padStart(6, "0")}`;
}

/** Commands are subscribed to, as every gateway does, and not obeyed. */
const COMMANDS: Commands = Object.freeze({
	restart: () => {},
	identify: () => false,
	canAsk: false,
	readNow: () => false,
	readRegister: (_: string, done: (reading: undefined, problem: string) => void) =>
		done(undefined, "this gateway is simulated"),
});

export class Fleet {
	readonly #options: FleetOptions;
	readonly #clock = new Clock();
	readonly #network;
	readonly #gateways: Gateway[] = [];
	readonly #starts: unknown[] = [];
	readonly #failures = new Map<string, number>();

	constructor(options: FleetOptions) {
		const { gateways, ramp, tally } = options;
		this.#options = options;
		this.#network = countingNetwork(network, tally, () => performance.now());
		for (let number = 1; number <= gateways; number++)
			this.#starts.push(timers.set(() => this.#start(number), Math.random() * ramp));
	}

	get state(): FleetState {
		let [connected, reconnects, lateBytes, dropped] = [0, 0, 0, 0];
		for (const { output } of this.#gateways) {
			const health = output.health();
			if (health.connected === true) connected++;
			reconnects += Number(health.reconnects);
			lateBytes += Number(health.lateWaiting);
			dropped += Number(health.dropped);
		}
		return { connected, reconnects, lateBytes, dropped, problems: this.#failures };
	}

	/** Every gateway says goodbye. */
	async close(): Promise<void> {
		for (const start of this.#starts) timers.clear(start);
		for (const { beat } of this.#gateways) timers.clear(beat);
		await Promise.all(this.#gateways.map(({ output }) => new Promise<void>((done) => output.close(done))));
	}

	#start(number: number): void {
		const { interval, localTime, tally, settings } = this.#options;
		const output = mqtt.open(this.#context(number, { ...defaultValues(mqtt.settings), ...settings(number) }));
		if (!output) return;
		const gateway: Gateway = { output, meter: new FleetMeter(number, localTime()), beat: undefined };
		const read = () => {
			tally.readings++;
			output.reading(gateway.meter.reading(localTime()));
		};
		read();
		gateway.beat = timers.repeat(read, interval);
		this.#gateways.push(gateway);
	}

	#context(number: number, settings: SettingValues): OutputContext {
		return {
			settings,
			network: this.#network,
			timers,
			now: () => this.#clock.now(),
			wallTime,
			store: new ReadingStore(),
			writeHealth: (take) => take("{}"),
			gatewayId: fleetName(number),
			version: VERSION,
			model: "simulated",
			files: memoryFiles(),
			frames: () => [],
			telegram: () => undefined,
			commands: COMMANDS,
			log: (line) => this.#logged(line),
			random: Math.random,
			resource: () => undefined,
		};
	}

	/** The output's log is the only place that tells of every failure; what it says holds no secret. */
	#logged(line: string): void {
		const reason = /^mqtt: (?!connected to )(.*?)(?:; trying again until it works)?$/.exec(line)?.[1];
		if (reason !== undefined) this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1);
	}
}

function memoryFiles(): OutputFiles {
	const files = new Map<string, Uint8Array>();
	return {
		read: (name) => files.get(name),
		write: (name, bytes) => void files.set(name, bytes.slice()),
		remove: (name) => void files.delete(name),
	};
}
