import { Backlog, backlogFiles } from "../../../outputs/shared/backlog.js";
import { utf8 } from "../../../outputs/shared/text.js";
import { FakeClock, FakeFiles, textOf } from "../fakes.js";

const MOST = 65_536;

class Flash extends FakeFiles {
	writes = 0;
	most = 0;
	full = false;

	override write(name: string, bytes: Uint8Array): void {
		if (this.full) throw new Error("the storage is full");
		super.write(name, bytes);
		this.writes++;
		let size = 0;
		for (const content of this.contents.values()) size += content.length;
		this.most = Math.max(this.most, size);
	}
}

class Stand {
	readonly clock = new FakeClock();
	readonly log: string[] = [];
	backlog: Backlog;

	constructor(readonly files = new Flash()) {
		this.backlog = this.open();
	}

	open(): Backlog {
		this.backlog = new Backlog(
			{ files: this.files, timers: this.clock, log: (line) => this.log.push(line) },
			"test",
		);
		return this.backlog;
	}

	add(text: string, hourly = false): void {
		if (this.backlog.wants(hourly)) this.backlog.add(hourly, [utf8(text)]);
	}

	/** Sends `most` lines. */
	drain(most = Number.POSITIVE_INFINITY): string[] {
		const lines: string[] = [];
		while (lines.length < most) {
			const line = this.backlog.peek();
			if (!line) break;
			lines.push(textOf(line));
			this.backlog.remove();
		}
		return lines;
	}
}

const line = (index: number, length = 100) => `${index} `.padEnd(length, "x");
const indexes = (lines: readonly string[]) => lines.map((text) => Number.parseInt(text, 10));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("a short gap", () => {
	test("stays in memory and comes back in order", () => {
		const stand = new Stand();
		for (let index = 0; index < 15; index++) stand.add(line(index));
		expect(indexes(stand.drain())).toEqual(upTo(15));
		expect(stand.files.writes).toBe(0);
		expect(stand.backlog.empty).toBe(true);
		expect(stand.clock.pending).toBe(0);
	});

	test("a line stays the first until it is removed, and is removed once", () => {
		const stand = new Stand();
		for (let index = 0; index < 3; index++) stand.add(line(index));
		expect(textOf(stand.backlog.peek() as Uint8Array)).toBe(line(0));
		expect(textOf(stand.backlog.peek() as Uint8Array)).toBe(line(0));
		stand.backlog.remove();
		stand.backlog.remove();
		expect(indexes(stand.drain())).toEqual([1, 2]);
	});

	test("is written after five minutes", () => {
		const stand = new Stand();
		stand.add(line(0));
		stand.clock.advance(299_999);
		expect(stand.files.writes).toBe(0);
		stand.clock.advance(1);
		expect(stand.files.writes).toBe(1);
		expect(indexes(new Stand(stand.files).drain())).toEqual([0]);
	});
});

describe("a longer gap", () => {
	test("goes to flash two kilobytes at a time, and comes back in order", () => {
		const stand = new Stand();
		for (let index = 0; index < 500; index++) stand.add(line(index));
		expect(stand.files.writes).toBeLessThanOrEqual(27);
		expect(indexes(stand.drain())).toEqual(upTo(500));
		expect(stand.files.contents.size).toBe(0);
	});

	test("what comes while it is sent stands behind it", () => {
		const stand = new Stand();
		const got: number[] = [];
		for (let index = 0; index < 300; index++) {
			stand.add(line(index));
			if (index > 200) got.push(...indexes(stand.drain(2)));
		}
		got.push(...indexes(stand.drain()));
		expect(got).toEqual(upTo(300));
	});

	test("a line that is on its way when the memory is written is removed, and no other", () => {
		const stand = new Stand();
		stand.add(line(0));
		stand.add(line(1));
		stand.backlog.peek();
		stand.clock.advance(300_000);
		stand.backlog.remove();
		expect(indexes(stand.drain())).toEqual([1]);
	});

	test("lines longer than a file, up to 16 KB, are kept", () => {
		const stand = new Stand();
		for (let index = 0; index < 4; index++) stand.add(line(index, 9000));
		stand.add(line(4, 17_000));
		expect(stand.drain()).toEqual([0, 1, 2, 3].map((index) => line(index, 9000)));
		expect(stand.backlog.lost).toBe(1);
	});
});

