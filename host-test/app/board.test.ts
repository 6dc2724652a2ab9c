// The board in the running app: which pins the line is opened on, and what a pin that cannot be does to line and health.

import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "../../app/app";
import type { LineOptions } from "../../hardware/line";
import { openDevice } from "../../hardware/this-device";
import { configuration } from "../../host/platform/configuration";
import "../../host/platform/globals";

const TIMEOUT_MS = 10_000;
let app: App | undefined;

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const { port } = server.address() as { readonly port: number };
	await new Promise((closed) => server.close(closed));
	return port;
}

/** Starts the app as on `board`; resolves with what the log says and the lines that were asked for. */
async function run(board: string, settings: Readonly<Record<string, object>>) {
	configuration.stateFolder = mkdtempSync(join(tmpdir(), "meterling-board-"));
	const http = { port: await freePort() };
	writeFileSync(join(configuration.stateFolder, "settings.json"), JSON.stringify({ http, ...settings }));
	const log: string[] = [];
	const lines: LineOptions[] = [];
	const waiting = { resolve: () => {} };
	const device = {
		...openDevice(),
		board,
		printSecret: () => {},
		log: (line: string) => {
			log.push(line);
			if (line.includes("next attempt")) waiting.resolve();
		},
		openLine: (options: LineOptions) => {
			lines.push(options);
			waiting.resolve();
			const counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
			return { read: () => undefined, write: () => {}, set: () => {}, counters, close: () => {} };
		},
	};
	const decided = new Promise<void>((resolve) => {
		waiting.resolve = resolve;
	});
	app = startApp(device);
	await decided;
	const health = await fetch(`http://127.0.0.1:${http.port}/api/v1/health`);
	return { log, lines, health: (await health.json()) as Record<string, never> };
}

afterEach(async () => {
	await new Promise<void>((closed) => (app ? app.close(closed) : closed()));
	app = undefined;
});

describe("the board of a firmware", () => {
	test(
		"gives the line its UART, its pins and its inversion",
		async () => {
			const { lines } = await run("slimmelezer-mini", { meter: { protocol: "p1" } });
			expect(lines[0]).toMatchObject({
				port: "",
				pins: { port: 1, receive: 20 },
				settings: { baud: 115200, invertReceive: true },
			});
		},
		TIMEOUT_MS,
	);

	test(
		"leaves inversion to the protocol where its pins are bare",
		async () => {
			const { lines } = await run("esp32-c3", { meter: { protocol: "dlms" } });
			expect(lines[0]).toMatchObject({
				pins: { port: 1, receive: 4, transmit: 5 },
				settings: { invertReceive: false },
			});
		},
		TIMEOUT_MS,
	);

	test(
		"a receive pin that the chip forbids keeps the line shut, and health says why",
		async () => {
			const board = { board: "custom", receive: 12 };
			const { lines, log, health } = await run("esp32-c3", { meter: { protocol: "p1" }, board });
			expect(lines).toEqual([]);
			const reason = "GPIO 12 is wired to the flash memory";
			expect(log.join("\n")).toContain(`board.receive: ${reason}`);
			expect(health.meter).toMatchObject({ line: "waiting", reason: expect.stringContaining(reason) });
			expect(JSON.stringify(health.warnings)).toContain(reason);
		},
		TIMEOUT_MS,
	);
});
