// The queue of what is pushed: how much at a time, what becomes of it while the server fails, and that nothing grows.

import { Batch, type BatchSender, type DeliveryOwner } from "../../../outputs/shared/batch";
import type { Parts } from "../../../outputs/shared/parts";
import { utf8 } from "../../../outputs/shared/text";
import { Bench, textOf } from "../fakes";

interface Delivery {
	readonly items: readonly string[];
	readonly late: boolean;
	readonly end: DeliveryOwner["ended"];
	cancelled: boolean;
}

class Rig {
	readonly bench: Bench;
	readonly deliveries: Delivery[] = [];
	readonly batch: Batch<string>;

	constructor(options: Partial<BatchSender<string>> = {}, bench = new Bench()) {
		this.bench = bench;
		this.batch = new Batch(bench.context([], {}), {
			name: "test",
			most: 1,
			mostLate: 10,
			mostBytes: 1000,
			every: 10_000,
			parts: (text) => (text === "" ? [] : [utf8(text)]),
			deliver: (items, late, owner) => {
				const end: Delivery["end"] = (...result) => owner.ended(...result);
				const delivery: Delivery = { items: items.map(joined), late, end, cancelled: false };
				this.deliveries.push(delivery);
				return {
					cancel: () => {
						delivery.cancelled = true;
					},
				};
			},
			...options,
		});
	}

	add(text: string, timed = true, hourly = false): void {
		this.batch.add(text, hourly, timed);
	}

	get last(): Delivery {
		return this.deliveries[this.deliveries.length - 1] as Delivery;
	}

	get sent(): readonly (readonly string[])[] {
		return this.deliveries.map(({ items }) => items);
	}

	/** The backlog's files, in bytes. */
	get stored(): number {
		return [...this.bench.files.contents.values()].reduce((sum, { length }) => sum + length, 0);
	}
}

function joined(parts: Parts): string {
	return parts.map(textOf).join("");
}

describe("how much goes in one request", () => {
	test("as many items as it may have, and no more", () => {
		const rig = new Rig({ most: 3 });
		for (const text of ["a", "b", "c", "d"]) rig.add(text);
		expect(rig.sent).toEqual([["a", "b", "c"]]);
	});

	test("fewer once the oldest has waited long enough", () => {
		const rig = new Rig({ most: 3 });
		rig.add("a");
		rig.bench.clock.advance(6000);
		rig.add("b");
		rig.bench.clock.advance(3999);
		expect(rig.sent).toEqual([]);
		rig.bench.clock.advance(1);
		expect(rig.sent).toEqual([["a", "b"]]);
	});

	test("as many bytes as it may have; one that is longer goes alone", () => {
		const rig = new Rig({ most: 10, mostBytes: 100 });
		rig.add("x".repeat(60));
		rig.add("y".repeat(60));
		rig.last.end(204);
		rig.add("z".repeat(300));
		rig.last.end(204);
		rig.last.end(204);
		expect(rig.sent.map((items) => items.map((item) => item.length))).toEqual([[60], [60], [300]]);
	});

	test("what is empty is no item", () => {
		const rig = new Rig();
		rig.add("");
		expect(rig.sent).toEqual([]);
	});
});

describe("one request at a time", () => {
	test("the next goes when the first has ended", () => {
		const rig = new Rig();
		rig.add("a");
		rig.add("b");
		expect(rig.sent).toEqual([["a"]]);
		rig.last.end(200);
		expect(rig.sent).toEqual([["a"], ["b"]]);
		expect(rig.batch.health()).toMatchObject({ state: "ok", sent: 1, waiting: 1, dropped: 0 });
	});

	test("what comes meanwhile goes to flash beyond one request, and leaves in order", () => {
		const rig = new Rig();
		for (const text of ["a", "b", "c", "d"]) rig.add(text);
		for (let step = 0; step < 4; step++) rig.last.end(204);
		expect(rig.sent.flat()).toEqual(["a", "b", "c", "d"]);
		expect(rig.batch.health()).toMatchObject({ sent: 4, waiting: 0, lateBytes: 0, dropped: 0 });
	});
});

