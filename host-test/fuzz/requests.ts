// Whole requests to the web server's real routes, by strangers, by who has signed in, by who stands at the access point:
// each gets one answer that is one of HTTP's, no answer tells a secret, and nobody gets what is not his.

import { Access } from "../../access/access.js";
import { Administration } from "../../app/administration.js";
import { HistoryKeeper } from "../../app/history.js";
import { BrokerTest } from "../../app/portal/broker-test.js";
import { MeterSearch } from "../../app/portal/meter-search.js";
import { portalResponder } from "../../app/portal/routes.js";
import { SetUp, type SetUpOwner } from "../../app/portal/set-up.js";
import { openPrices, priceResponder } from "../../app/prices.js";
import { SECTIONS } from "../../app/sections.js";
import { Watch } from "../../hardware/http-watch.js";
import { nodeCipher } from "../../host/platform/cipher.js";
import { http } from "../../outputs/http/http.js";
import type { Output } from "../../outputs/output.js";
import type { Gate, RequestClient } from "../../outputs/route.js";
import { PROTOCOLS } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { costRule } from "../../settings/cost.js";
import { networkRule } from "../../settings/network.js";
import { readSettings, type Settings } from "../../settings/schema.js";
import { defaultValues } from "../../settings/setting.js";
import { FakeSurroundings } from "../access/surroundings.js";
import { Bench, readingOf } from "../outputs/fakes.js";
import { MemoryFiles } from "../readings/history/storage.js";
import { check, latin1, type Target, withOptions } from "./target.js";
import { HTTP_WORDS, textOf } from "./web.js";

const PASSWORD = "correct horse battery";
const SECRET = "QZ81XK07-secret";
const STRANGER = "192.168.1.50";
const COOKIE = "meterling-a1b2c3-session";
const PORTAL = "192.168.4.2";
const ROUTE_WORDS = [
	"/api/v1/reading",
	"/api/v1/state",
	"/api/v1/devices/meter",
	"/api/v1/history?period=hour",
	"/api/v1/history/export",
	"/api/v1/history/peaks?month=2025-01",
	"/api/v1/prices",
	"/api/v1/settings?section=mqtt",
	"/api/v1/settings/export",
	"/api/v1/settings/import",
	"/api/v1/session",
	"/api/v1/tokens",
	"/api/v1/password",
	"/api/v1/events",
	"/api/v1/health",
	"/api/v1/log",
	"/api/v1/portal/state",
	"/api/v1/portal/connect",
	"/api/v1/portal/detect",
	"/api/v1/portal/key-check",
	"/api/v1/portal/finish",
	"/metrics",
	"/",
	"/openapi.json",
];
const BODIES = [
	'{"password":"correct horse battery"}',
	'{"mqtt":{"host":"b"}}',
	'{"file":{"kind":"meterling settings","format":1,"version":1,"settings":{}}}',
	'{"passphrase":"correct horse battery"}',
	'{"confirm":"erase everything"}',
	'{"name":"x","right":"read"}',
	'{"ssid":"Home","password":"12345678"}',
	'{"encryptionKey":"00112233445566778899aabbccddeeff"}',
	'{"settings":{}}',
	'{"start":"2025-10-02T00:00:00+02:00","step":15,"prices":[1.35]}',
];

function request(line: string, headers: readonly string[] = [], body = ""): Uint8Array {
	const all = [
		"Host: 192.168.1.20",
		...headers,
		...(body === "" ? [] : ["Content-Type: application/json", `Content-Length: ${body.length}`]),
	];
	return latin1(`${line} HTTP/1.1\r\n${all.join("\r\n")}\r\n\r\n${body}`);
}

