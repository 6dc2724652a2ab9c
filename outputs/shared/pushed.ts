// What the outputs have in common that push readings to a server by an address: the address is looked at, readings go
// through a batch, no more often than is wanted. An output whose settings cannot work together stays off and says why,
// instead of doing something else than was meant.

import type { Reading } from "../../readings/reading.js";
import { jsonOf, problem } from "../http/answer.js";
import type { Output, OutputContext } from "../output.js";
import { type Answer, type LaterAnswer, type Route, routeTable } from "../route.js";
import { Batch, type BatchOptions, shown } from "./batch.js";
import { HourMark } from "./hour-mark.js";
import type { Parts } from "./parts.js";
import { parseUrl, type Target } from "./url.js";

/** Readings come a little early at times. */
const TOLERANCE_MS = 500;

export interface Push extends Omit<BatchOptions, "name"> {
	/** Milliseconds between readings that are taken; 0: each. */
	readonly pause: number;
	/** Makes what is sent of a reading (see `Batch.add`); `undefined`: nothing now. */
	item(reading: Reading): (() => Parts) | undefined;
	/** Whether what is sent says itself of when it is. */
	isTimed(reading: Reading): boolean;
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
	make: (target: Target) => Push | string,
): TriedOutput | undefined {
	const { url } = context.settings;
	if (!url) return undefined;
	const target = parseUrl(`${url}`);
	const push = typeof target === "string" ? target : make(target);
	if (typeof push === "string") {
		context.log(`${name}: off: ${push}`, "warning");
		return {
			reading: () => {},
			routes,
			test: (reply) => reply(untested(push)),
			health: () => ({ state: "off", lastError: push }),
			close: (done) => done(),
		};
	}
	const batch = new Batch(context, { ...push, name });
	const mark = new HourMark();
	let next = Number.NEGATIVE_INFINITY;
	return {
		reading(reading) {
			const now = context.now();
			if (now < next) return;
			const item = push.item(reading);
			if (!item) return;
			next = now + push.pause - TOLERANCE_MS;
			batch.add(mark.isFirst(reading, context.wallTime(), now), push.isTimed(reading), item);
		},
		routes,
		test: (reply) => tested(context, push, reply),
		health: () => batch.health(),
		close(done) {
			batch.close();
			push.close?.();
			done();
		},
	};
}

function tested({ store }: OutputContext, push: Push, reply: (answer: Answer) => void): void {
	const make = store.latest && push.item(store.latest);
	if (make)
		push.deliver([make()], false, (status, fault, text = "") =>
			reply(jsonOf({ status, problem: fault ?? null, text: shown(text) })),
		);
	else reply(untested("there is no reading yet"));
}

function untested(why: string): Answer {
	return problem(409, "Not sent", `${why}.`);
}
