// The conformance suite as an application of the SDK on Linux: runs every case against the SDK's own classes, one
// after the other, and writes a line for each. Started by run.mjs, which says what surrounds it in a file.

import { timers } from "../../hardware/clock.js";
import { DeviceFiles } from "../../hardware/files.js";
import { CONFORMANCE, type Surroundings } from "../platform/conformance/conformance.js";

/** A case that says nothing for so long has failed. */
const TIMEOUT_MS = 5000;

function surroundings(): Surroundings {
	const bytes = new DeviceFiles().read("surroundings.json") ?? new Uint8Array(0);
	return JSON.parse(String.fromArrayBuffer(bytes.slice().buffer));
}

function run(index: number, world: Surroundings): void {
	const conformance = CONFORMANCE[index];
	if (!conformance) {
		trace("conformance done\n");
		return;
	}
	const next = () => timers.set(() => run(index + 1, world), 0);
	if (conformance.notOnXs || (conformance.serial && !world.ptys)) {
		trace(`skipped ${conformance.name}\n`);
		next();
		return;
	}
	let over = false;
	const finish = (problem?: string) => {
		if (over) return;
		over = true;
		timers.clear(timeout);
		// The SDK's socket traces "write failed" without an end of its line.
		trace(
			problem === undefined ? `\nok ${conformance.name}\n` : `\nnot ok ${conformance.name}: ${problem}\n`,
		);
		next();
	};
	const timeout = timers.set(() => finish("said nothing in time"), TIMEOUT_MS);
	try {
		conformance.run(world, finish);
	} catch (error) {
		finish(`${error}`);
	}
}

run(0, surroundings());
