// An hour of telegrams, sped up, through the firmware on the XS engine with the device's memory: at the
// pace of the meter's UART, with a real browser on the page, an event stream, two pollers of the API, and MQTT. Prints
// the peaks of memory; exit 1 where the engine aborted, a reading was missed, or memory grew beyond the chip's.
//
//   npm run soak:xs [-- METER[:BYTES]…] [-- --seconds 3600 --speed 4] [--all-outputs] [--browsers 3]
//   --speed: up to 4 the line has its true pace; beyond, that is faster, too, in proportion.
//   --all-outputs: metrics, the HomeWizard-compatible API and history polled, two readers at the TCP bridge, and servers
//   that take what dsmr-reader, InfluxDB and webhook push, besides. Needs the SDK, socat, Chromium, and a build:
//   node tools/build-xs.mjs linux --instrumented --limits
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { fetched, openRig, pause, until } from "./gateway-rig.mjs";
import { meterTelegrams } from "./meter-telegrams.mjs";
import { openPollers } from "./rig-receivers.mjs";
import { DEVICE_CEILING, DEVICE_LIMITS, onDevice, requireSdk } from "./xs-sdk.mjs";

const { sdk } = requireSdk("soak:xs");
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seconds: { type: "string", default: "3600" },
		speed: { type: "string", default: "4" },
		"all-outputs": { type: "boolean", default: false },
		browsers: { type: "string", default: "1" },
	},
});
/** P1 telegrams of 1.0 and 2.5 KB each second, and the HAN port's lists. */
const CASES = ["kamstrup-omnipower", "dsmr5", "dsmr5:2500"];
const cases = positionals.length > 0 ? positionals : CASES;
const CHROMIUM = "/usr/bin/chromium";
const POLLERS = 2;
/** Each poller has an address of its own, as in a house: the gateway has six connections, of which a client gets five. */
const addressOf = (poller) => `127.0.1.${1 + poller}`;
const POLL_INTERVAL_MS = 1000;
/** A request that finds no connection is made again so often, after a pause that grows by this. */
const ATTEMPTS = 5;
const RETRY_MS = 300;
/** The page's health panel asks by itself; a person reloads it now and then. */
const RELOAD_INTERVAL_MS = 20_000;
const PAGE_TIMEOUT_MS = 15_000;
const BAUD = { p1: 115_200, dlms: 2400 };
/** A P1 telegram of 2.5 KB takes nearly a quarter of a second. */
const TRUE_PACE = 4;
/** A slot is two words: 32 bytes on this computer, 16 on the device. */
const SLOT_BYTES = 32;
/** Pushing outputs send at most so often, in the meter's seconds: what they do by default. */
const PUSH_EVERY = 10;
const WARM_UP_SAMPLES = 3;
/** Of a day: its hours. */
const PARTS = 24;
/** What a meter waits between its telegrams. */
const PERIOD_MS = { p1: 1000, dlms: 10_000 };

