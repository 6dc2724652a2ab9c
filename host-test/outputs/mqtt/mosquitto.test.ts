// The output over real sockets to a real broker (mosquitto), watched by clients that are not ours: mosquitto_sub, and Eclipse
// Paho where host-test/interop is set up.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock, timers } from "../../../hardware/clock.js";
import { network } from "../../../hardware/network.js";
import type { SettingValues } from "../../../settings/setting.js";
import { describeWith, eventually, freePort, Program, ROOT } from "../../e2e/gateway";
import { Bench, readingOf } from "../fakes.js";
import { type Rig, start } from "./support.js";

const MINUTE = 60_000;
const PYTHON = join(ROOT, "build/interop/bin/python");
const OBSERVER = join(ROOT, "host-test/interop/mqtt_observer.py");

let folder: string;
let port: number;
let broker: Program;
let rigs: Rig[] = [];
let subscribers: Program[] = [];
let checked = 0;

async function startBroker(extra = "allow_anonymous true"): Promise<void> {
	writeFileSync(
		join(folder, "mosquitto.conf"),
		`listener ${port} 127.0.0.1\n${extra}\nlog_dest stderr\nmax_queued_messages 0\n`,
	);
	broker = new Program("mosquitto", ["-c", join(folder, "mosquitto.conf")]);
	await broker.line(/running/);
}

/** The output as the app runs it: the real network, timers and clock. */
function open(settings: SettingValues, bench = new Bench()): Rig {
	const clock = new Clock();
	const rig = start(
		{ host: "127.0.0.1", port, ...settings },
		{ network, timers, now: () => clock.now(), wallTime: () => Date.now() },
		bench,
	);
	rigs.push(rig);
	return rig;
}

async function connected(rig: Rig): Promise<void> {
	await eventually("the connection", () => rig.output.health().connected === true || undefined);
}

interface Message {
	readonly topic: string;
	readonly text: string;
	readonly qos: number;
}

/** Everything that comes to the broker, as mosquitto_sub tells it. */
class Subscriber extends Program {
	static async start(...args: string[]): Promise<Subscriber> {
		const subscriber = new Subscriber("mosquitto_sub", [
			...["-h", "127.0.0.1", "-p", `${port}`, "-t", "#", "-q", "2", "-F", "%q %r %t %p", ...args],
		]);
		subscribers.push(subscriber);
		// Its own subscription is in force once it hears itself.
		await eventually("the subscription", () => {
			publish("ready", "x", ...args);
			return subscriber.on("ready").length > 0 || undefined;
		});
		return subscriber;
	}

	on(topic: string): Message[] {
		return this.lines
			.map((line) => line.match(/^(\d) \d (\S+) ?(.*)$/))
			.filter((match) => match !== null && match[2] === topic)
			.map((match) => ({ topic, qos: Number(match?.[1]), text: `${match?.[3]}` }));
	}

	messages(topic: string, count: number, milliseconds?: number): Promise<Message[]> {
		return eventually(
			`${count} messages on ${topic}`,
			() => {
				const found = this.on(topic);
				if (found.length < count) return undefined;
				checked += found.length;
				return found;
			},
			milliseconds,
		);
	}
}

function publish(topic: string, text: string | { file: string }, ...args: string[]): void {
	const payload = typeof text === "string" ? ["-m", text] : ["-f", text.file];
	const { status, stderr } = spawnSync("mosquitto_pub", [
		...["-h", "127.0.0.1", "-p", `${port}`, "-t", topic, ...payload, ...args],
	]);
	if (status !== 0) throw new Error(`${stderr}`);
}

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "meterling-mqtt-"));
	port = await freePort();
});

afterEach(async () => {
	for (const { output } of rigs) await new Promise<void>((done) => output.close(done));
	rigs = [];
	for (const program of [...subscribers, broker]) await program?.stop("SIGKILL");
	subscribers = [];
	rmSync(folder, { recursive: true, force: true });
});

afterAll(() => console.info(`mosquitto: ${checked} messages checked`));