/** Where it comes from and who it is: bits 0–1 nobody, signed in, a read token, the access point; 2: no password yet. */
export const requestsTarget: Target = {
	name: "http-requests",
	longest: 9000,
	work: [60_000, 300],
	words: [...HTTP_WORDS, ...ROUTE_WORDS, ...BODIES],
	seeds: () => [
		...ROUTE_WORDS.map((path, index) => withOptions(index & 3, request(`GET ${path}`))),
		...BODIES.flatMap((body, index) => [
			withOptions(1, request(`POST ${ROUTE_WORDS[(index + 8) % ROUTE_WORDS.length]}`, [], body)),
			withOptions(3, request(`POST ${ROUTE_WORDS[16 + (index % 5)]}`, [], body)),
		]),
		withOptions(1, request("PATCH /api/v1/settings", [], BODIES[1])),
		withOptions(1, request("POST /api/v1/settings/import", [], BODIES[2])),
		withOptions(4, request("PUT /api/v1/password", [], BODIES[0])),
		withOptions(0, request("POST /api/v1/session", ["Origin: http://192.168.1.20"], BODIES[0])),
		withOptions(1, request("PUT /api/v1/prices", [], BODIES[9])),
		withOptions(1, request("POST /api/v1/history/import", [], "meterling-history,2\n")),
		withOptions(
			1,
			request("GET /api/v1/events", [
				"Upgrade: websocket",
				"Connection: Upgrade",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
				"Sec-WebSocket-Version: 13",
			]),
		),
	],
	run(input) {
		const options = input[0] ?? 0;
		const parsed = parse(input.subarray(1));
		if (parsed) new Gateway(options).ask(parsed, options);
	},
};

interface Parsed {
	readonly method: string;
	readonly path: string;
	readonly headers: Record<string, string>;
	readonly body: string;
}

/** What the guard lets through, as the server beneath it would tell it. */
function parse(bytes: Uint8Array): Parsed | undefined {
	const watch = new Watch(STRANGER, 0);
	for (let at = 0; at < bytes.length && !watch.complete; at++)
		if (watch.take(bytes[at] as number, 0) !== undefined) return undefined;
	if (!watch.complete) return undefined;
	const text = textOf(bytes);
	const end = text.indexOf("\r\n\r\n");
	const [line = "", ...lines] = text.slice(0, end).split("\r\n");
	const [method = "", path = ""] = line.split(" ");
	const headers: Record<string, string> = {};
	for (const each of lines) {
		const colon = each.indexOf(":");
		headers[each.slice(0, colon).toLowerCase()] = each.slice(colon + 1).trim();
	}
	const length = Number(headers["content-length"] ?? 0);
	return { method, path, headers, body: text.slice(end + 4, end + 4 + length) };
}

class Gateway {
	readonly #world = new FakeSurroundings();
	readonly #bench = new Bench();
	readonly #access: Access;
	#settings: Settings;
	#restarts = 0;
	#erased = 0;
	readonly #saved: Settings[] = [];

