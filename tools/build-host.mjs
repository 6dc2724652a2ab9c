// Builds the `meterling` command for Node into dist/: one bundle, in which the SDK's module specifiers
// (`embedded:…`, `timer`, …) resolve to host/platform. Packages from npm stay outside the bundle.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { hostPlatform } from "./host-platform.mjs";

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
