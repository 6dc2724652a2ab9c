// The linter's rules are on: once a setting had switched all of them off, and `npm run lint` was content with anything.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const folder = mkdtempSync(join(__dirname, "lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CLEAN = "export function isOne(value) {\n\treturn value === 1;\n}\n";

test.each([
	["clean code", CLEAN, ""],
	["equality by conversion", CLEAN.replace("===", "=="), "noDoubleEquals"],
	["a debugger's statement", CLEAN.replace("return", "debugger;\n\treturn"), "noDebugger"],
	["a variable that nobody uses", `const left = 1;\n${CLEAN}`, "noUnusedVariables"],
])("%s", (_name, content, rule) => {
	const file = join(folder, "sample.js");
	writeFileSync(file, content);
	const { status, stderr } = spawnSync(
		resolve(root, "node_modules/.bin/biome"),
		["lint", "--error-on-warnings", file],
		{ cwd: root, encoding: "utf8", timeout: 20_000 },
	);
	expect(stderr).toContain(rule);
	expect(status).toBe(rule === "" ? 0 : 1);
});
