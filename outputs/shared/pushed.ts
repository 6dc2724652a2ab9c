// What the outputs have in common that push readings to a server by an address: the address is looked at, readings go
// through a batch, no more often than is wanted. An output whose settings cannot work together stays off and says why,
// instead of doing something else than was meant.

import type { Reading } from "../../readings/reading.js";
import { jsonOf, problem } from "../http/answer.js";
import type { Output, OutputContext, OutputHealth } from "../output.js";
import { type Answer, type LaterAnswer, type Route, routeTable } from "../route.js";
import { Batch, type BatchSender, shown } from "./batch.js";
import { HourMark } from "./hour-mark.js";
import { parseUrl, type Target } from "./url.js";

/** Readings come a little early at times. */
const TOLERANCE_MS = 500;

/** What one of them does its own way. */
export interface Push extends BatchSender<Reading> {
	/** Milliseconds between readings that are taken; 0: each. */
	readonly pause: number;
	/** Whether what is sent says itself of when it is; absent: where the reading does. */
	isTimed?(reading: Reading): boolean;
	close?(): void;
}

/** An output that can be tried: the newest reading is sent at once, besides the others; what comes of it is the answer. */
interface TriedOutput extends Output {
	test(reply: (answer: Answer) => void): void;
}

/** `POST /api/v1/outputs/NAME/test`, a constant of the output's module. */
export function testRoutes(name: string): readonly Route<TriedOutput>[] {
	return routeTable<TriedOutput>([{ at: `POST /api/v1/outputs/${name}/test`, answer: testAnswer }]);
}

function testAnswer(output: TriedOutput): LaterAnswer {
	return { begin: (reply) => output.test(reply) };
}

/** The output, opened where `url` is set. `make` may say in words, without the value that is wrong, what does not fit. */
export function openPush(
	context: OutputContext,
	name: string,
	routes: readonly Route<TriedOutput>[],
	make: (context: OutputContext, target: Target) => Push | string,
): TriedOutput | undefined {
	const { url } = context.settings;
	if (!url) return undefined;
	const target = parseUrl(`${url}`);
	const push = typeof target === "string" ? target : make(context, target);
	if (typeof push !== "string") return new PushOutput(context, routes, push);
	context.log(`${name}: off: ${push}`, "warning");
	return {
		reading: () => {},
		routes,
		test: (reply) => reply(untested(push)),
		health: () => ({ state: "off", lastError: push }),
		close: (done) => done(),
	};
}

class PushOutput implements TriedOutput {
	readonly routes: readonly Route<TriedOutput>[];
	readonly #context: OutputContext;
	readonly #push: Push;
	readonly #batch: Batch<Reading>;
	readonly #mark = new HourMark();
	#next = Number.NEGATIVE_INFINITY;

	constructor(context: OutputContext, routes: readonly Route<TriedOutput>[], push: Push) {
		this.routes = routes;
		this.#context = context;
		this.#push = push;
		this.#batch = new Batch(context, push);
	}

	reading(reading: Reading): void {
		const context = this.#context;
		const push = this.#push;
		const now = context.now();
		if (now < this.#next) return;
		this.#next = now + push.pause - TOLERANCE_MS;
		const isFirst = this.#mark.isFirst(reading, context.wallTime(), now);
		this.#batch.add(reading, isFirst, push.isTimed?.(reading) ?? reading.time !== null);
	}

	test(reply: (answer: Answer) => void): void {
		const { latest } = this.#context.store;
		if (!latest) return reply(untested("there is no reading yet"));
		this.#push.deliver([this.#push.parts(latest)], false, {
			ended: (status, fault, text = "") =>
				reply(jsonOf({ status, problem: fault ?? null, text: shown(text) })),
		});
	}

	health(): OutputHealth {
		return this.#batch.health();
	}

	close(done: () => void): void {
		this.#batch.close();
		this.#push.close?.();
		done();
	}
}

function untested(why: string): Answer {
	return problem(409, "Not sent", `${why}.`);
}
