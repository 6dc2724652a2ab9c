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
 * Bytes of an image besides the archive and the resources: `engine` is XS, `natives` the SDK's C modules, littlefs and our own C,
 * `idf` ESP-IDF 6.0 with its Wi-Fi libraries and C library, `gaps` what the compiler adds to archive and resources; all of images
 * linked by gcc 12 (docs/performance.md, "Flash"). The C3's `idf` is counted in one of 1,739,744 bytes of 2026-11-21, less 86,358
 * by which it became smaller between links of 2026-11-22: their C library is some 7,000 bytes smaller than the one before. The C6's is
 * counted in one of 1,556,320 of 2026-11-22: there printf is in ROM. Engine, natives and gaps are those of images of 2026-11-21,
 * less what the firmware's own part (XS, C and archive, without ESP-IDF) lost since, compiled
 * and linked by the same compiler before and after. The other two chips follow from the C3: `idf` in the ratio of published
 * sizes of Wi-Fi programs, 672,490 bytes on an ESP32 (IDF 4.1, connectedhomeip issue 3793), the C3 a tenth and the S3 a
 * twentieth above it; engine and natives have not been compiled for Xtensa.
 */
const REST = Object.freeze({
	esp32: Object.freeze({ engine: 197_400, natives: 71_500, idf: 446_500, gaps: 3_650 }),
	esp32c3: Object.freeze({ engine: 192_697, natives: 69_409, idf: 504_323, gaps: 3_647 }),
	esp32s3: Object.freeze({ engine: 197_400, natives: 71_500, idf: 473_800, gaps: 3_650 }),
	esp32c6: Object.freeze({ engine: 194_035, natives: 69_847, idf: 557_072, gaps: 3_653 }),
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
	const { engine, natives, idf, gaps } = REST[chip];
	const image = archive + resources + engine + natives + idf + gaps;
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
