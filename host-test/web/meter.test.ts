// The page of the meter in headless Chromium, against gateways that read emulated meters over a wire of the test's own:
// what the monitor shows is what went over the wire, downloads are the wire's frames, a register is read, and without a
// press of a button nothing is sent. Screenshots go to $METERLING_SCREENSHOTS where that is set, a folder.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Browser, Download, Page } from "playwright-core";
import { CHROMIUM, openBrowser, openPage, overflow, picture, unnamed, type Watched } from "../e2e/browser";
import { describeWith, eventually } from "../e2e/gateway";
import { type TappedMeter, tappedMeter } from "./tapped-meter";

jest.setTimeout(120_000);

const BYTES_A_LINE = 16;
const WIDE = { viewport: { width: 1280, height: 900 } };

/** Bytes that the monitor shows of one direction, in hexadecimal. */
async function shown(page: Page, kind: "received" | "sent"): Promise<string> {
	const dumps = await page.locator(`.line .${kind} pre`).allTextContents();
	const lines = dumps.flatMap((dump) => dump.split("\n"));
	return lines.map((line) => line.slice(0, 3 * BYTES_A_LINE).replaceAll(" ", "")).join("");
}

async function saved(page: Page, button: string): Promise<Buffer> {
	const waiting = page.waitForEvent("download");
	await page.getByRole("button", { name: button }).last().click();
	const download: Download = await waiting;
	return readFileSync(await download.path());
}

