// What `meterling run` makes of its options: which meter, which settings, and refusals in one line.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPlan, type SettingsFile } from "../../host/cli/run-options";

const KEY = "00112233445566778899AABBCCDDEEFF";

test("without options: the Omnipower is emulated, broker and page have no place yet", () => {
	const plan = runPlan([]);
	expect(plan.emulated?.name).toBe("kamstrup-omnipower");
	expect(plan).toMatchObject({ settings: {}, ownBroker: true, anyHttpPort: true });
	expect(plan.emulation).toEqual({ speed: 1, seed: 1, solarWatts: 0, noise: 0 });
});

test("--port with a path is the meter's, with a bare number the page's", () => {
	const meter = runPlan(["--protocol", "p1", "--port", "/dev/ttyUSB0"]);
	expect(meter.emulated).toBeUndefined();
	expect(meter.settings).toEqual({ meter: { protocol: "p1", port: "/dev/ttyUSB0" } });
	const page = runPlan(["--port", "9000"]);
	expect(page.emulated?.name).toBe("kamstrup-omnipower");
	expect(page.settings).toEqual({ http: { port: 9000 } });
	const both = runPlan(["--protocol", "p1", "--port", "/dev/ttyUSB0", "--http-port", "9000"]);
	expect(both.settings).toMatchObject({ meter: { port: "/dev/ttyUSB0" }, http: { port: 9000 } });
});

test("--protocol alone emulates a meter that speaks it", () => {
	expect(runPlan(["--protocol", "p1"]).emulated?.name).toBe("kamstrup-162");
});

test.each([
	["mqtt://broker", { host: "broker", port: 1883 }],
	["mqtt://broker:1884", { host: "broker", port: 1884 }],
	["mqtt://me:p%40ss@[::1]:1884/", { host: "::1", port: 1884, user: "me", password: "p@ss" }],
])("--mqtt %s", (url, expected) => {
	const plan = runPlan(["--mqtt", url]);
	expect(plan.settings.mqtt).toEqual(expected);
	expect(plan.ownBroker).toBe(false);
});

test("keys go to each protocol that has such a setting", () => {
	const { settings } = runPlan(["--encryption-key", KEY]);
	expect(settings.dlms).toEqual({ encryptionKey: KEY });
	expect(settings.kmp).toBeUndefined();
});

describe("--config", () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-config-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));
	const config = (text: string) => {
		const path = join(folder, "settings.json");
		writeFileSync(path, text);
		return path;
	};

	test("options come on top of the file", () => {
		const path = config('{"mqtt":{"host":"a","topic":"t"},"meter":{"protocol":"p1","port":"/dev/x"}}');
		const plan = runPlan(["--config", path, "--mqtt", "mqtt://b:7"]);
		expect(plan.settings.mqtt).toEqual({ host: "b", port: 7, topic: "t" });
		expect(plan.emulated).toBeUndefined();
	});

	test.each(['{"mqtt":{"password":"hush"', '["hush"]', '{"mqtt":"hush"}'])("refused: %s", (text) => {
		const path = config(text);
		expect(() => runPlan(["--config", path])).toThrow(/JSON/);
		expect(() => runPlan(["--config", path])).not.toThrow(/hush/);
	});

	test("a file that is not there", () => {
		expect(() => runPlan(["--config", join(folder, "none.json")])).toThrow(/cannot read .*ENOENT/);
	});
});

