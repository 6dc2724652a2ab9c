// A TCP connection's way to a server, which can be cut (connections end, new ones are refused), clogged (accepted, and nothing
// moves) and narrow (so many bytes a second each way). Not a test.

import { createServer, type Server, Socket } from "node:net";

export type PathState = "well" | "killed" | "hung" | "slow";

const STEP_MS = 100;
const SLOW_BYTES_A_STEP = 60;

export class BrokenPath {
	readonly port: number;
	readonly #to: number;
	#server: Server | undefined;
	#state: PathState = "well";
	readonly #pairs = new Set<readonly [Socket, Socket]>();
	/** By socket: what came and has not gone on. */
	readonly #held = new Map<Socket, Buffer>();
	readonly #step: NodeJS.Timeout;

	private constructor(port: number, to: number) {
		this.port = port;
		this.#to = to;
		this.#step = setInterval(() => this.#move(SLOW_BYTES_A_STEP), STEP_MS);
	}

	static async open(port: number, to: number): Promise<BrokenPath> {
		const path = new BrokenPath(port, to);
		await path.#listen();
		return path;
	}

	async set(state: PathState): Promise<void> {
		this.#state = state;
		if (state === "killed") await this.#cut();
		else if (!this.#server) await this.#listen();
		if (state === "well") this.#move(Number.POSITIVE_INFINITY);
	}

	async close(): Promise<void> {
		clearInterval(this.#step);
		await this.#cut();
	}

	#listen(): Promise<void> {
		this.#server = createServer((socket) => this.#join(socket));
		return new Promise((done) => this.#server?.listen(this.port, "127.0.0.1", done));
	}

	async #cut(): Promise<void> {
		const server = this.#server;
		this.#server = undefined;
		for (const sockets of this.#pairs) for (const socket of sockets) socket.destroy();
		await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
	}

	#join(client: Socket): void {
		const server = new Socket();
		server.connect(this.#to, "127.0.0.1");
		const pair = [client, server] as const;
		this.#pairs.add(pair);
		pair.forEach((socket, index) => {
			this.#held.set(socket, Buffer.alloc(0));
			socket.on("error", () => socket.destroy());
			socket.on("data", (bytes: Buffer) => {
				this.#held.set(socket, Buffer.concat([this.#held.get(socket) ?? Buffer.alloc(0), bytes]));
				if (this.#state === "well") this.#move(Number.POSITIVE_INFINITY);
			});
			socket.on("close", () => {
				this.#pairs.delete(pair);
				this.#held.delete(socket);
				// A process that hangs closes nothing.
				if (this.#state !== "hung") pair[1 - index]?.destroy();
			});
		});
	}

	#move(most: number): void {
		if (this.#state === "hung" || (this.#state === "well" && most === SLOW_BYTES_A_STEP)) return;
		for (const pair of this.#pairs)
			pair.forEach((socket, index) => {
				const held = this.#held.get(socket) ?? Buffer.alloc(0);
				if (held.length === 0) return;
				const count = Math.min(held.length, most);
				pair[1 - index]?.write(held.subarray(0, count));
				this.#held.set(socket, held.subarray(count));
			});
	}
}
