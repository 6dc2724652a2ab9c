// What a release tells of other people's work: bills of materials against CycloneDX's own schema, licences and findings of
// `npm audit` on cases written by hand, and the list of components against what esbuild really bundles.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";

interface Component {
	readonly name: string;
	readonly version?: string;
	readonly license?: string;
	readonly folder?: string;
}
interface Bill {
	readonly components: readonly { readonly name: string; readonly version?: string; readonly purl: string }[];
	readonly [key: string]: unknown;
}

const ROOT = resolve(__dirname, "../..");
const SCHEMAS = join(
	dirname(createRequire(__filename).resolve("@cyclonedx/cyclonedx-library/package.json")),
	"res/schema",
);

/** The tools are modules, these tests are not: each expression runs in a Node of its own. */
function told<T>(imports: string, expression: string): T {
	const { execFileSync } = require("node:child_process") as typeof import("node:child_process");
	const script = `${imports}; process.stdout.write(JSON.stringify(${expression}))`;
	const text = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
		cwd: ROOT,
		encoding: "utf8",
		maxBuffer: 1 << 26,
	});
	return JSON.parse(text) as T;
}

const COMPONENTS = 'import { components, shippedPlaces } from "./tools/release/components.mjs"';

function validator() {
	const schema = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, name), "utf8"));
	const ajv = new Ajv({ strict: false, logger: false });
	addFormats(ajv);
	// Formats of JSON Schema that ajv-formats does not know; nothing in our bills uses them.
	for (const format of ["iri-reference", "idn-email"]) ajv.addFormat(format, true);
	for (const name of ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"])
		ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}`);
	return ajv.compile(schema("bom-1.6.SNAPSHOT.schema.json"));
}

describe("the bill of materials", () => {
	const bill = (names: string, type: string): Bill =>
		told(
			`${COMPONENTS}; import { billOfMaterials } from "./tools/release/bill-of-materials.mjs"`,
			`(({ ${names} }) => billOfMaterials({ name: "meterling", version: "1.2.3", type: "${type}", parts: { ${names} } }))(components())`,
		);
	const firmware = bill("firmware, page, flasher", "firmware");
	const host = bill("page, host", "application");

	test.each([
		["firmware", firmware],
		["package", host],
	])("of the %s is valid CycloneDX 1.6", (_, made) => {
		const valid = validator();
		expect([valid(made), valid.errors]).toEqual([true, null]);
	});

	test("a wrong one is found by the schema: an unknown licence, a hash that is none, a component without a name", () => {
		const valid = validator();
		const [first, ...rest] = host.components;
		for (const wrong of [
			{ ...first, licenses: [{ license: { id: "MIT-like" } }] },
			{ ...first, hashes: [{ alg: "SHA-512", content: "no" }] },
			{ ...first, name: undefined },
		])
			expect(valid(JSON.parse(JSON.stringify({ ...host, components: [wrong, ...rest] })))).toBe(false);
	});

	test("names what the firmware is linked with, and the versions that the build asks for", () => {
		const versions = Object.fromEntries(firmware.components.map(({ name, version }) => [name, version]));
		const building = readFileSync(join(ROOT, "docs/building.md"), "utf8");
		expect(building).toContain(`Moddable SDK ${versions["Moddable SDK"]}, ESP-IDF v${versions["ESP-IDF"]}`);
		expect(versions).toMatchObject({ preact: expect.any(String), uplot: expect.any(String) });
		expect(Object.keys(versions)).toEqual(expect.arrayContaining(["XS", "littlefs", "esptool-js"]));
	});

	test("the same sources give the same bill", () => {
		expect(bill("firmware, page, flasher", "firmware")).toEqual(firmware);
	});
});

describe("the list of components", () => {
	const parts = told<Record<string, Component[]>>(COMPONENTS, "components()");

	test("has every package that esbuild bundles into the page", () => {
		const { execFileSync } = require("node:child_process") as typeof import("node:child_process");
		const script = `import { build } from "esbuild";
			const { metafile } = await build({ entryPoints: ["web/main.tsx"], bundle: true, write: false, metafile: true, outdir: "x",
				jsx: "automatic", jsxImportSource: "preact", external: ["setting-texts"], define: { TEXTS_TAG: '""' } });
			process.stdout.write(JSON.stringify(Object.keys(metafile.inputs)))`;
		const inputs = JSON.parse(
			execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT, encoding: "utf8" }),
		) as string[];
		const packages = inputs.flatMap(
			(input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1] ?? [],
		);
		expect([...new Set(packages)].sort()).toEqual(parts.page?.map(({ name }) => name));
	});

	test("what npm installs beside the package is what package.json names, and all that needs", () => {
		const names = new Set(parts.host?.map(({ name }) => name));
		for (const name of ["aedes", "mqtt-packet", "serialport", "@serialport/bindings-cpp"])
			expect(names).toContain(name);
		expect(names).not.toContain("typescript");
	});
});

describe("licences", () => {
	const LICENCES = 'import { licenceProblems } from "./tools/release/licences.mjs"';
	const problems = (parts: Record<string, Component[]>) =>
		told<string[]>(LICENCES, `licenceProblems(${JSON.stringify(parts)})`);

	test.each([
		["MIT", 0],
		["(MIT AND Zlib)", 0],
		["(GPL-2.0-only OR MIT)", 0],
		["MIT AND GPL-3.0-only", 1],
		["LGPL-3.0-or-later", 1],
		["SEE LICENSE IN LICENSE.md", 1],
	])("a package that is %s: %d problems", (license, count) => {
		expect(problems({ host: [{ name: "x", version: "1.0.0", license }] })).toHaveLength(count);
	});

	test("a package without one is a problem; LGPL is none for the firmware's runtime", () => {
		expect(problems({ page: [{ name: "x", version: "1.0.0" }] })).toEqual([
			"x 1.0.0 (page) names no licence",
		]);
		expect(problems({ firmware: [{ name: "SDK", license: "LGPL-3.0-or-later" }] })).toEqual([]);
	});
});

describe("findings of npm audit", () => {
	const judged = (exceptions: readonly object[], today = "2026-11-21") =>
		told<{ failures: string[]; notes: string[] }>(
			'import { judgeAudit } from "./tools/release/audit.mjs"',
			`judgeAudit(${JSON.stringify(REPORT)}, new Set(["node_modules/preact", "node_modules/aedes"]), ${JSON.stringify(exceptions)}, "${today}")`,
		);
	const advisory = "https://github.com/advisories/GHSA-aaaa-bbbb-cccc";
	const REPORT = {
		auditReportVersion: 2,
		vulnerabilities: {
			preact: { name: "preact", severity: "high", via: [{ url: advisory }], nodes: ["node_modules/preact"] },
			aedes: {
				name: "aedes",
				severity: "moderate",
				via: [{ url: "https://x" }],
				nodes: ["node_modules/aedes"],
			},
			jest: { name: "jest", severity: "critical", via: [{ url: "https://y" }], nodes: ["node_modules/jest"] },
		},
	};
	const exception = {
		advisory,
		package: "preact",
		reason: "only in SSR, which the page has not",
		until: "2026-12-01",
	};

	test("high in what ships fails; moderate, and anything in development tools, is told", () => {
		const { failures, notes } = judged([]);
		expect(failures).toEqual([`preact: high, ships: ${advisory}`]);
		expect(notes).toHaveLength(2);
	});

	test("an exception with reason and date holds to its last day, and not beyond", () => {
		expect(judged([exception], "2026-12-01").failures).toEqual([]);
		expect(judged([exception], "2026-12-02").failures).toHaveLength(1);
	});

	test.each(["reason", "until", "package"])("an exception without %s is a failure itself", (field) => {
		expect(judged([{ ...exception, [field]: undefined }]).failures.length).toBeGreaterThan(0);
	});
});
