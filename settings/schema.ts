// Every setting there is, by section: the gateway's own here, those of protocols and outputs from their descriptors.

import type { OutputDescriptor } from "../outputs/output.js";
import { CHARACTER_FORMATS } from "../protocols/line-choice.js";
import type { Protocol } from "../protocols/protocol.js";
import { consistsOf } from "../readings/characters.js";
import { LONGEST_STORED_TEXT } from "./generations.js";
import {
	defaultValues,
	problemWith,
	type Restart,
	type SettingDescriptor,
	type SettingValue,
	type SettingValues,
} from "./setting.js";

/** A section of the settings file and of the settings page. */
export interface SettingSection {
	readonly name: string;
	readonly title: string;
	readonly settings: readonly SettingDescriptor[];
	/** What a change here restarts, where the setting itself does not say; the gateway unless given. */
	readonly restarts?: Restart;
}

/** All values, by section and key; complete (defaults filled in). */
export type Settings = Readonly<Record<string, SettingValues>>;

/** A value that was refused, and why; never the value itself, which may be a secret. */
export interface SettingProblem {
	readonly setting: string;
	readonly problem: string;
}

/** A patch that is wrong all over is answered with this many reasons. */
export const MOST_PROBLEMS = 32;

/** The choice of `meter.format` that leaves it to the protocol. */
export const USUAL_FORMAT = "usual";

/** Longest accepted settings file, in bytes. */
export const LONGEST_SETTINGS_FILE = LONGEST_STORED_TEXT;

const METER: Restart = "meter";
const OUTPUT: Restart = "output";
/** Longest name that is repeated in a problem: a key pasted into the wrong place has 32 digits. */
const LONGEST_SHOWN_NAME = 24;

/** The schema for the given registries; `more`: sections that belong to neither, after the meter's. */
export function settingSections(
	protocols: readonly Protocol[],
	outputs: readonly OutputDescriptor[],
	more: readonly SettingSection[] = [],
): readonly SettingSection[] {
	return [
		{ name: "meter", title: "Meter", settings: meterSettings(protocols), restarts: "meter" },
		...more,
		...protocols.map(({ name, title, settings }) => ({ name, title, settings, restarts: METER })),
		...outputs.map(({ name, title, settings }) => ({ name, title, settings, restarts: OUTPUT })),
		{ name: "syslog", title: "Syslog", settings: logSettings() },
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
		{
			key: "fuse",
			type: "number",
			default: 0,
			least: 0,
			most: 630,
			unit: "A",
			label: "Main fuse",
			help: "Of each phase: the page shows currents against it. 0 where it is not known, or the meter says it.",
		},
		{
			key: "powerCycle",
			type: "switch",
			default: true,
			label: "Power-cycle the port",
			help: "Where the board can switch the port's supply: off for ten seconds when a meter that sent by itself has stopped, five times at most, with growing pauses.",
		},
	];
}

function logSettings(): readonly SettingDescriptor[] {
	return [
		{
			key: "syslogHost",
			type: "text",
			default: "",
			format: "host",
			label: "Syslog server",
			help: "Host name or address of a server that takes the log by UDP (RFC 5424). Empty: none.",
		},
		{
			key: "syslogPort",
			type: "number",
			default: 514,
			least: 1,
			most: 65535,
			label: "Syslog port",
			help: "Its UDP port; usually 514.",
		},
		{
			key: "level",
			type: "choice",
			default: "info",
			choices: [
				{ value: "error", label: "Errors" },
				{ value: "warning", label: "Warnings and errors" },
				{ value: "info", label: "What happens, too" },
				{ value: "debug", label: "Everything" },
			],
			label: "Syslog level",
			help: "The least urgent lines that are sent to the server. The page shows all.",
		},
	];
}

/**
 * Complete settings from a parsed settings file. Unknown sections and keys are reported and left out, values that
 * do not fit are reported and replaced by `base`'s, or else their default: a damaged file never keeps the gateway
 * from starting.
 */
export function readSettings(
	sections: readonly SettingSection[],
	file: unknown,
	base: Settings = {},
): { readonly settings: Settings; readonly problems: readonly SettingProblem[] } {
	const problems: SettingProblem[] = [];
	const settings: Record<string, SettingValues> = {};
	const given = isRecord(file) ? file : {};
	if (file !== undefined && !isRecord(file))
		problems.push({ setting: "*", problem: "must be a JSON object" });
	for (const name of Object.keys(given)) {
		if (!sections.some((section) => section.name === name))
			problems.push({ setting: shownName(name), problem: "is no section" });
	}
	for (const section of sections) {
		const { name } = section;
		const before = { ...defaultValues(section.settings), ...base[name] };
		settings[name] = given[name] === undefined ? before : sectionWith(section, before, given[name], problems);
	}
	return { settings, problems };
}

/** A section's values of before with those that are given and fit; the others are reported. `null` in a patch: the default. */
export function sectionWith(
	section: SettingSection,
	before: SettingValues,
	given: unknown,
	problems: SettingProblem[],
	isPatch = false,
): SettingValues {
	if (!isRecord(given)) {
		problems.push({ setting: section.name, problem: "must be a JSON object" });
		return before;
	}
	const values: Record<string, SettingValue> = { ...before };
	for (const key of Object.keys(given)) {
		const descriptor = section.settings.find((setting) => setting.key === key);
		const value = isPatch && given[key] === null ? descriptor?.default : given[key];
		const problem = descriptor ? problemWith(descriptor, value) : "is no setting";
		if (problem) problems.push({ setting: `${section.name}.${shownName(key)}`, problem });
		else values[key] = value as SettingValue;
		if (isPatch && problems.length >= MOST_PROBLEMS) break;
	}
	return values;
}

/** A name from outside as problems repeat it: none that may be a secret in the wrong place, or that draws on a log. */
export function shownName(name: string): string {
	return name.length <= LONGEST_SHOWN_NAME && name !== "" && consistsOf(name, "a-zA-Z0-9_-") ? name : "?";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
