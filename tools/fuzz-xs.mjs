// The sessions on the XS engine of @agoric/xsnap: so many inputs over all of them, from the seeds and the kept corpus. What
// XS makes of every tenth chunk is compared with Node, and its heap is watched: it may not grow.
//
//   npm run fuzz:xs -- [TARGET …] [--inputs 1000000] [--seconds S] [--seed N]
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import vm from "node:vm";
import { build } from "esbuild";
import { startXsnap, xsnapWorker } from "./xsnap-engine.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const CHUNK = 2000;
const COMPARED_EVERY = 10;
/** What a chunk may leave behind: names that are met for the first time, and the engine's own. */
const MOST_GROWN = 2 * 1024 * 1024;
/** By what an input costs, all of them take about as long. An asked meter's dialogue takes minutes of its own time. */
const SHARES = { han: 0.16, p1: 0.06, iec62056: 0.14, kmp: 0.22, kmp382: 0.22, pulse: 0.2 };
const SHARE_OF_DIALOGUES = 0.003;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { inputs: { type: "string" }, seconds: { type: "string" }, seed: { type: "string" } },
});
const most = Number(values.inputs ?? 20_000);
const until = Date.now() + Number(values.seconds ?? 3600) * 1000;
const seed = Number(values.seed ?? 1);

const worker = xsnapWorker();
if (!worker) {
	console.error("fuzz:xs: the XS engine is not built: npm rebuild @agoric/xsnap (needs cc and make, 45 s)");
	process.exit(1);
}
const { outputFiles } = await build({
	absWorkingDir: root,
	entryPoints: ["host-test/fuzz/xs.ts"],
	bundle: true,
	write: false,
	format: "iife",
	target: "es2022",
	logLevel: "warning",
});
const [{ text: script }] = outputFiles;
const realm = vm.createContext({});
vm.runInContext(script, realm);
const xs = startXsnap(worker);
await xs.evaluate(script);

const lines = await onXs({ do: "names" });
for (const { name } of lines.answer) {
	const file = join(root, "host-test/fuzz/corpus", `${name}.txt`);
	if (!existsSync(file)) continue;
	const question = {
		do: "add",
		name,
		inputs: readFileSync(file, "utf8")
			.split("\n")
			.filter((line) => line !== ""),
	};
	await onXs(question);
	onNode(question);
}

let [inputs, compared, faults] = [0, 0, 0];
for (const { name } of lines.answer)
	if (positionals.length === 0 || positionals.includes(name))
		await runLine(name, most * (SHARES[name] ?? SHARE_OF_DIALOGUES));
xs.close();
console.log(`${inputs} inputs on XS, ${compared} of them compared with Node, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);

async function runLine(name, wanted) {
	const began = Date.now();
	let [done, readings, rejections, heap, first] = [0, 0, 0, 0, 0];
	for (let chunk = 0; done < wanted && Date.now() < until; chunk++) {
		const count = Math.min(CHUNK, Math.ceil(wanted - done));
		const question = { do: "run", name, seed: seed + chunk, count };
		const { answer, meter } = await onXs(question);
		done += count;
		if (answer.fault) fault(`${name}: ${answer.fault}: ${answer.input}`);
		readings += answer.readings ?? 0;
		rejections += answer.rejections ?? 0;
		heap = meter.currentHeapCount ?? meter.allocate ?? 0;
		// After the first few chunks the engine has all that it needs.
		if (chunk === 4) first = meter.allocate;
		if (first > 0 && meter.allocate - first > MOST_GROWN) {
			fault(`${name}: the heap has grown from ${first} to ${meter.allocate} bytes`);
			first = meter.allocate;
		}
		if (chunk % COMPARED_EVERY > 0 || answer.fault) continue;
		compared += count;
		const other = onNode(question);
		if (JSON.stringify(other) !== JSON.stringify(answer))
			fault(`${name}, seed ${question.seed}: XS ${JSON.stringify(answer)}, Node ${JSON.stringify(other)}`);
	}
	inputs += done;
	const seconds = ((Date.now() - began) / 1000).toFixed(0);
	console.log(
		`${name.padEnd(20)} ${done} inputs, ${seconds} s, ${readings} readings, ${rejections} rejections, heap ${heap}`,
	);
}

function fault(text) {
	faults++;
	console.log(`  ${text}`);
}

async function onXs(question) {
	const { reply, meter } = await xs.command(Buffer.from(JSON.stringify(question)));
	return { answer: JSON.parse(reply.toString("latin1")), meter };
}

function onNode(question) {
	const message = Uint8Array.from(Buffer.from(JSON.stringify(question))).buffer;
	return JSON.parse(Buffer.from(realm.handleCommand(message)).toString("latin1"));
}
