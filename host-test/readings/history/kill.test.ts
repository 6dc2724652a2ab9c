// kill -9 of a real process that writes history without end: what it told to be kept is kept, hour for hour.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { DeviceFiles } from "../../../hardware/files";
import { configuration } from "../../../host/platform/configuration";
import "../../../host/platform/globals";
import { LogReader } from "../../../readings/history/reader";
import { seeded } from "../../settings/memory-files";
import { openHistory } from "./storage";

const KILLS = 12;
const LONGEST_LIFE_MS = 40;
const PLATFORM = resolve(__dirname, "../../../host/platform");

let folder: string;
let program: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "meterling-history-"));
	program = join(folder, "record-forever.mjs");
	const specifiers = JSON.parse(readFileSync(join(PLATFORM, "specifiers.json"), "utf8"));
	await build({
		entryPoints: [join(__dirname, "record-forever.ts")],
		outfile: program,
		bundle: true,
		platform: "node",
		format: "esm",
		alias: Object.fromEntries(
			Object.entries(specifiers).map(([name, file]) => [name, join(PLATFORM, `${file}`)]),
		),
	});
	configuration.stateFolder = join(folder, "state");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program, kills it some time after its first hour, and gives the last hour that it told. */
function lifeOf(milliseconds: number): Promise<number> {
	return new Promise((done, fail) => {
		const child = spawn(process.execPath, [program, join(folder, "state")], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		let told = "";
		child.stdout.setEncoding("latin1").on("data", (text: string) => {
			if (told === "") setTimeout(() => child.kill("SIGKILL"), milliseconds);
			told += text;
		});
		child.once("error", fail).once("close", () => done(Number(told.split("\n").at(-2))));
	});
}

test(`${KILLS} kills at random moments`, async () => {
	const random = seeded(8);
	const start = Date.UTC(2025, 0, 1) / 1000;
	let last = -1;
	for (let kill = 0; kill < KILLS; kill++) {
		const told = await lifeOf(random() * LONGEST_LIFE_MS);
		const log = openHistory(new DeviceFiles(), "UTC0").log("hour");
		const reader = new LogReader(log, 0);
		const hours: number[] = [];
		while (reader.next()) {
			const hour = (reader.sample.time - start) / 3600;
			expect(reader.sample.counters[0]).toBe(hour * 1000);
			hours.push(hour);
		}
		const first = hours[0] ?? 0;
		expect(hours).toEqual(hours.map((_, index) => first + index));
		// Kept and killed before it could tell is as good as told.
		expect([told, told + 1]).toContain(hours.at(-1));
		expect(told).toBeGreaterThan(last);
		last = told;
	}
}, 30_000);
