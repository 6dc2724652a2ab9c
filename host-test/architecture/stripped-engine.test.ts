// What manifest.json's "strip" leaves out of the engine, nothing on the device path may use: XS would end the firmware there.
// The compiler checks it, with its own libraries less what is stripped. Regular expressions are looked for besides, as they
// need no name: one alone would bring 32 KB of the engine back.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseSync } from "@swc/core";
import { ROOT, sourceFiles } from "./imports";

const DEVICE_PATH = [
	...["access", "app", "detection", "firmware", "hardware", "outputs", "protocols", "readings", "settings"],
];
const MANIFEST = readFileSync(join(ROOT, "manifest.json"), "utf8");
/** What the project has a shorter one for is there. */
const REPLACED = [
	...readFileSync(join(ROOT, "hardware/text/letter-case.js"), "utf8").matchAll(/^(\S+) = native/gm),
].map(([, entry]) => entry ?? "");
const STRIPPED = (JSON.parse(MANIFEST).strip as readonly string[]).filter(
	(entry) => !REPLACED.includes(entry),
);
/** What plays the device's hardware on XS for Linux runs on the same engine. */
const SIMULATED = [...MANIFEST.matchAll(/"\.\/(host\/[^"]+)"/g)]
	.map(([, path]) => `${path}.ts`)
	.filter((path) => existsSync(join(ROOT, path)));
const TYPED_ARRAYS = ["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"].map(
	(kind) => `${kind}Array`,
);
/** What the compiler's libraries of ES2024 lack anyway: newer, or XS's own. */
const UNKNOWN = /^(Iterator|Math\.(idiv|irem|toInteger)|Uint8Array\.(fromHex|prototype\.to(Base64|Hex)))/;

/** Interface and member in the compiler's libraries, of one entry of "strip"; `var` and its name of a whole class. */
function declarations(entry: string): string[] {
	if (entry === "RegExp")
		return ["RegExp.exec", "RegExp.test", "String.match", "String.matchAll", "String.search"];
	if (entry === "Date") return ["var.Date"];
	const parts = entry.split(".");
	const [owner = "", member = parts.at(-1)] = [parts[0], parts.at(-1)];
	if (parts.length < 3) return [owner === "Math" ? `Math.${member}` : `${owner}Constructor.${member}`];
	const owners = owner === "TypedArray" ? TYPED_ARRAYS : [owner, `Readonly${owner}`];
	return owners.map((each) => `${each}.${member}`);
}

/** The names of the libraries that `name` is made of, itself last. */
function librariesOf(folder: string, name: string, seen: Set<string> = new Set()): string[] {
	if (seen.has(name)) return [];
	seen.add(name);
	const text = readFileSync(join(folder, `lib.${name}.d.ts`), "utf8");
	const named = [...text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)].map((match) => match[1] ?? "");
	return [...named.flatMap((each) => librariesOf(folder, each, seen)), name];
}

/** A library's text without the members in `gone`; those that it had are added to `found`. */
function without(text: string, gone: ReadonlySet<string>, found: Set<string>): string {
	const kept: string[] = [];
	let owner = "";
	let depth = -1;
	for (const line of text.split("\n")) {
		if (line.startsWith("/// <reference")) continue;
		owner = /^(?:declare )?interface (\w+)/.exec(line)?.[1] ?? owner;
		const variable = /^declare var (\w+):/.exec(line)?.[1];
		const member = variable
			? `var.${variable}`
			: `${owner}.${/^ {4}(?:readonly )?(\w+)[(<?:]/.exec(line)?.[1]}`;
		if (depth < 0 && gone.has(member)) {
			found.add(member);
			depth = 0;
		}
		if (depth < 0) kept.push(line);
		else {
			depth += (line.match(/[([{]/g) ?? []).length - (line.match(/[)\]}]/g) ?? []).length;
			if (depth <= 0 && line.trimEnd().endsWith(";")) depth = -1;
		}
	}
	return kept.join("\n");
}

