// KMP's own settings, and the warning where polling would drain a battery. No validation: the schema does that.

import type { SettingDescriptor, SettingValues } from "../../settings/setting.js";
import { BASE_MODULE, METER, TOP_MODULE } from "./commands.js";
import { registersOf } from "./registers.js";

/** Below this period a battery meter's battery lasts noticeably shorter than its maker says. */
export const BATTERY_PERIOD_SECONDS = 15 * 60;
const DEFAULT_PERIOD_SECONDS = 3600;

export const KMP_SETTINGS: readonly SettingDescriptor[] = Object.freeze([
	{
		key: "period",
		type: "number",
		default: DEFAULT_PERIOD_SECONDS,
		least: 0,
		most: 86400,
		unit: "s",
		label: "Period",
		help: "How often the meter is asked. Heat and water meters live on a battery: below 900 s (15 minutes) it lasts noticeably shorter, so keep such periods for meters with mains supply. 0 never asks and only listens.",
	},
	{
		key: "registers",
		type: "text",
		default: "heat",
		longest: 200,
		label: "Registers",
		help: "Which registers are asked for: the word heat (60 68 74 80 86 87 89 1004), the word electricity (for 382 L and J, OMNIPOWER), or register numbers with blanks between. Eight fit into one request, which is kindest to the battery.",
	},
	{
		key: "destination",
		type: "choice",
		default: "meter",
		choices: [
			{ value: "meter", label: "Meter (3F)" },
			{ value: "top", label: "Top module or logger (7F)" },
			{ value: "base", label: "Base module (BF)" },
		],
		label: "Destination",
		help: "Who is asked. Leave it at the meter unless a module is to be read.",
	},
	{
		key: "eventStatus",
		type: "switch",
		default: false,
		label: "Event status",
		help: "Also reads the four event status bytes of logger modules. One request more at each poll.",
	},
]);

/** A warning in words where that period wears a battery meter down; `undefined` where it is harmless. */
export function periodWarning(seconds: number): string | undefined {
	if (seconds === 0 || seconds >= BATTERY_PERIOD_SECONDS) return undefined;
	return `Asking every ${seconds} s drains a battery meter: choose at least ${BATTERY_PERIOD_SECONDS} s unless the meter has mains supply.`;
}

/** The settings as a session uses them. */
export interface KmpSettings {
	readonly periodMs: number;
	readonly registers: readonly number[];
	readonly destination: number;
	readonly eventStatus: boolean;
}

export function kmpSettings(values: SettingValues): KmpSettings {
	const { period, registers, destination, eventStatus } = values;
	return {
		periodMs: (typeof period === "number" ? period : DEFAULT_PERIOD_SECONDS) * 1000,
		registers: registersOf(typeof registers === "string" ? registers : ""),
		destination: destination === "top" ? TOP_MODULE : destination === "base" ? BASE_MODULE : METER,
		eventStatus: eventStatus === true,
	};
}
