// The portal as phones meet it: the real web server and name server on loopback, against simulated networks. What each
// system asks is in host-test/settings/portal/probes.ts with its source; dig and curl ask it as programs of other people.

import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Access } from "../../../access/access";
import { HouseNetwork } from "../../../app/house-network";
import { openDevice } from "../../../hardware/this-device";
import { configuration } from "../../../host/platform/configuration";
import "../../../host/platform/globals";
import type { SimulatedNetwork } from "../../../host/platform/wifi";
import { http } from "../../../outputs/http/http";
import type { Output } from "../../../outputs/output";
import { OUTPUTS } from "../../../outputs/registry";
import { PROTOCOLS } from "../../../protocols/registry";
import { ReadingStore } from "../../../readings/store";
import { networkSection } from "../../../settings/network";
import { readSettings, type Settings, settingSections } from "../../../settings/schema";
import { defaultValues } from "../../../settings/setting";
import { eventually, freePort, installed } from "../../e2e/gateway";
import { PROBES } from "../../settings/portal/probes";

const run = promisify(execFile);
const PASSWORD = "correct horse";
const ADMIN = "battery staple";
const HOME: SimulatedNetwork = {
	ssid: "Home",
	password: PASSWORD,
	rssi: -52,
	bssid: "0a0000000001",
	channel: 6,
};
const NETWORKS: SimulatedNetwork[] = [
	{ ...HOME, rssi: -78, bssid: "0a0000000002", channel: 11 },
	HOME,
	{ ssid: "<script>alert(1)</script>", password: PASSWORD, rssi: -60, bssid: "0a0000000003" },
	{ ssid: "Attic", password: PASSWORD, rssi: -50, bssid: "0a0000000004", hidden: true },
	{ ssid: "Cafe", rssi: -84, bssid: "0a0000000005" },
	{ ssid: "Far away", rssi: -99, bssid: "0a0000000006" },
];

let folder: string;
let port: number;
let dnsPort: number;
let house: HouseNetwork;
let server: Output;
let access: Access;
let settings: Settings;
let restarts = 0;
const log: string[] = [];
const secrets: string[] = [];

/** The first start of a gateway, with the parts of the app that the portal is made of. */
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "meterling-portal-"));
	configuration.stateFolder = folder;
	dnsPort = await freePort();
	port = await freePort();
	around(NETWORKS);
	const device = {
		...openDevice(),
		log: (line: string) => void log.push(line),
		printSecret: (line: string) => void secrets.push(line),
	};
	const sections = settingSections(PROTOCOLS, OUTPUTS, [networkSection]);
	settings = readSettings(sections, { http: { port } }).settings;
	const surroundings = { digests: device.digests, randomBytes: device.randomBytes, now: () => device.now() };
	access = new Access({ ...surroundings, readOpen: true, stored: undefined, store: () => {}, iterations: 1 });
	house = new HouseNetwork({
		device,
		sections,
		canInvert: false,
		owner: {
			settings: () => settings,
			save: (changed) => {
				settings = changed;
			},
			get hasPassword() {
				return access.hasPassword;
			},
			openPort: () => {
				throw new Error("there is no line here");
			},
			pauseMeter: () => {},
			restart: () => {
				restarts++;
			},
		},
	});
	server = http.open({
		settings: { ...defaultValues(http.settings), port },
		network: device.network,
		timers: device.timers,
		now: () => device.now(),
		store: new ReadingStore(),
		writeHealth: (take) => take(JSON.stringify(house.health())),
		gatewayId: device.id,
		version: "0.1.0",
		model: device.platform,
		wallTime: device.wallTime,
		files: device.files,
		frames: () => [],
		telegram: () => undefined,
		log: device.log,
		random: Math.random,
		resource: () => undefined,
		responders: [house.responder],
		gate: {
			access,
			hostNames: () => house.hostNames(),
			setupRight: (client) => house.setupRight(client),
			intercept: (asked, client) => house.intercept(asked, client),
		},
	}) as Output;
	await eventually("the access point", () => house.isAccessPointOpen);
});

afterAll(async () => {
	house.close();
	await new Promise<void>((done) => server.close(done));
	rmSync(folder, { recursive: true, force: true });
});

function around(networks: readonly SimulatedNetwork[]): void {
	const accessPoint = { address: "127.0.0.1", nameServerPort: dnsPort };
	writeFileSync(join(folder, "wifi.json"), JSON.stringify({ networks, accessPoint }));
}

