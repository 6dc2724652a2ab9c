// The built page (npm run build:web) in headless Chromium against a stand-in gateway. Set METERLING_SCREENSHOTS to a folder to keep pictures.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { GatewayStandIn } from "./gateway-stand-in.js";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SCREENSHOTS = process.env.METERLING_SCREENSHOTS;
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const present = existsSync(CHROMIUM);
if (!present) process.stderr.write(`page.test.ts skipped: there is no browser at ${CHROMIUM}\n`);

const METER = {
	manufacturer: "Kamstrup",
	model: "6841121BN243101040",
	id: "5706567000000000",
	list: "Kamstrup_V0001",
};

const GAS = {
	kind: "gas",
	id: "4730303339303031",
	channel: 1,
	time: "2026-03-01T12:00:00+01:00",
	quantities: { gas_volume: { value: "#752.850", unit: "m³" } },
};

function reading(watts: number): object {
	return {
		protocol: "dlms",
		meter: METER,
		time: "2026-03-01T12:30:10",
		quantities: {
			power_import: { value: watts, unit: "W" },
			power_export: { value: 0, unit: "W" },
			voltage_l1: { value: 231, unit: "V" },
			voltage_l2: { value: 229, unit: "V" },
			voltage_l3: { value: 233, unit: "V" },
			current_l1: { value: "#10.20", unit: "A" },
			current_l2: { value: "#3.41", unit: "A" },
			current_l3: { value: "#0.90", unit: "A" },
		},
		devices: [GAS],
	};
}

function state(age: number, watts = 3771): object {
	const { quantities } = reading(watts) as { quantities: Record<string, object> };
	const known: Record<string, object> = {};
	for (const [name, quantity] of Object.entries(quantities)) known[name] = { ...quantity, age };
	known.energy_import = { value: "#85823.280", unit: "kWh", age: 1500 };
	known.energy_export = { value: "#1204.50", unit: "kWh", age: 1500 };
	known.reactive_energy_import = { value: "#12.30", unit: "kvarh", age: 1500 };
	return { gateway: "meterling-a1b2c3", count: 7, age, reading: reading(watts), known };
}

const HEALTH = {
	gateway: { id: "meterling-a1b2c3", version: "0.1.0", platform: "node", uptime: 90_000 },
	meter: {
		protocol: "dlms",
		line: "open",
		since: 8000,
		reason: null,
		opened: 1,
		failures: 0,
		bytes: 123_456,
	},
	readings: { count: 1234, age: 3, overflow: 0 },
	rejected: { count: 3, byLayer: [{ layer: "hdlc", code: "crc", count: 3, age: 75, last: {} }] },
	outputs: [
		{ name: "http", listening: true, port: 8080, lastError: null },
		{ name: "mqtt", connected: false, since: 12, lastError: "the broker does not answer" },
		{ name: "log", lines: 4 },
	],
};

