// A KMP-382 session: asks a 685-382 for identity, actual values and registers, and reads whatever replies pass by.

import type { MeterIdentity, Quantity } from "../../readings/reading.js";
import type { SessionOptions } from "../protocol.js";
import { PollingSession } from "../shared/polling-session.js";
import type { QueueTimes, Request } from "../shared/request-queue.js";
import { type Direction, encodeFrame, type FrameSink, Kmp382Framer, REQUEST } from "./frame.js";
import {
	ACTUAL_VALUES,
	actualRequest,
	ENERGY_REGISTERS,
	HELLO,
	type Identity,
	identityQuantities,
	identityRequest,
	READ_MEMORY,
	readActual,
	readEnergyRegisters,
	readIdentity,
	registersRequest,
} from "./messages.js";

const DEFAULT_PERIOD_SECONDS = 60;
/** The driver waits 600 ms; a reply of 83 characters takes 0.83 s at 1200 Bd. */
const TIMES: QueueTimes = Object.freeze({
	byteMs: 10,
	replyMs: 1200,
	silenceMs: 500,
	longestMs: 6000,
	gapMs: 100,
	pauseMs: 600,
	attempts: 3,
});

interface Asked extends Request {
	readonly command: number;
}

export class Kmp382Session extends PollingSession<Asked> implements FrameSink {
	protected readonly framer = new Kmp382Framer(this);
	#identity: Identity | undefined;

	constructor({ settings: { period } }: SessionOptions) {
		super("kmp382", (typeof period === "number" ? period : DEFAULT_PERIOD_SECONDS) * 1000, TIMES);
	}

	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void {
		if (direction === REQUEST) return;
		const command = bytes[1] ?? -1;
		const quantities = this.#understand(command, bytes, length);
		if (quantities && this.expected?.command === command) {
			// Names stay unique: the total that 95 repeats is the driver's ENERGY_TOTAL2.
			for (const quantity of quantities) {
				const known = this.quantities.some(({ name }) => name === quantity.name);
				this.quantities.push(known ? { ...quantity, name: "energy_total_2" } : quantity);
			}
			this.answered();
		} else if (quantities) this.emit(quantities, this.framer.kept.takeLast());
		// Firmware marks of unknown meaning, and memory that nobody has explained.
		else if (command === HELLO || command === READ_MEMORY) this.framer.kept.takeLast();
		else if (command === ACTUAL_VALUES || command === ENERGY_REGISTERS) this.refuse("length", offset, length);
		else this.refuse("command", offset, command);
	}

	/** 90 for the present values, 95 for the registers of the tariffs. */
	protected wanted(what: string): number | string {
		const known = [ACTUAL_VALUES, ENERGY_REGISTERS].find((command) => command.toString(16) === what);
		return known ?? "this meter knows 90 and 95";
	}

	protected requests(question: number | undefined): readonly Asked[] {
		const all = [actualRequest(), registersRequest(), identityRequest()].map((content) => {
			const command = content[1] as number;
			// The identity is worth having and not worth failing for.
			return { command, bytes: encodeFrame(REQUEST, content), optional: command === READ_MEMORY };
		});
		return question === undefined ? all : all.filter(({ command }) => command === question);
	}

	protected identity(): MeterIdentity {
		const known = this.#identity && { model: this.#identity.type, id: this.#identity.id };
		return { manufacturer: "Kamstrup", ...known };
	}

	#understand(command: number, bytes: Uint8Array, length: number): readonly Quantity[] | undefined {
		if (command === ACTUAL_VALUES) return readActual(bytes, length);
		if (command === ENERGY_REGISTERS) return readEnergyRegisters(bytes, length);
		if (command !== READ_MEMORY) return undefined;
		const identity = readIdentity(bytes, length);
		if (identity === undefined) return undefined;
		this.#identity = identity;
		return identityQuantities(identity);
	}
}
