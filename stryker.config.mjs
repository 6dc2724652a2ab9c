// Mutation testing of the pure folders, a part at a time: METERLING_MUTATE=protocols/kmp npx stryker run, or by
// `npm run mutation -- protocols/kmp …` (tools/mutation.mjs), which also prints the score.
import { mutationPart } from "./tools/mutation/parts.mjs";

const part = mutationPart(process.env.METERLING_MUTATE);

export default {
	plugins: ["./tools/mutation/bundle-runner.mjs", "./tools/mutation/prose.mjs"],
	testRunner: "bundle",
	coverageAnalysis: "perTest",
	mutate: part.mutate,
	ignorers: ["prose"],
	// Sandbox, reports and the incremental file lie in build/, beside what else is made.
	ignorePatterns: [
		"*",
		"!access/**",
		"!app/**",
		"!detection/**",
		"!docs/settings.md",
		"!firmware/**",
		"!hardware/**",
		"!host/**",
		"!host-test/**",
		"!outputs/**",
		"!protocols/**",
		"!readings/**",
		"!settings/**",
		"!package.json",
	],
	tempDirName: "build/mutation/sandbox",
	incremental: true,
	incrementalFile: `build/mutation/${part.name}.incremental.json`,
	reporters: ["progress-append-only", "clear-text", "json"],
	clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
	jsonReporter: { fileName: `build/mutation/${part.name}.json` },
	thresholds: { high: 90, low: 80, break: 80 },
	concurrency: 1,
	// Long, for loaded computers: endless loops are mostly ended by a count of hits, not by the clock.
	timeoutMS: 5_000,
	allowConsoleColors: false,
};
