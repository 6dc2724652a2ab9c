// A real broker (mosquitto) killed and restarted under a running gateway: messages flow again, and health tells.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, eventually, freePort, Gateway, outputHealth, Program } from "./gateway";

const MINUTE = 60_000;

describeWith(["mosquitto", "mosquitto_sub"], "mosquitto killed and restarted", () => {
	let folder: string;
	let port: number;
	let broker: Program;
	let gateway: Gateway;

	const startBroker = async () => {
		broker = new Program("mosquitto", ["-c", join(folder, "mosquitto.conf")]);
		await broker.line(/running/);
	};
	const messages = async (count: number) => {
		const subscriber = new Program("mosquitto_sub", [
			...["-h", "127.0.0.1", "-p", `${port}`, "-t", "meterling/reading", "-R", "-C", `${count}`],
		]);
		expect(await subscriber.exit).toBe(0);
		return subscriber.lines.map((line) => JSON.parse(line));
	};

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-broker-"));
		port = await freePort();
		writeFileSync(
			join(folder, "mosquitto.conf"),
			`listener ${port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n`,
		);
		await startBroker();
		gateway = await Gateway.start("--speed", "20", "--mqtt", `mqtt://127.0.0.1:${port}`);
	}, MINUTE);

	afterAll(async () => {
		await gateway?.stop();
		await broker?.stop("SIGKILL");
		rmSync(folder, { recursive: true, force: true });
	});

	test("messages flow before", async () => {
		for (const message of await messages(2)) expect(message).toMatchObject({ protocol: "dlms" });
	});

	test(
		"health says since when the broker is gone, and the meter is still read",
		async () => {
			await broker.stop("SIGKILL");
			const gone = await eventually("the loss in health", async () => {
				const health = await gateway.health();
				return outputHealth(health, "mqtt").connected === false ? health : undefined;
			});
			expect(outputHealth(gone, "mqtt").lastError).toEqual(expect.any(String));
			await eventually("more readings", async () => {
				const { readings } = await gateway.health();
				return readings.count > gone.readings.count + 2 || undefined;
			});
		},
		MINUTE,
	);

	test(
		"messages flow again after its return, and the retained state is there for a late subscriber",
		async () => {
			await startBroker();
			for (const message of await messages(2)) expect(message).toMatchObject({ protocol: "dlms" });
			const health = outputHealth(await gateway.health(), "mqtt");
			expect(health).toMatchObject({ connected: true });
			expect(health.reconnects).toBeGreaterThanOrEqual(1);
			const late = new Program("mosquitto_sub", [
				"-h",
				"127.0.0.1",
				"-p",
				`${port}`,
				"-t",
				"meterling/#",
				"-v",
				"-C",
				"3",
			]);
			expect(await late.exit).toBe(0);
			expect(late.lines.some((line) => line === "meterling/status online")).toBe(true);
		},
		MINUTE,
	);
});
