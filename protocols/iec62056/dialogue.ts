// The reader's side of IEC 62056-21: request, option select with baud switch, programming mode, break, repetition.
// It knows the order and times of messages, not their contents; never more than one message waits for its answer.
// Source: IEC 62056-21:2002, clauses 6.4 and 6.5; times from 6.3.13.

import type { Action } from "../protocol.js";
import { lineOf } from "../shared/lines.js";
import { ACK, NAK } from "./characters.js";
import { baudOf, type Identification, modeOf, reactionMs } from "./identification.js";
import {
	breakMessage,
	commandMessage,
	optionSelect,
	passwordMessage,
	requestMessage,
	tableRequest,
} from "./messages.js";
import type { DialogueSettings, ReadCommand } from "./settings.js";

/** Longest time to an answer, and between two characters of it (6.3.13), and what heads and adapters add. */
const REPLY_MS = 1500;
const SLACK_MS = 500;
/** 16 kB at 300 Bd take nine minutes; a readout that long is none. */
const LONGEST_READOUT_MS = 300_000;
const ATTEMPTS = 3;
const RETRY_MS = 60_000;
/** Wake-up message: zeros for 2.1 to 2.3 s, then 1.5 to 1.7 s of silence. */
const WAKE_MS = 2200;
const SILENCE_MS = 1600;
const BITS_A_CHARACTER = 10;
const TABLE_BAUD = 1200;
/** MULTICAL answers the next `/#` no sooner. */
const TABLE_PAUSE_MS = 5000;

/** What is done when a pause is over. */
enum Step {
	TryAgain,
	Ask,
	Select,
	Acknowledge,
	Repeat,
	Unlock,
	Request,
	NextTable,
	Done,
	Refused,
	Failed,
}

/** What is waited for. */
enum Phase {
	Idle,
	Pausing,
	Asked,
	Reading,
	Password,
	Unlocking,
	Requesting,
	Table,
}

/** Who is told: the session that owns the framer and the readings. */
export interface DialogueOwner {
	/** A new attempt begins: what was collected and half received is void. */
	restarted(): void;
	/** The poll is over. `answered`: false where the meter never gave a whole answer; `refused`: a password was. */
	finished(answered: boolean, refused: boolean): void;
}

export class Dialogue {
	/** The poll's settings, or those of the question under way. */
	#settings: DialogueSettings;
	readonly #own: DialogueSettings;
	/** Somebody's own question, until it is over. */
	#question: DialogueSettings | undefined;
	/** When the next poll is due. */
	#pollAt: number | undefined;
	#restsUntil = 0;
	readonly #owner: DialogueOwner;
	#phase: Phase = Phase.Idle;
	#step: Step = Step.Ask;
	#due: number | undefined;
	#latest = 0;
	#now = 0;
	#startedAt = 0;
	#attempt = 0;
	#index = 0;
	#repeats = 0;
	#baud: number;
	#identification: Identification | undefined;
	#selected = false;
	/** Attempts after which nothing came at the agreed speed: 1 stays at 300 Bd, 2 selects nothing. */
	#silences = 0;
	#gotData = false;
	#inProgramming = false;
	readonly #actions: Action[];

	/** What is to be done is put behind the owner's own `actions`. */
	constructor(settings: DialogueSettings, owner: DialogueOwner, actions: Action[]) {
		this.#actions = actions;
		this.#settings = settings;
		this.#own = settings;
		this.#owner = owner;
		this.#baud = settings.startBaud;
	}

	get busy(): boolean {
		return this.#phase !== Phase.Idle;
	}

	/** What is under way puts somebody's own question. */
	get isQuestion(): boolean {
		return this.#settings !== this.#own;
	}

	/** A question waits, or is under way. */
	get hasQuestion(): boolean {
		return this.#question !== undefined;
	}

	/** Begins as soon as the meter may be asked: a poll, or the question that these settings are. */
	begin(question: DialogueSettings | undefined, now: number): void {
		this.#question ??= question;
		if (!question) this.#pollAt = now;
		if (!this.busy) this.#due = Math.max(now, this.#restsUntil);
		this.tick(now);
	}

	/** The value asked for in programming mode, while its answer is awaited. */
	get asked(): ReadCommand | undefined {
		return this.#phase === Phase.Requesting ? this.#settings.commands[this.#index] : undefined;
	}

	/** The table asked for last. */
	get table(): string | undefined {
		return this.busy && this.#settings.dialogue === "tables" ? this.#settings.tables[this.#index] : undefined;
	}