interface Answered {
	readonly status: number;
	readonly headers: Record<string, string | string[] | undefined>;
	readonly text: string;
}

function ask(
	method: string,
	path: string,
	more: { host?: string; body?: unknown; headers?: object } = {},
): Promise<Answered> {
	const body = more.body === undefined ? undefined : JSON.stringify(more.body);
	const headers = {
		host: more.host ?? `127.0.0.1:${port}`,
		...(body === undefined
			? {}
			: { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
		...more.headers,
	};
	return new Promise((done, fail) => {
		const sent = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
			let text = "";
			answer.setEncoding("utf8");
			answer.on("data", (piece) => {
				text += piece;
			});
			answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
		});
		sent.on("error", fail);
		sent.end(body);
	});
}

function json({ text }: Answered) {
	return JSON.parse(text);
}

async function asked(method: string, path: string, body?: unknown, headers?: object) {
	const { status, text } = await ask(method, `/api/v1/portal${path}`, {
		body,
		...(headers ? { headers } : {}),
	});
	return { status, json: text === "" ? undefined : JSON.parse(text) };
}

describe("it opens by itself", () => {
	test.each(PROBES.map((probe) => [probe.system, probe] as const))("%s", async (_, { host, path }) => {
		const { status, headers, text } = await ask("GET", path, { host });
		expect(status).toBe(302);
		expect(headers.location).toBe(`http://127.0.0.1:${port}/`);
		expect(headers["cache-control"]).toBe("no-store");
		// None of the texts that mean "you are in the internet".
		expect(text).not.toMatch(/success|Microsoft|NetworkManager|^OK/i);
	});

	test("any page of any host, and probes that come to the address itself", async () => {
		expect((await ask("GET", "/news?id=1", { host: "example.com" })).status).toBe(302);
		expect((await ask("HEAD", "/", { host: "example.com" })).status).toBe(302);
		expect((await ask("GET", "/generate_204")).status).toBe(302);
	});

	test("but not a change that was meant for another host", async () => {
		expect((await ask("POST", "/api/v1/portal/scan", { host: "example.com" })).status).toBe(421);
	});

	test("the gateway's own page and API are served by its address and names", async () => {
		const { text } = await ask("GET", "/api/v1/portal/state");
		const { gateway } = JSON.parse(text);
		for (const host of ["127.0.0.1", `${gateway}.local`, `${gateway}.local:${port}`, `localhost:${port}`])
			expect((await ask("GET", "/api/v1/portal/state", { host })).status).toBe(200);
	});

	const withCurl = installed("curl") ? test : test.skip;
	withCurl("curl, resolving the probes' names to the gateway, lands on the portal", async () => {
		for (const { host, path } of PROBES) {
			const flags = ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}"];
			const connect = ["--connect-to", `${host}:80:127.0.0.1:${port}`];
			const { stdout } = await run("curl", [...flags, ...connect, `http://${host}${path}`]);
			expect(stdout).toBe(`302 http://127.0.0.1:${port}/`);
		}
	});

	const withDig = installed("dig") ? describe : describe.skip;
	withDig("the name server, asked by dig", () => {
		async function dig(...words: string[]): Promise<string> {
			const flags = ["@127.0.0.1", "-p", `${dnsPort}`, "+time=2", "+tries=1"];
			return (await run("dig", [...flags, ...words])).stdout;
		}

		test("A: the access point's address for every name", async () => {
			for (const { host } of PROBES) expect((await dig("+short", host, "A")).trim()).toBe("127.0.0.1");
		});

		test.each(["AAAA", "HTTPS", "MX", "TXT", "SRV"])("%s: no error and no answer", async (type) => {
			const text = await dig("www.example.com", type);
			expect(text).toMatch(/status: NOERROR/);
			expect(text).toMatch(/QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0/);
			expect(text).not.toMatch(/warning|malformed/i);
		});

		test("EDNS in the question does no harm", async () => {
			expect(await dig("+edns=0", "+bufsize=4096", "example.com", "A")).toMatch(/ANSWER: 1,/);
			expect((await dig("+noedns", "+short", "example.com")).trim()).toBe("127.0.0.1");
		});

		test("another operation: not implemented", async () => {
			expect(await dig("+opcode=status", "example.com")).toMatch(/status: NOTIMP/);
		});
	});

	test("rubbish on the name server's port is not answered, and it goes on answering", async () => {
		const socket = createSocket("udp4");
		const answers: Buffer[] = [];
		socket.on("message", (bytes) => answers.push(bytes));
		for (let length = 0; length < 40; length++) socket.send(Buffer.alloc(length, 0xff), dnsPort, "127.0.0.1");
		const query = Buffer.from("123401000001000000000000016102" + "6e6c0000010001", "hex");
		socket.send(query, dnsPort, "127.0.0.1");
		await eventually("the answer", () => answers.length > 0);
		expect(answers.map((bytes) => bytes.toString("hex").slice(0, 4))).toEqual(["1234"]);
		socket.close();
	});
});

