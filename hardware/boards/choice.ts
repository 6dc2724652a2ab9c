// The board as settings: which one this is, and for wiring of one's own which pin is for what. Pins are chosen at run
// time: one firmware serves every board with its chip. Checks them against what the chip forbids; touches no hardware.

import type { SettingProblem, SettingSection } from "../../settings/schema.js";
import type { SettingDescriptor, SettingValues } from "../../settings/setting.js";
import type { Board } from "./board.js";
import {
	type BoardPins,
	chipNamed,
	OUTPUT_USES,
	type OutputUse,
	PIN_USES,
	type PinUse,
	pinCautions,
	pinProblems,
} from "./chips.js";
import { allBoards, findBoard } from "./registry.js";

/** The choice of `board.board` that leaves it to the build. */
export const AS_BUILT = "built";
/** The choice of `board.board` that takes the pins of the form. */
export const CUSTOM = "custom";

/** A pin that is not wired. */
const NO_PIN = -1;
/** The highest GPIO number of any chip. */
const HIGHEST_GPIO = 48;

export interface BoardChoice {
	/** `undefined` on a computer, and where the chosen board cannot be. Pins that the chip forbids are left out. */
	readonly board: Board | undefined;
	/** What cannot be, by setting. */
	readonly problems: readonly SettingProblem[];
	/** What works but wants a second look, by setting. */
	readonly cautions: readonly SettingProblem[];
	/** Why the board's own UART cannot be opened; `undefined` where it can, and on a computer. */
	readonly lineProblem: string | undefined;
}

/** Not on the device, which goes without labels and help. */
const LABELS: Readonly<Record<PinUse, readonly [label: string, help: string]>> = {
	receive: ["Receive pin", "What the meter sends arrives here."],
	transmit: ["Transmit pin", "For meters that must be asked."],
	dataRequest: ["Data request pin", "Asks a P1 meter to send."],
	led: ["LED pin", "A plain LED, not one with a chip in it."],
	button: ["Button pin", "Low when pressed."],
	portPower: ["Port power pin", "Switches the supply of the meter's port."],
	pulse: ["Pulse pin", "An S0 or pulse output of a meter."],
};

/** The section `board`. `built`: the board that the firmware was built for; `undefined` on a computer. */
export function boardSection(built: Board | undefined): SettingSection {
	const named = allBoards().filter(({ chip }) => !built || chip === built.chip);
	return {
		name: "board",
		title: "Board",
		settings: [
			{
				key: "board",
				type: "choice",
				default: AS_BUILT,
				choices: [
					{ value: AS_BUILT, label: "As the firmware was built; on a computer none" },
					...named.map(({ name, title }) => ({ value: name, label: title })),
					{ value: CUSTOM, label: "My own wiring" },
				],
				label: "Board",
				help: "The settings below count for wiring of your own only. On a computer there is no board: the meter's port names the device.",
			},
			{
				key: "uart",
				type: "number",
				default: built?.pins.uart ?? 1,
				least: 0,
				most: 2,
				label: "UART",
				help: "Any of them reaches any pin; 0 is the debugger's in a debug build.",
			},
			...PIN_USES.map((use) => pinSetting(use, built?.pins[use])),
			inversion("invertReceive", "Receive is inverted", built?.invertReceive),
			inversion("invertTransmit", "Transmit is inverted", built?.invertTransmit),
			...OUTPUT_USES.map((use) => activeLowSetting(use, built?.activeLow.includes(use) ?? false)),
		],
	};
}

function pinSetting(use: PinUse, gpio: number | undefined): SettingDescriptor {
	return {
		key: use,
		type: "number",
		default: gpio ?? NO_PIN,
		least: NO_PIN,
		most: HIGHEST_GPIO,
		label: LABELS[use][0],
		help: `${LABELS[use][1]} A GPIO number; ${NO_PIN} where nothing is wired.`,
	};
}

function activeLowSetting(use: OutputUse, activeLow: boolean): SettingDescriptor {
	return {
		key: `${use}ActiveLow`,
		type: "switch",
		default: activeLow,
		label: `${LABELS[use][0]} is on when low`,
		help: "As with an LED between the supply and the pin, or a transistor that turns the level round.",
	};
}

function inversion(key: string, label: string, inverted: boolean | undefined): SettingDescriptor {
	return {
		key,
		type: "choice",
		default: inverted === undefined ? "usual" : inverted ? "yes" : "no",
		choices: [
			{ value: "usual", label: "As usual for the protocol" },
			{ value: "yes", label: "Yes" },
			{ value: "no", label: "No" },
		],
		label,
		help: "A bare P1 port is inverted; an adapter with a transistor or gate turns it round. M-Bus chips and optical heads are not inverted.",
	};
}

/** The board that the section's values choose. */
export function chooseBoard(values: SettingValues, built: Board | undefined): BoardChoice {
	if (!built) return { board: undefined, problems: [], cautions: [], lineProblem: undefined };
	const isCustom = values.board === CUSTOM;
	const board = isCustom ? customBoard(values, built) : (findBoard(`${values.board}`) ?? built);
	const chip = chipNamed(built.chip);
	if (board.chip !== built.chip) {
		const problem = `is a board with another chip: this firmware is for the ${chip.title}`;
		const problems = [{ setting: "board.board", problem }];
		return { board: undefined, problems, cautions: [], lineProblem: `board.board ${problem}` };
	}
	const named = ({ use, problem }: { readonly use: string; readonly problem: string }): SettingProblem => ({
		setting: `board.${use}`,
		problem,
	});
	// A board of the registry has been checked by its test; the pins that it reserves are its own.
	const found = isCustom ? pinProblems(chip, board.pins, built.reserved) : [];
	const pins = without(
		board.pins,
		found.map(({ use }) => use),
	);
	const onLine = found.find(({ use }) => use === "uart" || use === "receive" || use === "transmit");
	return {
		board: { ...board, pins },
		problems: found.map(named),
		cautions: pinCautions(chip, pins).map(named),
		lineProblem: onLine && `board.${onLine.use}: ${onLine.problem}`,
	};
}

function customBoard(values: SettingValues, built: Board): Board {
	const pins: Record<string, number> = { uart: Number(values.uart) };
	for (const use of PIN_USES) {
		const gpio = Number(values[use] ?? NO_PIN);
		// Receive cannot be absent: its absence is a problem that the chip's check tells.
		if (gpio !== NO_PIN || use === "receive") pins[use] = gpio;
	}
	const said = (value: unknown) => (value === "yes" ? true : value === "no" ? false : undefined);
	return {
		...built,
		name: CUSTOM,
		pins: pins as unknown as BoardPins,
		invertReceive: said(values.invertReceive),
		invertTransmit: said(values.invertTransmit) ?? false,
		activeLow: OUTPUT_USES.filter((use) => values[`${use}ActiveLow`] === true),
	};
}

/** The pins without those that cannot be; the UART's are kept: the line's problem keeps it shut. */
function without(pins: BoardPins, bad: readonly string[]): BoardPins {
	const kept: Record<string, number> = { uart: pins.uart, receive: pins.receive };
	for (const use of PIN_USES) {
		const gpio = pins[use];
		if (gpio !== undefined && (use === "receive" || !bad.includes(use))) kept[use] = gpio;
	}
	return kept as unknown as BoardPins;
}
