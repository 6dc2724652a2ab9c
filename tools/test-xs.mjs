// The pure modules (readings/, protocols/) on a real XS engine: the same questions to @agoric/xsnap and to Node, and
// their answers compared byte for byte. Ends with `N passed, N failed`. XS 13 has no AES: it is given Node's results.
//
//   npm run test:xs
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { build } from "esbuild";
import { startXsnap, xsnapWorker } from "./xsnap-engine.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const corpora = resolve(root, "../shared/corpora");

const worker = xsnapWorker();
if (!worker) {
	console.error("test:xs: the XS engine is not built: npm rebuild @agoric/xsnap (needs cc and make, 45 s)");
	process.exit(1);
}

const script = await bundled("host-test/xs/engine.ts", { format: "iife", target: "es2022" });
const nodeSideFile = join(root, "build/xs-test/node-side.mjs");
mkdirSync(dirname(nodeSideFile), { recursive: true });
await build({
	...common("host-test/xs/node-side.ts"),
	format: "esm",
	platform: "node",
	outfile: nodeSideFile,
});
const nodeSide = await import(pathToFileURL(nodeSideFile));

const xs = startXsnap(worker);
await xs.evaluate(script);
const node = nodeEngine();
let passed = 0;
let failed = 0;

await run();
await printMetering();
xs.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function common(entry) {
	return { absWorkingDir: root, entryPoints: [entry], bundle: true, logLevel: "warning" };
}

async function bundled(entry, options) {
	const { outputFiles } = await build({ ...common(entry), ...options, write: false });
	return outputFiles[0].text;
}

/** The same script in a realm of its own, with Node's cipher, whose results are kept for XS. */
function nodeEngine() {
	const results = {};
	const real = nodeSide.nodeCipher();
	const names = { openGcm: "open", decryptGcm: "decrypt", sealGcm: "seal" };
	const hostCipher = Object.fromEntries(
		Object.entries(names).map(([method, operation]) => [
			method,
			(...given) => {
				const result = real[method](...given);
				results[realm.cipherKey(operation, ...given)] = result ? Buffer.from(result).toString("hex") : null;
				return result;
			},
		]),
	);
	const realm = vm.createContext({ hostCipher });
	vm.runInContext(script, realm);
	return {
		ask: (question) =>
			Buffer.from(realm.handleCommand(Uint8Array.from(bytesOf(question)).buffer)).toString("latin1"),
		takeCipherResults: () => {
			const taken = { ...results };
			for (const key of Object.keys(results)) delete results[key];
			return taken;
		},
	};
}

/** A line of JSON, then the recorded bytes as they are: hexadecimal text of a day would take XS minutes. */
function bytesOf({ recorded = Buffer.alloc(0), ...question }) {
	return Buffer.concat([Buffer.from(`${JSON.stringify(question)}\n`, "latin1"), recorded]);
}

/** Asks both; `expected` is the answer that a specification or an independent source gives, where there is one. */
async function compare(name, question, expected) {
	try {
		const onNode = node.ask(question);
		const cipher = node.takeCipherResults();
		const given = Object.keys(cipher).length > 0 ? { ...question, cipher } : question;
		const onXs = (await xs.command(bytesOf(given))).reply.toString("latin1");
		if (onXs !== onNode) return fail(name, `Node: ${onNode}\n  XS:   ${onXs}`);
		if (expected !== undefined && onXs !== JSON.stringify(expected))
			return fail(name, `expected ${JSON.stringify(expected)}\n  got ${onXs}`);
		passed++;
		return JSON.parse(onXs);
	} catch (error) {
		fail(name, error.message);
		if (error.message.startsWith("XS ended")) throw error;
		return undefined;
	}
}

function fromHex(text) {
	return Buffer.from(text, "hex");
}

function fail(name, why) {
	failed++;
	console.log(`FAILED ${name}\n  ${why}`);
}

