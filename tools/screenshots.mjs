// Takes every page of the built gateway at a phone's and a desk's width, light and dark, for people to look at: emulated
// meters, years of made-up history, and the states in which there is nothing to show. Not part of the tests.
// node tools/screenshots.mjs FOLDER [PAGE …]        (needs npm run build:web, build:host, and chromium; LANGUAGE=da for another
// language, WIDTHS=320,3840 and SCHEMES=dark for others than the usual)

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { demoHistory } from "./demo-history.mjs";

// Days of the made-up history are those of the gateway's setting.
process.env.TZ = "Europe/Brussels";
const COMMAND = resolve(fileURLToPath(import.meta.url), "../../host/cli/meterling.mjs");
const PASSWORD = "seven green kettles";
const WIDTHS = (process.env.WIDTHS ?? "390,1280").split(",").map(Number);
const SCHEMES = (process.env.SCHEMES ?? "light,dark").split(",");
/** Readings for the plot; a second each. */
const WATCHED_MS = 25_000;
const WIFI = {
	networks: [
		{ ssid: "Home", password: "correct horse", rssi: -52, channel: 6, bssid: "0a0000000001" },
		{ ssid: "Neighbours", password: "correct horse", rssi: -78, channel: 9, bssid: "0a0000000002" },
	],
	accessPoint: { address: "127.0.0.1", nameServerPort: 15353 },
};

/** Gateways, what is shown of each, and whether it has a password and a past. */
const STAGES = [
	{
		name: "house",
		args: ["--meter", "fluvius", "--solar", "5000", "--seed", "7"],
		config: { meter: { fuse: 25 }, network: { timeZone: "Europe/Brussels" } },
		settled: true,
		pages: [
			"now",
			...["history", "history/hour", "history/month", "history/year", "history/all"],
			...["meter", "health", "log", "settings", "update", "account"],
		],
	},
	{ name: "apartment", args: ["--meter", "aidon", "--seed", "3"], pages: ["now"] },
	{ name: "heat", args: ["--meter", "multical-403", "--speed", "20"], pages: ["now"] },
	{
		name: "silent",
		args: ["--protocol", "p1", "--port", "socket://127.0.0.1:9"],
		pages: ["now", "history", "meter"],
	},
	{
		name: "new",
		args: ["--protocol", "p1", "--port", "socket://127.0.0.1:9"],
		wifi: true,
		pages: ["welcome", "network", "meter", "keys", "broker", "password", "zone", "summary"].map(
			(step) => `setup/${step}`,
		),
	},
];

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) {
	process.stderr.write("node tools/screenshots.mjs FOLDER [PAGE …]\n");
	process.exit(2);
}
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu"],
});
for (const stage of STAGES) if (namesOf(stage).length > 0) await show(stage);
await browser.close();

function namesOf({ name, pages }) {
	return pages.filter((page) => wanted.length === 0 || wanted.includes(page) || wanted.includes(name));
}

async function show(stage) {
	const state = mkdtempSync(join(tmpdir(), "meterling-pictures-"));
	const port = await freePort();
	if (stage.config) writeFileSync(join(state, "settings.json"), JSON.stringify(stage.config));
	if (stage.wifi) writeFileSync(join(state, "wifi.json"), JSON.stringify(WIFI));
	const gateway = spawn(
		process.execPath,
		[COMMAND, "run", "--state", state, "--http-port", `${port}`, ...stage.args],
		{
			stdio: "ignore",
		},
	);
	const url = `http://127.0.0.1:${port}`;
	try {
		await until(async () => (await fetch(`${url}/api/v1/health`)).ok);
		const context = await browser.newContext({
			timezoneId: "Europe/Brussels",
			locale: process.env.LANGUAGE ?? "en-GB",
			reducedMotion: "reduce",
		});
		const page = await context.newPage();
		await page.goto(url);
		if (stage.settled) await settle(page, url);
		await page.goto(`${url}/#now`);
		await page.waitForTimeout(stage.name === "house" ? WATCHED_MS : 9000);
		for (const name of namesOf(stage))
			for (const width of WIDTHS)
				for (const colorScheme of SCHEMES) {
					await page.setViewportSize({ width, height: width < 600 ? 844 : width / 1.6 });
					await page.emulateMedia({ colorScheme });
					await page.evaluate((hash) => {
						location.hash = hash;
					}, name);
					await page.waitForTimeout(1200);
					const file = `${stage.name}-${name.replaceAll("/", "-")}-${width}-${colorScheme}.png`;
					await page.screenshot({ path: join(folder, file), fullPage: true });
				}
		await context.close();
	} finally {
		gateway.kill();
		rmSync(state, { recursive: true, force: true });
	}
}

/** The first password, and a past: what an owner would have. */
async function settle(page, url) {
	const csrf = await page.evaluate(async (password) => {
		const headers = { "content-type": "application/json" };
		const reply = await fetch("/api/v1/password", {
			method: "PUT",
			headers,
			body: JSON.stringify({ password }),
		});
		return (await reply.json()).csrf;
	}, PASSWORD);
	const exported = () => page.evaluate(async () => (await fetch("/api/v1/history/export")).text());
	await until(async () => (await exported()).includes("\nhour,"));
	const history = demoHistory(await exported());
	const status = await page.evaluate(
		async ({ csrf, body }) => {
			const headers = { "content-type": "text/csv", "x-csrf-token": csrf };
			const reply = await fetch("/api/v1/history/import", { method: "POST", headers, body });
			return `${reply.status} ${await reply.text()}`;
		},
		{ csrf, body: history },
	);
	if (!status.startsWith("20")) throw new Error(`${url}: the history was not taken: ${status}`);
	await page.reload();
}

async function until(probe) {
	for (let tries = 0; tries < 100; tries++) {
		if (await probe().catch(() => false)) return;
		await new Promise((next) => setTimeout(next, 200));
	}
	throw new Error("waited in vain");
}

function freePort() {
	return new Promise((done) => {
		const server = createServer();
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => done(port));
		});
	});
}
