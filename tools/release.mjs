// Makes a release for people without a compiler: for each board the images with their offsets, one merged image, ESP Web
// Tools' manifest and SHA-256 sums, a page that flashes them from the browser, the notices of what others wrote
// (THIRD-PARTY.txt) and bills of materials (CycloneDX) of the firmware and of the package for computers.
//
//   node tools/release.mjs --board NAME | --all   --version X
//     [--build FOLDER]       a finished build of one board (default: where build-xs.mjs leaves it, built anew with IDF_PATH)
//     [--partitions FILE]    the board's partition table (default: its own)
//     [--web FOLDER]         ESP Web Tools' dist/web (default: the npm package's)
//     [--out FOLDER]         default: build/release/X
//     [--key FILE]           the private key (PEM) that signs the files for updates over the network; without it there are none.
//                            The build must have been made with METERLING_UPDATE_KEY naming its public key
//   node tools/release.mjs --new-key FILE     makes a key pair: FILE, to be kept secret, and FILE.pub for builds
//
// Exit status: 0 made · 1 refused · 2 wrong usage · 3 not built, and cannot be built here. Unless 0, nothing is written.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { billOfMaterials } from "./release/bill-of-materials.mjs";
import { BUILT, boardRelease, ReleaseError } from "./release/board-release.mjs";
import { components } from "./release/components.mjs";
import { licenceProblems } from "./release/licences.mjs";
import { thirdParty } from "./release/third-party.mjs";
import { newKeyPair, publicKeyOf } from "./release/update-file.mjs";
import { webPage } from "./release/web-page.mjs";
import { versions } from "./version.mjs";
import { ROOT } from "./xs-sdk.mjs";

const REFUSED = 1;
const WRONG_USAGE = 2;
const CANNOT_BUILD = 3;
const USAGE =
	"usage: release.mjs --board NAME | --all  --version X [--build FOLDER] [--partitions FILE] [--web FOLDER] [--out FOLDER] [--key FILE] | --new-key FILE";
const WEB_TOOLS = join(ROOT, "node_modules/esp-web-tools");

/** Ends the script with a line and an exit status. */
class Leave extends Error {
	constructor(line, status) {
		super(line);
		this.status = status;
	}
}

try {
	await main(options());
} catch (error) {
	if (!(error instanceof Leave || error instanceof ReleaseError)) throw error;
	console.error(`release: ${error.message}`);
	process.exitCode = error.status ?? REFUSED;
}

function options() {
	const string = { type: "string" };
	try {
		const { values } = parseArgs({
			options: {
				board: string,
				all: { type: "boolean" },
				version: string,
				build: string,
				partitions: string,
				web: string,
				out: string,
				key: string,
				"new-key": string,
			},
		});
		if (values["new-key"]) return values;
		if (!values.version || Boolean(values.board) === Boolean(values.all) || (values.all && values.build))
			throw new TypeError("");
		return values;
	} catch (error) {
		throw new Leave(`${error.message}\n${USAGE}`.trim(), WRONG_USAGE);
	}
}

async function main({ board: name, version, build: built, partitions, web, out, key, "new-key": newKey }) {
	if (newKey) return makeKey(newKey);
	const privateKey = key && readKey(key);
	requireVersion(version);
	const known = await boards();
	const chosen = name ? known.filter((board) => board.name === name) : known;
	if (chosen.length === 0)
		throw new Leave(
			`no board "${name}"; there are ${known.map((board) => board.name).join(", ")}`,
			WRONG_USAGE,
		);
	const folders = built ? [resolve(built)] : builtFolders(chosen);
	const tools = web ? resolve(web) : join(WEB_TOOLS, "dist/web");
	if (!existsSync(join(tools, "install-button.js")))
		throw new Leave(`no ESP Web Tools in ${tools}: npm install --save-dev esp-web-tools`, CANNOT_BUILD);
	const releases = chosen.map((board, index) => ({
		board,
		files: boardRelease({
			board,
			version,
			csv: readFileSync(partitions ?? partitionTable(board), "utf8"),
			built: requireUpdateKey(readBuild(folders[index]), privateKey),
			privateKey,
		}),
	}));
	const papers = paper(version);
	const target = out ? resolve(out) : join(ROOT, "build/release", version);
	write(target, releases, { tools, version, papers });
}

/** What goes along with every release, by file name. A licence that is not on the list refuses it. */
function paper(version) {
	const { firmware, page, flasher, host } = components();
	const problems = licenceProblems({ firmware, page, flasher, host });
	if (problems.length > 0) throw new Leave(problems.join("; "), REFUSED);
	const bill = (name, type, parts) =>
		`${JSON.stringify(billOfMaterials({ name, version, type, parts }), null, 2)}\n`;
	return {
		"THIRD-PARTY.txt": thirdParty({ firmware, page, flasher }, ["firmware", "page", "flasher"]),
		[`meterling-${version}-firmware.cdx.json`]: bill("meterling-firmware", "firmware", {
			firmware,
			page,
			flasher,
		}),
		[`meterling-${version}-package.cdx.json`]: bill("meterling", "application", { page, host }),
	};
}

