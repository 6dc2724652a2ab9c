// From a new device to readings, in a browser of a phone's size: the device's own Wi-Fi and the networks around it are
// simulated, the meter that encrypts is an emulated one, the broker asks for a password. Nothing of the app is imported.
// On Node always; on the SDK's XS engine where it is built. The pictures of docs/setup.md are made here:
// METERLING_SCREENSHOTS=docs/images npx jest host-test/e2e/portal.test.ts

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import {
	CHROMIUM,
	found,
	openBrowser,
	openPage,
	overflow,
	PHONE,
	picture,
	unnamed,
	type Watched,
} from "./browser";
import { freePort, Gateway, installed, missingForXs, outputHealth, Program } from "./gateway";

const MINUTE = 60_000;
const WIFI_PASSWORD = "correct horse";
const ADMIN_PASSWORD = "seven green kettles";
const BROKER_PASSWORD = "not-for-everyone";
/** The emulated meter's own, as `meterling emulate --help` and its pages tell. */
const KEY = "00112233445566778899AABBCCDDEEFF";
const AUTHENTICATION_KEY = "FFEEDDCCBBAA99887766554433221100";
const SCRIPT = "<script>alert(1)</script>";

/** A gateway that has a meter's line and no more; the protocol is the wrong one, so that the search has to find it. */
interface Stage {
	readonly gateway: Gateway;
	stop(): Promise<void>;
}

const EMULATE = [
	"host/cli/meterling.mjs",
	"emulate",
	"--meter",
	"kamstrup-omnipower-encrypted",
	"--speed",
	"5",
];

async function onNode(folder: string): Promise<Stage> {
	const port = await freePort();
	const meter = new Program(process.execPath, [...EMULATE, "--port", `tcp://:${port}`]);
	await meter.line(new RegExp(`${port}`));
	const gateway = await Gateway.start(
		...["--state", folder, "--protocol", "p1", "--port", `socket://127.0.0.1:${port}`],
	);
	return {
		gateway,
		stop: async () => {
			await gateway.stop();
			await meter.stop();
		},
	};
}

/** The emulated meter is a program of its own, and ptys of socat's lie between. */
async function onXs(folder: string): Promise<Stage> {
	const [near, far] = [join(folder, "gateway"), join(folder, "meter")];
	const cable = new Program("socat", ["-d", "-d", `pty,rawer,link=${far}`, `pty,rawer,link=${near}`]);
	await cable.line(/starting data transfer loop/);
	const meter = new Program(process.execPath, [...EMULATE, "--port", far]);
	const gateway = await Gateway.startOnXs(folder, "p1", near);
	return {
		gateway,
		stop: async () => {
			await gateway.stop();
			await meter.stop();
			await cable.stop();
		},
	};
}

const absent = [CHROMIUM, "mosquitto", "mosquitto_passwd"].filter((program) => !installed(program));
const missing = absent.length > 0 ? `${absent.join(", ")} not installed` : undefined;

