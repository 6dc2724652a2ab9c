// Draws the wiring diagrams and the fault tree of docs/hardware.md into docs/images/wiring/.
//
//   node tools/wiring.mjs            writes them
//   node tools/wiring.mjs --check    fails where a file is not what the descriptions give
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { faultTree } from "./wiring/fault-tree.mjs";
import { HEADS } from "./wiring/heads.mjs";
import { PORTS } from "./wiring/ports.mjs";
import { drawing } from "./wiring/symbols.mjs";

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), "../docs/images/wiring");
const check = process.argv.includes("--check");

mkdirSync(FOLDER, { recursive: true });
const stale = [];
for (const [name, description] of Object.entries({ ...PORTS, ...HEADS, "no-data": faultTree() })) {
	const file = join(FOLDER, `${name}.svg`);
	const svg = drawing(description);
	if (existsSync(file) && readFileSync(file, "utf8") === svg) continue;
	if (check) stale.push(`${name}.svg`);
	else writeFileSync(file, svg);
}
if (stale.length > 0) {
	console.error(`wiring: ${stale.join(", ")} not up to date: run node tools/wiring.mjs`);
	process.exitCode = 1;
}
