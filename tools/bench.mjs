// How fast readings are made and sent, and what that allocates: the cases of host-test/bench on Node, on the XS engine of
// @agoric/xsnap, and, where MODDABLE is set, on the SDK's release engine for Linux; readers by other people on the same
// bytes in the same run. The page's table shows what ran.
//
//   npm run bench [-- --write] [-- --engine node|xsnap|xs|peers …] [-- --case TEXT]
//   --write: renews the tables of docs/performance.md; wants all cases, Node, xsnap and peers. Peers: build/interop, which
//   tools/interop-venv.mjs makes (pinned); on demand.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { measuredOnXs } from "./bench-xs.mjs";
import { openXsnap } from "./bench-xsnap.mjs";
import { ROOT } from "./xs-sdk.mjs";

const FOLDER = join(ROOT, "build/bench");
const INPUTS = join(FOLDER, "inputs.json");
const PAGE = join(ROOT, "docs/performance.md");
const MARKERS = ["<!-- bench -->", "<!-- /bench -->"];
const INTEROP = join(ROOT, "build/interop");
const PEERS = join(ROOT, "host-test/bench/peers");
const OBIS = "smartmeter-obis.cjs";
/** Node and the reader on Node take turns, since a shared computer is now quick and now slow. */
const ROUNDS = 3;
/** What the issue wants, on the SDK's engine: microseconds. */
const AIMS = {
	"Kamstrup list, every 10 s": 100,
	"P1, 1.0 KB": 400,
	"KMP, 8 registers": 60,
	"JSON of the Kamstrup list": 150,
	"JSON of P1, 1.0 KB": 150,
};

const { values } = parseArgs({
	options: {
		write: { type: "boolean", default: false },
		engine: { type: "string", multiple: true, default: ["node", "xsnap", "xs", "peers"] },
		case: { type: "string", default: "" },
	},
});
const wanted = (engine) => values.engine.includes(engine);

const { benchInputs } = await bundled("inputs");
const inputs = benchInputs().filter(
	({ name, do: what }) => name.includes(values.case) || what === "reference",
);
writeFileSync(INPUTS, JSON.stringify(inputs));

const hasPeers = wanted("peers") && peersInstall();
const rounds = [];
for (let round = 0; round < (hasPeers ? ROUNDS : 1); round++)
	rounds.push({
		own: wanted("node") ? await nodeResults() : [],
		reader: hasPeers ? printed(process.execPath, [join(PEERS, OBIS), join(INTEROP, "node"), INPUTS]) : [],
	});
const onNode = middles(rounds.map(({ own }) => own));
const onXsnap = wanted("xsnap") ? await xsnapResults() : [];
const onXs = wanted("xs") ? await xsResults() : [];
const peers = [
	...middles(rounds.map(({ reader }) => reader)),
	...(hasPeers ? printed(join(INTEROP, "bin/python"), [join(PEERS, "readers.py"), INPUTS]) : []),
];
const wrong = disagreements();
const page = [
	...casesTable(),
	"",
	...peersTable(),
	"",
	...(onXs.length > 0
		? []
		: ["XS on Linux was not measured in this run: the Moddable SDK was not at hand.", ""]),
	`Measured on ${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, Node ${process.versions.node}; ${(loadavg()[1] ?? 0).toFixed(0)} programs at once wanted a processor (load average of five minutes).`,
].join("\n");
console.log(page);
for (const line of wrong) console.error(line);
if (values.write) writePage();
process.exit(wrong.length === 0 ? 0 : 1);

/** A module of host-test/bench for Node. */
async function bundled(name) {
	const outfile = join(FOLDER, `${name}.mjs`);
	await build({
		...{ absWorkingDir: ROOT, entryPoints: [`host-test/bench/${name}.ts`], outfile },
		...{ bundle: true, format: "esm", platform: "node", packages: "external", logLevel: "warning" },
	});
	return name === "node" ? outfile : import(pathToFileURL(outfile));
}

async function nodeResults() {
	return printed(process.execPath, [
		"--expose-gc",
		"--max-semi-space-size=64",
		await bundled("node"),
		INPUTS,
	]);
}

async function xsnapResults() {
	const engine = await openXsnap();
	if (!engine) {
		console.log("@agoric/xsnap is not built (npm rebuild @agoric/xsnap): not measured");
		return [];
	}
	const results = [];
	for (const input of inputs) {
		const counted = await engine.counted(input);
		results.push({ name: input.name, ...counted, us: await engine.timed() });
	}
	engine.close();
	return results;
}