async function soak(name) {
	const [meter, size = "0"] = name.split(":");
	const { protocol, telegrams } = await meterTelegrams(meter, Number(values.seconds), Number(size));
	const speed = Number(values.speed);
	const period = PERIOD_MS[protocol] / speed;
	const baud = BAUD[protocol] * Math.max(1, speed / TRUE_PACE);
	const instruments = new Instruments();
	const counts = { messages: 0, events: 0, polls: 0, failedPolls: 0, retries: 0, refused: 0 };
	const trouble = [];
	const rig = await openRig({
		engine: { sdk, mode: "instrumented", limits: true },
		protocol,
		...(values["all-outputs"] ? { pushEvery: Math.max(1, Math.floor(PUSH_EVERY / speed)) } : {}),
		onMessage: () => counts.messages++,
		onEvent: () => counts.events++,
		onLine: (line) => {
			if (!instruments.take(line) && /abort|exception|error|failed in fixed/i.test(line)) trouble.push(line);
		},
	});
	const started = performance.now();
	let polling = true;
	const pollers = Array.from({ length: POLLERS }, (_, index) =>
		poll(rig, counts, addressOf(index), () => polling),
	);
	const others = rig.receivers
		? openPollers(
				(path, index) => patiently(rig.port, path, counts, addressOf(POLLERS + index), ""),
				Number(values.speed),
			)
		: undefined;
	const visitors = await openVisitors(rig.port, Number(values.browsers));
	let lost;
	try {
		let due = performance.now();
		for (const telegram of telegrams) {
			rig.gateway.failed();
			await rig.writePaced(telegram, baud);
			due += period;
			await pause(Math.max(0, due - performance.now()));
		}
		await until("the last reading", () => rig.gateway.failed() || counts.messages >= telegrams.length, 5000);
		await until("the last event", () => counts.events >= telegrams.length, 5000);
	} catch (error) {
		lost = error.message;
	}
	polling = false;
	others?.close();
	await Promise.all(pollers);
	for (const visitor of visitors) await visitor.close();
	const ended = rig.gateway.ended();
	const health = ended === undefined ? JSON.parse(await fetched(rig.port, "/api/v1/health")) : undefined;
	await rig.close();

	const seconds = Math.round((performance.now() - started) / 1000);
	const bytes = Math.max(...telegrams.map(({ length }) => length));
	console.log(
		`${meter}: ${telegrams.length} telegrams of up to ${bytes} bytes in ${seconds} s on XS with the device's memory`,
	);
	console.log(
		`  at the broker ${counts.messages}, in the event stream ${counts.events}, rejected ${health?.rejected.count}`,
	);
	console.log(
		`  reading and health polled ${counts.polls} times, failed ${counts.failedPolls}; no connection was free ${counts.retries} times, for ${counts.refused} requests ${ATTEMPTS} times in a row`,
	);
	if (visitors.length === 0) console.log("  no Chromium here: no browser looked at the page");
	for (const visitor of visitors) console.log(`  ${visitor.told()}`);
	if (others) {
		const { counts: pushed } = rig.receivers;
		console.log(`  P1 telegrams at the bridge's readers ${rig.readers.counts.join(" and ")}`);
		console.log(`  asked for ${JSON.stringify(others.counts)}, failed ${others.failed.length}`);
		console.log(`  pushed: ${JSON.stringify(pushed)}`);
		for (const problem of others.failed.slice(0, 3)) console.log(`  said: ${problem}`);
	}
	instruments.print();
	for (const line of trouble.slice(0, 5)) console.log(`  said: ${line}`);
	if (lost)
		console.log(
			`  FAILED: ${lost}; ${ended === undefined ? JSON.stringify(health) : `the machine ended with ${ended}`}`,
		);
	const complete = counts.messages >= telegrams.length && counts.events >= telegrams.length;
	const well =
		counts.failedPolls === 0 && health?.rejected.count === 0 && visitors.every((visitor) => visitor.well());
	const fits = instruments.total <= DEVICE_CEILING;
	return lost === undefined && complete && well && fits;
}

async function poll({ port }, counts, from, polling) {
	while (polling()) {
		try {
			for (const path of ["/api/v1/reading", "/api/v1/health"])
				JSON.parse(await patiently(port, path, counts, from));
			counts.polls++;
		} catch {
			counts.failedPolls++;
		}
		await pause(POLL_INTERVAL_MS);
	}
}

/**
 * Asks again where all six connections are taken for the moment, as a client should that is told 503: at once some
 * hundred milliseconds later, then less and less often. `whole`: the answer's end.
 */
async function patiently(port, path, counts, from, whole = "}") {
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		try {
			const text = await fetched(port, path, from);
			if (text.endsWith(whole) && !text.includes('"status":503')) return text;
		} catch {
			// Turned away without a word.
		}
		counts.retries++;
		await pause(RETRY_MS * (attempt + 1));
	}
	counts.refused++;
	throw new Error(`${path} is not to be had`);
}

async function openVisitors(port, count) {
	if (!existsSync(CHROMIUM)) return [];
	return Promise.all(Array.from({ length: count }, () => Visitor.open(port)));
}

/** A person with the page open in a real browser. */
class Visitor {
	#browser;
	#page;
	#errors = [];
	#powers = new Set();
	#loads = 1;
	#timers = [];

