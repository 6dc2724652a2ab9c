// The settings of prices and cost. What they mean is readings/cost's and app/prices.ts's business.

import { consistsOf } from "../readings/characters.js";
import { feesOf } from "../readings/cost/tariff.js";
import type { SettingRule } from "./changes.js";
import type { SettingProblem, SettingSection } from "./schema.js";
import type { SettingDescriptor } from "./setting.js";

export const COST = "cost";
/** Sources that are no host of the family of hvakosterstrommen.no. */
export const PUSHED = "push";
export const ENTSOE = "entsoe";
export const BY_ADDRESS = "url";

const MOST = 10_000;
const LONGEST_TOPIC = 200;

const SETTINGS: readonly SettingDescriptor[] = [
	{
		key: "model",
		type: "choice",
		default: "off",
		choices: [
			{ value: "off", label: "No cost" },
			{ value: "fixed", label: "One price" },
			{ value: "tariffs", label: "Two tariffs of the meter" },
			{ value: "market", label: "Hourly or quarter-hourly price" },
		],
		label: "Price",
		help: "How a kilowatt-hour is paid for.",
	},
	{
		key: "currency",
		type: "text",
		default: "EUR",
		longest: 3,
		label: "Currency",
		help: "Three letters: EUR, DKK, NOK, SEK.",
	},
	{
		key: "price",
		type: "number",
		default: 0,
		least: -MOST,
		most: MOST,
		fractional: true,
		label: "Price per kWh",
		help: "In the currency, without VAT. With two tariffs: of tariff 1.",
	},
	{
		key: "price2",
		type: "number",
		default: 0,
		least: -MOST,
		most: MOST,
		fractional: true,
		label: "Price in tariff 2",
		help: "Only with two tariffs.",
	},
	{
		key: "gridFee",
		type: "text",
		default: "",
		label: "Grid fee per kWh",
		help: "Without VAT: 0.32, or by tariff: 0.32 0.20, or by hours: 0-6 0.12, 6-22 0.30, 22-24 0.12.",
	},
	{
		key: "vat",
		type: "number",
		default: 0,
		least: 0,
		most: 100,
		fractional: true,
		unit: "%",
		label: "VAT",
		help: "Added to prices and grid fees. 0 where they have it already.",
	},
	{
		key: "standing",
		type: "number",
		default: 0,
		least: 0,
		most: MOST,
		fractional: true,
		label: "Standing charge per month",
		help: "With VAT.",
	},
	{
		key: "feedIn",
		type: "number",
		default: 0,
		least: -MOST,
		most: MOST,
		fractional: true,
		label: "Feed-in price per kWh",
		help: "What is paid for energy that is fed in.",
	},
	{
		key: "feedInMarket",
		type: "switch",
		default: false,
		label: "Feed-in at market price",
		help: "The market price, and the feed-in price on top, which may be negative.",
	},
	{
		key: "source",
		type: "choice",
		default: PUSHED,
		choices: [
			{ value: PUSHED, label: "Sent here by MQTT or HTTP" },
			{ value: "www.hvakosterstrommen.no", label: "Norway: hvakosterstrommen.no" },
			{ value: "www.elprisenligenu.dk", label: "Denmark: elprisenligenu.dk" },
			{ value: "www.elprisetjustnu.se", label: "Sweden: elprisetjustnu.se" },
			{ value: ENTSOE, label: "Europe: ENTSO-E" },
			{ value: BY_ADDRESS, label: "Another address" },
		],
		label: "Market prices from",
		help: "Fetched twice a day. What is sent by MQTT or HTTP counts with every source.",
	},
	{
		key: "area",
		type: "text",
		default: "",
		longest: 32,
		label: "Price area",
		help: "NO1, DK1, SE3; with ENTSO-E its EIC code, such as 10YNL----------L.",
	},
	{
		key: "token",
		type: "text",
		default: "",
		secret: true,
		label: "Token",
		help: "ENTSO-E's security token.",
	},
	{
		key: "url",
		type: "text",
		default: "",
		format: "url",
		secret: true,
		label: "Address",
		help: "Only with another address. {yyyy}, {MM}, {dd}, {area}, {token} and, in UTC, {from} and {to} are filled in.",
	},
	{
		key: "topic",
		type: "text",
		default: "",
		longest: LONGEST_TOPIC,
		label: "MQTT topic",
		help: "Where price lists are sent. Empty: none.",
	},
];

export const costSection: SettingSection = {
	name: COST,
	title: "Cost",
	settings: SETTINGS,
	restarts: "gateway",
};

/** What one value alone does not show. */
export const costRule: SettingRule = (settings) => {
	const { model, currency, gridFee, source, area, token, url, topic } = settings[COST] ?? {};
	const problems: SettingProblem[] = [];
	const refuse = (key: string, problem: string) => problems.push({ setting: `${COST}.${key}`, problem });
	if (`${currency}`.length !== 3 || !consistsOf(`${currency}`, "A-Z"))
		refuse("currency", "must be three capital letters");
	if (!feesOf(`${gridFee}`)) refuse("gridFee", "must be one fee, two, or fees by hours: 0-6 0.12, 6-24 0.30");
	if (!consistsOf(`${area}${token}`, "a-zA-Z0-9_.-"))
		refuse("area", "must be of letters, digits and hyphens");
	if (!consistsOf(`${topic}`, "^+# ")) refuse("topic", "must be one topic, without + and #");
	if (model !== "market" || source === PUSHED) return problems;
	if (source === BY_ADDRESS ? !url : !area)
		refuse(source === BY_ADDRESS ? "url" : "area", "is needed for this source");
	if (source === ENTSOE && !token) refuse("token", "is needed for this source");
	return problems;
};
