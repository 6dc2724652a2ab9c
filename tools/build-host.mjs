// Builds the `meterling` command for Node into dist/: one bundle, in which the SDK's module specifiers
// (`embedded:…`, `timer`, …) resolve to host/platform. Packages from npm stay outside the bundle. Beside it the notices of
// those that the web page holds.
import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { hostPlatform } from "./host-platform.mjs";
import { components } from "./release/components.mjs";
import { thirdParty } from "./release/third-party.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
await build({
	absWorkingDir: root,
	entryPoints: { meterling: "host/cli/main.ts" },
	outdir: "dist",
	outExtension: { ".js": ".mjs" },
	bundle: true,
	splitting: true,
	platform: "node",
	format: "esm",
	target: "node20",
	packages: "external",
	sourcemap: true,
	plugins: [hostPlatform],
	logLevel: "warning",
});
writeFileSync(resolve(root, "dist/THIRD-PARTY.txt"), thirdParty(components(root), ["page"]));
