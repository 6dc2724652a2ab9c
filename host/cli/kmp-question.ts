// One KMP question and its answer, as a session: what `get-serial` and `get-type` put to a meter, where a poll would
// read registers first. Repeats as a poll does; echoes and other replies are passed over.

import { METER } from "../../protocols/kmp/commands.js";
import { type Direction, encodeFrame, FROM_METER, KmpFramer, TO_METER } from "../../protocols/kmp/frame.js";
import { KMP_TIMES } from "../../protocols/kmp/session.js";
import type { Action, Rejection, Session } from "../../protocols/protocol.js";
import type { Checksums } from "../../protocols/shared/checksums.js";
import { RequestQueue } from "../../protocols/shared/request-queue.js";
import type { MeterIdentity } from "../../readings/reading.js";

export interface KmpQuestionOptions {
	readonly checksums: Checksums;
	/** Makes the request's content for a destination. */
	readonly request: (destination: number) => Uint8Array;
	/** What the reply says; `undefined` where its length is wrong. */
	readonly understand: (bytes: Uint8Array, length: number) => MeterIdentity | undefined;
}

export class KmpQuestion implements Session {
	readonly #options: KmpQuestionOptions;
	readonly #content: Uint8Array;
	readonly #framer: KmpFramer;
	readonly #queue = new RequestQueue(KMP_TIMES);
	#actions: Action[] = [];
	#begun = false;
	#now = 0;

	constructor(options: KmpQuestionOptions) {
		this.#options = options;
		this.#content = options.request(METER);
		this.#framer = new KmpFramer(options.checksums, {
			frame: (direction, bytes, length, offset) => this.#frame(direction, bytes, length, offset),
			acknowledge: () => {},
			rejected: (rejection) => this.#reject(rejection),
		});
	}

	receive(bytes: Uint8Array, now: number): readonly Action[] {
		this.#now = now;
		this.#framer.push(bytes);
		this.#queue.heard(now, this.#actions);
		return this.#taken();
	}

	tick(now: number): readonly Action[] {
		if (!this.#begun) {
			this.#begun = true;
			const bytes = encodeFrame(TO_METER, this.#content, this.#options.checksums);
			this.#queue.start([{ bytes }], now, this.#actions);
		} else if (this.#queue.tick(now, this.#actions) === "unanswered") {
			const rejection: Rejection = { rejected: true, layer: "kmp", code: "no-answer" };
			this.#actions.push({ do: "rejected", rejection });
		}
		return this.#taken();
	}

	end(): readonly Action[] {
		this.#framer.end();
		return this.#taken();
	}

	#frame(direction: Direction, bytes: Uint8Array, length: number, offset: number): void {
		if (direction !== FROM_METER || bytes[1] !== this.#content[1]) return;
		const meter = this.#options.understand(bytes, length);
		if (meter === undefined) {
			this.#reject({ rejected: true, layer: "kmp", code: "length", offset, actual: length });
			return;
		}
		if (this.#queue.waitingFor < 0) return;
		this.#queue.answered(this.#now, this.#actions);
		const reading = { protocol: "kmp", meter, time: null, quantities: [], devices: [] };
		this.#actions.push({ do: "reading", reading });
	}

	#reject(rejection: Rejection): void {
		this.#actions.push({ do: "rejected", rejection });
		this.#queue.damaged(this.#now, this.#actions);
	}

	#taken(): readonly Action[] {
		const actions = this.#actions;
		this.#actions = [];
		return actions;
	}
}