async function run() {
	// Check values of the catalogue of parametrised CRC algorithms.
	await compare("CRC-16/ARC, X-25 and XMODEM", { do: "checksums" }, ["bb3d", "906e", "31c3"]);
	const texts = ["85823.280", "-0.05", "000001.000", "9007199254740993", "12,5", "1.2.3", ""];
	const printed = ["85823.280", "-0.05", "1.000", "9007199254740993", "12.5", null, null];
	await compare("decimals keep every digit", { do: "decimals", texts }, printed);
	const protocols = await compare("registry", { do: "protocols" });
	const [kamstrup, p1] = (await compare("encoders", { do: "encode" })) ?? ["", ""];
	await compare("encoded Kamstrup list", { do: "decode", protocol: "dlms", recorded: fromHex(kamstrup) });
	await compare("encoded P1 telegram", { do: "decode", protocol: "p1", recorded: fromHex(p1) });
	for (const model of nodeSide.METERS) await compareMeter(model);
	await compareRubbish(protocols ?? []);
	if (existsSync(join(corpora, "normalized.json"))) await compareCorpora(new Set(protocols));
	else console.log(`captured frames: ${corpora} is absent, none were compared`);
}

/** A day of one emulated meter, a telegram every 20 minutes, in pieces as a line gives them. */
async function compareMeter({ name, protocol, settings, make }) {
	const start = Date.UTC(2025, 0, 15);
	const meter = make({ seed: 1, start, solarWatts: 3000, longListFirst: true });
	const telegrams = [];
	let time = start;
	for (let count = 0; count < 72; count++) {
		// A meter that is asked names no time of its own within a day: it is asked every 20 minutes.
		time = Math.min(meter.nextSend(time + 1_200_000), time + 2_400_000);
		telegrams.push(Buffer.from(nodeSide.sentAt(meter, time)));
	}
	const recorded = Buffer.concat(telegrams);
	for (const step of [1, 17, 256]) {
		const answer = await compare(`${name}, pieces of ${step}`, {
			...{ do: "pieces", protocol, recorded, step },
			...settings,
		});
		const readings = answer?.filter((text) => text.startsWith('{"protocol"')).length;
		// A counter of pulses gives a reading once in a while, not one for each record.
		const expected = protocol === "pulse" ? readings > 0 : readings === telegrams.length;
		if (answer && !expected) fail(name, `${readings} readings of ${telegrams.length}`);
	}
}

/** Rubbish in every protocol: counted alike, never an exception. */
async function compareRubbish(protocols) {
	let state = 1;
	const recorded = Buffer.alloc(4096);
	for (let at = 0; at < recorded.length; at++) {
		state = (Math.imul(state, 1103515245) + 12345) >>> 0;
		recorded[at] = state >>> 24;
	}
	for (const protocol of protocols)
		await compare(`rubbish in ${protocol}`, { do: "pieces", protocol, recorded, step: 64 });
}

async function compareCorpora(protocols) {
	const { cases } = JSON.parse(readFileSync(join(corpora, "normalized.json"), "utf8"));
	let count = 0;
	for (const { id, corpus, file, protocol, encryption_key, authentication_key } of cases) {
		if (!protocols.has(protocol)) continue;
		const recorded = Buffer.from(nodeSide.fromContent(readFileSync(join(corpora, file))));
		const keys = { encryptionKey: encryption_key ?? "", authenticationKey: authentication_key ?? "" };
		await compare(`${corpus}/${id}`, { do: "decode", protocol, recorded, ...keys });
		count++;
	}
	console.log(`captured frames: ${count} compared`);
}

/** What decoding one frame costs XS, without the call itself. */
async function printMetering() {
	const [kamstrup, p1] = JSON.parse(node.ask({ do: "encode" }));
	const cost = async (question) => (await xs.command(bytesOf(question))).meter;
	for (const [name, protocol, hex] of [
		["Kamstrup 10 s frame", "dlms", kamstrup],
		["P1 telegram", "p1", p1],
	]) {
		const recorded = fromHex(hex);
		await cost({ do: "open", protocol, recorded });
		await cost({ do: "feed" }); // the first one learns names
		const call = await cost({ do: "nothing" });
		const feed = await cost({ do: "feed" });
		const compute = feed.compute - call.compute;
		const grown = feed.allocate - call.allocate;
		console.log(`${name}, ${recorded.length} bytes: compute ${compute}, heap grown by ${grown} bytes`);
	}
}
