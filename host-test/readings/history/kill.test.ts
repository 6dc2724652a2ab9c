// kill -9 of a real process that writes history without end: a short form of tools/kill-history.mjs (kills.ts has what is checked).

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const KILLS = 15;

test.each(["hours", "import"])(
	`${KILLS} kills at random moments of writing: %s`,
	(way) => {
		// The tool is an ES module: a child process bundles the program.
		const bundled = spawnSync(
			process.execPath,
			["-e", 'import("./tools/kill-history.mjs").then(({ killProgram }) => killProgram()).then(console.log)'],
			{ cwd: ROOT, encoding: "utf8" },
		);
		const program = bundled.stdout.trim();
		const { stdout, stderr, status } = spawnSync(process.execPath, [program, way, `${KILLS}`], {
			encoding: "utf8",
		});
		expect([stderr, status]).toEqual(["", 0]);
		console.log(stdout.trim());
	},
	60_000,
);
