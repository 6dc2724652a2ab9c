// The partition table against ESP-IDF's rules (docs/en/api-guides/partition-tables.rst) and this project's sizes.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPartitions } from "./partition-table";

const KB = 1024;
const MB = 1024 * KB;
/** Bootloader, then the table itself in one sector at 0x8000. */
const FIRST_FREE = 0x9000;
const FLASH = 4 * MB;
const AIM = 1.5 * MB;
const BOARDS = join(__dirname, "../../../hardware/boards");

describe("partitions.csv", () => {
	const table = readPartitions(readFileSync(join(BOARDS, "partitions.csv"), "utf8"));
	const named = (name: string) => table.find((partition) => partition.name === name);

	test("lies in 4 MB of flash behind the table, without overlaps", () => {
		let end = FIRST_FREE;
		for (const { offset, size } of [...table].sort((a, b) => a.offset - b.offset)) {
			expect(offset).toBeGreaterThanOrEqual(end);
			end = offset + size;
		}
		expect(end).toBeLessThanOrEqual(FLASH);
	});

	test("firmware slots begin at multiples of 64 KB, everything else at sectors of 4 KB", () => {
		for (const { type, offset, size } of table) {
			expect(offset % (type === "app" ? 64 * KB : 4 * KB)).toBe(0);
			expect(size % (4 * KB)).toBe(0);
		}
	});

	test("two equal firmware slots hold the image that is aimed at, and no factory slot takes their place", () => {
		const apps = table.filter(({ type }) => type === "app");
		expect(apps.map(({ subtype }) => subtype)).toEqual(["ota_0", "ota_1"]);
		expect(apps[0]?.size).toBe(apps[1]?.size);
		expect(apps[0]?.size).toBeGreaterThanOrEqual(AIM);
	});

	test("the choice of slot has its two sectors", () => {
		expect(named("otadata")).toMatchObject({ type: "data", subtype: "ota", size: 0x2000 });
	});

	test("littlefs finds 512 KB or more under the name that the SDK asks for", () => {
		expect(named("storage")).toMatchObject({ type: "data" });
		expect(named("storage")?.size).toBeGreaterThanOrEqual(512 * KB);
	});

	test("nvs has the three sectors that it needs at least, and the core dump has a place", () => {
		expect(named("nvs")).toMatchObject({ type: "data", subtype: "nvs" });
		expect(named("nvs")?.size).toBeGreaterThanOrEqual(0x3000);
		expect(named("coredump")).toMatchObject({ type: "data", subtype: "coredump" });
		expect(named("coredump")?.size).toBeGreaterThanOrEqual(48 * KB);
	});

	test("names are unique and short enough for the table's 16 bytes", () => {
		const names = table.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const name of names) expect(name.length).toBeLessThanOrEqual(15);
	});
});

test("every board has this table, and the SDK's size of flash, which is 4 MB", () => {
	const boards = readdirSync(BOARDS, { recursive: true, encoding: "utf8" });
	const manifests = boards.filter((file) => /^[^/]+\/manifest\.json$/.test(file));
	expect(manifests.length).toBeGreaterThan(8);
	for (const file of manifests)
		expect(readFileSync(join(BOARDS, file), "utf8")).toMatch(
			/"PARTITIONS_FILE": "[^"]*\/\.\.\/partitions\.csv"/,
		);
	const settings = boards.filter((file) => /sdkconfig\.defaults/.test(file));
	for (const file of settings) expect(readFileSync(join(BOARDS, file), "utf8")).not.toContain("FLASHSIZE");
});

describe("reading a partition table", () => {
	test("takes hexadecimal, decimal, K and M, and skips comments", () => {
		expect(readPartitions("# x\na, data, nvs, 0x9000, 24K,\nb, app, ota_0, 65536, 1M, # last\n")).toEqual([
			{ name: "a", type: "data", subtype: "nvs", offset: 0x9000, size: 24 * KB },
			{ name: "b", type: "app", subtype: "ota_0", offset: 65536, size: MB },
		]);
	});

	test("refuses what is no number", () => {
		expect(() => readPartitions("a, data, nvs, , 24K")).toThrow("no offset or size");
	});
});
