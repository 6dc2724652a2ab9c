// Where the independent programs are, and how they are run. Not a test.

import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const PYTHON = join(ROOT, "build/interop/bin/python");
export const NODE_FOLDER = join(ROOT, "build/interop/node");
export const hasSocat = spawnSync("sh", ["-c", "command -v socat"]).status === 0;

/** Its tests run where tools/interop-venv.mjs has been run; elsewhere they say so and are skipped. */
export function describeInterop(name: string, needs: boolean, tests: () => void): void {
	if (existsSync(PYTHON) && needs) describe(name, tests);
	else
		describe(name, () => {
			test.skip("build/interop is absent (node tools/interop-venv.mjs makes it) or socat is not installed", () => {});
		});
}

const LONGEST_MS = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Standard output of a program; its standard error is the failure's text. */
function output(program: string, args: readonly string[]): Promise<string> {
	return new Promise((done, fail) => {
		execFile(program, [...args], { timeout: LONGEST_MS, maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
			if (error) fail(new Error(`${program} ${args.join(" ")}: ${error.message}\n${stderr}`));
			else done(stdout);
		});
	});
}

/** JSON values that a Python driver of this folder prints, one a line. */
export async function python(driver: string, ...args: string[]): Promise<readonly unknown[]> {
	const text = await output(PYTHON, [join(__dirname, driver), ...args]);
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as unknown);
}

/** The JSON that a Node driver of this folder prints, run by this very Node. */
export async function node(driver: string, ...args: string[]): Promise<unknown> {
	return JSON.parse(await output(process.execPath, [join(__dirname, driver), ...args])) as unknown;
}
