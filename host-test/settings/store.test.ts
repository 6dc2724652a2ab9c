// The settings file: read, refused, replaced, taken over, erased.

import "../../host/platform/globals";
import { GENERATIONS } from "../../settings/generations";
import { LONGEST_SETTINGS_FILE, type Settings } from "../../settings/schema";
import { eraseSettings, loadSettings, SETTINGS_FILE, saveSettings } from "../../settings/store";
import { SECTIONS } from "./example-sections";
import { MemoryFiles } from "./memory-files";

const storing = (text?: string) => new MemoryFiles(text === undefined ? {} : { [SETTINGS_FILE]: text });
const DEFAULTS = loadSettings(storing(), SECTIONS).settings;
const withPort = (port: string): Settings => ({ ...DEFAULTS, meter: { ...DEFAULTS.meter, port } });
const portIn = (files: MemoryFiles) => loadSettings(files, SECTIONS).settings.meter?.port;

describe("kept settings", () => {
	test("without a file: defaults, and nothing to complain of", () => {
		const { settings, ...rest } = loadSettings(storing(), SECTIONS);
		expect(settings.meter).toEqual({ port: "", baud: 0, note: "" });
		expect(rest).toEqual({ problems: [], found: false, notices: [] });
	});

	test("what was saved is loaded, beyond ASCII too", () => {
		const files = storing();
		saveSettings(files, withPort("/dev/måler-€"));
		expect(loadSettings(files, SECTIONS)).toEqual({
			settings: withPort("/dev/måler-€"),
			problems: [],
			found: true,
			notices: [],
		});
	});

	test("each change is written beside the one before it, and the same again not at all", () => {
		const files = storing();
		for (const port of ["a", "b", "c"]) saveSettings(files, withPort(port));
		const before = new Map(files.files);
		saveSettings(files, withPort("c"));
		expect(files.files).toEqual(before);
		expect([...files.files.keys()].sort()).toEqual([...GENERATIONS]);
		expect(portIn(files)).toBe("c");
	});

	test("a damaged newest generation gives the one before it, and says so", () => {
		const files = storing();
		for (const port of ["a", "b"]) saveSettings(files, withPort(port));
		const newest = files.read(GENERATIONS[1]) as Uint8Array;
		newest[newest.length - 3] = (newest[newest.length - 3] as number) ^ 1;
		files.write(GENERATIONS[1], newest);
		const { settings, notices } = loadSettings(files, SECTIONS);
		expect(settings.meter?.port).toBe("a");
		expect(notices).toEqual([`${GENERATIONS[1]} is damaged: the other generation is used`]);
	});

	test("every flipped bit of a lone generation is noticed", () => {
		const files = storing();
		saveSettings(files, withPort("a"));
		const whole = files.read(GENERATIONS[0]) as Uint8Array;
		for (let bit = 0; bit < whole.length * 8; bit++) {
			const flipped = whole.slice();
			flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
			files.write(GENERATIONS[0], flipped);
			expect([bit, loadSettings(files, SECTIONS).found]).toEqual([bit, false]);
		}
	});

	test("settings too long to be read back are not saved", () => {
		const files = storing();
		expect(() => saveSettings(files, withPort("x".repeat(LONGEST_SETTINGS_FILE)))).toThrow("longer than");
		expect(files.files.size).toBe(0);
	});

	test("a storage that does not keep what it is given is told, and the settings before are still there", () => {
		const files = storing();
		saveSettings(files, withPort("a"));
		const lossy = { read: files.read.bind(files), write: () => {} };
		expect(() => saveSettings(lossy, withPort("b"))).toThrow("did not keep");
		expect(portIn(files)).toBe("a");
	});
});

describe("a plain settings.json", () => {
	test("is laid over what is kept, once, and removed", () => {
		const files = storing();
		saveSettings(files, { ...withPort("kept"), network: { name: "kept" } });
		files.write(SETTINGS_FILE, Buffer.from('{"meter":{"port":"given"}}'));
		const first = loadSettings(files, SECTIONS);
		expect(first.notices).toEqual([`${SETTINGS_FILE} was taken over`]);
		expect(first.settings).toMatchObject({ meter: { port: "given" }, network: { name: "kept" } });
		expect(files.read(SETTINGS_FILE)).toBeUndefined();
		expect(loadSettings(files, SECTIONS)).toEqual({ ...first, notices: [] });
	});

	test("damaged: defaults, and a problem that does not repeat it; it stays for who wrote it", () => {
		const files = storing('{"meter":{"port":"secret');
		const { settings, problems } = loadSettings(files, SECTIONS);
		expect(settings).toEqual(DEFAULTS);
		expect(problems).toEqual([{ setting: SETTINGS_FILE, problem: "is no valid JSON" }]);
		expect(files.read(SETTINGS_FILE)).toBeDefined();
	});

	test("longer than allowed: not parsed", () => {
		const { problems } = loadSettings(storing(`{}${" ".repeat(LONGEST_SETTINGS_FILE)}`), SECTIONS);
		expect(problems).toEqual([
			{ setting: SETTINGS_FILE, problem: `is longer than ${LONGEST_SETTINGS_FILE} bytes` },
		]);
	});

	test("a value of it that does not fit leaves the kept one", () => {
		const files = storing('{"meter":{"baud":-1}}');
		saveSettings(files, { ...DEFAULTS, meter: { ...DEFAULTS.meter, baud: 9600 } });
		const { settings, problems } = loadSettings(files, SECTIONS);
		expect(settings.meter?.baud).toBe(9600);
		expect(problems).toEqual([{ setting: "meter.baud", problem: "must be from 0 to 921600" }]);
	});

	test("is used, and stays, where the storage is full", () => {
		const files = storing('{"meter":{"port":"given"}}');
		files.write = () => {
			throw new Error("full");
		};
		const { settings, notices } = loadSettings(files, SECTIONS);
		expect(settings.meter?.port).toBe("given");
		expect(notices).toEqual([
			`${SETTINGS_FILE} is used but could not be taken over: the storage is full or broken`,
		]);
		expect(files.read(SETTINGS_FILE)).toBeDefined();
	});
});

test("a factory reset leaves no setting, no secret and none of the other files named; the identity stays", () => {
	const files = new MemoryFiles({ id: "a1b2c3", sessions: "secret-token", [SETTINGS_FILE]: "{" });
	for (const password of ["secret-one", "secret-two"])
		saveSettings(files, { ...DEFAULTS, mqtt: { ...DEFAULTS.mqtt, password } });
	eraseSettings(files, ["sessions"]);
	expect([...files.files.keys()]).toEqual(["id"]);
	expect(files.everything()).not.toContain("secret");
	expect(loadSettings(files, SECTIONS).found).toBe(false);
});
