// What the page of the values makes of odd meters and of a gateway that has nothing to show yet.

import type { Browser, Page } from "playwright-core";
import { CHROMIUM, openBrowser, openPage } from "../e2e/browser";
import { describeWith } from "../e2e/gateway";
import { GatewayStandIn } from "./gateway-stand-in";

const MINUTE = 60_000;
const QUIET = { id: "meterling-a1b2c3", version: "0.1.0", platform: "node", uptime: 100 };
const METER = { protocol: "p1", line: "open", since: 100, reason: null, bytes: 0 };
const NOTHING = { count: 0, byLayer: [] };
const healthy = (more: object = {}) => ({
	gateway: QUIET,
	meter: METER,
	readings: { count: 0, age: null },
	rejected: NOTHING,
	outputs: [],
	...more,
});
const state = (quantities: object) => ({
	gateway: "meterling-a1b2c3",
	count: 1,
	age: 1,
	known: {},
	reading: { protocol: "p1", meter: {}, time: null, devices: [], quantities },
});
const EMPTY = { gateway: "meterling-a1b2c3", count: 0, age: null, known: {}, reading: null };

describeWith([CHROMIUM], "the page of the values", () => {
	const gateway = new GatewayStandIn();
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		await gateway.start();
		browser = await openBrowser();
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await gateway.stop();
	});
	afterEach(() => page?.close());

	const shown = async (of: object, health: object) => {
		gateway.state = of;
		gateway.health = health;
		({ page } = await openPage(browser, gateway.url));
		await page.goto(gateway.url);
	};
	const says = (text: string | RegExp) => page.getByText(text).first().waitFor();

	test(
		"voltage and current beyond their limits are said in words, and which tariff is in use",
		async () => {
			const quantities = {
				power_import: { value: "#7100", unit: "W" },
				tariff: { value: "0002" },
				energy_import_t1: { value: "#10.000", unit: "kWh" },
				energy_import_t2: { value: "#20.000", unit: "kWh" },
				voltage_l1: { value: "#253.1", unit: "V" },
				voltage_l2: { value: "#206.9", unit: "V" },
				voltage_l3: { value: "#230.0", unit: "V" },
				current_l1: { value: "#25.1", unit: "A" },
				current_l2: { value: "#24.9", unit: "A" },
				current_l3: { value: "#-3.0", unit: "A" },
			};
			await shown(state(quantities), healthy({ meter: { ...METER, fuse: 25 } }));
			await says("Tariff 2");
			const rows = page.locator(".phases tbody tr");
			expect(await rows.nth(0).locator(".outside").allInnerTexts()).toEqual(["too high", "too high"]);
			expect(await rows.nth(1).locator(".outside").allInnerTexts()).toEqual(["too low"]);
			expect(await rows.nth(2).locator(".outside").count()).toBe(0);
			expect(await page.locator(".gauge").count()).toBe(6);
			await says("Fuse: 25 A");
			expect(await page.locator(".counters .tag").locator("xpath=..").innerText()).toMatch(/tariff 2/);
		},
		MINUTE,
	);

	test(
		"a fuse that nobody told is no scale, and the way to tell it is there",
		async () => {
			await shown(state({ current_l1: { value: "#3.5", unit: "A" } }), healthy());
			await page.getByRole("link", { name: "Say how large the main fuse is" }).waitFor();
			expect(await page.locator(".gauge").count()).toBe(0);
		},
		MINUTE,
	);

	test(
		"a heat meter shows heat, and no plot of electric power",
		async () => {
			const quantities = {
				heat_energy: { value: "#46.419", unit: "MWh" },
				heat_power: { value: "#4.0", unit: "kW" },
				flow: { value: "#104", unit: "L/h" },
				temperature_supply: { value: "#71.31", unit: "°C" },
			};
			await shown(state(quantities), healthy());
			await says("Heat now");
			expect(await page.locator(".now .power").innerText()).toMatch(/4\.0\s+kW/);
			expect(await page.locator(".plot").count()).toBe(0);
			await says("Supply");
		},
		MINUTE,
	);

	test(
		"prices of the hours are drawn, the lowest and highest named",
		async () => {
			const midnight = new Date();
			midnight.setHours(0, 0, 0, 0);
			const day = (prices: readonly number[]) => ({ from: midnight.toISOString(), step: 60, prices });
			const prices = Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 0.9 : 0.1 + hour / 100));
			gateway.answers["/api/v1/prices"] = {
				body: {
					...{ model: "market", currency: "EUR", standing: 0, now: 0.2, feedIn: null },
					...{ today: day(prices), tomorrow: null, problem: null },
				},
			};
			await shown(state({ power_import: { value: "#1", unit: "W" } }), healthy());
			await says("Highest still to come");
			await says(/€0\.90 at/);
			const drawn = await page.locator("#prices ~ .canvas canvas").evaluate((canvas: HTMLCanvasElement) => {
				const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {
					data: [],
				};
				let orange = 0;
				for (let at = 0; at < data.length; at += 4)
					if (data[at] === 0xab && data[at + 1] === 0x4e && data[at + 2] === 0x08) orange++;
				return orange;
			});
			expect(drawn).toBeGreaterThan(100);
			delete gateway.answers["/api/v1/prices"];
		},
		MINUTE,
	);

	test.each([
		["silent", healthy(), /nothing has come from the meter/, /Is the meter’s port switched on/],
		["just begun", healthy({ meter: { ...METER, since: 3 } }), /The gateway listens/, /Wait half a minute/],
		["hears", healthy({ meter: { ...METER, bytes: 40 } }), /no whole message/, /Wait a minute/],
		[
			"cannot read",
			healthy({
				meter: { ...METER, bytes: 400 },
				rejected: { count: 3, byLayer: [{ layer: "p1", code: "crc", count: 3, age: 1 }] },
			}),
			/Mostly: p1, crc/,
			/If the meter encrypts/,
		],
		[
			"closed",
			healthy({ meter: { ...METER, line: "waiting", reason: "no such file" } }),
			/not open: no such file/,
			/Is the cable plugged in/,
		],
	] as const)(
		"before the first reading, %s: what happens and what to do",
		async (_name, health, what, todo) => {
			await shown(EMPTY, health);
			await page.getByRole("heading", { name: "No reading yet" }).waitFor();
			await says(what);
			await says(todo);
			expect(await page.locator(".now").count()).toBe(0);
		},
		MINUTE,
	);

	test(
		"no Wi-Fi and no time are said",
		async () => {
			const network = { state: "searching", time: { source: null, age: null } };
			await shown(state({ power_import: { value: "#1", unit: "W" } }), healthy({ network }));
			await says("The gateway is in no Wi-Fi");
			await page.close();
			await shown(
				state({ power_import: { value: "#1", unit: "W" } }),
				healthy({ network: { ...network, state: "online" } }),
			);
			await says("does not know the time yet");
		},
		MINUTE,
	);
});
