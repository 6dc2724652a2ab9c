// Queries of a year's history on XS, as an application of the SDK on Linux: how long they take, and how much of the heap. Its working
// folder holds history's files, which tools/bench-history.mjs wrote. The time is the processor's, the shortest of five. Then it is asked once more with
// a collection at each piece and at each look at a file: `held` is the most that was in use then, `peak` the most ever, with the
// garbage of one piece. One JSON line each.

import { DeviceFiles } from "../../hardware/files.js";
import { type Period, periodStart } from "../../readings/history/calendar.js";
import { History } from "../../readings/history/recorder.js";
import { csvRows, exportLines, jsonRows, type Pieces } from "../../readings/history/text.js";
import { crc32 } from "../../settings/crc32.js";
import { zoneOffsets } from "../../settings/posix-time-zone.js";
import { collect, cpuTime, heap } from "./heap-native.js";

const YEAR = 366 * 86_400;
const TIMES = 5;
/** Bytes of a slot on the chip. */
const SLOT = 16;

function size(pieces: Pieces): number {
	let bytes = 0;
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) bytes += piece.length;
	return bytes;
}

const used = () => heap(0) * SLOT + heap(1);
const peak = () => heap(2) * SLOT + heap(3);
let isLooking = false;
let held = 0;
let least = 0;
let most = 0;

function look(): void {
	if (!isLooking) return;
	most = Math.max(most, peak());
	collect();
	const now = used();
	held = Math.max(held, now);
	least = Math.min(least, now);
}

/** Files that are looked at: the newest bytes are in use then. */
class WatchedFiles extends DeviceFiles {
	override readPart(name: string, at: number, count: number): Uint8Array | undefined {
		look();
		const bytes = super.readPart(name, at, count);
		look();
		return bytes;
	}
}

function measure(name: string, make: () => Pieces): void {
	let bytes = 0;
	let milliseconds = Number.POSITIVE_INFINITY;
	for (let time = 0; time < TIMES; time++) {
		const began = cpuTime();
		bytes = size(make());
		milliseconds = Math.min(milliseconds, cpuTime() - began);
	}
	collect();
	least = used();
	held = 0;
	most = 0;
	isLooking = true;
	const pieces = make();
	for (let piece: string | undefined = ""; piece !== undefined; look()) piece = pieces.next();
	isLooking = false;
	trace(JSON.stringify({ name, bytes, milliseconds, held: held - least, peak: most - least }), "\n");
}

const zone = zoneOffsets("CET-1CEST,M3.5.0,M10.5.0/3");
const began = cpuTime();
collect();
const before = used();
const history = new History({
	files: new WatchedFiles(),
	crc32,
	zone,
	log: (line) => trace(line, "\n"),
	bytesOf: (text) => new Uint8Array(ArrayBuffer.fromString(text)),
});
const opened = cpuTime() - began;
collect();
trace(
	JSON.stringify({
		name: "start",
		bytes: 0,
		milliseconds: opened,
		held: used() - before,
		peak: used() - before,
	}),
	"\n",
);
const places = history.channels.map((_, place) => place);
const to = history.latest.time + 1;
const query = (period: Period) => ({ period, from: periodStart(period, to - YEAR, zone), to, places });
measure("year by day, JSON", () => jsonRows(history, query("day"), "Europe/Copenhagen"));
measure("year by day, CSV", () => csvRows(history, query("day")));
measure("year by hour, JSON", () => jsonRows(history, query("hour"), "Europe/Copenhagen"));
measure("year by month, JSON", () => jsonRows(history, query("month"), "Europe/Copenhagen"));
measure("export of all", () => exportLines(history));
trace("history done\n");
