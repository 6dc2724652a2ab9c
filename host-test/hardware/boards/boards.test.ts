// Every board's descriptor against its chip, its build files, and the table of docs/boards.md.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../../../hardware/boards/board";
import { chipNamed, pinProblems } from "../../../hardware/boards/chips";
import { allBoards, findBoard } from "../../../hardware/boards/registry";
import { boardTable } from "./board-table";

const BOARDS = allBoards();
const ROOT = join(__dirname, "../../..");
const FOLDER = join(ROOT, "hardware/boards");
const manifestOf = ({ name }: Board) => JSON.parse(readFileSync(join(FOLDER, name, "manifest.json"), "utf8"));
const settingsOf = (file: string) =>
	readFileSync(file, "utf8")
		.split("\n")
		.filter((line) => line.startsWith("CONFIG_"));

describe("boards", () => {
	test("every folder with a board is in the registry, under its own name", () => {
		const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "board.ts")));
		expect(BOARDS.map(({ name }) => name).sort()).toEqual(folders.sort());
		for (const name of folders) expect(findBoard(name)?.name).toBe(name);
		expect(findBoard("toaster")).toBeUndefined();
	});

	test.each(BOARDS)("$name asks nothing of its chip that it forbids", ({ chip, pins, reserved }) => {
		expect(pinProblems(chipNamed(chip), pins, reserved)).toEqual([]);
	});

	test.each(BOARDS)(
		"docs/boards.md says where the pins of $name come from, and how it is powered",
		({ name, title }) => {
			const page = readFileSync(join(ROOT, "docs/boards.md"), "utf8");
			const row = page.split("\n").find((line) => line.startsWith(`- **${title}** (\`${name}\`): `));
			expect(row).toMatch(/: .{5,}\. Pins from: .{10,}\.$/);
		},
	);

	test.each(BOARDS)("$name: its manifest names it, its chip, sdkconfig and partitions", (board) => {
		const { build, include, config } = manifestOf(board);
		expect(config).toEqual({ board: board.name });
		expect(build.SUBPLATFORM).toBe(board.name);
		expect(include[0]).toBe(`../chips/${board.chip}.json`);
		const at = (path: string) => path.replace("$(SUBPLATFORMDIRECTORY)", join(FOLDER, board.name));
		expect(existsSync(join(at(build.SDKCONFIGPATH), "sdkconfig.defaults"))).toBe(true);
		expect(existsSync(join(at(build.SDKCONFIGPATH), "sdkconfig.defaults.release"))).toBe(true);
		expect(existsSync(at(build.PARTITIONS_FILE))).toBe(true);
		// The SDK's makefile would otherwise ask for a host provider that is not there.
		expect(existsSync(join(FOLDER, board.name, "host/provider.ts"))).toBe(true);
		const chip = JSON.parse(readFileSync(join(FOLDER, "chips", `${board.chip}.json`), "utf8"));
		expect(chip.build.ESP32_SUBCLASS).toBe(board.chip);
		// The SDK's makefile escapes blanks: two flags in one value would become one. Flags are in a file that the compiler reads.
		for (const value of Object.values<string>(chip.build)) expect(value).not.toMatch(/\s/);
		const flags = chip.build.C_FLAGS_SUBPLATFORM?.replace(/^@/, "");
		expect(flags === undefined || existsSync(at(flags))).toBe(true);
	});

	test("an sdkconfig of a board's own holds everything that the common one says", () => {
		for (const board of BOARDS) {
			const own = join(FOLDER, board.name, "sdkconfig");
			if (!existsSync(own)) continue;
			for (const file of ["sdkconfig.defaults", "sdkconfig.defaults.release"])
				expect(settingsOf(join(own, file))).toEqual(
					expect.arrayContaining(settingsOf(join(FOLDER, "sdkconfig", file))),
				);
		}
	});

	test("what sdkconfig says of one chip besides is of a chip that a board has, and other than what all are told", () => {
		const all = settingsOf(join(FOLDER, "sdkconfig/sdkconfig.defaults"));
		const ofChips = readdirSync(join(FOLDER, "sdkconfig")).filter(
			(name) => !/defaults(\.release)?$/.test(name),
		);
		expect(ofChips).toEqual(["sdkconfig.defaults.esp32c6"]);
		for (const name of ofChips) {
			expect(BOARDS.map(({ chip }) => `sdkconfig.defaults.${chip}`)).toContain(name);
			for (const line of settingsOf(join(FOLDER, "sdkconfig", name))) expect(all).not.toContain(line);
		}
	});

	test("release builds have the watchdog with a panic, debug builds have none; brown-out and core dump in both", () => {
		const both = settingsOf(join(FOLDER, "sdkconfig/sdkconfig.defaults"));
		const release = settingsOf(join(FOLDER, "sdkconfig/sdkconfig.defaults.release"));
		expect(both).toEqual(
			expect.arrayContaining(["CONFIG_ESP_BROWNOUT_DET=y", "CONFIG_ESP_COREDUMP_ENABLE_TO_FLASH=y"]),
		);
		expect(both.filter((line) => line.includes("WDT"))).toEqual([]);
		expect(release).toEqual(
			expect.arrayContaining([
				"CONFIG_ESP_TASK_WDT_EN=y",
				"CONFIG_ESP_TASK_WDT_INIT=y",
				"CONFIG_ESP_TASK_WDT_PANIC=y",
				"CONFIG_ESP_SYSTEM_PANIC_GDBSTUB=n",
			]),
		);
	});

	describe("memory for XS", () => {
		const creationOf = (chip: string) =>
			JSON.parse(readFileSync(join(FOLDER, "chips", `${chip}.json`), "utf8")).creation;
		const CHIPS = [...new Set(BOARDS.map(({ chip }) => chip))];

		test("the soak runs with an ESP32's, and the bytes that chunks take more on 64 bits", () => {
			const script =
				"import('./tools/xs-sdk.mjs').then((sdk) => console.log(JSON.stringify(sdk.DEVICE_LIMITS)))";
			const soaked = JSON.parse(
				execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" }),
			);
			const { chunk, ...others } = creationOf("esp32");
			expect(soaked).toEqual({ ...others, chunk: { ...chunk, initial: chunk.initial + 14_336 } });
		});

		test.each(CHIPS)("%s has as much or more, which may grow in small steps", (chip) => {
			const least = creationOf("esp32");
			const { chunk, heap, stack, static: fixed } = creationOf(chip);
			expect(chunk.initial).toBeGreaterThanOrEqual(least.chunk.initial);
			expect(heap.initial).toBeGreaterThanOrEqual(least.heap.initial);
			expect({ fixed, stack, chunk: chunk.incremental, heap: heap.incremental }).toEqual({
				...{ fixed: 0, stack: 512, chunk: 2048, heap: 128 },
			});
		});

		test.each(CHIPS)("docs/boards.md tells %s's", (chip) => {
			const { chunk, heap, stack } = creationOf(chip);
			const sum = chunk.initial + (heap.initial + stack) * 16;
			const name = chip.toUpperCase().replace(/^(ESP32)(.+)$/, "$1-$2");
			const row = [
				name,
				...[chunk.initial, heap.initial, stack, sum].map((count) => count.toLocaleString("en")),
			];
			expect(readFileSync(join(ROOT, "docs/boards.md"), "utf8")).toContain(`| ${row.join(" | ")} |`);
		});
	});

	test("docs/boards.md shows the boards as they are", () => {
		expect(readFileSync(join(ROOT, "docs/boards.md"), "utf8")).toContain(boardTable(BOARDS));
	});
});
