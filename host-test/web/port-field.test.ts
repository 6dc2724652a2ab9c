// The meter's port in the settings, in headless Chromium: the computer's serial ports to choose from, a device server by
// its address, and a line of text on a board, which has no list.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { GatewayStandIn } from "./gateway-stand-in.js";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(CHROMIUM);
if (!present) process.stderr.write(`port-field.test.ts skipped: there is no browser at ${CHROMIUM}\n`);

const ADMIN = {
	...{ right: "admin", by: "session", csrf: "c5rf", readOpen: true, passwordSet: true },
	...{ setup: "no", mayRead: true },
};
const BY_ID = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0";
const PORTS = [
	{ port: BY_ID, device: "/dev/ttyUSB1", title: "FTDI FT232R USB UART", usable: true },
	{ port: "/dev/ttyAMA0", device: "/dev/ttyAMA0", title: "", usable: false },
];
const form = (value: string) => [
	{
		...{ name: "meter", title: "Meter" },
		fields: [
			{
				key: "port",
				type: "text",
				label: "Port",
				help: "Where.",
				restarts: "meter",
				longest: 255,
				value,
				default: "",
			},
		],
	},
];

(present ? describe : describe.skip)("the meter's port", () => {
	let browser: Browser;
	let gateway: GatewayStandIn;
	let page: Page;

	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
	}, 60_000);
	afterAll(() => browser?.close());

	beforeEach(async () => {
		gateway = new GatewayStandIn();
		gateway.answers["/api/v1/session"] = { body: ADMIN };
		gateway.answers["/api/v1/ports"] = { body: { ports: PORTS } };
		gateway.answers["/api/v1/settings"] = { body: form("") };
		await gateway.start();
		page = await browser.newPage({ viewport: { width: 360, height: 740 } });
	});
	afterEach(async () => {
		await page.close();
		await gateway.stop();
	});

	const open = async () => {
		await page.goto(`${gateway.url}#settings`);
		await page.locator("summary", { hasText: "Meter" }).click();
	};
	const field = (name: string) => page.getByLabel(name, { exact: true });
	const changes = (text: string) => page.getByText(text, { exact: true }).waitFor();

	test("is one of the computer's; one that may not be opened is said to be so", async () => {
		await open();
		await field("Port").and(page.locator("select")).waitFor();
		expect(await field("Port").locator("option").allInnerTexts()).toEqual([
			"Choose a port",
			"FTDI FT232R USB UART (usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0)",
			"/dev/ttyAMA0: may not be opened",
			"Another: a device server in the network, …",
		]);
		await field("Port").selectOption(BY_ID);
		await changes("1 change");
		expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
	}, 60_000);

	test("or a device server's; one that is set already is shown", async () => {
		gateway.answers["/api/v1/settings"] = { body: form("socket://192.168.1.9:4001") };
		await open();
		expect(await field("Address of the port").inputValue()).toBe("socket://192.168.1.9:4001");
		await field("Port").selectOption(BY_ID);
		await changes("1 change");
		await field("Port").selectOption("other");
		await field("Address of the port").fill("socket://192.168.1.9:4001");
		await page.getByText("1 change", { exact: true }).waitFor({ state: "detached" });
	}, 60_000);

	test("a board has a line of text", async () => {
		delete gateway.answers["/api/v1/ports"];
		await open();
		await field("Port").and(page.locator("input")).fill("1");
		await changes("1 change");
	}, 60_000);

	test("what was entered and not saved stays when the page changes its language, and goes when it is left", async () => {
		delete gateway.answers["/api/v1/ports"];
		gateway.texts = true;
		await open();
		await field("Port").and(page.locator("input")).fill("/dev/meter");
		await changes("1 change");
		await page.getByLabel("Language").selectOption("de");
		await changes("1 Änderung");
		expect(await field("Port").and(page.locator("input")).inputValue()).toBe("/dev/meter");
		expect(await page.locator("details[open] summary", { hasText: "Zähler" }).count()).toBe(1);
		await page.goto(`${gateway.url}#log`);
		await page.goto(`${gateway.url}#settings`);
		await page.locator("summary", { hasText: "Zähler" }).click();
		expect(await field("Port").and(page.locator("input")).inputValue()).toBe("");
	}, 60_000);
});
