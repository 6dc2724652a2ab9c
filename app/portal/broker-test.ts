// Tries an MQTT broker before its settings are saved: connects once, tells in words what came of it, and leaves.

import { brokerAccess } from "../../outputs/mqtt/settings.js";
import { type MqttClient, MqttOperation, type Network } from "../../outputs/network.js";
import type { Timers } from "../../outputs/output.js";
import type { SettingValues } from "../../settings/setting.js";

export interface BrokerTestReport {
	readonly state: "idle" | "running" | "done";
	/** `null` until done. */
	readonly works: boolean | null;
	readonly text: string;
}

export interface BrokerTestOptions {
	readonly network: Pick<Network, "connectMqtt">;
	readonly timers: Timers;
	/** Not the one of the output that may be connected: a broker would throw that one out. */
	readonly clientId: string;
}

const TIMEOUT_MS = 12_000;
const KEEP_ALIVE_MS = 60_000;

/** Made anew, not a constant: on XS, JSON.stringify fails on objects that were preloaded into flash. */
function unfinished(state: "idle" | "running", text: string): BrokerTestReport {
	return { state, works: null, text };
}

export class BrokerTest {
	readonly #options: BrokerTestOptions;
	#client: MqttClient | undefined;
	#timer: unknown;
	#report = unfinished("idle", "");

	constructor(options: BrokerTestOptions) {
		this.#options = options;
	}

	get report(): BrokerTestReport {
		return this.#report;
	}

	/** Begins anew, with the settings of the section `mqtt`. */
	start(settings: SettingValues): void {
		const { host, port } = settings;
		this.close();
		const running = unfinished("running", "connecting");
		this.#report = running;
		const { network, timers, clientId } = this.#options;
		const attempt = () => this.#report === running;
		this.#timer = timers.set(() => this.#end(false, `${host} does not answer on port ${port}`), TIMEOUT_MS);
		try {
			const client = network.connectMqtt({
				...brokerAccess(settings),
				...{ id: clientId, keepAlive: KEEP_ALIVE_MS, clean: true },
				onControl: ({ operation, returnCode = 0 }) => {
					if (attempt() && operation === MqttOperation.CONNACK && returnCode === 0)
						this.#end(true, "connected");
				},
				onWritable: () => {
					if (attempt()) this.#end(true, "connected");
				},
				onError: (reason) => {
					if (attempt())
						this.#end(false, typeof reason === "string" ? reason : "no connection to the broker");
				},
			});
			if (attempt()) this.#client = client;
			else client.close();
		} catch (error) {
			this.#end(false, error instanceof Error ? error.message : "these settings cannot be used");
		}
	}

	close(): void {
		this.#options.timers.clear(this.#timer);
		const client = this.#client;
		this.#client = undefined;
		client?.close();
		this.#report = unfinished("idle", "");
	}

	#end(works: boolean, text: string): void {
		const { timers } = this.#options;
		timers.clear(this.#timer);
		this.#report = { state: "done", works, text };
		const client = this.#client;
		this.#client = undefined;
		// Not from inside the client's own callback.
		if (client) this.#timer = timers.set(() => client.close(), 0);
	}
}