test("what the project replaces is stripped from the engine", () => {
	expect(REPLACED).toEqual(["String.prototype.toLowerCase", "String.prototype.toUpperCase"]);
	expect(JSON.parse(MANIFEST).strip).toEqual(expect.arrayContaining(REPLACED));
});

describe("what is stripped from the engine", () => {
	const gone = new Set(
		STRIPPED.filter((entry) => entry !== "*" && !UNKNOWN.test(entry)).flatMap(declarations),
	);
	const found = new Set<string>();
	const folder = mkdtempSync(join(tmpdir(), "meterling-stripped-"));
	afterAll(() => rmSync(folder, { recursive: true }));

	/** The compiler's complaints about the device path and `more`. */
	function check(more: string): string {
		const compiler = require.resolve("typescript/package.json");
		const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
		const libraries = join(dirname(require.resolve(platform, { paths: [compiler] })), "lib");
		const files = librariesOf(libraries, "es2024").map((name) => {
			const file = join(folder, `lib.${name}.d.ts`);
			const text = readFileSync(join(libraries, `lib.${name}.d.ts`), "utf8");
			writeFileSync(file, without(text, gone, found));
			return file;
		});
		writeFileSync(join(folder, "more.ts"), more);
		const include = [...DEVICE_PATH, ...SIMULATED, "main.ts", "types"].map((path) => join(ROOT, path));
		writeFileSync(
			join(folder, "tsconfig.json"),
			JSON.stringify({
				compilerOptions: {
					...JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")).compilerOptions,
					types: [],
					lib: undefined,
					noLib: true,
				},
				files: [...files, join(folder, "more.ts")],
				include,
			}),
		);
		const tsc = join(ROOT, "node_modules/.bin/tsc");
		const { stdout } = spawnSync(tsc, ["-p", folder, "--noEmit", "--pretty", "false"], { encoding: "utf8" });
		return stdout;
	}

	test("nothing on the device path uses it", () => {
		expect(SIMULATED).toContain("host/platform/wifi.ts");
		const complaints = check(
			'export const one = [1].sort();\nexport const two = "a".replace("a", "b");\nexport const three = new Uint8Array(1).find(() => true);\nexport const four = "a".match("a");\nexport const five = [1].values().map((each) => each);\nexport const six = new Date().getTime();',
		);
		const lines = complaints.split("\n").filter((line) => line.includes("error"));
		// The check itself is checked by what is wrong in more.ts.
		const ours = lines
			.filter((line) => line.includes("more.ts"))
			.map((line) => /more\.ts\((\d)/.exec(line)?.[1]);
		expect(lines.filter((line) => !line.includes("more.ts"))).toEqual([]);
		expect([...new Set(ours)]).toEqual(["1", "2", "3", "4", "5", "6"]);
		const unknown = STRIPPED.filter((entry) => entry !== "*" && !UNKNOWN.test(entry)).filter(
			(entry) => !declarations(entry).some((declaration) => found.has(declaration)),
		);
		expect(unknown).toEqual([]);
	});
});

describe("regular expressions", () => {
	/** Whether a source's syntax tree has a regular expression, or a name that stands for them. */
	function uses(source: string): boolean {
		const seen = (value: unknown): boolean => {
			if (Array.isArray(value)) return value.some(seen);
			if (typeof value !== "object" || value === null) return false;
			const node = value as Record<string, unknown>;
			if (node.type === "RegExpLiteral") return true;
			if (node.type === "Identifier" && node.value === "RegExp") return true;
			return Object.values(node).some(seen);
		};
		return seen(parseSync(source, { syntax: "typescript", target: "es2024" }).body);
	}

	test("are seen where there are some", () => {
		expect([uses("f(/a/)"), uses("new RegExp(b)"), uses("a / b / c")]).toEqual([true, true, false]);
	});

	test("there is none on the device path", () => {
		const files = [...DEVICE_PATH.flatMap(sourceFiles), ...SIMULATED, "main.ts"].filter(
			(file) => !file.endsWith(".d.ts"),
		);
		expect(files.length).toBeGreaterThan(200);
		expect(files.filter((file) => uses(readFileSync(join(ROOT, file), "utf8")))).toEqual([]);
	});
});
