// What others may ask the gateway to do (outputs/output.ts, Commands), put together from the parts that do it. One
// question to the meter at a time; each has its answer or its end within a minute.

import type { Commands, Timers } from "../outputs/output.js";
import type { Reading } from "../readings/reading.js";

/** An answer over HTTP must come within a minute. A question may wait for a poll that is under way. */
const LONGEST_QUESTION_MS = 50_000;
const LONGEST_NAME = 32;
export const TOO_LATE = "the meter has not answered in time";

type Done = Parameters<Commands["readRegister"]>[1];

/** Who does it. */
export interface CommandsOwner {
	/** Whether the protocol has questions. */
	readonly canAsk: boolean;
	/** Has the meter asked; why not, or `undefined` where it is under way. */
	ask(what: string): string | undefined;
	restart(reason: string): void;
	/** False where there is no light. */
	identify(): boolean;
}

export class GatewayCommands implements Commands {
	readonly #timers: Timers;
	readonly #owner: CommandsOwner;
	#done: Done | undefined;
	#timeout: unknown;

	constructor(timers: Timers, owner: CommandsOwner) {
		this.#timers = timers;
		this.#owner = owner;
	}

	get canAsk(): boolean {
		return this.#owner.canAsk;
	}

	restart(reason: string): void {
		this.#owner.restart(reason);
	}

	identify(): boolean {
		return this.#owner.identify();
	}

	readNow(): boolean {
		return this.#owner.ask("") === undefined;
	}

	readRegister(name: string, done: Done): void {
		const timers = this.#timers;
		const refuse = (problem: string) => timers.set(() => done(undefined, problem), 0);
		if (this.#done) refuse("another question is under way");
		else if (name === "" || name.length > LONGEST_NAME) refuse("that is no register's name");
		else {
			this.#done = done;
			this.#timeout = timers.set(() => this.answered(undefined, TOO_LATE), LONGEST_QUESTION_MS);
			const problem = this.#owner.ask(name);
			if (problem === undefined) return;
			timers.clear(this.#timeout);
			this.#done = undefined;
			refuse(problem);
		}
	}

	/** What came of the question; harmless where nobody waits for it any more. */
	answered(reading: Reading | undefined, problem?: string): void {
		const done = this.#done;
		this.#done = undefined;
		this.#timers.clear(this.#timeout);
		done?.(reading, problem);
	}
}
