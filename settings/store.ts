// Settings in a file: read once at the start, written when they change. JSON, bounded; a damaged file is reported and
// the defaults are used.

import {
	LONGEST_SETTINGS_FILE,
	readSettings,
	type SettingProblem,
	type SettingSection,
	type Settings,
} from "./schema.js";

/** The files that settings are kept in: a part of the device's. */
interface Files {
	read(name: string): Uint8Array | undefined;
	write(name: string, bytes: Uint8Array): void;
}

export const SETTINGS_FILE = "settings.json";

/** Complete settings, and what in the file did not fit. */
export function loadSettings(
	files: Pick<Files, "read">,
	sections: readonly SettingSection[],
): { readonly settings: Settings; readonly problems: readonly SettingProblem[] } {
	const bytes = files.read(SETTINGS_FILE);
	if (!bytes) return readSettings(sections, undefined);
	const parsed = parse(bytes);
	const { settings, problems } = readSettings(sections, parsed.value);
	return { settings, problems: parsed.problem ? [parsed.problem, ...problems] : problems };
}

/** Replaces the file; throws where the storage is full or broken, or the settings are longer than may be read back. */
export function saveSettings(files: Pick<Files, "write">, settings: Settings): void {
	const bytes = new Uint8Array(ArrayBuffer.fromString(JSON.stringify(settings)));
	if (bytes.length > LONGEST_SETTINGS_FILE)
		throw new Error(`the settings are longer than ${LONGEST_SETTINGS_FILE} bytes`);
	files.write(SETTINGS_FILE, bytes);
}

function parse(bytes: Uint8Array): { readonly value?: unknown; readonly problem?: SettingProblem } {
	const refused = (problem: string) => ({ problem: { setting: SETTINGS_FILE, problem } });
	if (bytes.length > LONGEST_SETTINGS_FILE) return refused(`is longer than ${LONGEST_SETTINGS_FILE} bytes`);
	try {
		return { value: JSON.parse(String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer)) };
	} catch {
		// The parser's message quotes the text, which may hold a secret.
		return refused("is no valid JSON");
	}
}
