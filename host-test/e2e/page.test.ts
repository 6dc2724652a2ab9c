// The page as the gateway serves it, in a real browser: values that move within 15 s, at phone and desktop width, a plot that is drawn, another
// language, and the notice when the gateway is gone. On Node, and on XS where it is built.
// Screenshots go to $METERLING_SCREENSHOTS where that is set.

import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { ENGINES, type Stage } from "../interop/running-gateway";
import { CHROMIUM, openBrowser, openPage, overflow, picture } from "./browser";
import { eventually, type Gateway } from "./gateway";

const MINUTE = 60_000;
const LIST_PERIOD = 10_000;

/** How many points of the power plot have the colour of import, in the page's light form. */
function drawn(page: Page): Promise<number> {
	return page.evaluate(() => {
		const canvas = document.querySelector(".plot canvas") as HTMLCanvasElement;
		const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
			...([0, 0, canvas.width, canvas.height] as const),
		);
		let count = 0;
		for (let at = 0; at < data.length; at += 4) {
			const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
			const isImport = Math.abs(red - 0xab) < 8 && Math.abs(green - 0x4e) < 8 && Math.abs(blue - 0x08) < 8;
			if (isImport && alpha > 200) count++;
		}
		return count;
	});
}

describe.each(ENGINES)("the page in a browser, the gateway on %s", (engine, start, missing) => {
	if (missing ?? !existsSync(CHROMIUM)) {
		test.skip(`not run on ${engine}: ${missing ?? "there is no Chromium"}`, () => {});
		return;
	}
	let stage: Stage;
	let gateway: Gateway;
	let browser: Browser;

	beforeAll(async () => {
		stage = await start("kamstrup-omnipower");
		({ gateway } = stage);
		browser = await openBrowser();
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await stage?.stop();
	});

	const powerOf = (page: Page) =>
		eventually("a power value", async () => {
			const text = await page.locator(".now .power").innerText();
			return /\d/.test(text) ? text : undefined;
		});

	test.each([
		["phone", 390, 844],
		["desktop", 1280, 800],
	] as const)(
		"%s: values move within 15 s and power with them, the plot is drawn, nothing is wider than the screen, nothing is fetched elsewhere",
		async (name, width, height) => {
			const { page, complaints, foreign } = await openPage(browser, gateway.url, {
				viewport: { width, height },
			});
			const refused: string[] = [];
			page.on("response", (answer) => {
				if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.url()}`);
			});
			await page.goto(gateway.url);
			const first = await powerOf(page);
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
				async () => ((await page.locator(".now .power").innerText()) === first ? undefined : true),
				5 * LIST_PERIOD,
			);
			expect(
				await eventually("a line in the plot", async () => (await drawn(page)) || undefined),
			).toBeGreaterThan(10);
			expect(await overflow(page)).toBe(0);
			await picture(page, `page-${name}`);
			expect(foreign).toEqual([]);
			expect(complaints).toEqual([]);
			expect(refused).toEqual([]);
			await page.close();
		},
		2 * MINUTE,
	);

	test(
		"speaks the browser's language, and another one when it is asked to",
		async () => {
			const { page, complaints } = await openPage(browser, gateway.url, { locale: "nl-NL" });
			await page.goto(gateway.url);
			await page.locator("nav", { hasText: "Instellingen" }).waitFor();
			await page.getByLabel("Taal").selectOption("de");
			await page.locator("nav", { hasText: "Einstellungen" }).waitFor();
			expect(await powerOf(page)).toMatch(/\d,\d{3}\s*kW/);
			expect(complaints).toEqual([]);
			await page.close();
		},
		MINUTE,
	);

	test(
		"says so when the gateway is gone",
		async () => {
			const { page } = await openPage(browser, gateway.url);
			await page.goto(gateway.url);
			await powerOf(page);
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
