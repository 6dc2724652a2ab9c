// The short form of `npm run soak:xs`: the whole gateway on XS, telegrams of 2.5 KB, every output, for four hours of which the
// telegrams around each full hour are sent. What is live must not grow, and stay within bounds. In a fifth hour it must be
// seen to grow: there the soak keeps each telegram. What it leaves out: docs/performance.md, "Memory on the device".

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

interface Live {
	readonly slots: number;
	/** As a 64-bit computer has them. */
	readonly chunks: number;
}

/** An hour: with everybody gone at its end, and the most while they were there. */
interface Part {
	readonly rest: Live;
	readonly most: Live;
}

interface Soaked {
	readonly parts: readonly [settling: Part, second: Part, third: Part, last: Part, leaking: Part];
	/** Of a telegram. */
	readonly bytes: number;
	/** Telegrams, and those whose readings came: to the broker (some of them late, after an outage), to an event stream. */
	readonly sent: number;
	readonly late: number;
	readonly delivered: number;
	readonly events: number;
	/** P1 telegrams at each reader of the bridge, and requests at each push server. */
	readonly telegrams: readonly number[];
	readonly pushed: Readonly<Record<string, number>>;
	readonly polls: number;
	readonly failed: readonly string[];
}

/** What may be more in the last hour than in the second: a number has more digits. A slot for every ten telegrams is seen. */
const PLAY: Live = { slots: 10, chunks: 500 };
const BUSY_PLAY: Live = { slots: 40, chunks: 2000 };
/** Some tenth above what it takes. Clients, network and broker of the soak are in it, files are not. */
const MOST_AT_REST: Live = { slots: 3730, chunks: 65_500 };
const MOST: Live = { slots: 4860, chunks: 147_000 };
const SECONDS = 120;
const NO_ENGINE = 3;

const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/soak-xsnap.mjs"], {
	...{ cwd: resolve(__dirname, "../.."), encoding: "utf8", timeout: SECONDS * 1000 },
});

if (status === NO_ENGINE) test.skip("needs the XS engine: npm rebuild @agoric/xsnap", () => {});
else {
	if (status !== 0) throw new Error(stderr);
	const soaked = JSON.parse(stdout) as Soaked;
	const [, second, , last, leaking] = soaked.parts;

	test("no telegram is lost on any way, and no question goes unanswered", () => {
		const { bytes, sent, late, delivered, events, telegrams, pushed, polls, failed } = soaked;
		console.log(
			`${sent} telegrams of ${bytes} bytes, ${late} late, ${polls} polls: ${JSON.stringify(soaked.parts)}`,
		);
		expect({ bytes, sent }).toEqual({ bytes: 2510, sent: 250 });
		expect({ delivered, events, telegrams }).toEqual({
			delivered: sent,
			events: sent,
			telegrams: [sent, sent],
		});
		expect(pushed).toEqual({ 8000: sent, 8086: sent, 9000: sent });
		expect(late).toBeGreaterThan(0);
		expect(failed).toEqual([]);
		expect(polls).toBeGreaterThan(1000);
	});

	test("with everybody gone, no more is live in the last hour than in the second", () => {
		expect(grown(second.rest, last.rest, PLAY)).toEqual([]);
	});

	test("nor is it at the fullest moment", () => {
		expect(grown(second.most, last.most, BUSY_PLAY)).toEqual([]);
	});

	test("what is live stays within its bounds", () => {
		for (const { rest, most } of soaked.parts.slice(0, -1)) {
			expect(grown(MOST_AT_REST, rest, { slots: 0, chunks: 0 })).toEqual([]);
			expect(grown(MOST, most, { slots: 0, chunks: 0 })).toEqual([]);
		}
	});

	test("a leak of one object for each telegram is seen", () => {
		expect(grown(last.rest, leaking.rest, PLAY)).toEqual(["slots", "chunks"]);
		expect(grown(last.most, leaking.most, BUSY_PLAY)).toEqual(["slots", "chunks"]);
	});
}

/** What is more than it was, by more than `play`. */
function grown(before: Live, after: Live, play: Live): readonly string[] {
	return (["slots", "chunks"] as const).filter((what) => after[what] > before[what] + play[what]);
}
