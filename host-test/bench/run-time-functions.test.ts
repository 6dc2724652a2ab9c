// What the running gateway keeps of functions that were made while it ran: on the device each is RAM, where methods and
// functions of modules lie in flash (docs/performance.md, "Memory on the device"). There were 317 once.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

interface Made {
	readonly source: string;
	readonly line: number;
	readonly name: string;
	readonly count: number;
}

/** With every output, an event stream, a P1 meter. Raised only with a reason. */
const MOST = 33;
const SECONDS = 60;

const root = resolve(__dirname, "../..");

test(
	`at most ${MOST} functions made at run time are alive`,
	() => {
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			["tools/run-time-functions.mjs", "--json"],
			{
				...{ cwd: root, encoding: "utf8", timeout: SECONDS * 1000 },
			},
		);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const made: Made[] = JSON.parse(stdout);
		// That it sees some: the one that puts the log before the device's.
		expect(made).toContainEqual(expect.objectContaining({ source: "app/app.ts", name: "log", count: 1 }));
		const total = made.reduce((sum, { count }) => sum + count, 0);
		expect(total > MOST ? made : []).toEqual([]);
	},
	SECONDS * 1000,
);
