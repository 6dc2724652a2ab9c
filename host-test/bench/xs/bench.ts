// The cases on the SDK's engine for Linux: time of this process on a processor, the shortest of several batches, each long
// enough to collect garbage on its way; slots and chunk bytes of one run after a collection. One JSON line for each case.

import { NativeChecksums } from "../../../hardware/checksums.js";
import { nativeCipher } from "../../../hardware/cipher.js";
import { collect, cpuTime, heap } from "../../xs-history/heap-native.js";
import { type BenchInput, type BenchRun, openCase } from "../cases.js";

const BATCHES = 60;
const BATCH_MS = 20;
/** More than the largest case uses up, so that no collection comes between. */
const ROOM_SLOTS = 60_000;
const ROOM_BYTES = 2 * 1024 * 1024;

/** Microseconds of a run. */
function timeOf(run: BenchRun): number {
	let count = 1;
	while (batch(run, count) < BATCH_MS) count *= 2;
	let shortest = Number.POSITIVE_INFINITY;
	for (let index = 0; index < BATCHES; index++) shortest = Math.min(shortest, batch(run, count));
	return (shortest * 1000) / count;
}

/** Milliseconds of so many runs. */
function batch(run: BenchRun, count: number): number {
	const began = cpuTime();
	for (let index = 0; index < count; index++) run();
	return cpuTime() - began;
}

/** Makes the heaps so large that they need no collection for long. */
function makeRoom(): void {
	const list: object[] = [];
	for (let index = 0; index < ROOM_SLOTS / 2; index++) list.push({ index });
	list.push(new ArrayBuffer(ROOM_BYTES));
}

export function measureAll(inputs: readonly BenchInput[]): void {
	makeRoom();
	for (const input of inputs) measure(input);
	trace("bench done\n");
}

function measure(input: BenchInput): void {
	const run = openCase(input, { checksums: new NativeChecksums(), cipher: nativeCipher });
	const us = timeOf(run);
	collect();
	const slots = heap(0);
	const chunks = heap(1);
	const result = run();
	const used = { slots: heap(0) - slots, chunks: heap(1) - chunks };
	trace(JSON.stringify({ name: input.name, result, us, ...used }), "\n");
}
