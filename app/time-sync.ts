// Keeps the device's clock right: asks one time server after the other until one answers, then again every few hours.
// For devices that have no clock of their own kept right by somebody else. Packets: ntp.ts.

import type { Network, UdpSocket } from "../outputs/network.js";
import type { Timers } from "../outputs/output.js";
import type { RandomBytes } from "../settings/digests.js";
import { NONCE_LENGTH, NTP_PORT, ntpAnswer, ntpQuestion } from "./ntp.js";

export interface TimeSyncOptions {
	readonly network: Pick<Network, "openUdp" | "resolve">;
	readonly timers: Timers;
	now(): number;
	readonly randomBytes: RandomBytes;
	/** Sets the clock to whole seconds since 1970. */
	setTime(seconds: number): void;
	log(line: string): void;
	/** Another port than NTP's, for tests. */
	readonly port?: number;
	readonly owner: TimeSyncOwner;
}

export interface TimeSyncOwner {
	/** Names or addresses, in the order they are asked. */
	timeServers(): readonly string[];
}

export interface TimeReport {
	/** The server that answered last. */
	readonly server: string | null;
	/** Monotonic milliseconds of that answer. */
	readonly at: number | null;
	readonly failures: number;
}

const ANSWER_TIMEOUT_MS = 3000;
const TRIES = 2;
/** A crystal of 40 ppm is off by half a second then. */
const REPEAT_MS = 4 * 3_600_000;
/** After all servers in vain: at first, doubled each time, at most. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;
const SECOND_MS = 1000;

export class TimeSync {
	readonly #options: TimeSyncOptions;
	#socket: UdpSocket | undefined;
	#timer: unknown;
	#setTimer: unknown;
	#running = false;
	#asked = "";
	#nonce: Uint8Array = new Uint8Array(0);
	#askedAt = 0;
	#retry = FIRST_RETRY_MS;
	#server: string | null = null;
	#at: number | null = null;
	#failures = 0;
	/** Numbers the questions: a name that is found late answers none. */
	#question = 0;

	constructor(options: TimeSyncOptions) {
		this.#options = options;
	}

	get report(): TimeReport {
		return { server: this.#server, at: this.#at, failures: this.#failures };
	}

	/** The network is there. */
	start(): void {
		if (this.#running) return;
		this.#running = true;
		this.#round();
	}

	/** The network is gone. */
	stop(): void {
		this.#running = false;
		this.#question++;
		this.#options.timers.clear(this.#timer);
		this.#socket?.close();
		this.#socket = undefined;
	}

	close(): void {
		this.stop();
		this.#options.timers.clear(this.#setTimer);
	}

	#round(): void {
		this.#ask(this.#options.owner.timeServers(), 0, 0);
	}

	#ask(servers: readonly string[], index: number, tries: number): void {
		const server = servers[index];
		if (server === undefined) return this.#failed();
		const { network, timers } = this.#options;
		const question = ++this.#question;
		const mine = () => this.#running && question === this.#question;
		const next = () => {
			if (!mine()) return;
			if (tries + 1 < TRIES) this.#ask(servers, index, tries + 1);
			else this.#ask(servers, index + 1, 0);
		};
		timers.clear(this.#timer);
		this.#timer = timers.set(next, ANSWER_TIMEOUT_MS);
		network.resolve(server, (address) => {
			if (!mine()) return;
			if (address === undefined) this.#ask(servers, index + 1, 0);
			else this.#send(server, address);
		});
	}

	#send(server: string, address: string): void {
		const { network, randomBytes, now, port = NTP_PORT } = this.#options;
		this.#asked = server;
		this.#nonce = randomBytes(NONCE_LENGTH);
		this.#askedAt = now();
		try {
			this.#socket ??= network.openUdp({ onReceived: (packet) => this.#received(packet) });
			this.#socket.send(ntpQuestion(this.#nonce), address, port);
		} catch {
			// No socket is left: the time-out asks again.
		}
	}

	#received(packet: Uint8Array): void {
		const { timers, now, setTime, log } = this.#options;
		const answer = ntpAnswer(packet, this.#nonce);
		if (!answer || !this.#running) return;
		// Each answer counts once.
		this.#nonce = this.#options.randomBytes(NONCE_LENGTH);
		this.#question++;
		const received = now();
		// Half of the way there and back, without the time at the server.
		const time = answer.time + Math.max(0, received - this.#askedAt - answer.heldMs) / 2;
		const rest = SECOND_MS - (time % SECOND_MS);
		// The clock takes whole seconds: set when one begins.
		timers.clear(this.#setTimer);
		this.#setTimer = timers.set(() => setTime(Math.round((time + rest) / SECOND_MS)), rest);
		if (this.#server !== this.#asked) log(`time: from ${this.#asked}`);
		this.#server = this.#asked;
		this.#at = received;
		this.#retry = FIRST_RETRY_MS;
		this.#after(REPEAT_MS);
	}

	#failed(): void {
		this.#failures++;
		if (this.#failures === 1) this.#options.log("time: no server answers; trying on");
		this.#after(this.#retry);
		this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY_MS);
	}

	#after(milliseconds: number): void {
		const { timers } = this.#options;
		// lwIP has few sockets: none is held between rounds.
		this.#socket?.close();
		this.#socket = undefined;
		timers.clear(this.#timer);
		this.#timer = timers.set(() => this.#round(), milliseconds);
	}
}