describe("a server that fails", () => {
	test("is tried again after 1, 2, 4 … 60 s, and gets everything in order, late ones told as such", () => {
		const rig = new Rig();
		rig.add("0");
		const attempts: number[] = [];
		for (let second = 1; second <= 600; second++) {
			if (rig.deliveries.length > attempts.length) {
				attempts.push(rig.bench.clock.now / 1000);
				rig.last.end(0, "no connection");
			}
			rig.bench.clock.advance(1000);
			if (second % 10 === 0) rig.add(`${second}`);
		}
		expect(attempts.slice(0, 8)).toEqual([0, 1, 3, 7, 15, 31, 63, 123]);
		expect(rig.batch.health()).toMatchObject({ state: "failing", lastError: "no connection", dropped: 0 });
		rig.bench.clock.advance(60_000);
		const before = rig.deliveries.length - 1;
		while (rig.deliveries.length > before && rig.batch.health().sent !== 61) rig.last.end(204);
		const delivered = rig.deliveries.slice(before);
		expect(delivered.flatMap(({ items }) => items)).toEqual(
			Array.from({ length: 61 }, (_, index) => `${index * 10}`),
		);
		expect(delivered.map(({ late }) => late)).toEqual([false, true, true, true, true, true, true]);
		expect(rig.batch.health()).toMatchObject({ state: "ok", sent: 61, lateBytes: 0, dropped: 0 });
	});

	test("what says no time of its own is not sent late: the newest waits", () => {
		const rig = new Rig();
		rig.add("a", false);
		rig.last.end(503);
		for (const text of ["b", "c", "d"]) rig.add(text, false);
		rig.bench.clock.advance(1000);
		rig.last.end(204);
		rig.last.end(204);
		expect(rig.sent).toEqual([["a"], ["a"], ["d"]]);
		expect(rig.batch.health()).toMatchObject({ sent: 2, dropped: 2 });
	});

	test.each([400, 413, 422, 500, 501])(
		"a request that it refuses with %i is given up after five tries",
		(status) => {
			const rig = new Rig();
			rig.add("bad");
			rig.add("good");
			for (let attempt = 0; attempt < 5; attempt++) {
				expect(rig.last.items).toEqual(["bad"]);
				rig.last.end(status);
				rig.bench.clock.advance(60_000);
			}
			expect(rig.last.items).toEqual(["good"]);
			rig.last.end(204);
			expect(rig.batch.health()).toMatchObject({ state: "ok", sent: 1, dropped: 1 });
		},
	);

	test.each([0, 301, 401, 403, 404, 408, 429, 502, 503, 504])(
		"nothing is given up because of %i",
		(status) => {
			const rig = new Rig();
			rig.add("a");
			for (let attempt = 0; attempt < 30; attempt++) {
				rig.last.end(status);
				rig.bench.clock.advance(60_000);
			}
			expect(rig.deliveries).toHaveLength(31);
			expect(rig.last.items).toEqual(["a"]);
			expect(rig.batch.health()).toMatchObject({ state: "failing", since: 1800, dropped: 0 });
		},
	);

	test("is told once, with the beginning of its answer on one line", () => {
		const rig = new Rig();
		rig.add("a");
		for (let attempt = 0; attempt < 5; attempt++) {
			rig.last.end(401, undefined, `{"message":\r\n"unauthorized"}${"x".repeat(1000)}`);
			rig.bench.clock.advance(60_000);
		}
		expect(rig.bench.log).toHaveLength(1);
		expect(rig.bench.log[0]).toMatch(/^test: the server answers 401 \(\{"message": "unauthorized"\}x+\)/);
		expect(rig.bench.log[0]?.length).toBeLessThan(220);
	});

	test("that hangs for a day at a reading a second: memory and flash stay bounded, the newest are there", () => {
		const rig = new Rig();
		for (let second = 0; second < 86_400; second++)
			rig.add(`${second}`.padStart(100, "."), true, second % 3600 === 0);
		expect(rig.deliveries).toHaveLength(1);
		const { waiting, lateBytes, thinned, dropped } = rig.batch.health();
		expect(waiting).toBe(1);
		expect(lateBytes).toBeLessThan(70_000);
		expect(rig.stored).toBeLessThanOrEqual(65_536);
		expect(thinned).toBeGreaterThan(80_000);
		expect(dropped).toBe(0);
		const seen: number[] = [];
		while (rig.batch.health().waiting !== 0) {
			seen.push(...rig.last.items.map((text) => Number(text.replaceAll(".", ""))));
			rig.last.end(204);
		}
		expect(seen.filter((second) => second % 3600 === 0)).toEqual(
			Array.from({ length: 24 }, (_, hour) => hour * 3600),
		);
		expect([...seen].sort((one, other) => one - other)).toEqual(seen);
		console.log(`${seen.length} of 86400 items kept, every hourly one, in order`);
	});
});

describe("close", () => {
	test("gives the request up and keeps what can be sent later, line ends too, for the next start", () => {
		const rig = new Rig({ most: 2 });
		for (const text of ["a 1\nb 2\n", "c 3\n", "d 4\n"]) rig.add(text);
		rig.batch.close();
		expect(rig.deliveries.map(({ cancelled }) => cancelled)).toEqual([true]);
		rig.last.end(204);
		expect(rig.bench.clock.pending).toBe(0);
		const next = new Rig({ most: 2 }, rig.bench);
		expect(next.sent).toEqual([["a 1\nb 2\n", "c 3\n", "d 4\n"]]);
		expect(next.last.late).toBe(true);
	});

	test("leaves nothing behind where nothing waits", () => {
		const rig = new Rig();
		rig.add("a");
		rig.last.end(204);
		rig.batch.close();
		expect(rig.bench.files.contents.size).toBe(0);
		expect(rig.bench.clock.pending).toBe(0);
	});
});
