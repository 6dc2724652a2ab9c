// The log over UDP to a syslog server (RFC 5424 over RFC 5426). Lines wait in the log's ring while the server's name
// is looked up or the network is down; what falls out of the ring is lost. UDP tells nothing of what arrives.

import type { Device } from "../hardware/device.js";
import type { Network, UdpSocket } from "../outputs/network.js";
import type { LogLevel, Timers } from "../outputs/output.js";
import { isoText } from "../readings/utc.js";
import type { Settings } from "../settings/schema.js";
import { LEVELS, type Log, type LogLine } from "./log.js";

/** RFC 5424, table 1: system daemons. */
const FACILITY_DAEMON = 3;
const FACILITY_STEP = 8;
/** RFC 5424, table 2. */
const SEVERITY: Readonly<Record<LogLevel, number>> = Object.freeze({
	error: 3,
	warning: 4,
	info: 6,
	debug: 7,
});
const VERSION = 1;
const NIL = "-";
const APP_NAME = "meterling";
/** RFC 5424, 6: a text in UTF-8 begins with its mark; plain ASCII needs none, and many servers show the mark. */
const UTF8_MARK = "\ufeff";
const LAST_ASCII = 0x7e;

const RETRY_MS = 30_000;
/** The name's address may change. */
const RESOLVE_EVERY_MS = 600_000;
/** Datagrams in one go: lwIP has few buffers. */
const MOST_AT_ONCE = 8;
const PAUSE_MS = 100;

export interface SyslogOptions {
	readonly log: Log;
	readonly host: string;
	readonly port: number;
	/** The least urgent level that is sent. */
	readonly level: LogLevel;
	/** This gateway's name. */
	readonly hostName: string;
	readonly network: Pick<Network, "openUdp" | "resolve">;
	readonly timers: Timers;
	/** Monotonic milliseconds. */
	now(): number;
}

/** The log to a server, where the settings name one. */
export function openSyslog(device: Device, log: Log, settings: Settings): Syslog | undefined {
	const { syslogHost, syslogPort, level } = settings.syslog ?? {};
	if (!syslogHost) return undefined;
	return new Syslog({
		log,
		host: `${syslogHost}`,
		port: Number(syslogPort),
		level: LEVELS.find((known) => known === level) ?? "info",
		hostName: device.id,
		network: device.network,
		timers: device.timers,
		now: device.now,
	});
}

export class Syslog {
	readonly #options: SyslogOptions;
	#socket: UdpSocket | undefined;
	#address: string | undefined;
	#resolvedAt = 0;
	#resolving = false;
	#timer: unknown;
	#next = 1;
	#closed = false;

	constructor(options: SyslogOptions) {
		this.#options = options;
		options.log.onLine(() => this.#wake(0));
		this.#wake(0);
	}

	close(): void {
		this.#closed = true;
		this.#options.timers.clear(this.#timer);
		this.#socket?.close();
		this.#socket = undefined;
	}

	/** Not from inside the log's callback: the network may call back at once. */
	#wake(milliseconds: number): void {
		if (this.#closed || this.#timer !== undefined) return;
		this.#timer = this.#options.timers.set(() => {
			this.#timer = undefined;
			this.#send();
		}, milliseconds);
	}

	#send(): void {
		const { log, now, port } = this.#options;
		if (this.#closed || this.#resolving || this.#next > log.count) return;
		if (this.#address === undefined || now() - this.#resolvedAt >= RESOLVE_EVERY_MS) {
			this.#resolve();
			return;
		}
		try {
			this.#socket ??= this.#options.network.openUdp({});
		} catch {
			this.#wake(RETRY_MS);
			return;
		}
		for (let sent = 0; sent < MOST_AT_ONCE && this.#next <= log.count; this.#next++) {
			const line = log.line(this.#next);
			if (!line || SEVERITY[line.level] > SEVERITY[this.#options.level]) continue;
			const bytes = new Uint8Array(ArrayBuffer.fromString(syslogMessage(line, this.#options.hostName)));
			this.#socket.send(bytes, this.#address, port);
			sent++;
		}
		if (this.#next <= log.count) this.#wake(PAUSE_MS);
	}

	#resolve(): void {
		const { network, host, now } = this.#options;
		this.#resolving = true;
		network.resolve(host, (address) => {
			this.#resolving = false;
			if (this.#closed) return;
			// An address that was good once is better than none.
			this.#address = address ?? this.#address;
			if (address === undefined && this.#address === undefined) {
				this.#wake(RETRY_MS);
				return;
			}
			this.#resolvedAt = now();
			this.#wake(0);
		});
	}
}

/** `<30>1 2026-03-01T12:00:00.000Z meterling-a1b2c3 meterling - - - text` (RFC 5424, 6). */
export function syslogMessage({ level, time, text }: LogLine, hostName: string): string {
	const priority = FACILITY_DAEMON * FACILITY_STEP + SEVERITY[level];
	const timestamp = time === undefined ? NIL : isoText(time);
	const mark = isAscii(text) ? "" : UTF8_MARK;
	return `<${priority}>${VERSION} ${timestamp} ${hostName} ${APP_NAME} ${NIL} ${NIL} ${NIL} ${mark}${text}`;
}

function isAscii(text: string): boolean {
	for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > LAST_ASCII) return false;
	return true;
}
