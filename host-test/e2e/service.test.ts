// The gateway as a service of a computer: set up over HTTP, its state in a folder of its own, started again by itself and
// by a service manager. The program is the real one; service manager and journal are played by this test.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, eventually, freePort, Gateway, Program } from "./gateway";

const SECONDS = 1000;
const TIMEOUT = 30 * SECONDS;
const COMMAND = "host/cli/meterling.mjs";
const PASSWORD = "correct horse battery";

let folder: string;
let state: string;
const programs: Program[] = [];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "meterling-service-"));
	state = join(folder, "state");
});
afterEach(async () => {
	await Promise.all(programs.splice(0).map((program) => program.stop()));
	rmSync(folder, { recursive: true, force: true });
});

async function gateway(...args: string[]): Promise<Gateway> {
	const started = await Gateway.start("--state", state, ...args);
	programs.push(started);
	return started;
}

function program(...args: string[]): Program {
	const started = new Program(process.execPath, [COMMAND, ...args]);
	programs.push(started);
	return started;
}

/** Sends JSON as the page does. */
function send(url: string, method: string, path: string, body: object, headers: Record<string, string> = {}) {
	return fetch(`${url}${path}`, {
		method,
		headers: { "content-type": "application/json", origin: url, ...headers },
		body: JSON.stringify(body),
	});
}

/** `GET /` with that `Host`, which `fetch` does not let one choose. */
function statusFor(port: string, host: string): Promise<number | undefined> {
	return new Promise((done, fail) => {
		const asked = request({ host: "127.0.0.1", port, headers: { host } }, (answer) => {
			answer.resume();
			done(answer.statusCode);
		});
		asked.on("error", fail).end();
	});
}

/** Sets the first password from elsewhere, as a browser in the house does; what the page sends from then on. */
async function firstPassword(url: string, setupCode: string): Promise<Record<string, string>> {
	// Said to be forwarded, a request of this computer counts as one from elsewhere.
	const elsewhere = { "x-forwarded-for": "192.0.2.9" };
	const body = { password: PASSWORD };
	expect((await send(url, "PUT", "/api/v1/password", body, elsewhere)).status).toBe(403);
	const answer = await send(url, "PUT", "/api/v1/password", { ...body, setupCode }, elsewhere);
	expect(answer.status).toBe(200);
	const { csrf } = (await answer.json()) as { csrf: string };
	return { cookie: `${answer.headers.get("set-cookie")}`.split(";")[0] as string, "x-csrf-token": csrf };
}

test(
	"first set-up over HTTP: nothing made up before, the meter's readings after, and again at the next start",
	async () => {
		const meterPort = await freePort();
		program("emulate", "--meter", "dsmr5", "--port", `tcp://127.0.0.1:${meterPort}`);
		const first = await gateway();
		await first.line(/^meter {2}none yet/);
		const [, code = ""] = await first.line(/set-up code (\S+)$/);
		expect(await first.health()).toMatchObject({ meter: { line: "waiting" }, readings: { count: 0 } });
		expect(first.lines.join("\n")).not.toContain("mqtt");

		const owner = await firstPassword(first.url, code);
		expect((await fetch(`${first.url}/api/v1/ports`)).status).toBe(401);
		const ports = await fetch(`${first.url}/api/v1/ports`, { headers: owner });
		expect(await ports.json()).toEqual({ ports: expect.any(Array) });
		// By the computer's own name, as a browser in the house comes; another's is refused.
		const { port } = new URL(first.url);
		expect(await statusFor(port, `${hostname().split(".")[0]}.local:${port}`)).toBe(200);
		expect(await statusFor(port, `evil.example:${port}`)).toBe(421);
		const settings = { meter: { protocol: "p1", port: `socket://127.0.0.1:${meterPort}` } };
		const finish = await send(first.url, "POST", "/api/v1/portal/finish", { settings }, owner);
		expect(finish.status).toBe(202);
		await first.line(/started after: restart$/);
		await first.line(/http: listening on port/);
		await eventually("a reading after the restart", async () => {
			const health = await first.health().catch(() => undefined);
			return health && health.readings.count > 0 ? true : undefined;
		});
		expect(JSON.parse(await first.reading())).toMatchObject({ protocol: "p1" });
		expect(await first.stop()).toBe(0);

		const second = await gateway();
		await second.line(new RegExp(`^meter {2}p1 on socket://127.0.0.1:${meterPort}$`));
		expect(JSON.parse(await second.reading())).toMatchObject({ protocol: "p1" });
		expect(second.lines.join("\n")).not.toContain("set-up code");

		const third = program("run", "--state", state);
		expect(await third.exit).toBe(1);
		expect(third.lines).toEqual([
			`meterling run: another gateway is running in ${state}: end that one first`,
		]);
		expect(await second.stop()).toBe(0);
	},
	TIMEOUT,
);

