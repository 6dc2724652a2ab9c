// A gateway as a browser meets it: the built page with its policy, and an API whose answers the test sets. On loopback.

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody in the house, of a gateway that has been set up and whose values everyone may read. */
const READER = {
	...{ right: "read", by: "nobody", csrf: null, readOpen: true, passwordSet: true },
	...{ setup: "no", mayRead: true },
};
const NO_PORTAL = {
	...{ gateway: "meterling-a1b2c3", needed: false, finished: false, password: true },
	...{ wireless: false, accessPoint: false },
};

export class GatewayStandIn {
	state: object = {};
	health: object = {};
	/** Whether other languages are served. */
	texts = true;
	/** Answers to other addresses, by path or by method and path. */
	readonly answers: Record<string, { readonly status?: number; readonly body: object }> = {
		"/api/v1/session": { body: READER },
		"/api/v1/portal/state": { body: NO_PORTAL },
	};
	/** The last body that was sent here. */
	received: { readonly bytes: number; readonly type?: string; readonly csrf?: string } | undefined;
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
		} else if (/^\/texts\/\d$/.test(path) && this.texts) {
			response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
			response.end(readFileSync(`web/dist${path.replace("s/", "s-")}.gz`));
		} else if (path === "/api/v1/state") json(this.state);
		else if (path === "/api/v1/health") json(this.health);
		else if (path === "/api/v1/events") {
			response.writeHead(200, { "content-type": "text/event-stream" });
			this.#streams.add(response);
			response.on("close", () => this.#streams.delete(response));
			response.write(`retry: 200\n\nevent: health\ndata: ${exact(this.health)}\n\n`);
		} else this.#answer(request, response);
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

	/** What the test has given for this address; the body that came is counted first. */
	#answer(request: IncomingMessage, response: ServerResponse): void {
		const { method = "", url = "", headers } = request;
		const answer = this.answers[`${method} ${url}`] ?? (method === "GET" ? this.answers[url] : undefined);
		let bytes = 0;
		request.on("data", (chunk: Buffer) => {
			bytes += chunk.length;
		});
		request.on("end", () => {
			if (bytes > 0)
				this.received = {
					bytes,
					type: `${headers["content-type"]}`,
					csrf: `${headers["x-csrf-token"]}`,
				};
			response.writeHead(answer ? (answer.status ?? 200) : 404, { "content-type": "application/json" });
			response.end(answer && exact(answer.body));
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
