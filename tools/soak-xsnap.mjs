// The short form of the soak, for computers without the SDK: the whole gateway (app/app.ts, every output) on the XS engine of
// @agoric/xsnap, in surroundings that the soak's clock moves (host-test/soak). P1 telegrams of 2.5 KB around each hour, with event
// streams, a WebSocket, pollers, readers and servers, and a broker that goes away; then silence, and everybody leaves. Counts
// what is live after collections, beyond what was live when the code was loaded, and last of all with a leak that must be seen.
// Prints JSON for host-test/soak/soak.test.ts. Exit 3 where there is no engine.
//
//   node tools/soak-xsnap.mjs [--hours 24]
//   --hours: the long form. Telegrams fill 55 minutes of each hour, nothing leaks, and each hour's line is printed when it is over.
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { withoutPrivateNames } from "./lean-source.mjs";
import { meterTelegrams, NOON } from "./meter-telegrams.mjs";
import { ROOT } from "./xs-sdk.mjs";
import { startXsnap, xsnapWorker } from "./xsnap-engine.mjs";

const NO_ENGINE = 3;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const { values } = parseArgs({ options: { hours: { type: "string" } } });
const isLong = values.hours !== undefined;
/** Hours; the last one of the short form leaks. */
const PARTS = isLong ? Number(values.hours) : 5;
/** One each second, half of them before the full hour. */
const PART_TELEGRAMS = isLong ? 3300 : 50;
const HALF_MS = (PART_TELEGRAMS / 2) * SECOND_MS;
const BYTES = 2500;
/** By so much the meter's clock is ahead. */
const AHEAD_MS = 500;
/** What a telegram takes on the line. */
const TELEGRAM_MS = 250;
/** What is live is looked at so often while everybody is there, each time at another moment of a telegram's second. */
const LOOK_EVERY = isLong ? 27 : 4;
const LOOK_STEP_MS = 137;
/** In each part the broker is away from one telegram to another: not for more than what waits for it without being thinned out. */
const BROKER_GONE = 30;
const BROKER_BACK = 32;
/** Before the first part it goes so often that the log, 64 lines, is full. */
const FIRST_ABSENCES = 32;
/** Whatever is under way ends. */
const REST_MS = 4 * MINUTE_MS;

/** What app/app.ts reaches of the SDK though it is given a device: nothing of it is called. */
const SDK = {
	"mc/config": "export default {};",
	net: "export default {};",
	"system-native": "export const [coreDump, memory, resetReason, restart, wallClock] = [];",
};
const noSdk = {
	name: "no-sdk",
	setup(bundler) {
		bundler.onResolve({ filter: /^[^./]/ }, ({ path }) =>
			path in SDK ? { path, namespace: "sdk" } : undefined,
		);
		bundler.onLoad({ filter: /.*/, namespace: "sdk" }, ({ path }) => ({ contents: SDK[path] }));
	},
};

const worker = xsnapWorker();
if (!worker) process.exit(NO_ENGINE);
const { outputFiles } = await build({
	absWorkingDir: ROOT,
	entryPoints: ["host-test/soak/main.ts"],
	...{ bundle: true, write: false, format: "iife", target: "es2022", logLevel: "warning" },
	plugins: [noSdk],
});
const { telegrams } = await meterTelegrams("dsmr5", PARTS * 3600 + HALF_MS / SECOND_MS, BYTES, isSent);
const engine = startXsnap(worker);
// As in the firmware: a private method would keep the newest object of its class alive, for its home is that object in XS.
await engine.evaluate(withoutPrivateNames(outputFiles[0].text));
const loaded = await engine.live();
const came = { live: [], late: [], events: [], telegrams: [0, 0], pushed: {}, polls: 0, failed: [] };
let files = 0;

await tell({ do: "start", start: NOON });
for (let absence = 1; absence <= FIRST_ABSENCES; absence++) {
	await tell({ do: "broker", at: absence * MINUTE_MS, isUp: false });
	await tell({ do: "broker", at: absence * MINUTE_MS + 1, isUp: true });
}
const parts = [];
for (let part = 0; part < PARTS; part++) {
	if (!isLong && part === PARTS - 1) await tell({ do: "leak", at: part * HOUR_MS + HOUR_MS / 2 });
	parts.push(await onePart(part));
	if (isLong) console.log(`hour ${part + 1}: ${JSON.stringify(parts.at(-1))}`);
}
engine.close();
const { live, late, events, ...others } = came;
const [{ length: bytes }] = telegrams;
const counts = {
	...{ sent: telegrams.length, late: distinct(late), delivered: distinct(live, late) },
	events: distinct(events),
};
console.log(JSON.stringify({ parts, bytes, ...counts, ...others }));
process.exit();

/** What is live at the end, with everybody gone, and the most while they were there. */
async function onePart(part) {
	const most = { slots: 0, chunks: 0 };
	const begins = (part + 1) * HOUR_MS - HALF_MS;
	await tell({ do: "come", at: begins });
	for (let index = 0; index < PART_TELEGRAMS; index++) {
		const at = begins + index * SECOND_MS + AHEAD_MS;
		if (index === BROKER_GONE || index === BROKER_BACK)
			await tell({ do: "broker", at, isUp: index === BROKER_BACK });
		await tell({ do: "hear", at }, telegrams[part * PART_TELEGRAMS + index]);
		if (index % LOOK_EVERY !== 0) continue;
		const later = TELEGRAM_MS + ((index * LOOK_STEP_MS) % (SECOND_MS - TELEGRAM_MS));
		await tell({ do: "wait", at: at + later });
		const now = await held();
		for (const what of ["slots", "chunks"]) most[what] = Math.max(most[what], now[what]);
	}
	const ends = begins + PART_TELEGRAMS * SECOND_MS;
	await tell({ do: "go", at: ends + MINUTE_MS });
	await tell({ do: "wait", at: ends + REST_MS });
	return { rest: await held(), most };
}

/** More than when the code was loaded. Files, which lie in flash, are not counted. */
async function held() {
	const { slots, chunks } = await engine.live();
	return { slots: slots - loaded.slots, chunks: chunks - loaded.chunks - files };
}

/** What came of it is added up. */
async function tell(command, bytes = []) {
	const line = Buffer.from(`${JSON.stringify(command)}\n`);
	const { reply } = await engine.command(Buffer.concat([line, Buffer.from(bytes)]));
	const answer = JSON.parse(reply.toString());
	for (const kind of ["live", "late", "events", "failed"]) came[kind].push(...(answer[kind] ?? []));
	for (const kind of ["telegrams", "pushed"])
		for (const [place, count] of Object.entries(answer[kind] ?? {}))
			came[kind][place] = (came[kind][place] ?? 0) + count;
	came.polls += answer.polls ?? 0;
	files = answer.files;
}

function distinct(...lists) {
	return new Set(lists.flat()).size;
}

/** Telegrams at and around each full hour but noon. */
function isSent(milliseconds) {
	const since = (milliseconds + HALF_MS) % HOUR_MS;
	return milliseconds > HALF_MS && since > 0 && since <= 2 * HALF_MS;
}
