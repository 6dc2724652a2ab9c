// An error that nobody catches, for real: the gateway closes in order, starts again in a fresh process, and tells of it.
// On Node by a module that is loaded beside the program, on XS by a firmware with a fault built in; neither ships.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually, freePort, ROOT } from "./gateway";

const SECRET = "swordfish-2000";
const WORDS = `broken by ${SECRET}`;
const START_MS = 30_000;
/** The first build compiles all of XS. */
const BUILD_MS = 600_000;

interface GatewayHealth {
	readonly gateway: {
		readonly resetReason: string;
		readonly crashes: number;
		readonly mode: string;
		readonly version: string;
		readonly lastCrash: { readonly message: string; readonly version: string } | null;
	};
	readonly outputs: readonly { readonly name: string }[];
}

interface Crashing {
	/** Makes the running gateway fail; `crashes`: how often it did so before. */
	fail(crashes: number): void;
	health(): Promise<Omit<GatewayHealth, "outputs"> & { readonly outputs: readonly string[] }>;
	/** Everything that was printed. */
	printed(): string;
	stop(): Promise<number | null>;
}

function launch(args: readonly string[], port: number, fail: Crashing["fail"]): Crashing {
	const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
	let printed = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (bytes: Buffer) => {
			printed += bytes.toString("utf8");
		});
	const exit = new Promise<number | null>((done) => child.once("close", done));
	return {
		fail,
		health: async () => {
			const answer = await fetch(`http://127.0.0.1:${port}/api/v1/health`);
			const { gateway, outputs } = (await answer.json()) as GatewayHealth;
			return { gateway, outputs: outputs.map(({ name }) => name) };
		},
		printed: () => printed,
		stop: () => {
			child.kill("SIGTERM");
			return exit;
		},
	};
}

/**
 * A fault for Node: throws from a timer where its file lies. Loaded before the program, in restarted ones too; the
 * first, which then only supervises, has a file of its own.
 */
function faultModule(folder: string): string {
	const file = join(folder, "fault.mjs");
	writeFileSync(
		file,
		`import { existsSync, readFileSync, rmSync } from "node:fs";
		const file = ${JSON.stringify(join(folder, "fault-"))} + (process.env.METERLING_RESET ?? "power-on");
		setInterval(() => {
			if (!existsSync(file)) return;
			const words = readFileSync(file, "utf8");
			rmSync(file);
			throw new Error(words);
		}, 50).unref();`,
	);
	return file;
}

function onNode(folder: string, port: number): Crashing {
	const config = join(folder, "config.json");
	writeFileSync(config, JSON.stringify({ mqtt: { host: "127.0.0.1", port: 1, password: SECRET } }));
	const command = [resolve(ROOT, "host/cli/meterling.mjs"), "run"];
	const options = ["--config", config, "--state", join(folder, "state"), "--http-port", `${port}`];
	return launch(["--import", faultModule(folder), ...command, ...options], port, (crashes) =>
		writeFileSync(join(folder, crashes === 0 ? "fault-power-on" : "fault-crash"), WORDS),
	);
}

function onXs(folder: string, port: number): Crashing {
	const settings = {
		meter: { protocol: "p1", port: "/dev/null" },
		http: { port },
		mqtt: { host: "127.0.0.1", port: 1, password: SECRET },
	};
	writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
	return launch([resolve(ROOT, "host-test/xs-crash/run.mjs"), folder], port, () =>
		writeFileSync(join(folder, "fault"), WORDS),
	);
}

const engines: [string, (folder: string, port: number) => Crashing, number][] = [["Node", onNode, START_MS]];
if (process.env.MODDABLE) engines.push(["XS", onXs, BUILD_MS]);
else test.skip("a crash on XS (MODDABLE is not set)", () => {});

describe.each(engines)("a crash on %s", (_, start, startMs) => {
	let folder: string;
	let gateway: Crashing;

	/** Health of the run that begins after so many crashes. */
	function startedAfter(crashes: number, milliseconds = START_MS) {
		const starts = () => gateway.printed().split("started after: crash").length - 1;
		return eventually(
			`a start after ${crashes} crashes in:\n${gateway.printed()}`,
			() => (starts() < crashes ? undefined : gateway.health().catch(() => undefined)),
			milliseconds,
		);
	}

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-crash-"));
		gateway = start(folder, await freePort());
		await startedAfter(0, startMs);
	}, startMs);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test("before it, there is none", async () => {
		const { gateway: told, outputs } = await gateway.health();
		expect(told).toMatchObject({ resetReason: "power-on", crashes: 0, lastCrash: null, mode: "full" });
		expect(outputs).toContain("mqtt");
	});

	test(
		"the gateway starts again by itself and tells what happened, without the secret in it",
		async () => {
			gateway.fail(0);
			const { gateway: told, outputs } = await startedAfter(1);
			expect(told).toMatchObject({ resetReason: "crash", crashes: 1, mode: "full" });
			expect(told.lastCrash?.message).toBe("unhandled exception: Error: broken by (secret)");
			expect(told.lastCrash?.version).toBe(told.version);
			expect(outputs).toContain("mqtt");
		},
		START_MS,
	);

	test(
		"after the third in a row it starts with the page alone",
		async () => {
			gateway.fail(1);
			await startedAfter(2);
			gateway.fail(2);
			const { gateway: told, outputs } = await startedAfter(3);
			expect(told).toMatchObject({ crashes: 3, mode: "safe" });
			expect(outputs).toEqual(["http"]);
		},
		2 * START_MS,
	);

	test(
		"SIGTERM ends it for good, and nothing of it told the secret",
		async () => {
			expect(await gateway.stop()).toBe(0);
			expect(gateway.printed()).not.toContain(SECRET);
			expect(gateway.printed()).toContain("broken by (secret)");
		},
		START_MS,
	);
});
