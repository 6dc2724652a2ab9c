// A gateway that goes away while somebody looks at its page, and comes back: killed as by a power cut, started again at the
// same address. The page needs no reload; what it shows meanwhile it calls old. On Node always; on XS where it is built.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { CHROMIUM, openBrowser, openPage } from "../e2e/browser";
import { eventually, freePort, installed, missingForXs, Program, ROOT } from "../e2e/gateway";

const MINUTE = 60_000;
const EMULATE = [
	...["host/cli/meterling.mjs", "emulate", "--meter", "fluvius", "--seed", "7"],
	...["--solar", "3000"],
];

/** A gateway that can be killed and started again at its address, and what it reads, which lives on. */
interface House {
	readonly url: string;
	start(): Promise<void>;
	kill(): Promise<void>;
	/** The meter falls silent; the gateway stays. */
	silence(): Promise<void>;
	end(): Promise<void>;
}

async function house(
	command: (http: number) => readonly string[],
	meter: Program,
	more: readonly Program[],
): Promise<House> {
	const http = await freePort();
	const url = `http://127.0.0.1:${http}`;
	let gateway: Program | undefined;
	return {
		url,
		start: async () => {
			gateway = new Program(process.execPath, command(http));
			await eventually(
				"the API",
				async () => (await fetch(`${url}/api/v1/health`).catch(() => undefined))?.ok,
			);
		},
		kill: async () => {
			await gateway?.stop("SIGKILL");
		},
		silence: async () => {
			await meter.stop();
		},
		end: async () => {
			await gateway?.stop();
			for (const each of [meter, ...more]) await each.stop();
		},
	};
}

async function onNode(folder: string): Promise<House> {
	const port = await freePort();
	const meter = new Program(process.execPath, [...EMULATE, "--port", `tcp://:${port}`]);
	await meter.line(new RegExp(`${port}`));
	return house(
		(http) => [
			...["host/cli/meterling.mjs", "run", "--state", folder, "--http-port", `${http}`],
			...["--protocol", "p1", "--port", `socket://127.0.0.1:${port}`],
		],
		meter,
		[],
	);
}

async function onXs(folder: string): Promise<House> {
	const [near, far] = [join(folder, "gateway"), join(folder, "meter")];
	const cable = new Program("socat", ["-d", "-d", `pty,rawer,link=${far}`, `pty,rawer,link=${near}`]);
	await cable.line(/starting data transfer loop/);
	const meter = new Program(process.execPath, [...EMULATE, "--port", far]);
	return house(
		(port) => {
			writeFileSync(
				join(folder, "settings.json"),
				JSON.stringify({ meter: { protocol: "p1", port: near }, http: { port } }),
			);
			return [join(ROOT, "tools/run-xs.mjs"), "--state", folder];
		},
		meter,
		[cable],
	);
}

const missing = [CHROMIUM, "socat"].find((program) => !installed(program));

describe.each([
	["Node", onNode, missing && `${missing} not installed`],
	["XS", onXs, missing ? `${missing} not installed` : missingForXs()],
] as const)("a gateway on %s that goes away", (_engine, open, why) => {
	if (why) {
		test.skip(`not run: ${why}`, () => {});
		return;
	}
	let folder: string;
	let place: House;
	let browser: Browser;
	let page: Page;
	let complaints: readonly string[];

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-offline-"));
		place = await open(folder);
		await place.start();
		browser = await openBrowser();
		({ page, complaints } = await openPage(browser, place.url));
		await page.goto(place.url);
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await place?.end();
		rmSync(folder, { recursive: true, force: true });
	});

	const says = (text: RegExp, timeout = 30_000) => page.getByText(text).first().waitFor({ timeout });
	const live = () => page.locator("main.live .now .power .number").waitFor();
	const power = () => page.locator(".now .power").innerText();

	test(
		"values stay, are called old, and are live again when it is back, without a reload",
		async () => {
			await live();
			await page.locator(".phases td").first().waitFor();
			await page.evaluate("globalThis.sameDocument = true");
			await place.kill();
			await says(/The gateway has not answered for/);
			await says(/The values are from/);
			expect(await page.locator("main.old .now").innerText()).toMatch(/Last known power/);
			expect(await power()).toMatch(/\d\.\d{3}/);
			expect(await page.locator(".phases tbody tr").count()).toBe(3);
			await place.start();
			await live();
			expect(await page.getByText(/has not answered/).count()).toBe(0);
			const before = await page.locator(".counters").first().innerText();
			await eventually(
				"another reading",
				async () => (await page.locator(".pill").innerText()) === "just now" || undefined,
			);
			expect(await page.locator(".counters").first().innerText()).toContain(before.split("\n")[0]);
			expect(await page.evaluate("globalThis.sameDocument")).toBe(true);
		},
		2 * MINUTE,
	);

	test(
		"every page says that it does not answer, and goes on when it does",
		async () => {
			const pill = page.locator(".pill", { hasText: "Gateway unreachable" });
			await place.kill();
			for (const name of ["health", "history", "meter", "settings", "account"]) {
				await page.goto(`${place.url}/#${name}`);
				await page.locator("main :is(.card, .hint, .title)").first().waitFor();
				await pill.waitFor();
			}
			await place.start();
			await page.goto(`${place.url}/#now`);
			await live();
			expect(await pill.count()).toBe(0);
		},
		2 * MINUTE,
	);

	test(
		"a meter that falls silent is another matter than a gateway that is away",
		async () => {
			await place.silence();
			await says(/The meter has been silent for/, 50_000);
			await says(/These are its last values/);
			expect(await page.getByText(/has not answered/).count()).toBe(0);
			expect(await page.locator(".pill").innerText()).toMatch(/Silent for/);
		},
		MINUTE,
	);

	test("no script complained", () => {
		expect(complaints).toEqual([]);
	});
});
