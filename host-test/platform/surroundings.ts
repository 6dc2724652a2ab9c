// What the conformance cases meet: a broker (npm aedes), a pty pair (socat) that vanishes on request, a port where
// nobody listens. Everything on the loopback.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "./conformance/conformance";
import { startServers } from "./servers";

export interface World extends Surroundings {
	/** A folder of its own, removed at the end. */
	readonly folder: string;
	close(): Promise<void>;
}

export async function makeWorld(): Promise<World> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-conformance-"));
	const broker = await startBroker();
	const servers = await startServers(folder);
	const closed = await listening(createServer());
	const nobody = portOf(closed);
	await ended(closed);
	const socat = await ptyPair(folder);
	const vanish = await listening(
		createServer((socket) => {
			socket.on("error", () => {});
			socket.destroy();
			socat?.process.kill();
		}),
	);
	return {
		folder,
		broker: broker.port,
		nobody,
		vanish: portOf(vanish),
		http: servers.http,
		tls: servers.tls,
		...(socat ? { ptys: socat.ptys } : undefined),
		close: async () => {
			socat?.process.kill();
			broker.process.stdin?.end();
			await servers.close();
			await ended(vanish);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function startBroker(): Promise<{ readonly process: ChildProcess; readonly port: number }> {
	const broker = spawn(process.execPath, [join(__dirname, "broker.mjs")], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const port = await new Promise<number>((resolve, reject) => {
		broker.once("exit", (code) => reject(new Error(`the broker ended with ${code}`)));
		broker.stdout.once("data", (line: Buffer) => resolve(Number(`${line}`)));
	});
	return { process: broker, port };
}

function listening(server: Server): Promise<Server> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => resolve(server));
	});
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}

function ended(server: Server): Promise<void> {
	return new Promise((resolve) => server.close(() => resolve()));
}

/** A pty pair, or `undefined` where there is no socat. */
async function ptyPair(
	folder: string,
): Promise<{ readonly process: ChildProcess; readonly ptys: readonly [string, string] } | undefined> {
	const ptys = [join(folder, "a"), join(folder, "b")] as const;
	const socat = spawn(
		"socat",
		ptys.map((link) => `pty,raw,echo=0,link=${link}`),
		{ stdio: "ignore" },
	);
	const missing = new Promise<boolean>((resolve) => socat.once("error", () => resolve(true)));
	for (;;) {
		const failed = await Promise.race([
			missing,
			new Promise<boolean>((go) => setTimeout(() => go(false), 20)),
		]);
		if (failed) return undefined;
		if (ptys.every((link) => existsSync(link))) return { process: socat, ptys };
	}
}
