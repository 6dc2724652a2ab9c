// No name server: what has no address cannot be connected to, but what is connected stays, nothing waits for a name, and once
// names are there again so are broker and time.

import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House } from "./house.js";
import { allArrives, allIsRead, HOUR, MINUTE } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

const OUTAGES = [2, 30];
const LONG_ROUNDS = 20;
/** Time is asked for every four hours. */
const LONG_OUTAGE_H = 9;

export const names: Drill = {
	name: "dns",
	what: "no name is found for 2 minutes, 30 minutes and 9 hours, while the broker is restarted and the clock is due",
	run(long) {
		const findings = new Findings();
		const house = new House({ make: () => new HouseMeter({ every: 60 }) });
		house.advance(5 * MINUTE);
		const outages = [...(long ? Array(LONG_ROUNDS).fill(OUTAGES).flat() : OUTAGES), LONG_OUTAGE_H * 60];
		for (const minutes of outages) {
			house.hasNames = false;
			house.advance(MINUTE);
			findings.must(
				house.output("mqtt").connected === false || house.broker.connections > 0,
				"never connected",
			);
			house.broker.kill();
			house.broker.state = "well";
			house.advance((minutes - 1) * MINUTE);
			findings.must(house.output("mqtt").connected === false, "connected to a name that is not found");
			findings.must(
				`${house.output("mqtt").lastError}`.includes("no such name"),
				`the reason is told as ${house.output("mqtt").lastError}`,
			);
			house.hasNames = true;
			house.advance(2 * MINUTE);
			findings.must(
				house.output("mqtt").connected === true,
				`not connected 2 minutes after names are back from ${minutes}`,
			);
			house.advance(70 * MINUTE);
		}
		const { time } = house.health().network as { time: { source: string | null; age?: number } };
		findings.must(
			time.source === "pool.ntp.org" && Number(time.age) < 4.1 * 3600,
			`time is ${time.age} s old`,
		);
		allIsRead(house, findings, "dns");
		const { read, live, late, thinned } = allArrives(house, findings, "dns");
		findings.count(
			`names gone ${outages.length} times in ${(house.time.now() / HOUR).toFixed(1)} h, ${house.asked.length} asked for: connected within 2 minutes each time; ${house.sent} frames sent, ${read} read; at the broker ${live} live, ${late} late, ${thinned} thinned out, 0 lost`,
		);
		house.close();
		return findings;
	},
};
