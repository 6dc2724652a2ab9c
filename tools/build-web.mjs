// Builds the web page into web/dist: index.html.gz, one file with script and style inside, and the
// Content-Security-Policy that allows exactly these two by their SHA-256; texts-1.gz and texts-2.gz,
// what the page says in languages other than English. And openapi.json.gz, the API's description.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { describeApi } from "./describe-api.mjs";
import { languageFiles } from "./language-files.mjs";
import { settingTexts } from "./setting-texts.mjs";
import { flatTexts } from "./web/flat-texts.mjs";
import { leanPlot } from "./web/lean-plot.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const web = resolve(root, "web");
const dist = resolve(web, "dist");
/** For the page in all its languages. */
const MOST_BYTES = 96 * 1024;

const settings = await settingTexts(root);
const languages = await languageFiles(root, settings);

/** The module `setting-texts` of web/setting-texts.ts: made of the descriptors, here and now. */
const settingTextsModule = {
	name: "setting-texts",
	setup(bundler) {
		bundler.onResolve({ filter: /^setting-texts$/ }, ({ path }) => ({ path, namespace: "setting-texts" }));
		bundler.onLoad({ filter: /./, namespace: "setting-texts" }, () => ({
			contents: JSON.stringify(settings),
			loader: "json",
		}));
	},
};

const { outputFiles } = await build({
	absWorkingDir: root,
	entryPoints: ["web/main.tsx"],
	bundle: true,
	format: "esm",
	target: "es2022",
	// Shorter than what tsconfig.json has.
	tsconfigRaw: { compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" } },
	inject: [resolve(root, "tools/web/jsx.mjs")],
	legalComments: "none",
	write: false,
	define: { TEXTS_TAG: JSON.stringify(languages.tag) },
	plugins: [settingTextsModule, leanPlot],
	outdir: dist,
	logLevel: "warning",
});
const output = (extension) => outputFiles.find(({ path }) => path.endsWith(extension)).text.trim();
const short = await transform(flatTexts(output(".js")), { minify: true, target: "es2022" });
const { code } = await minify(short.code, {
	...{ module: true, ecma: 2020 },
	compress: { passes: 3, unsafe_arrows: true, keep_fargs: false },
});
const script = code.replaceAll("</script", "<\\/script");
const style = (await transform(output(".css"), { loader: "css", minify: true })).code.trim();

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
	"default-src 'none'",
	`script-src ${hash(script)}`,
	`style-src ${hash(style)}`,
	"connect-src 'self'",
	"img-src 'self' data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

const html = readFileSync(resolve(web, "index.html"), "utf8")
	.replace("<style></style>", () => `<style>${style}</style>`)
	.replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
if (!html.includes(script) || !html.includes(style)) throw new Error("web/index.html has lost its places");

mkdirSync(dist, { recursive: true });
// Of builds before: the firmware takes whatever lies here.
rmSync(resolve(dist, "texts.gz"), { force: true });
writeFileSync(resolve(dist, "content-security-policy.txt"), `${policy}\n`);
const page = await compress("index.html.gz", html);
const texts = [];
for (const [index, file] of languages.files.entries())
	texts.push(await compress(`texts-${index + 1}.gz`, file));
const sum = (sizes) => sizes.reduce((all, size) => all + size, page);
process.stdout.write(
	`together ${sum(texts)} of ${MOST_BYTES} bytes; most in one language ${page + Math.max(...texts)}\n`,
);
if (page + Math.max(...texts) > MOST_BYTES)
	throw new Error("A page in one of its languages is too large to be sent");
await compress("openapi.json.gz", describeApi(root));

/** Writes the file, unless that is there already (zopfli takes its time); returns its length. */
async function compress(name, text) {
	const file = resolve(dist, name);
	let bytes = contentOf(file) === text ? readFileSync(file) : undefined;
	if (!bytes) {
		bytes = await gzipAsync(new TextEncoder().encode(text), { numiterations: 15 });
		writeFileSync(file, bytes);
	}
	process.stdout.write(`web/dist/${name}: ${bytes.length} bytes\n`);
	return bytes.length;
}

/** What a compressed file holds; `undefined` where it is not there, or cut short. */
function contentOf(file) {
	try {
		return gunzipSync(readFileSync(file)).toString();
	} catch {
		return undefined;
	}
}
