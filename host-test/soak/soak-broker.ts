// A broker that takes everything, tells what readings came, and can be gone for a while. Keeps nothing else. Not a test.

import type { FakeTime } from "../fake-timers.js";
import type { FakeMqttClient, Published } from "../outputs/fakes.js";

const WINDOW = 2920;
const ANSWER_MS = 20;

export class SoakBroker {
	/** Meters' times of readings that came since `take`. */
	readonly #live: string[] = [];
	readonly #late: string[] = [];
	readonly #time: FakeTime;
	#client: FakeMqttClient | undefined;
	#isUp = true;

	constructor(time: FakeTime) {
		this.#time = time;
	}

	connect(client: FakeMqttClient): void {
		this.#time.set(() => {
			if (client.closed) return;
			if (!this.#isUp) return client.fail("no connection to the broker");
			this.#client = client;
			client.connack(WINDOW);
		}, ANSWER_MS);
	}

	/** Its process ends, or is there again. */
	set up(isUp: boolean) {
		this.#isUp = isUp;
		if (isUp) return;
		this.#client?.fail("the broker closed the connection");
		this.#client = undefined;
	}

	take(): { readonly live: readonly string[]; readonly late: readonly string[] } {
		return { live: this.#live.splice(0), late: this.#late.splice(0) };
	}

	/** Reads what was sent and makes room for more. */
	pump(): void {
		const client = this.#client;
		if (!client || client.closed) return;
		// The newest message may still be coming.
		while (client.published.length > 1 || (client.isWhole && client.published.length > 0))
			this.#read(client, client.published.shift() as Published);
		client.open(WINDOW);
	}

	#read(client: FakeMqttClient, { topic, text, qos, id }: Published): void {
		const time = /"time":"([^"]*)"/.exec(text)?.[1] ?? "none";
		if (topic.endsWith("/reading")) this.#live.push(time);
		else if (topic.endsWith("/late")) this.#late.push(time);
		if (qos === 1 && id !== undefined) client.puback(id);
	}
}
