// Against a real UDP socket; the shape of the messages from RFC 5424, clause 6 and its examples.

import { createSocket, type Socket } from "node:dgram";
import type { AddressInfo } from "node:net";
import "../../host/platform/globals";
import { Log } from "../../app/log";
import { Syslog, syslogMessage } from "../../app/syslog";
import { timers } from "../../hardware/clock";
import { network } from "../../hardware/network";
import type { LogLevel } from "../../outputs/output";
import { FakeTime } from "../fake-timers";

const NOON = Date.UTC(2026, 2, 1, 12, 0, 0, 3);
const line = (level: LogLevel, text: string, time?: number) => ({ number: 1, level, uptime: 0, time, text });

describe("a syslog message", () => {
	test.each<[LogLevel, string]>([
		["error", "<27>1 "],
		["warning", "<28>1 "],
		["info", "<30>1 "],
		["debug", "<31>1 "],
	])("of level %s begins with %s: facility 3, RFC 5424 table 2", (level, start) => {
		expect(syslogMessage(line(level, "x"), "h").startsWith(start)).toBe(true);
	});

	test("has time, host, application and text", () => {
		expect(syslogMessage(line("info", "hello there", NOON), "meterling-a1b2c3")).toBe(
			"<30>1 2026-03-01T12:00:00.003Z meterling-a1b2c3 meterling - - - hello there",
		);
	});

	test("without a known time of day says so by a dash; UTF-8 is marked", () => {
		expect(syslogMessage(line("info", "Zähler"), "h")).toBe("<30>1 - h meterling - - - \ufeffZähler");
	});
});

describe("syslog over UDP", () => {
	let server: Socket;
	let port: number;
	const received: string[] = [];
	let arrived: (() => void) | undefined;

	beforeEach(async () => {
		received.length = 0;
		server = createSocket("udp4");
		server.on("message", (bytes) => {
			received.push(bytes.toString("utf8"));
			arrived?.();
		});
		await new Promise<void>((done) => server.bind(0, "127.0.0.1", done));
		port = (server.address() as AddressInfo).port;
	});
	afterEach(() => new Promise<void>((done) => server.close(() => done())));

	function until(count: number): Promise<void> {
		return new Promise((done) => {
			arrived = () => received.length >= count && done();
			arrived();
		});
	}

	function opened(level: LogLevel, host = "localhost") {
		const log = new Log({ now: () => 0, wallTime: () => NOON, print: () => {} });
		log.keepSecret(["swordfish"]);
		log.write("before it was opened");
		const hostName = "meterling-a1b2c3";
		const syslog = new Syslog({ log, host, port, level, hostName, network, timers, now: () => 0 });
		return { log, syslog };
	}

	test("sends what the ring holds and what follows, by the host's name, without secrets", async () => {
		const { log, syslog } = opened("info");
		log.write("later: Swordfish", "error");
		log.write("not wanted", "debug");
		log.write("end", "warning");
		await until(3);
		syslog.close();
		const head = "2026-03-01T12:00:00.003Z meterling-a1b2c3 meterling - - -";
		expect(received).toEqual([
			`<30>1 ${head} before it was opened`,
			`<27>1 ${head} later: (secret)`,
			`<28>1 ${head} end`,
		]);
	});

	test("a long queue goes in portions and in order", async () => {
		const { log, syslog } = opened("info");
		for (let number = 1; number <= 30; number++) log.write(`line ${number}`);
		await until(31);
		syslog.close();
		expect(received.map((text) => text.split(" - - - ")[1])).toEqual([
			"before it was opened",
			...Array.from({ length: 30 }, (_, index) => `line ${index + 1}`),
		]);
	});
});

describe("a name that cannot be resolved", () => {
	test("is asked for again; the lines wait in the ring meanwhile", () => {
		const time = new FakeTime();
		const log = new Log({ now: time.now, wallTime: () => undefined, print: () => {} });
		const sent: string[] = [];
		let address: string | undefined;
		let asked = 0;
		const syslog = new Syslog({
			log,
			...{ host: "logs.example", port: 514, level: "info", hostName: "g", timers: time, now: time.now },
			network: {
				resolve: (_, done) => {
					asked++;
					done(address);
				},
				openUdp: () => ({
					send: (bytes, to, port) => sent.push(`${to}:${port} ${Buffer.from(bytes).toString("utf8")}`),
					close: () => {},
				}),
			},
		});
		log.write("one");
		time.advance(60_000);
		expect(sent).toEqual([]);
		expect(asked).toBeLessThanOrEqual(3);
		address = "192.0.2.7";
		time.advance(60_000);
		expect(sent).toEqual(["192.0.2.7:514 <30>1 - g meterling - - - one"]);
		syslog.close();
		log.write("after the end");
		time.advance(60_000);
		expect(sent.length).toBe(1);
		expect(time.pending).toBe(0);
	});
});
