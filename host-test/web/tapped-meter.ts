// An emulated meter behind a wire that is listened to: every byte of either direction is kept, so that a test knows what
// the meter sent and what it was sent, whatever the gateway says. And a gateway that reads it. Not a test.

import { connect, createServer, type Server } from "node:net";
import type { BrowserContext } from "playwright-core";
import { Gateway, Program } from "../e2e/gateway";

const PASSWORD = "correct horse battery";

export interface TappedMeter {
	readonly gateway: Gateway;
	/** Of the meter and to it, in hexadecimal. */
	fromMeter(): string;
	toMeter(): string;
	/** Signs the browser in as the owner. */
	signIn(context: BrowserContext): Promise<void>;
	stop(): Promise<void>;
}

export async function tappedMeter(model: string, protocol: string, ...more: string[]): Promise<TappedMeter> {
	const meter = new Program(process.execPath, [
		...["host/cli/meterling.mjs", "emulate", "--meter", model, "--port", "tcp://:0", "--seed", "3"],
	]);
	const [, port] = await meter.line(/socket:\/\/127\.0\.0\.1:(\d+)/);
	const from: Buffer[] = [];
	const to: Buffer[] = [];
	const wire = await listening((near) => {
		const far = connect(Number(port), "127.0.0.1");
		const end = () => {
			near.destroy();
			far.destroy();
		};
		far.on("data", (bytes: Buffer) => void (from.push(bytes), near.write(bytes)));
		near.on("data", (bytes: Buffer) => void (to.push(bytes), far.write(bytes)));
		for (const socket of [near, far]) socket.on("close", end).on("error", end);
	});
	const address = wire.address() as { port: number };
	const gateway = await Gateway.start(
		...["--protocol", protocol, "--port", `socket://127.0.0.1:${address.port}`],
		...more,
	);
	const set = await fetch(`${gateway.url}/api/v1/password`, {
		method: "PUT",
		headers: { "content-type": "application/json", origin: gateway.url },
		body: JSON.stringify({ password: PASSWORD }),
	});
	const [name = "", value = ""] = (set.headers.get("set-cookie") ?? "").split(";")[0]?.split("=") ?? [];
	return {
		gateway,
		fromMeter: () => Buffer.concat(from).toString("hex"),
		toMeter: () => Buffer.concat(to).toString("hex"),
		signIn: (context) => context.addCookies([{ name, value, url: gateway.url }]),
		stop: async () => {
			await gateway.stop();
			wire.close();
			await meter.stop();
		},
	};
}

function listening(connected: Parameters<typeof createServer>[1]): Promise<Server> {
	return new Promise((done) => {
		const server = createServer(connected);
		server.listen(0, "127.0.0.1", () => done(server));
	});
}
