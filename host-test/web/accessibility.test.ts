// The page for people with a keyboard, a screen reader, large text or little eyesight: axe finds nothing of WCAG 2.2 AA on
// any page, at three widths, light and dark; the keyboard reaches everything and is seen where it is.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { CHROMIUM, openBrowser, openPage, overflow, unnamed } from "../e2e/browser";
import { describeWith, freePort, Gateway } from "../e2e/gateway";

const MINUTE = 60_000;
const PASSWORD = "seven green kettles";
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/** Success criteria of WCAG 2.0 to 2.2, levels A and AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PAGES = ["now", "history", "meter", "health", "log", "settings", "update", "account"];
const STEPS = ["welcome", "network", "meter", "keys", "broker", "password", "zone", "summary"];
const LOOKS = [320, 390, 1280].flatMap((width) =>
	(["light", "dark"] as const).map((scheme) => ({ width, scheme })),
);

/** What axe finds: rule, and the elements' own words. */
async function findings(page: Page): Promise<string[]> {
	if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
	const { violations } = (await page.evaluate(
		`axe.run(document, ${JSON.stringify({
			runOnly: { type: "tag", values: TAGS },
			rules: { "target-size": { enabled: true } },
			resultTypes: ["violations"],
		})})`,
	)) as AxeResults;
	return violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
	);
}

/** Opens a place of the page that is there already; waits until what it shows first has come, and has the focus. */
async function visit(page: Page, hash: string): Promise<void> {
	await page.evaluate(async (to) => {
		if (location.hash === `#${to}`) return;
		const changed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
		location.hash = to;
		await changed;
	}, hash);
	await settled(page);
	await page.locator("main :is(.card, .now)").first().waitFor();
	await page.waitForLoadState("networkidle");
	await settled(page);
	if (hash === "settings")
		await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
}

/** Waits until what has changed is drawn, and what Preact does after drawing is done: a heading takes the focus there. */
async function settled(page: Page): Promise<void> {
	await page.evaluate(async () => {
		const task = () => new Promise((done) => setTimeout(done));
		await task();
		await new Promise((done) => requestAnimationFrame(done));
		await task();
	});
}

async function expectNoFindings(page: Page, places: readonly string[]): Promise<void> {
	for (const place of places) {
		await visit(page, place);
		for (const { width, scheme } of LOOKS) {
			await page.setViewportSize({ width, height: 800 });
			await page.emulateMedia({ colorScheme: scheme });
			const where = `${place}, ${width} px, ${scheme}`;
			expect([where, await findings(page)]).toEqual([where, []]);
			expect([where, await overflow(page)]).toEqual([where, 0]);
		}
		expect([place, await unnamed(page)]).toEqual([place, []]);
	}
}

