// tools/esp-idf-component.mjs: the component in the SDK's project for ESP-IDF, and the look at what was linked.

import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/esp-idf-component.mjs")).href;
const LONG_AGO = new Date("2020-01-01T00:00:00Z");

let folder: string;
const at = (path: string) => join(folder, path);
const read = (path: string) => readFileSync(at(path), "utf8");

function write(path: string, text: string): void {
	mkdirSync(dirname(at(path)), { recursive: true });
	writeFileSync(at(path), text);
}

function ask(script: string, ...parts: readonly string[]): string {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		[
			"--input-type=module",
			"-e",
			`import { installComponent, linkedAnyway, undefinedNames, wrappedNames } from ${JSON.stringify(TOOL)};\n${script}`,
			...parts,
		],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

const install = (chip: string) =>
	ask(
		"const [project, chip, source, sdkconfigs] = process.argv.slice(1); installComponent(project, chip, { source, sdkconfigs });",
		...[at("project"), chip, at("source"), at("sdkconfigs")],
	);

describe("the component in the project", () => {
	const configured = "project/build/config/sdkconfig.h";

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-component-"));
		write("source/CMakeLists.txt", "idf_component_register()\n");
		write("source/absent.c", "int none;\n");
		write("sdkconfigs/sdkconfig.defaults", "CONFIG_A=y\n");
		write("sdkconfigs/sdkconfig.defaults.esp32c6", "CONFIG_B=n\n");
		write("project/sdkconfig.mc", "CONFIG_A=y\n");
		write(configured, "");
	});

	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	test("holds what the source does, beside the chip's own lines, and ESP-IDF configures anew", () => {
		install("esp32c6");
		expect(readdirSync(at("project/components/meterling"))).toEqual(["CMakeLists.txt", "absent.c"]);
		expect(read("project/components/meterling/absent.c")).toBe("int none;\n");
		expect(read("project/sdkconfig.mc.esp32c6")).toBe("CONFIG_B=n\n");
		expect(read("project/sdkconfig.mc")).toBe("CONFIG_A=y\n");
		expect(existsSync(at(configured))).toBe(false);
	});

	test("a chip without lines of its own has no file", () => {
		install("esp32c3");
		expect(readdirSync(at("project")).sort()).toEqual(["build", "components", "sdkconfig.mc"]);
	});

	test("nothing is written a second time", () => {
		install("esp32c6");
		write(configured, "");
		const written = ["project/components/meterling/absent.c", "project/sdkconfig.mc.esp32c6"];
		for (const file of written) utimesSync(at(file), LONG_AGO, LONG_AGO);
		install("esp32c6");
		for (const file of written) expect(statSync(at(file)).mtime).toEqual(LONG_AGO);
		expect(existsSync(at(configured))).toBe(true);
	});

	test.each([
		["a changed file", () => write("source/absent.c", "int other;\n")],
		["a new file", () => write("source/rsa.c", "int rsa;\n")],
		["a file that is no more", () => rmSync(at("source/absent.c"))],
		["a changed line of the chip", () => write("sdkconfigs/sdkconfig.defaults.esp32c6", "CONFIG_B=y\n")],
		["no line of the chip any more", () => rmSync(at("sdkconfigs/sdkconfig.defaults.esp32c6"))],
	])("%s is followed", (_, change) => {
		install("esp32c6");
		write(configured, "");
		change();
		install("esp32c6");
		const names = readdirSync(at("source"));
		expect(readdirSync(at("project/components/meterling"))).toEqual(names);
		for (const name of names)
			expect(read(`project/components/meterling/${name}`)).toBe(read(`source/${name}`));
		const lines = ["sdkconfigs/sdkconfig.defaults.esp32c6", "project/sdkconfig.mc.esp32c6"].map((file) =>
			existsSync(at(file)) ? read(file) : undefined,
		);
		expect(lines[1]).toBe(lines[0]);
		expect(existsSync(at(configured))).toBe(false);
	});

	test("another component in the project stays", () => {
		write("project/components/bootloader/CMakeLists.txt", "");
		install("esp32c6");
		expect(readdirSync(at("project/components"))).toEqual(["bootloader", "meterling"]);
	});
});

describe("the names in ESP-IDF's sources", () => {
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-names-"));
		write(
			"nvs/api.cpp",
			'extern "C" esp_err_t nvs_open(const char *name, mode_t mode,\n    handle_t *out)\n{\n}\n',
		);
		write("flash/second.c", '#define common_read second_read\n#include "common.inc"\n');
		write(
			"wifi/adapter.c",
			"extern int lwip_write(int s);\nstatic int f(void)\n{\n    return nvs_close(1);\n}\n",
		);
	});

	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	test("a function's body or a macro that renames one defines it, a call or a declaration does not", () => {
		const names = ["nvs_open", "second_read", "lwip_write", "nvs_close", "open"];
		const script = "console.log(undefinedNames(process.argv[2].split(' '), process.argv[1]).join(' '))";
		expect(ask(script, folder, names.join(" ")).trim()).toBe("lwip_write nvs_close open");
	});

	test("those of a component are all that its CMakeLists.txt sets", () => {
		const text =
			"# set(NO comment)\nset(STORAGE nvs_open\n\tnvs_close)\nset(CONSOLE puts)\n\tset(CONSOLE)\nset(other x)\n";
		const script = "console.log(wrappedNames(process.argv[1]).join(' '))";
		expect(ask(script, text).trim()).toBe("nvs_open nvs_close puts");
	});
});

describe("the look at what was linked", () => {
	/** As `objdump -t` prints symbols. */
	const table = (...names: readonly string[]) =>
		names.map((name) => `4200a1b4 g     F .flash.text\t0000001a ${name}`).join("\n");
	const linked = (text: string) =>
		JSON.parse(ask("console.log(JSON.stringify(linkedAnyway(process.argv[1])))", text));

	test("names what should not be there, by its whole name", () => {
		expect(linked(table("app_main", "__wrap_nvs_open", "nvs_open_from_partition", "main"))).toEqual([]);
		expect(linked(table("app_main", "nvs_open", "lwip_write"))).toEqual(["nvs_open", "lwip_write"]);
	});

	test("a table without the firmware's start is none", () => {
		expect(() => linked("")).toThrow("no list of the firmware's symbols");
	});
});