describe.each([
	["Node", onNode, missing],
	["XS", onXs, missing ?? missingForXs()],
] as const)("the set-up of a new device on %s", (engine, start, why) => {
	if (why) {
		test.skip(`not run on ${engine}: ${why}`, () => {});
		return;
	}

	let folder: string;
	let brokerPort: number;
	let broker: Program;
	let stage: Stage;
	let gateway: Gateway;
	let browser: Browser;
	let watched: Watched;
	let page: Page;

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-set-up-"));
		brokerPort = await freePort();
		const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
		await new Program("mosquitto_passwd", [
			...["-b", "-c", join(folder, "passwords"), "gateway", BROKER_PASSWORD],
		]).exit;
		file(
			"mosquitto.conf",
			`listener ${brokerPort} 127.0.0.1\npassword_file ${join(folder, "passwords")}\nuser root\nlog_dest stderr\n`,
		);
		broker = new Program("mosquitto", ["-c", join(folder, "mosquitto.conf")]);
		await broker.line(/running/);
		file(
			"wifi.json",
			JSON.stringify({
				networks: [
					{ ssid: "Home", password: WIFI_PASSWORD, rssi: -52, channel: 6, bssid: "0a0000000001" },
					{ ssid: SCRIPT, password: WIFI_PASSWORD, rssi: -66, channel: 9, bssid: "0a0000000002" },
					{ ssid: "Cafe", rssi: -84, channel: 1, bssid: "0a0000000003" },
					{ ssid: "Attic", password: WIFI_PASSWORD, rssi: -60, bssid: "0a0000000004", hidden: true },
				],
				accessPoint: { address: "127.0.0.1", nameServerPort: await freePort() },
			}),
		);
		stage = await start(folder);
		gateway = stage.gateway;
		browser = await openBrowser();
		watched = await openPage(browser, gateway.url);
		page = watched.page;
		await page.goto(gateway.url);
	}, MINUTE);

	afterAll(async () => {
		await browser?.close();
		await stage?.stop();
		await broker?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const heading = (name: string) => page.getByRole("heading", { name, exact: true }).waitFor();
	const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
	const field = (name: string) => page.getByLabel(name, { exact: true });
	const says = (text: string | RegExp, timeout = 15_000) => page.getByText(text).first().waitFor({ timeout });
	const fits = async () => {
		expect(await overflow(page)).toBeLessThanOrEqual(0);
		expect(await unnamed(page)).toEqual([]);
	};

	test("begins by itself, at the welcome", async () => {
		await heading("Welcome");
		await fits();
		await picture(page, "setup-welcome");
		await press("Begin");
	});

	test(
		"networks: a name that is a script is text; a wrong password, a network out of reach, and the right one are told apart",
		async () => {
			await heading("Wi-Fi");
			await page.getByRole("radio", { name: SCRIPT }).waitFor();
			await press("Join");
			await says("Choose a network, or enter its name.");

			await page.getByRole("radio", { name: "Another network" }).check();
			await field("Name of the network").fill("Nowhere");
			await field("Wi-Fi password").fill(WIFI_PASSWORD);
			await press("Join");
			await says("The network was not found.", 40_000);

			await page.getByRole("radio", { name: "Home" }).check();
			await field("Wi-Fi password").fill("wrong horse");
			await press("Join");
			await says("Wrong password: the network is there");
			expect(await found(page, ["wrong horse"])).toEqual([]);
			await fits();

			await field("Wi-Fi password").fill(WIFI_PASSWORD);
			await picture(page, "setup-network");
			await press("Join");
			await says("The gateway is in Home.");
			await says("Its address there: 127.0.0.1");
			expect(await found(page, [WIFI_PASSWORD])).toEqual([]);
			await press("Continue");
		},
		MINUTE,
	);

	test(
		"meter: the search is seen to go on, and finds what the meter speaks",
		async () => {
			await heading("Meter");
			expect(await page.getByLabel("Or choose it yourself").inputValue()).toBe("p1");
			await press("Find out");
			await page.getByRole("progressbar", { name: "Progress of the search" }).waitFor();
			await says(/Encrypted frames from Kamstrup/, 50_000);
			expect(await page.getByLabel("Or choose it yourself").inputValue()).toBe("dlms");
			await fits();
			await picture(page, "setup-meter", false);
			await press("Continue");
		},
		2 * MINUTE,
	);

	test(
		"keys: a wrong one and the right one are told at once, with or without blanks in it",
		async () => {
			await heading("Keys");
			await field("Encryption key").fill("0011223344");
			await says("10 of 32 digits");
			await field("Encryption key").fill(AUTHENTICATION_KEY);
			await says("The key does not fit what this meter sends.");
			await field("Encryption key").fill(KEY.replace(/../g, "$& "));
			await says("The key fits: it opens what the meter sends.");
			await field("Authentication key").fill(KEY);
			await says("The encryption key fits, the authentication key does not.");
			await field("Authentication key").fill(AUTHENTICATION_KEY);
			await says("The key fits: it opens what the meter sends.");
			await fits();
			await picture(page, "setup-keys");
			await press("Continue");
		},
		MINUTE,
	);

	test(
		"going back: what was sent is with the gateway, what was not is still in the form, and no secret is in the page",
		async () => {
			await heading("MQTT");
			await field("User").fill("somebody");
			await page.getByRole("link", { name: "Back" }).click();
			await heading("Keys");
			await says("A key is kept.");
			expect(await found(page, [KEY, KEY.replace(/../g, "$& "), AUTHENTICATION_KEY])).toEqual([]);
			await press("Continue");
			await heading("MQTT");
			expect(await field("User").inputValue()).toBe("somebody");
		},
		MINUTE,
	);

	test(
		"MQTT: is tested before it is saved",
		async () => {
			await field("Broker").fill("127.0.0.1");
			await field("Port").fill(`${brokerPort}`);
			await field("User").fill("gateway");
			await field("Password").fill("wrong");
			await press("Test and continue");
			await says("The broker could not be reached", 30_000);
			await field("Password").fill(BROKER_PASSWORD);
			await fits();
			await picture(page, "setup-mqtt");
			await press("Test and continue");
		},
		MINUTE,
	);

	test(
		"password: has to be set, and its strength is told in words",
		async () => {
			await heading("Admin password");
			expect(await found(page, [BROKER_PASSWORD])).toEqual([]);
			expect(await page.getByRole("button", { name: "Skip" }).count()).toBe(0);
			await field("New password").fill("short");
			await says("Too short: 3 more characters.");
			expect(await page.getByRole("button", { name: "Set password" }).isDisabled()).toBe(true);
			await field("New password").fill("password1");
			await says("Weak:");
			await field("New password").fill(ADMIN_PASSWORD);
			await says("Strong.");
			await fits();
			await picture(page, "setup-password");
			await press("Set password");
			await heading("Time zone");
			expect(await found(page, [ADMIN_PASSWORD])).toEqual([]);
		},
		MINUTE,
	);

	test(
		"whoever joins the gateway's Wi-Fi from now on has to sign in",
		async () => {
			const other = (await openPage(browser, gateway.url)).page;
			await other.goto(gateway.url);
			await other.getByRole("heading", { name: "Sign in" }).waitFor();
			await other.goto(`${gateway.url}/#setup/keys`);
			expect(await other.getByLabel("Encryption key").count()).toBe(0);
			await other.getByLabel("Admin password", { exact: true }).fill(ADMIN_PASSWORD);
			await other.getByRole("button", { name: "Sign in" }).click();
			await other.getByRole("heading", { name: "Keys" }).waitFor();
			await other.close();
		},
		MINUTE,
	);

	test("time zone: the browser's own is chosen already", async () => {
		expect(await field("Time zone").inputValue()).toBe("Europe/Oslo");
		await fits();
		await press("Continue");
	});

	test(
		"summary, restart, and the page with readings",
		async () => {
			await heading("All set?");
			const summary = await page.locator("dl.summary").innerText();
			for (const part of ["Home", "HAN / DLMS push", "127.0.0.1", "Europe/Oslo"])
				expect(summary).toContain(part);
			await fits();
			await picture(page, "setup-summary");
			await press("Restart and begin");
			await says("From now on it is here:");
			await picture(page, "setup-restart");
			await page.locator(".now .power .number", { hasText: /\d/ }).waitFor();
			await fits();
			await picture(page, "setup-done", false);
			expect(new URL(page.url()).hash).toBe("#now");
		},
		2 * MINUTE,
	);

	test("what was chosen is in effect: the network, the keys, the broker", async () => {
		const health = (await gateway.health()) as Awaited<ReturnType<Gateway["health"]>> & {
			readonly network: object;
		};
		expect(health.network).toMatchObject({ state: "online", ssid: "Home" });
		expect(outputHealth(health, "mqtt")).toMatchObject({ connected: true });
		expect(await gateway.reading()).toContain('"protocol":"dlms"');
	});

	test("asked nothing of any other host, and no script complained", () => {
		expect(watched.foreign).toEqual([]);
		expect(watched.complaints).toEqual([]);
		expect(page.viewportSize()).toEqual(PHONE);
	});
});
