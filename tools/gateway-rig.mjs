// A gateway under measurement: the app on XS or on Node, a pty as its line, an MQTT broker and one event-stream client
// in this process, so that one clock times all of it. For tools/soak-xs.mjs and tools/bench-latency.mjs.
import { spawn } from "node:child_process";
import {
	closeSync,
	constants,
	existsSync,
	mkdtempSync,
	openSync,
	rmSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import { openReaders, openReceivers } from "./rig-receivers.mjs";
import { startXs } from "./run-xs.mjs";
import { ROOT } from "./xs-sdk.mjs";

const START_TIMEOUT_MS = 20_000;
const END_TIMEOUT_MS = 5000;
const PACE_STEP_MS = 4;

/** Waits until `condition` holds; throws with `what` when that takes longer than `milliseconds`. */
export async function until(what, condition, milliseconds = START_TIMEOUT_MS) {
	const end = performance.now() + milliseconds;
	while (!(await condition())) {
		if (performance.now() > end) throw new Error(`waited ${milliseconds / 1000} s in vain for ${what}`);
		await pause(20);
	}
}

export function pause(milliseconds) {
	return new Promise((done) => setTimeout(done, milliseconds));
}

/**
 * Starts all of it and waits until meter, broker and event client are connected.
 * `engine`: `node` or `{ sdk, mode, limits }` for XS. `onMessage()` is called for every reading at the broker,
 * `onEvent()` for every reading that the event client gets, `onLine(text)` for every line that the gateway prints.
 * `pushEvery`: turns every output on, with servers that take what is pushed as often as that (seconds; 0: with each
 * reading) and two readers of P1 telegrams; what came is in the rig's `receivers` and `readers`.
 */
export async function openRig({ engine, protocol, onMessage, onEvent, onLine = () => {}, pushEvery }) {
	const folder = mkdtempSync(join(tmpdir(), "meterling-rig-"));
	const closers = [() => rmSync(folder, { recursive: true, force: true })];
	try {
		const [ours, theirs] = [join(folder, "meter"), join(folder, "line")];
		const socat = spawn("socat", [`pty,rawer,link=${ours}`, `pty,rawer,link=${theirs}`], { stdio: "ignore" });
		closers.push(() => socat.kill());
		await until("socat's pty pair", () => existsSync(ours) && existsSync(theirs));
		// A process without a terminal would be given this one, and be ended by closing it.
		const meter = openSync(ours, constants.O_RDWR | constants.O_NOCTTY);
		closers.push(() => closeSync(meter));

		const broker = await openBroker(onMessage);
		closers.push(broker.close);
		const port = await freePort();
		const bridgePort = await freePort();
		const receivers = pushEvery === undefined ? undefined : await openReceivers(pushEvery, bridgePort);
		if (receivers) closers.push(receivers.close);
		const settings = {
			meter: { protocol, port: theirs },
			http: { port },
			mqtt: { host: "127.0.0.1", port: broker.port },
			...receivers?.settings,
		};
		const gateway = startGateway(engine, folder, settings, onLine);
		closers.push(gateway.stop);
		await until("the gateway's connection to the broker", () => broker.connected() || gateway.failed());
		const events = await openEvents(port, onEvent);
		closers.push(events.close);
		await until("the line to the meter", async () => gateway.failed() || (await lineOpen(port)));
		const readers = receivers ? await openReaders(bridgePort) : undefined;
		if (readers) closers.push(readers.close);
		const write = (bytes) => writeSync(meter, bytes);
		return {
			write,
			writePaced: (bytes, baud) => writePaced(write, bytes, baud),
			port,
			gateway,
			broker,
			receivers,
			readers,
			close: () => closeAll(closers),
		};
	} catch (error) {
		await closeAll(closers);
		throw error;
	}
}

/** In the pieces and at the pace of a UART of ten bits a character. */
async function writePaced(write, bytes, baud) {
	const began = performance.now();
	for (let sent = 0; sent < bytes.length; ) {
		const due = Math.min(bytes.length, Math.ceil(((performance.now() - began) * baud) / 10_000) + 1);
		if (due > sent) write(bytes.subarray(sent, due));
		sent = Math.max(sent, due);
		await pause(PACE_STEP_MS);
	}
}

async function closeAll(closers) {
	for (const close of closers.splice(0).reverse()) await close();
}

/** The body of a GET, as text. `from`: the loopback address of who asks. */
export function fetched(port, path, from) {
	return new Promise((done, fail) => {
		const options = { host: "127.0.0.1", port, path, agent: false, ...(from && { localAddress: from }) };
		const request = get(options, (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (part) => {
				text += part;
			});
			response.on("end", () => done(text)).on("error", fail);
		});
		request.on("error", fail);
	});
}

async function lineOpen(port) {
	const { meter } = JSON.parse(await fetched(port, "/api/v1/health"));
	return meter.opened > 0;
}

async function openBroker(onMessage) {
	const aedes = await Aedes.createBroker();
	let connected = false;
	aedes.on("publish", ({ topic }, client) => {
		if (!client) return;
		connected = true;
		if (topic.endsWith("/reading")) onMessage();
	});
	const server = createServer(aedes.handle);
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	return {
		port: server.address().port,
		connected: () => connected,
		close: () => new Promise((done) => server.close() && aedes.close(done)),
	};
}

/** Below those that Linux gives to connections and to servers that ask for any. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

async function freePort() {
	for (;;) {
		const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
		const server = createServer();
		const free = await new Promise((done) => {
			server.once("error", () => done(false)).listen(port, () => done(true));
		});
		if (!free) continue;
		await new Promise((done) => server.close(done));
		return port;
	}
}

function startGateway(engine, folder, settings, onLine) {
	const stdio = ["ignore", "pipe", "pipe"];
	writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
	const child = engine === "node" ? startNode() : startXs({ ...engine, state: folder, stdio });
	let ended;
	child.on("exit", (code, signal) => {
		ended = signal ?? code;
	});
	for (const stream of [child.stdout, child.stderr]) splitLines(stream, onLine);

	function startNode() {
		const flags = ["run", "--state", folder, "--http-port", `${settings.http.port}`];
		return spawn(process.execPath, [join(ROOT, "host/cli/meterling.mjs"), ...flags], { cwd: ROOT, stdio });
	}

	return {
		pid: child.pid,
		/** Exit code or signal, `undefined` while it runs. */
		ended: () => ended,
		failed: () => {
			if (ended !== undefined) throw new Error(`the gateway ended with ${ended}`);
			return false;
		},
		stop: async () => {
			if (ended !== undefined) return;
			child.kill("SIGTERM");
			await until("the gateway's end", () => ended !== undefined, END_TIMEOUT_MS);
		},
	};
}

function splitLines(stream, onLine) {
	let rest = "";
	stream.setEncoding("utf8").on("data", (text) => {
		const lines = (rest + text).split("\n");
		rest = lines.pop();
		for (const line of lines) onLine(line);
	});
}

/** A browser's event stream; only whole readings count. */
function openEvents(port, onEvent) {
	return new Promise((done, fail) => {
		const request = get({ host: "127.0.0.1", port, path: "/api/v1/events" }, (response) => {
			if (response.statusCode !== 200) fail(new Error(`the event stream answers ${response.statusCode}`));
			let name = "";
			splitLines(response, (line) => {
				if (line.startsWith("event: ")) name = line.slice("event: ".length);
				else if (line.startsWith("data: ") && name === "reading") onEvent();
			});
			done({ close: () => request.destroy() });
		});
		request.on("error", fail);
	});
}
