// How long a reading takes: from the last byte of a frame written to the pty to the message at the MQTT broker and to
// the event in the browser's stream, with every output on. On Node, and on XS where the SDK is. Writes its table into
// docs/performance.md between the markers. The gateway has a processor of its own: broker, browser and servers that the rig
// plays must not take time from it, as they do not where they are other computers. Frames
// during which the hypervisor had given the processors to somebody else (steal in /proc/stat) are not counted.
//
//   npm run bench:latency [-- --frames 300] [-- --dry] [-- --only-mqtt] [-- --engine node|xs] [-- --meter NAME]
//   needs socat; on XS also tools/build-xs.mjs linux. --only-mqtt: without the other outputs, for comparison
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openRig, pause, until } from "./gateway-rig.mjs";
import { meterTelegrams } from "./meter-telegrams.mjs";
import { ROOT, requireSdk } from "./xs-sdk.mjs";

const { values } = parseArgs({
	options: {
		frames: { type: "string", default: "300" },
		dry: { type: "boolean", default: false },
		"only-mqtt": { type: "boolean", default: false },
		engine: { type: "string" },
		meter: { type: "string" },
	},
});
const FRAMES = Number(values.frames);
const METERS = values.meter ? [values.meter] : ["kamstrup-omnipower", "dsmr5"];
/** Frames at the start that are not counted: engines and connections warm up. */
const WARM_UP = 20;
const SPACING_MS = 100;
/** Spreads the frames over the engines' own rhythms. */
const JITTER_MS = 23;
const ANSWER_TIMEOUT_MS = 5000;
const MARKERS = ["<!-- bench:latency -->", "<!-- /bench:latency -->"];
const PAGE = join(ROOT, "docs/performance.md");

const engines = values.engine === "xs" ? [] : [["Node", "node"]];
if (values.engine === "node") console.log("XS is not wanted");
else if (process.env.MODDABLE)
	engines.push(["XS on Linux", { sdk: requireSdk("bench:latency").sdk, mode: "release" }]);
else console.log("MODDABLE is not set: XS is not measured");

onProcessor(0, process.pid);
const rows = [];
for (const [title, engine] of engines)
	for (const meter of METERS) rows.push(...(await measure(title, engine, meter)));
const table = [
	"| engine | frame | bytes | to | p50 | p99 | worst | frames |",
	"|---|---|---|---|---|---|---|---|",
	...rows,
].join("\n");
console.log(table);
const whole = !values["only-mqtt"] && !values.meter && !values.engine;
if (whole && !values.dry) writeTable();
process.exit(0);

/** Its threads and what it starts from now on, to stay there (util-linux). */
function onProcessor(number, pid) {
	execFileSync("taskset", ["-acp", `${number}`, `${pid}`]);
}

/** In hundredths of a second, since this virtual machine started: what the hypervisor gave to others. */
function stolenTime() {
	return Number(/^cpu +(?:\d+ +){7}(\d+)/.exec(readFileSync("/proc/stat", "latin1"))?.[1] ?? 0);
}

async function measure(title, engine, meter) {
	const { protocol, telegrams } = await meterTelegrams(meter, (FRAMES + WARM_UP) * 10);
	const times = { "MQTT broker": [], "event stream": [] };
	let written = 0;
	let waiting = 0;
	let disturbed = 0;
	let taken = {};
	const arrived = (to) => () => {
		waiting--;
		taken[to] = performance.now() - written;
	};
	const rig = await openRig({
		...{ engine, protocol, ...(values["only-mqtt"] ? {} : { pushEvery: 0 }) },
		...{ onMessage: arrived("MQTT broker"), onEvent: arrived("event stream") },
	});
	onProcessor(cpus().length - 1, rig.gateway.pid);
	try {
		for (const [index, telegram] of telegrams.slice(0, FRAMES + WARM_UP).entries()) {
			waiting = 2;
			taken = {};
			const stolen = stolenTime();
			rig.write(telegram);
			written = performance.now();
			await until("message and event", () => rig.gateway.failed() || waiting <= 0, ANSWER_TIMEOUT_MS);
			if (stolenTime() !== stolen) disturbed++;
			else if (index >= WARM_UP) for (const [to, time] of Object.entries(taken)) times[to].push(time);
			await pause(SPACING_MS + Math.random() * JITTER_MS);
		}
	} finally {
		await rig.close();
	}
	const length = telegrams.at(-1).length;
	console.log(`${title}, ${meter}: ${disturbed} frames not counted, the hypervisor had taken the processors`);
	return Object.entries(times).map(([to, all]) => {
		const sorted = all.sort((a, b) => a - b);
		const at = (share) =>
			`${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2)} ms`;
		return `| ${title} | ${meter} | ${length} | ${to} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${sorted.length} |`;
	});
}

function writeTable() {
	const [begin, end] = MARKERS;
	const text = readFileSync(PAGE, "utf8");
	const [from, to] = [text.indexOf(begin), text.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`${PAGE} has lost its markers ${begin} … ${end}`);
	const machine = `Measured on ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}.`;
	writeFileSync(PAGE, `${text.slice(0, from + begin.length)}\n${table}\n\n${machine}\n${text.slice(to)}`);
}
