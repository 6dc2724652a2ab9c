// The storage is full, from the start or for a day and a half: the meter is read, the broker is told, the log is not flooded, and
// once there is room history has all that was counted.

import type { Drill } from "./drill.js";
import { Findings } from "./drill.js";
import { House } from "./house.js";
import { allIsRead, HOUR, historyOf, MINUTE } from "./house-checks.js";
import { HouseMeter } from "./house-meter.js";

export const full: Drill = {
	name: "storage-full",
	what: "the storage takes no byte for hours, also while the broker is away and over a restart",
	run(long) {
		const findings = new Findings();
		const meter = new HouseMeter({ every: 60 });
		const house = new House({ make: () => meter });
		house.advance(3 * HOUR);
		for (let round = 0; round < (long ? 4 : 1); round++) {
			house.files.full = true;
			house.advance(30 * MINUTE);
			house.broker.kill();
			house.advance(90 * MINUTE);
			house.broker.state = "well";
			house.advance((long ? 36 : 6) * HOUR);
			house.restart();
			house.advance(2 * HOUR);
			findings.must(house.output("mqtt").connected === true, "not connected while the storage is full");
			const { age } = house.health().readings;
			findings.must(age !== null && age < 61, `the newest reading is ${age} s old`);
			house.files.full = false;
			house.advance(3 * HOUR);
		}
		const lines = house.log.filter((line) => /full/.test(line)).length;
		const days = house.time.now() / (24 * HOUR);
		findings.must(lines <= 10 + 20 * days, `${lines} lines about it in ${days.toFixed(1)} days`);
		allIsRead(house, findings, "storage full", house.sent - house.health().readings.count);
		house.restart();
		house.advance(5 * MINUTE);
		const { sum, rows, least } = historyOf(house);
		findings.must(sum === meter.counted, `${sum} of ${meter.counted} Wh are in history`);
		findings.must(least >= 0, `an hour of ${least}`);
		findings.count(
			`storage full: ${house.files.refused} writes refused in ${days.toFixed(1)} days, ${lines} lines about it in the log; ${house.sent} frames sent; ${rows} hours in history, ${(sum / 1000).toFixed(2)} kWh as the meter counted`,
		);
		house.close();
		return findings;
	},
};
