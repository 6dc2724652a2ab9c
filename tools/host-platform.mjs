// For bundles that run on Node: the SDK's module specifiers (`embedded:…`, `timer`, …) resolve to host/platform.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const platform = resolve(dirname(fileURLToPath(import.meta.url)), "../host/platform");
const specifiers = JSON.parse(readFileSync(resolve(platform, "specifiers.json"), "utf8"));

/** A plugin of esbuild. */
export const hostPlatform = {
	name: "host-platform",
	setup(bundler) {
		bundler.onResolve({ filter: /^[^./]/ }, ({ path }) =>
			path in specifiers ? { path: resolve(platform, specifiers[path]) } : undefined,
		);
	},
};
