// Changes to settings from outside (page, portal, API): all of a patch or none of it, with a reason for each field. And
// what may be shown of settings: secrets are write-only, a view tells only whether they are set.

import { isRecord, type SettingProblem, type SettingSection, type Settings, shownName } from "./schema.js";
import {
	isSecret,
	problemWith,
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

/** A patch that is wrong all over is answered with this many reasons. */
const MOST_PROBLEMS = 32;

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
		if (section) settings[name] = changedSection(section, current[name] ?? {}, patch[name], problems);
		else problems.push({ setting: shownName(name), problem: "is no section" });
		if (problems.length >= MOST_PROBLEMS) break;
	}
	if (problems.length === 0) for (const rule of rules) problems.push(...rule(settings));
	if (problems.length > 0) return { problems: problems.slice(0, MOST_PROBLEMS) };
	return { settings, restarts: restartsBetween(sections, current, settings) };
}

function changedSection(
	section: SettingSection,
	current: SettingValues,
	given: unknown,
	problems: SettingProblem[],
): SettingValues {
	if (!isRecord(given)) {
		problems.push({ setting: section.name, problem: "must be a JSON object" });
		return current;
	}
	const values: Record<string, SettingValue> = { ...current };
	for (const key of Object.keys(given)) {
		const descriptor = section.settings.find((each) => each.key === key);
		const value = given[key] === null ? descriptor?.default : given[key];
		const problem = descriptor ? problemWith(descriptor, value) : "is no setting";
		if (problem) problems.push({ setting: `${section.name}.${shownName(key)}`, problem });
		else values[key] = value as SettingValue;
		if (problems.length >= MOST_PROBLEMS) break;
	}
	return values;
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
	return Object.fromEntries(
		sections.map((section) => [
			section.name,
			Object.fromEntries(
				section.settings.map((descriptor) => [descriptor.key, shown(descriptor, settings[section.name])]),
			),
		]),
	);
}

function shown(
	descriptor: SettingDescriptor,
	values: SettingValues | undefined,
): SettingValue | HiddenSecret {
	const value = values?.[descriptor.key] ?? descriptor.default;
	return isSecret(descriptor) ? { set: value !== "" } : value;
}
