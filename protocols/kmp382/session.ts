// A KMP-382 session: asks a 685-382 for identity, actual values and registers, and reads whatever replies pass by.
// Requests, also the echo of its own that the optical head gives back, are passed over.

import type { Quantity, Reading } from "../../readings/reading.js";
import { type Action, NO_ACTIONS, type Rejection, type Session, type SessionOptions } from "../protocol.js";
import { BUSY, NO_ANSWER, ONLY_LISTENS } from "../shared/questions.js";
import { type QueueTimes, type Request, RequestQueue } from "../shared/request-queue.js";
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
const RETRY_MS = 60_000;

export class Kmp382Session implements Session, FrameSink {
	readonly #periodMs: number;
	readonly #framer = new Kmp382Framer(this);
	readonly #queue = new RequestQueue(TIMES);
	#commands: readonly number[] = [];
	#actions: Action[] = [];
	#now = 0;
	#dueAt: number | undefined;
	#startedAt = 0;
	#polling = false;
	/** The command whose values somebody asks for, until it is answered. */
	#question: number | undefined;
	/** What is under way puts that question. */
	#isQuestion = false;
	/** The meter is given a pause until then. */
	#restsUntil = 0;
	#collected: Quantity[] = [];
	#identity: Identity | undefined;

	constructor({ settings }: SessionOptions) {
		const { period } = settings;
		this.#periodMs = (typeof period === "number" ? period : DEFAULT_PERIOD_SECONDS) * 1000;
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		this.#now = now;
		this.#framer.push(bytes);
		this.#queue.heard(now, this.#actions);
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		this.#now = now;
		if (this.#periodMs === 0) return NO_ACTIONS;
		if (this.#polling) {
			const state = this.#queue.tick(now, this.#actions);
			if (state !== "going") this.#finish(state === "done");
		} else {
			this.#dueAt ??= now;
			const due = this.#question === undefined ? this.#dueAt : this.#restsUntil;
			if (now >= due) this.#begin(now);
			else this.#actions.push({ do: "wakeAt", time: due });
		}
		return this.#taken();
	}

	/** `what`: 90 for the present values, 95 for the registers of the tariffs. */
	ask(what: string, now: number): readonly Action[] | string {
		if (this.#periodMs === 0) return ONLY_LISTENS;
		if (what === "") {
			if (!this.#polling || this.#isQuestion) this.#dueAt = Math.max(now, this.#restsUntil);
		} else {
			const command = [ACTUAL_VALUES, ENERGY_REGISTERS].find((known) => known.toString(16) === what);
			if (command === undefined) return "this meter knows 90 and 95";
			if (this.#question !== undefined) return BUSY;
			this.#question = command;
		}
		return this.tick(now);
	}

	end(now: number): readonly Action[] {
		this.#now = now;
		this.#framer.end();
		// A poll that is cut short still gives what it has.
		if (this.#collected.length > 0 && !this.#isQuestion)
			this.#emit(this.#collected, this.#framer.kept.take());
		this.#collected = [];
		this.#polling = false;
		return this.#taken();
	}

	rejected(rejection: Rejection): void {
		this.#actions.push({ do: "rejected", rejection });
		this.#queue.damaged(this.#now, this.#actions);
	}

	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void {
		if (direction === REQUEST) return;
		const kept = this.#framer.kept;
		const command = bytes[1];
		// Firmware marks of unknown meaning, and memory that nobody has explained.
		if (command === HELLO) {
			kept.takeLast();
			return;
		}
		const quantities = command === undefined ? undefined : this.#understand(command, bytes, length);
		if (quantities === undefined) {
			kept.takeLast();
			if (command === READ_MEMORY) return;
			const known = command === ACTUAL_VALUES || command === ENERGY_REGISTERS;
			const code = known ? "length" : "command";
			const actual = known ? length : (command ?? -1);
			this.rejected({ rejected: true, layer: "kmp382", code, offset, actual });
		} else if (this.#polling && this.#commands[this.#queue.waitingFor] === command) {
			for (const quantity of quantities) this.#collect(quantity);
			if (this.#queue.answered(this.#now, this.#actions)) this.#finish(true);
		} else this.#emit(quantities, kept.takeLast());
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

	/** Names stay unique: the total that 95 repeats is the driver's ENERGY_TOTAL2. */
	#collect(quantity: Quantity): void {
		const known = this.#collected.some(({ name }) => name === quantity.name);
		this.#collected.push(known ? { ...quantity, name: "energy_total_2" } : quantity);
	}

	#begin(now: number): void {
		const question = this.#question;
		this.#isQuestion = question !== undefined;
		if (!this.#isQuestion) this.#startedAt = now;
		this.#commands = question === undefined ? [ACTUAL_VALUES, ENERGY_REGISTERS, READ_MEMORY] : [question];
		const requests = this.#commands.map(requestOf);
		this.#collected = [];
		this.#polling = true;
		this.#framer.kept.clear();
		this.#queue.start(requests, now, this.#actions);
	}

	#finish(complete: boolean): void {
		this.#polling = false;
		this.#restsUntil = this.#now + TIMES.pauseMs;
		if (this.#isQuestion) {
			this.#question = undefined;
			this.#isQuestion = false;
			const reading = this.#reading(this.#collected);
			this.#actions.push(complete ? { do: "answer", reading } : { do: "answer", problem: NO_ANSWER }, {
				do: "wakeAt",
				time: Math.max(this.#dueAt ?? 0, this.#restsUntil),
			});
			this.#collected = [];
			return;
		}
		if (!complete) {
			this.#actions.push({
				do: "rejected",
				rejection: { rejected: true, layer: "kmp382", code: "no-answer", actual: TIMES.attempts },
			});
		}
		if (this.#collected.length > 0) this.#emit(this.#collected, this.#framer.kept.take());
		this.#collected = [];
		const after = complete ? this.#periodMs : Math.min(this.#periodMs, RETRY_MS);
		this.#dueAt = Math.max(this.#startedAt + after, this.#restsUntil);
		this.#actions.push({ do: "wakeAt", time: this.#question === undefined ? this.#dueAt : this.#restsUntil });
	}

	#emit(quantities: readonly Quantity[], frame: Uint8Array | undefined): void {
		this.#actions.push({ do: "reading", reading: this.#reading(quantities), frame });
	}

	#reading(quantities: readonly Quantity[]): Reading {
		const identity = this.#identity;
		const meter = {
			manufacturer: "Kamstrup",
			...(identity === undefined ? {} : { model: identity.type, id: identity.id }),
		};
		return { protocol: "kmp382", meter, time: null, quantities, devices: [] };
	}

	#taken(): readonly Action[] {
		if (this.#actions.length === 0) return NO_ACTIONS;
		const actions = this.#actions;
		this.#actions = [];
		return actions;
	}
}

/** The identity is worth having and not worth failing for. */
function requestOf(command: number): Request {
	if (command === ACTUAL_VALUES) return { bytes: encodeFrame(REQUEST, actualRequest()) };
	if (command === ENERGY_REGISTERS) return { bytes: encodeFrame(REQUEST, registersRequest()) };
	return { bytes: encodeFrame(REQUEST, identityRequest()), optional: true };
}
