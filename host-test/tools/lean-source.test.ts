// Functions that terser would move to their only caller (tools/lean-source.mjs). The tool is an ES module of its own, so a
// child process asks it.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-source.mjs")).href;
const ASK = `
import { keptApart } from ${JSON.stringify(TOOL)};
console.log(keptApart(process.argv[1], new Set(["each"])));
`;

test("calls of functions that are to stay apart are marked, others are not", () => {
	const { stdout, stderr } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, "const a = each(other(1), each(2)); this.each(3);"],
		{ cwd: resolve(__dirname, "../.."), encoding: "utf8" },
	);
	expect(stderr).toBe("");
	expect(stdout.trim()).toBe(
		"const a = /*@__NOINLINE__*/each(other(1), /*@__NOINLINE__*/each(2)); this.each(3);",
	);
});
