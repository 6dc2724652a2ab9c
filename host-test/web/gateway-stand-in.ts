// A gateway as a browser meets it: the built page with its policy, and an API whose answers the test sets. On loopback.

import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export class GatewayStandIn {
	state: object = {};
	health: object = {};
	/** Requests by path, so that a test can see that nothing else was asked for. */
	readonly asked: string[] = [];
	readonly #streams = new Set<ServerResponse>();
	readonly #server = createServer((request, response) => {
		const path = request.url ?? "";
		this.asked.push(path);
		const json = (body: object) => {
			response.setHeader("content-type", "application/json");
			response.end(exact(body));
		};
		if (path === "/") {
			response.writeHead(200, {
				"content-type": "text/html; charset=utf-8",
				"content-encoding": "gzip",
				"content-security-policy": readFileSync("web/dist/content-security-policy.txt", "utf8").trim(),
			});
			response.end(readFileSync("web/dist/index.html.gz"));
		} else if (path === "/api/v1/state") json(this.state);
		else if (path === "/api/v1/health") json(this.health);
		else if (path === "/api/v1/events") {
			response.writeHead(200, { "content-type": "text/event-stream" });
			this.#streams.add(response);
			response.on("close", () => this.#streams.delete(response));
			response.write(`retry: 200\n\nevent: health\ndata: ${exact(this.health)}\n\n`);
		} else response.writeHead(404).end();
	});
	#port = 0;

	get url(): string {
		return `http://127.0.0.1:${this.#port}/`;
	}

	/** Listens; again on the same port after `stop`. */
	start(): Promise<void> {
		return new Promise((resolve) =>
			this.#server.listen(this.#port, "127.0.0.1", () => {
				this.#port = (this.#server.address() as AddressInfo).port;
				resolve();
			}),
		);
	}

	/** Drops every client and lets go of the port. */
	stop(): Promise<void> {
		return new Promise((resolve) => {
			this.#server.close(() => resolve());
			this.#server.closeAllConnections();
		});
	}

	reading(count: number, reading: object): void {
		for (const stream of this.#streams)
			stream.write(`id: ${count}\nevent: reading\ndata: ${exact(reading)}\n\n`);
	}
}

/** JSON in which `"#85823.280"` is the number 85823.280: what a meter sends, digit for digit. */
function exact(body: object): string {
	return JSON.stringify(body).replace(/"#(-?[\d.]+)"/g, "$1");
}
