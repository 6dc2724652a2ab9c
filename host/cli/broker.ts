// An MQTT broker inside the gateway's process (npm aedes), for trying things without one. Only this computer reaches it.

import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";

export interface Broker {
	readonly port: number;
	close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
/** Ports tried after the usual one. */
const ATTEMPTS = 50;

/** Listens on `port`, or on the next free one. */
export async function openBroker(port: number): Promise<Broker> {
	const aedes = await Aedes.createBroker();
	const server = createServer(aedes.handle);
	for (let candidate = port; ; candidate++) {
		try {
			await listen(server, candidate);
			return { port: candidate, close: () => close(aedes, server) };
		} catch (error) {
			const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
			if (!taken || candidate - port >= ATTEMPTS) throw error;
		}
	}
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((done, fail) => {
		server.once("error", fail);
		server.listen(port, LOOPBACK, () => {
			server.off("error", fail);
			done();
		});
	});
}

function close(aedes: Aedes, server: Server): Promise<void> {
	return new Promise((done) => {
		server.close();
		aedes.close(() => done());
	});
}

/** The first free TCP port from `port` on, on all addresses: for a server that is opened a moment later. */
export async function freePortFrom(port: number): Promise<number> {
	for (let candidate = port; candidate < port + ATTEMPTS; candidate++)
		if (await isPortFree(candidate)) return candidate;
	return port;
}

/** Whether a server could be opened on that TCP port now, on all addresses. */
export function isPortFree(port: number): Promise<boolean> {
	return new Promise((done) => {
		const server = createServer();
		server.once("error", () => done(false));
		server.listen(port, () => server.close(() => done(true)));
	});
}
