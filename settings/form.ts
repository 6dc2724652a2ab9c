// The settings as data for a form: every value with its limits, and no secret. What the fields are called, and their help,
// comes with the page, which is built from the same descriptors (tools/setting-texts.mjs): a chip has no room for prose.

import { restartOf } from "./changes.js";
import type { SettingSection, Settings } from "./schema.js";
import {
	isSecret,
	LONGEST_TEXT,
	type Restart,
	type SettingDescriptor,
	type SettingValue,
} from "./setting.js";

export interface FormSection {
	readonly name: string;
	readonly title: string;
	readonly fields: readonly FormField[];
}

/** One field; limits that do not apply to its type are left out. */
export interface FormField {
	readonly key: string;
	readonly type: SettingDescriptor["type"];
	readonly restarts: Restart;
	readonly unit?: string;
	readonly least?: number;
	readonly most?: number;
	readonly fractional?: boolean;
	readonly longest?: number;
	readonly format?: string;
	readonly choices?: readonly string[];
	/** Left out for secrets, as `value` is. */
	readonly default?: SettingValue;
	readonly value?: SettingValue;
	/** Only there for secrets: whether there is one. */
	readonly secret?: { readonly set: boolean };
}

/** The form of every section, filled in with `settings`. */
export function settingsForm(
	sections: readonly SettingSection[],
	settings: Settings,
): readonly FormSection[] {
	return sections.map((section) => ({
		name: section.name,
		title: section.title,
		fields: section.settings.map((descriptor) =>
			field(section, descriptor, settings[section.name]?.[descriptor.key] ?? descriptor.default),
		),
	}));
}

function field(section: SettingSection, descriptor: SettingDescriptor, value: SettingValue): FormField {
	const { key, type } = descriptor;
	const common = { key, type, restarts: restartOf(section, descriptor), ...limits(descriptor) };
	if (isSecret(descriptor)) return { ...common, secret: { set: value !== "" } };
	return { ...common, default: descriptor.default, value };
}

function limits(descriptor: SettingDescriptor): Partial<FormField> {
	switch (descriptor.type) {
		case "text": {
			const { format, longest } = descriptor;
			return { longest: longest ?? LONGEST_TEXT, ...(format === undefined ? {} : { format }) };
		}
		case "number": {
			const { least, most, fractional, unit } = descriptor;
			return {
				least,
				most,
				...(fractional ? { fractional } : {}),
				...(unit === undefined ? {} : { unit }),
			};
		}
		case "choice":
			return { choices: descriptor.choices.map(({ value }) => value) };
		case "switch":
			return {};
	}
}
