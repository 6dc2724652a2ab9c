// Settings as a file to take along: JSON without secrets, or with them sealed under a passphrase (PBKDF2-HMAC-SHA-256,
// RFC 8018; AES-128-GCM, NIST SP 800-38D). What is readable in the file is sealed too: secrets open only beside the very
// settings they were written with, so that nobody can send a broker's password to another host by editing the file.

import type { Cipher } from "../protocols/shared/cipher.js";
import { changeSettings, type Restarts, type SettingRule } from "./changes.js";
import { type Digests, MOST_PBKDF2_ITERATIONS, PBKDF2_ITERATIONS, type RandomBytes } from "./digests.js";
import { fromHex, toHex } from "./hex.js";
import { currentVersion, MIGRATIONS, type Migration, migrated, type RawSettings } from "./migrations.js";
import { isRecord, type SettingProblem, type SettingSection, type Settings, shownName } from "./schema.js";
import { isSecret, type SettingValue } from "./setting.js";

/** Shortest passphrase for secrets, in characters. */
export const SHORTEST_PASSPHRASE = 10;

/** Longest file that is read, in bytes: it must fit into a board's memory twice. */
export const LONGEST_EXPORT = 24 * 1024;

const KIND = "meterling settings";
const FORMAT = 1;
const KDF = "PBKDF2-HMAC-SHA-256";
const CIPHER = "AES-128-GCM";
const SALT_LENGTH = 16;
const KEY_LENGTH = 16;
const IV_LENGTH = 12;
/** What the device's cipher writes (protocols/shared/cipher.ts): 96 bits. */
const TAG_LENGTH = 12;

/** What sealing needs of the device. */
export interface Sealing {
	readonly cipher: Cipher;
	readonly digests: Digests;
	readonly randomBytes: RandomBytes;
}

/** What was read: complete settings, what of the file this firmware does not know, and what must start again. */
export type ImportedSettings =
	| {
			readonly settings: Settings;
			readonly restarts: Restarts;
			readonly unknown: readonly string[];
			readonly problems?: undefined;
	  }
	| { readonly problems: readonly SettingProblem[] };

export interface ImportOptions {
	readonly cipher: Cipher;
	readonly digests: Digests;
	/** Needed where the file holds secrets, unless they are to be left. */
	readonly passphrase?: string;
	/** Takes the rest of a file whose passphrase is lost; secrets here stay as they are. */
	readonly leaveSecrets?: boolean;
	readonly rules?: readonly SettingRule[];
	readonly migrations?: readonly Migration[];
}

/** JSON text without any secret. */
export function exportSettings(
	sections: readonly SettingSection[],
	settings: Settings,
	migrations: readonly Migration[] = MIGRATIONS,
): string {
	return JSON.stringify(plainPart(sections, settings, migrations), null, "\t");
}

/** JSON text with the secrets sealed; `problem` where the passphrase is too short. */
export function exportWithSecrets(
	sections: readonly SettingSection[],
	settings: Settings,
	passphrase: string,
	{ cipher, digests, randomBytes }: Sealing,
	migrations: readonly Migration[] = MIGRATIONS,
):
	| { readonly text: string; readonly problem?: undefined }
	| { readonly text?: undefined; readonly problem: string } {
	if (passphrase.length < SHORTEST_PASSPHRASE)
		return { problem: `the passphrase must have at least ${SHORTEST_PASSPHRASE} characters` };
	const plain = plainPart(sections, settings, migrations);
	const salt = randomBytes(SALT_LENGTH);
	const iv = randomBytes(IV_LENGTH);
	const key = digests.pbkdf2Sha256(utf8(passphrase), salt, PBKDF2_ITERATIONS, KEY_LENGTH);
	const secrets = utf8(JSON.stringify(chosen(sections, settings, true)));
	const sealed = {
		kdf: KDF,
		iterations: PBKDF2_ITERATIONS,
		salt: toHex(salt),
		cipher: CIPHER,
		iv: toHex(iv),
		data: toHex(cipher.sealGcm(key, iv, boundTo(plain), secrets)),
	};
	return { text: JSON.stringify({ ...plain, secrets: sealed }, null, "\t") };
}

/** `current` with what an exported file gives. What the file does not name stays, secrets too; all of it fits or none is used. */
export function importSettings(
	sections: readonly SettingSection[],
	current: Settings,
	file: Uint8Array,
	options: ImportOptions,
): ImportedSettings {
	const { migrations = MIGRATIONS, rules = [] } = options;
	const read = readExport(file, migrations);
	if (typeof read === "string") return refused(read);
	const { secrets: sealed, ...plain } = read;
	const secrets = sealed === undefined || options.leaveSecrets ? {} : openSecrets(plain, sealed, options);
	if (typeof secrets === "string") return refused(secrets);
	const raw = { version: plain.version, ...joined(plain.settings, secrets) };
	const { patch, unknown } = knownPart(sections, migrated(raw, migrations).settings);
	const change = changeSettings(sections, current, patch, rules);
	return change.problems ? change : { ...change, unknown };
}

/** The readable part of an export. */
interface PlainExport {
	readonly kind: string;
	readonly format: number;
	readonly version: number;
	readonly settings: RawSettings;
}

