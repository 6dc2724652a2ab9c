// Makes build/interop for host-test/interop: readers by other people, pinned. A Python environment, and a folder of npm
// packages that the project itself must not depend on. Does nothing where it is up to date.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = resolve(root, "host-test/interop");
const folder = resolve(root, "build/interop");
const packages = resolve(folder, "node");
/** Pinned lists, and the copies that say what is installed. */
const PINNED = [
	[resolve(source, "requirements.txt"), resolve(folder, "requirements.txt")],
	[resolve(source, "node/package-lock.json"), resolve(packages, "package-lock.json")],
];

function isFresh([pinned, installed]) {
	return existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(pinned, "utf8");
}

function run(program, ...args) {
	const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
	if (status === 0) return;
	console.error(`${program} ${args[0]} failed${error ? `: ${error.message}` : ""}`);
	process.exit(1);
}

const [[requirements, installed]] = PINNED;
if (PINNED.every(isFresh)) {
	console.log("build/interop is up to date");
} else if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
	// `venv --clear` would empty what it leads to.
	console.error("build/interop is a link to another checkout's, and is not what this one needs");
	process.exit(1);
} else {
	run("python3", "-m", "venv", "--clear", folder);
	run(resolve(folder, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "-r", requirements);
	mkdirSync(packages, { recursive: true });
	copyFileSync(resolve(source, "node/package.json"), resolve(packages, "package.json"));
	copyFileSync(resolve(source, "node/package-lock.json"), resolve(packages, "package-lock.json"));
	// Native parts come built; nothing is compiled and no script is run.
	run("npm", "ci", "--prefix", packages, "--ignore-scripts", "--silent");
	copyFileSync(requirements, installed);
	console.log("build/interop is ready");
}
