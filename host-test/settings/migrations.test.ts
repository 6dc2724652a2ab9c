// Older settings files, with made-up steps: this firmware has none yet.

import "../../host/platform/globals";
import { currentVersion, type Migration, migrated, movedSetting } from "../../settings/migrations";
import { loadSettings, saveSettings } from "../../settings/store";
import { SECTIONS } from "./example-sections";
import { MemoryFiles } from "./memory-files";

/** Version 1 had the broker in a section of its own, version 2 called it `mqtt.server`. */
const STEPS: readonly Migration[] = [
	(settings) => movedSetting(settings, ["broker", "address"], ["mqtt", "server"]),
	(settings) => movedSetting(settings, ["mqtt", "server"], ["mqtt", "host"]),
];

describe("steps from version to version", () => {
	test.each([
		[{ version: 1, broker: { address: "a" } }, { mqtt: { host: "a" } }],
		[{ version: 2, mqtt: { server: "b", retain: false } }, { mqtt: { host: "b", retain: false } }],
		[{ version: 3, mqtt: { host: "c" } }, { mqtt: { host: "c" } }],
		// Written by hand: no version, and today's names.
		[{ mqtt: { host: "d" } }, { mqtt: { host: "d" } }],
		// Both names: today's counts.
		[{ version: 1, broker: { address: "old" }, mqtt: { host: "e" } }, { mqtt: { host: "e" } }],
	])("%j", (file, expected) => {
		expect(migrated(file, STEPS)).toEqual({ settings: expected, newer: false });
	});

	test.each([
		{ version: "x", broker: 1 },
		{ version: -3, broker: null },
		{ version: 1.5, mqtt: [] },
		{ broker: [] },
	])("values of any kind pass through: %j", (file) => {
		const { version, ...rest } = { version: 1, ...file };
		expect(migrated(file, STEPS).settings).toEqual(rest);
	});

	test("what is at its new place already is left there", () => {
		const settings = { mqtt: { server: "old", host: "new" } };
		expect(movedSetting(settings, ["mqtt", "server"], ["mqtt", "host"])).toEqual({ mqtt: { host: "new" } });
		expect(settings.mqtt.server).toBe("old");
	});
});

describe("kept settings of another version", () => {
	test("of an older firmware: the new firmware finds them at their new place, and writes its version", () => {
		const files = new MemoryFiles({ "settings.json": '{"broker":{"address":"old.example"}}' });
		// The older firmware knew no steps, and a section `broker`.
		const broker = { key: "address", type: "text", default: "", label: "", help: "" } as const;
		loadSettings(files, [{ name: "broker", title: "", settings: [broker] }], []);
		expect(files.read("settings.json")).toBeUndefined();

		const { settings, problems } = loadSettings(files, SECTIONS, STEPS);
		expect(settings.mqtt?.host).toBe("old.example");
		expect(problems).toEqual([]);
		saveSettings(files, settings, STEPS);
		expect(files.everything()).toContain(`"version":${currentVersion(STEPS)}`);
		expect(loadSettings(files, SECTIONS, STEPS).settings).toEqual(settings);
	});

	test("of a newer firmware that was rolled back: what is known is used, and said", () => {
		const files = new MemoryFiles();
		const { settings } = loadSettings(files, SECTIONS);
		saveSettings(files, { ...settings, mqtt: { ...settings.mqtt, host: "kept.example" } }, STEPS);
		const loaded = loadSettings(files, SECTIONS, []);
		expect(loaded.settings.mqtt?.host).toBe("kept.example");
		expect(loaded.notices).toEqual(["the kept file is from a newer version: what is known of it is used"]);
	});
});
