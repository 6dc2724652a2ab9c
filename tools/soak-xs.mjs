// An hour of telegrams, sped up, through the firmware on the XS engine with the device's memory (nothing grows), with a
// browser attached and MQTT on. Prints the peaks of memory; exit 1 where the engine aborted or a reading was missed.
//
//   npm run soak:xs [-- METER…] [-- --seconds 3600 --rate 15]      needs the SDK, socat, and a build:
//                                                  node tools/build-xs.mjs linux --instrumented --limits
import { parseArgs } from "node:util";
import { fetched, meterTelegrams, openRig, pause, until } from "./gateway-rig.mjs";
import { DEVICE_LIMITS, requireSdk } from "./xs-sdk.mjs";

const { sdk } = requireSdk("soak:xs");
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seconds: { type: "string", default: "3600" },
		rate: { type: "string", default: "15" },
	},
});
const meters = positionals.length > 0 ? positionals : ["kamstrup-omnipower", "dsmr5"];
/** A visitor loads page, reading and health as often as this. */
const VISIT_INTERVAL_MS = 1000;
/** A slot is two words: 32 bytes on this computer, 16 on the device. */
const SLOT_BYTES = 32;
const WARM_UP_SAMPLES = 3;

async function soak(meter) {
	const { protocol, telegrams } = await meterTelegrams(meter, Number(values.seconds));
	const instruments = new Instruments();
	const counts = { messages: 0, events: 0, visits: 0, failedVisits: 0 };
	const trouble = [];
	const started = performance.now();
	const rig = await openRig({
		engine: { sdk, mode: "instrumented", limits: true },
		protocol,
		onMessage: () => counts.messages++,
		onEvent: () => counts.events++,
		onLine: (line) => {
			if (!instruments.take(line) && /abort|exception|error/i.test(line)) trouble.push(line);
		},
	});
	let visiting = true;
	const visits = visit(rig, counts, () => visiting);
	let lost;
	try {
		for (const telegram of telegrams) {
			rig.gateway.failed();
			rig.write(telegram);
			await pause(1000 / Number(values.rate));
		}
		await until("the last reading", () => rig.gateway.failed() || counts.messages >= telegrams.length, 5000);
		await until("the last event", () => counts.events >= telegrams.length, 5000);
	} catch (error) {
		lost = error.message;
	}
	visiting = false;
	await visits;
	const ended = rig.gateway.ended();
	const health = ended === undefined ? JSON.parse(await fetched(rig.port, "/api/v1/health")) : undefined;
	await rig.close();

	const seconds = Math.round((performance.now() - started) / 1000);
	console.log(`${meter}: ${telegrams.length} telegrams in ${seconds} s on XS with the device's memory`);
	console.log(
		`  at the broker ${counts.messages}, in the event stream ${counts.events}, rejected ${health?.rejected.count}`,
	);
	console.log(`  page, reading and health loaded ${counts.visits} times, failed ${counts.failedVisits}`);
	instruments.print();
	for (const line of trouble.slice(0, 5)) console.log(`  said: ${line}`);
	if (lost)
		console.log(
			`  FAILED: ${lost}; ${ended === undefined ? JSON.stringify(health) : `the machine ended with ${ended}`}`,
		);
	const complete = counts.messages >= telegrams.length && counts.events >= telegrams.length;
	return lost === undefined && complete && counts.failedVisits === 0 && health?.rejected.count === 0;
}

async function visit({ port }, counts, visiting) {
	while (visiting()) {
		try {
			for (const path of ["/", "/api/v1/reading", "/api/v1/health"]) await fetched(port, path);
			counts.visits++;
		} catch {
			counts.failedVisits++;
		}
		await pause(VISIT_INTERVAL_MS);
	}
}

/** The lines that an instrumented machine prints each second: names once, then values. */
class Instruments {
	#names = [];
	#most = new Map();
	#samples = 0;
	#leastChunks = Number.POSITIVE_INFINITY;

	/** Whether the line was one of them. */
	take(line) {
		const key = "instruments key: ";
		const values = "instruments: ";
		if (line.startsWith(key)) this.#names = line.slice(key.length).split(",");
		else if (line.startsWith(values)) this.#learn(line.slice(values.length).split(",").map(Number));
		else return false;
		return true;
	}

	#learn(values) {
		const chunks = values[this.#names.indexOf("Chunk used")];
		// The first lines come from a machine that has not started its app yet.
		if (this.#samples++ > WARM_UP_SAMPLES) this.#leastChunks = Math.min(this.#leastChunks, chunks);
		this.#names.forEach((name, index) => {
			this.#most.set(name, Math.max(this.#most.get(name) ?? 0, values[index] ?? 0));
		});
	}

	print() {
		const most = (name) => this.#most.get(name) ?? 0;
		const of = (used, all) => `${used.toLocaleString("en")} of ${all.toLocaleString("en")}`;
		// XS counts a chunk that grows in place twice until the next collection: the heap itself cannot be exceeded.
		const all = DEVICE_LIMITS.chunk.initial;
		console.log(
			`  chunk peak ${of(Math.min(most("Chunk used"), all), all)} bytes, garbage included; least ${of(this.#leastChunks, all)}`,
		);
		console.log(`  slot peak ${of(most("Slot used") / SLOT_BYTES, DEVICE_LIMITS.heap.initial)} slots`);
		console.log(`  stack peak ${of(most("Stack used") / SLOT_BYTES, DEVICE_LIMITS.stack)} slots`);
		console.log(
			`  keys ${most("Keys used")}, sockets ${most("Network sockets")}, collections a second ${most("Garbage collections")}`,
		);
	}
}

let wrong = 0;
for (const meter of meters) if (!(await soak(meter))) wrong++;
console.log(`${meters.length - wrong} passed, ${wrong} failed`);
process.exit(wrong === 0 ? 0 : 1);
