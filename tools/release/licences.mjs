// Which licences what ships may have, as SPDX expressions. Development tools may have any, and are listed.
import satisfies from "spdx-satisfies";

/** Each may be shipped with MIT code where its notice goes along (THIRD-PARTY.txt). */
const PACKAGES = [
	"MIT",
	"ISC",
	"0BSD",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"Apache-2.0",
	"Zlib",
	"BlueOak-1.0.0",
	"CC0-1.0",
];
/** LGPL: for the firmware's runtime alone, whose sources and build everyone has. */
const FIRMWARE = [...PACKAGES, "LGPL-3.0-or-later"];

/** What is wrong with these components' licences, a line each. `parts`: as of components(). */
export function licenceProblems(parts) {
	return Object.entries(parts).flatMap(([part, components]) =>
		components.flatMap(({ name, version, license }) => {
			const allowed = part === "firmware" ? FIRMWARE : PACKAGES;
			const what = `${name}${version ? ` ${version}` : ""} (${part})`;
			if (!license) return [`${what} names no licence`];
			return allows(license, allowed) ? [] : [`${what} is ${license}, which is not on the list`];
		}),
	);
}

function allows(expression, allowed) {
	try {
		return satisfies(expression, allowed);
	} catch {
		return false;
	}
}

/** How many packages have which licence: rows of [licence, count], the most frequent first. */
export function licenceCounts(packages) {
	const counts = new Map();
	for (const { license } of packages)
		counts.set(license ?? "none named", (counts.get(license ?? "none named") ?? 0) + 1);
	return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
