// kill -9 of a real process that writes history at full speed on real files, again and again: a program of its own (bundled by
// tools/kill-history.mjs), which starts itself as the process to be killed. Two ways of writing:
//
//   hours    six counters, hour after hour, each told once it is kept; their files go round, so the oldest are replaced
//   import   the same export imported without end, and the table of channels with it
//
// After each kill: all that was told to be kept is there, nothing else but the one that was being written, each value true.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeviceFiles } from "../../../hardware/files.js";
import { configuration } from "../../../host/platform/configuration.js";
import "../../../host/platform/globals.js";
import { PERIODS, type Period } from "../../../readings/history/calendar.js";
import { Import } from "../../../readings/history/import.js";
import { LogReader } from "../../../readings/history/reader.js";
import type { History } from "../../../readings/history/recorder.js";
import { Rows } from "../../../readings/history/rows.js";
import { exportLines } from "../../../readings/history/text.js";
import { seeded } from "../../settings/memory-files.js";
import { counter, MemoryFiles, openHistory, reading } from "./storage.js";

const START = Date.UTC(2025, 0, 1) / 1000;
const HOUR = 3600;
const LONGEST_LIFE_MS = 60;
const IMPORTED_HOURS = 1600;
const NAMES: readonly [name: string, unit: string][] = [
	["energy_import", "kWh"],
	["energy_export", "kWh"],
	["energy_import_t1", "kWh"],
	["energy_import_t2", "kWh"],
	["gas_volume", "m³"],
	["water_volume", "m³"],
];

const at = (hour: number, place: number) => (place + 1) * (1_000_000 + hour * 70_000 + (hour % 7) * 11);

function tell(history: History, hour: number): void {
	const time = START + hour * HOUR;
	const told = NAMES.map(([name, unit], place) => counter(name, at(hour, place), unit));
	history.reading(reading(null, told), time, time);
}

const open = () => openHistory(new DeviceFiles(), "UTC0");

function textOf(history: History): string {
	const pieces = exportLines(history);
	let text = "";
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) text += piece;
	return text;
}

function imported(): string {
	const history = openHistory(new MemoryFiles(), "UTC0");
	for (let hour = 0; hour < IMPORTED_HOURS; hour++) tell(history, hour);
	return textOf(history);
}

/** The process that is killed. */
function write(way: string): void {
	const history = open();
	if (way === "hours") {
		const { time } = history.log("hour").last;
		for (let hour = time === 0 ? 0 : (time - START) / HOUR + 1; ; hour++) {
			tell(history, hour);
			writeSync(1, `${hour}\n`);
		}
	}
	const bytes = new TextEncoder().encode(imported());
	for (let round = 0; ; round++) {
		writeSync(1, `${round}\n`);
		const taking = new Import(history);
		for (let from = 0; from < bytes.length; from += 1460) taking.take(bytes.subarray(from, from + 1460));
		if (taking.end().problem !== undefined) throw new Error(taking.end().problem);
	}
}

/** Hours of a log's samples; throws where a value is none that was told. */
function kept(history: History, period: Period): number[] {
	const reader = new LogReader(history.log(period), 0);
	const hours: number[] = [];
	while (reader.next()) {
		const hour = (reader.sample.time - START) / HOUR;
		NAMES.forEach((_, place) => {
			const found = reader.sample.counters[place];
			if (found !== at(hour, place))
				throw new Error(`invented: ${found} in channel ${place} at hour ${hour}`);
		});
		hours.push(hour);
	}
	return hours;
}

function must(holds: boolean, what: string): void {
	if (!holds) throw new Error(what);
}

/** Starts the process and kills it so long after its first line; gives the last whole line that it told. */
function lifeOf(way: string, folder: string, milliseconds: number): Promise<number> {
	return new Promise((done, fail) => {
		const child: ChildProcess = spawn(process.execPath, [process.argv[1] as string, "write", way, folder], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		let told = "";
		child.stdout?.setEncoding("latin1").on("data", (text: string) => {
			if (told === "") setTimeout(() => child.kill("SIGKILL"), milliseconds);
			told = (told + text).slice(-200);
		});
		child.once("error", fail).once("close", (code) => {
			if (code !== null) fail(new Error(`the process ended by itself with ${code}`));
			else done(Number(told.split("\n").at(-2)));
		});
	});
}

/** After a kill while hours were written; `told`: the last that was told. */
function checkHours(told: number): void {
	const history = open();
	for (const period of PERIODS) {
		const hours = kept(history, period);
		const newest = hours.at(-1) ?? -1;
		const due = period === "hour" ? 1 : period === "day" ? 24 : 24 * 28;
		// Kept and killed before it could tell is as good as told.
		must(newest <= told + 1 && newest > told - due * 1.2, `${period}: ${newest} after ${told}`);
		if (period === "hour") {
			must(newest >= told, `hour ${told} was told, ${newest} is the newest`);
			must(
				hours.every((hour, index) => hour === (hours[0] as number) + index),
				"an hour is missing",
			);
			must(hours.length >= Math.min(newest + 1, 62 * 24), `${hours.length} hours only`);
		}
	}
	const { time } = history.log("hour").last;
	const rows = new Rows(history, "day", START, time + 1, [0]);
	let sum = 0;
	let from = 0;
	let to = 0;
	let slack = 0;
	while (rows.next()) {
		from ||= rows.from;
		to = rows.to;
		// The last boundary may be an estimate, where the sample of its day was the one that was lost.
		slack = rows.estimated === 0 ? 0 : 66;
		sum += rows.change[0] as number;
	}
	const truth = at((to - START) / HOUR, 0) - at((from - START) / HOUR, 0);
	must(to === 0 || Math.abs(sum - truth) <= slack, `the days' sum is ${sum}, not ${truth}`);
}

function checkImport(lines: ReadonlySet<string>): number {
	const history = open();
	const found = textOf(history).split("\n");
	const alien = found.find((line) => !lines.has(line));
	must(alien === undefined, `not of the file: ${alien}`);
	for (const period of PERIODS) kept(history, period);
	const hours = kept(history, "hour");
	must(
		hours.every((hour, index) => hour === (hours[0] as number) + index),
		"an hour is missing in the middle",
	);
	return hours.length;
}

async function kill(way: string, kills: number): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-kills-"));
	configuration.stateFolder = folder;
	const random = seeded(Number(process.env.METERLING_SEED ?? 8));
	const lines = new Set(imported().split("\n"));
	let told = -1;
	let torn = 0;
	try {
		for (let count = 1; count <= kills; count++) {
			const last = await lifeOf(way, folder, random() * LONGEST_LIFE_MS);
			try {
				if (way === "hours") {
					must(last > told, `it went back from ${told} to ${last}`);
					checkHours(last);
					told = last;
				} else if (checkImport(lines) < IMPORTED_HOURS) torn++;
			} catch (error) {
				throw new Error(`after kill ${count}: ${(error as Error).message}`);
			}
		}
	} finally {
		if (process.env.METERLING_KEEP === undefined) rmSync(folder, { recursive: true, force: true });
	}
	return way === "hours"
		? `${kills} kills while ${told + 1} hours were written: every hour that was told is there, none was invented`
		: `${kills} kills in imports of ${IMPORTED_HOURS} hours, ${torn} of them in the middle: nothing but samples of the file, none missing between two`;
}

const [what = "", way = "", last = ""] = process.argv.slice(2);
if (what === "write") {
	configuration.stateFolder = last;
	write(way);
} else
	kill(what, Number(way)).then(
		(line) => console.log(line),
		(error: Error) => {
			console.error(`FAILED: ${error.message}`);
			process.exitCode = 1;
		},
	);
