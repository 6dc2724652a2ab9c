// What a person has typed into the form of settings, as a patch for the gateway, or why it is none. Pure. The gateway
// checks everything again; this only spares the way there and back.

import type { FormField as SentField } from "../settings/form.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

/** One field as the gateway sends it, and what a person reads. */
export interface FormField extends Omit<SentField, "choices"> {
	readonly label: string;
	readonly help: string;
	readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

export interface FormSection {
	readonly name: string;
	readonly title: string;
	readonly fields: readonly FormField[];
}

/** What is typed into a field: its text, a switch's state, or what is to become of a secret. */
export type Entry = string | boolean | { readonly replace: string } | { readonly clear: true };

/** Entries by `section.key`; what is not there has not been touched. */
export type Entries = Readonly<Record<string, Entry>>;

/** Reasons by `section.key`; `*` is about the whole. */
export type Problems = Readonly<Record<string, string>>;

export type Patch = Readonly<Record<string, Readonly<Record<string, string | number | boolean | null>>>>;

/** What the field shows as long as it has not been touched. */
export function shownEntry(field: FormField): string | boolean {
	if (field.secret) return "";
	return field.type === "switch" ? field.value === true : `${field.value ?? ""}`;
}

/** The patch of everything that differs from the form, how many values that are, and what cannot be. */
export function patchOf(
	sections: readonly FormSection[],
	entries: Entries,
): { readonly patch: Patch; readonly changes: number; readonly problems: Problems } {
	const patch: Record<string, Record<string, string | number | boolean | null>> = {};
	const problems: Record<string, string> = {};
	let changes = 0;
	for (const section of sections) {
		for (const field of section.fields) {
			const name = `${section.name}.${field.key}`;
			const entry = entries[name];
			if (entry === undefined || entry === shownEntry(field)) continue;
			changes++;
			const value = valueOf(field, entry);
			const problem = value === null ? undefined : problemWith(field, value);
			if (problem) problems[name] = problem;
			patch[section.name] = { ...patch[section.name], [field.key]: value };
		}
	}
	return { patch, changes, problems };
}

function valueOf(field: FormField, entry: Entry): string | number | boolean | null {
	if (typeof entry === "boolean") return entry;
	if (typeof entry === "object") return "clear" in entry ? null : plain(field, entry.replace);
	if (field.type === "number") return entry.trim() === "" ? Number.NaN : Number(entry.replace(",", "."));
	return plain(field, entry);
}

/** Keys are pasted with blanks, colons and hyphens in them. */
function plain(field: FormField, text: string): string {
	return field.format === "hex32" ? hexDigits(text) : text;
}

export function hexDigits(text: string): string {
	return text.replace(/[\s:.-]/g, "");
}

/** Why a value cannot be; `undefined` where nothing speaks against it. */
export function problemWith(field: FormField, value: string | number | boolean): string | undefined {
	const { problem } = texts.settings;
	if (typeof value === "number") {
		const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, fractional } = field;
		if (!Number.isFinite(value)) return problem.number;
		if (!fractional && !Number.isInteger(value)) return problem.whole;
		return value < least || value > most ? filled(problem.range, { least, most }) : undefined;
	}
	if (typeof value === "boolean" || field.type !== "text") return undefined;
	if (field.format === "hex32") return value === "" || isKey(value) ? undefined : problem.hex;
	if (value.length > (field.longest ?? Number.POSITIVE_INFINITY))
		return filled(problem.long, { most: field.longest ?? 0 });
	if (field.format === "host" && value !== "" && !/^[\w.:-]+$/.test(value)) return problem.host;
	return undefined;
}

/** A meter's key: 16 bytes in hexadecimal. */
export function isKey(digits: string): boolean {
	return /^[0-9a-f]{32}$/i.test(digits);
}

/** The gateway's list as reasons by field; several for one are put together. */
export function problemsOf(
	list: readonly { readonly setting: string; readonly problem: string }[],
): Problems {
	const problems: Record<string, string> = {};
	for (const { setting, problem } of list)
		problems[setting] = problems[setting] ? `${problems[setting]}; ${problem}` : problem;
	return problems;
}

export function findField(sections: readonly FormSection[], name: string): FormField | undefined {
	const [section, key] = name.split(".");
	return sections.find((each) => each.name === section)?.fields.find((field) => field.key === key);
}
