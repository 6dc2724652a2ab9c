// Settings kept: read once at the start, written when they change, erased by a factory reset. They lie in two generations
// (generations.ts). A plain settings.json beside them, from the command line or an older firmware, is laid over them
// once and removed. Nothing that is damaged keeps the gateway from starting.

import { GENERATIONS, newestText, removeGenerations, type SettingsFiles, writeText } from "./generations.js";
import { currentVersion, MIGRATIONS, type Migration, migrated, VERSION_KEY } from "./migrations.js";
import {
	isRecord,
	LONGEST_SETTINGS_FILE,
	readSettings,
	type SettingProblem,
	type SettingSection,
	type Settings,
} from "./schema.js";

/** A plain file that is taken over at the start: what it gives replaces what is kept, all else stays. */
export const SETTINGS_FILE = "settings.json";

export interface LoadedSettings {
	readonly settings: Settings;
	/** Values that were not used. */
	readonly problems: readonly SettingProblem[];
	/** Whether there were any settings: not on a new device, nor after a factory reset. */
	readonly found: boolean;
	/** What the log should tell: lines without values. */
	readonly notices: readonly string[];
}

/** Complete settings. Takes over and removes a plain file. */
export function loadSettings(
	files: SettingsFiles,
	sections: readonly SettingSection[],
	migrations: readonly Migration[] = MIGRATIONS,
): LoadedSettings {
	const notices: string[] = [];
	const problems: SettingProblem[] = [];
	const use = (name: string, bytes: Uint8Array | undefined, base?: Settings): Settings => {
		const parsed = bytes ? parse(name, bytes) : {};
		if (parsed.problem) problems.push(parsed.problem);
		const file = isRecord(parsed.value) ? migrated(parsed.value, migrations) : undefined;
		if (file?.newer) notices.push(`${name} is from a newer version: what is known of it is used`);
		const read = readSettings(sections, file ? file.settings : parsed.value, base);
		problems.push(...read.problems);
		return read.settings;
	};

	const { text, damaged } = newestText(files);
	for (const name of damaged)
		notices.push(`${name} is damaged: ${text ? "the other generation is used" : "there is no other"}`);
	let settings = use("the kept file", text);
	const plain = files.read(SETTINGS_FILE);
	if (plain) {
		settings = use(SETTINGS_FILE, plain, settings);
		// One that is no JSON stays, for the person who wrote it.
		if (!parse(SETTINGS_FILE, plain).problem) takeOver(files, settings, migrations, notices);
	}
	return { settings, problems, found: text !== undefined || plain !== undefined, notices };
}

/**
 * Keeps the settings: they are all written, or those before are still there. Throws where the storage is full or
 * broken, or the settings are longer than may be read back.
 */
export function saveSettings(
	files: Pick<SettingsFiles, "read" | "write">,
	settings: Settings,
	migrations: readonly Migration[] = MIGRATIONS,
): void {
	const file = { [VERSION_KEY]: currentVersion(migrations), ...settings };
	writeText(files, new Uint8Array(ArrayBuffer.fromString(JSON.stringify(file))));
}

/**
 * Factory reset: no setting and no secret is left in a file, nor in `others` (sessions, tokens, history where that is
 * wanted). The device's name stays. Throws where the storage is broken.
 */
export function eraseSettings(files: SettingsFiles, others: readonly string[] = []): void {
	for (const name of others) files.remove(name);
	files.remove(SETTINGS_FILE);
	removeGenerations(files);
}

/** Every file that may hold settings. */
export const SETTINGS_FILES: readonly string[] = Object.freeze([SETTINGS_FILE, ...GENERATIONS]);

function takeOver(
	files: SettingsFiles,
	settings: Settings,
	migrations: readonly Migration[],
	notices: string[],
): void {
	try {
		saveSettings(files, settings, migrations);
		files.remove(SETTINGS_FILE);
		notices.push(`${SETTINGS_FILE} was taken over`);
	} catch {
		notices.push(`${SETTINGS_FILE} is used but could not be taken over: the storage is full or broken`);
	}
}

function parse(
	name: string,
	bytes: Uint8Array,
): { readonly value?: unknown; readonly problem?: SettingProblem } {
	const refused = (problem: string) => ({ problem: { setting: name, problem } });
	if (bytes.length > LONGEST_SETTINGS_FILE) return refused(`is longer than ${LONGEST_SETTINGS_FILE} bytes`);
	try {
		return { value: JSON.parse(String.fromArrayBuffer(new Uint8Array(bytes).buffer)) };
	} catch {
		// The parser's message quotes the text, which may hold a secret.
		return refused("is no valid JSON");
	}
}