describeWith([CHROMIUM], "accessibility", () => {
	let folder: string;
	let gateway: Gateway;
	let browser: Browser;
	let page: Page;
	const others: Page[] = [];

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-axe-"));
		gateway = await Gateway.start("--state", folder, "--meter", "fluvius", "--solar", "3000", "--seed", "7");
		browser = await openBrowser();
		({ page } = await openPage(browser, gateway.url));
		await page.goto(gateway.url);
		await page.evaluate(async (password) => {
			const headers = { "content-type": "application/json" };
			await fetch("/api/v1/password", { method: "PUT", headers, body: JSON.stringify({ password }) });
		}, PASSWORD);
		await page.reload();
		await page.locator(".phases").waitFor();
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await gateway?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/** A page of its own for who has signed in. */
	const another = async () => {
		const storageState = await page.context().storageState();
		others.push((await openPage(browser, gateway.url, { storageState })).page);
		return others.at(-1) as Page;
	};
	afterEach(async () => {
		for (const other of others.splice(0)) await other.close();
	});

	test("axe is awake: it finds what is wrong on purpose", async () => {
		await page.evaluate(
			'document.body.insertAdjacentHTML("beforeend", "<p id=wrong style=color:#ccc>pale <img src=data:,></p>")',
		);
		const found = (await findings(page)).join("\n");
		await page.evaluate('document.getElementById("wrong").remove()');
		expect(found).toMatch(/image-alt: /);
	});

	test.each(PAGES)(
		"%s: axe finds nothing, nothing is wider than the screen",
		(name) => expectNoFindings(page, [name]),
		MINUTE,
	);

	test(
		"signing in, and values that have grown old: axe finds nothing",
		async () => {
			const { page: stranger } = await openPage(browser, gateway.url);
			await stranger.goto(gateway.url);
			await stranger.locator(".phases").waitFor();
			await expectNoFindings(stranger, ["settings"]);
			await stranger.close();
			await visit(page, "now");
			await page.evaluate('document.querySelector("main").className = "old"');
			expect(await page.locator("main.old").count()).toBe(1);
			expect(await findings(page)).toEqual([]);
		},
		MINUTE,
	);

	test(
		"the keyboard goes through each page in the order of reading, is seen everywhere, and comes out again",
		async () => {
			const walked = await another();
			await walked.setViewportSize({ width: 1280, height: 800 });
			await walked.goto(gateway.url);
			await walked.locator(".phases").waitFor();
			for (const name of PAGES) {
				await visit(walked, name);
				await walked.mouse.click(1, 1);
				const steps = await walk(walked);
				expect([name, steps.filter(({ seen }) => !seen).map(({ what }) => what)]).toEqual([name, []]);
				expect([name, steps[0]?.what]).toEqual([name, "To the content"]);
				const places = steps.map(({ place }) => place);
				expect([name, places]).toEqual([name, [...places].sort((one, other) => one - other)]);
				// All of it, and the end reached: none holds the focus.
				expect([name, steps.length]).toEqual([name, await focusable(walked)]);
			}
		},
		2 * MINUTE,
	);

	test(
		"the first stop leads past the navigation",
		async () => {
			const walked = await another();
			await walked.goto(`${gateway.url}/#account`);
			await walked.getByRole("heading", { name: "API tokens" }).waitFor();
			await walked.mouse.click(1, 1);
			await walked.keyboard.press("Tab");
			const link = walked.getByRole("link", { name: "To the content" });
			expect((await link.boundingBox())?.y).toBeGreaterThanOrEqual(0);
			await walked.keyboard.press("Enter");
			expect(await walked.evaluate("document.activeElement.tagName")).toBe("MAIN");
			await walked.keyboard.press("Tab");
			expect(await walked.evaluate('document.querySelector("main").contains(document.activeElement)')).toBe(
				true,
			);
			expect(walked.url()).toContain("#account");
		},
		MINUTE,
	);

	test(
		"text of twice the size, and text with wide spaces, stays inside the screen",
		async () => {
			const large = await another();
			await large.goto(gateway.url);
			await large.locator(".phases").waitFor();
			for (const name of PAGES) {
				await visit(large, name);
				for (const width of [640, 1280]) {
					await large.setViewportSize({ width, height: 800 });
					await large.evaluate('document.documentElement.style.fontSize = "200%"');
					expect([name, width, await overflow(large)]).toEqual([name, width, 0]);
					expect([name, width, await clipped(large)]).toEqual([name, width, []]);
					await large.evaluate('document.documentElement.style.fontSize = ""');
				}
				// WCAG 1.4.12.
				await large.setViewportSize({ width: 390, height: 800 });
				await large.evaluate(
					'Object.assign(document.body.style, { lineHeight: "1.5", letterSpacing: "0.12em", wordSpacing: "0.16em" })',
				);
				expect([name, await overflow(large)]).toEqual([name, 0]);
				await large.evaluate('document.body.removeAttribute("style")');
			}
		},
		MINUTE,
	);

	test(
		"nothing moves by itself for who asked for that",
		async () => {
			const calm = await another();
			await calm.emulateMedia({ reducedMotion: "reduce" });
			await calm.goto(gateway.url);
			await calm.locator(".phases").waitFor();
			for (const name of PAGES) {
				await visit(calm, name);
				// A bar without a value is the one thing here that would move.
				await calm.evaluate('document.querySelector("main").append(document.createElement("progress"))');
				expect([name, await calm.evaluate("document.getAnimations({ subtree: true }).length")]).toEqual([
					name,
					0,
				]);
				await calm.evaluate('document.querySelector("main > progress:last-child").remove()');
			}
		},
		MINUTE,
	);
});

