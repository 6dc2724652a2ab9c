// All languages against the English one; how they are packed; and the page in a real browser changing its language.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { SECTIONS } from "../../app/sections";
import { numberParts } from "../../web/format";
import { da } from "../../web/texts/da";
import { de } from "../../web/texts/de";
import { en } from "../../web/texts/en";
import { filled, named, plural } from "../../web/texts/filled";
import { nb } from "../../web/texts/nb";
import { nl } from "../../web/texts/nl";
import { packed, partOf, unpacked } from "../../web/texts/packed";
import { sv } from "../../web/texts/sv";
import { languageFor, locale, speak, type Texts } from "../../web/texts/texts";
import { CHROMIUM, openBrowser, openPage, overflow, picture } from "../e2e/browser";
import { GatewayStandIn } from "./gateway-stand-in";

const LANGUAGES = { nl, de, da, nb, sv };
jest.setTimeout(60_000);
const BUILT = "web/dist/texts-1.gz";

/** Names, abbreviations, units and templates without a word: the same wherever one lives. */
const SAME_EVERYWHERE = [
	...[
		"Meterling",
		"MQTT",
		"Prometheus",
		"HomeWizard API",
		"InfluxDB",
		"Webhook",
		"dsmr-reader",
		"Home Assistant",
	],
	...["10 min", "s", "min", "Gateway", "Gateway {id}", "{source}, {ago}", "+{time}", "{version}: {outcome}"],
	...["{from}–{to} kW", "Register", "Status"],
];
/** Words that a language shares with English. */
const SHARED = {
	nl: [
		...["Warm water", "Crashes", "{count} bytes"],
		...["Update", "Model", "Protocol", "Meter", "Meter {id}", "Gas", "Water", "Volume", "Platform", "online"],
		...["Router", "Broker", "Wi-Fi", "open", "Stop", "Code", "Export", "Import", "TCP bridge"],
		...["{price} per kWh"],
	],
	de: [
		...["Log", "Update", "Version", "Name", "Gas", "Signal", "online", "Export", "Import", "Pause", "Router"],
		...["optional", "Broker", "Port", "h", "Hostname", "TCP bridge", "Code", "Phase", "Passphrase"],
	],
	da: [
		...[
			"Log",
			"Import",
			"Model",
			"Version",
			"Gas",
			"Platform",
			"Signal",
			"online",
			"Router",
			"Broker",
			"Port",
		],
		...["Wi-Fi", "Stop", "Pause", "over {from} kW", "{message}, version {version}"],
	],
	nb: [
		...["Pause", "over {from} kW", "{name}, tariff {tariff}"],
		...[
			"Import",
			"Tariff {number}: {amount}",
			"Tariff {tariff}",
			"Tariff {number}",
			"Tariff",
			"Signal",
			"Port",
		],
		...["Wi-Fi", "{price} per kWh"],
	],
	sv: [
		...["Version", "Gas", "h", "Tariff {number}: {amount}", "Tariff {tariff}", "Tariff {number}", "Tariff"],
		...["Signal", "online", "Export", "Import", "Router", "Port", "Broker", "Wi-Fi", "{price} per kWh"],
		...["{message}, version {version}", "{name}, tariff {tariff}"],
	],
};

/** `[path, text]` of every text. */
function flat(tree: object, path = ""): readonly (readonly [string, string])[] {
	return Object.entries(tree).flatMap(([key, each]: [string, string | object]) =>
		typeof each === "string" ? [[path + key, each] as const] : flat(each, `${path}${key}.`),
	);
}

function placeholders(text: string): readonly string[] {
	return (text.match(/\{[^}]*\}/g) ?? []).toSorted();
}

