// The settings file: read, refused, replaced.

import "../../host/platform/globals";
import { LONGEST_SETTINGS_FILE, type SettingSection } from "../../settings/schema";
import { loadSettings, SETTINGS_FILE, saveSettings } from "../../settings/store";

const SECTIONS: readonly SettingSection[] = [
	{
		name: "meter",
		title: "Meter",
		settings: [{ key: "port", type: "text", default: "", label: "Port", help: "Where." }],
	},
];

function storing(text?: string) {
	const files = new Map<string, Uint8Array>();
	if (text !== undefined) files.set(SETTINGS_FILE, Buffer.from(text));
	return {
		read: (name: string) => files.get(name),
		write: (name: string, bytes: Uint8Array) => void files.set(name, bytes),
	};
}

test("without a file: defaults, and nothing to complain of", () => {
	expect(loadSettings(storing(), SECTIONS)).toEqual({ settings: { meter: { port: "" } }, problems: [] });
});

test("what was saved is loaded, beyond ASCII too", () => {
	const files = storing();
	saveSettings(files, { meter: { port: "/dev/måler-€" } });
	expect(loadSettings(files, SECTIONS).settings.meter?.port).toBe("/dev/måler-€");
});

test("a damaged file gives defaults and a problem that does not repeat it", () => {
	const { settings, problems } = loadSettings(storing('{"meter":{"port":"secret'), SECTIONS);
	expect(settings).toEqual({ meter: { port: "" } });
	expect(problems).toEqual([{ setting: SETTINGS_FILE, problem: "is no valid JSON" }]);
});

test("a file longer than allowed is not parsed", () => {
	const { problems } = loadSettings(storing(`{}${" ".repeat(LONGEST_SETTINGS_FILE)}`), SECTIONS);
	expect(problems).toEqual([
		{ setting: SETTINGS_FILE, problem: `is longer than ${LONGEST_SETTINGS_FILE} bytes` },
	]);
});

test("settings too long to be read back are not saved", () => {
	const files = storing();
	const port = "x".repeat(LONGEST_SETTINGS_FILE);
	expect(() => saveSettings(files, { meter: { port } })).toThrow("longer than");
	expect(files.read(SETTINGS_FILE)).toBeUndefined();
});