(present ? describe : describe.skip)("the page", () => {
	let browser: Browser;
	let page: Page;
	let gateway: GatewayStandIn;
	const complaints: string[] = [];
	const foreign: string[] = [];

	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
	}, 60_000);
	afterAll(() => browser?.close());

	beforeEach(async () => {
		gateway = new GatewayStandIn();
		gateway.state = state(3);
		gateway.health = HEALTH;
		await gateway.start();
		page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
		complaints.length = 0;
		foreign.length = 0;
		page.on("console", (message) => {
			// The stand-in knows neither history nor prices: refused requests are not counted.
			if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
				complaints.push(message.text());
		});
		page.on("pageerror", (error) => complaints.push(`${error}`));
		page.on("request", (request) => {
			if (!request.url().startsWith(gateway.url) && !request.url().startsWith("data:"))
				foreign.push(request.url());
		});
	});
	afterEach(async () => {
		await page.close();
		await gateway.stop();
	});

	const power = () => page.locator(".now .power");
	const shows = (text: string) => page.getByText(text).first().waitFor();
	const powerIs = (begin: string) => page.locator(".now .power", { hasText: begin }).waitFor();

	test("shows the merged state with every digit, within its own policy and from its own host alone", async () => {
		await page.goto(gateway.url);
		await powerIs("3.771");
		expect(await power().innerText()).toBe("3.771\u00a0kW");
		await shows("85\u202f823.280\u00a0kWh");
		await shows("Read 25\u00a0min ago");
		await shows("752.850\u00a0m³");
		await shows("Not connected: the broker does not answer");
		expect(complaints).toEqual([]);
		expect(foreign).toEqual([]);
	}, 20_000);

	test("follows readings, keeps the counters, and draws them", async () => {
		await page.goto(gateway.url);
		await shows("3.771");
		for (const [index, watts] of [500, 1500, 420].entries()) gateway.reading(8 + index, reading(watts));
		await powerIs("0.420");
		await shows("85\u202f823.280\u00a0kWh");
		expect(await page.locator(".pill").innerText()).toMatch(/just now|1\u00a0s ago/);
		// The import line's colour is on the canvas: something was drawn, not only laid out.
		const drawn = await page.evaluate(`(() => {
			const canvas = document.querySelector(".canvas canvas");
			const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
			let count = 0;
			for (let at = 0; at < data.length; at += 4)
				if (data[at] > 150 && data[at + 1] > 60 && data[at + 1] < 110 && data[at + 2] < 40 && data[at + 3] > 200) count++;
			return count;
		})()`);
		expect(drawn).toBeGreaterThan(10);
	}, 20_000);

	test("a stale repeat of a known reading does not count as fresh", async () => {
		gateway.state = state(3600);
		await page.goto(gateway.url);
		await shows("3.771");
		gateway.reading(7, reading(3771));
		await shows("The meter has been silent for 60");
		expect(await page.locator("div[role=status]").innerText()).toContain("not the present ones");
		expect(await page.locator(".now .caption").innerText()).toBe("Last known power");
		if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/page-1280-silent.png` });
	}, 20_000);

	test("feeding in turns the great number to export", async () => {
		await page.goto(gateway.url);
		await powerIs("3.771");
		const sunny = reading(0) as { quantities: Record<string, object> };
		sunny.quantities.power_export = { value: 2150, unit: "W" };
		gateway.reading(8, sunny);
		await shows("Feeding in");
		expect(await power().innerText()).toBe("2.150\u00a0kW");
	}, 20_000);

	test("says that the gateway does not answer, and recovers by itself", async () => {
		await page.goto(gateway.url);
		await shows("3.771");
		await gateway.stop();
		await shows("The gateway has not answered for");
		gateway.state = state(1, 99);
		await gateway.start();
		await powerIs("0.099");
		await page.getByText("The gateway has not answered").waitFor({ state: "detached" });
	}, 30_000);

	test("says why there is no reading yet", async () => {
		gateway.state = { gateway: "meterling-a1b2c3", count: 0, age: null, reading: null, known: {} };
		gateway.health = { ...HEALTH, meter: { ...HEALTH.meter, line: "waiting", reason: "no such port" } };
		await page.goto(gateway.url);
		await shows("The meter’s line is not open: no such port.");
	}, 20_000);

	test.each([
		[320, "light"],
		[390, "light"],
		[390, "dark"],
		[1280, "light"],
		[1280, "dark"],
	] as const)(
		"fits %i px, %s, without scrolling sideways",
		async (width, colorScheme) => {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize({ width, height: 900 });
			await page.goto(gateway.url);
			// Readings are heard once the state is there.
			await powerIs("3.771");
			for (const [index, watts] of [600, 900, 3100, 2800, 450, 1200].entries()) {
				gateway.reading(8 + index, reading(watts));
				await powerIs(`${watts / 1000}`);
			}
			expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
			const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
			expect(background).toBe(colorScheme === "dark" ? "rgb(16, 20, 19)" : "rgb(244, 242, 236)");
			if (SCREENSHOTS)
				await page.screenshot({ path: `${SCREENSHOTS}/page-${width}-${colorScheme}.png`, fullPage: true });
		},
		20_000,
	);
});