describeWith(["mosquitto", "mosquitto_sub", "mosquitto_pub"], "mosquitto", () => {
	test(
		"every payload mode at every QoS, 12 combinations",
		async () => {
			await startBroker();
			const subscriber = await Subscriber.start();
			const topics = { json: "reading", values: "value/power_import", ams: "", raw: "frame" };
			for (const [payload, leaf] of Object.entries(topics)) {
				for (const qos of [0, 1, 2]) {
					const topic = `t/${payload}${qos}`;
					const rig = open({ topic, payload, qos: `${qos}`, clientId: `${payload}${qos}` });
					await connected(rig);
					for (const watts of [1, 2, 3]) {
						rig.output.frame?.(Uint8Array.of(0x7e, watts));
						rig.output.reading(readingOf(watts));
						await eventually("the delivery", () => rig.output.health().published === watts || undefined);
					}
					const found = await subscriber.messages(leaf === "" ? topic : `${topic}/${leaf}`, 3);
					expect(found.map((message) => message.qos)).toEqual([qos, qos, qos]);
					const expected = [1, 2, 3].map((watts) =>
						payload === "raw"
							? `7e0${watts}`
							: payload === "values"
								? `${watts}`
								: expect.stringContaining(`${watts}`),
					);
					expect(found.map(({ text }) => text)).toEqual(expected);
					expect(await subscriber.messages(`${topic}/status`, 1)).toMatchObject([{ text: "online" }]);
				}
			}
		},
		MINUTE,
	);

	test(
		"a killed gateway is declared offline by the broker, a stopped one says so itself",
		async () => {
			await startBroker();
			const subscriber = await Subscriber.start();
			const rig = open({ topic: "own" });
			await connected(rig);
			await subscriber.messages("own/status", 1);
			await new Promise<void>((done) => rig.output.close(done));
			expect((await subscriber.messages("own/status", 2)).map(({ text }) => text)).toEqual([
				"online",
				"offline",
			]);
			// A second client with the same id throws the first out, without its goodbye: the will speaks.
			const other = open({ topic: "will", clientId: "twin" });
			await connected(other);
			spawnSync("mosquitto_pub", ["-h", "127.0.0.1", "-p", `${port}`, "-i", "twin", "-t", "x", "-m", "x"]);
			const states = await subscriber.messages("will/status", 2);
			expect(states.map(({ text }) => text).slice(0, 2)).toEqual(["online", "offline"]);
		},
		MINUTE,
	);

	test(
		"the right password opens, a wrong one is told in words and nowhere repeated",
		async () => {
			const file = join(folder, "passwords");
			spawnSync("mosquitto_passwd", ["-b", "-c", file, "reader", "hunter2"]);
			await startBroker(
				`allow_anonymous false\npassword_file ${file}\n${process.getuid?.() === 0 ? "user root" : ""}`,
			);
			const subscriber = await Subscriber.start("-u", "reader", "-P", "hunter2");
			const right = open({ user: "reader", password: "hunter2", topic: "right" });
			right.output.reading(readingOf(7));
			expect(await subscriber.messages("right/reading", 1)).toHaveLength(1);
			const wrong = open({ user: "reader", password: "hunter3", topic: "wrong", clientId: "wrong" });
			await eventually("the refusal", () => wrong.output.health().lastError !== null || undefined);
			expect(wrong.output.health().lastError).toMatch(/user|authori[sz]ed/);
			expect(wrong.bench.log.join()).not.toContain("hunter3");
		},
		MINUTE,
	);

	test(
		"a megabyte retained on a command's topic: readings flow, commands work, nothing is restarted",
		async () => {
			await startBroker();
			const file = join(folder, "megabyte");
			writeFileSync(file, "A".repeat(1 << 20));
			publish("meterling/command/restart", { file }, "-r");
			publish("meterling/command/identify", { file }, "-r", "-q", "1");
			const subscriber = await Subscriber.start();
			const rig = open({});
			await connected(rig);
			await eventually("both to be skipped", () => Number(rig.output.health().skipped) === 2 || undefined);
			rig.output.reading(readingOf(1));
			await subscriber.messages("meterling/reading", 1);
			await eventually("the answer", () => {
				publish("meterling/command/identify", "PRESS");
				return subscriber.on("meterling/answer").length > 0 || undefined;
			});
			expect(rig.commanded).toContain("identify");
			expect(rig.commanded.join()).not.toContain("restart");
			expect(rig.output.health()).toMatchObject({ connected: true, reconnects: 0 });
		},
		MINUTE,
	);

	test(
		"killed and started again: what came meanwhile follows in order, late, each once",
		async () => {
			await startBroker();
			const rig = open({ topic: "late", qos: "1" });
			await connected(rig);
			await broker.stop("SIGKILL");
			await eventually("the loss", () => rig.output.health().connected === false || undefined);
			for (let watts = 0; watts < 20; watts++) rig.output.reading(readingOf(watts));
			await startBroker();
			const subscriber = await Subscriber.start();
			const late = await subscriber.messages("late/late", 19, 30_000);
			const watts = late.map(({ text }) => JSON.parse(text).quantities.power_import.value);
			expect(watts).toEqual(Array.from({ length: 19 }, (_, index) => index));
			expect(late.every(({ text, qos }) => qos === 1 && JSON.parse(text).late === true)).toBe(true);
			const live = await subscriber.messages("late/reading", 1);
			expect(live.map(({ text }) => JSON.parse(text).quantities.power_import.value)).toEqual([19]);
			expect(rig.output.health()).toMatchObject({ lateWaiting: 0, dropped: 0 });
		},
		MINUTE,
	);

	test(
		"a way to the broker that breaks in the middle of a message: the reading comes whole, on the next connection",
		async () => {
			await startBroker();
			const subscriber = await Subscriber.start();
			let breaks = 2;
			// Lets the beginning of the conversation through, then cuts.
			const way = createServer((from) => {
				const to = connect(port, "127.0.0.1");
				let left = breaks-- > 0 ? 400 : Number.POSITIVE_INFINITY;
				from.on("data", (bytes: Buffer) => {
					to.write(bytes.subarray(0, Math.max(0, left)));
					left -= bytes.length;
					if (left <= 0) from.destroy();
				});
				to.on("data", (bytes) => from.write(bytes));
				for (const end of [from, to]) end.on("error", () => {});
				from.on("close", () => to.destroy());
				to.on("close", () => from.destroy());
			});
			await new Promise<void>((done) => way.listen(0, "127.0.0.1", done));
			const address = way.address();
			const rig = open({
				port: typeof address === "object" ? address?.port : 0,
				topic: "broken",
				qos: "1",
			} as SettingValues);
			rig.output.reading(readingOf(42));
			const [reading] = await subscriber.messages("broken/reading", 1, 30_000);
			expect(JSON.parse(`${reading?.text}`).quantities.power_import.value).toBe(42);
			expect(Number(rig.output.health().reconnects)).toBeGreaterThanOrEqual(1);
			way.close();
		},
		MINUTE,
	);

	(existsSync(PYTHON) ? test : test.skip)(
		"Eclipse Paho hears the same, retained for late comers (skipped where build/interop is absent)",
		async () => {
			await startBroker();
			const rig = open({ topic: "house/{gateway}" });
			await connected(rig);
			rig.output.reading(readingOf(5));
			await eventually("the delivery", () => rig.output.health().published === 1 || undefined);
			const observer = new Program(PYTHON, [OBSERVER, `${port}`]);
			subscribers.push(observer);
			await observer.line(/"subscribed"/);
			await observer.line(/power_import/);
			const heard = () =>
				observer.lines.filter((line) => line.includes("topic")).map((line) => JSON.parse(line));
			expect(heard()).toEqual(
				expect.arrayContaining([
					{ topic: "house/meterling-a1b2c3/status", text: "online", qos: 0, retain: true },
					{ topic: "house/meterling-a1b2c3/meter", text: "fresh", qos: 0, retain: true },
					expect.objectContaining({ topic: "house/meterling-a1b2c3/reading", retain: true }),
				]),
			);
			rig.output.reading(readingOf(6));
			await observer.line(/power_import[^}]*6/);
			checked += heard().length;
		},
		MINUTE,
	);
});
