// A device that is started, crashes and is started again, with one storage and a clock that the test moves.

import "../../host/platform/globals";
import { LONGEST_MESSAGE, NO_CRASHES, readRecord, recordBytes } from "../../app/crash-record";
import { CRASH_FILE, Survival } from "../../app/survival";
import type { AbortHandler, Memory, ResetReason } from "../../hardware/lifecycle";
import { FakeTime } from "../fake-timers";

const MINUTE = 60_000;
const PLENTY: Memory = {
	...{ free: 100_000, lowest: 80_000, largest: 50_000 },
	...{ slots: { used: 1, total: 2 }, chunks: { used: 3, total: 4 } },
};

/** The storage, which outlives the runs. */
class Storage {
	readonly files = new Map<string, Uint8Array>();
	writes = 0;
	broken = false;

	read = (name: string): Uint8Array | undefined => this.files.get(name);

	write = (name: string, bytes: Uint8Array): void => {
		if (this.broken) throw new Error("the storage is full");
		this.writes++;
		this.files.set(name, bytes);
	};
}

/** One run of the device, from a start for `reason` to the restart that it asks for. */
class Run {
	readonly time = new FakeTime();
	readonly log: string[] = [];
	readonly survival: Survival;
	restarted: string | undefined;
	closed = 0;
	memory = PLENTY;
	abort: AbortHandler = () => false;

	constructor(storage: Storage, reason: ResetReason, details?: string, closes = true) {
		this.survival = new Survival({
			lifecycle: {
				resetReason: reason,
				crashDetails: () => details,
				memory: () => this.memory,
				restart: (why) => {
					this.restarted ??= why;
				},
				onAbort: (handler) => {
					this.abort = handler;
				},
			},
			files: storage,
			timers: this.time,
			now: this.time.now,
			version: "1.2.3",
			log: (line, level) => this.log.push(`${level}: ${line}`),
			owner: {
				redact: (text) => text.split("swordfish").join("(secret)"),
				shutDown: (done) => {
					this.closed++;
					if (closes) done();
				},
			},
		});
	}

	/** An exception that nobody catches. */
	fail(...thrown: unknown[]): this {
		const [error] = thrown.length > 0 ? thrown : [new TypeError("x is not a function")];
		expect(this.abort("unhandled exception", error)).toBe(true);
		this.time.advance(120_000);
		return this;
	}

	get health() {
		return this.survival.health();
	}
}

describe("an exception that nobody caught", () => {
	test("closes everything, then restarts; the next run tells of it", () => {
		const storage = new Storage();
		const first = new Run(storage, "power-on");
		first.time.advance(90_000);
		expect(first.abort("unhandled exception", new TypeError("x is not a function"))).toBe(true);
		expect([first.closed, first.restarted]).toEqual([0, undefined]);
		first.time.advance(1);
		expect([first.closed, first.restarted]).toEqual([1, "crash"]);
		expect(first.log.some((line) => line.startsWith("error: crash: unhandled exception: TypeError"))).toBe(
			true,
		);

		const { health, log } = new Run(storage, "crash");
		expect(health).toMatchObject({
			resetReason: "crash",
			crashes: 1,
			mode: "full",
			lastCrash: {
				message: "unhandled exception: TypeError: x is not a function",
				uptime: 90,
				version: "1.2.3",
			},
		});
		expect(log).toContain("warning: last crash: unhandled exception: TypeError: x is not a function");
	});

	test("survives further starts, and a start for another reason does not count again", () => {
		const storage = new Storage();
		new Run(storage, "power-on").fail();
		for (const reason of ["crash", "power-on", "restart"] as const)
			expect(new Run(storage, reason).health.crashes).toBe(1);
	});

	test("is told without secrets and bounded", () => {
		const storage = new Storage();
		const run = new Run(storage, "power-on").fail(new Error(`swordfish ${"x".repeat(100_000)}`));
		expect(run.health.lastCrash?.message.length).toBe(LONGEST_MESSAGE);
		const stored = Buffer.from(storage.files.get(CRASH_FILE) ?? []).toString("utf8");
		expect(stored.length).toBeLessThan(2048);
		expect(stored).toContain("(secret)");
		expect(stored + run.log.join()).not.toContain("swordfish");
	});

	test.each([
		[undefined, "unhandled exception"],
		["only text", "unhandled exception: only text"],
		[
			{
				toString() {
					throw new Error("no words");
				},
			},
			"unhandled exception: an exception without words",
		],
	])("thrown as %p still leaves a record", (thrown, message) => {
		expect(new Run(new Storage(), "power-on").fail(thrown).health.lastCrash?.message).toBe(message);
	});

	test("tells the innermost function of XS's stack", () => {
		const error = new Error("broken");
		error.stack = "Error: broken\n at fault (app/main.ts:12)\n at ()\n";
		const run = new Run(new Storage(), "power-on").fail(error);
		expect(run.health.lastCrash?.where).toBe("fault (app/main.ts:12)");
	});

	test("a second one while closing restarts at once", () => {
		const run = new Run(new Storage(), "power-on", undefined, false).fail();
		expect(run.restarted).toBeUndefined();
		expect(run.abort("unhandled exception", new Error("again"))).toBe(true);
		expect(run.restarted).toBe("crash");
	});

	test("a storage that is full does not keep it from restarting", () => {
		const storage = new Storage();
		storage.broken = true;
		expect(new Run(storage, "power-on").fail().restarted).toBe("crash");
	});
});

