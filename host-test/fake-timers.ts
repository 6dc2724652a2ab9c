// A clock that moves only when a test says so, with the timers that the app and its outputs are given.

import type { Timers } from "../outputs/output";

interface Entry {
	at: number;
	readonly every: number | undefined;
	readonly callback: () => void;
}

export class FakeTime implements Timers {
	#now = 0;
	readonly #entries = new Set<Entry>();

	now = (): number => this.#now;

	set(callback: () => void, milliseconds: number): unknown {
		return this.#add(callback, milliseconds, undefined);
	}

	repeat(callback: () => void, milliseconds: number): unknown {
		return this.#add(callback, milliseconds, milliseconds);
	}

	clear(handle: unknown): void {
		this.#entries.delete(handle as Entry);
	}

	/** Timers that still wait. */
	get pending(): number {
		return this.#entries.size;
	}

	/** Lets `milliseconds` pass, firing what falls due in order. */
	advance(milliseconds: number): void {
		const until = this.#now + milliseconds;
		for (;;) {
			let due: Entry | undefined;
			for (const entry of this.#entries) if (entry.at <= until && (!due || entry.at < due.at)) due = entry;
			if (!due) break;
			this.#now = Math.max(this.#now, due.at);
			if (due.every === undefined) this.#entries.delete(due);
			else due.at += due.every;
			due.callback();
		}
		this.#now = until;
	}

	/** Lets `milliseconds` pass in which nothing runs: a callback that takes so long. */
	stall(milliseconds: number): void {
		this.#now += milliseconds;
	}

	#add(callback: () => void, milliseconds: number, every: number | undefined): Entry {
		const entry = { at: this.#now + milliseconds, every, callback };
		this.#entries.add(entry);
		return entry;
	}
}
