// What a setting is: the one truth from which validation, the stored form, the forms of page and portal and the
// command line's options are made. Protocols and outputs declare their own with these types.

import { BLANKS, consistsOf, indexOfAny, isHex, runs } from "../readings/characters.js";

/** A setting's value as stored in JSON. */
export type SettingValue = string | number | boolean;
export type SettingValues = Readonly<Record<string, SettingValue>>;

/** What must start again for a changed setting to take effect. */
export type Restart = "nothing" | "output" | "meter" | "gateway";

interface Common {
	/** Key inside its section, camelCase: `mqtt.keepAlive` is section `mqtt`, key `keepAlive`. */
	readonly key: string;
	/** For people, as `help` and the labels of choices: the page's build takes them, the firmware is built without. */
	readonly label: string;
	/** One or two sentences for the person who sets it. */
	readonly help: string;
	/** As its section says unless given. */
	readonly restarts?: Restart;
}

/** Text; `secret` values are write-only: they never appear in a page, an answer or a log. */
export interface TextSetting extends Common {
	readonly type: "text";
	readonly default: string;
	readonly secret?: boolean;
	/**
	 * `hex32`: 32 hexadecimal digits or empty; `host`: a host name or address; `url`: an
	 * address with http, https or udp, without user and password, and without a query unless it is secret; `any` otherwise.
	 */
	readonly format?: "any" | "hex32" | "host" | "url";
	readonly longest?: number;
}

/** A number within `[least, most]`. */
export interface NumberSetting extends Common {
	readonly type: "number";
	readonly default: number;
	readonly least: number;
	readonly most: number;
	/** A whole number unless set. */
	readonly fractional?: boolean;
	readonly unit?: string;
}

export interface SwitchSetting extends Common {
	readonly type: "switch";
	readonly default: boolean;
}

/** One of `choices`: value and what the form shows. */
export interface ChoiceSetting extends Common {
	readonly type: "choice";
	readonly default: string;
	readonly choices: readonly { readonly value: string; readonly label: string }[];
}

export type SettingDescriptor = TextSetting | NumberSetting | SwitchSetting | ChoiceSetting;

/** Whether its value may be written but never shown. */
export function isSecret(descriptor: SettingDescriptor): boolean {
	return descriptor.type === "text" && descriptor.secret === true;
}

/** Values with every default filled in. */
export function defaultValues(descriptors: readonly SettingDescriptor[]): SettingValues {
	const values: Record<string, SettingValue> = {};
	for (const descriptor of descriptors) values[descriptor.key] = descriptor.default;
	return values;
}

/** Why a value does not fit its descriptor, in words for a person; `undefined` where it fits. Never repeats the value. */
export function problemWith(descriptor: SettingDescriptor, value: unknown): string | undefined {
	switch (descriptor.type) {
		case "text":
			return problemWithText(descriptor, value);
		case "number":
			return problemWithNumber(descriptor, value);
		case "switch":
			return typeof value === "boolean" ? undefined : "must be true or false";
		case "choice":
			return descriptor.choices.some((choice) => choice.value === value)
				? undefined
				: `must be one of ${descriptor.choices.map((choice) => choice.value).join(", ")}`;
	}
}

/** Longest text, in characters, where a setting gives no other. */
export const LONGEST_TEXT = 255;
const HEX_KEY_DIGITS = 32;

function problemWithText(
	{ format, longest = LONGEST_TEXT, secret }: TextSetting,
	value: unknown,
): string | undefined {
	if (typeof value !== "string") return "must be text";
	if (value.length > longest) return `must have at most ${longest} characters`;
	if (format === "hex32" && value !== "" && !(value.length === HEX_KEY_DIGITS && isHex(value)))
		return `must be ${HEX_KEY_DIGITS} hexadecimal digits`;
	if (format === "host" && value !== "" && !consistsOf(value, "a-zA-Z0-9_.:-"))
		return "must be a host name or an address";
	if (format === "url" && value !== "" && !isUrl(value))
		return "must be an address with http://, without user and password";
	if (format === "url" && !secret && value.includes("?"))
		return "must be an address without a query, where tokens stand";
	if (!secret && format !== "hex32" && looksLikeKey(value))
		return "looks like a meter's key, which belongs into a field of its own";
	return undefined;
}

/** Is it a meter's key, 16 bytes in hexadecimal, however they are set apart? In a field that is shown it would be told. */
export function looksLikeKey(text: string): boolean {
	if (text.length < HEX_KEY_DIGITS) return false;
	const trimmed = text.trim();
	const groups = runs(trimmed, "0-9a-fA-F");
	return (
		groups.join("").length === HEX_KEY_DIGITS &&
		groups.every(({ length }) => length % 2 === 0) &&
		isHex(trimmed.charAt(0)) &&
		consistsOf(trimmed, `0-9a-fA-F:.${BLANKS}-`)
	);
}

/** Its form alone; outputs/shared/url.ts reads it. */
function isUrl(text: string): boolean {
	const at = text.indexOf("://");
	const rest = text.slice(at + 3);
	const end = indexOfAny(rest, "/?");
	const authority = end < 0 ? rest : rest.slice(0, end);
	return (
		["http", "https", "udp"].includes(text.slice(0, Math.max(at, 0)).toLowerCase()) &&
		authority !== "" &&
		!authority.includes("@") &&
		indexOfAny(rest, `#${BLANKS}`) < 0
	);
}

function problemWithNumber({ least, most, fractional }: NumberSetting, value: unknown): string | undefined {
	if (typeof value !== "number" || !Number.isFinite(value)) return "must be a number";
	if (!fractional && !Number.isInteger(value)) return "must be a whole number";
	return value < least || value > most ? `must be from ${least} to ${most}` : undefined;
}
