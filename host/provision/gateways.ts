// The rows of a table as what each gateway is to be given: settings that fit, an admin password, credentials of its own.
// Secrets are made here where the table asks for them; messages name row and column, never a cell.

import { randomInt } from "node:crypto";
import { problemWithPassword } from "../../access/password.js";
import { boardSection } from "../../hardware/boards/choice.js";
import { OUTPUTS } from "../../outputs/registry.js";
import { PROTOCOLS } from "../../protocols/registry.js";
import { changeSettings } from "../../settings/changes.js";
import { networkRule, networkSection } from "../../settings/network.js";
import { readSettings, type Settings, settingSections } from "../../settings/schema.js";
import type { SettingDescriptor, SettingValue } from "../../settings/setting.js";
import { updateSection } from "../../settings/update.js";

/** Every setting, for a build that is made for no board in particular. */
const SECTIONS = settingSections(PROTOCOLS, OUTPUTS, [
	networkSection,
	boardSection(undefined),
	updateSection,
]);

export type GivenSettings = Record<string, Record<string, SettingValue>>;

export interface ProvisionedGateway {
	/** Its name, or the beginning of names and `*`. */
	readonly name: string;
	readonly settings: GivenSettings;
	/** Empty: it gets none. */
	readonly adminPassword: string;
}

const NAME = "gateway";
const ADMIN_PASSWORD = "adminPassword";
const RANDOM = "random";
const FILE_SIGN = "@";
/** Told apart on paper: no l, o, 0, 1. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
/** 100 bits. */
const RANDOM_LENGTH = 20;

export interface GatewaysOptions {
	/** What every gateway gets; a row's own come on top. */
	readonly common: GivenSettings;
	/** The text of a file that a cell names, `undefined` where there is none. */
	file(path: string): string | undefined;
}

/** What each row is about; or the first that is wrong, in words. */
export function gatewaysOf(
	rows: readonly Readonly<Record<string, string>>[],
	{ common, file }: GatewaysOptions,
): readonly ProvisionedGateway[] | string {
	const gateways: ProvisionedGateway[] = [];
	const defaults = readSettings(SECTIONS, undefined).settings;
	for (const [index, row] of rows.entries()) {
		const gateway = gatewayOf(row, common, defaults, file);
		if (typeof gateway === "string") return `row ${index + 2}: ${gateway}`;
		if (gateways.some(({ name }) => name === gateway.name))
			return `row ${index + 2}: that gateway was there before`;
		gateways.push(gateway);
	}
	return gateways.length === 0 ? "there is no row" : gateways;
}

function gatewayOf(
	row: Readonly<Record<string, string>>,
	common: GivenSettings,
	defaults: Settings,
	file: GatewaysOptions["file"],
): ProvisionedGateway | string {
	const name = row[NAME] ?? "";
	if (!/^[\w-]{1,64}\*?$/.test(name))
		return `${NAME} must be a name such as meterling-a1b2c3, or meterling-*`;
	const settings: GivenSettings = structuredClone(common);
	let adminPassword = "";
	for (const [column, cell] of Object.entries(row)) {
		if (column === NAME || cell === "") continue;
		const text = cell === RANDOM ? randomPassword() : cell;
		if (column === ADMIN_PASSWORD) {
			const problem = problemWithPassword(text);
			if (problem !== undefined) return `${ADMIN_PASSWORD} ${problem}`;
			adminPassword = text;
			continue;
		}
		const [section = "", key = ""] = column.split(".");
		const descriptor = SECTIONS.find((each) => each.name === section)?.settings.find(
			(each) => each.key === key,
		);
		if (!descriptor)
			return `${column} is no setting; columns are ${NAME}, ${ADMIN_PASSWORD} and settings such as mqtt.user`;
		const whole = text.startsWith(FILE_SIGN) ? file(text.slice(1)) : text;
		if (whole === undefined) return `${column} names a file that cannot be read`;
		const value = valueOf(descriptor, whole);
		settings[section] = { ...settings[section], [key]: value };
	}
	const change = changeSettings(SECTIONS, defaults, settings, [networkRule]);
	const problem = change.problems?.[0];
	return problem ? `${problem.setting} ${problem.problem}` : { name, settings, adminPassword };
}

/** A cell as its setting wants it; what does not fit stays text, and is refused as such. */
function valueOf({ type }: SettingDescriptor, text: string): SettingValue {
	if (type === "number" && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	if (type === "switch" && (text === "true" || text === "false")) return text === "true";
	return text;
}

function randomPassword(): string {
	return Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
