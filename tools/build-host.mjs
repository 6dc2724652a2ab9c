// Builds the `meterling` command for Node into dist/: one bundle, in which the SDK's module specifiers
// (`embedded:…`, `timer`, …) resolve to host/platform. Packages from npm stay outside the bundle.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const platform = resolve(root, "host/platform");
const specifiers = JSON.parse(readFileSync(resolve(platform, "specifiers.json"), "utf8"));

/** Resolves the SDK's specifiers to their host implementations. */
const hostPlatform = {
	name: "host-platform",
	setup(bundler) {
		bundler.onResolve({ filter: /^[^./]/ }, ({ path }) =>
			path in specifiers ? { path: resolve(platform, specifiers[path]) } : undefined,
		);
	},
};

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
