// Checks what ships of other people's work: licences against the list of tools/release/licences.mjs, and known
// vulnerabilities by `npm audit` (exceptions, each with a reason and its last day: tools/release/audit-exceptions.json).
//
//   node tools/check-dependencies.mjs        exit 0: in order, or the registry could not be asked, which is said · 1: not
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judgeAudit } from "./release/audit.mjs";
import { allPackages, components, ROOT, shippedPlaces } from "./release/components.mjs";
import { licenceCounts, licenceProblems } from "./release/licences.mjs";

const problems = [...licences(), ...vulnerabilities()];
for (const problem of problems) console.error(`FAILED: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

function licences() {
	const parts = components();
	const found = licenceProblems(parts);
	const counts = Object.entries(parts).map(([part, list]) => `${part} ${list.length}`);
	console.log(`licences: ${counts.join(", ")}; ${found.length} not on the list`);
	const tools = licenceCounts(allPackages().filter(({ dev }) => dev));
	console.log(`  development only: ${tools.map(([licence, count]) => `${licence} ${count}`).join(", ")}`);
	return found;
}

function vulnerabilities() {
	const { stdout } = spawnSync("npm", ["audit", "--json"], { cwd: ROOT, encoding: "utf8" });
	const report = parsed(stdout);
	if (report?.auditReportVersion !== 2) {
		const why = report?.message ?? report?.error?.summary ?? "no answer";
		console.log(
			`npm audit: NOT ASKED, the registry gave no report (${why}). Nothing is known about vulnerabilities.`,
		);
		return [];
	}
	const exceptions = JSON.parse(readFileSync(join(ROOT, "tools/release/audit-exceptions.json"), "utf8"));
	const today = new Date().toISOString().slice(0, 10);
	const { failures, notes } = judgeAudit(report, shippedPlaces(), exceptions, today);
	console.log(
		`npm audit: ${failures.length + notes.length} findings, ${failures.length} of them high or critical in what ships`,
	);
	for (const note of notes) console.log(`  ${note}`);
	return failures;
}

function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