	constructor(options: number) {
		const bench = this.#bench;
		const device = {
			...bench,
			now: () => bench.clock.now,
			wallTime: () => 1_760_000_000_000,
			log: (line: string) => void bench.log.push(line),
		};
		this.#access = new Access({
			...{ digests: this.#world.digests, randomBytes: this.#world.randomBytes, now: this.#world.now },
			...{ readOpen: true, iterations: 1, stored: undefined, store: () => {} },
		});
		const { settings } = readSettings(SECTIONS, undefined);
		this.#settings = {
			...settings,
			mqtt: { ...settings.mqtt, host: "b", password: SECRET },
			network: { ...settings.network, ssid: "Home", password: SECRET },
			cost: { ...settings.cost, model: "market", currency: "NOK" },
		};
		const rules = [costRule, networkRule];
		const administered = {
			...{ sections: SECTIONS, rules },
			sealing: { cipher: nodeCipher(), digests: this.#world.digests, randomBytes: this.#world.randomBytes },
			owner: {
				settings: () => this.#settings,
				save: (changed: Settings) => {
					this.#settings = changed;
					this.#saved.push(changed);
				},
				restart: () => void this.#restarts++,
				erase: () => void this.#erased++,
			},
		};
		const access = this.#access;
		const setUpOwner: SetUpOwner = {
			...administered.owner,
			knownNetwork: (known) => known.network as never,
			get hasPassword() {
				return access.hasPassword;
			},
		};
		const history = new HistoryKeeper({ ...device, files: new MemoryFiles() }, "Europe/Copenhagen");
		const prices = openPrices(
			{
				...device,
				files: bench.files,
				network: bench.network,
				timers: bench.clock,
				random: () => 0,
			} as never,
			this.#settings.cost ?? {},
			"Europe/Copenhagen",
			bench.store,
		);
		prices?.follow(history.history);
		const search = new MeterSearch({
			...{
				port: "x",
				protocols: PROTOCOLS,
				configured: "dlms",
				canInvert: false,
				timers: bench.clock,
				now: () => bench.clock.now,
			},
			...{ checksums: tableChecksums(), cipher: nodeCipher() },
			owner: {
				pauseMeter: () => {},
				openPort: () => {
					throw new Error("there is no line here");
				},
			},
		});
		const broker = new BrokerTest({ network: bench.network, timers: bench.clock, clientId: "x" });
		const setUp = new SetUp({
			...{
				gatewayId: "meterling-a1b2c3",
				sections: SECTIONS,
				rules,
				isWireless: true,
				search,
				broker,
				log: (line: string) => void bench.log.push(line),
			},
			network: {
				report: { state: "off" } as never,
				isOnline: false,
				isAccessPointOpen: true,
				hold: () => {},
				scan: (done) => done([{ ssid: "Home", rssi: -60, channel: 6, open: false } as never]),
				try: () => {},
			},
			owner: setUpOwner,
		});
		const setupRight = ({ address, forwarded }: RequestClient) =>
			address === PORTAL ? "portal" : address === "127.0.0.1" && !forwarded ? "password" : "no";
		const gate: Gate = { access: this.#access, hostNames: () => ["meterling-a1b2c3.local"], setupRight };
		const context = bench.context(http.settings, { ...defaultValues(http.settings), port: 80 });
		const responders = [history, priceResponder(prices), portalResponder(setUp, search, broker)];
		http.open({
			...context,
			wallTime: () => 1_760_000_000_000,
			gate,
			admin: new Administration(administered),
			responders,
		}) as Output;
		bench.store.add(readingOf(321), 0);
		if (!(options & 4)) this.#access.setPassword(PASSWORD, {}, { address: "127.0.0.1", setup: "password" });
	}

	ask({ method, path, headers, body }: Parsed, options: number): void {
		const who = options & 3;
		const from = who === 3 ? PORTAL : STRANGER;
		const before = this.#saved.length;
		const given = { ...headers, ...this.#credentials(who, options) };
		const connection = this.#bench.network.connect(from).request(method, path, given, body);
		this.#bench.clock.advance(0);
		for (let turn = 0; turn < 400 && !connection.done && !connection.closed && !connection.webSocket; turn++)
			connection.open(2000);
		const { refused } = connection.peer;
		const status = refused ? Number(refused.slice(9, 12)) : (connection.response?.status ?? 0);
		if (!connection.webSocket) check(status >= 200 && status < 600, `status ${status}`);
		check(
			status < 500 || status === 503 || status === 507,
			`status ${status} for ${method} ${path.slice(0, 60)}`,
		);
		const told = `${[...(connection.response?.headers ?? [])].flat().join(" ")} ${connection.body} ${refused}`;
		check(!told.includes(SECRET) && !this.#bench.log.join("\n").includes(SECRET), "a secret in an answer");
		if (!(body + path).includes(PASSWORD)) check(!told.includes(PASSWORD), "the password in an answer");
		// No header is made of what came.
		for (const [name, value] of connection.response?.headers ?? [])
			for (const sign of name + value) check(sign >= " ", "a line break in a header");
		const type = connection.response?.headers.get("content-type") ?? "";
		if (type.includes("json") && connection.done && method !== "HEAD" && connection.body !== "")
			JSON.parse(connection.body);
		const mayChange = who === 1 || (who === 3 && (options & 4) !== 0);
		check(
			mayChange || (this.#saved.length === before && this.#restarts + this.#erased === 0),
			"a stranger changes something",
		);
		check(this.#bench.log.length < 20, "a log line for every byte");
	}

	#credentials(who: number, options: number): Record<string, string> {
		if (who === 0 || who === 3 || options & 4) return {};
		if (who === 2) return { authorization: `Bearer ${this.#access.createToken("x", "read")?.token}` };
		const signed = this.#access.signIn(PASSWORD, { address: STRANGER, setup: "no" });
		if (!("session" in signed)) return {};
		const { session } = signed;
		const cookie = `${COOKIE}=${session}`;
		return options & 8 ? { cookie } : { cookie, "x-csrf-token": this.#access.csrfToken(session) };
	}
}
