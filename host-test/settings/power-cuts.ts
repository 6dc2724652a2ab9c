// A gateway that saves its settings again and again while the power fails at random steps. Runs under jest and on XS.

import { readSettings, type Settings } from "../../settings/schema.js";
import { loadSettings, saveSettings } from "../../settings/store.js";
import { SECTIONS } from "./example-sections.js";
import { cutShort, FailingFiles, MemoryFiles, seeded } from "./memory-files.js";

const LONGEST_NOTE = 200;
/** More steps than a save takes, so that some saves end. */
const MOST_STEPS = 700;

/** Settings of any length, told apart by `mark`. */
export function marked(mark: string, random: () => number): Settings {
	const { settings } = readSettings(SECTIONS, undefined);
	const note = "x".repeat(Math.floor(random() * LONGEST_NOTE));
	return {
		...settings,
		meter: { ...settings.meter, note, port: mark },
		mqtt: { ...settings.mqtt, password: mark },
	};
}

/** How `points` cuts ended, and the first of them that left neither the settings before nor those being saved. */
export function cutSaves(
	points: number,
	seed: number,
): { readonly old: number; readonly fresh: number; readonly whole: number; readonly problem?: string } {
	const random = seeded(seed);
	const seen = { old: 0, fresh: 0, whole: 0 };
	let device = new MemoryFiles();
	let before = marked("0", random);
	saveSettings(device, before);
	for (let point = 1; point <= points; point++) {
		const saved = marked(`${point}`, random);
		const failing = new FailingFiles(device, Math.floor(random() * MOST_STEPS), random);
		const cut = cutShort(() => saveSettings(failing, saved));
		// What one cut left is what the next start and the next save find.
		device = failing.copy();
		const { settings, problems, found } = loadSettings(device, SECTIONS);
		const text = JSON.stringify(settings);
		const isFresh = text === JSON.stringify(saved);
		if (!found || problems.length > 0 || (!isFresh && (!cut || text !== JSON.stringify(before))))
			return { ...seen, problem: `point ${point}: found ${found}, ${text}` };
		seen[cut ? (isFresh ? "fresh" : "old") : "whole"]++;
		before = settings;
	}
	return seen;
}
