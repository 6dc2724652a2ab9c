// The update page in headless Chromium against a gateway whose answers the test gives: what it tells before, while and
// after a file is sent. What a real gateway does with the file is tested with its own routes.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { GatewayStandIn } from "./gateway-stand-in.js";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(CHROMIUM);
if (!present) process.stderr.write(`update-page.test.ts skipped: there is no browser at ${CHROMIUM}\n`);

const ADMIN = {
	...{ right: "admin", by: "session", csrf: "c5rf", readOpen: true, passwordSet: true },
	...{ setup: "no", mayRead: true },
};
const IDLE = {
	...{ state: "idle", version: "0.4.0", board: "esp32-c3", slot: "ota_0", takesUpdates: true },
	...{ progress: 0, incoming: null, problem: null, trial: null, last: null },
};
const REFUSAL = {
	...{ type: "about:blank", title: "Update refused", status: 422 },
	detail: "The update is for another board.",
};
const FILE = {
	name: "meterling.update",
	mimeType: "application/octet-stream",
	buffer: Buffer.alloc(200_000, 7),
};

(present ? describe : describe.skip)("the update page", () => {
	let browser: Browser;
	let gateway: GatewayStandIn;
	let page: Page;

	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
	}, 60_000);
	afterAll(() => browser?.close());

	beforeEach(async () => {
		gateway = new GatewayStandIn();
		gateway.state = { gateway: "meterling-a1b2c3", count: 0, age: null, reading: null, known: {} };
		gateway.answers["/api/v1/session"] = { body: ADMIN };
		gateway.answers["/api/v1/update"] = { body: IDLE };
		gateway.health = {
			...{ gateway: { id: "m", version: "0.4.0", platform: "esp32", uptime: 5 }, outputs: [] },
			...{ meter: { protocol: "dlms", line: "open", since: 5, reason: null } },
			...{ readings: { count: 0, age: null }, rejected: { count: 0, byLayer: [] } },
		};
		await gateway.start();
		page = await browser.newPage({ viewport: { width: 360, height: 740 } });
		await page.goto(`${gateway.url}#update`);
	});
	afterEach(async () => {
		await page.close();
		await gateway.stop();
	});

	const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
	const send = async () => {
		await page.locator("input[type=file]").setInputFiles(FILE);
		await page.getByRole("button", { name: "Upload and install" }).click();
	};

	test("tells the version and slot that run, and that readings go on", async () => {
		await says("0.4.0");
		await says("ota_0");
		await says("Readings go on while it is written");
		await page.getByRole("button", { name: "Upload and install" }).click();
		await says("Choose a file.");
	}, 20_000);

	test("a refused file: the gateway's reason, and that the old version goes on", async () => {
		gateway.answers["POST /api/v1/update"] = { status: 422, body: REFUSAL };
		await send();
		await says("The update is for another board. The gateway goes on with the version it has.");
	}, 20_000);

	test("a file that is taken is sent whole, as the gateway wants it, and the restart is waited for", async () => {
		gateway.answers["POST /api/v1/update"] = { status: 202, body: { version: "0.5.0", restarts: true } };
		await send();
		await says("The update is written. The gateway restarts into it.");
		expect(gateway.received).toMatchObject({
			...{ bytes: FILE.buffer.length, type: "application/octet-stream", csrf: "c5rf" },
		});
		// The gateway that comes back knows nobody.
		gateway.answers["/api/v1/session"] = { body: { ...ADMIN, right: "read", by: "nobody", csrf: null } };
		await page.getByRole("heading", { name: "Sign in" }).waitFor();
	}, 30_000);

	test("a version on trial, and one that failed it", async () => {
		gateway.answers["/api/v1/update"] = { body: { ...IDLE, trial: { secondsLeft: 480 } } };
		await says("on trial for 8\u00a0min more");
		const last = { version: "0.5.0", outcome: "rolled back" };
		gateway.answers["/api/v1/update"] = { body: { ...IDLE, last } };
		await says("0.5.0: failed its trial, and was taken back");
	}, 20_000);

	test("a computer, and a build without a key, take none", async () => {
		gateway.answers["/api/v1/update"] = { body: { ...IDLE, takesUpdates: false } };
		await page.reload();
		await says("This firmware was built without a key for updates");
		gateway.answers["/api/v1/update"] = { body: { ...IDLE, state: "absent", takesUpdates: false } };
		await says("On a computer Meterling is updated as it was installed");
	}, 20_000);
});
