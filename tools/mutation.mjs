// Mutation score of the pure folders, by Stryker: how many of the small faults that it puts into the sources the unit tests
// notice. Reports, and what an unchanged mutant did last time, lie in build/mutation. Exit 1 where a folder is under 80 %.
//
//   node tools/mutation.mjs [FOLDER …]     protocols/kmp readings …; all of tools/mutation/parts.mjs by default
//   node tools/mutation.mjs --short        the smallest folder, whole and from the beginning: for CI
//   node tools/mutation.mjs --table        the table of the reports there are, as docs/reliability.md has it
//   node tools/mutation.mjs --survivors FOLDER
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MUTATION_PARTS, mutationPart } from "./mutation/parts.mjs";
import { ROOT } from "./release/components.mjs";

const CAUGHT = ["Killed", "Timeout"];
const MISSED = ["Survived", "NoCoverage"];
/** Some twenty seconds. Others take minutes, and a sample of all folders twelve: all their tests are loaded for each mutant. */
const SHORT = "protocols/kmp382";

const [first, second] = process.argv.slice(2);
if (first === "--table") table();
else if (first === "--survivors") survivors(second);
else if (first === "--short") short();
else run(first ? process.argv.slice(2) : MUTATION_PARTS);

function run(parts) {
	for (const part of parts) {
		forgetSurvivors(part);
		stryker(part);
	}
	table();
}

function short() {
	stryker(SHORT, "--force", "--reporters", "json", "--logLevel", "warn");
	const list = mutants(SHORT);
	const caught = list.filter(({ status }) => CAUGHT.includes(status)).length;
	const missed = list.filter(({ status }) => MISSED.includes(status)).length;
	console.log(`${SHORT}: ${caught} of ${caught + missed} noticed, ${share(caught, caught + missed)}`);
	if (process.exitCode === 1) survivors(SHORT);
}

/** Sets the exit code where it fails, or its folder is under the threshold (stryker.config.mjs). */
function stryker(part, ...options) {
	const { status } = spawnSync(
		process.execPath,
		["node_modules/@stryker-mutator/core/bin/stryker.js", "run", ...options],
		{
			cwd: ROOT,
			env: { ...process.env, METERLING_MUTATE: part },
			stdio: "inherit",
		},
	);
	if (status !== 0) process.exitCode = 1;
}

/**
 * What was noticed last time is not tried again while the source is the same; what was not, is: Stryker would only do so
 * where it knows of a new test that runs the place, and of what runs while modules load it does not.
 */
function forgetSurvivors(part) {
	const file = join(ROOT, "build/mutation", `${mutationPart(part).name}.incremental.json`);
	if (!existsSync(file)) return;
	const report = JSON.parse(readFileSync(file, "utf8"));
	for (const each of Object.values(report.files))
		each.mutants = each.mutants.filter(({ status }) => !MISSED.includes(status));
	writeFileSync(file, JSON.stringify(report));
}

function reportFile(part) {
	return join(ROOT, "build/mutation", `${mutationPart(part).name}.json`);
}

function mutants(part) {
	const { files } = JSON.parse(readFileSync(reportFile(part), "utf8"));
	return Object.entries(files).flatMap(([file, { source, mutants: list }]) =>
		list.map((mutant) => ({ ...mutant, file, source })),
	);
}

function table() {
	console.log("| folder | mutants | noticed | survived | not run by a test | score | date |");
	console.log("|---|---|---|---|---|---|---|");
	let [all, noticed] = [0, 0];
	for (const part of MUTATION_PARTS) {
		if (!existsSync(reportFile(part))) {
			console.log(`| ${part} | not run | | | | | |`);
			continue;
		}
		const list = mutants(part);
		const count = (...states) => list.filter(({ status }) => states.includes(status)).length;
		const valid = count(...CAUGHT, ...MISSED);
		all += valid;
		noticed += count(...CAUGHT);
		const date = statSync(reportFile(part)).mtime.toISOString().slice(0, 10);
		console.log(
			`| ${part} | ${valid} | ${count(...CAUGHT)} | ${count("Survived")} | ${count("NoCoverage")} | ${share(count(...CAUGHT), valid)} | ${date} |`,
		);
	}
	console.log(`| together | ${all} | ${noticed} | | | ${share(noticed, all)} | |`);
}

function share(part, whole) {
	return `${((100 * part) / whole).toFixed(1)} %`;
}

function survivors(part) {
	for (const { file, source, status, location, mutatorName, replacement } of mutants(part)) {
		if (!MISSED.includes(status)) continue;
		const line = source.split("\n")[location.start.line - 1].trim();
		console.log(
			`${file}:${location.start.line} ${mutatorName}${status === "NoCoverage" ? ", not run" : ""}: ${line}`,
		);
		console.log(`    ${replacement.replace(/\s+/g, " ").slice(0, 100)}`);
	}
}
