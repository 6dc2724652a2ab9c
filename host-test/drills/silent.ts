// The meter falls silent: one that pushes, and one that is asked. It is told in health and to the broker, and is over with the
// next reading; the gateway does not restart and does not repeat itself in the log.

import { multical403 } from "../../host/meters/multical-403.js";
import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House, type HouseOptions, START } from "./house.js";
import { HOUR, MINUTE } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

const SILENCES = [2, 20, 180];
const LONG_ROUNDS = 10;

function silences(what: string, options: HouseOptions, rounds: number, findings: Findings): void {
	const house = new House(options);
	house.advance(20 * MINUTE);
	let count = 0;
	for (let round = 0; round < rounds; round++)
		for (const minutes of SILENCES) {
			count++;
			const before = house.health().readings.count;
			house.meter = undefined;
			house.advance(minutes * MINUTE);
			const { readings, warnings, rejected } = house.health();
			findings.must(readings.count - before <= 1, `${what}: read from a silent meter`);
			const isTold = warnings.some(({ code }) => code === "stopped" || code === "line") || rejected.count > 0;
			findings.must(isTold, `${what}: silent for ${minutes} minutes, and nobody is told`);
			house.meter = options.make();
			house.advance(20 * MINUTE);
			const after = house.health();
			findings.must(
				after.readings.count > readings.count,
				`${what}: not read again after ${minutes} minutes`,
			);
			const left = after.warnings.filter(({ code }) => code !== "setting");
			findings.must(left.length === 0, `${what}: ${JSON.stringify(left)} after its return`);
		}
	const restarts = house.log.filter((line) => line.startsWith("restart")).length;
	findings.must(restarts === 0, `${what}: ${restarts} restarts`);
	findings.must(house.log.length < 20 + 3 * count, `${what}: ${house.log.length} lines in the log`);
	const { readings, rejected } = house.health();
	findings.count(
		`${what}: silent ${count} times in ${(house.time.now() / HOUR).toFixed(1)} h; told each time, read again each time; ${readings.count} read, ${rejected.count} unanswered or cut off, ${house.log.length} lines in the log`,
	);
	house.close();
}

export const silent: Drill = {
	name: "silent",
	what: "the meter is silent for 2, 20 and 180 minutes: one that pushes, one that is asked",
	run(long) {
		const findings = new Findings();
		const rounds = long ? LONG_ROUNDS : 1;
		const pushed = { make: () => new HouseMeter({ start: START }) };
		silences("a HAN meter", pushed, rounds, findings);
		const asked = {
			make: () => multical403({ seed: 1, start: START, solarWatts: 0 }),
			settings: { meter: { protocol: "kmp", port: "house" }, kmp: { period: 60 } },
		};
		silences("a heat meter that is asked", asked, rounds, findings);
		return findings;
	},
};
