// A KMP session: asks a meter for its registers from time to time, and reads whatever replies pass by, asked for
// or not. Requests, also the echo of its own that the optical head gives back, are passed over.
// Times from Kamstrup 5512-447 chapter 2: a reply begins within 1.6 s, the meter then stays awake for 1.6 s.

import type { MeterIdentity, Quantity, Reading } from "../../readings/reading.js";
import { type Action, NO_ACTIONS, type Rejection, type Session, type SessionOptions } from "../protocol.js";
import type { Checksums } from "../shared/checksums.js";
import { BUSY, NO_ANSWER, ONLY_LISTENS, UNKNOWN } from "../shared/questions.js";
import { type QueueTimes, type Request, RequestQueue } from "../shared/request-queue.js";
import * as command from "./commands.js";
import { type Direction, encodeFrame, FROM_METER, type FrameSink, KmpFramer, TO_METER } from "./frame.js";
import { registerNumber } from "./registers.js";
import {
	Quantities,
	type Register,
	readEventStatus,
	readingTime,
	readLog,
	readRegisters,
	readSerialNo,
	readType,
	serialAmong,
} from "./replies.js";
import { type KmpSettings, kmpSettings } from "./settings.js";

/** Times of a conversation with a meter. */
export const KMP_TIMES: QueueTimes = Object.freeze({
	/** 11 bits at 1200 Bd. */
	byteMs: 9.2,
	/** 1.6 s of the document, and what a head and a USB adapter add. */
	replyMs: 1900,
	silenceMs: 500,
	/** 1024 stuffed bytes at 1200 Bd. */
	longestMs: 20000,
	gapMs: 10,
	pauseMs: 1600,
	attempts: 3,
});
/** After a poll without an answer: the next one comes no later than this. */
const RETRY_MS = 60_000;

interface Poll {
	readonly requests: readonly Request[];
	/** CID and registers of each request, in the same order. */
	readonly asked: readonly { readonly cid: number; readonly registers: readonly number[] }[];
	readonly quantities: Quantities;
	/** It puts somebody's own question. */
	readonly isQuestion: boolean;
}

export class KmpSession implements Session, FrameSink {
	readonly #settings: KmpSettings;
	readonly #checksums: Checksums;
	readonly #framer: KmpFramer;
	readonly #queue = new RequestQueue(KMP_TIMES);
	#actions: Action[] = [];
	#now = 0;
	#dueAt: number | undefined;
	#startedAt = 0;
	#poll: Poll | undefined;
	/** The register that somebody asks for, until it is answered. */
	#question: number | undefined;
	/** The meter is given a pause until then. */
	#restsUntil = 0;
	#model: string | undefined;
	#id: string | undefined;

