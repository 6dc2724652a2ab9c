// The cases of host-test/bench on the XS engine of @agoric/xsnap, which needs no SDK. Besides the time it counts what the
// engine computed (its own metering: the same on every computer) and allocated.
//
// Slots in use are told by the engine. Bytes of chunks are not; but a collection shows in the slots, and comes when the room
// for chunks is used up: that room is made small, and a number of runs that fills it is compared with chunks of known size.
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { ROOT } from "./xs-sdk.mjs";
import { startXsnap, xsnapWorker } from "./xsnap-engine.mjs";

/** Room for chunks that xsnap-worker begins with, and what is left of it to be filled by runs. */
const ROOM = 32 * 1024 * 1024;
const LEFT = 512 * 1024;
/** Chunks of known size: a buffer, and what XS puts in front of each chunk on a 64-bit computer, aligned. */
const WASTE = 1008;
const WASTE_CHUNK = 1024;
const BATCH_MS = 10;
const BATCHES = 7;
const MOST_RUNS = 4000;

/** The engine with the cases loaded; `undefined` where the package is not built. */
export async function openXsnap() {
	const worker = xsnapWorker();
	if (!worker) return undefined;
	const { outputFiles } = await build({
		absWorkingDir: ROOT,
		entryPoints: ["host-test/bench/xsnap.ts"],
		...{ bundle: true, write: false, format: "iife", target: "es2022", logLevel: "warning" },
	});
	const engine = startXsnap(worker);
	await engine.evaluate(outputFiles[0].text);
	const command = async (what) => {
		const { reply, meter } = await engine.command(Buffer.from(JSON.stringify(what)));
		return { result: Number(reply.toString()), ...meter };
	};
	let wasted;
	return { close: engine.close, counted, timed, chunks };

	/** What one run computes, and its slots; and what it returns. */
	async function counted(input) {
		await command({ open: input });
		await command({ run: 3 });
		await command({ collect: true, fill: 0 });
		const none = await command({ run: 0 });
		const before = await command({ run: 0 });
		const after = await command({ run: 1 });
		return {
			result: after.result,
			compute: after.compute - none.compute,
			slots:
				after.currentHeapCount - before.currentHeapCount - (before.currentHeapCount - none.currentHeapCount),
		};
	}

	/** Milliseconds that the engine has had a processor: other programs do not count (Linux). */
	function processorTime() {
		return Number(readFileSync(`/proc/${engine.pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
	}

	/** Microseconds of a run of the case that was counted last: the shortest of several batches. */
	async function timed() {
		let count = 1;
		let shortest = Number.POSITIVE_INFINITY;
		for (let batch = 0; batch < BATCHES; ) {
			const began = processorTime();
			await command({ run: count });
			const milliseconds = processorTime() - began;
			if (milliseconds < BATCH_MS) count *= 2;
			else {
				shortest = Math.min(shortest, milliseconds / count);
				batch++;
			}
		}
		return shortest * 1000;
	}

	/** Bytes of chunks that a run of that case uses up, within some percent. */
	async function chunks() {
		wasted ??= await untilCollected({ waste: WASTE, count: 1 });
		return Math.round((wasted * WASTE_CHUNK) / (await untilCollected({ run: 1 })));
	}

	/** How many of these it takes until the room is used up. */
	async function untilCollected(what) {
		await command({ collect: true, fill: ROOM - LEFT });
		let before = 0;
		for (let runs = 0; runs < MOST_RUNS; runs++) {
			const { currentHeapCount } = await command(what);
			if (currentHeapCount < before) return runs;
			before = currentHeapCount;
		}
		return Number.POSITIVE_INFINITY;
	}
}
