// A plugin for Stryker: runs the tests of a part inside one process, from one bundle that is evaluated anew for each mutant.
// Jest starts, crawls and isolates for seconds each time; here a mutant costs what its tests cost. It knows of jest what these
// tests use: describe, test, it (each, skip, only on a condition), before and after each, and jest's own expect.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { Script } from "node:vm";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
	DryRunStatus,
	determineHitLimitReached,
	TestStatus,
	toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";
import { bind } from "jest-each";
import { hostPlatform } from "../host-platform.mjs";
import { mutationPart, SLOW_TESTS } from "./parts.mjs";

const require = createRequire(import.meta.url);
const { expect } = require("expect");
// One counterexample kills a mutant; the smallest one is not asked for. The same examples for each mutant and in each run.
const RUNS = 30;
require("fast-check").configureGlobal({ endOnFailure: true, numRuns: RUNS, seed: 7 });
process.env.METERLING_RUNS ??= `${RUNS}`;

/** In the sandbox: a runner that was stopped for its endless loop is followed by one that has had no dry run. */
const TIMES = "mutation-times.json";

class BundleRunner {
	#script;
	#tests = [];

	capabilities() {
		return { reloadEnvironment: true };
	}

	/** Bundles the sandbox's tests, whose sources have all mutants in them. */
	async init() {
		const root = process.cwd();
		const files = testFiles(root, mutationPart(process.env.METERLING_MUTATE));
		if (files.length === 0) throw new Error("no tests for this part");
		const { outputFiles } = await build({
			stdin: {
				contents: files
					.map((file) => `testFile(${JSON.stringify(file)}, () => require(${JSON.stringify(`./${file}`)}));`)
					.join("\n"),
				resolveDir: root,
			},
			bundle: true,
			platform: "node",
			format: "cjs",
			packages: "external",
			write: false,
			plugins: [hostPlatform, folderNames],
			logLevel: "warning",
		});
		this.#script = new Script(
			`(function (require, testFile, describe, test, it, beforeEach, afterEach, beforeAll, afterAll, expect) {${outputFiles[0].text}\n})`,
			{ filename: "mutation-tests.cjs" },
		);
	}

	/** Without mutants. How long each test takes is kept: mutants meet the quick ones first. */
	async dryRun({ coverageAnalysis }) {
		const stryker = strykerGlobal();
		stryker.activeMutant = undefined;
		stryker.hitLimit = undefined;
		stryker.mutantCoverage = { static: {}, perTest: {} };
		this.#load();
		const tests = await this.#run(() => true, false, stryker);
		writeFileSync(
			TIMES,
			JSON.stringify(Object.fromEntries(tests.map((test) => [test.id, test.timeSpentMs]))),
		);
		return {
			status: DryRunStatus.Complete,
			tests,
			...(coverageAnalysis === "off" ? {} : { mutantCoverage: stryker.mutantCoverage }),
		};
	}

	async mutantRun({ activeMutant, mutantActivation, testFilter, hitLimit, disableBail }) {
		const stryker = strykerGlobal();
		stryker.mutantCoverage = undefined;
		stryker.hitCount = hitLimit === undefined ? undefined : 0;
		stryker.hitLimit = hitLimit;
		stryker.activeMutant = mutantActivation === "static" ? activeMutant.id : undefined;
		try {
			this.#load();
		} catch (error) {
			return toMutantRunResult({
				status: DryRunStatus.Complete,
				tests: [failed("(modules load)", 0, error)],
			});
		}
		stryker.activeMutant = activeMutant.id;
		const wanted = testFilter && new Set(testFilter);
		const tests = await this.#run(({ id }) => !wanted || wanted.has(id), !disableBail, stryker);
		const endless = determineHitLimitReached(stryker.hitCount, hitLimit);
		return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests }, disableBail);
	}

	/** Evaluates the bundle: fills the list of tests. */
	#load() {
		this.#tests = [];
		const { begin, describe, test, hook } = collector(this.#tests);
		this.#script.runInThisContext()(
			require,
			begin,
			describe,
			test,
			test,
			hook("before"),
			hook("after"),
			hook("first"),
			hook("last"),
			expect,
		);
		if (!existsSync(TIMES)) return;
		const times = JSON.parse(readFileSync(TIMES, "utf8"));
		this.#tests.sort((a, b) => times[a.id] - times[b.id]);
	}

	async #run(wanted, bail, stryker) {
		const results = [];
		for (const test of this.#tests) {
			if (!wanted(test)) continue;
			stryker.currentTestId = test.id;
			const result = await outcome(test);
			stryker.currentTestId = undefined;
			results.push(result);
			if (bail && result.status === TestStatus.Failed) break;
		}
		return results;
	}
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "bundle", BundleRunner)];

