// The history page in a browser, as the gateway serves it: a year that was imported, with both days on which the clock
// changes, gaps and a meter exchange. On Node, and on XS where it is built. Plots are looked at pixel by pixel; sums are those of the household that was made up.

import { existsSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { CHROMIUM, openBrowser, openPage, overflow, picture, unnamed, type Watched } from "../e2e/browser";
import { describeWith, eventually, Gateway } from "../e2e/gateway";
import { ENGINES, type Stage } from "../interop/running-gateway";
import { HOUSE, imported, importText, inCopenhagen } from "./simulated-year";

const MINUTE = 60_000;
const HOUR = 3600;
const at = (iso: string) => Date.parse(iso) / 1000;
const FROM = at("2024-12-01T00:00:00+01:00");
const TO = at("2026-01-01T00:00:00+01:00");
const OFF_TWO_DAYS = [at("2025-10-14T06:00:00+02:00"), at("2025-10-15T22:00:00+02:00")] as const;
const YEAR = importText({
	...HOUSE,
	...{ from: FROM, to: TO },
	hours: [
		[at("2025-03-25T00:00:00+01:00"), at("2025-04-05T00:00:00+02:00")],
		[at("2025-09-20T00:00:00+02:00"), TO],
	],
	gaps: [
		[at("2025-07-01T00:00:00+02:00"), at("2025-08-11T00:00:00+02:00")],
		[at("2025-10-08T10:00:00+02:00"), at("2025-10-08T15:00:00+02:00")],
		OFF_TWO_DAYS,
	],
	exchanges: [at("2025-10-20T10:00:00+02:00")],
});

/** Colours of the page's light form. */
const IMPORT = [0xab, 0x4e, 0x08] as const;
const EXPORT = [0x14, 0x7a, 0x3a] as const;
const GAS = [0x7a, 0x4f, 0xb5] as const;
const GHOST = [0xe2, 0xde, 0xd3] as const;

/** Import and export in Wh, gas in litres, of the hours whose local begin starts so: `2025-10`. */
function made(local: string): readonly [number, number, number] {
	const sums: [number, number, number] = [0, 0, 0];
	for (let hour = FROM; hour < TO; hour += HOUR) {
		if (!inCopenhagen(hour).toISOString().startsWith(local)) continue;
		HOUSE.counted(hour)
			.slice(0, 3)
			.forEach((count, index) => {
				sums[index] = (sums[index] ?? 0) + count;
			});
	}
	return sums;
}

describe.each(ENGINES)("history in a browser, the gateway on %s", (engine, start, missing) => {
	if (missing ?? !existsSync(CHROMIUM)) {
		test.skip(`not run on ${engine}: ${missing ?? "there is no Chromium"}`, () => {});
		return;
	}
	let stage: Stage;
	let gateway: Gateway;
	let browser: Browser;
	let watched: Watched;
	let page: Page;

	beforeAll(async () => {
		stage = await start("kamstrup-omnipower", { network: { timeZone: "Europe/Copenhagen" } });
		({ gateway } = stage);
		expect((await imported(gateway.url, YEAR)).samples).toBeGreaterThan(3000);
		browser = await openBrowser();
		// The browser is in another zone than the gateway.
		watched = await openPage(browser, gateway.url, {
			viewport: { width: 1280, height: 900 },
			timezoneId: "America/New_York",
			locale: "en-US",
		});
		page = watched.page;
		await page.goto(gateway.url);
	}, MINUTE);
	afterAll(async () => {
		await browser?.close();
		await stage?.stop();
	});
	afterEach(() => {
		expect(watched.complaints.splice(0)).toEqual([]);
		expect(watched.foreign.splice(0)).toEqual([]);
	});

	const open = async (place: string) => {
		await page.goto("about:blank");
		await page.goto(`${gateway.url}/#history/${place}`);
		await page.locator(".sums").waitFor();
	};
	const titleIs = (text: string) => page.locator(".period .title", { hasText: text }).waitFor();
	const sums = async () =>
		(await page.locator(".sums dd").allInnerTexts()).map((text) => text.split("\n")[0]);
	const kilo = (count: number, digits = 2) =>
		(count / 1000).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
	/** How many points of that colour are in the middle of each slot of the plot. */
	const points = (colour: readonly number[], slots: number): Promise<number[]> =>
		page.evaluate(
			async ([[red = 0, green = 0, blue = 0], count]) => {
				// What was asked for just now is drawn in the next frame.
				for (let frame = 0; frame < 2; frame++)
					await new Promise<void>((next) => requestAnimationFrame(() => next()));
				const canvas = document.querySelector(".counted canvas") as HTMLCanvasElement;
				const over = (document.querySelector(".counted .u-over") as HTMLElement).getBoundingClientRect();
				const box = canvas.getBoundingClientRect();
				const ratio = canvas.width / box.width;
				const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
					...([0, 0, canvas.width, canvas.height] as const),
				);
				const found: number[] = new Array(count).fill(0);
				const wide = over.width / count;
				for (let slot = 0; slot < count; slot++) {
					const left = Math.round((over.left - box.left + (slot + 0.35) * wide) * ratio);
					const right = Math.round((over.left - box.left + (slot + 0.65) * wide) * ratio);
					for (let y = 0; y < canvas.height; y++)
						for (let x = left; x < right; x++) {
							const place = (y * canvas.width + x) * 4;
							const isNear = [red, green, blue].every(
								(part, index) => Math.abs(part - (data[place + index] ?? 0)) < 8,
							);
							if (isNear && (data[place + 3] ?? 0) > 200) found[slot] = (found[slot] ?? 0) + 1;
						}
				}
				return found;
			},
			[colour, slots] as const,
		);
	const compare = (isOn: boolean) => page.getByRole("button", { name: "Compare", pressed: !isOn }).click();
	/** Columns of the CSV file that the page links to, summed. */
	const fileSums = async (): Promise<number[]> => {
		const href = await page.getByRole("link", { name: "Save as CSV" }).getAttribute("href");
		const [head = "", ...lines] = (await (await fetch(`${gateway.url}${href}`)).text()).trim().split("\r\n");
		expect(head).toMatch(/^from,to,energy_import \(kWh\),energy_export \(kWh\),gas_volume \(m³\)/);
		return [2, 3, 4].map((column) =>
			lines.reduce((sum, line) => sum + Math.round(Number(line.split(",")[column]) * 1000), 0),
		);
	};

	test(
		"a day by hour: sums, bars where something was counted, the same sums in the file",
		async () => {
			await open("day/2025-10-22");
			await titleIs("Wed, October 22, 2025");
			const [bought, sold] = made("2025-10-22");
			expect(await sums()).toEqual([`${kilo(bought)}\u00a0kWh`, `${kilo(sold)}\u00a0kWh`]);
			expect(await fileSums()).toEqual(made("2025-10-22"));
			await compare(false);
			const hours = Array.from({ length: 24 }, (_, hour) =>
				HOUSE.counted(at("2025-10-22T00:00:00+02:00") + hour * HOUR),
			);
			const [up, down] = [await points(IMPORT, 24), await points(EXPORT, 24)];
			hours.forEach(([bought, sold], hour) => {
				expect([hour, (up[hour] ?? 0) > 0]).toEqual([hour, bought > 20]);
				expect([hour, (down[hour] ?? 0) > 0]).toEqual([hour, sold > 20]);
			});
			// Heights are in proportion.
			const most = hours.reduce(
				(high, [bought], hour) => (bought > (hours[high]?.[0] ?? 0) ? hour : high),
				0,
			);
			const share = (up[3] ?? 0) / (up[most] ?? 1);
			expect(share).toBeCloseTo((hours[3]?.[0] ?? 0) / (hours[most]?.[0] ?? 1), 1);
			await compare(true);
		},
		MINUTE,
	);

	test(
		"the day before as a shadow, and the difference in words",
		async () => {
			await open("day/2025-10-22");
			const [now, before] = [made("2025-10-22")[0], made("2025-10-21")[0]];
			const percent = Math.round((Math.abs(now - before) / before) * 100);
			const words = `${kilo(Math.abs(now - before))}\u00a0kWh (${percent}\u00a0%) ${now > before ? "more" : "less"} than the day before`;
			expect(await page.locator(".sums small").first().innerText()).toBe(words);
			// A shadow is wider than its bar: it is seen beside it. Without it there is none.
			const beside = async () => (await points(GHOST, 24 * 10)).filter((_, index) => index % 10 === 1);
			// The lines of the scale are of nearly that colour.
			const shadows = async () => (await beside()).filter((count) => count > 30).length;
			expect(await shadows()).toBeGreaterThan(16);
			await compare(false);
			expect(await shadows()).toBe(0);
			await compare(true);
		},
		MINUTE,
	);

	test.each([
		["2025-10-26", 25, "The clock was set back on this day"],
		["2025-03-30", 23, "The clock was set forward on this day"],
	])(
		"%s has %i hours, each with its own bar",
		async (day, hours, words) => {
			await open(`day/${day}`);
			await page.getByText(words).waitFor();
			const [bought, sold] = made(day);
			expect(await sums()).toEqual([`${kilo(bought)}\u00a0kWh`, `${kilo(sold)}\u00a0kWh`]);
			await page.locator(".slots summary").click();
			const rows = page.locator(".slots tbody tr");
			await rows.first().waitFor();
			expect(await rows.count()).toBe(hours);
			expect((await points(IMPORT, hours)).slice(0, 5).every(Boolean)).toBe(true);
			const names = await page.locator(".slots tbody th").allInnerTexts();
			if (hours === 25) expect(names.slice(2, 4)).toEqual(["02:00–02:00", "02:00–03:00 (UTC+01:00)"]);
			else expect(names.slice(1, 3)).toEqual(["01:00–03:00", "03:00–04:00"]);
		},
		MINUTE,
	);

	test(
		"a short gap is hatched, a long one empty, or one block where it ends; a sum over it is exact",
		async () => {
			await open("day/2025-10-08");
			await compare(false);
			await page.locator(".legend", { hasText: "Estimated" }).waitFor();
			const [bought, sold] = made("2025-10-08");
			expect(await sums()).toEqual([`${kilo(bought)}\u00a0kWh`, `${kilo(sold)}\u00a0kWh`]);
			await picture(page, "history-estimated");

			// The day on which the gateway went off: nothing but paper after six.
			await open("day/2025-10-14");
			await compare(false);
			const [up, down] = [await points(IMPORT, 24), await points(EXPORT, 24)];
			expect(up.slice(0, 6).every(Boolean)).toBe(true);
			expect([...up.slice(6), ...down.slice(6)].filter(Boolean)).toEqual([]);
			await page.getByText("Where there is no bar, nothing is known").waitFor();

			// The day on which it came back: one block until then, broken lines around it, and hours again.
			await open("day/2025-10-15");
			await compare(false);
			await page.locator(".legend", { hasText: "Counted in one" }).waitFor();
			const later = await points(IMPORT, 24);
			expect(later.slice(0, 21).every((count) => count > 0)).toBe(true);
			// Hatched: far fewer points than a bar of the same height has.
			expect(later[10]).toBeLessThan((later[23] ?? 0) * 3);
			const over = await page.locator(".u-over").first().boundingBox();
			await page.mouse.move((over?.x ?? 0) + (over?.width ?? 0) * 0.5, (over?.y ?? 0) + 100);
			await page.locator(".values", { hasText: "Counted in one" }).waitFor();
			let block = 0;
			for (let hour = OFF_TWO_DAYS[0]; hour < OFF_TWO_DAYS[1]; hour += HOUR) block += HOUSE.counted(hour)[0];
			expect(await page.locator(".values").innerText()).toContain(`${kilo(block)}\u00a0kWh`);
			await picture(page, "history-block");

			await open("month/2025-08");
			await page.locator(".legend", { hasText: "Counted in one" }).waitFor();
		},
		MINUTE,
	);

	test(
		"a meter exchange: its day is estimated, the month's sum goes on",
		async () => {
			await open("month/2025-10");
			const [bought, sold] = made("2025-10");
			expect(await sums()).toEqual([`${kilo(bought, 1)}\u00a0kWh`, `${kilo(sold)}\u00a0kWh`]);
			expect(await fileSums()).toEqual(made("2025-10"));
			await page.locator(".slots summary").click();
			const row = (name: string) => page.locator(".slots tbody tr", { hasText: name }).innerText();
			expect(await row("Mon, October 20")).toContain("Estimated");
			expect(await row("Tue, October 21")).not.toContain("Estimated");
			expect(await row("Tue, October 21")).toContain(kilo(made("2025-10-21")[0], 3));
		},
		MINUTE,
	);

	test(
		"the month's peaks: three days, their mean, the step, the highest quarter",
		async () => {
			await open("month/2025-10");
			const days = Array.from({ length: 31 }, (_, day) => {
				const name = `2025-10-${`${day + 1}`.padStart(2, "0")}`;
				const hours = Array.from({ length: 26 }, (_, hour) => at(`${name}T00:00:00+02:00`) + hour * HOUR);
				const own = hours.filter((hour) => inCopenhagen(hour).toISOString().startsWith(name));
				return Math.max(...own.map((hour) => HOUSE.counted(hour)[0]));
			});
			const [first = 0, second = 0, third = 0] = [...days].sort((one, other) => other - one);
			const card = page.locator(".card", { hasText: "Peaks of October 2025" });
			const text = await card.innerText();
			for (const peak of [first, second, third]) expect(text).toContain(`${kilo(peak)}\u00a0kWh`);
			expect(text).toContain(`${kilo((first + second + third) / 3)}\u00a0kW`);
			expect(text).toContain("2–5 kW");
		},
		MINUTE,
	);

	test(
		"from the years into a year, its month, its day, by pointer and by keys; back by the browser; on by the arrows",
		async () => {
			await open("all");
			const over = async () => {
				const box = await page.locator(".u-over").first().boundingBox();
				if (!box) throw new Error("no plot");
				return box;
			};
			const press = async (slot: number, slots: number) => {
				const box = await over();
				await page.mouse.click(box.x + ((slot + 0.5) / slots) * box.width, box.y + box.height / 2);
			};
			// 2024, 2025, and the year of this test.
			const years = new Date().getFullYear() - 2024 + 1;
			await press(1, years);
			await titleIs("2025");
			const year = made("2025");
			expect(await sums()).toEqual([`${kilo(year[0], 0)}\u00a0kWh`, `${kilo(year[1], 0)}\u00a0kWh`]);
			expect(await fileSums()).toEqual(year);
			expect((await points(IMPORT, 12)).every(Boolean)).toBe(true);
			await press(9, 12);
			await titleIs("October 2025");
			await page.locator(".counted .u-over").first().waitFor();
			// By keys: the table's rows are links.
			await page.locator(".slots summary").focus();
			await page.keyboard.press("Enter");
			await page.getByRole("link", { name: "Wed, October 22" }).focus();
			await page.keyboard.press("Enter");
			await titleIs("Wed, October 22, 2025");
			expect(page.url()).toMatch(/#history\/day\/2025-10-22$/);
			await page.getByRole("link", { name: "Day after" }).click();
			await titleIs("Thu, October 23, 2025");
			await page.getByRole("link", { name: "Day before" }).press("Enter");
			await titleIs("Wed, October 22, 2025");
			for (let steps = 0; steps < 3; steps++) await page.goBack();
			await titleIs("October 2025");
			await page.getByRole("link", { name: "Year", exact: true }).click();
			await titleIs("2025");
		},
		MINUTE,
	);

	test(
		"a finger's first touch shows a bar's value, its second goes into it",
		async () => {
			const phone = await openPage(browser, gateway.url, { hasTouch: true, locale: "en-US" });
			await phone.page.goto(`${gateway.url}/#history/month/2025-10`);
			// Once the gateway has told its zone, the plot is made anew.
			await phone.page.getByText("Peaks of October 2025").waitFor();
			const box = await eventually(
				"the plot",
				async () => (await phone.page.locator(".u-over").first().boundingBox()) ?? undefined,
			);
			const touch = () => phone.page.touchscreen.tap(box.x + (21.5 / 31) * box.width, box.y + box.height / 2);
			await touch();
			const value = phone.page.locator(".values", { hasText: "Wed, October 22" });
			await value.getByText(`${kilo(made("2025-10-22")[0])}\u00a0kWh`).waitFor();
			expect(phone.page.url()).toMatch(/month/);
			await touch();
			await phone.page.locator(".period .title", { hasText: "Wed, October 22, 2025" }).waitFor();
			expect(phone.complaints).toEqual([]);
			await phone.page.close();
		},
		MINUTE,
	);

	test(
		"gas has its own colour and its own sum",
		async () => {
			await open("month/2025-10");
			await page.getByRole("link", { name: "Gas", exact: true }).click();
			await page.locator(".sums dt", { hasText: "Gas" }).waitFor();
			expect(await sums()).toEqual([`${kilo(made("2025-10")[2])}\u00a0m³`]);
			await compare(false);
			const found = await points(GAS, 31);
			expect(found.filter(Boolean).length).toBe(31);
			expect((await points(IMPORT, 31)).filter(Boolean)).toEqual([]);
			await compare(true);
			expect(page.url()).toMatch(/#history\/month\/2025-10\/gas_volume-1$/);
		},
		MINUTE,
	);

	test(
		"the picture is a PNG with the plot's own colours",
		async () => {
			await open("month/2025-10");
			const [download] = await Promise.all([
				page.waitForEvent("download"),
				page.getByRole("button", { name: "Save as picture" }).click(),
			]);
			expect(download.suggestedFilename()).toBe("meterling-2025-10.png");
			const bytes = readFileSync(await download.path());
			expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
			const size = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
			expect(size[0]).toBe(960);
			const blank = await browser.newPage();
			const counts = await blank.evaluate(
				async ([data, colours]) => {
					const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
					const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
					const ctx = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
					ctx.drawImage(bitmap, 0, 0);
					const pixels = ctx.getImageData(0, 0, bitmap.width, bitmap.height).data;
					return colours.map((colour) => {
						let count = 0;
						for (let place = 0; place < pixels.length; place += 4)
							if (colour.every((part, index) => pixels[place + index] === part)) count++;
						return count;
					});
				},
				[bytes.toString("base64"), [IMPORT, EXPORT, GHOST, [0xff, 0xfe, 0xfb]]] as const,
			);
			await blank.close();
			const [up = 0, down = 0, ghost = 0, paper = 0] = counts;
			expect(up).toBeGreaterThan(20_000);
			expect(down).toBeGreaterThan(1000);
			expect(ghost).toBeGreaterThan(5000);
			expect(paper).toBeGreaterThan(150_000);
		},
		MINUTE,
	);

	test(
		"the last hour in full: drawn, drawn out, and what the hour makes of the month's peak",
		async () => {
			const now = Math.floor(Date.now() / 10_000) * 10;
			const power = Array.from({ length: 360 }, (_, index) =>
				index < 60 ? null : index < 120 ? -800 : index % 60 < 30 ? 2500 : 400,
			);
			const body = { step: 10, until: new Date(now * 1000).toISOString(), unit: "W", power };
			await page.route("**/api/v1/history/power", (route) => route.fulfill({ json: body }));
			await open("hour/now");
			const known = power.filter((watts) => watts !== null);
			const mean = known.reduce((sum, watts) => sum + watts, 0) / known.length;
			expect(await sums()).toEqual([
				`${kilo(mean)}\u00a0kW`,
				`${kilo(2500)}\u00a0kW`,
				`${kilo(800)}\u00a0kW export`,
			]);
			// Six parts of ten minutes: nothing, export, import for the rest.
			const [up, down] = [await points(IMPORT, 6), await points(EXPORT, 6)];
			expect(up[0]).toBe(0);
			expect(up.slice(2).every(Boolean)).toBe(true);
			expect(down.map(Boolean)).toEqual([false, true, false, false, false, false]);
			const box = await page.locator(".u-over").first().boundingBox();
			if (!box) throw new Error("no plot");
			await page.mouse.move(box.x + box.width * 0.2, box.y + 50);
			await page.mouse.down();
			await page.mouse.move(box.x + box.width * 0.3, box.y + 60, { steps: 5 });
			await page.mouse.up();
			await page.getByRole("button", { name: "Whole hour" }).waitFor();
			expect((await points(EXPORT, 6)).every(Boolean)).toBe(true);
			await page.getByRole("button", { name: "Whole hour" }).click();
			await page.getByRole("button", { name: "Whole hour" }).waitFor({ state: "detached" });
			expect((await points(EXPORT, 6)).map(Boolean)).toEqual([false, true, false, false, false, false]);
			await page.unroute("**/api/v1/history/power");
		},
		MINUTE,
	);

	test(
		"nothing is wider than the screen, everything has a name, in light and dark",
		async () => {
			for (const [width, scheme] of [
				[320, "light"],
				[390, "light"],
				[390, "dark"],
				[1280, "light"],
				[1280, "dark"],
			] as const) {
				await page.setViewportSize({ width, height: 900 });
				await page.emulateMedia({ colorScheme: scheme });
				for (const place of ["day/2025-10-22", "month/2025-10", "all"]) {
					await open(place);
					// The plot takes the new size in its own time.
					await eventually(
						`${place} to fit ${width} px`,
						async () => (await overflow(page)) === 0 || undefined,
					);
					expect(await unnamed(page)).toEqual([]);
					await picture(page, `history-${place.split("/")[0]}-${width}-${scheme}`);
				}
			}
		},
		2 * MINUTE,
	);

	test(
		"one question at a time, and none again within the minute",
		async () => {
			const asked: string[] = [];
			let busy = 0;
			let most = 0;
			const isOurs = (url: string) => /\/api\/v1\/history/.test(url);
			page.on("request", (request) => {
				if (!isOurs(request.url())) return;
				asked.push(request.url());
				busy++;
				most = Math.max(most, busy);
			});
			page.on("requestfinished", (request) => {
				if (isOurs(request.url())) busy--;
			});
			await open("month/2025-11");
			await page.locator(".card", { hasText: "Peaks of November 2025" }).waitFor();
			const [before, after] = ["Month before", "Month after"].map((name) => page.getByRole("link", { name }));
			await before?.click();
			await titleIs("October 2025");
			await page.locator(".card", { hasText: "Peaks of October 2025" }).waitFor();
			await after?.click();
			await titleIs("November 2025");
			await page.locator(".sums").waitFor();
			expect(most).toBe(1);
			// Two months' rows and peaks; the way back asks nothing.
			expect(asked.length).toBe(4);
		},
		MINUTE,
	);
});

describeWith([CHROMIUM], "history's first hour", () => {
	test(
		"says when the first value comes; the page of the values says so too",
		async () => {
			const gateway = await Gateway.start("--meter", "dsmr5", "--seed", "7");
			const browser = await openBrowser();
			try {
				const { page, complaints } = await openPage(browser, gateway.url, { locale: "en-US" });
				await gateway.reading();
				// Started within five minutes of a full hour it would have a value at once.
				await page.route(/api\/v1\/history\?/, async (route) => {
					const answer = await route.fetch();
					await route.fulfill({ json: { ...((await answer.json()) as object), rows: [] } });
				});
				await page.clock.setFixedTime(new Date("2026-11-21T13:20:00Z"));
				await page.goto(`${gateway.url}/#history/day/now`);
				await page.getByText(/The first value comes after 0?3:00/).waitFor();
				await picture(page, "history-first-hour");
				await page.goto(`${gateway.url}/#now`);
				const today = page.locator(".card", { hasText: "Today" });
				await today.getByText("The first value comes after").waitFor();
				expect(complaints).toEqual([]);
			} finally {
				await browser.close();
				await gateway.stop();
			}
		},
		MINUTE,
	);
});
