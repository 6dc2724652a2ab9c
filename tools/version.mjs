// The version's one place is package.json. This writes it into app/version.ts, from where page, API, log and command line
// have it.
//
//   npm version 0.2.0 --no-git-tag-version && node tools/version.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const SOURCE = join(ROOT, "app/version.ts");
const LINE = /(export const VERSION = ")([^"]*)(";)/;

/** The version of package.json, and the one that is built into the firmware. */
export function versions() {
	const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
	return { version, built: LINE.exec(readFileSync(SOURCE, "utf8"))?.[2] };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
	const { version, built } = versions();
	if (built !== version) writeFileSync(SOURCE, readFileSync(SOURCE, "utf8").replace(LINE, `$1${version}$3`));
	console.log(`app/version.ts: ${version}`);
}
