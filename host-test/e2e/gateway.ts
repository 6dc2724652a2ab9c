// Starts the real `meterling` command as a user would, and talks to it over loopback. No part of the app is imported.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");
const COMMAND = resolve(ROOT, "host/cli/meterling.mjs");

/** Whether a program is installed; tests that need it are skipped with a message where it is not. */
export function installed(program: string): boolean {
	return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** `describe`, or a skipped one whose title says what is missing. */
export function describeWith(programs: readonly string[], title: string, body: () => void): void {
	const missing = programs.filter((program) => !installed(program));
	if (missing.length === 0) describe(title, body);
	else describe.skip(`${title} (not run: ${missing.join(", ")} not installed)`, body);
}

/** Why the firmware cannot be run on the SDK's XS engine here; `undefined` where it can. */
export function missingForXs(): string | undefined {
	if (!process.env.MODDABLE) return "MODDABLE is not set";
	return existsSync(resolve(ROOT, "build/linux")) ? undefined : "npm run build:linux was not run";
}

/** A TCP port that was free a moment ago. */
export function freePort(): Promise<number> {
	return new Promise((done, fail) => {
		const server = createServer().once("error", fail);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() =>
				address && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
			);
		});
	});
}

/** Polls `probe` until it gives something, failing with `what` after `milliseconds`. */
export async function eventually<T>(
	what: string,
	probe: () => Promise<T | undefined> | T | undefined,
	milliseconds = 15_000,
): Promise<T> {
	const until = Date.now() + milliseconds;
	for (;;) {
		const found = await probe();
		if (found !== undefined && found !== false) return found;
		if (Date.now() > until) throw new Error(`waited ${milliseconds / 1000} s in vain for ${what}`);
		await new Promise((next) => setTimeout(next, 50));
	}
}

/** A child process whose output is kept as lines. */
export class Program {
	readonly lines: string[] = [];
	readonly #child: ChildProcess;
	readonly exit: Promise<number | null>;

	constructor(command: string, args: readonly string[]) {
		this.#child = spawn(command, args, { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			let rest = "";
			stream?.setEncoding("utf8").on("data", (text: string) => {
				const lines = (rest + text).split("\n");
				rest = lines.pop() ?? "";
				this.lines.push(...lines);
			});
		}
		this.exit = new Promise((done) => this.#child.once("close", (code) => done(code)));
	}

	/** The first match of `pattern` in any line, waited for. */
	line(pattern: RegExp, milliseconds?: number): Promise<RegExpMatchArray> {
		const seen = () =>
			this.lines.map((line) => line.match(pattern)).find((match) => match !== null) ?? undefined;
		return eventually(`${pattern} in:\n${this.lines.join("\n")}`, seen, milliseconds);
	}

	write(bytes: Uint8Array): void {
		this.#child.stdin?.write(bytes);
	}

	signal(name: NodeJS.Signals): void {
		this.#child.kill(name);
	}

	/** Ends the program and waits; harmless when it has ended. */
	async stop(name: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
		if (this.#child.exitCode === null) this.#child.kill(name);
		return this.exit;
	}
}

/** A running gateway and its API. */
export class Gateway extends Program {
	readonly url: string;

	private constructor(port: number, args: readonly string[]) {
		super(process.execPath, args);
		this.url = `http://127.0.0.1:${port}`;
	}

	/** `meterling run` on a free HTTP port, ready when its API answers. */
	static async start(...args: string[]): Promise<Gateway> {
		const port = await freePort();
		return new Gateway(port, [COMMAND, "run", "--http-port", `${port}`, ...args]).#ready();
	}

	/** The firmware's Linux build on the SDK's XS engine, reading `protocol` at `port`; its state in `folder`. */
	static async startOnXs(
		folder: string,
		protocol: string,
		port: string,
		baud = 0,
		more: Readonly<Record<string, object>> = {},
	): Promise<Gateway> {
		const http = await freePort();
		const settings = { meter: { protocol, port, baud }, ...more, http: { ...more.http, port: http } };
		writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
		return new Gateway(http, [resolve(ROOT, "tools/run-xs.mjs"), "--state", folder]).#ready();
	}

	async #ready(): Promise<Gateway> {
		await eventually("the API", () => this.health().catch(() => undefined));
		return this;
	}

	async health(): Promise<Health> {
		return (await (await fetch(`${this.url}/api/v1/health`)).json()) as Health;
	}

	/** The newest reading's JSON text, waited for. */
	reading(milliseconds?: number): Promise<string> {
		return eventually(
			"a reading",
			async () => {
				const answer = await fetch(`${this.url}/api/v1/reading`);
				return answer.status === 200 ? answer.text() : undefined;
			},
			milliseconds,
		);
	}
}

/** The parts of the health report that the tests look at. */
export interface Health {
	readonly meter: {
		readonly line: string;
		readonly reason: string | null;
		readonly opened: number;
		readonly bytes?: number;
	};
	readonly readings: { readonly count: number; readonly age: number | null };
	readonly rejected: {
		readonly count: number;
		readonly byLayer: readonly { readonly layer: string; readonly code: string; readonly count: number }[];
	};
	readonly outputs: readonly ({ readonly name: string } & Record<string, unknown>)[];
}

export function outputHealth(health: Health, name: string): Record<string, unknown> {
	const found = health.outputs.find((output) => output.name === name);
	if (!found) throw new Error(`health says nothing of ${name}`);
	return found;
}
