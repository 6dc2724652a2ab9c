// Scores `meterling decode` on the captured frames of ../shared/corpora, with the team's own scorer, twice: with the
// protocol named and with `--protocol auto`. Exit status 0 only if every case is right; 3 where the folder is absent.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const scorer = resolve(root, "../shared/corpora/score.py");
if (!existsSync(scorer)) {
	console.log(`captured frames: ${scorer} is absent, nothing was scored`);
	process.exit(3);
}
const command = `${process.execPath} ${resolve(root, "host/cli/meterling.mjs")} decode`;
let wrong = 0;
for (const options of [[], ["--auto"]]) {
	console.log(`\nscore.py --set examples ${options.join(" ")}`);
	const { status, error } = spawnSync(
		"python3",
		[scorer, "--set", "examples", "--cmd", command, ...options, ...process.argv.slice(2)],
		{
			stdio: "inherit",
		},
	);
	if (error) console.error(`python3: ${error.message}`);
	if (status !== 0) wrong++;
}
process.exit(wrong === 0 ? 0 : 1);
