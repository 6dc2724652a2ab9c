// A client with bad manners: writes bytes as they are, from any address of the loopback, as slowly as it likes. All that
// it ever gets back is kept, to be searched for secrets.

import { connect, type Socket } from "node:net";

export interface Reply {
	readonly status: number;
	readonly headers: string;
	readonly body: string;
}

export class Attacker {
	readonly #port: number;
	readonly #sockets: Socket[] = [];
	/** Everything that was ever answered. */
	heard = "";

	constructor(url: string) {
		this.#port = Number(new URL(url).port);
	}

	/** A connection that sends nothing by itself. */
	open(from = "127.0.0.1"): Socket {
		const socket = connect({ port: this.#port, host: "127.0.0.1", localAddress: from });
		socket.on("error", () => {});
		socket.on("data", (data) => {
			this.heard += data.toString("latin1");
		});
		this.#sockets.push(socket);
		return socket;
	}

	/** Sends the bytes; the whole answer once the connection has ended. Status 0: it ended without one. */
	raw(bytes: string | Uint8Array, from?: string): Promise<Reply> {
		const socket = this.open(from);
		let text = "";
		socket.on("data", (data) => {
			text += data.toString("latin1");
			// As a client does that knows the length: otherwise the gateway waits for bytes that it would throw away.
			if (isWhole(text)) socket.end();
		});
		socket.on("connect", () => socket.write(bytes));
		return new Promise((done) =>
			socket.on("close", () => {
				const end = text.indexOf("\r\n\r\n");
				const headers = end < 0 ? text : text.slice(0, end);
				done({ status: Number(text.slice(9, 12)), headers, body: end < 0 ? "" : text.slice(end + 4) });
			}),
		);
	}

	ask(
		method: string,
		path: string,
		{
			headers = {},
			body,
			from,
		}: { headers?: Readonly<Record<string, string>>; body?: unknown; from?: string } = {},
	): Promise<Reply> {
		const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
		const all: Record<string, string> = {
			Host: `127.0.0.1:${this.#port}`,
			...(body === undefined
				? {}
				: { "Content-Type": "application/json", "Content-Length": `${text.length}` }),
			...headers,
		};
		const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
		return this.raw(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`, from);
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
	}
}

function isWhole(text: string): boolean {
	const end = text.indexOf("\r\n\r\n");
	const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
	return end >= 0 && length !== undefined && text.length >= end + 4 + Number(length);
}
