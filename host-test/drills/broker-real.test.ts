// A real broker (mosquitto) behind a way that is cut, clogged and narrow, the real gateway before it, on Node and on XS: the page
// answers all the while, the meter is read, and every reading is at the broker afterwards. METERLING_LONG=1: ten times as long.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cable } from "../e2e/cable";
import {
	describeWith,
	eventually,
	freePort,
	Gateway,
	missingForXs,
	outputHealth,
	Program,
} from "../e2e/gateway";
import { BrokenPath, type PathState } from "./broken-path";

const LONG = process.env.METERLING_LONG === "1" ? 10 : 1;
/** Seconds of each trouble. */
const TROUBLES: readonly [PathState, number][] = [
	["killed", 2 * LONG],
	// Its silence is found out when a message is not acknowledged: 10 s.
	["hung", 11 * LONG],
	["slow", 3 * LONG],
];
/** A page that waits for a broker waits ten seconds and more. */
const LONGEST_ANSWER_MS = 1000;
const LONGEST_TEST_MS = 90_000 * LONG;
const PROGRAMS = ["mosquitto", "mosquitto_sub", "socat"];

type Start = (folder: string, port: string, mqtt: object) => Promise<Gateway>;

function drill(engine: string, start: Start): void {
	const closers: (() => unknown)[] = [];
	afterEach(async () => {
		for (const close of closers.splice(0).reverse()) await close();
	});

	test(
		`${engine}: the broker killed, hung and slow`,
		async () => {
			const folder = mkdtempSync(join(tmpdir(), "meterling-drill-"));
			closers.push(() => rmSync(folder, { recursive: true, force: true }));
			const brokerPort = await freePort();
			const configuration = join(folder, "mosquitto.conf");
			writeFileSync(
				configuration,
				`listener ${brokerPort} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n`,
			);
			const broker = new Program("mosquitto", ["-c", configuration]);
			closers.push(() => broker.stop("SIGKILL"));
			await broker.line(/running/);
			const topics = ["-t", "meterling/reading", "-t", "meterling/late"];
			const subscriber = new Program("mosquitto_sub", ["-p", `${brokerPort}`, "-q", "1", ...topics]);
			closers.push(() => subscriber.stop());
			const path = await BrokenPath.open(await freePort(), brokerPort);
			closers.push(() => path.close());
			const cable = new Cable(folder);
			closers.push(() => cable.pull());
			await cable.ready();
			const mqtt = { host: "127.0.0.1", port: path.port, qos: "1", retain: false };
			const gateway = await start(folder, cable.gateway, mqtt);
			closers.push(() => gateway.stop());
			const emulator = new Program(process.execPath, [
				...["host/cli/meterling.mjs", "emulate", "--meter", "kamstrup-omnipower"],
				...["--port", cable.meter, "--speed", "10"],
			]);
			closers.push(() => emulator.stop());

			const isConnected = async () => outputHealth(await gateway.health(), "mqtt").connected === true;
			await eventually("the first message", () => subscriber.lines.length > 0 || undefined);
			let longest = 0;
			let polls = 0;
			for (const [state, seconds] of TROUBLES) {
				const before = (await gateway.health()).readings.count;
				await path.set(state);
				for (const until = Date.now() + seconds * 1000; Date.now() < until; polls++) {
					const asked = performance.now();
					await gateway.health();
					longest = Math.max(longest, performance.now() - asked);
					await new Promise((next) => setTimeout(next, 100));
				}
				// A list a second.
				expect((await gateway.health()).readings.count).toBeGreaterThanOrEqual(
					before + Math.floor(seconds / 2),
				);
				await path.set("well");
				await eventually("the connection", async () => (await isConnected()) || undefined, 70_000);
			}
			await emulator.stop();
			const arrived = () => new Set(subscriber.lines.map((line) => JSON.parse(line).time)).size;
			const { readings } = await gateway.health();
			const thinned = async () => Number(outputHealth(await gateway.health(), "mqtt").lateThinned);
			await eventually(
				"every reading",
				async () => arrived() + (await thinned()) >= readings.count || undefined,
				30_000,
			);
			const { dropped, reconnects } = outputHealth(await gateway.health(), "mqtt");
			expect(dropped).toBe(0);
			expect(longest).toBeLessThan(LONGEST_ANSWER_MS);
			const troubles = TROUBLES.map(([state, seconds]) => `${state} ${seconds} s`).join(", ");
			console.log(
				`${engine}: ${troubles}; ${readings.count} read, ${arrived()} at the broker, ${await thinned()} thinned out, 0 lost; ${reconnects} reconnects; health asked ${polls} times, answered after ${longest.toFixed(0)} ms at most`,
			);
		},
		LONGEST_TEST_MS,
	);
}

describeWith(PROGRAMS, "a broker in trouble, the gateway on Node", () => {
	drill("Node", (folder, port, mqtt) => {
		const file = join(folder, "settings-of-drill.json");
		writeFileSync(file, JSON.stringify({ mqtt }));
		return Gateway.start("--config", file, "--protocol", "dlms", "--port", port);
	});
});

const onXs = () => drill("XS", (folder, port, mqtt) => Gateway.startOnXs(folder, "dlms", port, 0, { mqtt }));
const missing = missingForXs();
if (missing) describe.skip(`a broker in trouble, the firmware on XS (not run: ${missing})`, onXs);
else describeWith(PROGRAMS, "a broker in trouble, the firmware on XS", onXs);
