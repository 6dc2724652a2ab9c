// Functions that the running gateway holds and that were made while it ran, each with its place in the source: on XS each
// takes three slots of RAM, an environment, and a slot for every name that it uses, for as long as somebody keeps it.
// Methods and functions of modules lie in flash. Counted on Node, in a heap snapshot of the gateway with every output,
// an event stream and a P1 meter; what stands for the SDK there (host/) is left out.
//
//   node tools/run-time-functions.mjs [--json]      needs socat; npm run build:host first
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { openRig, pause, until } from "./gateway-rig.mjs";
import { meterTelegrams } from "./meter-telegrams.mjs";

const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
const TELEGRAMS = 5;
const PERIOD_MS = 250;
const BAUD = 460_800;
/** The folders that the firmware is made of. */
const DEVICE_PATH = /^(access|app|detection|firmware|hardware|outputs|protocols|readings|settings)\//;

/** `[{ source, line, name, count }]`, in the order of the sources. */
export async function runTimeFunctions() {
	const folder = mkdtempSync(join(tmpdir(), "meterling-heap-"));
	try {
		return inDevicePath(closuresIn(JSON.parse(readFileSync(await snapshot(folder), "utf8"))));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The gateway's heap after some telegrams, as a file in `folder`. */
async function snapshot(folder) {
	const before = process.env.NODE_OPTIONS;
	process.env.NODE_OPTIONS = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`;
	const { protocol, telegrams } = await meterTelegrams("dsmr5", TELEGRAMS);
	let messages = 0;
	const onMessage = () => messages++;
	const rig = await openRig({ engine: "node", protocol, pushEvery: 1, onMessage, onEvent() {} });
	process.env.NODE_OPTIONS = before ?? "";
	try {
		for (const telegram of telegrams) {
			await rig.writePaced(telegram, BAUD);
			await pause(PERIOD_MS);
		}
		await until("the readings", () => messages >= telegrams.length);
		process.kill(rig.gateway.pid, "SIGUSR2");
		return await whole(folder);
	} finally {
		await rig.close();
	}
}

/** The file in `folder` once it no longer grows. */
async function whole(folder) {
	let before = -1;
	for (;;) {
		await pause(PERIOD_MS);
		const [name] = readdirSync(folder);
		const size = name ? statSync(join(folder, name)).size : 0;
		if (size > 0 && size === before) return join(folder, name);
		before = size;
	}
}

/** Closures of a heap snapshot (V8's format): script's file, zero-based line and column, name, how many. */
function closuresIn({ snapshot: { meta }, nodes, edges, locations, strings }) {
	const at = (name) => meta.node_fields.indexOf(name);
	const [type, name, edgeCount] = [at("type"), at("name"), at("edge_count")];
	const closure = meta.node_types[type].indexOf("closure");
	const width = meta.node_fields.length;
	const edgeWidth = meta.edge_fields.length;
	const firstEdge = new Map();
	for (let node = 0, edge = 0; node < nodes.length; node += width) {
		firstEdge.set(node, edge);
		edge += nodes[node + edgeCount] * edgeWidth;
	}
	const [kinds] = meta.edge_types;
	/** Where the edge of that name leads; elements and hidden ones have numbers. */
	const follow = (node, wanted) => {
		if (node === undefined) return undefined;
		const first = firstEdge.get(node);
		for (let edge = first; edge < first + nodes[node + edgeCount] * edgeWidth; edge += edgeWidth)
			if (!/element|hidden/.test(kinds[edges[edge]]) && strings[edges[edge + 1]] === wanted)
				return edges[edge + 2];
		return undefined;
	};
	const found = new Map();
	const files = new Map();
	const stride = meta.location_fields.length;
	for (let index = 0; index < locations.length; index += stride) {
		const [node, script, line, column] = locations.slice(index, index + stride);
		if (nodes[node + type] !== closure) continue;
		if (!files.has(script)) {
			const shared = follow(node, "shared");
			const shown = follow(shared, "script") ?? follow(shared, "script_or_debug_info");
			const named = follow(shown, "name") ?? shown;
			files.set(script, named === undefined ? "" : strings[nodes[named + name]]);
		}
		const key = `${script}:${line}:${column}`;
		const known = found.get(key);
		if (known) known.count++;
		else
			found.set(key, { file: files.get(script), line, column, name: strings[nodes[node + name]], count: 1 });
	}
	return [...found.values()].filter(({ file }) => file.startsWith(`file://${join(ROOT, "dist")}/`));
}

/** Those inside other functions, by their place in the source; of the device path. */
function inDevicePath(closures) {
	const bundles = new Map();
	const result = [];
	for (const { file, line, column, name, count } of closures) {
		if (!bundles.has(file)) bundles.set(file, bundleOf(fileURLToPath(file)));
		const { lines, functions, map } = bundles.get(file);
		const position = lines[line] + column;
		let inner;
		for (const each of functions)
			if (each.start <= position && position <= each.end && !(each.depth <= inner?.depth)) inner = each;
		if (!inner?.depth) continue;
		const { originalSource = "", originalLine } = map.findEntry(line, column);
		const source = relative(ROOT, resolve(ROOT, "dist", originalSource));
		if (DEVICE_PATH.test(source)) result.push({ source, line: originalLine + 1, name, count });
	}
	return result.sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : a.line - b.line));
}

/** A bundle's lines, its functions with how deep in others each stands, and its source map. */
function bundleOf(file) {
	const code = readFileSync(file, "utf8");
	const lines = [0];
	for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) lines.push(at + 1);
	const functions = [];
	const visit = (node, depth) => {
		if (Array.isArray(node)) for (const each of node) visit(each, depth);
		if (typeof node?.type !== "string") return;
		const isFunction = node.type.includes("Function");
		if (isFunction) functions.push({ start: node.start, end: node.end, depth });
		for (const value of Object.values(node))
			if (typeof value === "object" && value !== null) visit(value, isFunction ? depth + 1 : depth);
	};
	visit(parse(code, { ecmaVersion: "latest", sourceType: "module" }), 0);
	const map = existsSync(`${file}.map`) ? JSON.parse(readFileSync(`${file}.map`, "utf8")) : undefined;
	return { lines, functions, map: new SourceMap(map ?? { version: 3, sources: [], mappings: "" }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const functions = await runTimeFunctions();
	if (process.argv.includes("--json")) console.log(JSON.stringify(functions));
	else {
		for (const { source, line, name, count } of functions)
			console.log(`${`${count}`.padStart(3)} ${source}:${line} ${name}`);
		console.log(`${functions.reduce((sum, { count }) => sum + count, 0)} functions made while it ran`);
	}
	process.exit(0);
}
