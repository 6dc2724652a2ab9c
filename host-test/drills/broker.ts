// The broker killed, hung and slow, under the whole gateway: the meter is read on, the page answers, and every reading is at
// the broker in the end, live or late. The same with a real broker and real engines: broker-real.test.ts.

import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House } from "./house.js";
import type { BrokerState } from "./house-broker.js";
import { allArrives, allIsRead, HOUR, MINUTE } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

/** How long it is in trouble, minutes; the long form over and over for a day. */
const TROUBLES = [1, 12, 40];
const LONG_ROUNDS = 6;

function trouble(state: BrokerState, rounds: number, findings: Findings): void {
	const house = new House({ make: () => new HouseMeter() });
	house.advance(5 * MINUTE);
	let outages = 0;
	for (let round = 0; round < rounds; round++)
		for (const minutes of TROUBLES) {
			outages++;
			if (state === "killed") house.broker.kill();
			else house.broker.state = state;
			house.advance(minutes * MINUTE);
			// The page must not wait for the broker.
			const { age } = house.health().readings;
			findings.must(
				age !== null && age < 11,
				`${state}: the newest reading is ${age} s old during the outage`,
			);
			house.broker.state = "well";
			house.advance(3 * MINUTE);
			findings.must(
				house.output("mqtt").connected === true,
				`${state}: not connected 3 minutes after its return`,
			);
			house.advance(10 * MINUTE);
		}
	allIsRead(house, findings, state);
	const { read, live, late, thinned, again } = allArrives(house, findings, state);
	const hours = (house.time.now() / HOUR).toFixed(1);
	findings.count(
		`broker ${state}: ${outages} times in ${hours} h; ${house.sent} frames sent, ${read} read; at the broker ${live} live, ${late} late, ${thinned} thinned out, 0 lost; ${again} came twice, ${house.broker.connections} connections`,
	);
	house.close();
}

export const broker: Drill = {
	name: "broker",
	what: "the broker is killed, hangs, or takes 300 bytes a second, for 1, 12 and 40 minutes",
	run(long) {
		const findings = new Findings();
		for (const state of ["killed", "hung", "slow"] as const) trouble(state, long ? LONG_ROUNDS : 1, findings);
		return findings;
	},
};
