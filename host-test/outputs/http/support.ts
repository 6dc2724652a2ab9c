// The web server with a gate and an admin behind it, asked over fake connections.

import "../../../host/platform/globals";
import { Access, type AccessOptions } from "../../../access/access.js";
import type { Admin, AdminOutcome } from "../../../outputs/admin.js";
import { http } from "../../../outputs/http/http.js";
import type { Output } from "../../../outputs/output.js";
import type { Gate, RequestClient, Responder } from "../../../outputs/route.js";
import { FakeSurroundings } from "../../access/surroundings";
import { Bench, type FakeConnection } from "../fakes";

export const PASSWORD = "correct horse battery";
export const STRANGER = "192.168.1.50";
export const LOOPBACK = "127.0.0.1";
export const PORTAL = "192.168.4.2";

/** Notes what it is asked for. */
export class FakeAdmin implements Admin {
	readonly calls: unknown[][] = [];
	outcome: AdminOutcome = { restarts: { gateway: false, meter: true, outputs: [] } };

	settingsForm(section?: string): string | undefined {
		return section === undefined || section === "mqtt" ? '[{"name":"mqtt"}]' : undefined;
	}

	changeSettings(change: unknown): AdminOutcome {
		this.calls.push(["change", change]);
		return this.outcome;
	}

	exportSettings(passphrase: string | undefined) {
		this.calls.push(["export", passphrase]);
		return passphrase === "short" ? { problem: "the passphrase is too short" } : { text: '{"kind":"x"}' };
	}

	importSettings(file: Uint8Array, passphrase: string | undefined, leaveSecrets: boolean): AdminOutcome {
		this.calls.push(["import", new TextDecoder().decode(file), passphrase, leaveSecrets]);
		return this.outcome;
	}

	restart(): void {
		this.calls.push(["restart"]);
	}

	factoryReset(): void {
		this.calls.push(["factoryReset"]);
	}
}

export interface Asking {
	readonly method?: string;
	readonly headers?: Record<string, string>;
	/** Sent as JSON, unless it is text already. */
	readonly body?: unknown;
	readonly from?: string;
}

export interface Answered {
	readonly status: number;
	readonly headers: ReadonlyMap<string, string>;
	readonly text: string;
	readonly connection: FakeConnection;
}

export class Server {
	readonly world = new FakeSurroundings();
	readonly bench = new Bench();
	readonly admin = new FakeAdmin();
	readonly access: Access;
	readonly output: Output;
	/** All that any answer said. */
	said = "";

	constructor(
		options: Partial<AccessOptions> = {},
		more: { gate?: Partial<Gate>; responders?: Responder[] } = {},
	) {
		this.access = new Access({
			digests: this.world.digests,
			randomBytes: this.world.randomBytes,
			now: this.world.now,
			readOpen: true,
			iterations: 10,
			stored: undefined,
			store: () => {},
			...options,
		});
		const setupRight = ({ address, forwarded }: RequestClient) =>
			address === PORTAL ? "portal" : address === LOOPBACK && !forwarded ? "password" : "no";
		const gate: Gate = {
			access: this.access,
			hostNames: () => ["meterling-a1b2c3.local", "meter.example.org"],
			setupRight,
			...more.gate,
		};
		const context = { ...this.bench.context(http.settings, { port: 80 }), gate, admin: this.admin };
		this.output = http.open({ ...context, responders: [...(more.responders ?? [])] }) as Output;
	}

	/** With a password, and nobody signed in. */
	static guarded(
		options: Partial<AccessOptions> = {},
		more: ConstructorParameters<typeof Server>[1] = {},
	): Server {
		const server = new Server(options, more);
		const set = server.access.setPassword(PASSWORD, {}, { address: LOOPBACK, setup: "password" });
		if ("session" in set) server.access.signOut(set.session);
		return server;
	}

	ask(path: string, { method = "GET", headers = {}, body, from = STRANGER }: Asking = {}): Answered {
		const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
		const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
		const connection = this.bench.network.connect(from).request(method, path, { ...type, ...headers }, text);
		this.bench.clock.advance(0);
		for (let turn = 0; turn < 100 && !connection.done && !connection.closed; turn++) connection.open(1000);
		const { refused } = connection.peer;
		const [head = "", rest = ""] = refused.split("\r\n\r\n");
		const refusedHeaders = head.split("\r\n").slice(1);
		const answered: Answered = {
			status: refused ? Number(head.slice(9, 12)) : (connection.response?.status ?? 0),
			headers: refused
				? new Map(refusedHeaders.map((line) => line.split(": ") as [string, string]))
				: (connection.response?.headers ?? new Map()),
			text: refused ? rest : connection.body,
			connection,
		};
		this.said += `${[...answered.headers].flat().join(" ")} ${answered.text}\n`;
		return answered;
	}

	/** Cookie and CSRF token of a new session. */
	signIn(): { cookie: string; "x-csrf-token": string } {
		const { headers, text } = this.ask("/api/v1/session", { method: "POST", body: { password: PASSWORD } });
		const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
		return { cookie, "x-csrf-token": JSON.parse(text).csrf };
	}
}
