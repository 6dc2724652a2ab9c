// tools/linked-modules.mjs: which of the SDK's modules are bundled with ours. The tool is an ES module of its own, so a child
// process asks it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/linked-modules.mjs")).href;
const ASK = `
import { bundledModules } from ${JSON.stringify(TOOL)};
const { bundled, unused } = bundledModules(new Map(JSON.parse(process.argv[1])));
console.log(JSON.stringify({ bundled: [...bundled.keys()], unused: unused.length }));
`;

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "linked-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The names of the modules that are bundled, and how many are left out. */
function judged(modules: Readonly<Record<string, string>>): { bundled: readonly string[]; unused: number } {
	const files = Object.entries(modules).map(([name, text], index) => {
		const file = join(folder, `${index}.js`);
		writeFileSync(file, text);
		return [name, file];
	});
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify(files)],
		{ cwd: resolve(__dirname, "../.."), encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

test("plain modules are, with variables that change, too", () => {
	const { bundled } = judged({
		serializer: 'import DNS from "dns";\nexport default class { type = DNS.PTR; }',
		dns: "export default { PTR: 12 };",
		dnssd:
			'import Serializer from "serializer";\nlet one;\nexport default class { open() { one ??= new Serializer(); } }',
	});
	expect(bundled).toEqual(["serializer", "dns", "dnssd"]);
});

test("what has functions in C, or fills what lies in flash, stays outside", () => {
	const { bundled } = judged({
		parser: 'export default class { get id() { return native("xs_id").call(this); } }',
		timer: 'class Timer @ "xs_timer_destructor" {}\nexport default Timer;',
		seen: "const seen = new Map();\nexport const add = (name) => seen.set(name, 1);",
		plain: 'import Parser from "parser";\nexport const idOf = (packet) => new Parser(packet).id;',
	});
	expect(bundled).toEqual(["plain"]);
});

test("what a module outside imports stays outside, however far away", () => {
	const { bundled } = judged({
		native: 'import near from "near";\nexport default () => native("xs_f")(near);',
		near: 'export { far as default } from "far";',
		far: "export const far = 1;",
		other: "export const other = 2;",
	});
	expect(bundled).toEqual(["other"]);
});

test("what nothing needs is left out", () => {
	expect(judged({ "dnssd/config": "globalThis.device = {};" })).toEqual({ bundled: [], unused: 1 });
});
