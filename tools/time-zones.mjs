// Writes settings/time-zone-list.ts: the time zones of this computer's tzdata, each with the POSIX TZ string that ends
// its file (RFC 8536, 3.3), by which the zone's rules hold from now on. Zones are those of zone.tab (one for each
// region of each country), grouped by string so that the list stays small in flash.
//
//   node tools/time-zones.mjs [--check]     --check: exit 1 where the list differs (a newer tzdata, for one)
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const ZONES = process.env.TZDIR ?? "/usr/share/zoneinfo";
const FILE = join(ROOT, "settings/time-zone-list.ts");

const names = readFileSync(join(ZONES, "zone.tab"), "utf8")
	.split("\n")
	.filter((line) => line !== "" && !line.startsWith("#"))
	.map((line) => line.split("\t")[2]);
// `UTC` first: for those who want none.
const groups = new Map([["UTC0", ["UTC"]]]);
for (const name of names.sort()) {
	const posix = readFileSync(join(ZONES, name), "latin1").trimEnd().split("\n").at(-1);
	groups.set(posix, [...(groups.get(posix) ?? []), name]);
}
const lines = [...groups].map(([posix, zones]) => `\t${JSON.stringify(`${posix} ${compact(zones)}`)},`);
const text = `// Time zones and their POSIX TZ strings, made by tools/time-zones.mjs from tzdata ${version()}: not edited by hand.

/** \`POSIX area/city,city;area/city\`, one line for each set of rules. */
export const TIME_ZONE_LIST: readonly string[] = Object.freeze([
${lines.join("\n")}
]);
`;

if (process.argv.includes("--check")) {
	const same = readFileSync(FILE, "utf8").split("\n").slice(1).join() === text.split("\n").slice(1).join();
	console.log(same ? "the list of time zones is fresh" : "the list of time zones is stale");
	process.exitCode = same ? 0 : 1;
} else {
	writeFileSync(FILE, text);
	console.log(`${groups.size} sets of rules, ${names.length} zones, ${text.length} bytes`);
}

/** `Europe/Berlin,Paris;Africa/Ceuta`: an area is written once. */
function compact(zones) {
	const areas = new Map();
	for (const zone of zones) {
		const slash = zone.indexOf("/");
		const [area, city] = slash < 0 ? ["", zone] : [zone.slice(0, slash), zone.slice(slash + 1)];
		areas.set(area, [...(areas.get(area) ?? []), city]);
	}
	return [...areas].map(([area, cities]) => `${area === "" ? "" : `${area}/`}${cities.join(",")}`).join(";");
}

function version() {
	const first = readFileSync(join(ZONES, "tzdata.zi"), "utf8").split("\n")[0];
	return first.replace("# version ", "");
}