/** Makes a key pair, once: who loses the private key can update no device that has the public one. */
function makeKey(file) {
	if (existsSync(file)) throw new Leave(`${file} is there already`, REFUSED);
	const { privateKey, publicKey } = newKeyPair();
	writeFileSync(file, privateKey, { mode: 0o600 });
	writeFileSync(`${file}.pub`, `${publicKey}\n`);
	console.log(`${file}: keep it secret, and a copy of it safe`);
	console.log(`${file}.pub: builds take it from METERLING_UPDATE_KEY=${file}.pub`);
}

function readKey(file) {
	try {
		const pem = readFileSync(file, "utf8");
		publicKeyOf(pem);
		return pem;
	} catch (error) {
		// The parser's message may quote the key.
		throw new Leave(`${file} holds no P-256 private key (${error.code ?? error.name})`, REFUSED);
	}
}

/** An image that does not know the key could never be updated with what it signs. */
function requireUpdateKey(built, privateKey) {
	if (privateKey && built.app && !built.app.includes(publicKeyOf(privateKey)))
		throw new Leave("the build does not hold this key: set METERLING_UPDATE_KEY and build it again", REFUSED);
	return built;
}

/** Page and API say what app/version.ts says; a release under another number would not be found again. */
function requireVersion(version) {
	const { version: packaged, built } = versions();
	if (version === packaged && version === built) return;
	throw new Leave(
		`asked for ${version}, package.json has ${packaged}, app/version.ts has ${built}: npm version ${version} --no-git-tag-version && node tools/version.mjs`,
		REFUSED,
	);
}

/** The boards that the firmware knows, from its own registry. */
async function boards() {
	const { build } = await import("esbuild");
	const { outputFiles } = await build({
		entryPoints: [join(ROOT, "hardware/boards/registry.ts")],
		bundle: true,
		format: "esm",
		write: false,
	});
	const { allBoards } = await import(
		`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
	);
	return allBoards();
}

/** Where the boards' builds lie: with ESP-IDF they are brought up to date first, without it they must be finished. */
function builtFolders(chosen) {
	const place = ({ name }) =>
		join(ROOT, "build", `esp32-${name}`, "out/bin/esp32", name, "release/meterling");
	const finished = (board) => existsSync(join(place(board), BUILT.app));
	if (process.env.IDF_PATH && process.env.MODDABLE)
		for (const board of chosen) {
			const script = [join(ROOT, "tools/build-xs.mjs"), "esp32", board.name];
			const { status } = spawnSync(process.execPath, script, { stdio: "inherit" });
			if (status !== 0 || !finished(board)) throw new Leave(`the build of ${board.name} failed`, REFUSED);
		}
	const unbuilt = chosen.filter((board) => !finished(board));
	if (unbuilt.length > 0)
		throw new Leave(
			`not built, and cannot be built here: ${unbuilt.map(({ name }) => name).join(", ")}. ${missing()} not set. Not made: ${Object.values(BUILT).join(", ")} (docs/building.md)`,
			CANNOT_BUILD,
		);
	return chosen.map(place);
}

function missing() {
	const names = ["MODDABLE", "IDF_PATH"].filter((name) => !process.env[name]);
	return `${names.join(" and ")} ${names.length > 1 ? "are" : "is"}`;
}

/** The board's own table, else the one that boards share. */
function partitionTable(board) {
	const places = [`${board.name}/partitions.csv`, "partitions.csv"].map((name) =>
		join(ROOT, "hardware/boards", name),
	);
	const found = places.find((place) => existsSync(place));
	if (!found)
		throw new Leave(`no partition table for ${board.name}: ${places.map(short).join(", ")}`, REFUSED);
	return found;
}

function readBuild(folder) {
	const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined);
	return Object.fromEntries(Object.entries(BUILT).map(([what, name]) => [what, read(name)]));
}

/** Writes the whole release at once, in place of an older one of the same version. */
function write(target, releases, { tools, version, papers }) {
	rmSync(target, { recursive: true, force: true });
	for (const { board, files } of releases) {
		const folder = join(target, board.name);
		mkdirSync(folder, { recursive: true });
		for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
		console.log(`${short(folder)}: ${files.map(({ name }) => name).join(", ")}`);
	}
	for (const [name, text] of Object.entries(papers)) writeFileSync(join(target, name), text);
	cpSync(tools, join(target, "esp-web-tools"), { recursive: true });
	for (const license of [join(tools, "LICENSE"), join(WEB_TOOLS, "LICENSE")])
		if (existsSync(license)) cpSync(license, join(target, "esp-web-tools/LICENSE"));
	writeFileSync(join(target, "index.html"), webPage({ boards: releases.map(({ board }) => board), version }));
	console.log(`${short(target)}/index.html: serve it over HTTPS, or from this computer`);
}

function short(path) {
	const inside = relative(ROOT, path);
	return inside.startsWith("..") ? path : inside;
}
