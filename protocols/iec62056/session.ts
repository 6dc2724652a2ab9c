// An IEC 62056-21 session: reads whatever messages pass by, asked for or not, and leads the dialogue with the meter.
// Echoes of its own messages are passed over by the framer: no meter sends what a reader sends.

import { consistsOf } from "../../readings/characters.js";
import type { Reading } from "../../readings/reading.js";
import { type Action, NO_ACTIONS, type Rejection, type Session, type SessionOptions } from "../protocol.js";
import { KeptFrames } from "../shared/kept-frames.js";
import { BUSY, NO_ANSWER, ONLY_LISTENS, UNKNOWN } from "../shared/questions.js";
import type { ACK, NAK } from "./characters.js";
import { Dialogue, type DialogueOwner } from "./dialogue.js";
import { MessageFramer } from "./framer.js";
import type { Identification } from "./identification.js";
import { KnownReadout } from "./known-readout.js";
import type { DataBlock, MessageSink, Protection } from "./message.js";
import { KnownIds } from "./object-id.js";
import { listText, Readout } from "./readout.js";
import { type DialogueSettings, dialogueSettings, readCommand } from "./settings.js";
import { tableReading } from "./table.js";

/** Silence after which a telegram without STX is over. */
const SETTLE_MS = 300;
/** What may be asked for by name: nothing that ends a data set or a message. */
const ADDRESS = "0-9A-Za-z.:*&-";
const LONGEST_ADDRESS = 32;

export class Iec62056Session implements Session, MessageSink, DialogueOwner {
	readonly #settings: DialogueSettings;
	readonly #framer: MessageFramer;
	readonly #dialogue: Dialogue;
	/** What is to be done, the dialogue's part too, in the order in which it was decided. */
	readonly #actions: Action[] = [];
	#identification: Identification | undefined;
	/** Blocks of one reading: those before an EOT, and the replies of one poll in programming mode. */
	#readout: Readout | undefined;
	readonly #ids = new KnownIds();
	readonly #known = new KnownReadout();
	#protection: Protection = "none";
	/** The table that was asked for by somebody's question. */
	#answer: Reading | undefined;
	/** Blocks of a reading that has several, as they came. */
	readonly #kept = new KeptFrames();

