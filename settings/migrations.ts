// Settings files of older versions become files of this one, step by step. A step is a pure function that moves what is
// there and leaves the rest: a file that somebody wrote by hand has no version and passes through every step.

import { isRecord } from "./schema.js";

/** A parsed settings file: sections by name, nothing of it checked. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** From one version to the next. Never throws, whatever the values are. */
export type Migration = (settings: RawSettings) => RawSettings;

/** Step n (from 0) leads from version n + 1 to n + 2. Steps are only ever added at the end. */
export const MIGRATIONS: readonly Migration[] = Object.freeze([]);

/** The key beside the sections that holds the version. */
export const VERSION_KEY = "version";

/** The version that is written. */
export function currentVersion(migrations: readonly Migration[] = MIGRATIONS): number {
	return migrations.length + 1;
}

/**
 * `file` without its version, at the current version. `newer`: it was written by a later firmware (one that was rolled
 * back); what is still known of it may be used.
 */
export function migrated(
	file: RawSettings,
	migrations: readonly Migration[] = MIGRATIONS,
): { readonly settings: RawSettings; readonly newer: boolean } {
	const { [VERSION_KEY]: written, ...sections } = file;
	const version = typeof written === "number" && Number.isInteger(written) && written > 0 ? written : 1;
	let settings: RawSettings = sections;
	for (const migration of migrations.slice(version - 1)) settings = migration(settings);
	return { settings, newer: version > currentVersion(migrations) };
}

/** `settings` with one value moved; as they were where there is no such value, or one at its new place already. */
export function movedSetting(
	settings: RawSettings,
	[fromSection, fromKey]: readonly [string, string],
	[toSection, toKey]: readonly [string, string],
): RawSettings {
	const from = settings[fromSection];
	if (!isRecord(from) || !(fromKey in from)) return settings;
	const { [fromKey]: value, ...rest } = from;
	const { [fromSection]: _, ...others } = settings;
	// A section that is emptied is gone: it would be reported as unknown.
	const without: RawSettings = Object.keys(rest).length === 0 ? others : { ...others, [fromSection]: rest };
	const to = without[toSection] ?? {};
	if (!isRecord(to) || toKey in to) return without;
	return { ...without, [toSection]: { ...to, [toKey]: value } };
}
