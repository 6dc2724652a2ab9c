// Builds the web page into web/dist: index.html.gz, one file with script and style inside, and the
// Content-Security-Policy that allows exactly these two by their SHA-256. And openapi.json.gz, the API's description.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describeApi } from "./describe-api.mjs";
import { settingTexts } from "./setting-texts.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const web = resolve(root, "web");
const dist = resolve(web, "dist");

/** The module `setting-texts` of web/setting-texts.ts: made of the descriptors, here and now. */
const settingTextsModule = {
	name: "setting-texts",
	setup(bundler) {
		bundler.onResolve({ filter: /^setting-texts$/ }, ({ path }) => ({ path, namespace: "setting-texts" }));
		bundler.onLoad({ filter: /./, namespace: "setting-texts" }, async () => ({
			contents: JSON.stringify(await settingTexts(root)),
			loader: "json",
		}));
	},
};

const { outputFiles } = await build({
	absWorkingDir: root,
	entryPoints: ["web/main.tsx", "web/style.css"],
	bundle: true,
	minify: true,
	format: "esm",
	target: "es2022",
	jsx: "automatic",
	jsxImportSource: "preact",
	legalComments: "none",
	write: false,
	plugins: [settingTextsModule],
	outdir: dist,
	logLevel: "warning",
});
const output = (extension) => outputFiles.find(({ path }) => path.endsWith(extension)).text.trim();
const script = output(".js").replaceAll("</script", "<\\/script");
const style = output(".css");

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

const page = gzipSync(html, { level: 9 });
mkdirSync(dist, { recursive: true });
writeFileSync(resolve(dist, "index.html.gz"), page);
writeFileSync(resolve(dist, "content-security-policy.txt"), `${policy}\n`);
process.stdout.write(`web/dist/index.html.gz: ${page.length} bytes\n`);

const description = gzipSync(describeApi(root), { level: 9 });
writeFileSync(resolve(dist, "openapi.json.gz"), description);
process.stdout.write(`web/dist/openapi.json.gz: ${description.length} bytes\n`);