	constructor({ checksums, settings }: SessionOptions) {
		this.#settings = dialogueSettings(settings);
		this.#framer = new MessageFramer(checksums, this);
		this.#dialogue = new Dialogue(this.#settings, this, this.#actions);
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		this.#dialogue.heard(now, false);
		this.#framer.push(bytes);
		if (this.#framer.inData) this.#dialogue.heard(now, true);
		if (this.#framer.unsettled) this.#actions.push({ do: "wakeAt", time: now + SETTLE_MS });
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		this.#framer.settle();
		this.#dialogue.tick(now);
		return this.#taken();
	}

	/** `what`: an address as in programming mode (`1.8.0`, `R2:F001`); the name of a table where tables are asked for. */
	ask(what: string, now: number): readonly Action[] | string {
		const { dialogue } = this.#settings;
		if (dialogue === "listen") return ONLY_LISTENS;
		if (what === "") this.#dialogue.begin(undefined, now);
		else {
			if (what.length > LONGEST_ADDRESS || !consistsOf(what, ADDRESS))
				return "an address has letters, digits and . : * & -";
			if (this.#dialogue.hasQuestion) return BUSY;
			const question: DialogueSettings =
				dialogue === "tables"
					? { ...this.#settings, tables: [what.charAt(0).toUpperCase()] }
					: { ...this.#settings, dialogue: "programming", commands: [readCommand(what)] };
			this.#dialogue.begin(question, now);
		}
		return this.#taken();
	}

	end(_now: number): readonly Action[] {
		this.#framer.end();
		// Values of a poll in programming mode that is cut short; parts of a readout are not whole.
		const isPoll = this.#dialogue.busy && !this.#dialogue.isQuestion;
		if (this.#settings.dialogue === "programming" && isPoll) this.#emitReadout();
		return this.#taken();
	}

	identified(identification: Identification): void {
		this.#identification = identification;
		this.#readout = undefined;
		this.#kept.clear();
		this.#dialogue.identified(identification);
	}

	again(frame: Uint8Array, words: Int32Array, protection: Protection): boolean {
		if (this.#readout !== undefined || this.#dialogue.asked !== undefined) return false;
		const reading = this.#known.read(frame, words, protection);
		if (reading === undefined) return false;
		this.#emit(reading, frame);
		this.#dialogue.block(true);
		return true;
	}

	data({ sets, protection, last, readout: isReadout, offset, frame }: DataBlock): void {
		const asked = this.#dialogue.asked;
		const refusal = isReadout ? undefined : errorText(sets);
		if (refusal !== undefined) {
			const detail = asked === undefined ? refusal : `${asked.address}: ${refusal}`;
			this.#reject("meter-error", { offset, detail });
		} else {
			const isOnly = this.#readout === undefined && last && asked === undefined;
			this.#readout ??= new Readout(this.#identification, this.#ids);
			if (!isOnly) this.#kept.add(frame);
			this.#protection = protection;
			for (const set of sets) this.#readout.add(set, asked?.address);
			// Replies in programming mode are one reading, when all have come.
			if (last && asked === undefined) {
				const reading = this.#emitReadout(isOnly ? frame : this.#kept.take());
				if (isOnly && reading) this.#known.learn(frame, protection, sets, reading);
			}
		}
		this.#dialogue.block(last);
	}

	command(name: string): void {
		this.#dialogue.command(name);
	}

	control(character: typeof ACK | typeof NAK): void {
		this.#dialogue.control(character);
	}

	table(line: string, heard: string | undefined, offset: number, frame: Uint8Array): void {
		const table = heard ?? this.#dialogue.table;
		if (table === undefined) {
			// Without its request nobody knows which table this is.
			this.#reject("table-unasked", { offset });
			return;
		}
		const reading = tableReading(line, table, this.#settings.scaling);
		if (this.#dialogue.isQuestion) this.#answer = reading;
		else this.#emit(reading, frame);
		this.#dialogue.tableLine();
	}

	rejected(rejection: Rejection): void {
		this.#actions.push({ do: "rejected", rejection });
		this.#dialogue.damaged(rejection.code);
	}

	restarted(): void {
		this.#readout = undefined;
		this.#kept.clear();
		if (this.#framer.reset()) this.#reject("truncated");
	}

	finished(answered: boolean, refused: boolean): void {
		if (this.#dialogue.isQuestion) {
			this.#answered(refused ? "the meter refuses the password" : answered ? UNKNOWN : NO_ANSWER);
			return;
		}
		if (refused) this.#reject("password-refused");
		else if (!answered) this.#reject("no-answer");
		this.#emitReadout();
	}

	/** Tells what came of somebody's question; `problem` where nothing did. */
	#answered(problem: string): void {
		const { quantities = [] } = this.#readout ?? {};
		const reading = quantities.length > 0 ? this.#readout?.reading(undefined) : this.#answer;
		this.#readout = undefined;
		this.#answer = undefined;
		this.#kept.clear();
		this.#actions.push(reading ? { do: "answer", reading } : { do: "answer", problem });
	}

	#emitReadout(frame = this.#kept.take()): Reading | undefined {
		const readout = this.#readout;
		this.#readout = undefined;
		if (readout === undefined || readout.quantities.length === 0) return undefined;
		const reading = readout.reading(listText(readout.identification, this.#protection));
		this.#emit(reading, frame);
		return reading;
	}

	#emit(reading: Reading, frame: Uint8Array | undefined): void {
		this.#actions.push({ do: "reading", reading, frame });
	}

	#reject(code: string, facts: Pick<Rejection, "offset" | "detail"> = {}): void {
		this.#actions.push({ do: "rejected", rejection: { rejected: true, layer: "iec62056", code, ...facts } });
	}

	#taken(): readonly Action[] {
		return this.#actions.length === 0 ? NO_ACTIONS : this.#actions.splice(0);
	}
}

/** The text of an error message `(ERROR)`: one set without an id, or `ER…`, whose value begins with `ER`. */
function errorText(sets: DataBlock["sets"]): string | undefined {
	const [only] = sets;
	if (sets.length !== 1 || only === undefined || only.id !== "") return undefined;
	const [value = ""] = only.values;
	return only.values.length === 1 && value.toUpperCase().startsWith("ER") ? value : undefined;
}