describe.each(Object.entries(LANGUAGES))("%s", (name, { texts, settings }) => {
	const english = flat(en);
	const own = new Map(flat(texts));

	test(`has each of the ${english.length} texts, none empty, and no other`, () => {
		expect([...own.keys()]).toEqual(english.map(([key]) => key));
		expect([...own].filter(([, text]) => text.trim() === "")).toEqual([]);
	});

	test("has the placeholders of the English texts, and blanks and lines where these have them", () => {
		const shape = (text: string) => [placeholders(text), text.split("\n").length, text.startsWith(" ")];
		for (const [key, text] of english)
			expect([key, ...shape(own.get(key) ?? "")]).toEqual([key, ...shape(text)]);
	});

	test("says nothing in English but what is listed", () => {
		const known = new Set([...SAME_EVERYWHERE, ...SHARED[name as keyof typeof SHARED]]);
		expect(english.filter(([key, text]) => own.get(key) === text && !known.has(text))).toEqual([]);
	});

	test("names every setting and every choice that has a label, none empty, and no other", () => {
		const names = new Map(flat(settings));
		const wanted = SECTIONS.flatMap((section) =>
			section.settings.flatMap((setting) => [
				`${section.name}.${setting.key}.label`,
				...("choices" in setting ? (setting.choices ?? []) : [])
					.filter(({ value, label }) => label !== value)
					.map(({ value }) => `${section.name}.${setting.key}.choices.${value}`),
			]),
		);
		expect(wanted.length).toBeGreaterThan(100);
		expect([...names.keys()].toSorted()).toEqual(wanted.toSorted());
		expect([...names].filter(([, text]) => text.trim() === "")).toEqual([]);
	});
});

describe("templates", () => {
	test("take texts and numbers, more than once, and what looks like a placeholder in a value stays", () => {
		expect(filled("{a} of {b}, {a}", { a: 1, b: "{a}" })).toBe("1 of {a}, 1");
	});

	test("one form for 1, the other for everything else", () => {
		const forms = { one: "1 value", other: "{count} values" } as const;
		expect([0, 1, 2].map((count) => filled(plural(count, forms), { count }))).toEqual([
			"0 values",
			"1 value",
			"2 values",
		]);
	});

	test("keys that come from elsewhere never reach what every object has", () => {
		expect([named({ a: "A" }, "a"), named({ a: "A" }, "toString"), named({ a: "A" }, "__proto__")]).toEqual([
			"A",
			undefined,
			undefined,
		]);
	});
});

describe("packing", () => {
	const english = {
		texts: en,
		settings: { meter: { port: { label: "Its port", help: "Where it is." } } },
	};
	const others = Object.values(LANGUAGES).map(({ texts }) => ({
		texts,
		settings: { meter: { port: { label: "Poort" } } },
	}));

	test("each language comes back; what it lacks is English", () => {
		const list = packed(english, others);
		for (const [index, other] of others.entries())
			expect(unpacked(english, partOf(list, index, others.length))).toEqual({
				...other,
				settings: { meter: { port: { label: "Poort", help: "Where it is." } } },
			});
	});

	test("what is said twice in English, and not in another language, is refused", () => {
		expect(packed({ a: "Set", b: { c: "Set" } }, [{ a: "Satt", b: { c: "Satt" } }])).toBe("Satt");
		expect(() => packed({ a: "Set", b: { c: "Set" } }, [{ a: "Satt", b: { c: "Angivet" } }])).toThrow(
			'"Set" is "Satt" and "Angivet"',
		);
	});

	test("a list that is too short leaves English", () => {
		expect(unpacked(english, [])).toEqual(english);
	});

	(existsSync(BUILT) ? test : test.skip)("the built file has every text of its languages", () => {
		const [tag, text] = JSON.parse(gunzipSync(readFileSync(BUILT)).toString()) as readonly [string, string];
		expect(tag).toMatch(/^[0-9a-f]{8}$/);
		const built = unpacked({ texts: en }, partOf(text, 1, 2));
		expect(built.texts).toEqual(de.texts);
	});
});

describe("choice", () => {
	test.each([
		[["de-AT", "en"], "de"],
		[["fr", "nn-NO"], "nb"],
		[["no"], "nb"],
		[["sv-FI"], "sv"],
		[["fr", "it"], "en"],
		[["en-US", "nl"], "en"],
		[[], "en"],
	])("%j: %s", (wanted, language) => {
		expect(languageFor(wanted)).toBe(language);
	});

	test("numbers and times are written as the browser's region does, without one as at home", () => {
		const after = (...spoken: Parameters<typeof speak>) => {
			speak(...spoken);
			return [locale(), numberParts("1234.50").fraction];
		};
		expect(after("de", de.texts as Texts, ["en-US", "de-CH", "de"])).toEqual(["de-CH", ".50"]);
		expect(after("de", de.texts as Texts, ["en-US"])).toEqual(["de-DE", ",50"]);
		expect(after("nb", nb.texts as Texts, ["no-NO"])).toEqual(["no-NO", ",50"]);
		expect(after("en", en, ["fr"])).toEqual(["en-GB", ".50"]);
	});
});

