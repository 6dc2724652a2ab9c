// The three outputs that push, against servers that are not ours: what arrives is checked there (CRC of telegrams, a line
// protocol parser of other people's, HMAC by Python), while the servers answer, refuse, hang, crawl and break off.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { KamstrupOmnipower } from "../../host/meters/kamstrup-omnipower";
import { MeterPort } from "../interop/meter-port";
import { describeInterop, hasSocat } from "../interop/programs";
import { makeCertificates } from "../platform/certificates";
import { eventually, Gateway, missingForXs, outputHealth, Program } from "./gateway";

jest.setTimeout(120_000);

const PYTHON = resolve(__dirname, "../../build/interop/bin/python");
const SECRETS = ["key-of-reader", "token-of-influx", "secret-of-webhook", "hook-of-house"];
const OUTPUTS = ["dsmr-reader", "influx", "webhook"];
/** The emulated meter sends every 10 s of its own time. */
const SPEED = 40;
const START = Date.UTC(2026, 2, 12, 10, 59, 58, 500);

interface Report {
	readonly counts: Readonly<Record<string, number | undefined>>;
	readonly problems: readonly string[];
}

type Start = (
	folder: string,
	meter: MeterPort,
	settings: Record<string, Record<string, string | number>>,
) => Promise<Gateway>;

function onServers(start: Start): void {
	let folder = "";
	let server: Program;
	let meter: MeterPort;
	let gateway: Gateway;
	let ports: { http: number; https: number; udp: number };

	const ask = async (path: string) =>
		(await (await fetch(`http://127.0.0.1:${ports.http}${path}`)).json()) as Report;
	const report = () => ask("/report");
	/** Until so many more of each have come. */
	const arrive = async (more: number, kinds: readonly string[]) => {
		const { counts: before } = await report();
		await eventually(
			`${more} more of ${kinds}`,
			async () => {
				const { counts } = await report();
				return kinds.every((kind) => (counts[kind] ?? 0) >= (before[kind] ?? 0) + more) || undefined;
			},
			40_000,
		);
	};
	const health = async () => {
		const all = await gateway.health();
		return OUTPUTS.map((name) => outputHealth(all, name));
	};
	const fail = () =>
		eventually(
			"all to fail",
			async () => (await health()).every(({ state }) => state === "failing") || undefined,
			40_000,
		);
	const begin = async (settings: Parameters<Start>[2]) => {
		const emulated = new KamstrupOmnipower({ seed: 21, start: START, solarWatts: 0, longListFirst: true });
		meter = await MeterPort.open({ meter: emulated, start: START, speed: SPEED });
		gateway = await start(mkdtempSync(join(folder, "state-")), meter, settings);
	};
	const KINDS = ["telegrams", "http points", "hooks"];

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-push-"));
		const { ca, good } = makeCertificates(folder);
		const pair = join(folder, "server.pem");
		writeFileSync(pair, good.certificate + good.key);
		server = new Program(PYTHON, [join(__dirname, "push-servers.py"), pair]);
		ports = JSON.parse((await server.line(/^\{.*\}$/))[0]);
		await begin({
			"dsmr-reader": { url: `http://127.0.0.1:${ports.http}`, token: "key-of-reader", every: 0 },
			influx: {
				...{ url: `http://localhost:${ports.http}`, org: "home", bucket: "my bucket", every: 1, batch: 3 },
				token: "token-of-influx",
			},
			webhook: {
				...{
					url: `https://localhost:${ports.https}/hook-of-house?x=1`,
					secret: "secret-of-webhook",
					ca,
					every: 0,
				},
				header: "X-Custom: yes",
			},
		});
	});
	afterAll(async () => {
		const { counts } = await report();
		console.log(
			`push: checked ${counts.telegrams} telegrams, ${counts["http points"]} points of InfluxDB with ${counts["http values"]} ` +
				`values, ${counts["udp points"]} by UDP, ${counts.hooks} signed webhooks (${counts["late hooks"]} late)`,
		);
		await gateway?.stop();
		await meter?.close();
		await server?.stop();
		rmSync(folder, { recursive: true, force: true });
	});
	afterEach(async () => {
		expect((await report()).problems).toEqual([]);
		expect((await gateway.health()).meter.line).toBe("open");
	});

	test("all three arrive, made as their servers want them", async () => {
		await arrive(5, KINDS);
		for (const one of await health()) expect(one).toMatchObject({ state: "ok", dropped: 0, lastError: null });
	});

	test("a server that answers 500: told since when, the meter is read on, and what waited arrives in order", async () => {
		await ask("/mode?500");
		await fail();
		const { readings } = await gateway.health();
		await eventually(
			"readings",
			async () => (await gateway.health()).readings.count > readings.count + 8 || undefined,
		);
		for (const one of await health()) expect(one).toMatchObject({ lastError: "the server answers 500" });
		await ask("/mode?ok");
		await arrive(8, KINDS);
		expect((await report()).counts["late hooks"]).toBeGreaterThan(0);
	});

	test("servers that hang hold up nothing; given up after 10 s", async () => {
		await ask("/mode?hang");
		const { readings } = await gateway.health();
		const began = Date.now();
		await eventually(
			"readings",
			async () => (await gateway.health()).readings.count > readings.count + 8 || undefined,
		);
		expect(Date.now() - began).toBeLessThan(8000);
		await fail();
		for (const { lastError } of await health()) expect(lastError).toBe("the server does not answer");
		await ask("/mode?ok");
		await arrive(8, KINDS);
	});

	test("one that reads slowly is waited for", async () => {
		await ask("/mode?slow");
		await arrive(3, ["requests while slow"]);
		await ask("/mode?ok");
		await arrive(3, KINDS);
	});

	test("one that breaks off in its answer is tried again", async () => {
		await ask("/mode?cut");
		await fail();
		await ask("/mode?ok");
		await arrive(3, KINDS);
	});

	test("a megabyte of answer is not read to its end", async () => {
		await ask("/mode?big");
		await arrive(3, KINDS);
		for (const one of await health()) expect(one).toMatchObject({ state: "ok" });
		await ask("/mode?ok");
	});

	test("no secret in health or log, and no words of a server in health", async () => {
		const report = JSON.stringify(await gateway.health());
		const told = [report, ...gateway.lines].join("\n");
		expect(told).toContain("influx: the server answers 500 (from inside)");
		expect(report).not.toContain("from inside");
		expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
	});

	test("InfluxDB by UDP", async () => {
		await gateway.stop();
		await meter.close();
		await begin({ influx: { url: `udp://localhost:${ports.udp}`, batch: 4, every: 1 } });
		await arrive(8, ["udp points"]);
		expect(outputHealth(await gateway.health(), "influx")).toMatchObject({ state: "ok", dropped: 0 });
	});
}

describeInterop("what is pushed, on Node", true, () => {
	onServers((folder, meter, settings) => {
		writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
		return Gateway.start("--state", folder, "--protocol", "dlms", "--port", meter.url);
	});
});

const missing = missingForXs();
let cable: Program | undefined;
const onXs = () => {
	afterAll(() => cable?.stop());
	onServers(async (folder, meter, settings) => {
		const pty = join(folder, "pty");
		cable = new Program("socat", ["-d", "-d", `PTY,rawer,link=${pty}`, `TCP:127.0.0.1:${meter.port}`]);
		await cable.line(/starting data transfer loop/);
		return Gateway.startOnXs(folder, "dlms", pty, 0, settings);
	});
};
if (missing) describe.skip(`what is pushed, on XS (not run: ${missing})`, onXs);
else describeInterop("what is pushed, on XS", hasSocat, onXs);