describeWith([CHROMIUM], "the page of the meter", () => {
	let browser: Browser;
	let meter: TappedMeter;
	let watched: Watched;
	let page: Page;

	beforeAll(async () => {
		browser = await openBrowser();
	});
	afterAll(() => browser?.close());
	afterEach(async () => {
		await page?.close();
		await meter?.stop();
	});

	async function open(model: string, protocol: string, ...more: string[]): Promise<void> {
		meter = await tappedMeter(model, protocol, ...more);
		await meter.gateway.reading(60_000);
		watched = await openPage(browser, meter.gateway.url, WIDE);
		({ page } = watched);
		await meter.signIn(page.context());
		await page.goto(`${meter.gateway.url}/#meter`);
		await page.getByRole("heading", { name: "Last frames" }).waitFor();
	}

	async function newest(): Promise<void> {
		const answer = page.waitForResponse(/frames$/);
		await page.getByRole("button", { name: "Get the newest" }).click();
		await (await answer).finished();
		// Two frames of the screen later it is drawn.
		await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
	}

	/** Takes the newest frame apart. */
	async function unfold(): Promise<void> {
		await page.locator("details.frame summary").first().click();
		await page.locator("details.frame .explained tr").first().waitFor();
	}

	/** The newest of the list, watched until it holds so many digits. */
	async function watchedBytes(least: number): Promise<string> {
		await page.getByRole("button", { name: "Watch", exact: true }).click();
		return eventually(
			"bytes in the monitor",
			async () => {
				const hex = await shown(page, "received");
				return hex.length >= least ? hex : undefined;
			},
			40_000,
		);
	}

	test.each([
		["dsmr5", "p1", "1-0:1.8.1", "Energy import"],
		["kamstrup-omnipower", "dlms", "A-XDR · octet-string", "Voltage L1"],
	])(
		"%s: monitor, frames and files are what the meter sent; nothing is sent to it",
		async (model, protocol, field, name) => {
			await open(model, protocol);
			const hex = await watchedBytes(1000);
			expect(meter.fromMeter()).toContain(hex);
			await page.locator(".line .good").first().waitFor();
			await page.getByRole("button", { name: "Stop watching" }).click();

			await newest();
			await unfold();
			const table = await page.locator("details.frame .explained").first().innerText();
			expect(table).toContain(field);
			expect(table).toContain(name);
			expect(table).toMatch(protocol === "p1" ? /CRC\s+right/ : /FCS\s+right/);
			expect(table).not.toMatch(/wrong|not explained/);

			const frames = await page.locator("details.frame").count();
			const text = (await saved(page, "Save as text")).toString("utf8").trim().split("\n");
			expect(text).toHaveLength(frames);
			for (const frame of text) expect(meter.fromMeter()).toContain(frame);
			expect((await saved(page, "Save as bytes")).toString("hex")).toBe(text.join(""));
			// What the first table shows, byte for byte.
			const cells = await page.locator("details.frame").first().locator("code").allTextContents();
			const bytes = cells.join(" ").split(" ").sort().join("");
			expect(bytes).toBe((text.at(-1)?.match(/../g) ?? []).sort().join(""));

			expect(meter.toMeter()).toBe("");
			await page.evaluate("scrollTo(0, 0)");
			await picture(page, `meter-${protocol}-1280`);
			expect([watched.complaints, watched.foreign, await unnamed(page)]).toEqual([[], [], []]);
		},
	);

	test("multical-403: a register is read when somebody presses the button, and not before", async () => {
		await open("multical-403", "kmp");
		const polled = meter.toMeter();
		expect(polled).not.toBe("");
		await page.getByRole("button", { name: "Watch", exact: true }).click();
		await page.locator(".line .state").waitFor();
		await newest();
		await unfold();
		expect(await page.locator("details.frame .explained").first().innerText()).toContain("GetRegister");
		await page.getByLabel("Known registers").selectOption("86");
		expect(await page.getByLabel("Register", { exact: true }).inputValue()).toBe("86");
		expect(meter.toMeter()).toBe(polled);

		const before = meter.fromMeter().length;
		await page.getByRole("button", { name: "Read", exact: true }).click();
		await page.locator(".answers li").first().waitFor();
		// GetRegister of one register, 86 = 0x0056 (Kamstrup 5512-447, 6.2), was all that was sent.
		const asked = meter.toMeter().slice(polled.length);
		expect(asked).toMatch(/^803f10010056[0-9a-f]{4,8}0d$/);
		const answer = meter.fromMeter().slice(before);
		// Register, unit 37 (°C), length, sign and exponent 0x42 (hundredths), value, CRC; escapes undone (chapter 3.2).
		const plain = answer.replace(/1b(..)/g, (_, pair) =>
			(0xff - Number.parseInt(pair, 16)).toString(16).padStart(2, "0"),
		);
		const [, length = "", rest = ""] = /^403f10005625(0[1-4])42([0-9a-f]+)$/.exec(plain) ?? [];
		const celsius = (Number.parseInt(rest.slice(0, 2 * Number(length)), 16) / 100).toFixed(2);
		expect(await page.locator(".answers").innerText()).toContain(`${celsius}\u00a0°C`);
		expect(await shown(page, "sent")).toBe(asked);
		expect(await shown(page, "received")).toBe(answer);
		await picture(page, "meter-kmp-1280");

		await page.getByLabel("Register", { exact: true }).fill("1");
		await page.getByRole("button", { name: "Read", exact: true }).click();
		await page.getByText("the meter has no such value.").waitFor();
		expect(watched.complaints).toEqual([]);
	});

	test("an output is tried from the settings, and the server's own answer is shown", async () => {
		const received: string[] = [];
		const server = createServer((request, response) => {
			let body = "";
			request.setEncoding("utf8").on("data", (text: string) => {
				body += text;
			});
			request.on("end", () => {
				received.push(body);
				response.writeHead(403).end("not on Saturdays");
			});
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const { port } = server.address() as { port: number };
		const config = join(__dirname, "../../node_modules/.cache-meter-test.json");
		const { writeFileSync, rmSync } = await import("node:fs");
		writeFileSync(
			config,
			JSON.stringify({ webhook: { url: `http://127.0.0.1:${port}/hook`, every: 86_400 } }),
		);
		try {
			await open("dsmr5", "p1", "--config", config);
			await page.goto(`${meter.gateway.url}/#settings`);
			await page.locator("summary", { hasText: "Webhook" }).click();
			const before = received.length;
			await page.getByRole("button", { name: "Send the newest reading now" }).click();
			await page.getByText("The server did not take it: 403: not on Saturdays").waitFor();
			expect(JSON.parse(received[before] ?? "{}")).toHaveProperty("quantities.power_import");

			const mqtt = page.locator("details", { has: page.locator("summary", { hasText: /^MQTT/ }) });
			await mqtt.locator("summary").click();
			await mqtt.getByLabel("Broker", { exact: true }).fill("127.0.0.1");
			await mqtt.getByLabel("Port", { exact: true }).fill("9");
			await page.getByRole("button", { name: "Try the broker" }).click();
			await page.getByText(/The broker could not be reached/).waitFor();
			expect(watched.complaints).toEqual([]);
		} finally {
			server.close();
			rmSync(config, { force: true });
		}
	});

	test("at 320, 390 and 1280 px, light and dark, all of it fits the width", async () => {
		await open("multical-403", "kmp");
		for (const [width, colorScheme] of [
			[320, "light"],
			[390, "light"],
			[390, "dark"],
			[1280, "light"],
			[1280, "dark"],
		] as const) {
			await page.close();
			watched = await openPage(browser, meter.gateway.url, { viewport: { width, height: 844 }, colorScheme });
			({ page } = watched);
			await meter.signIn(page.context());
			await page.goto(`${meter.gateway.url}/#meter`);
			await unfold();
			await page.getByRole("button", { name: "Watch", exact: true }).click();
			await page.getByLabel("Known registers").selectOption("86");
			await page.getByRole("button", { name: "Read", exact: true }).click();
			await page.locator(".line .received pre").first().waitFor();
			await page.locator(".answers li").first().waitFor();
			expect(await overflow(page)).toBeLessThanOrEqual(0);
			await picture(page, `meter-kmp-${width}-${colorScheme}`);
			expect([watched.complaints, watched.foreign, await unnamed(page)]).toEqual([[], [], []]);
		}
	});
});