test(
	"under a service manager: status 75 asks for the start that knows its reason; lines carry their level",
	async () => {
		const port = await freePort();
		// systemd names the stream that it reads by device and inode; `stat` finds them for the pipe of this test.
		const start = () => {
			const options = `run --state ${state} --http-port ${port} --supervised`;
			const stream = "exec 3>&1; JOURNAL_STREAM=$(stat -Lc %d:%i /dev/fd/3) exec";
			const started = new Program("sh", ["-c", `${stream} ${process.execPath} ${COMMAND} ${options}`]);
			programs.push(started);
			return started;
		};
		const url = `http://127.0.0.1:${port}`;
		const first = start();
		const [, code = ""] = await first.line(/set-up code (\S+)$/);
		await first.line(/^<6>version .* started after: power-on$/);
		await first.line(/^<4>meter: cannot be opened: no port is set; next attempt/);
		await first.line(/^<6>http: listening on port/);
		const owner = await firstPassword(url, code);
		expect((await send(url, "POST", "/api/v1/restart", {}, owner)).status).toBeLessThan(300);
		expect(await first.exit).toBe(75);

		const second = start();
		await second.line(/^<6>version .* started after: restart$/);
		await second.line(/^<6>http: listening on port/);
		expect(await second.stop()).toBe(0);
		expect(second.lines.filter((line) => /\d\d:\d\d:\d\d/.test(line))).toEqual([]);
	},
	TIMEOUT,
);

test(
	"a port that is taken is told at once, and the page comes when it is free",
	async () => {
		const holder = await Gateway.start();
		programs.push(holder);
		const taken = new URL(holder.url).port;
		const other = program("run", "--state", state, "--http-port", taken);
		await other.line(new RegExp(`^page {3}port ${taken} is taken`));
		await other.line(new RegExp(`http: port ${taken} cannot be used`));
		await holder.stop();
		await other.line(new RegExp(`http: listening on port ${taken}`));
		expect(await other.stop()).toBe(0);
	},
	TIMEOUT,
);

describeWith(["socat", "systemd-notify"], "systemd's watchdog", () => {
	test(
		"hears of the gateway several times within its patience",
		async () => {
			const socket = join(folder, "notify");
			const systemd = new Program("socat", ["-u", `UNIX-RECVFROM:${socket},fork`, "SYSTEM:cat; echo"]);
			programs.push(systemd);
			await eventually("the socket", () => existsSync(socket) || undefined);
			const watched = new Program("sh", [
				"-c",
				`NOTIFY_SOCKET=${socket} WATCHDOG_USEC=1500000 exec ${process.execPath} ${COMMAND} run --state ${state} --http-port ${await freePort()}`,
			]);
			programs.push(watched);
			await eventually("three messages", () => {
				const heard = systemd.lines.join("\n").match(/WATCHDOG=1/g) ?? [];
				return heard.length >= 3 || undefined;
			});
			expect(await watched.stop()).toBe(0);
		},
		TIMEOUT,
	);
});