describe("the set-up, step by step", () => {
	test("its password is on the console only", () => {
		expect(secrets).toHaveLength(1);
		const password = /is (\S+)$/.exec(secrets[0] ?? "")?.[1] ?? "";
		expect(password).toMatch(/^[a-z2-9-]{14}$/);
		expect(log.join("\n")).not.toContain(password);
	});

	test("a fresh gateway says that it needs one", async () => {
		const { json } = await asked("GET", "/state");
		expect(json).toMatchObject({
			needed: true,
			finished: false,
			password: false,
			wireless: true,
			accessPoint: true,
		});
		expect(json.network).toMatchObject({ state: "unset", online: false });
	});

	test("networks: each name once, strongest first, with bars; hidden and far ones are not listed", async () => {
		expect((await asked("POST", "/scan")).status).toBe(202);
		const { networks } = await eventually("the list", async () => {
			const { json } = await asked("GET", "/scan");
			return json.state === "done" ? json : undefined;
		});
		expect(networks.map(({ ssid, bars, open }: never) => [ssid, bars, open])).toEqual([
			["Home", 4, false],
			["<script>alert(1)</script>", 3, false],
			["Cafe", 1, true],
		]);
	});

	async function joined(body: object) {
		expect((await asked("POST", "/connect", body)).status).toBe(202);
		return eventually("the verdict", async () => {
			const { json } = await asked("GET", "/result");
			return json.state === "done" ? json : undefined;
		});
	}

	test.each([
		["wrong-password", { ssid: "Home", password: "not this one" }],
		["not-found", { ssid: "Nowhere", password: "whatever it is" }],
	])("%s is said, and nothing is kept", async (verdict, body) => {
		const result = await joined(body);
		expect(result).toMatchObject({ verdict, address: null });
		expect(settings.network?.ssid).toBe("");
	});

	test.each([
		["a password that is too short", { ssid: "Home", password: "short" }],
		["no name", { password: PASSWORD }],
		["a name of 40 bytes", { ssid: "æ".repeat(20), password: PASSWORD }],
		[
			"an address that is none",
			{ ssid: "Home", password: PASSWORD, address: "10.0.0.300", gateway: "10.0.0.1" },
		],
		["an address without a router", { ssid: "Home", password: PASSWORD, address: "10.0.0.3" }],
		["a host name with a space", { ssid: "Home", password: PASSWORD, hostName: "my meter" }],
		["something that is no setting", { ssid: "Home", color: "red" }],
	])("%s is refused before anything is tried", async (_, body) => {
		const { status, json } = await asked("POST", "/connect", body);
		expect(status).toBe(422);
		expect(json.problems.length).toBeGreaterThan(0);
		expect(JSON.stringify(json)).not.toContain("correct horse");
	});

	test("what is no JSON object, too large or of another type is refused", async () => {
		expect((await asked("POST", "/connect", [1])).status).toBe(400);
		expect((await asked("POST", "/connect", { ssid: "x".repeat(2000) })).status).toBe(413);
		expect((await asked("POST", "/connect", {}, { "content-type": "text/plain" })).status).toBe(415);
	});

	test("the right password: joined, kept, and the access point stays until the end", async () => {
		const result = await joined({ ssid: "Home", password: PASSWORD, hostName: "meter" });
		expect(result).toMatchObject({ verdict: "joined", ssid: "Home", address: "127.0.0.1" });
		expect(settings.network).toMatchObject({ ssid: "Home", password: PASSWORD, hostName: "meter" });
		expect(house.health()).toMatchObject({
			state: "online",
			rssi: -52,
			channel: 6,
			accessPoint: true,
			joins: 1,
		});
		expect((await ask("GET", "/generate_204", { host: "www.gstatic.com" })).status).toBe(302);
	});

	test("key check: malformed keys are refused without being repeated; nothing heard is said", async () => {
		const wrong = await asked("POST", "/key-check", { encryptionKey: "SSID-pasted-here" });
		expect(wrong.status).toBe(422);
		expect(JSON.stringify(wrong.json)).not.toContain("pasted");
		const { status, json } = await asked("POST", "/key-check", { encryptionKey: "00".repeat(16) });
		expect([status, json.verdict]).toEqual([200, "no-frame"]);
	});

	test("detection tells that the port is not there", async () => {
		expect((await asked("POST", "/detect", { listenOnly: true })).status).toBe(202);
		const { finding } = await eventually("the finding", async () => {
			const { json } = await asked("GET", "/detect");
			return json.state === "done" ? json : undefined;
		});
		expect(finding).toMatchObject({ kind: "lost", protocol: null, needsKey: false });
	});

	test("a broker that is not there is said in words, before anything is kept", async () => {
		const nobody = await freePort();
		expect((await asked("POST", "/mqtt-test", { host: "127.0.0.1", port: nobody })).status).toBe(202);
		const result = await eventually("the verdict", async () => {
			const { json } = await asked("GET", "/mqtt-test");
			return json.state === "done" ? json : undefined;
		});
		expect(result).toEqual({ state: "done", works: false, text: "no connection to the broker" });
		expect((await asked("POST", "/mqtt-test", { host: "", port: 1883 })).status).toBe(422);
	});

	test("time zones by name, for the picker", async () => {
		const { json } = await asked("GET", "/time-zones");
		expect(json).toContain("Europe/Copenhagen");
	});

	test("it cannot be finished without an admin password", async () => {
		const { status, json } = await asked("POST", "/finish", { settings: {} });
		expect([status, json.detail]).toEqual([409, "Set the admin password first."]);
		expect(restarts).toBe(0);
	});

	test("once there is a password, who has not signed in is told no more than that", async () => {
		access.setPassword(ADMIN, {}, { address: "127.0.0.1", setup: "portal" });
		for (const path of ["/scan", "/result", "/detect", "/mqtt-test"])
			expect((await asked("GET", path)).status).toBe(401);
		expect((await asked("POST", "/finish", { settings: {} })).status).toBe(401);
		const { json } = await asked("GET", "/state");
		expect(json).not.toHaveProperty("network");
		expect(json).toMatchObject({ password: true, needed: false });
	});

	test("signed in: finished, which closes the access point after its time and asks for the restart", async () => {
		const signIn = access.signIn(ADMIN, { address: "127.0.0.1", setup: "no" }) as { session: string };
		const cookie = `${json(await ask("GET", "/api/v1/portal/state")).gateway}-session=${signIn.session}`;
		const headers = { cookie, "x-csrf-token": access.csrfToken(signIn.session) };
		const patch = { network: { timeZone: "Europe/Oslo" }, meter: { protocol: "p1" } };
		const wrong = await asked(
			"POST",
			"/finish",
			{ settings: { network: { timeZone: "Atlantis" } } },
			headers,
		);
		expect([wrong.status, wrong.json.problems[0].setting]).toEqual([422, "network.timeZone"]);
		expect(restarts).toBe(0);
		const { status } = await asked("POST", "/finish", { settings: patch }, headers);
		expect([status, restarts]).toEqual([202, 1]);
		expect(settings).toMatchObject({
			network: { ssid: "Home", timeZone: "Europe/Oslo" },
			meter: { protocol: "p1" },
		});
		expect((await asked("POST", "/finish", { settings: patch }, { cookie })).status).toBe(403);
	});

	test("out of reach and back", async () => {
		around([]);
		await eventually("the loss", () => (house.health() as { losses: number }).losses === 1);
		around(NETWORKS);
		await eventually("the network again", () => house.isOnline);
		expect(house.health()).toMatchObject({ state: "online", joins: 2, losses: 1 });
	}, 15_000);
});

test("nothing secret in the log", () => {
	for (const secret of [PASSWORD, ADMIN, "not this one"]) expect(log.join("\n")).not.toContain(secret);
});
