// Tests on XS have manifests written by hand. A module that another one imports and no manifest names ends the engine before its
// first test, and only where the SDK is installed: so it is looked for here.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { importsOf, ROOT } from "./imports.js";

type Modules = Readonly<Record<string, string | readonly string[]>>;

/** Sources of a manifest and of those of this project that it includes, as paths from the root without an ending. */
function sourcesOf(manifest: string): string[] {
	const { modules = {}, include = [] } = JSON.parse(readFileSync(join(ROOT, manifest), "utf8")) as {
		modules?: Modules;
		include?: readonly string[];
	};
	const at = (path: string) => normalize(join(dirname(manifest), path));
	const own = Object.values(modules).flat();
	const included = include.filter((path) => path.startsWith(".")).map(at);
	return [...own.map(at), ...included.flatMap(sourcesOf)];
}

test.each(["host-test/xs-conformance/manifest.json", "host-test/xs-crash/manifest.json"])(
	"%s names every module that its modules import",
	(manifest) => {
		const sources = sourcesOf(manifest);
		const files = sources.map((source) => `${source}.ts`).filter((file) => existsSync(join(ROOT, file)));
		expect(files.length).toBeGreaterThan(1);
		const missing = files.flatMap((file) =>
			importsOf(file)
				.filter(({ target, typeOnly }) => target !== undefined && !typeOnly)
				.filter(({ target = "" }) => !sources.includes(target.replace(/(\.d)?\.[jt]s$/, "")))
				.map(({ target }) => `${file} imports ${target}`),
		);
		expect(missing).toEqual([]);
	},
);
