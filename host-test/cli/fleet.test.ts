// `meterling fleet` against a real broker (mosquitto), counted by a client that is not ours (mosquitto_sub).

import "../../host/platform/globals";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FleetMeter } from "../../host/fleet/fleet-meter";
import type { Figures } from "../../host/fleet/measurement";
import { Times } from "../../host/fleet/tally";
import { KamstrupOmnipower } from "../../host/meters/kamstrup-omnipower";
import { dlms } from "../../protocols/dlms/dlms";
import { describeWith, eventually, freePort, Program, ROOT } from "../e2e/gateway";
import { readingOf } from "../meters/readings";

const COMMAND = join(ROOT, "host/cli/meterling.mjs");
const MINUTE = 60_000;
/** 2026-11-21 10:00:00, whose list has counters. */
const HOUR = Date.UTC(2026, 10, 21, 10);

describe("a simulated meter", () => {
	test.each([
		["the first reading, with counters", HOUR + 5000, true],
		["a later one, without", HOUR + 20_000, false],
	])("%s has what a Kamstrup's list on the HAN port has, value for value", (_, time, hourly) => {
		const start = HOUR - 1000;
		const emulated = new KamstrupOmnipower({ seed: 3, start, solarWatts: 0 });
		const decoded = readingOf(dlms, emulated.telegram(time));
		const meter = new FleetMeter(3, start);
		if (!hourly) meter.reading(HOUR + 5000);
		const reading = meter.reading(time);
		const named = (quantities: typeof reading.quantities) =>
			Object.fromEntries(quantities.map(({ name, value, unit, obis }) => [name, { value, unit, obis }]));
		expect(named(reading.quantities)).toEqual(named(decoded.quantities));
		expect({ ...reading, quantities: [], meter: { ...reading.meter, id: "" } }).toEqual({
			...decoded,
			quantities: [],
			meter: { ...decoded.meter, id: "" },
		});
	});

	test("every gateway has a meter number of 16 digits and a household of its own", () => {
		const readings = [1, 2, 50_000].map((number) => new FleetMeter(number, HOUR).reading(HOUR + 60_000));
		expect(readings.map(({ meter }) => meter.id)).toEqual([
			"5706567000000001",
			"5706567000000002",
			"5706567000050000",
		]);
		expect(new Set(readings.map(({ quantities }) => JSON.stringify(quantities))).size).toBe(3);
	});
});

test("quantiles are times that were measured (nearest rank)", () => {
	const times = new Times();
	expect(times.quantiles([0.5, 1])).toEqual([null, null]);
	for (let time = 100; time >= 1; time--) times.add(time);
	expect(times.quantiles([0.01, 0.5, 0.99, 1])).toEqual([1, 50, 99, 100]);
});

describe("wrong usage is one line and exit code 2", () => {
	test.each([
		[[], "--gateways is needed: how many?"],
		[["--gateways", "0"], "--gateways must be a whole number from 1 to 50000"],
		[
			["--gateways", "3", "--topic", "meterling"],
			"--topic must hold {gateway}, or all gateways would write to one topic",
		],
		[["--gateways", "3", "--broker", "mqtt://x"], "--broker must look like HOST or HOST:PORT"],
		[
			["--gateways", "3", "--password-file", "package.json"],
			/^package.json must have a line NAME:PASSWORD for each/,
		],
	])("%j", (args, words) => {
		const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "fleet", ...args], {
			cwd: ROOT,
			encoding: "utf8",
		});
		const [line, ...more] = stderr.replace("meterling fleet: ", "").split("\n");
		expect([status, stdout, more]).toEqual([2, "", [""]]);
		expect(line).toEqual(typeof words === "string" ? words : expect.stringMatching(words));
	});

	test("more gateways than files may be open", () => {
		const { status, stderr } = spawnSync(
			"sh",
			["-c", `ulimit -n 100; exec "${process.execPath}" "${COMMAND}" fleet --gateways 90`],
			{ encoding: "utf8" },
		);
		expect([status, stderr]).toEqual([
			2,
			"meterling fleet: only 100 files may be open here: ulimit -n 140, or fewer gateways\n",
		]);
	});
});

