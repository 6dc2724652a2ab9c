// The page as the gateway serves it, in a real browser: values that move within 15 s, at phone and desktop width.
// Screenshots go to $METERLING_SCREENSHOTS where that is set.

import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { describeWith, eventually, Gateway } from "./gateway";

const MINUTE = 60_000;
const LIST_PERIOD = 10_000;
const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const SCREENSHOTS = process.env.METERLING_SCREENSHOTS;

describeWith([CHROMIUM], "the page in a browser", () => {
	let gateway: Gateway;
	let browser: Browser;

	beforeAll(async () => {
		gateway = await Gateway.start("--seed", "7");
		browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await gateway?.stop();
	});

	test.each([
		["phone", 390, 844],
		["desktop", 1280, 800],
	] as const)(
		"%s: values move within 15 s and power with them, nothing is wider than the screen, nothing is fetched elsewhere",
		async (name, width, height) => {
			const page = await browser.newPage({ viewport: { width, height } });
			const foreign: string[] = [];
			const errors: string[] = [];
			page.on("request", (request) => {
				if (!request.url().startsWith(gateway.url) && !request.url().startsWith("data:"))
					foreign.push(request.url());
			});
			page.on("pageerror", (error) => errors.push(error.message));
			page.on("console", (message) => {
				if (message.type() === "error") errors.push(message.text());
			});
			await page.goto(gateway.url);
			const power = page.locator(".now .power");
			const first = await eventually("a power value", async () => {
				const text = await power.innerText();
				return /\d/.test(text) ? text : undefined;
			});
			const phases = page.locator(".phases");
			const firstPhases = await phases.innerText();
			await eventually(
				"values of another list",
				async () => ((await phases.innerText()) === firstPhases ? undefined : true),
				15_000,
			);
			// One list in twenty has the very watts of the list before: five in a row once in millions of runs.
			await eventually(
				"another power value",
				async () => ((await power.innerText()) === first ? undefined : true),
				5 * LIST_PERIOD,
			);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
			if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `page-${name}.png`), fullPage: true });
			expect(foreign).toEqual([]);
			expect(errors).toEqual([]);
			await page.close();
		},
		2 * MINUTE,
	);

	test(
		"says so when the gateway is gone",
		async () => {
			const page = await browser.newPage();
			await page.goto(gateway.url);
			await eventually("a power value", async () =>
				/\d/.test(await page.locator(".now .power").innerText()) ? true : undefined,
			);
			await gateway.stop();
			await eventually(
				"the notice",
				async () =>
					(await page.getByRole("status").allInnerTexts()).some((text) =>
						/gateway has not answered/.test(text),
					) || undefined,
			);
			await page.close();
		},
		MINUTE,
	);
});
