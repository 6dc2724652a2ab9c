// What a board's build puts into flash: counted where it can be counted, estimated where a C compiler would be needed.
// Reads the SDK's generated files; prints nothing.
//
// Counted: the bytecode of every module (.xsb), the archive that the linker makes of it (mc.xs.c: preloaded objects, code,
// names), the resources. Within 1 % of what a RISC-V compiler makes of the same mc.xs.c (docs/performance.md).
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Of a 32-bit chip: a slot, a pointer, `txScript`, `xsHostBuilder` (xs/sources/xsAll.h). */
const SLOT = 16;
const POINTER = 4;
const SCRIPT = 40;
const BUILDER = 12;

/**
 * Bytes of an image that are none of ours, estimated; a hundred thousand more or less would be no surprise.
 * `engine`: XS without what the linker strips ("strip" in manifest.json): 251,289 bytes with its C library when compiled by gcc
 * 12 for RISC-V and linked with mc.xs.c, 240,687 with -msave-restore, as boards/sdkconfig has it (docs/performance.md).
 * `natives`: the SDK's C modules, littlefs and our own C; a guess. `idf`: an ESP-IDF Wi-Fi program at -Os without logs, from
 * published sizes: the ESP32's 672,490 (IDF 4.1, connectedhomeip issue 3793) and the C6's 857,572 (IDF 5, esp-idf issue
 * 16220), both at -Og with logs, less a tenth for -Os (micropython pull request 17994); C3 and S3 lie between. Where ROM has
 * printf's small form (not the C6), less 25,000: the least that ESP-IDF's "Minimizing Binary Size" calls typical.
 */
const REST = Object.freeze({
	esp32: Object.freeze({ engine: 246_000, natives: 45_000, idf: 580_000 }),
	esp32c3: Object.freeze({ engine: 241_000, natives: 45_000, idf: 655_000 }),
	esp32s3: Object.freeze({ engine: 246_000, natives: 45_000, idf: 615_000 }),
	esp32c6: Object.freeze({ engine: 241_000, natives: 45_000, idf: 770_000 }),
});

/** Sizes in bytes of the build whose files lie in `folder`; `image` is an estimate. */
export function sizesOf(folder, chip) {
	// Files of modules that are no longer in the manifest stay behind: the makefile knows which are meant.
	const makefile = readFileSync(join(folder, "makefile"), "utf8");
	const modules = filesIn(join(folder, "modules")).filter(
		(file) => file.endsWith(".xsb") && makefile.includes(`/${relative(join(folder, "modules"), file)}`),
	);
	const sum = (files) => files.reduce((total, file) => total + statSync(file).size, 0);
	const resources = sum(filesIn(join(folder, "resources")));
	const archive = archiveSize(readFileSync(join(folder, "mc.xs.c"), "latin1"));
	const { engine, natives, idf } = REST[chip];
	const image = archive + resources + engine + natives + idf;
	return { modules: modules.length, bytecode: sum(modules), resources, archive, image };
}

/** What the linker's C source becomes in flash: arrays by their declared length, and every string once. */
export function archiveSize(source) {
	const count = (name) => Number(new RegExp(`#define mx${name}Count (\\d+)`).exec(source)?.[1] ?? 0);
	let size = (count("Heap") + count("Stack")) * SLOT;
	size += (count("Keys") + count("Names") + count("Symbols") + count("RegExp")) * POINTER;
	size += count("Scripts") * SCRIPT;
	for (const [, length] of source.matchAll(/^static const txU1 gxCode\d+\[(\d+)\] = /gm))
		size += Number(length);
	for (const [, length] of source.matchAll(/^static const xsHostBuilder gxBuilders\d*\[(\d+)\] = /gm))
		size += Number(length) * BUILDER;
	const strings = new Set();
	for (const [, text] of source.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)) strings.add(text);
	for (const text of strings) size += text.replace(/\\(?:x[0-9a-f]{2}|[0-7]{1,3}|.)/gi, "x").length + 1;
	return size;
}

export function filesIn(folder) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