describe("too much", () => {
	test.each([60, 300, 1200, 3000, 7000])(
		"lines of %i bytes: never more than 64 KB, the hourly ones all kept, in order",
		(length) => {
			const stand = new Stand();
			const every = 360;
			const hours = Math.min(6, Math.floor(50_000 / length));
			for (let index = 0; index < every * hours; index++) {
				stand.add(line(index, length), index % every === 0);
				expect(stand.backlog.bytes).toBeLessThanOrEqual(MOST + 2048);
			}
			// While a file is replaced, old and new are there for a moment; the sum of names is what counts here.
			expect(stand.files.most).toBeLessThanOrEqual(MOST + 8192);
			const got = indexes(stand.drain());
			expect(got.filter((index) => index % every === 0)).toEqual(upTo(hours).map((hour) => hour * every));
			expect([...got].sort((a, b) => a - b)).toEqual(got);
			expect(new Set(got).size).toBe(got.length);
			expect(got.length + stand.backlog.thinned).toBe(every * hours);
		},
	);

	test("what is left lies evenly over the whole time, and few writes were needed", () => {
		const stand = new Stand();
		for (let index = 0; index < 8640; index++) {
			stand.add(line(index, 1200), index % 360 === 0);
			stand.clock.advance(10_000);
		}
		const got = indexes(stand.drain());
		const gaps = got.slice(1).map((index, at) => index - (got[at] as number));
		expect(Math.max(...gaps)).toBeLessThanOrEqual(8640 / 16);
		expect(stand.files.writes).toBeLessThan(600);
	});

	test("where even the hourly ones are too many, they lie evenly over the whole time, too", () => {
		const stand = new Stand();
		for (let index = 0; index < 400; index++) stand.add(line(index, 800), true);
		const got = indexes(stand.drain());
		expect([...got].sort((a, b) => a - b)).toEqual(got);
		expect(got[0]).toBe(0);
		expect(got.length).toBeGreaterThan(20);
		const gaps = [...got.slice(1), 400].map((index, at) => index - (got[at] as number));
		expect(Math.max(...gaps)).toBeLessThanOrEqual(16);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps.slice(0, -1)));
	});

	test("a line that is on its way survives the thinning of its file", () => {
		const stand = new Stand();
		for (let index = 0; index < 300; index++) stand.add(line(index, 300));
		const first = indexes(stand.drain(1))[0] as number;
		const held = Number.parseInt(textOf(stand.backlog.peek() as Uint8Array), 10);
		expect(held).toBeGreaterThan(first);
		for (let index = 300; index < 1500; index++) stand.add(line(index, 300));
		stand.backlog.remove();
		const rest = indexes(stand.drain());
		expect(rest).not.toContain(held);
		expect(Math.min(...rest)).toBeGreaterThan(held);
	});
});

describe("a restart", () => {
	test("in good order: all is there again, and nothing that was sent", () => {
		const stand = new Stand();
		for (let index = 0; index < 100; index++) stand.add(line(index));
		expect(indexes(stand.drain(7))).toEqual(upTo(7));
		stand.backlog.close();
		stand.open();
		expect(indexes(stand.drain())).toEqual(upTo(100).slice(7));
	});

	test("by a power cut at any write: in order, at most the last two kilobytes missing, hourly ones once", () => {
		let cuts = 0;
		for (let cut = 0; cut < 60; cut++) {
			const files = new Flash();
			const stand = new Stand(files);
			const write = files.write.bind(files);
			const remove = files.remove.bind(files);
			let left = cut;
			let dark = false;
			const powered = (work: () => void) => {
				if (left-- <= 0) dark = true;
				if (!dark) work();
			};
			files.write = (name, bytes) => powered(() => write(name, bytes));
			files.remove = (name) => powered(() => remove(name));
			let index = 0;
			for (; index < 400 && !dark; index++) stand.add(line(index, 700), index % 100 === 0);
			if (!dark) continue;
			cuts++;
			files.write = write;
			files.remove = remove;
			stand.open();
			const got = indexes(stand.drain());
			expect([...got].sort((a, b) => a - b)).toEqual(got);
			expect(new Set(got).size).toBe(got.length);
			const hourly = upTo(4)
				.map((hour) => hour * 100)
				.filter((at) => at < index - 3);
			expect(got.filter((at) => at % 100 === 0)).toEqual(expect.arrayContaining(hourly));
		}
		expect(cuts).toBeGreaterThan(40);
	});

	test("a torn or foreign file costs its own lines and no others", () => {
		const stand = new Stand();
		for (let index = 0; index < 100; index++) stand.add(line(index));
		stand.backlog.close();
		const [first, second, third] = backlogFiles("test") as [string, string, string];
		const whole = stand.files.read(first) as Uint8Array;
		for (let length = 0; length < whole.length; length += 37) {
			stand.files.contents.set(first, whole.slice(0, length));
			stand.files.contents.set(second, new Uint8Array(50));
			const again = new Stand(stand.files);
			const got: string[] = [];
			for (let text = again.backlog.peek(); text; text = again.backlog.peek()) {
				got.push(textOf(text));
				again.backlog.remove();
				if (got.length > 5) break;
			}
			for (const text of got) expect(text).toBe(line(Number.parseInt(text, 10)));
			stand.files.contents.set(third, new Uint8Array(3));
		}
	});

	test("storage that is full is told once, and costs nothing else", () => {
		const stand = new Stand();
		stand.files.full = true;
		for (let index = 0; index < 200; index++) stand.add(line(index));
		stand.files.full = false;
		expect(stand.log).toEqual([expect.stringContaining("the storage is full")]);
		const got = indexes(stand.drain());
		expect(got[got.length - 1]).toBe(199);
		expect(stand.backlog.lost).toBeGreaterThan(0);
	});
});
