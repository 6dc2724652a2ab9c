// Who signs in and what they can then do, in a browser: first password, sign-in, settings with good and bad values,
// tokens, export and import, log, health, update. Every page is looked at on a phone's and on a desk's screen. On Node, and on XS
// where it is built.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { ENGINES, type Stage } from "../interop/running-gateway";
import { CHROMIUM, found, openBrowser, openPage, overflow, picture, unnamed, type Watched } from "./browser";
import { eventually, type Gateway } from "./gateway";

const MINUTE = 60_000;
const SLOW_MS = 500;
const PASSWORD = "seven green kettles";
const BROKER_PASSWORD = "not-for-everyone";
const PASSPHRASE = "a passphrase to keep";
const SCRIPT = "<script>alert(1)</script>";

describe.each(ENGINES)("access and settings in a browser, the gateway on %s", (engine, start, missing) => {
	if (missing ?? !existsSync(CHROMIUM)) {
		test.skip(`not run on ${engine}: ${missing ?? "there is no Chromium"}`, () => {});
		return;
	}
	let folder: string;
	let stage: Stage;
	let gateway: Gateway;
	let browser: Browser;
	let watched: Watched;
	let page: Page;

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-settings-"));
		stage = await start("kamstrup-omnipower");
		({ gateway } = stage);
		browser = await openBrowser();
		watched = await openPage(browser, gateway.url);
		page = watched.page;
		await page.goto(gateway.url);
	}, MINUTE);

	afterAll(async () => {
		await browser?.close();
		await stage?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const heading = (name: string) => page.getByRole("heading", { name, exact: true }).first().waitFor();
	const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
	const field = (name: string) => page.getByLabel(name, { exact: true });
	const says = (text: string | RegExp, timeout = 15_000) => page.getByText(text).first().waitFor({ timeout });
	const follow = (name: string) => page.getByRole("link", { name, exact: true }).click();
	const open = async (hash: string) => {
		await page.goto(`${gateway.url}/#${hash}`);
	};
	const section = (title: string) =>
		page
			.locator("details.section")
			.filter({ has: page.locator("summary", { hasText: new RegExp(`^${title}`) }) })
			.first();
	const unfold = (title: string) => section(title).locator("summary").first().click();

	test(
		"a gateway by cable shows its values, says that it has no password, and takes the first one from this computer",
		async () => {
			await says("This gateway has no admin password yet.");
			await follow("Set it up");
			await press("Begin");
			await heading("Admin password");
			await field("New password").fill(PASSWORD);
			await press("Set password");
			await heading("Network");
			await follow("Leave the set-up");
			await page.locator(".now .power").waitFor();
		},
		MINUTE,
	);

	test(
		"sign-out, sign-in refused for a wrong password and given for the right one",
		async () => {
			await follow("Access");
			await press("Sign out");
			await heading("Sign in");
			await picture(page, "page-sign-in");
			await field("Admin password").fill("seven red kettles");
			await press("Sign in");
			await says("That is not the password.");
			expect(await found(page, ["seven red kettles"])).toEqual([]);
			await field("Admin password").fill(PASSWORD);
			await press("Sign in");
			await heading("API tokens");
			expect(await found(page, [PASSWORD])).toEqual([]);
			expect(await page.evaluate("document.activeElement.textContent")).toBe("Access");
		},
		MINUTE,
	);

	test(
		"a token is shown once, works, and works no more when it is revoked",
		async () => {
			await press("Create token");
			await says("Give it a name.");
			await field("Name").fill("Home Assistant");
			await press("Create token");
			const token = await page.getByLabel("API tokens").locator("input[readonly]").inputValue();
			expect(token).toMatch(/^mtl_[0-9a-f]{8}_[0-9a-f]{32}$/);
			await picture(page, "page-tokens");
			await press("Copy");
			await press("Done");
			expect(await found(page, [token])).toEqual([]);
			const status = async () => {
				const headers = { authorization: `Bearer ${token}` };
				return (await fetch(`${gateway.url}/api/v1/health`, { headers })).status;
			};
			expect(await status()).toBe(200);
			await press("Revoke Home Assistant");
			await says("There are no tokens.");
			expect(await status()).toBe(401);
		},
		MINUTE,
	);

	test(
		"values that cannot be are told at their fields, and nothing is saved",
		async () => {
			await follow("Settings");
			await heading("Settings");
			await unfold("MQTT");
			await section("MQTT").getByLabel("Port", { exact: true }).fill("70000");
			await section("MQTT").getByLabel("Broker", { exact: true }).fill("no host!");
			await press("Save");
			await says("Nothing was saved: 2 values cannot be used.");
			await says("Must be from 1 to 65535.");
			await says("Must be a host name or an address.");
			expect(await page.evaluate("document.activeElement.value")).toBe("no host!");
			await picture(page, "page-settings-problem");
			await press("Discard");
			// The rule that only the gateway knows.
			await unfold("Network");
			await section("Network").getByLabel("Fixed address", { exact: true }).fill("192.168.1");
			await press("Save");
			await says("Must be four numbers from 0 to 255 with points.");
			await press("Discard");
		},
		MINUTE,
	);

	test(
		"a change is saved, a secret is set and never shown, a script is text, and a restart makes it so",
		async () => {
			const mqtt = section("MQTT");
			await mqtt.getByLabel("Topic", { exact: true }).fill(SCRIPT);
			await mqtt.getByRole("button", { name: "Password: Enter" }).click();
			await mqtt.getByLabel("Password", { exact: true }).fill(BROKER_PASSWORD);
			await says("2 changes");
			// The form never shows what was there before, however long the gateway takes to send it.
			await page.route("**/api/v1/settings", async (route) => {
				await pause(SLOW_MS);
				await route.continue();
			});
			await press("Save");
			await says("Saved. The gateway takes it up when it restarts.");
			expect(await mqtt.getByLabel("Topic", { exact: true }).inputValue()).toBe(SCRIPT);
			await page.unroute("**/api/v1/settings");
			expect(await found(page, [BROKER_PASSWORD])).toEqual([]);
			await mqtt.getByRole("button", { name: "Password: Replace" }).waitFor();
			await picture(page, "page-settings");
		},
		MINUTE,
	);

	test(
		"settings go out as a file without secrets, or with them under a passphrase, and come in again",
		async () => {
			await unfold("Export and import");
			const exported = async () => {
				const [download] = await Promise.all([page.waitForEvent("download"), press("Export settings")]);
				expect(download.suggestedFilename()).toBe("meterling-settings.json");
				return readFileSync(await download.path(), "utf8");
			};
			const plain = await exported();
			expect(plain).not.toContain(BROKER_PASSWORD);
			expect(JSON.parse(plain)).not.toHaveProperty("secrets");
			await page.getByLabel("With keys and passwords, locked by a passphrase").check();
			await field("Passphrase").fill("short");
			await press("Export settings");
			await says("The passphrase must have at least 10 characters.");
			await field("Passphrase").fill(PASSPHRASE);
			const sealed = await exported();
			expect(sealed).not.toContain(BROKER_PASSWORD);
			expect(JSON.parse(sealed)).toHaveProperty("secrets");
			expect(await found(page, [PASSPHRASE])).toEqual([]);

			const file = join(folder, "sealed.json");
			writeFileSync(file, sealed);
			await page.locator("input[type=file]").setInputFiles(file);
			await says("The file holds locked keys and passwords.");
			await field("Passphrase").last().fill("another passphrase");
			await press("Import settings");
			await page.locator(".outcome.bad").waitFor();
			await field("Passphrase").last().fill(PASSPHRASE);
			await press("Import settings");
			await says("Imported.");
			writeFileSync(file, '{"some": "thing"}');
			await page.locator("input[type=file]").setInputFiles(file);
			await press("Import settings");
			await page.locator(".outcome.bad").waitFor();
		},
		MINUTE,
	);

	test(
		"log, health and update tell of the gateway",
		async () => {
			await follow("Health");
			await says(/Nothing: all is well|Restart|warn/i);
			await says("Open for");
			await picture(page, "page-health");
			await follow("Read the log");
			await says("http: listening on port");
			expect(await found(page, [PASSWORD, BROKER_PASSWORD])).toEqual([]);
			await picture(page, "page-log");
			await follow("Update");
			await says("On a computer Meterling is updated as it was installed");
			await picture(page, "page-update");
		},
		MINUTE,
	);

	test.each([
		[360, "light"],
		[360, "dark"],
		[390, "light"],
		[1280, "light"],
		[1280, "dark"],
	] as const)(
		"every page fits %i px, %s",
		async (width, colorScheme) => {
			await page.setViewportSize({ width, height: 800 });
			await page.emulateMedia({ colorScheme });
			for (const name of ["health", "log", "settings", "update", "account"]) {
				await open(name);
				await page.locator("main .card").first().waitFor();
				if (name === "settings")
					await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
				expect([name, await overflow(page)]).toEqual([name, 0]);
				expect([name, await unnamed(page)]).toEqual([name, []]);
				await picture(page, `look-${name}-${width}-${colorScheme}`);
			}
		},
		MINUTE,
	);

	test(
		"a restart is waited for; the session has ended with it",
		async () => {
			await open("settings");
			await unfold("Restart and factory reset");
			await press("Restart the gateway");
			await heading("Restarting");
			await heading("Sign in");
			await eventually("a reading", async () => (await gateway.reading()) || undefined);
		},
		MINUTE,
	);

	test(
		"values that are the owner's own are shown after signing in only",
		async () => {
			await field("Admin password").fill(PASSWORD);
			await press("Sign in");
			await heading("Settings");
			await unfold("Web page and HTTP API");
			await page.getByLabel("Anyone in the network may read").uncheck();
			await press("Save");
			await press("Restart now");
			await heading("Restarting");
			await heading("Sign in");
			await follow("Now");
			await says("The owner of this gateway shows its values only after signing in.");
			await field("Admin password").fill(PASSWORD);
			await press("Sign in");
			await page.locator(".now .power .number", { hasText: /\d/ }).waitFor({ timeout: 20_000 });
		},
		MINUTE,
	);

	test("asked nothing of any other host, and no script complained", () => {
		expect(watched.foreign).toEqual([]);
		expect(watched.complaints).toEqual([]);
	});
});
