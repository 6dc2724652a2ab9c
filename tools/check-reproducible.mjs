// Builds twice, in two places and at two times, and compares: the same sources must give the same bytes. Each copy of the
// sources (what git knows, as it lies in the working tree) has its own path; for the second one the clock of Node is 400
// days on, the time zone and the language are others, and files are as old as that.
//
//   node tools/check-reproducible.mjs [--quick]    the package as npm packs it: command, page and notices; where MODDABLE
//                                                  is set, also the linked archive of esp32-devkit. --quick: the command alone
// Exit status: 0 equal · 1 not, and where they differ.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./release/components.mjs";

const BOARD = "esp32-devkit";
const DAYS_LATER = 400;
const quick = process.argv.includes("--quick");

const scratch = mkdtempSync(join(tmpdir(), "meterling-twice-"));
const here = { folder: join(scratch, "a"), env: { TZ: "UTC", LANG: "C.UTF-8" } };
const there = {
	folder: join(scratch, "somewhere-else/much-deeper/b"),
	env: { TZ: "Pacific/Auckland", LANG: "de_DE.UTF-8", NODE_OPTIONS: `--require=${laterClock()}` },
	later: true,
};
let unlike = 0;
try {
	for (const place of [here, there]) copySources(place);
	compare("command", (place) => built(place, "tools/build-host.mjs", "dist"));
	if (!quick) compare("package", packed);
	if (!quick && process.env.MODDABLE) compare(`archive of ${BOARD}`, linked);
	else if (!quick) console.log(`archive of ${BOARD}: not compared, MODDABLE is not set`);
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = unlike > 0 ? 1 : 0;

/** Makes both, and says which files differ. `make` returns file contents by name. */
function compare(what, make) {
	const [one, other] = [make(here), make(there)];
	const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
	const differing = names.filter((name) => !one[name] || !other[name] || !one[name].equals(other[name]));
	for (const name of differing)
		console.error(`FAILED: ${what}: ${name} ${difference(one[name], other[name])}`);
	unlike += differing.length;
	const whole = createHash("sha256");
	for (const name of names) whole.update(name).update(one[name] ?? "");
	if (differing.length === 0)
		console.log(`${what}: ${names.length} files, equal (sha256 ${whole.digest("hex").slice(0, 16)})`);
}

function difference(one, other) {
	if (!one || !other) return "is in one of them only";
	const at = one.findIndex((byte, index) => byte !== other[index]);
	return `differs from byte ${at} of ${one.length} on: ${JSON.stringify(one.subarray(at, at + 60).toString("latin1"))}`;
}

function copySources({ folder, later }) {
	const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
		cwd: ROOT,
		encoding: "utf8",
	});
	const when = Date.now() / 1000 + (later ? 0 : -DAYS_LATER * 86_400);
	for (const name of names.split("\0")) {
		const file = join(ROOT, name);
		if (name === "" || !existsSync(file) || statSync(file).isDirectory()) continue;
		const copy = join(folder, name);
		mkdirSync(dirname(copy), { recursive: true });
		cpSync(file, copy);
		utimesSync(copy, when, when);
	}
	symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
}

/** A module that sets Node's clock on. */
function laterClock() {
	const file = join(scratch, "later.cjs");
	writeFileSync(
		file,
		`const Real = Date;
const later = ${DAYS_LATER} * 86400000;
globalThis.Date = class extends Real {
	constructor(...values) {
		if (values.length === 0) super(Real.now() + later);
		else super(...values);
	}
	static now() {
		return Real.now() + later;
	}
};
`,
	);
	return file;
}

function run({ folder, env }, command, flags) {
	const { status, stdout, stderr } = spawnSync(command, flags, {
		cwd: folder,
		env: { ...process.env, ...env },
		encoding: "utf8",
		maxBuffer: 1 << 27,
	});
	if (status !== 0) throw new Error(`${command} ${flags.join(" ")} failed in ${folder}:\n${stdout}${stderr}`);
}

function built(place, script, folder) {
	run(place, process.execPath, [script]);
	return contents(join(place.folder, folder));
}

/** The tarball, which `npm pack` makes with all builds before it. */
function packed(place) {
	run(place, "npm", ["pack", "--pack-destination", place.folder]);
	const name = readdirSync(place.folder).find((entry) => entry.endsWith(".tgz"));
	return { ...contents(join(place.folder, "web/dist")), [name]: readFileSync(join(place.folder, name)) };
}

/** What xsl leaves: the archive as C, with the preloaded heap, and the bytecode. A build that is too large is compared too. */
function linked({ folder, env }) {
	const flags = ["tools/build-xs.mjs", "esp32", BOARD];
	const { IDF_PATH: _, ...mine } = process.env;
	const { stdout, stderr } = spawnSync(process.execPath, flags, {
		cwd: folder,
		env: { ...mine, ...env },
		encoding: "utf8",
	});
	const made = join(folder, "build", `esp32-${BOARD}`, "out/tmp/esp32", BOARD, "release/meterling");
	if (!existsSync(join(made, "mc.xs.c"))) throw new Error(`no archive in ${folder}:\n${stdout}${stderr}`);
	const names = readdirSync(made).filter((name) => name.startsWith("mc.") && !name.endsWith(".o"));
	return Object.fromEntries(names.map((name) => [name, readFileSync(join(made, name))]));
}

function contents(folder) {
	return Object.fromEntries(
		readdirSync(folder, { recursive: true })
			.filter((name) => statSync(join(folder, name)).isFile())
			.map((name) => [name, readFileSync(join(folder, name))]),
	);
}