async function xsResults() {
	if (process.env.MODDABLE) return measuredOnXs(inputs);
	console.log("MODDABLE is not set: the SDK's engine is not measured");
	return [];
}

function peersInstall() {
	const { status } = spawnSync(process.execPath, [join(ROOT, "tools/interop-venv.mjs")], {
		stdio: "inherit",
	});
	if (status === 0 && existsSync(INTEROP)) return true;
	console.log("readers by other people do not install here: not measured");
	return false;
}

/** Of each case the round whose time is the middle one. */
function middles([first, ...others]) {
	return first.map((result) => {
		const results = [result, ...others.map((round) => found(round, result.name))];
		return results.sort((a, b) => a.us - b.us)[results.length >> 1];
	});
}

/** The JSON lines that a program prints. */
function printed(program, flags) {
	const { status, stdout, stderr } = spawnSync(program, flags, { encoding: "utf8" });
	if (status !== 0) throw new Error(`${program} ${flags.join(" ")}: ${stderr}`);
	return stdout
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line));
}

/** Engines that made something else of the same bytes. xsnap's has no UTF-8, so texts are not compared there. */
function disagreements() {
	const lines = [];
	for (const { name, do: what } of inputs) {
		const expected = found(onNode, name)?.result ?? found(onXs, name)?.result;
		for (const [engine, results] of Object.entries({ XS: onXs, xsnap: what === "decode" ? onXsnap : [] })) {
			const result = found(results, name)?.result;
			if (result !== undefined && result !== expected)
				lines.push(`${name}: ${engine} made ${result}, not ${expected}`);
		}
	}
	for (const { name, peer, result } of peers) if (!(result > 0)) lines.push(`${name}: ${peer} found nothing`);
	return lines;
}

function found(results, name) {
	return results.find((result) => result.name === name);
}

function casesTable() {
	const rows = inputs.map(({ name, frame, do: what }) => {
		const node = found(onNode, name);
		const xsnap = found(onXsnap, name);
		const xs = found(onXs, name);
		const cells = [
			...[name, what === "decode" ? `${frame.length / 2}` : "", time(node), count(node?.bytes)],
			...[time(xsnap), count(xsnap?.slots)],
			...[time(xs), count(xs?.slots), count(xs?.chunks), AIMS[name] ? `${AIMS[name]} µs` : ""],
		];
		return `| ${cells.join(" | ")} |`;
	});
	return [
		"| case | bytes | Node | heap, bytes | xsnap | slots | XS on Linux | slots | chunks, bytes | aim |",
		"|---|---|---|---|---|---|---|---|---|---|",
		...rows,
	];
}

function peersTable() {
	const rows = peers.map(({ name, peer, us }) => {
		const own = found(onNode, name);
		const cells = [
			name,
			peer,
			time({ us }),
			time(own),
			own ? timesFaster(name, peer, us / own.us).toFixed(1) : "",
		];
		return `| ${cells.join(" | ")} |`;
	});
	return ["| frame | reader | takes | Meterling on Node | times |", "|---|---|---|---|---|", ...rows];
}

/** Of the reader on Node the middle one of the rounds' ratios, else `ratio`. */
function timesFaster(name, peer, ratio) {
	const ratios = rounds
		.filter(({ reader }) => found(reader, name)?.peer === peer)
		.map(({ own, reader }) => found(reader, name).us / found(own, name).us)
		.sort((a, b) => a - b);
	return ratios[ratios.length >> 1] ?? ratio;
}

function time(result) {
	if (!result) return "";
	return result.us < 10 ? `${result.us.toFixed(1)} µs` : `${Math.round(result.us).toLocaleString("en")} µs`;
}

function count(number) {
	return number === undefined ? "" : number.toLocaleString("en");
}

function writePage() {
	const [begin, end] = MARKERS;
	const text = readFileSync(PAGE, "utf8");
	const [before, rest] = text.split(begin);
	const after = rest?.split(end)[1];
	const whole = onNode.length > 0 && onXsnap.length > 0 && peers.length > 0 && values.case === "";
	if (after === undefined || !whole || wrong.length > 0) {
		console.error(
			"docs/performance.md is not written: it wants all cases, engines that agree, peers, and its markers",
		);
		process.exit(1);
	}
	writeFileSync(PAGE, `${before}${begin}\n${page}\n${end}${after}`);
	console.log("wrote the tables in docs/performance.md");
}
