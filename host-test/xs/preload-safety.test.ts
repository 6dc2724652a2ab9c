// Which modules the manifest may preload into flash. The tool is an ES module of its own, so a child process asks it.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/preload-safety.mjs")).href;
const ASK = `
import { parseSync } from "@swc/core";
import * as safety from ${JSON.stringify(TOOL)};
const [judge, sources] = JSON.parse(process.argv[1]);
const judged = sources.map((source) =>
	safety[judge](parseSync(source, { syntax: "typescript", target: "es2024" })) ?? null);
console.log(JSON.stringify(judged));
`;

function judged(
	sources: readonly string[],
	judge: "stateAtModuleLevel" | "storesAtModuleLevel" = "stateAtModuleLevel",
): readonly (string | null)[] {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify([judge, sources])],
		{ cwd: resolve(__dirname, "../.."), encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

describe("what runs when a module is loaded", () => {
	test("state that changes at run time keeps a module out of flash", () => {
		const held = judged([
			"let count = 0; export const next = () => ++count;",
			"export let mode = 1;",
			"const seen = new Map<string, number>(); export const get = (name: string) => seen.get(name);",
			"const buffer = new Uint8Array(256); export { buffer };",
			"export class Log { static lines = new Set(); }",
			"const DIGITS = /[0-9]/g; export const has = (text: string) => DIGITS.test(text);",
			"export const STARTED = Date.now();",
			"export const SEED = Math.random();",
			"export const START = new Date();",
		]);
		expect(held.filter((why) => why === null)).toEqual([]);
	});

	test("XS keeps variables that change in RAM, but not what lies in flash of their first values", () => {
		const held = judged(
			[
				"let shared; export default class { constructor() { shared ??= {}; } close() { shared = undefined; } }",
				"let count = 0; export const next = () => ++count;",
				"let seen = new Map(); export const get = (name: string) => seen.get(name);",
				"var buffer = new Uint8Array(256); export const at = (index: number) => buffer[index];",
				"let count = 0; const seen = new Set(); export const add = (name: string) => seen.add(name).size + count++;",
			],
			"storesAtModuleLevel",
		);
		expect(held.map((why) => why === null)).toEqual([true, true, false, false, false]);
	});

	test("constants, tables and what only functions do may be preloaded", () => {
		const held = judged([
			"export const NAMES = Object.freeze(['a', 'b']);",
			"const TABLE = Uint8Array.of(1, 2, 3); export const at = (index: number) => TABLE[index];",
			"export const EMPTY = new Uint8Array(0);",
			"const UNITS = new Map([['W', 1]]); export const unit = (name: string) => UNITS.get(name);",
			"export class Buffer { readonly #bytes = new Uint8Array(256); get size() { return this.#bytes.length; } }",
			"export function now() { return Date.now(); }",
			"export const fresh = () => new Map();",
			"export const isHex = (text: string) => /^[0-9a-f]+$/.test(text);",
		]);
		expect(held).toEqual(held.map(() => null));
	});
});
