// The texts of all languages, from web/texts: what the page has in English, and the packed file of all others.
import { createHash } from "node:crypto";
import { build } from "esbuild";

/** In the order of LANGUAGES in web/texts/texts.ts. */
export const OTHERS = ["nl", "de", "da", "nb", "sv"];

/**
 * `{ tag, file }`: the file's text, and what it begins with. `settings`: the English texts of the settings
 * (setting-texts.mjs).
 */
export async function languageFile(root, settings) {
	const { packed, en, ...languages } = await loaded(root);
	const text = packed(
		{ texts: en, settings },
		OTHERS.map((name) => languages[name]),
	);
	const tag = createHash("sha256")
		.update(JSON.stringify([text, en, settings]))
		.digest("hex")
		.slice(0, 8);
	return { tag, file: JSON.stringify([tag, text]) };
}

/** The modules of web/texts that need no browser. */
async function loaded(root) {
	const names = ["en", ...OTHERS];
	const { outputFiles } = await build({
		stdin: {
			contents: [...names, "packed"].map((name) => `export { ${name} } from "./${name}.js";`).join("\n"),
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
