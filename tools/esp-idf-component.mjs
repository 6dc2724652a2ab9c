// The project's own component of ESP-IDF's build (hardware/esp-idf), and what a chip's sdkconfig says besides the boards' common one.
// ESP-IDF takes each folder in the project's `components`, and reads `X.CHIP` behind each file X of defaults; the SDK makes the project
// and its `sdkconfig.mc`. mcconfig itself hands over neither linker flags nor a chip's own lines.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = "meterling";
/** Of what the component keeps out of the image, in the order of its CMakeLists.txt, something of each part. `puts` may be in ROM. */
const LEFT_OUT = [
	"nvs_open",
	"lwip_write",
	"spi_flash_hal_gpspi_read",
	"regdma_link_init",
	"mbedtls_rsa_parse_key",
	"mbedtls_sha1_update",
	"mbedtls_sha256_update",
	"esp_vfs_null_register",
	"mbedtls_psa_ffdh_import_key",
	"mbedtls_ccm_setkey",
];

/**
 * Puts the component from `source` into `project`, the folder `xsProj-CHIP` that mcconfig has made, and the chip's file of
 * `sdkconfigs` beside sdkconfig.mc. Where anything changed, ESP-IDF is made to configure anew: it does not look for new files.
 */
export function installComponent(project, chip, { source, sdkconfigs }) {
	const changes = [
		mirror(source, join(project, "components", NAME)),
		mirrorFile(join(sdkconfigs, `sdkconfig.defaults.${chip}`), join(project, `sdkconfig.mc.${chip}`)),
	];
	if (changes.some((changed) => changed)) rmSync(join(project, "build/config/sdkconfig.h"), { force: true });
}

/** What `table`, a list of symbols by objdump, has though the component should keep it out of the image. */
export function linkedAnyway(table) {
	const names = new Set(table.split("\n").map((line) => line.slice(line.search(/\S+$/))));
	if (!names.has("app_main")) throw new Error("this is no list of the firmware's symbols");
	return LEFT_OUT.filter((name) => names.has(name));
}

/** The names whose calls the component's CMakeLists.txt sends elsewhere. */
export function wrappedNames(cmakeLists) {
	const sets = [...cmakeLists.matchAll(/^set\([A-Z_]+ ([^)]+)\)/gm)];
	return sets.flatMap(([, names]) => names.trim().split(/\s+/));
}

/** Those of `names` that no C or C++ in the folder defines, neither as a function nor by a macro that gives one the name. */
export function undefinedNames(names, folder) {
	const left = new Set(names);
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (left.size === 0) break;
		if (!entry.isFile() || !/\.(c|cpp)$/.test(entry.name)) continue;
		const text = readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8");
		for (const name of left) if (text.includes(name) && isDefined(name, text)) left.delete(name);
	}
	return [...left];
}

function isDefined(name, text) {
	const body = new RegExp(`^[\\w"][^;{}=]*\\b${name}\\s*\\([^;{}]*\\)\\s*\\{`, "m");
	return body.test(text) || new RegExp(`^#define \\w+ +${name}$`, "m").test(text);
}

/** Makes the folder `copy` hold what `source` does, and nothing else. Returns whether that changed it. */
function mirror(source, copy) {
	mkdirSync(copy, { recursive: true });
	const wanted = readdirSync(source);
	const stale = readdirSync(copy).filter((name) => !wanted.includes(name));
	for (const name of stale) rmSync(join(copy, name), { recursive: true });
	const changed = wanted.filter((name) => mirrorFile(join(source, name), join(copy, name)));
	return stale.length + changed.length > 0;
}

/** The same for a file that there need not be. make looks at its time: it is written only when it changes. */
function mirrorFile(source, copy) {
	const text = existsSync(source) ? readFileSync(source, "utf8") : undefined;
	const old = existsSync(copy) ? readFileSync(copy, "utf8") : undefined;
	if (text === old) return false;
	if (text === undefined) rmSync(copy);
	else writeFileSync(copy, text);
	return true;
}
