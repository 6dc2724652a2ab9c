// The settings in a state folder as `meterling run` needs to know them before the firmware starts: whether there are any,
// and what an emulation of an earlier run left in them, which is nobody's choice. The firmware reads them for itself.

import { readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newestText } from "../../settings/generations.js";
import { migrated } from "../../settings/migrations.js";
import { isRecord } from "../../settings/schema.js";
import { SETTINGS_FILE } from "../../settings/store.js";
import { UsageError } from "./command.js";
import type { SettingsFile } from "./run-options.js";

/** What this program itself put into the settings for one run. */
export interface Stopgap {
	/** The emulated meter's address. */
	readonly port?: string;
	/** The port of this program's own broker. */
	readonly broker?: number;
}

export interface StoredSettings {
	/** By section, without stopgaps; `undefined` where nothing is stored. */
	readonly settings: SettingsFile | undefined;
	/** Stopgaps that nobody has put anything else in the place of. */
	readonly stopgap: Stopgap;
}

const STOPGAP = "emulation.json";
/** Where this program's broker is. */
export const OWN_BROKER_HOST = "127.0.0.1";

export function storedSettings(folder: string): StoredSettings {
	const stored = generations(folder);
	const plain = plainFile(folder);
	if (!stored && !plain) return { settings: undefined, stopgap: {} };
	const settings = over(stored ?? {}, plain ?? {});
	const left = stopgapOf(folder);
	const { meter, mqtt } = settings;
	const isPort = left.port !== undefined && meter?.port === left.port;
	const isBroker = left.broker !== undefined && mqtt?.host === OWN_BROKER_HOST && mqtt.port === left.broker;
	if (isPort) settings.meter = { ...meter, port: "" };
	if (isBroker) settings.mqtt = { ...mqtt, host: "" };
	const { port, broker } = left;
	return {
		settings,
		stopgap: {
			...(isPort && port !== undefined ? { port } : {}),
			...(isBroker && broker !== undefined ? { broker } : {}),
		},
	};
}

/** Leaves `settings` for the firmware to lay over what it keeps, and remembers which of them are stopgaps. */
export function laySettings(folder: string, settings: SettingsFile, stopgap: Stopgap): void {
	if (Object.keys(stopgap).length > 0) write(join(folder, STOPGAP), stopgap);
	else remove(join(folder, STOPGAP));
	if (Object.keys(settings).length > 0)
		write(join(folder, SETTINGS_FILE), over(plainFile(folder) ?? {}, settings));
}

/** `upper` on top of `lower`, value by value. */
export function over(lower: SettingsFile, upper: SettingsFile): SettingsFile {
	const result: SettingsFile = { ...lower };
	for (const [name, values] of Object.entries(upper)) result[name] = { ...result[name], ...values };
	return result;
}

function generations(folder: string): SettingsFile | undefined {
	const { text } = newestText({ read: (name) => fileBytes(join(folder, name)) });
	if (!text) return undefined;
	const parsed = parsedJson(Buffer.from(text).toString("utf8"));
	return isRecord(parsed) ? sectionsOf(migrated(parsed).settings) : undefined;
}

/** A person's own, which must be whole before anything is laid over it. */
function plainFile(folder: string): SettingsFile | undefined {
	const bytes = fileBytes(join(folder, SETTINGS_FILE));
	if (!bytes) return undefined;
	const parsed = parsedJson(Buffer.from(bytes).toString("utf8"));
	if (!isRecord(parsed))
		throw new UsageError(`${join(folder, SETTINGS_FILE)} is no valid JSON: mend or remove it`);
	return sectionsOf(migrated(parsed).settings);
}

function sectionsOf(file: Readonly<Record<string, unknown>>): SettingsFile {
	return Object.fromEntries(Object.entries(file).filter(([, values]) => isRecord(values))) as SettingsFile;
}

function stopgapOf(folder: string): Stopgap {
	const bytes = fileBytes(join(folder, STOPGAP));
	const parsed = bytes && parsedJson(Buffer.from(bytes).toString("utf8"));
	return isRecord(parsed) ? (parsed as Stopgap) : {};
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function fileBytes(path: string): Uint8Array | undefined {
	try {
		return readFileSync(path);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") return undefined;
		throw new UsageError(`cannot read ${path}: ${code}`);
	}
}

/** At once or not at all: half a file would keep the next start from beginning. */
function write(path: string, content: object): void {
	const fresh = `${path}.new`;
	try {
		writeFileSync(fresh, JSON.stringify(content), { mode: 0o600 });
		renameSync(fresh, path);
	} catch (error) {
		throw new UsageError(`cannot write ${path}: ${(error as NodeJS.ErrnoException).code}`);
	}
}

function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch {
		// There was none.
	}
}
