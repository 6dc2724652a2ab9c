// What a simulated fleet costs: everything connects, then a while is measured. Figures out, no words.

import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { Fleet, type FleetOptions } from "./fleet.js";
import { SocketBytes, Tally } from "./tally.js";

export interface MeasurementOptions extends Omit<FleetOptions, "tally"> {
	/** How long is measured once all are connected, in milliseconds. */
	readonly duration: number;
	/** Ends it sooner, when it resolves. */
	readonly interrupted: Promise<void>;
}

/** Median, 99th of 100, and the longest; milliseconds, null without any. */
export type Spread = readonly [number | null, number | null, number | null];

export interface Figures {
	readonly gateways: number;
	/** At the end of what was measured. */
	readonly connected: number;
	/** Seconds from the first start until all were connected; null where they were not. */
	readonly connectedAfter: number | null;
	readonly connecting: Spread;
	/** Seconds that were measured. */
	readonly seconds: number;
	readonly readings: number;
	readonly published: number;
	readonly acknowledged: number;
	readonly messagesPerSecond: number;
	readonly acknowledging: Spread;
	/** Bytes of MQTT (with TLS: of TLS) a day and gateway, without the heads of TCP and IP. */
	readonly sentPerDay: number;
	readonly receivedPerDay: number;
	readonly reconnects: number;
	readonly dropped: number;
	readonly lateBytes: number;
	readonly problems: Readonly<Record<string, number>>;
	/** Of this program: share of one core, bytes of memory for each gateway, and how late its own clock was, in milliseconds. */
	readonly cpu: number;
	readonly memory: number;
	readonly late: number;
}

const SHARES = [0.5, 0.99, 1];
const DAY_S = 86_400;
/** Past the last start; who comes later is counted at the end. */
const CONNECT_PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;
const MILLION = 1e6;

/** Runs a fleet to its end. */
export async function measure(options: MeasurementOptions): Promise<Figures> {
	const { gateways, ramp, interval, duration } = options;
	const tally = new Tally();
	const bytes = new SocketBytes();
	const memoryBefore = process.memoryUsage().rss;
	let ended = false;
	const interrupted = options.interrupted.then(() => {
		ended = true;
	});
	const begun = performance.now();
	const fleet = new Fleet({ ...options, tally });
	try {
		let connectedAfter: number | null = null;
		while (!ended && performance.now() - begun < ramp + CONNECT_PATIENCE_MS) {
			if (fleet.state.connected === gateways) {
				connectedAfter = (performance.now() - begun) / 1000;
				break;
			}
			await pause(LOOK_EVERY_MS, interrupted);
		}
		// What each says once, at its beginning, is no part of what a day costs.
		await pause(Math.min(interval, 1000), interrupted);
		tally.clear();
		const [bytesBefore, cpuBefore, from] = [bytes.now(), process.cpuUsage(), performance.now()];
		const delay = monitorEventLoopDelay({ resolution: 10 });
		delay.enable();
		// Where nobody got in there is nothing to wait for.
		if (fleet.state.connected > 0) await pause(duration, interrupted);
		delay.disable();
		const seconds = Math.max((performance.now() - from) / 1000, 0.001);
		const cpu = process.cpuUsage(cpuBefore);
		const { sent, received } = bytes.now();
		const { problems, ...state } = fleet.state;
		const perDay = (count: number) => Math.round((count / gateways / seconds) * DAY_S);
		return {
			...state,
			problems: Object.fromEntries(problems),
			gateways,
			connectedAfter,
			connecting: spread(tally.connecting.quantiles(SHARES)),
			seconds,
			readings: tally.readings,
			published: tally.published,
			acknowledged: tally.acknowledged,
			messagesPerSecond: tally.messages / seconds,
			acknowledging: spread(tally.acknowledging.quantiles(SHARES)),
			sentPerDay: perDay(sent - bytesBefore.sent),
			receivedPerDay: perDay(received - bytesBefore.received),
			cpu: (cpu.user + cpu.system) / MILLION / seconds,
			memory: Math.max(0, Math.round((process.memoryUsage().rss - memoryBefore) / gateways)),
			late: delay.percentile(99) / MILLION,
		};
	} finally {
		await fleet.close();
		bytes.close();
	}
}

function spread([median = null, most = null, worst = null]: readonly (number | null)[]): Spread {
	return [median, most, worst];
}

function pause(milliseconds: number, sooner: Promise<void>): Promise<void> {
	return new Promise((done) => {
		const timer = setTimeout(done, milliseconds);
		sooner.then(() => {
			clearTimeout(timer);
			done();
		});
	});
}