	constructor({ checksums, settings }: SessionOptions) {
		this.#settings = kmpSettings(settings);
		this.#checksums = checksums;
		this.#framer = new KmpFramer(checksums, this);
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		this.#now = now;
		this.#framer.push(bytes);
		this.#queue.heard(now, this.#actions);
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		this.#now = now;
		if (this.#settings.periodMs === 0) return NO_ACTIONS;
		if (this.#poll) this.#progress(now);
		else {
			this.#dueAt ??= now;
			const due = this.#question === undefined ? this.#dueAt : this.#restsUntil;
			if (now >= due) this.#begin(now);
			else this.#wake(due);
		}
		return this.#taken();
	}

	/** `what`: a register's number. */
	ask(what: string, now: number): readonly Action[] | string {
		if (this.#settings.periodMs === 0) return ONLY_LISTENS;
		if (what === "") {
			if (!this.#poll || this.#poll.isQuestion) this.#dueAt = Math.max(now, this.#restsUntil);
		} else {
			const register = registerNumber(what);
			if (register === undefined) return "a register is a number from 0 to 65535";
			if (this.#question !== undefined) return BUSY;
			this.#question = register;
		}
		return this.tick(now);
	}

	end(now: number): readonly Action[] {
		this.#now = now;
		this.#framer.end();
		// A poll that is cut short still gives what it has.
		const quantities = this.#poll?.isQuestion ? [] : (this.#poll?.quantities.list ?? []);
		this.#poll = undefined;
		if (quantities.length > 0) this.#emit(quantities, this.#framer.kept.take());
		return this.#taken();
	}

	acknowledge(): void {
		// The answer to SetClock; nothing that a poll asks is answered by it.
	}

	rejected(rejection: Rejection): void {
		this.#actions.push({ do: "rejected", rejection });
		this.#queue.damaged(this.#now, this.#actions);
	}

	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void {
		if (direction === TO_METER) return;
		const cid = bytes[1] as number;
		const understood = this.#understand(cid, bytes, length);
		if (understood === undefined) return;
		this.#framer.kept.takeLast();
		const rejection: Rejection = { rejected: true, layer: "kmp", code: understood, offset, actual: cid };
		this.rejected(rejection);
	}

	/** A rejection's code, or `undefined` where the reply was taken. */
	#understand(cid: number, bytes: Uint8Array, length: number): string | undefined {
		switch (cid) {
			case command.GET_TYPE: {
				const model = readType(bytes, length);
				if (model === undefined) return "length";
				this.#model = model;
				this.#identified(cid);
				return undefined;
			}
			case command.GET_SERIAL_NO: {
				const id = readSerialNo(bytes, length);
				if (id === undefined) return "length";
				this.#id = id;
				this.#identified(cid);
				return undefined;
			}
			case command.GET_REGISTER: {
				const registers = readRegisters(bytes, length);
				if (registers === undefined) return "length";
				return this.#registers(registers);
			}
			case command.GET_EVENT_STATUS: {
				const status = readEventStatus(bytes, length);
				if (status === undefined) return "length";
				this.#status(status);
				return undefined;
			}
			case command.GET_LOG_TIME_PRESENT:
			case command.GET_LOG_LAST_PRESENT:
			case command.GET_LOG_ID_PRESENT:
			case command.GET_LOG_TIME_PAST:
				return this.#log(bytes, length);
			default:
				return "command";
		}
	}

	#identified(cid: number): void {
		if (this.#expected()?.cid === cid) this.#answered();
		else this.#emit([], this.#framer.kept.takeLast());
	}

	#registers(registers: readonly Register[]): string | undefined {
		const asked = this.#expected();
		const ours =
			asked?.cid === command.GET_REGISTER &&
			registers.every(({ register }) => asked.registers.includes(register));
		if (ours && this.#poll) {
			this.#poll.quantities.add(registers);
			this.#answered();
			return undefined;
		}
		// A meter that has none of the registers answers with an empty list.
		if (registers.length === 0) return "empty";
		const quantities = new Quantities();
		quantities.add(registers);
		this.#emit(quantities.list, this.#framer.kept.takeLast());
		return undefined;
	}

	#status(status: Quantity): void {
		if (this.#expected()?.cid === command.GET_EVENT_STATUS && this.#poll) {
			this.#poll.quantities.list.push(status);
			this.#answered();
		} else this.#emit([status], this.#framer.kept.takeLast());
	}

	#log(bytes: Uint8Array, length: number): string | undefined {
		const reply = readLog(bytes, length);
		if (reply === undefined) return "length";
		if (reply.records.length === 0) return "empty";
		// One frame, many records: it comes with the first.
		let frame = this.#framer.kept.takeLast();
		for (const { record, registers } of reply.records) {
			const quantities = new Quantities();
			quantities.add(registers);
			this.#emit(quantities.list, frame, `log ${reply.log} record ${record}`);
			frame = undefined;
		}
		return undefined;
	}

	#expected(): Poll["asked"][number] | undefined {
		return this.#poll?.asked[this.#queue.waitingFor];
	}

	#answered(): void {
		if (this.#queue.answered(this.#now, this.#actions)) this.#finish(true);
	}

