// An emulated MULTICAL on its optical port: answers KMP's GetType, GetSerialNo, GetRegister, GetEventStatus and
// SetClock for the meter itself (destination 3F). Which registers it has is the model's; a register that it lacks is
// left out of the reply. No logs. Source: Kamstrup 5512-447 "KMP protocol description".

import {
	eventStatusReply,
	GET_EVENT_STATUS,
	GET_REGISTER,
	GET_SERIAL_NO,
	GET_TYPE,
	METER,
	registerReply,
	requestedRegisters,
	SET_CLOCK,
	serialNoReply,
	typeReply,
} from "../../protocols/kmp/commands.js";
import {
	ACKNOWLEDGE,
	type Direction,
	encodeFrame,
	FROM_METER,
	type FrameSink,
	KmpFramer,
	TO_METER,
} from "../../protocols/kmp/frame.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { type Answer, AskedMeter } from "./asked-meter.js";
import { HeatExtremes } from "./heat-extremes.js";
import { HeatUse } from "./heat-use.js";
import type { MeterOptions } from "./push-meter.js";
import { WorkingHours } from "./working-hours.js";

/** What a register's value is made from. */
export interface MulticalState {
	/** Local second by the meter's own clock, which SetClock moves. */
	readonly clock: number;
	readonly heat: HeatUse["state"];
	readonly extremes: HeatExtremes;
	readonly hours: number;
}

/** A register's number and its format and value bytes. */
export interface MulticalRegister {
	readonly register: number;
	value(state: MulticalState): Uint8Array;
}

export interface MulticalModel {
	readonly title: string;
	/** Reply to GetType: type, and software as letter (1 = A) and number. */
	readonly type: number;
	readonly software: readonly [number, number];
	readonly serial: number;
	readonly registers: readonly MulticalRegister[];
}

const SECOND_MS = 1000;
/** Begins within 1.6 s; real meters take about this. */
const REACTION_MS = 180;
const DATA = 2;
const CLOCK_DATA = 8;
const LINE = Object.freeze({
	baud: 1200,
	dataBits: 8,
	parity: "none",
	stopBits: 2,
	invertReceive: false,
	invertTransmit: false,
} as const);

export class Multical extends AskedMeter implements FrameSink {
	readonly protocol = "kmp";
	readonly line = LINE;
	readonly #model: MulticalModel;
	readonly #checksums = tableChecksums();
	readonly #framer = new KmpFramer(this.#checksums, this);
	readonly #extremes: HeatExtremes;
	readonly #hours: WorkingHours;
	#second: number;
	#clockOffset = 0;
	#answers: Answer[] = [];

	constructor(model: MulticalModel, { seed, start }: MeterOptions) {
		super();
		this.#model = model;
		this.#second = Math.floor(start / SECOND_MS);
		this.#extremes = new HeatExtremes(new HeatUse(seed, this.#second));
		this.#hours = new WorkingHours(seed, this.#second);
	}

	get title(): string {
		return this.#model.title;
	}

	heard(bytes: Uint8Array, time: number): readonly Answer[] {
		this.#second = Math.floor(time / SECOND_MS);
		this.#answers = [];
		this.#framer.push(bytes);
		return this.#answers;
	}

	frame(direction: Direction, bytes: Uint8Array, length: number): void {
		if (direction !== TO_METER || bytes[0] !== METER) return;
		if (bytes[1] === SET_CLOCK) return this.#setClock(bytes, length);
		const reply = this.#reply(bytes, length);
		if (reply) this.#say(encodeFrame(FROM_METER, reply, this.#checksums));
	}

	acknowledge(): void {
		// Nothing that a meter sends is acknowledged.
	}

	rejected(): void {
		// A damaged request stays unanswered.
	}

	#reply(bytes: Uint8Array, length: number): Uint8Array | undefined {
		const { type, software, serial } = this.#model;
		switch (bytes[1]) {
			case GET_TYPE:
				return typeReply(METER, type, software[0], software[1]);
			case GET_SERIAL_NO:
				return serialNoReply(METER, serial);
			case GET_EVENT_STATUS:
				return eventStatusReply(METER, [0, 0, 0, 0]);
			case GET_REGISTER:
				return this.#registers(requestedRegisters(bytes, length));
			default:
				return undefined;
		}
	}

	#registers(asked: readonly number[] | undefined): Uint8Array | undefined {
		if (!asked) return undefined;
		const state: MulticalState = {
			clock: this.#second + this.#clockOffset,
			heat: this.#extremes.stepTo(this.#second),
			extremes: this.#extremes,
			hours: this.#hours.at(this.#second),
		};
		const found = asked.flatMap((number) => {
			const known = this.#model.registers.find(({ register }) => register === number);
			return known ? [{ register: number, value: known.value(state) }] : [];
		});
		return registerReply(METER, found);
	}

	/** YYMMDD and hhmmss as decimal digits of two 32-bit numbers. */
	#setClock(bytes: Uint8Array, length: number): void {
		if (length !== DATA + CLOCK_DATA) return;
		const view = new DataView(bytes.buffer, bytes.byteOffset + DATA);
		const date = view.getUint32(0);
		const time = view.getUint32(4);
		const two = (digits: number, place: number) => Math.floor(digits / place) % 100;
		const clock = Date.UTC(
			2000 + two(date, 10_000),
			two(date, 100) - 1,
			two(date, 1),
			two(time, 10_000),
			two(time, 100),
			two(time, 1),
		);
		this.#clockOffset = clock / SECOND_MS - this.#second;
		this.#say(Uint8Array.of(ACKNOWLEDGE));
	}

	#say(bytes: Uint8Array): void {
		this.#answers.push({ bytes, afterMs: REACTION_MS, line: LINE });
	}
}
