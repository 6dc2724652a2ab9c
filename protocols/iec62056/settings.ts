// IEC 62056-21's own settings, and what a session makes of them. No validation: the schema does that.

import { hasShape, words } from "../../readings/characters.js";
import type { SettingDescriptor, SettingValues } from "../../settings/setting.js";
import type { TableScaling } from "./table.js";

const DEFAULT_PERIOD_SECONDS = 60;
const BAUDS = ["300", "600", "1200", "2400", "4800", "9600", "19200"] as const;
const BAUD_CHOICES = BAUDS.map((value) => ({ value, label: `${value} Bd` }));

export const IEC62056_SETTINGS: readonly SettingDescriptor[] = [
	{
		key: "dialogue",
		type: "choice",
		default: "readout",
		choices: [
			{ value: "readout", label: "Ask for a readout (modes A, B, C)" },
			{ value: "programming", label: "Ask for single values (programming mode)" },
			{ value: "tables", label: "Ask MULTICAL III/66 for its tables (/#1 …)" },
			{ value: "listen", label: "Only listen (mode D)" },
		],
		label: "Dialogue",
		help: "How the meter is read. Most meters answer a readout; some send unasked; a few give values only one by one.",
	},
	{
		key: "period",
		type: "number",
		default: DEFAULT_PERIOD_SECONDS,
		least: 5,
		most: 86400,
		unit: "s",
		label: "Period",
		help: "How often the meter is asked. A long readout at 300 Bd takes a minute or two. For heat and water meters on a battery choose 900 s (15 minutes) or more.",
	},
	{
		key: "address",
		type: "text",
		default: "",
		longest: 32,
		label: "Device address",
		help: "Only where several meters share one line: the address, often the meter's number. Empty asks whoever is there.",
	},
	{
		key: "wakeUp",
		type: "switch",
		default: false,
		label: "Wake-up",
		help: "Sends zeros for 2.2 s before asking, for meters on a battery that sleep (Landis+Gyr UH50, T550).",
	},
	{
		key: "startBaud",
		type: "choice",
		default: "300",
		choices: BAUD_CHOICES,
		label: "First speed",
		help: "The speed of the request. The standard's is 300 Bd; leave it there unless the meter's manual differs.",
	},
	{
		key: "highestBaud",
		type: "choice",
		default: "19200",
		choices: BAUD_CHOICES,
		label: "Highest speed",
		help: "The fastest speed agreed on with the meter. Lower it where the optical head is slow and long readouts break.",
	},
	{
		key: "registers",
		type: "text",
		default: "",
		longest: 200,
		label: "Addresses (programming mode)",
		help: "What is asked for one by one, with blanks between: 1.8.0 2.8.0. R2: in front uses command R2, as Siemens TD-3511 wants it: R2:F001 R2:F009.",
	},
	{
		key: "password",
		type: "text",
		default: "",
		secret: true,
		longest: 32,
		label: "Password (programming mode)",
		help: "Sent with command P1 where the meter wants one before it gives values. A refused password is not tried again before the next poll.",
	},
	{
		key: "tables",
		type: "text",
		default: "1",
		longest: 20,
		label: "Tables (MULTICAL III/66)",
		help: "Which of the meter's tables are asked for, with blanks between: 1 energy and temperatures, C fine values, D configuration.",
	},
	{
		key: "energyUnit",
		type: "choice",
		default: "",
		choices: [
			{ value: "", label: "As printed" },
			{ value: "kWh", label: "kWh" },
			{ value: "MWh", label: "MWh" },
			{ value: "GJ", label: "GJ" },
		],
		label: "Energy unit (tables)",
		help: "Tables print digits without a unit. Take the unit from the meter's display; without it the digits are given as they are.",
	},
	{
		key: "energyDecimals",
		type: "number",
		default: 2,
		least: 0,
		most: 4,
		label: "Energy decimals (tables)",
		help: "Digits behind the point of the energy on the meter's display.",
	},
	{
		key: "volumeDecimals",
		type: "number",
		default: 2,
		least: 0,
		most: 4,
		label: "Volume decimals (tables)",
		help: "Digits behind the point of the volume on the meter's display.",
	},
];

/** One value asked for in programming mode: command R1 or R2, and its data set `1.8.0()`. */
export interface ReadCommand {
	readonly command: string;
	readonly address: string;
	readonly data: string;
}

/** The settings as a session uses them. */
export interface DialogueSettings {
	readonly dialogue: "readout" | "programming" | "tables" | "listen";
	readonly periodMs: number;
	readonly address: string;
	readonly wakeUp: boolean;
	readonly startBaud: number;
	readonly highestBaud: number;
	readonly commands: readonly ReadCommand[];
	readonly password: string;
	readonly tables: readonly string[];
	readonly scaling: TableScaling;
}

export function dialogueSettings(values: SettingValues): DialogueSettings {
	const text = (key: string, otherwise = "") => {
		const value = values[key];
		return typeof value === "string" ? value : otherwise;
	};
	const number = (key: string, otherwise: number) => {
		const value = values[key];
		return typeof value === "number" ? value : otherwise;
	};
	const dialogue = text("dialogue");
	return {
		dialogue:
			dialogue === "programming" || dialogue === "tables" || dialogue === "listen" ? dialogue : "readout",
		periodMs: number("period", DEFAULT_PERIOD_SECONDS) * 1000,
		address: text("address").trim(),
		wakeUp: values.wakeUp === true,
		startBaud: Number(text("startBaud", "300")),
		highestBaud: Number(text("highestBaud", "19200")),
		commands: words(text("registers")).map(readCommand),
		password: text("password"),
		tables: words(text("tables", "1").toUpperCase()).map((word) => word.charAt(0)),
		scaling: {
			energyUnit: text("energyUnit"),
			energyDecimals: number("energyDecimals", 2),
			volumeDecimals: number("volumeDecimals", 2),
		},
	};
}

/** `1.8.0` → R1 `1.8.0()`; `R2:F001` → R2 `F001()`; a given `(…)` stays. */
export function readCommand(word: string): ReadCommand {
	const isGiven =
		(word.startsWith("R") || word.startsWith("W")) && hasShape(word.slice(1), "#:") && word.length > 3;
	const rest = isGiven ? word.slice(3) : word;
	const open = rest.indexOf("(");
	return {
		// Commands that write are no way of reading.
		command: isGiven && word.startsWith("R") ? word.slice(0, 2) : "R1",
		address: open < 0 ? rest : rest.slice(0, open),
		data: open < 0 ? `${rest}()` : rest,
	};
}
