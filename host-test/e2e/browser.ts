// A phone for the tests: headless Chromium, and a page of which all complaints and all requests to others are kept.
// Screenshots go to $METERLING_SCREENSHOTS where that is set, a folder.

import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
/** For a machine that runs other things besides: what is waited for comes, or the test would fail anyway. */
const PATIENCE_MS = 50_000;
// So long for a test that sets no time itself; five seconds are Jest's for all others.
jest.setTimeout(2 * 60_000);
const SCREENSHOTS = process.env.METERLING_SCREENSHOTS;

/** The page's size as small phones have it. */
export const PHONE = Object.freeze({ width: 360, height: 740 });

export function openBrowser(): Promise<Browser> {
	return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

export interface Watched {
	readonly page: Page;
	/** Errors of scripts and of the policy; refused requests (4xx) are the gateway's own words and not counted. */
	readonly complaints: string[];
	/** Requests to anything but the gateway. */
	readonly foreign: string[];
}

/** A page of its own, without cookies or storage of another. */
export async function openPage(browser: Browser, url: string, options: object = {}): Promise<Watched> {
	const page = await browser.newPage({ viewport: PHONE, timezoneId: "Europe/Oslo", ...options });
	page.setDefaultTimeout(PATIENCE_MS);
	const complaints: string[] = [];
	const foreign: string[] = [];
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("dialog", (dialog) => void dialog.accept());
	page.on("console", (message) => {
		if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
			complaints.push(message.text());
	});
	page.on("request", (request) => {
		const to = request.url();
		if (!to.startsWith(url) && !to.startsWith("data:") && !to.startsWith("blob:")) foreign.push(to);
	});
	return { page, complaints, foreign };
}

/** How much of the page does not fit the screen's width, in pixels. */
export function overflow(page: Page): Promise<number> {
	return page.evaluate("document.documentElement.scrollWidth - innerWidth");
}

/** A picture for the documentation, or to be looked at: of the whole page, or of what the screen shows. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
	if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}

/** Fields and buttons without a name that a screen reader could say, and ids that are there twice. */
export function unnamed(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const wrong: string[] = [];
		for (const element of document.querySelectorAll<HTMLInputElement>(
			"button, a, input:not([hidden]), select, summary, progress",
		)) {
			const labels = [...(element.labels ?? [])].map((label) => label.textContent);
			const name = [element.getAttribute("aria-label"), element.textContent, ...labels].join("");
			if (name.trim() === "") wrong.push(element.outerHTML);
		}
		const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
		return [...wrong, ...ids.filter((id, index) => ids.indexOf(id) !== index)];
	});
}

/** What of these texts is anywhere in the page: in its elements, their attributes and values, or what the browser stores. */
export function found(page: Page, texts: readonly string[]): Promise<string[]> {
	return page.evaluate((wanted) => {
		const values = [...document.querySelectorAll("input, textarea, select")].map(
			(input) => (input as HTMLInputElement).value,
		);
		const all = [
			document.documentElement.outerHTML,
			...values,
			JSON.stringify({ ...localStorage }),
			JSON.stringify({ ...sessionStorage }),
			document.cookie,
			location.href,
		].join("\n");
		return wanted.filter((text) => all.includes(text));
	}, texts);
}
