// kill -9 of a real process that saves settings (issue 5, acceptance 3): what it told to be kept is kept, and whole.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { DeviceFiles } from "../../hardware/files";
import { configuration } from "../../host/platform/configuration";
import "../../host/platform/globals";
import { loadSettings } from "../../settings/store";
import { SECTIONS } from "./example-sections";
import { seeded } from "./memory-files";

const KILLS = 24;
const LONGEST_LIFE_MS = 15;
const PLATFORM = resolve(__dirname, "../../host/platform");

let folder: string;
let program: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "meterling-kill-"));
	program = join(folder, "save-forever.mjs");
	const specifiers = JSON.parse(readFileSync(join(PLATFORM, "specifiers.json"), "utf8"));
	await build({
		entryPoints: [join(__dirname, "save-forever.ts")],
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

/** Starts the program, kills it some time after its first save, and gives the last number that it told. */
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
	const random = seeded(7);
	let last = 0;
	for (let kill = 0; kill < KILLS; kill++) {
		const told = await lifeOf(random() * LONGEST_LIFE_MS);
		const { settings, problems, found, notices } = loadSettings(new DeviceFiles(), SECTIONS);
		expect({ problems, found, notices }).toEqual({ problems: [], found: true, notices: [] });
		const number = Number(settings.network?.name);
		// Saved and killed before it could tell is as good as told.
		expect([told, told + 1]).toContain(number);
		expect(number).toBeGreaterThan(last);
		expect(settings.meter).toMatchObject({ port: `${number}`, note: "x".repeat((number * 37) % 250) });
		last = number;
	}
}, 30_000);
