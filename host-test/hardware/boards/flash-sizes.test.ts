// How tools/esp32-sizes.mjs counts the linker's C source. The tool is an ES module of its own, so a child process asks it.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../../tools/esp32-sizes.mjs")).href;
const ASK = `
import { archiveSize } from ${JSON.stringify(TOOL)};
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(archiveSize)));
`;

function sizes(...sources: readonly string[]): readonly number[] {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify(sources)],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

describe("flash of the linked archive", () => {
	test("a slot has 16 bytes, a pointer 4, code its declared length", () => {
		expect(
			sizes(
				"#define mxHeapCount 10\n#define mxStackCount 2\n",
				"#define mxKeysCount 3\n#define mxRegExpCount 5\n",
				"static const txU1 gxCode7[429] = {\n",
			),
		).toEqual([192, 32, 429]);
	});

	test("strings count their bytes and an end, escapes as one, twins once", () => {
		expect(sizes('"abc"', '"\\x0f\\x00\\n"', '"same" "same"', '"say \\"hi\\""')).toEqual([4, 4, 5, 9]);
	});
});
