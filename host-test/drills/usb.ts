// The serial adapter is pulled and put back, at random moments, in the middle of frames too: the line is opened again within a
// minute, and nothing half is read. The same with a real pty, on Node and on XS: host-test/e2e/pty.test.ts.

import { Random } from "../../host/meters/random.js";
import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House } from "./house.js";
import { HOUR, SECOND } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

const PULLS = 60;
const LONG_PULLS = 500;
const LONGEST_OUT_S = 300;
const LONGEST_IN_S = 120;
/** Attempts come every minute at the latest. */
const MOST_UNTIL_OPEN_S = 61;

export const usb: Drill = {
	name: "usb",
	what: "the serial adapter is pulled and put back at random moments",
	run(long) {
		const findings = new Findings();
		const house = new House({ make: () => new HouseMeter() });
		const random = new Random(20_261_121, 1);
		const pulls = long ? LONG_PULLS : PULLS;
		let slowest = 0;
		house.advance(60 * SECOND);
		for (let pull = 0; pull < pulls; pull++) {
			house.plugged = false;
			house.advance(random.whole(1, LONGEST_OUT_S * 1000));
			findings.must(house.health().meter.line === "waiting", "the line is open without a port");
			house.plugged = true;
			let seconds = 0;
			for (; seconds <= MOST_UNTIL_OPEN_S && house.health().meter.line !== "open"; seconds++)
				house.advance(SECOND);
			slowest = Math.max(slowest, seconds);
			findings.must(seconds <= MOST_UNTIL_OPEN_S, `not open ${seconds} s after the port is back`);
			const before = house.health().readings.count;
			house.advance(random.whole(21_000, LONGEST_IN_S * 1000));
			findings.must(house.health().readings.count > before, "nothing is read after the port is back");
		}
		const { readings, rejected, meter } = house.health();
		const { live, late } = house.broker;
		findings.must(
			live.size + late.size >= readings.count - 1,
			`${readings.count} read, ${live.size + late.size} at the broker`,
		);
		findings.count(
			`adapter pulled ${pulls} times in ${(house.time.now() / HOUR).toFixed(1)} h: open again ${slowest} s later at most, ${meter.opened} openings; ${house.sent} frames sent, ${readings.count} read, ${rejected.count} cut off and rejected`,
		);
		house.close();
		return findings;
	},
};