const QUANTITY = { value: 1204, unit: "W", age: 3 };
const STATE = {
	...{ gateway: "meterling-a1b2c3", count: 7, age: 3 },
	known: {
		power_import: QUANTITY,
		reactive_power_import_l1: { ...QUANTITY, unit: "var" },
		energy_import: { value: 85823, unit: "kWh", age: 1500 },
		voltage_l1: { value: 231, unit: "V", age: 3 },
		current_l1: { value: 4, unit: "A", age: 3 },
	},
	reading: { protocol: "dlms", meter: { id: "5706567000000000" }, quantities: {}, devices: [] },
};
const HEALTH = {
	gateway: { id: "meterling-a1b2c3", version: "0.1.0", platform: "node", uptime: 90_000 },
	meter: { protocol: "dlms", line: "open", since: 8000, reason: null, bytes: 123_456 },
	readings: { count: 1234, age: 3, overflow: 0 },
	rejected: { count: 3, byLayer: [{ layer: "hdlc", code: "crc", count: 3, age: 75, last: {} }] },
	outputs: [{ name: "mqtt", connected: false, since: 12, lastError: "the broker does not answer" }],
};

const inBrowser = existsSync(CHROMIUM) && existsSync(resolve(BUILT)) ? describe : describe.skip;

inBrowser("in a browser", () => {
	const gateway = new GatewayStandIn();
	let browser: Browser;

	beforeAll(async () => {
		await gateway.start();
		browser = await openBrowser();
	});
	afterAll(async () => {
		await browser?.close();
		await gateway.stop();
	});
	beforeEach(() => {
		gateway.state = STATE;
		gateway.health = HEALTH;
		gateway.texts = true;
		gateway.asked.length = 0;
	});

	async function opened(language: string, options: object = {}) {
		const watched = await openPage(browser, gateway.url, { locale: language, ...options });
		await watched.page.goto(gateway.url);
		await watched.page.locator("nav").first().waitFor();
		return watched;
	}
	const heading = (page: Page) => page.locator('nav a[href="#settings"]').innerText();
	const lang = (page: Page) => page.evaluate("document.documentElement.lang");
	const asked = () => gateway.asked.filter((path) => path.startsWith("/texts")).length;

	test("English asks for no texts", async () => {
		const { page, complaints, foreign } = await opened("en-US");
		expect([await heading(page), await lang(page), asked()]).toEqual(["Settings", "en", 0]);
		expect([complaints, foreign]).toEqual([[], []]);
		await page.close();
	});

	test.each([
		["nl-NL", "nl", "Instellingen"],
		["de-DE", "de", "Einstellungen"],
		["da-DK", "da", "Indstillinger"],
		["nb-NO", "nb", "Innstillinger"],
		["sv-SE", "sv", "Inställningar"],
	])("%s is spoken from the first moment, and fits 320 px", async (tag, language, settings) => {
		const { page, complaints } = await opened(tag, { viewport: { width: 320, height: 640 } });
		expect([await heading(page), await lang(page)]).toEqual([settings, language]);
		for (const place of ["now", "history", "health", "settings", "account"]) {
			await page.goto(`${gateway.url}#${place}`);
			await page.locator("main").waitFor();
			expect([place, await overflow(page)]).toEqual([place, 0]);
			await picture(page, `language-${language}-${place}`);
		}
		expect(complaints).toEqual([]);
		await page.close();
	});

	test("a choice is made by keyboard, holds, and needs the gateway only once", async () => {
		const { page } = await opened("en-GB");
		const choice = page.getByLabel("Language");
		await choice.focus();
		await page.keyboard.press("ArrowDown");
		await page.locator("nav", { hasText: "Instellingen" }).waitFor();
		expect([await lang(page), asked()]).toEqual(["nl", 1]);
		await page.reload();
		await page.locator("nav", { hasText: "Instellingen" }).waitFor();
		expect(asked()).toBe(1);
		await page.getByLabel("Taal").selectOption("en");
		await page.locator("nav", { hasText: "Settings" }).waitFor();
		await page.reload();
		await page.locator("nav", { hasText: "Settings" }).waitFor();
		await page.close();
	});

	test("where the texts do not come, English stays, and a person is told", async () => {
		gateway.texts = false;
		const { page } = await opened("de-DE");
		expect([await heading(page), await lang(page)]).toEqual(["Settings", "en"]);
		await page.getByLabel("Language").selectOption("sv");
		await page.getByText(en.language.failed).waitFor();
		expect([await heading(page), await page.getByLabel("Language").inputValue()]).toEqual(["Settings", "en"]);
		await page.close();
	});
});