	static async open(port) {
		const visitor = new Visitor();
		visitor.#browser = await chromium.launch({
			executablePath: CHROMIUM,
			args: ["--no-sandbox", "--disable-gpu"],
		});
		const page = await visitor.#browser.newPage();
		visitor.#page = page;
		page.on("pageerror", (error) => visitor.#errors.push(error.message));
		await visitor.#patiently(() => page.goto(`http://127.0.0.1:${port}/`, { timeout: PAGE_TIMEOUT_MS }));
		visitor.#timers = [
			setInterval(() => visitor.#look(), 250),
			setInterval(() => visitor.#reload(), RELOAD_INTERVAL_MS),
		];
		return visitor;
	}

	async #look() {
		const power = await this.#page
			.locator(".now .power")
			.innerText({ timeout: 1000 })
			.catch(() => "");
		if (/\d/.test(power)) this.#powers.add(power);
	}

	async #reload() {
		this.#loads++;
		try {
			await this.#patiently(() => this.#page.reload({ timeout: PAGE_TIMEOUT_MS }));
		} catch (error) {
			this.#errors.push(error.message);
		}
	}

	/** A person whose page does not come tries again. */
	async #patiently(load) {
		for (let attempt = 1; ; attempt++) {
			try {
				return await load();
			} catch (error) {
				if (attempt === 3) throw error;
				await pause(500);
			}
		}
	}

	async close() {
		for (const timer of this.#timers) clearInterval(timer);
		await this.#browser.close();
	}

	well() {
		return this.#errors.length === 0 && this.#powers.size > 1;
	}

	told() {
		const errors = this.#errors.length > 0 ? `; errors: ${this.#errors.slice(0, 3).join(", ")}` : "";
		return `page loaded ${this.#loads} times in Chromium, ${this.#powers.size} different powers seen${errors}`;
	}
}
/** The lines that an instrumented machine prints each second: names once, then values. */
class Instruments {
	#names = [];
	#most = new Map();
	#samples = [];

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
		const value = (name) => values[this.#names.indexOf(name)];
		this.#samples.push({
			slots: value("Slot available") / SLOT_BYTES,
			chunks: value("Chunk available"),
			usedSlots: value("Slot used") / SLOT_BYTES,
			usedChunks: value("Chunk used"),
		});
		this.#names.forEach((name, index) => {
			this.#most.set(name, Math.max(this.#most.get(name) ?? 0, values[index] ?? 0));
		});
	}

	/** The heaps at the end, on the chip: with the stack. They never shrink. */
	get total() {
		const end = this.#samples.at(-1);
		return end ? onDevice(end) : Number.POSITIVE_INFINITY;
	}

	print() {
		const most = (name) => this.#most.get(name) ?? 0;
		const shown = (number) => Math.round(number).toLocaleString("en");
		// The first lines come from a machine that has not started its app yet.
		const samples = this.#samples.slice(WARM_UP_SAMPLES);
		const end = samples.at(-1);
		if (!end) return console.log("  no instruments: not an instrumented build");
		const free = (100 * (DEVICE_CEILING - this.total)) / DEVICE_CEILING;
		console.log(
			`  heaps at the end: ${shown(end.slots)} slots, ${shown(end.chunks)} bytes of chunks; on the chip ${shown(this.total)} bytes with the stack, of ${shown(DEVICE_CEILING)} (${free.toFixed(1)} % free)`,
		);
		const last = samples.findIndex(({ slots, chunks }) => slots === end.slots && chunks === end.chunks);
		console.log(`  had that size after ${((100 * last) / samples.length).toFixed(1)} % of the time`);
		// What is used just after a collection: the least of many moments.
		const least = (part) => {
			const moments = samples.slice(
				Math.floor((part * samples.length) / PARTS),
				Math.ceil(((part + 1) * samples.length) / PARTS),
			);
			const used = (name) => shown(Math.min(...moments.map((moment) => moment[name])));
			return `${used("usedSlots")} slots, ${used("usedChunks")} bytes of chunks`;
		};
		console.log(`  least used in the second of ${PARTS} parts of the run: ${least(1)}`);
		console.log(`  least used in the last: ${least(PARTS - 1)}`);
		console.log(
			`  stack peak ${shown(most("Stack used") / SLOT_BYTES)} of ${shown(DEVICE_LIMITS.stack)} slots`,
		);
		console.log(
			`  keys ${most("Keys used")}, sockets ${most("Network sockets")}, collections a second ${most("Garbage collections")}`,
		);
	}
}

let wrong = 0;
for (const name of cases) if (!(await soak(name))) wrong++;
console.log(`${cases.length - wrong} passed, ${wrong} failed`);
process.exit(wrong === 0 ? 0 : 1);
