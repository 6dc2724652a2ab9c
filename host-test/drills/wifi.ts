// The house's Wi-Fi lost and back: the meter is read on, the network is joined again, the access point opens when it stays away
// and closes afterwards, and the readings of the time without it come late to the broker.

import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House } from "./house.js";
import { allArrives, allIsRead, HOUR, MINUTE, SECOND } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

/** Minutes without it. */
const OUTAGES = [0.2, 2, 10, 45];
const LONG_ROUNDS = 12;
/** The access point opens when it has been gone for so long (app/network-link.ts). */
const ACCESS_POINT_AFTER = 5;
const MOST_REJOIN_S = 75;

export const wifi: Drill = {
	name: "wifi",
	what: "Wi-Fi lost for 12 seconds to 45 minutes, and back",
	run(long) {
		const findings = new Findings();
		const house = new House({ make: () => new HouseMeter() });
		house.advance(5 * MINUTE);
		let outages = 0;
		let slowest = 0;
		for (let round = 0; round < (long ? LONG_ROUNDS : 1); round++)
			for (const minutes of OUTAGES) {
				outages++;
				house.wifi = false;
				house.advance(minutes * MINUTE);
				findings.must(
					house.health().network.state !== "online",
					`online without Wi-Fi for ${minutes} minutes`,
				);
				const isOpen = house.radio.accessPointOptions !== undefined;
				findings.must(
					isOpen === minutes > ACCESS_POINT_AFTER,
					`after ${minutes} minutes the access point is ${isOpen ? "open" : "closed"}`,
				);
				house.wifi = true;
				let seconds = 0;
				for (; seconds <= MOST_REJOIN_S && house.health().network.state !== "online"; seconds++)
					house.advance(SECOND);
				slowest = Math.max(slowest, seconds);
				findings.must(seconds <= MOST_REJOIN_S, `not online ${MOST_REJOIN_S} s after the network's return`);
				house.advance(12 * MINUTE);
				findings.must(house.radio.accessPointOptions === undefined, "the access point stays open");
			}
		allIsRead(house, findings, "wifi");
		const { read, live, late, thinned } = allArrives(house, findings, "wifi");
		findings.count(
			`Wi-Fi lost ${outages} times in ${(house.time.now() / HOUR).toFixed(1)} h: joined again after ${slowest} s at most; ${house.sent} frames sent, ${read} read; at the broker ${live} live, ${late} late, ${thinned} thinned out, 0 lost`,
		);
		house.close();
		return findings;
	},
};
