// Questions to a meter, one at a time. Times are worked out by hand from the ones given: a byte takes 10 ms, a reply 100 ms
// to begin, 50 ms of silence end it, none takes more than 1 s; 20 ms between, 300 ms after a fault, two attempts.

import type { Action } from "../../../protocols/protocol.js";
import { RequestQueue } from "../../../protocols/shared/request-queue.js";
import { hex } from "../asking.js";

const TIMES = {
	byteMs: 10,
	replyMs: 100,
	silenceMs: 50,
	longestMs: 1000,
	gapMs: 20,
	pauseMs: 300,
	attempts: 2,
};
const [ONE, TWO] = [{ bytes: hex("01 02") }, { bytes: hex("03") }];
const OPTIONAL = { bytes: hex("04"), optional: true };

/** Runs `step`, and tells its actions in short: `send 0102`, `wake 120`. */
function told(step: (actions: Action[]) => unknown): readonly unknown[] {
	const actions: Action[] = [];
	const result = step(actions);
	const words = actions.map((action) =>
		action.do === "send"
			? `send ${Buffer.from(action.bytes).toString("hex")}`
			: action.do === "wakeAt"
				? `wake ${action.time}`
				: action.do,
	);
	return result === undefined ? words : [...words, result];
}

function started(...requests: (typeof ONE)[]) {
	const queue = new RequestQueue(TIMES);
	const first = told((actions) => queue.start(requests, 0, actions));
	return { queue, first };
}

test("is idle until a poll begins, and time does not matter then", () => {
	const queue = new RequestQueue(TIMES);
	expect([queue.busy, queue.waitingFor]).toEqual([false, -1]);
	expect(told((actions) => queue.tick(1e9, actions))).toEqual(["going"]);
	expect(told((actions) => queue.start([], 0, actions))).toEqual([]);
	expect(queue.busy).toBe(false);
});

test("sends the first, and waits for its bytes to be out and the reply to begin", () => {
	const { queue, first } = started(ONE, TWO);
	expect(first).toEqual(["send 0102", "wake 120"]);
	expect([queue.busy, queue.waitingFor]).toEqual([true, 0]);
	expect(told((actions) => queue.tick(119, actions))).toEqual(["wake 120", "going"]);
});

test("the second follows the first one's answer after the gap; the last answer ends the poll", () => {
	const { queue } = started(ONE, TWO);
	expect(told((actions) => queue.answered(80, actions))).toEqual(["wake 100", false]);
	expect([queue.busy, queue.waitingFor]).toEqual([true, -1]);
	expect(told((actions) => queue.tick(100, actions))).toEqual(["send 03", "wake 210", "going"]);
	expect(queue.waitingFor).toBe(1);
	expect(told((actions) => queue.answered(150, actions))).toEqual([true]);
	expect([queue.busy, queue.waitingFor]).toEqual([false, -1]);
});

test("each byte puts off the end of waiting, never brings it nearer, and not for ever", () => {
	const { queue } = started(ONE);
	expect(told((actions) => queue.heard(60, actions))).toEqual([]);
	expect(told((actions) => queue.heard(90, actions))).toEqual(["wake 140"]);
	expect(told((actions) => queue.heard(1010, actions))).toEqual(["wake 1020"]);
	expect(told((actions) => queue.heard(1015, actions))).toEqual([]);
	expect(told((actions) => queue.tick(1020, actions))).toEqual(["send 0102", "wake 1140", "going"]);
});

test("a question is put twice, then the poll ends unanswered", () => {
	const { queue } = started(ONE, TWO);
	expect(told((actions) => queue.tick(120, actions))).toEqual(["send 0102", "wake 240", "going"]);
	expect(told((actions) => queue.tick(240, actions))).toEqual(["unanswered"]);
	expect(queue.busy).toBe(false);
});

test("an optional question that stays unanswered is passed over; as the last one it ends the poll well", () => {
	const { queue } = started(OPTIONAL, ONE);
	told((actions) => queue.tick(110, actions));
	expect(told((actions) => queue.tick(220, actions))).toEqual(["wake 240", "going"]);
	expect(told((actions) => queue.tick(240, actions))).toEqual(["send 0102", "wake 360", "going"]);
	expect(queue.waitingFor).toBe(1);
	const last = started(OPTIONAL).queue;
	told((actions) => last.tick(110, actions));
	expect(told((actions) => last.tick(220, actions))).toEqual(["done"]);
	expect(last.busy).toBe(false);
});

test("a damaged reply is asked for again after the pause; bytes in the pause do not matter", () => {
	const { queue } = started(ONE);
	expect(told((actions) => queue.damaged(70, actions))).toEqual(["wake 370"]);
	expect(queue.waitingFor).toBe(-1);
	expect(told((actions) => queue.heard(350, actions))).toEqual([]);
	expect(told((actions) => queue.damaged(360, actions))).toEqual([]);
	expect(told((actions) => queue.tick(370, actions))).toEqual(["send 0102", "wake 490", "going"]);
	expect(told((actions) => queue.damaged(400, actions))).toEqual(["wake 700"]);
	expect(told((actions) => queue.tick(700, actions))).toEqual(["unanswered"]);
});

test("attempts are counted for each question alone, and for each poll anew", () => {
	const { queue } = started(ONE, TWO);
	told((actions) => queue.tick(120, actions));
	told((actions) => queue.answered(200, actions));
	told((actions) => queue.tick(220, actions));
	expect(told((actions) => queue.tick(330, actions))).toEqual(["send 03", "wake 440", "going"]);
	expect(told((actions) => queue.tick(440, actions))).toEqual(["unanswered"]);
	expect(told((actions) => queue.start([ONE], 1000, actions))).toEqual(["send 0102", "wake 1120"]);
	expect(told((actions) => queue.tick(1120, actions))[0]).toBe("send 0102");
});
