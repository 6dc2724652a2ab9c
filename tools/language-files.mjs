// The texts of all languages, from web/texts: what the page has in English, and the packed files of all others.
import { createHash } from "node:crypto";
import { build } from "esbuild";

/**
 * `{ tag, files }`: the text of each file, by GROUPS of web/texts/texts.ts, and the tag that it begins with. `settings`:
 * the English texts of the settings (setting-texts.mjs).
 */
export async function languageFiles(root, settings) {
	const { packed, GROUPS, en, ...languages } = await loaded(root);
	const texts = GROUPS.map((group) =>
		packed(
			{ texts: en, settings },
			group.map((name) => languages[name]),
		),
	);
	const tag = createHash("sha256")
		.update(JSON.stringify([texts, en, settings]))
		.digest("hex")
		.slice(0, 8);
	return { tag, files: texts.map((text) => JSON.stringify([tag, text])) };
}

/** The modules of web/texts that need no browser. */
async function loaded(root) {
	const names = ["en", "nl", "de", "da", "nb", "sv"];
	const { outputFiles } = await build({
		stdin: {
			contents: [
				...[...names, "packed"].map((name) => `export { ${name} } from "./${name}.js";`),
				'export { GROUPS } from "./texts.js";',
			].join("\n"),
			resolveDir: `${root}/web/texts`,
			loader: "ts",
		},
		bundle: true,
		format: "esm",
		write: false,
		logLevel: "warning",
	});
	return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}
