// Changes to settings from outside (page, portal, API): all of a patch or none of it, with a reason for each field. And
// what may be shown of settings: secrets are write-only, a view tells only whether they are set.

import {
	isRecord,
	MOST_PROBLEMS,
	type SettingProblem,
	type SettingSection,
	type Settings,
	sectionWith,
	shownName,
} from "./schema.js";
import {
	isSecret,
	type Restart,
	type SettingDescriptor,
	type SettingValue,
	type SettingValues,
} from "./setting.js";

/** Looks at complete settings across fields: why they do not fit together. */
export type SettingRule = (settings: Settings) => readonly SettingProblem[];

/** What changed settings ask to be started again. */
export interface Restarts {
	readonly gateway: boolean;
	readonly meter: boolean;
	/** Sections whose output opens again. */
	readonly outputs: readonly string[];
}

/** The new settings, or every reason why there are none. */
export type SettingChange =
	| { readonly settings: Settings; readonly restarts: Restarts; readonly problems?: undefined }
	| { readonly problems: readonly SettingProblem[] };

/** What stands for a secret wherever settings are shown. */
export interface HiddenSecret {
	readonly set: boolean;
}

export type SettingsView = Readonly<Record<string, Readonly<Record<string, SettingValue | HiddenSecret>>>>;

/**
 * `current` with a patch `{ section: { key: value } }`, as parsed from JSON. What is not named stays, secrets too;
 * `null` brings back the default. Nothing changes where any value does not fit, or a rule objects.
 * To be parsed for nobody who has not signed in: XS keeps every name of a parsed object for ever.
 */
export function changeSettings(
	sections: readonly SettingSection[],
	current: Settings,
	patch: unknown,
	rules: readonly SettingRule[] = [],
): SettingChange {
	if (!isRecord(patch)) return { problems: [{ setting: "*", problem: "must be a JSON object" }] };
	const problems: SettingProblem[] = [];
	const settings: Record<string, SettingValues> = { ...current };
	for (const name of Object.keys(patch)) {
		const section = sections.find((each) => each.name === name);
		if (section) settings[name] = sectionWith(section, current[name] ?? {}, patch[name], problems, true);
		else problems.push({ setting: shownName(name), problem: "is no section" });
		if (problems.length >= MOST_PROBLEMS) break;
	}
	if (problems.length === 0) for (const rule of rules) problems.push(...rule(settings));
	if (problems.length > 0) return { problems: problems.slice(0, MOST_PROBLEMS) };
	return { settings, restarts: restartsBetween(sections, current, settings) };
}

/** What must start again for `after` to take effect where `before` was in effect. */
export function restartsBetween(
	sections: readonly SettingSection[],
	before: Settings,
	after: Settings,
): Restarts {
	const outputs: string[] = [];
	let gateway = false;
	let meter = false;
	for (const section of sections) {
		for (const descriptor of section.settings) {
			if (before[section.name]?.[descriptor.key] === after[section.name]?.[descriptor.key]) continue;
			const restart = restartOf(section, descriptor);
			if (restart === "gateway") gateway = true;
			else if (restart === "meter") meter = true;
			else if (restart === "output" && !outputs.includes(section.name)) outputs.push(section.name);
		}
	}
	return { gateway, meter, outputs };
}

export function restartOf(section: SettingSection, descriptor: SettingDescriptor): Restart {
	return descriptor.restarts ?? section.restarts ?? "gateway";
}

/** The settings as they may be shown to anyone who may read them. */
export function settingsView(sections: readonly SettingSection[], settings: Settings): SettingsView {
	const view: Record<string, SettingsView[string]> = {};
	for (const { name, settings: descriptors } of sections) {
		const values: Record<string, SettingsView[string][string]> = {};
		for (const descriptor of descriptors) values[descriptor.key] = shown(descriptor, settings[name]);
		view[name] = values;
	}
	return view;
}

function shown(
	descriptor: SettingDescriptor,
	values: SettingValues | undefined,
): SettingValue | HiddenSecret {
	const value = values?.[descriptor.key] ?? descriptor.default;
	return isSecret(descriptor) ? { set: value !== "" } : value;
}
