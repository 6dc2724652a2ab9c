// What surrounds the meter's line on a board: Data Request, the supply of the port, the pin that pulses come to, and what
// the line's counters say when nothing is read. One object for the wiring; each part is a file of its own.

import type { Board } from "../hardware/boards/board.js";
import type { Device } from "../hardware/device.js";
import type { Line, LineOptions } from "../hardware/line.js";
import type { OutputPin, Pull } from "../hardware/pins.js";
import type { Protocol, Rejection } from "../protocols/protocol.js";
import type { SettingValues } from "../settings/setting.js";
import { DataRequest } from "./data-request.js";
import { type LineFacts, LineHints } from "./line-hints.js";
import type { Warning } from "./plausibility.js";
import { PortPower } from "./port-power.js";

export interface MeterPortOptions {
	readonly device: Pick<Device, "pins" | "openPulses" | "timers" | "now" | "log">;
	/** `undefined` on a computer. */
	readonly board: Board | undefined;
	readonly protocol: Protocol;
	/** The protocol's own settings. */
	readonly settings: SettingValues;
	/** The section `meter`. */
	readonly meter: SettingValues;
	readonly owner: MeterPortOwner;
}

export interface MeterPortOwner {
	/** The line as it is now. */
	lineFacts(): LineFacts;
}

export class MeterPort {
	readonly #options: MeterPortOptions;
	readonly #hints: LineHints;
	readonly #request: DataRequest | undefined;
	readonly #supply: OutputPin | undefined;
	readonly #power: PortPower | undefined;

	constructor(options: MeterPortOptions) {
		this.#options = options;
		const { device, protocol, settings, meter } = options;
		const { timers } = device;
		this.#hints = new LineHints(protocol);
		const request = protocol.name === "p1" ? this.#output("dataRequest", false) : undefined;
		const periodMs =
			settings.dataRequest === "pulsed" ? Number(settings.dataRequestPeriod ?? 60) * 1000 : undefined;
		this.#request = request && new DataRequest({ output: request, timers, periodMs });
		// The port must have its supply whether or not it is ever to be taken away.
		this.#supply = this.#output("portPower", true);
		// Meters that are asked are watched by their own sessions, and pulses may pause for days.
		const pushes = protocol.name === "p1" || protocol.name === "dlms";
		const output = meter.powerCycle === false ? undefined : this.#supply;
		this.#power = pushes ? new PortPower({ output, timers, now: device.now, log: device.log }) : undefined;
	}

	/** The line to open: a pin's pulses where the protocol counts them and no port is named. */
	openLine(options: LineOptions, open: (options: LineOptions) => Line): Line {
		const { protocol, device, board, settings } = this.#options;
		if (protocol.source !== "pulses" || options.port !== "") return open(options);
		const pin = board?.pins.pulse;
		if (pin === undefined) throw new Error("the board has no pulse pin: choose one in the board's settings");
		return device.openPulses({
			pin,
			pull: pullOf(settings.pull),
			activeLow: settings.activeLow !== false,
			debounce: Number(settings.debounce ?? 0),
			onReadable: (count) => options.onReadable(count),
		});
	}

	bytes(bytes: Uint8Array): void {
		this.#hints.bytes(bytes, this.#options.device.now());
	}

	reading(): void {
		const { device, owner } = this.#options;
		this.#request?.telegram();
		this.#power?.reading();
		this.#hints.reading(owner.lineFacts(), device.now());
	}

	rejected(rejection: Rejection): void {
		this.#hints.rejected(rejection);
	}

	warnings(): readonly Warning[] {
		const { device, owner } = this.#options;
		const stopped = this.#power?.warnings() ?? [];
		return stopped.length > 0 ? stopped : this.#hints.warnings(owner.lineFacts(), device.now());
	}

	close(): void {
		this.#request?.close();
		this.#power?.close();
		this.#supply?.close();
	}

	/** A pin of the board that cannot be opened is told and done without. */
	#output(use: "dataRequest" | "portPower", initial: boolean): OutputPin | undefined {
		const { device, board } = this.#options;
		const pin = board?.pins[use];
		if (!board || pin === undefined) return undefined;
		try {
			return device.pins.output(pin, { invert: board.activeLow.includes(use), initial });
		} catch (error) {
			device.log(`board: ${use}: ${error instanceof Error ? error.message : error}`);
			return undefined;
		}
	}
}

function pullOf(value: unknown): Pull {
	return value === "down" ? "down" : value === "none" ? "none" : "up";
}
