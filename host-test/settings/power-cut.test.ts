// Power loss while settings are saved, taken over or erased (issue 5, acceptance 3): the old or the new, never none.

import "../../host/platform/globals";
import { readSettings } from "../../settings/schema";
import { eraseSettings, loadSettings, SETTINGS_FILE, saveSettings } from "../../settings/store";
import { SECTIONS } from "./example-sections";
import { cutShort, FailingFiles, MemoryFiles, seeded } from "./memory-files";
import { cutSaves, marked } from "./power-cuts";

const POINTS = 1000;
const DEFAULTS = readSettings(SECTIONS, undefined).settings;

test(`${POINTS} random points of a save, one after the other on one device`, () => {
	const { problem, old, fresh, whole } = cutSaves(POINTS, 3);
	expect(problem).toBeUndefined();
	expect(old + fresh + whole).toBe(POINTS);
	// The points reached all three: cut before it counted, cut when all was written, and not cut.
	expect(Math.min(old, whole)).toBeGreaterThan(100);
	expect(fresh).toBeGreaterThan(0);
});

test("every step of a first save: no settings yet, or the new", () => {
	const random = seeded(4);
	const fresh = marked("new", random);
	for (let step = 0, cut = true; cut; step++) {
		const failing = new FailingFiles(new MemoryFiles(), step, random);
		cut = cutShort(() => saveSettings(failing, fresh));
		const { settings } = loadSettings(failing, SECTIONS);
		expect(settings).toEqual(settings.meter?.port === "new" ? fresh : DEFAULTS);
		if (!cut) expect(settings).toEqual(fresh);
	}
});

test("every step of taking over settings.json: used, and whole at the next start", () => {
	const random = seeded(5);
	const kept = marked("kept", random);
	const given = { ...kept, meter: { ...kept.meter, port: "given" } };
	for (let step = 0, failed = true; failed; step++) {
		const before = new MemoryFiles({ [SETTINGS_FILE]: '{"meter":{"port":"given"}}' });
		saveSettings(before, kept);
		const failing = new FailingFiles(before, step, random);
		expect(loadSettings(failing, SECTIONS).settings).toEqual(given);
		failed = failing.failed;
		const device = failing.copy();
		for (const start of ["next", "after that"])
			expect([start, loadSettings(device, SECTIONS).settings]).toEqual([start, given]);
		expect(device.read(SETTINGS_FILE)).toBeUndefined();
	}
});

test("every step of a factory reset: the newest settings or none, never older ones", () => {
	const random = seeded(6);
	for (let step = 0, cut = true; cut; step++) {
		const before = new MemoryFiles();
		for (const mark of ["older", "newest"]) saveSettings(before, marked(mark, random));
		const failing = new FailingFiles(before, step, random);
		cut = cutShort(() => eraseSettings(failing));
		expect(loadSettings(failing.copy(), SECTIONS).settings.meter?.port).toBe(cut ? "newest" : "");
	}
});
