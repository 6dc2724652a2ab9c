// Every setting there is, by section: the gateway's own here, those of protocols and outputs from their descriptors.

import type { OutputDescriptor } from "../outputs/output.js";
import { CHARACTER_FORMATS } from "../protocols/line-choice.js";
import type { Protocol } from "../protocols/protocol.js";
import {
	defaultValues,
	problemWith,
	type SettingDescriptor,
	type SettingValue,
	type SettingValues,
} from "./setting.js";

/** A section of the settings file and of the settings page. */
export interface SettingSection {
	readonly name: string;
	readonly title: string;
	readonly settings: readonly SettingDescriptor[];
}

/** All values, by section and key; complete (defaults filled in). */
export type Settings = Readonly<Record<string, SettingValues>>;

/** A value that was refused, and why; never the value itself, which may be a secret. */
export interface SettingProblem {
	readonly setting: string;
	readonly problem: string;
}

/** The choice of `meter.format` that leaves it to the protocol. */
export const USUAL_FORMAT = "usual";

/** Longest accepted settings file, in bytes. */
export const LONGEST_SETTINGS_FILE = 16 * 1024;

/** The schema for the given registries. */
export function settingSections(
	protocols: readonly Protocol[],
	outputs: readonly OutputDescriptor[],
): readonly SettingSection[] {
	return [
		{ name: "meter", title: "Meter", settings: meterSettings(protocols) },
		...protocols.map(({ name, title, settings }) => ({ name, title, settings })),
		...outputs.map(({ name, title, settings }) => ({ name, title, settings })),
	];
}

function meterSettings(protocols: readonly Protocol[]): readonly SettingDescriptor[] {
	return [
		{
			key: "protocol",
			type: "choice",
			default: "dlms",
			choices: protocols.map(({ name, title }) => ({ value: name, label: title })),
			label: "Protocol",
			help: "What the meter speaks. Its manual, or the name of its port, tells.",
		},
		{
			key: "port",
			type: "text",
			default: "",
			label: "Port",
			help: "On a computer: a serial device such as /dev/ttyUSB0, socket://host:port or rfc2217://host:port. On a board: empty for its own UART.",
		},
		{
			key: "baud",
			type: "number",
			default: 0,
			least: 0,
			most: 921600,
			unit: "Bd",
			label: "Speed",
			help: "0 uses the protocol's usual speed.",
		},
		{
			key: "format",
			type: "choice",
			default: USUAL_FORMAT,
			choices: [
				{ value: USUAL_FORMAT, label: "As usual for the protocol" },
				...CHARACTER_FORMATS.map((format) => ({ value: format, label: format })),
			],
			label: "Characters",
			help: "Data bits, parity and stop bits. HAN ports of some makers want 8E1.",
		},
	];
}

/**
 * Complete settings from a parsed settings file. Unknown sections and keys are reported and left out, values that
 * do not fit are reported and replaced by their default: a damaged file never keeps the gateway from starting.
 */
export function readSettings(
	sections: readonly SettingSection[],
	file: unknown,
): { readonly settings: Settings; readonly problems: readonly SettingProblem[] } {
	const problems: SettingProblem[] = [];
	const settings: Record<string, SettingValues> = {};
	const given = isRecord(file) ? file : {};
	if (file !== undefined && !isRecord(file))
		problems.push({ setting: "*", problem: "must be a JSON object" });
	for (const name of Object.keys(given)) {
		if (!sections.some((section) => section.name === name))
			problems.push({ setting: name, problem: "is no section" });
	}
	for (const section of sections)
		settings[section.name] = readSection(section, given[section.name], problems);
	return { settings, problems };
}

function readSection(section: SettingSection, given: unknown, problems: SettingProblem[]): SettingValues {
	const values: Record<string, SettingValue> = { ...defaultValues(section.settings) };
	if (given === undefined) return values;
	if (!isRecord(given)) {
		problems.push({ setting: section.name, problem: "must be a JSON object" });
		return values;
	}
	for (const key of Object.keys(given)) {
		const descriptor = section.settings.find((setting) => setting.key === key);
		const setting = `${section.name}.${key}`;
		if (!descriptor) {
			problems.push({ setting, problem: "is no setting" });
			continue;
		}
		const problem = problemWith(descriptor, given[key]);
		if (problem) problems.push({ setting, problem });
		else values[key] = given[key] as SettingValue;
	}
	return values;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
