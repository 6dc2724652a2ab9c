#!/usr/bin/env node
// The `meterling` command as it is installed: starts the built bundle, and builds it first where there is none.
// No logic of its own: that is main.ts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = new URL("../../dist/meterling.mjs", import.meta.url);

if (!existsSync(bundle)) {
	const build = fileURLToPath(new URL("../../tools/build-host.mjs", import.meta.url));
	const { status } = spawnSync(process.execPath, [build], { stdio: ["ignore", "ignore", "ignore"] });
	if (status !== 0 || !existsSync(bundle)) {
		process.stderr.write("meterling is not built yet: run `npm ci` in its folder, then try again\n");
		process.exit(2);
	}
}

await import(bundle.href);