	#progress(now: number): void {
		const state = this.#queue.tick(now, this.#actions);
		if (state !== "going") this.#finish(state === "done");
	}

	#begin(now: number): void {
		const { destination, eventStatus } = this.#settings;
		const question = this.#question;
		const isQuestion = question !== undefined;
		const registers = isQuestion ? [question] : this.#settings.registers;
		const requests: Request[] = [];
		const asked: Poll["asked"][number][] = [];
		const ask = (content: Uint8Array, wanted: readonly number[], optional: boolean) => {
			requests.push({ bytes: encodeFrame(TO_METER, content, this.#checksums), optional });
			asked.push({ cid: content[1] as number, registers: wanted });
		};
		for (let at = 0; at < registers.length; at += command.MOST_IN_REQUEST) {
			const eight = registers.slice(at, at + command.MOST_IN_REQUEST);
			ask(command.getRegister(destination, eight), eight, false);
		}
		if (!isQuestion) {
			this.#startedAt = now;
			// Once the meter is awake: who it is. Not every module answers.
			if (this.#model === undefined) ask(command.getType(destination), [], true);
			if (this.#id === undefined) ask(command.getSerialNo(destination), [], true);
			if (eventStatus) ask(command.getEventStatus(destination), [], true);
		}
		this.#poll = { requests, asked, quantities: new Quantities(), isQuestion };
		this.#framer.kept.clear();
		this.#queue.start(requests, now, this.#actions);
	}

	/** The poll is over: what came is one reading. The next begins a period after this one began. */
	#finish(complete: boolean): void {
		const quantities = this.#poll?.quantities.list ?? [];
		const isQuestion = this.#poll?.isQuestion === true;
		this.#poll = undefined;
		this.#restsUntil = this.#now + KMP_TIMES.pauseMs;
		if (isQuestion) {
			this.#question = undefined;
			const problem = complete ? UNKNOWN : NO_ANSWER;
			this.#actions.push(
				quantities.length > 0
					? { do: "answer", reading: this.#reading(quantities) }
					: { do: "answer", problem },
			);
			this.#wake(Math.max(this.#dueAt ?? 0, this.#restsUntil));
			return;
		}
		if (!complete) {
			const rejection: Rejection = {
				rejected: true,
				layer: "kmp",
				code: "no-answer",
				actual: KMP_TIMES.attempts,
			};
			this.#actions.push({ do: "rejected", rejection });
		}
		if (quantities.length > 0) this.#emit(quantities, this.#framer.kept.take());
		const { periodMs } = this.#settings;
		const after = complete ? periodMs : Math.min(periodMs, RETRY_MS);
		this.#dueAt = Math.max(this.#startedAt + after, this.#restsUntil);
		this.#wake(this.#question === undefined ? this.#dueAt : this.#restsUntil);
	}

	#emit(quantities: readonly Quantity[], frame: Uint8Array | undefined, list?: string): void {
		this.#actions.push({ do: "reading", reading: this.#reading(quantities, list), frame });
	}

	#reading(quantities: readonly Quantity[], list?: string): Reading {
		this.#id = serialAmong(quantities) ?? this.#id;
		const meter: MeterIdentity = {
			manufacturer: "Kamstrup",
			...(this.#model === undefined ? {} : { model: this.#model }),
			...(this.#id === undefined ? {} : { id: this.#id }),
			...(list === undefined ? {} : { list }),
		};
		return { protocol: "kmp", meter, time: readingTime(quantities), quantities, devices: [] };
	}

	#wake(time: number): void {
		this.#actions.push({ do: "wakeAt", time });
	}

	#taken(): readonly Action[] {
		if (this.#actions.length === 0) return NO_ACTIONS;
		const actions = this.#actions;
		this.#actions = [];
		return actions;
	}
}

/** A meter's reply on the wire, for emulated meters. */
export function encodeReply(content: Uint8Array, checksums: Checksums): Uint8Array {
	return encodeFrame(FROM_METER, content, checksums);
}

/** A request on the wire. */
export function encodeRequest(content: Uint8Array, checksums: Checksums): Uint8Array {
	return encodeFrame(TO_METER, content, checksums);
}
