// Programs elsewhere that speak with the meter themselves, each on its own connection: raw, or with RFC 2217. All hear
// what the meter sends by itself; whoever writes has the line to himself until he is silent for a while.

import type { MeterTap, Tap, TapListener, TapSettings } from "../meter-tap.js";
import type { TcpConnection, TcpHandlers } from "../network.js";
import type { OutputContext } from "../output.js";
import { ComPort, type ComPortOwner, escaped } from "./com-port.js";
import type { ClientHost } from "./telegram-readers.js";

/** A client begins with a handful of requests. */
const MOST_EARLY = 20;

/** What a client is told while the line is not open. */
const CLOSED: TapSettings = Object.freeze({ baud: 9600, dataBits: 8, parity: "none", stopBits: 1 });

export class LineClients {
	readonly context: OutputContext;
	readonly meterTap: MeterTap;
	readonly host: ClientHost;
	/** Milliseconds of silence, in both directions, after which the gateway has its line back. */
	readonly resumeMs: number;
	readonly clients: LineClient[] = [];
	/** Who has the line. */
	writer: LineClient | undefined;
	/** Bytes that came while somebody else had it. */
	ignored = 0;

	constructor(context: OutputContext, meterTap: MeterTap, host: ClientHost) {
		this.context = context;
		this.meterTap = meterTap;
		this.host = host;
		this.resumeMs = Number(context.settings.resumeAfter ?? 10) * 1000;
	}

	add(connection: TcpConnection, withComPort: boolean): TcpHandlers {
		const client = new LineClient(this, connection, withComPort);
		this.clients.push(client);
		return client;
	}

	close(): void {
		for (const client of this.clients.slice()) client.end();
	}
}

class LineClient implements TcpHandlers, TapListener, ComPortOwner {
	readonly connection: TcpConnection;
	readonly #clients: LineClients;
	readonly #tap: Tap;
	readonly #comPort: ComPort | undefined;
	#wanted: TapSettings | undefined;
	#timer: unknown;
	#activeAt = 0;
	/** Answers to what a client says at once, before the network takes bytes. */
	#early: Uint8Array[] | undefined = [];

	constructor(clients: LineClients, connection: TcpConnection, withComPort: boolean) {
		this.#clients = clients;
		this.connection = connection;
		if (connection.room > 0) this.#early = undefined;
		this.#comPort = withComPort ? new ComPort(this) : undefined;
		this.#tap = clients.meterTap.listen(this);
	}

	onBytes(bytes: Uint8Array): void {
		const data = this.#comPort ? this.#comPort.receive(bytes) : bytes;
		if (data.length === 0) return;
		if (this.#claim()) this.#tap.write(data);
		else this.#clients.ignored += data.length;
	}

	onWritable(): void {
		const early = this.#early ?? [];
		this.#early = undefined;
		for (const bytes of early) this.#send(bytes);
	}

	onClosed(): void {
		const { clients, host } = this.#clients;
		const at = clients.indexOf(this);
		if (at < 0) return;
		clients.splice(at, 1);
		this.#release();
		this.#tap.close();
		host.left();
	}

	/** Bytes of the meter. */
	bytes(bytes: Uint8Array): void {
		if (this.#clients.writer === this) this.#activeAt = this.#clients.context.now();
		this.#send(this.#comPort ? escaped(bytes) : bytes);
	}

	interrupted(_reason: string): void {
		this.#release();
	}

	get settings(): TapSettings {
		return this.#wanted ?? this.#clients.meterTap.settings ?? CLOSED;
	}

	set(settings: TapSettings): void {
		const { meterTap } = this.#clients;
		if (isSame(settings, this.settings) && (this.#wanted !== undefined || meterTap.settings)) return;
		if (!this.#claim()) return;
		this.#wanted = settings;
		this.#tap.set(settings);
	}

	answer(bytes: Uint8Array): void {
		if (!this.#early) this.#send(bytes);
		else if (this.#early.length < MOST_EARLY) this.#early.push(bytes);
	}

	end(): void {
		this.connection.close();
		this.onClosed();
	}

	/** The gateway stands back from the first byte on; false where somebody else writes. */
	#claim(): boolean {
		const clients = this.#clients;
		const { context, resumeMs, meterTap } = clients;
		this.#activeAt = context.now();
		if (clients.writer === this) return true;
		if (!this.#tap.claim()) return false;
		clients.writer = this;
		if (this.#wanted && meterTap.settings && !isSame(this.#wanted, meterTap.settings))
			this.#tap.set(this.#wanted);
		this.#timer = context.timers.set(() => this.#silent(), resumeMs);
		return true;
	}

	#silent(): void {
		const { context, resumeMs } = this.#clients;
		const left = this.#activeAt + resumeMs - context.now();
		if (left > 0) this.#timer = context.timers.set(() => this.#silent(), left);
		else this.#release();
	}

	#release(): void {
		const clients = this.#clients;
		if (clients.writer !== this) return;
		clients.context.timers.clear(this.#timer);
		clients.writer = undefined;
		this.#tap.release();
	}

	/** A line with holes is of no use: a client that does not take its bytes is shown the door. */
	#send(bytes: Uint8Array): void {
		if (this.#early) return;
		if (bytes.length <= this.connection.room) this.connection.write(bytes);
		else {
			const { address } = this.connection;
			this.#clients.context.log(`bridge: ${address} is too slow for the meter's line; closed`, "warning");
			this.end();
		}
	}
}

function isSame(one: TapSettings, other: TapSettings): boolean {
	return (
		one.baud === other.baud &&
		one.dataBits === other.dataBits &&
		one.parity === other.parity &&
		one.stopBits === other.stopBits
	);
}
