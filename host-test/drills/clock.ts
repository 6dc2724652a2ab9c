// Clocks that jump by a year, forward and back: the gateway's (a time server that lies), the meter's, and both at once. The
// meter is read on; history keeps its hours where they belong and its sum as the meter counted it.

import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House } from "./house.js";
import { allIsRead, HOUR, historyOf, MINUTE } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

const YEAR_MS = 365 * 24 * HOUR;
type Whose = "gateway's" | "meter's" | "both";
/** Minutes; a jump that lasts two hours or more is believed (docs/history.md). */
const LASTING = [10, 90];
const LONG_LASTING = [1, 10, 30, 61, 90, 119];

function jumps(whose: Whose, lasting: readonly number[], findings: Findings): void {
	let years = 0;
	const meter = new HouseMeter({ every: 60, years: () => (whose === "gateway's" ? 0 : years) });
	const house = new House({ make: () => meter });
	house.advance(3 * HOUR);
	let count = 0;
	for (const minutes of lasting)
		for (const direction of [1, -1]) {
			years = direction;
			count++;
			if (whose !== "meter's") house.clock = direction * YEAR_MS;
			house.advance(minutes * MINUTE);
			years = 0;
			house.clock = 0;
			house.advance(75 * MINUTE);
		}
	house.advance(HOUR);
	const what = whose === "both" ? "both clocks" : `the ${whose} clock`;
	allIsRead(house, findings, what);
	findings.must(
		historyOf(house).sum === meter.counted,
		`${what}: ${historyOf(house).sum} of ${meter.counted} Wh before a restart`,
	);
	house.restart();
	house.advance(5 * MINUTE);
	const { rows, from, to, sum, least } = historyOf(house);
	findings.must(sum === meter.counted, `${what}: ${sum} of ${meter.counted} Wh are in history`);
	findings.must(least >= 0, `${what}: an hour of ${least}`);
	findings.must(
		from.startsWith("2026-03-2") && to.startsWith("2026-03-2"),
		`${what}: hours from ${from} to ${to}`,
	);
	findings.count(
		`${what}: ${count} jumps of a year for ${lasting.join(", ")} minutes in ${(house.time.now() / HOUR).toFixed(1)} h; ${house.sent} frames sent, all read; ${rows} hours in history, ${(sum / 1000).toFixed(2)} kWh as the meter counted, none outside of its day`,
	);
	house.close();
}

export const clock: Drill = {
	name: "clock",
	what: "the gateway's clock, the meter's, and both jump by a year forward and back",
	run(long) {
		const findings = new Findings();
		for (const whose of ["gateway's", "meter's", "both"] as const)
			jumps(whose, long ? LONG_LASTING : LASTING, findings);
		return findings;
	},
};
