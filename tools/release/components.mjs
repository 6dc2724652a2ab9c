// What a release is made of, besides this project's own sources: the packages in each part of it with version, licence and
// checksum from package-lock.json, and what the firmware takes from the Moddable SDK and ESP-IDF. The one list behind the
// licence check, the third-party notices, the bill of materials and the question which findings of `npm audit` matter.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Bundled into web/dist by tools/build-web.mjs (host-test/tools/components.test.ts asks esbuild). */
const PAGE = ["preact", "uplot"];
/** The flasher page's; its own bundle holds what it depends on. */
const FLASHER = ["esp-web-tools"];

/**
 * The firmware's, that come from no package. Versions are those that docs/building.md names and tools/build-xs.mjs asks
 * for; parts of ESP-IDF have the versions that it carries.
 */
const FIRMWARE = Object.freeze([
	{
		name: "Moddable SDK",
		version: "8.2.3",
		license: "LGPL-3.0-or-later",
		supplier: "Moddable Tech, Inc.",
		purl: "pkg:github/Moddable-OpenSource/moddable@8.2.3",
		source: "https://github.com/Moddable-OpenSource/moddable",
		texts: { within: "MODDABLE", files: ["licenses/lgpl-3.0.txt", "licenses/gpl-3.0.txt"] },
		note: "Runtime modules, linked with the firmware. The firmware's sources and build scripts are public, so that everyone can link it with a changed SDK (LGPL 3, section 4 d).",
	},
	{
		name: "XS",
		version: "17.9.1",
		license: "LGPL-3.0-or-later AND Apache-2.0",
		supplier: "Moddable Tech, Inc.",
		purl: "pkg:github/Moddable-OpenSource/moddable@8.2.3#xs",
		source: "https://github.com/Moddable-OpenSource/moddable/tree/public/xs",
		texts: { within: "MODDABLE", files: ["licenses/NOTICE"] },
		note: "The JavaScript engine, derived from KinomaJS of Marvell Semiconductor (Apache 2.0).",
	},
	{
		name: "ESP-IDF",
		version: "6.0",
		license: "Apache-2.0",
		supplier: "Espressif Systems",
		purl: "pkg:github/espressif/esp-idf@v6.0",
		source: "https://github.com/espressif/esp-idf",
		texts: { within: "IDF_PATH", files: ["LICENSE"] },
		note: "With the components that it carries, under their own licences: FreeRTOS (MIT), lwIP (BSD-3-Clause), Mbed TLS (Apache-2.0), wpa_supplicant (BSD-3-Clause), newlib (BSD). https://docs.espressif.com/projects/esp-idf/en/v6.0/esp32/COPYRIGHT.html lists them.",
	},
	{
		name: "littlefs",
		license: "BSD-3-Clause",
		supplier: "The littlefs authors; Arm Limited",
		purl: "pkg:github/littlefs-project/littlefs",
		source: "https://github.com/littlefs-project/littlefs",
		note: "The file system, as the Moddable SDK carries it.",
	},
]);

/**
 * Components by the part that they are in, each { name, version?, license, integrity?, purl, folder?, note? }: `firmware`,
 * `page` (in the firmware and in the package), `flasher`, and `host`, which npm installs beside the package.
 */
export function components(root = ROOT) {
	const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
	const { dependencies = {}, optionalDependencies = {} } = packages[""];
	const host = Object.keys({ ...dependencies, ...optionalDependencies });
	const from = (names) => reached(packages, names).map((place) => npmComponent(packages[place], place));
	return { firmware: [...FIRMWARE], page: from(PAGE), flasher: from(FLASHER), host: from(host) };
}

/** Places in the lock file of what ships: paths as `npm audit` names them. */
export function shippedPlaces(root = ROOT) {
	const { page, flasher, host } = components(root);
	return new Set([...page, ...flasher, ...host].map(({ folder }) => folder));
}

/** Every package that the lock file has, development included. */
export function allPackages(root = ROOT) {
	const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
	return Object.entries(packages)
		.filter(([place]) => place !== "")
		.map(([place, entry]) => npmComponent(entry, place));
}

/**
 * The licence's own words, and notices that go with it: of a package's folder, or of the SDK that the firmware is built
 * with, where it is at hand. Empty where there are none.
 */
export function licenceTexts({ folder, texts }, root = ROOT) {
	const sdk = texts && process.env[texts.within];
	if (sdk) return read(texts.files.map((name) => join(sdk, name)));
	if (!folder) return [];
	const names = readdirSync(join(root, folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
	return read(names.sort().map((name) => join(root, folder, name)));
}

function read(files) {
	return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8").trim());
}

function npmComponent({ version, license, integrity, dev }, place) {
	const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
	const escaped = name.replace("@", "%40");
	return {
		name,
		version,
		license,
		integrity,
		folder: place,
		dev: dev === true,
		purl: `pkg:npm/${escaped}@${version}`,
	};
}

/** Places of these packages and of all that they depend on, as Node would find them. Sorted. */
function reached(packages, names) {
	const seen = new Set();
	const visit = (from, name) => {
		const place = found(packages, from, name);
		// An optional dependency may be for another system.
		if (place === undefined || seen.has(place)) return;
		seen.add(place);
		const { dependencies, optionalDependencies } = packages[place];
		for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(place, needed);
	};
	for (const name of names) visit("", name);
	return [...seen].sort();
}

/** Where `name` lies for a package at `from`: in its own node_modules, or in one of those around it. */
function found(packages, from, name) {
	for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf("node_modules/") - 1))) {
		const there = `${place === "" ? "" : `${place}/`}node_modules/${name}`;
		if (packages[there]) return there;
		if (place === "") return undefined;
	}
}