/** What the mutated sources ask which mutant is on, and tell what ran. */
function strykerGlobal() {
	globalThis.__stryker__ ??= {};
	return globalThis.__stryker__;
}

/** Jest's `__dirname`, which a bundle does not have. */
const folderNames = {
	name: "folder-names",
	setup(bundler) {
		bundler.onLoad({ filter: /\/host-test\/.*\.ts$/ }, ({ path }) => ({
			contents: readFileSync(path, "utf8").replaceAll("__dirname", JSON.stringify(dirname(path))),
			loader: "ts",
		}));
	},
};

function testFiles(root, { tests, slow }) {
	const folder = resolve(root, "host-test");
	return readdirSync(folder, { recursive: true })
		.map((name) => relative(root, join(folder, name)))
		.filter((name) => name.endsWith(".test.ts"))
		.filter((name) => tests.some((pattern) => pattern.test(name)))
		.filter((name) => !slow.some((pattern) => pattern.test(name)))
		.sort();
}

/** `describe`, `test` and hooks that collect into `tests`: { id, run, skip, before, after }. */
function collector(tests) {
	let suite = { title: "", before: [], after: [], skip: false };
	const ids = new Map();

	function begin(file, load) {
		suite = { title: file, before: [], after: [], skip: false };
		load();
	}
	const describing = (skip) => (title, body) => {
		const outer = suite;
		suite = {
			title: `${outer.title} › ${title}`,
			before: [...outer.before],
			after: [...outer.after],
			skip: skip || outer.skip,
		};
		body();
		suite = outer;
	};
	const testing = (skip) => (title, run) => {
		const name = `${suite.title} › ${title}`;
		const same = (ids.get(name) ?? 0) + 1;
		ids.set(name, same);
		if (!SLOW_TESTS.test(name))
			tests.push({ id: same === 1 ? name : `${name} (${same})`, run, skip: skip || suite.skip, suite });
	};
	const withEach = (make) =>
		Object.assign(make(false), {
			each: bind(make(false), false),
			skip: Object.assign(make(true), { each: bind(make(true), false) }),
		});
	const hook = (kind) => (run) => {
		let ran = false;
		// Hooks for all tests run before the first of them, as no test here leaves anything to close behind the last.
		if (kind === "first")
			suite.before.push(async () => {
				if (!ran) await run();
				ran = true;
			});
		else if (kind !== "last") suite[kind].push(run);
	};
	return { begin, describe: withEach(describing), test: withEach(testing), hook };
}

async function outcome({ id, run, skip, suite }) {
	if (skip) return { id, name: id, timeSpentMs: 0, status: TestStatus.Skipped };
	const began = performance.now();
	try {
		for (const hook of suite.before) await hook();
		await run();
		for (const hook of suite.after) await hook();
		return { id, name: id, timeSpentMs: performance.now() - began, status: TestStatus.Success };
	} catch (error) {
		return failed(id, performance.now() - began, error);
	}
}

function failed(id, timeSpentMs, error) {
	const failureMessage = String(error?.message ?? error);
	return { id, name: id, timeSpentMs, status: TestStatus.Failed, failureMessage };
}
