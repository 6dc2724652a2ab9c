// The program that kill.test.ts kills: hour after hour of history on the host's real storage, each told as a number on a
// line once it is kept.

import { writeSync } from "node:fs";
import { DeviceFiles } from "../../../hardware/files.js";
import { configuration } from "../../../host/platform/configuration.js";
import "../../../host/platform/globals.js";
import { counter, openHistory, reading } from "./storage.js";

configuration.stateFolder = process.argv[2];
const history = openHistory(new DeviceFiles(), "UTC0");
const start = Date.UTC(2025, 0, 1) / 1000;
const { time } = history.log("hour").last;
for (let hour = time === 0 ? 0 : Math.floor((time - start) / 3600) + 1; ; hour++) {
	const now = start + hour * 3600;
	history.reading(reading(null, [counter("energy_import", hour * 1000)]), now, now);
	writeSync(1, `${hour}\n`);
}