describeWith([CHROMIUM], "accessibility before there is a meter", () => {
	let folder: string;
	let gateway: Gateway;
	let browser: Browser;

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-axe-"));
		const network = { ssid: "Home", password: "correct horse", rssi: -52, channel: 6, bssid: "0a0000000001" };
		const accessPoint = { address: "127.0.0.1", nameServerPort: await freePort() };
		writeFileSync(join(folder, "wifi.json"), JSON.stringify({ networks: [network], accessPoint }));
		gateway = await Gateway.start(
			...["--state", folder, "--protocol", "p1", "--port", `socket://127.0.0.1:${await freePort()}`],
		);
		browser = await openBrowser();
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await gateway?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	test(
		"every step of the set-up, and the empty pages: axe finds nothing",
		async () => {
			const { page } = await openPage(browser, gateway.url);
			await page.goto(gateway.url);
			await expectNoFindings(page, [...STEPS.map((step) => `setup/${step}`), "now", "history"]);
		},
		2 * MINUTE,
	);

	test(
		"without a meter and without Wi-Fi the page says what happens and what to do",
		async () => {
			const { page } = await openPage(browser, gateway.url);
			await page.goto(`${gateway.url}/#now`);
			await page.getByRole("heading", { name: "No reading yet" }).waitFor();
			await page.getByText("The meter’s line is not open").waitFor();
			await page.getByText("Is the cable plugged in").waitFor();
			await page.getByText("The gateway is in no Wi-Fi").waitFor();
			await page.getByRole("link", { name: "Set it up" }).last().click();
			await page.getByRole("heading", { name: "Wi-Fi", exact: true }).waitFor();
		},
		MINUTE,
	);
});

interface Stop {
	readonly what: string;
	/** Its place among all elements of the document. */
	readonly place: number;
	/** Whether something is drawn around it, or around the label that stands for it. */
	readonly seen: boolean;
}

/** Presses Tab from the top until the focus leaves the page, or for too long. */
async function walk(page: Page): Promise<Stop[]> {
	const stops: Stop[] = [];
	for (let presses = 0; presses < 400; presses++) {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(() => {
			const element = document.activeElement;
			if (!element || element === document.body) return undefined;
			const drawn = (one: Element | null) => {
				const style = one && getComputedStyle(one);
				return style?.outlineStyle !== "none" && Number.parseFloat(style?.outlineWidth ?? "0") >= 2;
			};
			const what = element.getAttribute("aria-label") || element.textContent || element.id || element.tagName;
			return {
				what: what.trim(),
				place: [...document.querySelectorAll("*")].indexOf(element),
				seen: drawn(element) || drawn(element.closest("label")),
			};
		});
		if (!stop || stop.place === stops[0]?.place) return stops;
		stops.push(stop);
	}
	return stops;
}

/** How many stops there should be: of radio buttons of one name one. */
function focusable(page: Page): Promise<number> {
	return page.evaluate(() => {
		const groups = new Set<string>();
		const stops = [
			...document.querySelectorAll<HTMLElement>(
				"a[href], button, input, select, textarea, summary, [tabindex='0']",
			),
		];
		return stops.filter((element) => {
			if (element.matches(":disabled") || !element.checkVisibility({ visibilityProperty: true }))
				return false;
			if (!(element instanceof HTMLInputElement) || element.type !== "radio") return true;
			if (groups.has(element.name)) return false;
			groups.add(element.name);
			return true;
		}).length;
	});
}

/** Texts that are wider than the box which cuts them off. */
function clipped(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>("main *")]
			.filter((element) => {
				const { overflowX } = getComputedStyle(element);
				const cuts = overflowX === "hidden" || overflowX === "clip";
				return cuts && !element.closest(".hidden, .uplot") && element.scrollWidth > element.clientWidth + 1;
			})
			.map((element) => element.outerHTML.slice(0, 120)),
	);
}
