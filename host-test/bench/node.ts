// The cases on Node: time by tinybench, bytes of the heap that a run uses up. Reads inputs as JSON from the file that it is
// given, prints one JSON line for each case. Started by tools/bench.mjs with --expose-gc.

import "../../host/platform/globals.js";
import { readFileSync } from "node:fs";
import { Bench } from "tinybench";
import { nodeCipher } from "../../host/platform/cipher.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { type BenchInput, type BenchRun, openCase } from "./cases.js";

declare const gc: () => void;

const TIME_MS = 200;
/** Until the compiler has done what it does. */
const WARM_UP_RUNS = 5000;
const ALLOCATION_RUNS = 100;

/** The median of several: compiled code that is made meanwhile adds, a collection takes away. Buffers lie outside. */
function heapBytes(run: BenchRun): number {
	const used: number[] = [];
	for (let attempt = 0; attempt < 9; attempt++) {
		gc();
		const before = process.memoryUsage().heapUsed;
		for (let count = 0; count < ALLOCATION_RUNS; count++) run();
		used.push((process.memoryUsage().heapUsed - before) / ALLOCATION_RUNS);
	}
	used.sort((a, b) => a - b);
	return Math.round(used[used.length >> 1] ?? 0);
}

const inputs = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly BenchInput[];
for (const input of inputs) {
	const run = openCase(input, { checksums: tableChecksums(), cipher: nodeCipher() });
	const bench = new Bench({ time: TIME_MS, warmupTime: 0, warmupIterations: WARM_UP_RUNS });
	bench.add(input.name, () => void run());
	await bench.run();
	const { result } = bench.tasks[0] ?? {};
	if (result?.state !== "completed") throw new Error(`${input.name}: ${JSON.stringify(result)}`);
	const { min, p50 } = result.latency;
	console.log(
		JSON.stringify({
			name: input.name,
			result: run(),
			us: p50 * 1000,
			least: min * 1000,
			bytes: heapBytes(run),
		}),
	);
}