describeWith(["mosquitto", "mosquitto_sub", "mosquitto_passwd"], "ten gateways and mosquitto", () => {
	let folder: string;
	let port: number;
	let broker: Program;
	let observer: Program | undefined;

	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-fleet-"));
		port = await freePort();
	});

	afterEach(async () => {
		await observer?.stop("SIGKILL");
		await broker.stop("SIGKILL");
		rmSync(folder, { recursive: true, force: true });
	});

	async function startBroker(more = "allow_anonymous true"): Promise<void> {
		writeFileSync(
			join(folder, "conf"),
			`listener ${port} 127.0.0.1\n${more}\nlog_dest stderr\nlog_type all\n`,
		);
		broker = new Program("mosquitto", ["-c", join(folder, "conf")]);
		await broker.line(/running/);
	}

	const fleet = (...args: string[]) =>
		new Program(process.execPath, [
			...[COMMAND, "fleet", "--broker", `127.0.0.1:${port}`, "--gateways", "10"],
			...["--ramp", "0.2", "--interval", "0.5", ...args],
		]);

	test(
		"what it counts is what another client counts; all come, report and say goodbye",
		async () => {
			await startBroker();
			observer = new Program("mosquitto_sub", [
				...["-h", "127.0.0.1", "-p", `${port}`, "-t", "meterling/+/+", "-F", "%t %l %p", "-q", "1"],
			]);
			await broker.line(/Received SUBSCRIBE/);
			const playing = fleet("--seconds", "3", "--json");
			expect(await playing.exit).toBe(0);
			const figures = JSON.parse(playing.lines.join("")) as Figures;
			await observer.line(/meterling-00000a\/status 7 offline/);
			await observer.stop();
			const seen = observer.lines.filter((line) => /^meterling\//.test(line));
			const on = (leaf: string) => seen.filter((line) => line.includes(`/${leaf} `));
			expect(on("status").filter((line) => line.endsWith(" online"))).toHaveLength(10);
			expect(on("status").filter((line) => line.endsWith(" offline"))).toHaveLength(10);
			expect(new Set(on("reading").map((line) => line.split("/")[1])).size).toBe(10);
			expect(figures).toMatchObject({ gateways: 10, connected: 10, reconnects: 0, dropped: 0, problems: {} });
			// Two a second and gateway, give or take the edges of the time that was measured.
			expect(figures.published).toBeGreaterThanOrEqual(50);
			expect(figures.published).toBeLessThanOrEqual(70);
			expect(on("reading").length).toBeGreaterThanOrEqual(figures.published);
			// Bytes of topic and payload are known from the other side; MQTT's own head is 2 to 7 bytes (3.3 of its text).
			const lengths = on("reading").map((line) => {
				const [topic = "", payload = ""] = line.split(" ");
				return topic.length + Number(payload);
			});
			const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
			const perMessage = (figures.sentPerDay * 10 * figures.seconds) / 86_400 / figures.published;
			expect(Math.abs(perMessage - mean)).toBeLessThan(mean * 0.15);
			const [median, most, worst] = figures.acknowledging as readonly number[];
			expect(median).toBeGreaterThan(0);
			expect(most).toBeGreaterThanOrEqual(median as number);
			expect(worst).toBeLessThan(5000);
			console.info(`fleet: ${on("reading").length} readings of 10 gateways counted at mosquitto_sub`);
		},
		MINUTE,
	);

	test(
		"credentials of its own for each gateway; a wrong one is told in words, and exit code 1",
		async () => {
			const names = Array.from({ length: 10 }, (_, index) => `meterling-00000${(index + 1).toString(16)}`);
			const users = names.map((name) => `${name}:pass-${name}\n`);
			writeFileSync(join(folder, "hashed"), users.join(""));
			spawnSync("mosquitto_passwd", ["-U", join(folder, "hashed")]);
			writeFileSync(join(folder, "acl"), "pattern readwrite meterling/%u/#\n");
			await startBroker(
				`allow_anonymous false\npassword_file ${folder}/hashed\nacl_file ${folder}/acl\n${process.getuid?.() === 0 ? "user root" : ""}`,
			);
			const wrong = users.with(4, `${names[4]}:hunter2\n`);
			writeFileSync(join(folder, "given"), wrong.join(""));
			const playing = fleet("--seconds", "1", "--password-file", join(folder, "given"));
			await playing.line(/^connected/, 40_000);
			expect(await playing.exit).toBe(1);
			const report = playing.lines.join("\n");
			expect(report).toMatch(/connected +9 of 10/);
			expect(report).toMatch(/failures +1 not connected; .*(user|authorised)/);
			expect(report).not.toContain("hunter2");
		},
		MINUTE,
	);

	test(
		"Ctrl-C ends it sooner, with what was measured and goodbyes",
		async () => {
			await startBroker();
			const playing = spawn(process.execPath, [
				...[COMMAND, "fleet", "--broker", `127.0.0.1:${port}`, "--gateways", "10", "--ramp", "0.2"],
			]);
			let text = "";
			playing.stdout.setEncoding("utf8").on("data", (piece: string) => {
				text += piece;
			});
			const ended = new Promise<number | null>((done) => playing.once("close", done));
			await eventually("all to subscribe", () => {
				const names = broker.lines.map((line) => line.match(/SUBSCRIBE from (meterling-\w+)/)?.[1]);
				return new Set(names).size > 10 || undefined;
			});
			playing.kill("SIGINT");
			expect(await ended).toBe(0);
			expect(text).toMatch(/connected +10 of 10/);
			expect(broker.lines.filter((line) => /Received DISCONNECT from meterling-/.test(line))).toHaveLength(
				10,
			);
		},
		MINUTE,
	);
});