	tick(now: number): void {
		this.#now = now;
		if (this.#own.dialogue === "listen") return;
		this.#due ??= now;
		if (now < this.#due) this.#wake(this.#due);
		else if (this.#phase === Phase.Idle) this.#begin();
		else this.#expired();
	}

	/** Characters arrived. `data`: the framer is inside a readout. */
	heard(now: number, data: boolean): void {
		this.#now = now;
		if (this.#phase === Phase.Idle) return;
		if (data) this.#gotData = true;
		if (this.#phase === Phase.Pausing) {
			// Data right behind the identification: the meter does not wait to be selected.
			if (!data || this.#step !== Step.Select) return;
			this.#selected = true;
			this.#await(Phase.Reading, 0);
		} else this.#wake(Math.max(this.#due ?? 0, Math.min(now + REPLY_MS + SLACK_MS, this.#latest)));
	}

	identified(identification: Identification): void {
		if (this.#phase !== Phase.Asked) return;
		this.#identification = identification;
		const mode = modeOf(identification);
		if (mode === "B") {
			this.#setBaud(baudOf(identification.speed));
			this.#await(Phase.Reading, 0);
		} else if (mode === "A") this.#await(Phase.Reading, 0);
		// A meter that does not understand the selection reads out at 300 Bd.
		else if (this.#silences > 1 && this.#settings.dialogue === "readout") this.#await(Phase.Reading, 0);
		else this.#soon(Step.Select);
	}

	/** A block was taken. `last`: false where more follow. */
	block(last: boolean): void {
		if (this.#phase === Phase.Requesting) {
			if (last) this.#nextCommand();
			else this.#soon(Step.Acknowledge);
		} else if (this.#phase !== Phase.Idle && this.#settings.dialogue === "readout") {
			if (last) this.#finish(true);
			else this.#soon(Step.Acknowledge);
		}
	}

	/** A block was damaged: in programming mode it is asked for again, a readout from the beginning. */
	damaged(code: string): void {
		if (code !== "bcc" && code !== "syntax") return;
		if (this.#phase === Phase.Requesting) {
			if (this.#repeats++ < ATTEMPTS) this.#soon(Step.Repeat);
			else this.#failed();
		} else if (this.#phase === Phase.Reading && code === "bcc") this.#failed();
	}

	command(name: string): void {
		if (name === "P0" && this.#phase === Phase.Password) {
			this.#inProgramming = true;
			this.#soon(this.#settings.password === "" ? Step.Request : Step.Unlock);
		} else if (name === "B0" && this.#inProgramming && this.#phase !== Phase.Pausing) this.#failed();
	}

	control(character: typeof ACK | typeof NAK): void {
		if (this.#phase === Phase.Unlocking) {
			if (character === ACK) this.#soon(Step.Request);
			// Meters lock themselves after a few wrong passwords: no second try.
			else this.#leave(Step.Refused);
		} else if (this.#phase === Phase.Requesting && character === NAK) {
			if (this.#repeats++ < ATTEMPTS) this.#soon(Step.Request);
			else this.#nextCommand();
		}
	}

	/** A line of a table arrived. */
	tableLine(): void {
		if (this.#phase === Phase.Table) this.#after(TABLE_PAUSE_MS, Step.NextTable);
	}

	#begin(): void {
		if (this.#question) this.#settings = this.#question;
		else this.#startedAt = this.#now;
		this.#attempt = 0;
		this.#silences = 0;
		this.#tryAgain();
	}

	#tryAgain(): void {
		this.#attempt++;
		this.#index = 0;
		this.#repeats = 0;
		this.#selected = false;
		this.#gotData = false;
		this.#inProgramming = false;
		this.#identification = undefined;
		this.#owner.restarted();
		this.#setBaud(this.#settings.startBaud);
		if (!this.#settings.wakeUp) return this.#ask();
		this.#send(new Uint8Array(Math.round((WAKE_MS * this.#baud) / 1000 / BITS_A_CHARACTER)));
		this.#after(WAKE_MS + SILENCE_MS, Step.Ask);
	}

	/** What a pause was for. */
	#take(step: Step): void {
		switch (step) {
			case Step.TryAgain:
				return this.#tryAgain();
			case Step.Ask:
				return this.#ask();
			case Step.Select:
				return this.#select();
			case Step.Acknowledge:
				return this.#say(Uint8Array.of(ACK), this.#inProgramming ? Phase.Requesting : Phase.Reading);
			case Step.Repeat:
				return this.#say(Uint8Array.of(NAK), Phase.Requesting);
			case Step.Unlock:
				return this.#say(passwordMessage(this.#settings.password), Phase.Unlocking);
			case Step.Request:
				return this.#request();
			case Step.NextTable:
				this.#setBaud(this.#settings.startBaud);
				if (++this.#index < this.#settings.tables.length) return this.#ask();
				return this.#finish(true);
			case Step.Failed:
				return this.#failed();
			default:
				return this.#finish(step === Step.Done, step === Step.Refused);
		}
	}

	#ask(): void {
		if (this.#settings.dialogue === "tables") {
			this.#say(tableRequest(this.#settings.tables[this.#index] ?? "1"), Phase.Table);
			this.#setBaud(TABLE_BAUD);
		} else this.#say(requestMessage(this.#settings.address), Phase.Asked);
	}

	#select(): void {
		this.#selected = true;
		const offered = this.#identification?.speed ?? "0";
		// The head or the line may not be fit for more than 300 Bd.
		const speed = this.#silences > 0 ? "0" : atMost(offered, this.#settings.highestBaud);
		const programming = this.#settings.dialogue === "programming";
		this.#say(
			optionSelect("0", speed, programming ? "1" : "0"),
			programming ? Phase.Password : Phase.Reading,
		);
		this.#setBaud(baudOf(speed));
	}

	#request(): void {
		const read = this.#settings.commands[this.#index];
		if (read) this.#say(commandMessage(read.command, read.data), Phase.Requesting);
		else this.#leave(Step.Done);
	}

	#nextCommand(): void {
		this.#index++;
		this.#repeats = 0;
		this.#soon(Step.Request);
	}

	/** Leaves programming mode, so that the meter listens again at its first speed. */
	#leave(then: Step): void {
		const message = breakMessage();
		this.#send(message);
		this.#inProgramming = false;
		this.#after((message.length * BITS_A_CHARACTER * 1000) / this.#baud + SLACK_MS, then);
	}

	#expired(): void {
		if (this.#phase === Phase.Pausing) this.#take(this.#step);
		else if (this.#phase === Phase.Reading && this.#waitsForSelection()) {
			// MULTICAL III names no speed and yet wants to be selected.
			this.#selected = true;
			this.#say(optionSelect("0", "0", "0"), Phase.Reading);
		} else {
			if (this.#selected && !this.#gotData) this.#silences++;
			this.#failed();
		}
	}

	#waitsForSelection(): boolean {
		const identification = this.#gotData || this.#selected ? undefined : this.#identification;
		return identification !== undefined && modeOf(identification) === "A";
	}

	#failed(): void {
		if (this.#inProgramming) return this.#leave(Step.Failed);
		this.#setBaud(this.#settings.startBaud);
		if (this.#attempt < ATTEMPTS) this.#after(REPLY_MS, Step.TryAgain);
		else this.#finish(false);
	}

	#finish(answered: boolean, refused = false): void {
		this.#phase = Phase.Idle;
		this.#setBaud(this.#settings.startBaud);
		this.#owner.finished(answered, refused);
		this.#restsUntil = this.#now + REPLY_MS;
		if (this.#settings === this.#own) {
			const { periodMs } = this.#own;
			const after = answered || refused ? periodMs : Math.min(periodMs, RETRY_MS);
			this.#pollAt = this.#startedAt + after;
		} else {
			this.#settings = this.#own;
			this.#question = undefined;
		}
		this.#wake(this.#question ? this.#restsUntil : Math.max(this.#pollAt ?? 0, this.#restsUntil));
	}

	/** After the meter's reaction time. */
	#soon(step: Step): void {
		this.#after((this.#identification ? reactionMs(this.#identification) : 200) + 20, step);
	}

	#say(message: Uint8Array, phase: Phase): void {
		this.#send(message);
		this.#await(phase, message.length);
	}

	#send(bytes: Uint8Array): void {
		this.#actions.push({ do: "send", bytes });
	}

	#setBaud(baud: number): void {
		if (baud === this.#baud) return;
		this.#baud = baud;
		this.#actions.push({ do: "setLine", settings: lineOf(`${baud} 7E1`) });
	}

	/** Waits for an answer to `sent` characters at the present speed. */
	#await(phase: Phase, sent: number): void {
		this.#phase = phase;
		const on = this.#now + (sent * BITS_A_CHARACTER * 1000) / this.#baud;
		this.#latest = on + (phase === Phase.Reading ? LONGEST_READOUT_MS : LONGEST_READOUT_MS / 10);
		this.#wake(on + REPLY_MS + SLACK_MS);
	}

	#after(ms: number, step: Step): void {
		this.#phase = Phase.Pausing;
		this.#step = step;
		this.#wake(this.#now + ms);
	}

	#wake(time: number): void {
		this.#due = Math.ceil(time);
		this.#actions.push({ do: "wakeAt", time: this.#due });
	}
}

/** The offered speed character, or the fastest one within `highest`. */
function atMost(offered: string, highest: number): string {
	let speed = offered;
	while (speed > "0" && baudOf(speed) > highest) speed = String.fromCharCode(speed.charCodeAt(0) - 1);
	return speed;
}