describe("an abort of the engine", () => {
	test.each(["memory full", "no more keys", "dead strip"])("%s is recorded and left to the engine", (why) => {
		const storage = new Storage();
		const run = new Run(storage, "power-on");
		expect(run.abort(why, undefined)).toBe(false);
		expect(run.abort(why, undefined)).toBe(false);
		run.time.advance(MINUTE);
		expect([run.closed, run.restarted]).toEqual([0, undefined]);
		expect(new Run(storage, "crash").health).toMatchObject({ crashes: 1, lastCrash: { message: why } });
	});
});

describe("a crash that nobody saw", () => {
	test.each<[ResetReason, string | undefined, RegExp]>([
		["crash", "task main, PC 0x400d1234, abort() was called", /^task main, PC 0x400d1234/],
		["crash", undefined, /without a report/],
		["watchdog", undefined, /did not return in time/],
	])("%s with details %p is counted at the start", (reason, details, message) => {
		const storage = new Storage();
		new Run(storage, "power-on");
		const { health } = new Run(storage, reason, details);
		expect(health).toMatchObject({ crashes: 1, lastCrash: { uptime: null, version: "1.2.3" } });
		expect(health.lastCrash?.message).toMatch(message);
	});

	test.each<ResetReason>(["power-on", "restart", "reset pin", "brown-out", "host", "unknown"])(
		"a start after %s is none",
		(reason) => {
			const storage = new Storage();
			new Run(storage, "power-on");
			expect(new Run(storage, reason, "an old core dump").health).toMatchObject({
				...{ resetReason: reason, crashes: 0, lastCrash: null },
			});
		},
	);
});

describe("crashes in a row", () => {
	/** `count` runs, each crashing after `lasts`. */
	function crashes(storage: Storage, count: number, lasts: number): void {
		for (let run = 0; run < count; run++) {
			const device = new Run(storage, run === 0 ? "power-on" : "crash");
			device.time.advance(lasts);
			device.fail();
		}
	}

	test.each<[number, string]>([
		[2, "full"],
		[3, "safe"],
		[4, "safe"],
		[5, "page only"],
		[50, "page only"],
	])("%i soon after the start: %s", (count, mode) => {
		const storage = new Storage();
		crashes(storage, count, 1000);
		const run = new Run(storage, "crash");
		expect(run.health.mode).toBe(mode);
		expect(run.survival.warnings().map(({ code }) => code)).toEqual(mode === "full" ? [] : ["safe-mode"]);
		expect(run.log.some((line) => line.includes(`${mode} mode after ${count} crashes`))).toBe(
			mode !== "full",
		);
	});

	test("with time between them they are no loop", () => {
		const storage = new Storage();
		crashes(storage, 20, 11 * MINUTE);
		expect(new Run(storage, "crash").health).toMatchObject({ mode: "full", crashes: 20 });
	});

	test("those that the engine did not see count too", () => {
		const storage = new Storage();
		new Run(storage, "power-on");
		for (let count = 0; count < 3; count++) new Run(storage, "watchdog");
		expect(new Run(storage, "watchdog").health.mode).toBe("safe");
	});

	test("a person who restarts or unplugs it begins anew", () => {
		for (const reason of ["power-on", "restart", "reset pin"] as const) {
			const storage = new Storage();
			crashes(storage, 4, 1000);
			expect(new Run(storage, reason).health.mode).toBe("full");
		}
	});

	test("a brown-out in between neither ends the loop nor adds to it", () => {
		const storage = new Storage();
		crashes(storage, 3, 1000);
		expect(new Run(storage, "brown-out").health).toMatchObject({ mode: "safe", crashes: 3 });
	});

	test("safe mode tries everything after half an hour; one more early crash leads back into it", () => {
		const storage = new Storage();
		crashes(storage, 3, 1000);
		const safe = new Run(storage, "crash");
		safe.time.advance(29 * MINUTE);
		expect(safe.restarted).toBeUndefined();
		safe.time.advance(MINUTE);
		expect([safe.closed, safe.restarted === undefined]).toEqual([1, false]);
		expect(safe.restarted).not.toBe("crash");
		const trial = new Run(storage, "restart");
		expect(trial.health.mode).toBe("full");
		trial.fail();
		expect(new Run(storage, "crash").health.mode).toBe("safe");
	});

	test("restarts come slower and slower", () => {
		const storage = new Storage();
		const waits: number[] = [];
		for (let run = 0; run < 8; run++) {
			const device = new Run(storage, run === 0 ? "power-on" : "crash");
			device.abort("unhandled exception", new Error("x"));
			while (device.restarted === undefined) device.time.advance(1000);
			waits.push(device.time.now());
		}
		expect(waits[0]).toBeLessThanOrEqual(1000);
		expect(waits).toEqual([...waits].sort((one, other) => one - other));
		expect(waits.at(-1)).toBeGreaterThanOrEqual(MINUTE);
	});
});

