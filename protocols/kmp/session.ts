// A KMP session: asks a meter for its registers from time to time, and reads whatever replies pass by, asked for
// or not. Requests, also the echo of its own that the optical head gives back, are passed over.
// Times from Kamstrup 5512-447 chapter 2: a reply begins within 1.6 s, the meter then stays awake for 1.6 s.

import type { MeterIdentity, Quantity } from "../../readings/reading.js";
import type { SessionOptions } from "../protocol.js";
import type { Checksums } from "../shared/checksums.js";
import { PollingSession } from "../shared/polling-session.js";
import type { QueueTimes, Request } from "../shared/request-queue.js";
import * as command from "./commands.js";
import { type Direction, encodeFrame, FROM_METER, type FrameSink, KmpFramer, TO_METER } from "./frame.js";
import { KnownRegisters, registerNumbers } from "./known-registers.js";
import { registerNumber } from "./registers.js";
import {
	addRegisters,
	readEventStatus,
	readingTime,
	readLog,
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
/** A request with its CID and registers. */
interface Asked extends Request {
	readonly cid: number;
	readonly registers: readonly number[];
}

export class KmpSession extends PollingSession<Asked> implements FrameSink {
	protected readonly framer: KmpFramer;
	readonly #settings: KmpSettings;
	readonly #checksums: Checksums;
	readonly #known = new KnownRegisters();
	#model: string | undefined;
	#id: string | undefined;

	constructor(options: SessionOptions) {
		const settings = kmpSettings(options.settings);
		super("kmp", settings.periodMs, KMP_TIMES);
		this.#settings = settings;
		this.#checksums = options.checksums;
		this.framer = new KmpFramer(options.checksums, this);
	}

	acknowledge(): void {
		// The answer to SetClock; nothing that a poll asks is answered by it.
	}

	frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void {
		if (direction === TO_METER) return;
		const cid = bytes[1] as number;
		const refused = this.#understand(cid, bytes, length);
		if (refused) this.refuse(refused, offset, cid);
	}

	protected wanted(what: string): number | string {
		return registerNumber(what) ?? "a register is a number from 0 to 65535";
	}

	protected requests(question: number | undefined): readonly Asked[] {
		const { destination, eventStatus } = this.#settings;
		const registers = question === undefined ? this.#settings.registers : [question];
		const asked: Asked[] = [];
		const ask = (content: Uint8Array, wanted: readonly number[] = []) => {
			const cid = content[1] as number;
			const bytes = encodeFrame(TO_METER, content, this.#checksums);
			// Not every module knows anything but registers.
			asked.push({ bytes, optional: cid !== command.GET_REGISTER, cid, registers: wanted });
		};
		for (let at = 0; at < registers.length; at += command.MOST_IN_REQUEST) {
			const eight = registers.slice(at, at + command.MOST_IN_REQUEST);
			ask(command.getRegister(destination, eight), eight);
		}
		if (question === undefined) {
			// Once the meter is awake: who it is.
			if (this.#model === undefined) ask(command.getType(destination));
			if (this.#id === undefined) ask(command.getSerialNo(destination));
			if (eventStatus) ask(command.getEventStatus(destination));
		}
		return asked;
	}

	protected identity(quantities: readonly Quantity[]): MeterIdentity {
		this.#id = serialAmong(quantities) ?? this.#id;
		return {
			manufacturer: "Kamstrup",
			...(this.#model === undefined ? {} : { model: this.#model }),
			...(this.#id === undefined ? {} : { id: this.#id }),
		};
	}

	protected override time(quantities: readonly Quantity[]): string | null {
		return readingTime(quantities);
	}

	/** A rejection's code, or `undefined` where the reply was taken. */
	#understand(cid: number, bytes: Uint8Array, length: number): string | undefined {
		switch (cid) {
			case command.GET_TYPE: {
				const model = readType(bytes, length);
				if (model === undefined) return "length";
				this.#model = model;
				return this.#told(cid, []);
			}
			case command.GET_SERIAL_NO: {
				const id = readSerialNo(bytes, length);
				if (id === undefined) return "length";
				this.#id = id;
				return this.#told(cid, []);
			}
			case command.GET_REGISTER:
				return this.#registers(bytes, length);
			case command.GET_EVENT_STATUS: {
				const status = readEventStatus(bytes, length);
				return status ? this.#told(cid, [status]) : "length";
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

	/** What a reply says goes to the poll that asked for it, or is a reading of its own. */
	#told(cid: number, quantities: readonly Quantity[]): undefined {
		if (this.expected?.cid === cid) {
			this.quantities.push(...quantities);
			this.answered();
		} else this.emit(quantities, this.framer.kept.takeLast());
	}

	#registers(bytes: Uint8Array, length: number): string | undefined {
		const numbers = registerNumbers(bytes, length);
		if (numbers === undefined) return "length";
		const wanted = this.expected?.registers;
		if (wanted?.length && numbers.every((number) => wanted.includes(number))) {
			this.#known.add(this.quantities, bytes, length);
			this.answered();
			return undefined;
		}
		// A meter that has none of the registers answers with an empty list.
		if (numbers.length === 0) return "empty";
		this.emit(this.#known.add([], bytes, length), this.framer.kept.takeLast());
		return undefined;
	}

	#log(bytes: Uint8Array, length: number): string | undefined {
		const reply = readLog(bytes, length);
		if (reply === undefined) return "length";
		if (reply.records.length === 0) return "empty";
		// One frame, many records: it comes with the first.
		let frame = this.framer.kept.takeLast();
		for (const { record, registers } of reply.records) {
			this.emit(addRegisters([], registers), frame, `log ${reply.log} record ${record}`);
			frame = undefined;
		}
		return undefined;
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