function plainPart(
	sections: readonly SettingSection[],
	settings: Settings,
	migrations: readonly Migration[],
): PlainExport {
	return {
		kind: KIND,
		format: FORMAT,
		version: currentVersion(migrations),
		settings: chosen(sections, settings, false),
	};
}

/** Values by section: the secrets that are set, or all that are none. */
function chosen(sections: readonly SettingSection[], settings: Settings, secret: boolean): RawSettings {
	const result: Record<string, Record<string, SettingValue>> = {};
	for (const section of sections) {
		for (const descriptor of section.settings) {
			const value = settings[section.name]?.[descriptor.key] ?? descriptor.default;
			if (isSecret(descriptor) !== secret || (secret && value === "")) continue;
			result[section.name] = { ...result[section.name], [descriptor.key]: value };
		}
	}
	return result;
}

/** The file's parts, or why it is none that can be read. */
function readExport(
	file: Uint8Array,
	migrations: readonly Migration[],
): (PlainExport & { readonly secrets?: unknown }) | string {
	if (file.length > LONGEST_EXPORT) return `is longer than ${LONGEST_EXPORT} bytes`;
	let read: unknown;
	try {
		read = JSON.parse(String.fromArrayBuffer(new Uint8Array(file).buffer));
	} catch {
		return "is no whole JSON: it may have been cut short";
	}
	if (!isRecord(read) || read.kind !== KIND) return "holds no exported settings";
	const { kind, format, version, settings, secrets } = read;
	if (!isWhole(format) || !isWhole(version)) return "holds no exported settings";
	if (format > FORMAT || version > currentVersion(migrations))
		return "was written by a newer version: update this gateway first";
	if (!isRecord(settings)) return "holds no exported settings";
	return { kind, format, version, settings, ...(secrets === undefined ? {} : { secrets }) };
}

function isWhole(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value > 0;
}

/** The secrets by section, or why they stay closed. */
function openSecrets(
	plain: PlainExport,
	sealed: unknown,
	{ cipher, digests, passphrase = "" }: ImportOptions,
): RawSettings | string {
	if (passphrase === "") return "holds secrets: its passphrase is needed";
	if (!isRecord(sealed) || sealed.kdf !== KDF || sealed.cipher !== CIPHER)
		return "seals its secrets in a way that this version does not know";
	const { iterations } = sealed;
	const [salt, iv, data] = [fromHex(sealed.salt), fromHex(sealed.iv), fromHex(sealed.data)];
	if (!isWhole(iterations) || iterations > MOST_PBKDF2_ITERATIONS)
		return "seals its secrets in a way that this version does not know";
	if (salt?.length !== SALT_LENGTH || iv?.length !== IV_LENGTH || !data || data.length < TAG_LENGTH)
		return "has damaged secrets";
	const key = digests.pbkdf2Sha256(utf8(passphrase), salt, iterations, KEY_LENGTH);
	const tagAt = data.length - TAG_LENGTH;
	const opened = cipher.openGcm(key, iv, boundTo(plain), data.subarray(0, tagAt), data.subarray(tagAt));
	if (!opened) return "does not open: the passphrase is wrong, or the file was changed";
	try {
		const secrets: unknown = JSON.parse(String.fromArrayBuffer(new Uint8Array(opened).buffer));
		return isRecord(secrets) ? secrets : "has damaged secrets";
	} catch {
		return "has damaged secrets";
	}
}

/** The readable part as bytes: the same again after it was parsed from JSON, however that was laid out. */
function boundTo({ kind, format, version, settings }: PlainExport): Uint8Array {
	return utf8(JSON.stringify([kind, format, version, settings]));
}

function joined(plain: RawSettings, secrets: RawSettings): RawSettings {
	const result: Record<string, unknown> = { ...plain };
	for (const name of Object.keys(secrets)) {
		const [one, other] = [result[name], secrets[name]];
		result[name] = isRecord(one) && isRecord(other) ? { ...one, ...other } : other;
	}
	return result;
}

/** What this firmware has a setting for. Another build may have outputs that this one lacks. */
function knownPart(
	sections: readonly SettingSection[],
	settings: RawSettings,
): { readonly patch: RawSettings; readonly unknown: readonly string[] } {
	const patch: Record<string, unknown> = {};
	const unknown: string[] = [];
	for (const name of Object.keys(settings)) {
		const section = sections.find((each) => each.name === name);
		const given = settings[name];
		if (!section) unknown.push(shownName(name));
		else if (!isRecord(given)) patch[name] = given;
		else {
			const isKnown = (key: string) => section.settings.some((descriptor) => descriptor.key === key);
			const known: Record<string, unknown> = {};
			for (const key of Object.keys(given)) {
				if (isKnown(key)) known[key] = given[key];
				else unknown.push(`${name}.${shownName(key)}`);
			}
			patch[name] = known;
		}
	}
	return { patch, unknown };
}

function refused(problem: string): { readonly problems: readonly SettingProblem[] } {
	return { problems: [{ setting: "file", problem }] };
}

function utf8(text: string): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromString(text));
}
