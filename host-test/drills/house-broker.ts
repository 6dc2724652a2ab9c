// A broker of the house that can be killed, hung and slow, and that cannot be reached while network or name are gone: drives
// the clients that the gateway opens (host-test/outputs/fakes.ts), acknowledges, and notes what has arrived. Not a test.

import type { FakeTime } from "../fake-timers.js";
import type { FakeMqttClient } from "../outputs/fakes.js";

/** `killed`: connections are refused. `hung`: it takes connections and nothing else. `slow`: a message in ten seconds or so. */
export type BrokerState = "well" | "killed" | "hung" | "slow";

const PUMP_MS = 500;
const ANSWER_MS = 20;
const WINDOW = 4096;
const SLOW_WINDOW = 150;
/** The client's keep-alive gives up on a connection that says nothing. */
const KEEP_ALIVE_MS = 90_000;

export class HouseBroker {
	state: BrokerState = "well";
	/** Readings as they arrived, live and late, by the meter's time. */
	readonly live = new Set<string>();
	readonly late = new Set<string>();
	/** Arrived again: at QoS 1 that may be. */
	again = 0;
	connections = 0;
	readonly #time: FakeTime;
	/** Why nobody reaches it; `undefined` where they do. */
	readonly #problem: () => string | undefined;
	#client: FakeMqttClient | undefined;
	#isUp = false;
	#taken = 0;
	#silentSince = 0;

	constructor(time: FakeTime, problem: () => string | undefined) {
		this.#time = time;
		this.#problem = problem;
		time.repeat(() => this.#pump(), PUMP_MS);
	}

	/** The gateway connects. */
	connect(client: FakeMqttClient): void {
		this.connections++;
		this.#client = client;
		this.#isUp = false;
		this.#taken = 0;
		const problem = this.#problem() ?? (this.state === "killed" ? "no connection to the broker" : undefined);
		this.#time.set(() => {
			if (client.closed) return;
			if (problem !== undefined) client.fail(problem);
			else if (this.state !== "hung") {
				this.#isUp = true;
				client.connack(WINDOW);
			}
		}, ANSWER_MS);
	}

	/** Its process ends: the computer it runs on says so to who was connected. */
	kill(): void {
		this.state = "killed";
		if (this.#client && !this.#client.closed) this.#client.fail("the broker closed the connection");
	}

	#pump(): void {
		const client = this.#client;
		if (!client || client.closed || !this.#isUp) return;
		if (this.#problem() !== undefined || this.state === "hung") {
			if (this.#silentSince === 0) this.#silentSince = this.#time.now();
			if (this.#time.now() - this.#silentSince >= KEEP_ALIVE_MS) client.fail("the broker no longer answers");
			return;
		}
		this.#silentSince = 0;
		this.#take(client);
		client.open(this.state === "slow" ? SLOW_WINDOW : WINDOW);
	}

	/** Whole messages are acknowledged. */
	#take(client: FakeMqttClient): void {
		for (; this.#taken < client.published.length; this.#taken++) {
			const { topic, text, qos, id } = client.published[this.#taken] as (typeof client.published)[number];
			const isReading = topic.endsWith("/reading") || topic.endsWith("/late");
			if (isReading) {
				const time = timeOf(text);
				if (time === undefined) return;
				const into = topic.endsWith("/late") ? this.late : this.live;
				if (this.live.has(time) || this.late.has(time)) this.again++;
				into.add(time);
			}
			if (qos === 1 && id !== undefined) client.puback(id);
		}
	}
}

/** The meter's time in a reading; `undefined` while it is not whole. */
function timeOf(text: string): string | undefined {
	try {
		return (JSON.parse(text) as { time: string }).time;
	} catch {
		return undefined;
	}
}
