// The meter is exchanged for another one whose counters are lower or higher, or begins to count anew: no consumption is
// invented, none is negative, and what both counted is in history.

import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House, START } from "./house.js";
import { allIsRead, HOUR, historyOf, MINUTE, SECOND } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

const LONG_EXCHANGES = 20;

/** Seeds of households by what their counters say, the highest first. */
const SEEDS = [4, 3, 2, 1];

interface Way {
	readonly what: string;
	/** The meter's number; the seed of its household, from which its counters come. */
	readonly id: (index: number) => string;
	readonly seed: (index: number) => number;
}

function exchanges({ what, id, seed }: Way, count: number, findings: Findings): void {
	const meters: HouseMeter[] = [];
	const next = (): HouseMeter => {
		const index = meters.length;
		const start = START + (house?.time.now() ?? 0);
		const meter = new HouseMeter({ every: 60, start, seed: seed(index), id: id(index) });
		meters.push(meter);
		return meter;
	};
	let house: House | undefined;
	house = new House({ make: next });
	// Half a minute past: not in the middle of a list.
	house.advance(2 * HOUR + 30 * MINUTE + 30 * SECOND);
	for (let index = 0; index < count; index++) {
		house.meter = undefined;
		house.advance(10 * MINUTE);
		house.meter = next();
		house.advance(2 * HOUR + 10 * MINUTE);
	}
	allIsRead(house, findings, what);
	const counted = () => meters.reduce((sum, meter) => sum + meter.counted, 0);
	const told = historyOf(house).sum;
	findings.must(told === counted(), `${what}: ${told} of ${counted()} Wh are in history`);
	house.restart();
	house.advance(5 * MINUTE);
	const { sum, least, rows } = historyOf(house);
	findings.must(sum === counted(), `${what}: ${sum} of ${counted()} Wh are in history after a restart`);
	findings.must(least >= 0, `${what}: an hour of ${least} Wh`);
	const starts = meters.map(({ first = 0 }) => (first / 1000).toFixed(0));
	findings.count(
		`${what}: ${count} exchanges in ${(house.time.now() / HOUR).toFixed(1)} h; ${house.sent} frames sent, all read; counters began at ${starts.slice(0, 4).join(", ")} kWh; ${rows} hours in history, ${(sum / 1000).toFixed(2)} kWh as the meters counted between their hourly lists`,
	);
	house.close();
}

export const exchange: Drill = {
	name: "exchange",
	what: "the meter is exchanged for one with other counters, with a number of its own or the same one",
	run(long) {
		const findings = new Findings();
		const numbers = (index: number) => `57065670000000${10 + (index % 90)}`;
		const up = {
			what: "another number, higher",
			id: numbers,
			seed: (index: number) => SEEDS[3 - (index % 4)] ?? 1,
		};
		const count = long ? LONG_EXCHANGES : 2;
		exchanges(up, count, findings);
		exchanges(
			{ ...up, what: "another number, lower", seed: (index) => SEEDS[index % 4] ?? 1 },
			count,
			findings,
		);
		// A higher counter under the same number cannot be told from consumption.
		const same = {
			what: "the same number, lower",
			id: () => numbers(0),
			seed: (index: number) => SEEDS[index] ?? 1,
		};
		exchanges(same, SEEDS.length - 1, findings);
		return findings;
	},
};
