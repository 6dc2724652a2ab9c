// `npm start` as the README prints it: emulated meter, own broker, page and API; and a clean end.

import { connect } from "node:net";
import { describeWith, eventually, freePort, Gateway, Program } from "./gateway";

const MINUTE = 60_000;

function connects(port: number): Promise<boolean> {
	return new Promise((done) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => {
			socket.destroy();
			done(true);
		});
		socket.once("error", () => done(false));
	});
}

describe("npm start", () => {
	let gateway: Gateway;
	beforeAll(async () => {
		gateway = await Gateway.start("--speed", "10", "--seed", "7");
	}, MINUTE);
	afterAll(() => gateway?.stop());

	test("says what is emulated and where to look", async () => {
		await gateway.line(/Omnipower/i);
		await gateway.line(/http:\/\/localhost:\d+/);
		await gateway.line(/mqtt:\/\/127\.0\.0\.1:\d+/);
	});

	test("reads the emulated meter, and the API answers the newest reading", async () => {
		const reading = JSON.parse(await gateway.reading());
		expect(reading).toMatchObject({ protocol: "dlms", meter: { manufacturer: "Kamstrup" } });
		expect(reading.quantities.power_import).toMatchObject({ unit: "W" });
		expect(reading.quantities.power_import.value).toBeGreaterThan(0);
	});

	test("prints one line a reading", async () => {
		await gateway.reading();
		await gateway.line(/\d+ W|\d\.\d+ kW/);
	});

	test("the event stream carries the same object as the API", async () => {
		const events = await fetch(`${gateway.url}/api/v1/events`);
		expect(events.headers.get("content-type")).toBe("text/event-stream");
		let text = "";
		for await (const part of events.body as unknown as AsyncIterable<Uint8Array>) {
			text += Buffer.from(part).toString("utf8");
			if (/event: reading\ndata: (.*)\n\n/.test(text)) break;
		}
		const sent = /event: reading\ndata: (.*)\n\n/.exec(text)?.[1];
		expect(JSON.parse(sent ?? "")).toMatchObject({ protocol: "dlms" });
	});

	test("health names the line, the readings and the outputs", async () => {
		const health = await gateway.health();
		expect(health.meter).toMatchObject({ line: "open", reason: null });
		expect(health.readings.count).toBeGreaterThan(0);
		expect(health.rejected.count).toBe(0);
		expect(health.outputs.map(({ name }) => name)).toEqual(expect.arrayContaining(["http", "mqtt", "log"]));
	});
});

describe("the end", () => {
	test.each(["SIGINT", "SIGTERM"] as const)(
		"%s ends it cleanly: exit 0, ports released",
		async (signal) => {
			const gateway = await Gateway.start("--speed", "10");
			const [, broker] = await gateway.line(/mqtt:\/\/127\.0\.0\.1:(\d+)/);
			await gateway.reading();
			gateway.signal(signal);
			expect(await gateway.exit).toBe(0);
			expect(await connects(Number(new URL(gateway.url).port))).toBe(false);
			expect(await connects(Number(broker))).toBe(false);
		},
		MINUTE,
	);
});

describeWith(["mosquitto_sub"], "the embedded broker", () => {
	test(
		"gives a subscriber the retained state, each reading, and the offline message at the end",
		async () => {
			const gateway = await Gateway.start("--speed", "10");
			const [, port = ""] = await gateway.line(/mqtt:\/\/127\.0\.0\.1:(\d+)/);
			await gateway.reading();
			const subscriber = new Program("mosquitto_sub", [
				"-h",
				"127.0.0.1",
				"-p",
				port,
				"-t",
				"meterling/#",
				"-v",
			]);
			try {
				await subscriber.line(/^meterling\/status online$/);
				const [, message = ""] = await subscriber.line(/^meterling\/reading (.*)$/);
				expect(JSON.parse(message)).toMatchObject({ protocol: "dlms", meter: { manufacturer: "Kamstrup" } });
				await eventually(
					"a second message",
					() =>
						subscriber.lines.filter((line) => line.startsWith("meterling/reading")).length > 1 || undefined,
				);
				gateway.signal("SIGINT");
				await subscriber.line(/^meterling\/status offline$/);
			} finally {
				await subscriber.stop();
				await gateway.stop();
			}
		},
		MINUTE,
	);
});

describe("bad input", () => {
	test.each([
		[["run", "--prtocol", "p1"], /prtocol/],
		[["run", "--protocol", "morse"], /morse.*dlms/],
		[["run", "--mqtt", "http://x"], /mqtt:\/\//],
		[["fly"], /fly/],
	])("%j: one clear line and exit 2", async (args, expected) => {
		const program = new Program(process.execPath, ["host/cli/meterling.mjs", ...args]);
		expect(await program.exit).toBe(2);
		expect(program.lines.filter((line) => line !== "")).toHaveLength(1);
		expect(program.lines[0]).toMatch(expected);
	});

	test(
		"a port that does not exist: said, counted, tried again; page and API stay up",
		async () => {
			const gateway = await Gateway.start("--protocol", "p1", "--port", "/dev/no-such-meter");
			try {
				await gateway.line(/\/dev\/no-such-meter.*next attempt/);
				const { meter } = await gateway.health();
				expect(meter.line).toBe("waiting");
				expect(meter.reason).toMatch(/no such|ENOENT|cannot open/i);
			} finally {
				expect(await gateway.stop()).toBe(0);
			}
		},
		MINUTE,
	);

	test(
		"a broker that is down: one line, and the gateway keeps reading",
		async () => {
			const gateway = await Gateway.start("--speed", "10", "--mqtt", `mqtt://127.0.0.1:${await freePort()}`);
			try {
				await gateway.reading();
				await gateway.line(/mqtt/i);
				const { outputs } = await gateway.health();
				expect(outputs.find(({ name }) => name === "mqtt")).toMatchObject({ connected: false });
			} finally {
				expect(await gateway.stop()).toBe(0);
			}
		},
		MINUTE,
	);
});
