// The meter for programs elsewhere, over TCP: its line as it is, its line with RFC 2217, and P1 telegrams, the meter's own
// or made of its readings. Each on a port of its own; a port of 0 is closed.

import type { NumberSetting } from "../../settings/setting.js";
import type { TcpConnection, TcpHandlers } from "../network.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { isAllowed, wrongEntry } from "./allow-list.js";
import { LineClients } from "./line-clients.js";
import { type ClientHost, TelegramReaders } from "./telegram-readers.js";

/** Of all ports together: an ESP32 has eight connections for everything. */
const MOST_CLIENTS = 4;
/** Until a port that could not be opened is tried again. */
const RETRY_MS = 30_000;

/** Of a port that is off until one is chosen. */
function portSetting(key: string, label: string, help: string): NumberSetting {
	return { key, type: "number", default: 0, least: 0, most: 65_535, label, help };
}

export const tcpBridge: OutputDescriptor = {
	name: "bridge",
	title: "TCP bridge",
	settings: [
		portSetting(
			"telegramPort",
			"Port of P1 telegrams",
			"For Home Assistant's dsmr, dsmr-reader and other P1 programs: the meter's telegrams, or DSMR 5 telegrams made of its readings. 0: off.",
		),
		{
			key: "telegramInterval",
			type: "number",
			default: 0,
			least: 0,
			most: 3600,
			unit: "s",
			label: "A telegram every",
			help: "0: one with each reading. Home Assistant wants one a minute at least.",
		},
		portSetting(
			"rawPort",
			"Port of the meter's line",
			"Raw and both ways, for programs that speak with the meter themselves. 0: off.",
		),
		portSetting(
			"rfc2217Port",
			"Port of the meter's line, RFC 2217",
			"The same with line settings (telnet COM port option). 0: off.",
		),
		{
			key: "resumeAfter",
			type: "number",
			default: 10,
			least: 1,
			most: 600,
			unit: "s",
			label: "Resume after",
			help: "The gateway asks the meter itself again when such a program has been silent for so long.",
		},
		{
			key: "allow",
			type: "text",
			default: "",
			label: "Who may connect",
			help: "IPv4 addresses or networks, such as 192.168.1.20 or 192.168.1.0/24. Empty: private networks only.",
		},
	],
	open: (context) => {
		const { telegramPort, rawPort, rfc2217Port } = context.settings;
		return telegramPort || rawPort || rfc2217Port ? new TcpBridge(context) : undefined;
	},
};

/** What the clients of a port get. */
type Offer = "telegrams" | "line" | "comPort";

/** One that is to be open: what `listenTcp` is asked for. */
class Port {
	readonly port: number;
	readonly #offer: Offer;
	readonly #bridge: TcpBridge;
	listener: { close(): void } | undefined;

	constructor(port: number, offer: Offer, bridge: TcpBridge) {
		this.port = port;
		this.#offer = offer;
		this.#bridge = bridge;
	}

	onConnect(connection: TcpConnection): TcpHandlers | undefined {
		return this.#bridge.connect(connection, this.#offer);
	}
}

class TcpBridge implements Output, ClientHost {
	readonly #context: OutputContext;
	readonly #readers: TelegramReaders;
	readonly #lines: LineClients | undefined;
	readonly #ports: Port[] = [];
	#repeat: unknown;
	#retry: unknown;
	#problem: string | null = null;
	#clients = 0;
	#refused = 0;
	/** The reading that was told last. */
	#told = 0;

	constructor(context: OutputContext) {
		this.#context = context;
		const { settings, timers, meterTap } = context;
		this.#readers = new TelegramReaders(this, context);
		if (meterTap && (settings.rawPort || settings.rfc2217Port))
			this.#lines = new LineClients(context, meterTap, this);
		const wrong = wrongEntry(`${settings.allow ?? ""}`);
		if (wrong !== undefined)
			context.log(`bridge: "${wrong}" is no IPv4 address or network; not used`, "error");
		this.#add(settings.telegramPort, "telegrams");
		this.#add(settings.rawPort, "line");
		this.#add(settings.rfc2217Port, "comPort");
		this.#listen();
		const interval = Number(settings.telegramInterval ?? 0) * 1000;
		if (interval > 0) this.#repeat = timers.repeat(() => this.#tell(), interval);
	}

	left(): void {
		this.#clients--;
	}

	reading(): void {
		if (this.#repeat === undefined) this.#tell();
	}

	health(): OutputHealth {
		const { sent, lost } = this.#readers;
		return {
			state: this.#problem === null ? "listening" : "failed",
			problem: this.#problem,
			clients: this.#clients,
			writer: this.#lines?.writer?.connection.address ?? null,
			telegrams: sent,
			lostTelegrams: lost,
			ignoredBytes: this.#lines?.ignored ?? 0,
			refused: this.#refused,
		};
	}

	close(done: () => void): void {
		this.#context.timers.clear(this.#repeat);
		this.#lines?.close();
		this.#context.timers.clear(this.#retry);
		for (const { listener } of this.#ports) listener?.close();
		done();
	}

	/** A true P1 telegram once, a made one again and again while it holds. */
	#tell(): void {
		const { store } = this.#context;
		if (store.count === this.#told && !this.#newest()) return;
		const telegram = this.#context.telegram();
		this.#told = store.count;
		if (telegram) this.#readers.send(telegram);
	}

	/** What a reader gets that did not hear it when it was new; nothing where that would be stale, or a P1 meter's. */
	#newest(): Uint8Array | undefined {
		const { store } = this.#context;
		const now = this.#context.now();
		const age = store.age(now);
		if (age === undefined || store.latest?.protocol === "p1") return undefined;
		return store.isFresh(now - age, now) ? this.#context.telegram() : undefined;
	}

	#add(port: unknown, offer: Offer): void {
		if (port) this.#ports.push(new Port(Number(port), offer, this));
	}

	/** Opens the ports that are not open yet. */
	#listen(): void {
		this.#problem = null;
		for (const port of this.#ports) {
			try {
				port.listener ??= this.#context.network.listenTcp(port);
			} catch (error) {
				this.#problem = `port ${port.port}: ${error instanceof Error ? error.message : error}`;
			}
		}
		if (this.#problem === null) return;
		if (this.#retry === undefined) this.#context.log(`bridge: ${this.#problem}`, "error");
		this.#retry = this.#context.timers.set(() => this.#listen(), RETRY_MS);
	}

	/** A program has connected to a port; `undefined` where it is sent away. */
	connect(connection: TcpConnection, offer: Offer): TcpHandlers | undefined {
		const { address } = connection;
		if (!isAllowed(address, `${this.#context.settings.allow ?? ""}`)) {
			// Once: a stranger who knocks all day must not fill the log.
			if (this.#refused++ === 0) this.#context.log(`bridge: ${address} is not allowed to connect`, "warning");
			return undefined;
		}
		if (this.#clients >= MOST_CLIENTS) {
			this.#refused++;
			return undefined;
		}
		const handlers =
			offer === "telegrams"
				? this.#readers.add(connection, this.#newest())
				: this.#lines?.add(connection, offer === "comPort");
		if (handlers) this.#clients++;
		return handlers;
	}
}