test.each([
	[["--port", "/dev/ttyUSB0"], /--protocol/],
	[["--port", "9000", "--http-port", "9001"], /--http-port/],
	[["--meter", "kamstrup-162", "--protocol", "dlms"], /speaks p1/],
	[["--meter", "kamstrup-162", "--protocol", "p1", "--port", "/dev/x"], /one of them/],
	[["--meter", "toaster"], /toaster.*kamstrup-162/],
	[["--speed", "0"], /above 0/],
	[["--speed", "fast"], /number/],
	[["--seed", "-1"], /--seed/],
	[["--http-port", "70000"], /65535/],
	[["--mqtt", "http://x"], /mqtt:\/\//],
	[["--mqtt", "mqtt://u:hush@/"], /mqtt:\/\//],
	[["--mqtt", "mqtt://u:hush@h/topic"], /mqtt:\/\//],
	[["hush"], /argument/],
])("%j is refused in one line that repeats no secret", (args, expected) => {
	expect(() => runPlan(args)).toThrow(expected);
	expect(() => runPlan(args)).not.toThrow(/hush|\n/);
});

describe("with --state", () => {
	const kept = (settings: SettingsFile, restarted = false, stopgap = {}) => ({
		settings,
		stopgap,
		restarted,
	});
	const STORED = { meter: { protocol: "p1", port: "/dev/meter" }, mqtt: { host: "a", topic: "t" } };

	test("the first time: nothing is emulated, no broker of its own, and the page on the usual port", () => {
		const plan = runPlan(["--state", "x"]);
		expect(plan).toMatchObject({ settings: {}, ownBroker: false, anyHttpPort: false });
		expect(plan.emulated).toBeUndefined();
	});

	test("what is stored is used; nothing is laid over it", () => {
		const plan = runPlan(["--state", "x"], kept({ ...STORED, http: { port: 81 } }));
		expect(plan).toMatchObject({ settings: {}, effective: { ...STORED, http: { port: 81 } } });
		expect(plan.emulated).toBeUndefined();
	});

	test("options come on top of what is stored, value by value", () => {
		const plan = runPlan(["--state", "x", "--mqtt", "mqtt://b:7"], kept(STORED));
		expect(plan.settings).toEqual({ mqtt: { host: "b", port: 7 } });
		expect(plan.effective).toEqual({ ...STORED, mqtt: { host: "b", port: 7, topic: "t" } });
	});

	test("a stored protocol serves for --port", () => {
		const plan = runPlan(["--state", "x", "--port", "/dev/other"], kept(STORED));
		expect(plan.effective.meter).toEqual({ protocol: "p1", port: "/dev/other" });
	});

	test("--meter emulates, a stored port or not; --speed does where no port is stored", () => {
		expect(runPlan(["--state", "x", "--meter", "dsmr5"], kept(STORED)).emulated?.name).toBe("dsmr5");
		expect(runPlan(["--state", "x", "--speed", "5"], kept(STORED)).emulated).toBeUndefined();
		expect(runPlan(["--state", "x", "--speed", "5"])).toMatchObject({
			emulated: { name: "kamstrup-omnipower" },
			ownBroker: true,
			anyHttpPort: true,
		});
	});

	test("after a restart what was set in the page counts, not the options", () => {
		const args = ["--state", "x", "--mqtt", "mqtt://b:7", "--meter", "dsmr5"];
		const plan = runPlan(args, kept(STORED, true));
		expect(plan).toMatchObject({ settings: {}, effective: STORED, ownBroker: false });
		expect(plan.emulated).toBeUndefined();
	});

	test("after a restart a stopgap that nobody replaced is there again", () => {
		const stored = { meter: { protocol: "dlms", port: "" }, mqtt: { host: "" } };
		const stopgap = { port: "socket://127.0.0.1:5", broker: 1883 };
		const plan = runPlan(["--state", "x", "--meter", "dsmr5"], kept(stored, true, stopgap));
		expect(plan.emulated?.name).toBe("dsmr5");
		expect(plan.ownBroker).toBe(true);
		// The broker was taken out in the page.
		const without = runPlan([], kept(stored, true, { port: stopgap.port }));
		expect(without).toMatchObject({ emulated: { name: "kamstrup-omnipower" }, ownBroker: false });
	});
});

test.each([
	["1e-4", 1e-4],
	["0.001", 0.001],
	["1", 1],
])("--noise %s", (text, noise) => {
	expect(runPlan(["--noise", text]).emulation.noise).toBe(noise);
});

test.each(["2", "-1", "much", "1e", "0x1"])("--noise %s is refused", (text) => {
	expect(() => runPlan([`--noise=${text}`])).toThrow("a share from 0 to 1");
});