describe("a run without crashes", () => {
	test("writes to the storage twice: at its start and when it has settled", () => {
		const storage = new Storage();
		const run = new Run(storage, "power-on");
		run.time.advance(24 * 60 * MINUTE);
		expect(storage.writes).toBe(2);
		expect(run.restarted).toBeUndefined();
	});

	test("a restart that was asked for closes first, and is no crash", () => {
		const storage = new Storage();
		const run = new Run(storage, "power-on");
		run.survival.restart("settings were changed");
		run.survival.restart("twice");
		run.time.advance(1);
		expect([run.closed, run.restarted]).toEqual([1, "settings were changed"]);
		expect(new Run(storage, "restart").health).toMatchObject({ resetReason: "restart", crashes: 0 });
	});

	test("closed, it has no timer left", () => {
		const run = new Run(new Storage(), "power-on");
		run.survival.close();
		expect(run.time.pending).toBe(0);
	});
});

describe("memory and stalls", () => {
	test("too little memory for a minute restarts in order, and is recorded", () => {
		const storage = new Storage();
		const run = new Run(storage, "power-on");
		run.memory = { ...PLENTY, free: 9000 };
		run.time.advance(50_000);
		run.memory = PLENTY;
		run.time.advance(2000);
		run.memory = { ...PLENTY, free: 9000 };
		run.time.advance(59_000);
		expect(run.restarted).toBeUndefined();
		run.time.advance(3000);
		expect([run.closed, run.restarted]).toEqual([1, "crash"]);
		expect(new Run(storage, "crash").health.lastCrash?.message).toBe(
			"9000 bytes of memory were left for a minute",
		);
	});

	test("a computer's free memory is not its matter", () => {
		const run = new Run(new Storage(), "power-on");
		run.memory = { ...PLENTY, free: 9000, lowest: null };
		run.time.advance(10 * MINUTE);
		expect(run.restarted).toBeUndefined();
	});

	test("the longest stall is told in seconds, less the time to the next look", () => {
		const run = new Run(new Storage(), "power-on");
		run.time.advance(5000);
		expect(run.health.longestStall).toBe(0);
		run.time.stall(2300);
		run.time.advance(5000);
		expect(run.health.longestStall).toBeGreaterThanOrEqual(1.3);
		expect(run.health.longestStall).toBeLessThanOrEqual(2.3);
	});
});

/** Bytes of their own: a small Buffer is a window into a larger one. */
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("the stored record", () => {
	test("comes back as it was", () => {
		const last = { message: "x", where: "y", uptime: 3, version: "1" };
		const record = { ...NO_CRASHES, crashes: 7, early: 2, counted: true, trial: true, version: "1", last };
		expect(readRecord(recordBytes(record))).toEqual(record);
	});

	test.each([
		["nothing", undefined],
		["no bytes", ""],
		["half a record", '{"crashes":3,"ear'],
		["another kind of JSON", "[1,2]"],
		["an endless one", `{"version":"${"x".repeat(5000)}"}`],
	])("%s is as good as none", (_, text) => {
		expect(readRecord(text === undefined ? undefined : utf8(text))).toEqual(NO_CRASHES);
	});

	test("wrong members are taken for none", () => {
		const stored = utf8('{"crashes":-1,"early":"many","settled":1,"last":{"message":5,"uptime":"x"}}');
		expect(readRecord(stored)).toEqual({
			...NO_CRASHES,
			settled: false,
			last: { message: "", where: "", uptime: null, version: "" },
		});
	});
});
