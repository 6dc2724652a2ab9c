// The rules of dependency of docs/architecture.md, checked on the syntax tree of every source file.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Import, importsOf, ROOT, sourceFiles } from "./imports";

const DEVICE_PATH = [
	"access",
	"readings",
	"protocols",
	"outputs",
	"settings",
	"hardware",
	"detection",
	"app",
];
const folderOf = (path: string) => path.split("/")[0] ?? "";

function importsBelow(folder: string): Import[] {
	return sourceFiles(folder).flatMap((file) => importsOf(file));
}

const devicePath = [...DEVICE_PATH.flatMap(importsBelow), ...importsOf("main.ts")];

/** Violations as readable lines; an empty list is what each rule expects. */
function violations(imports: readonly Import[], wrong: (found: Import) => boolean): string[] {
	return imports.filter(wrong).map(({ file, specifier }) => `${file} imports ${specifier}`);
}

describe("rules of dependency", () => {
	test("the reader of imports sees static, type-only and re-exporting imports", () => {
		const seen = importsOf(
			"app/x.ts",
			'import a from "b"; import type { C } from "./c.js"; export * from "../d.js";',
		);
		expect(seen).toEqual([
			{ file: "app/x.ts", specifier: "b", target: undefined, typeOnly: false },
			{ file: "app/x.ts", specifier: "./c.js", target: "app/c.ts", typeOnly: true },
			{ file: "app/x.ts", specifier: "../d.js", target: "d.ts", typeOnly: false },
		]);
	});

	test("every folder of the device path has sources to check", () => {
		for (const folder of DEVICE_PATH)
			expect([folder, sourceFiles(folder).length > 0]).toEqual([folder, true]);
	});

	test("readings/ imports nothing but itself", () => {
		expect(violations(importsBelow("readings"), ({ target }) => !target?.startsWith("readings/"))).toEqual(
			[],
		);
	});

	test("protocols/ imports readings/, itself, and types of settings", () => {
		const allowed = ({ target, typeOnly }: Import) =>
			target !== undefined &&
			(["readings", "protocols"].includes(folderOf(target)) || (typeOnly && folderOf(target) === "settings"));
		expect(violations(importsBelow("protocols"), (found) => !allowed(found))).toEqual([]);
	});

	test("access/ imports itself and what is pure in settings/", () => {
		const allowed = ({ target }: Import) =>
			target !== undefined && ["access", "settings"].includes(folderOf(target));
		expect(violations(importsBelow("access"), (found) => !allowed(found))).toEqual([]);
	});

	test("outputs/ import readings/, access/, themselves, and types of settings", () => {
		const allowed = ({ target, typeOnly }: Import) =>
			target !== undefined &&
			(["readings", "access", "outputs"].includes(folderOf(target)) ||
				(typeOnly && folderOf(target) === "settings"));
		expect(violations(importsBelow("outputs"), (found) => !allowed(found))).toEqual([]);
	});

	test.each(["protocols", "outputs"])("a folder of %s never imports a sibling, but for shared/", (house) => {
		const room = (path: string) => path.split("/").slice(0, 2).join("/");
		const rooms = new Set(
			readdirSync(join(ROOT, house))
				.filter((name) => statSync(join(ROOT, house, name)).isDirectory() && name !== "shared")
				.map((name) => `${house}/${name}`),
		);
		const crossing = ({ file, target }: Import) =>
			target !== undefined && rooms.has(room(file)) && rooms.has(room(target)) && room(file) !== room(target);
		expect(violations(importsBelow(house), crossing)).toEqual([]);
	});

	test("only main.ts imports app/", () => {
		const elsewhere = [...devicePath, ...importsBelow("host")].filter(
			({ file }) => folderOf(file) !== "app" && file !== "main.ts",
		);
		// The version is a fact, not wiring: the command line shows it too.
		const wrong = ({ target }: Import) => target?.startsWith("app/") === true && target !== "app/version.ts";
		expect(violations(elsewhere, wrong)).toEqual([]);
	});

	test("detection/ imports protocols/, settings/, itself, and types", () => {
		const allowed = ({ target, typeOnly }: Import) =>
			target !== undefined &&
			(typeOnly || ["protocols", "settings", "readings", "detection"].includes(folderOf(target)));
		expect(violations(importsBelow("detection"), (found) => !allowed(found))).toEqual([]);
	});

	test("nothing on the device path imports host/, host-test/ or a Node module", () => {
		const wrong = ({ specifier, target }: Import) =>
			specifier.startsWith("node:") || (target !== undefined && /^(host|host-test|tools)\//.test(target));
		expect(violations(devicePath, wrong)).toEqual([]);
	});

	test("SDK specifiers appear only in hardware/, app/, main.ts and settings/store.ts", () => {
		const free = ({ file }: Import) =>
			["hardware", "app"].includes(folderOf(file)) || file === "main.ts" || file === "settings/store.ts";
		expect(violations(devicePath, (found) => found.target === undefined && !free(found))).toEqual([]);
	});
});
