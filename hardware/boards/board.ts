// What a board is: a chip and its wiring to the meter. Facts only; each board's come from a folder of its own, which also
// holds what the SDK needs to build for it, as one line of text: nine boards as objects would cost the firmware kilobytes.
// How a board is powered, and where its pins were read: docs/boards.md.

import { type BoardPins, type ChipName, OUTPUT_USES, type OutputUse, PIN_USES } from "./chips.js";

/** The way to the meter that a board is wired for; `any`: bare pins, the rest is the person's own wiring. */
export type MeterPath = "p1" | "mbus" | "any";

export interface Board {
	/** Name of its folder, of its build, and in settings: kebab-case. */
	readonly name: string;
	readonly title: string;
	readonly chip: ChipName;
	readonly path: MeterPath;
	readonly pins: BoardPins;
	/** Whether the board hands the meter's signal to the chip inverted; `undefined`: bare pins, the protocol's usual wiring. */
	readonly invertReceive: boolean | undefined;
	readonly invertTransmit: boolean;
	/** Outputs that act when their pin is low. */
	readonly activeLow: readonly OutputUse[];
	readonly network: "wifi" | "ethernet";
	/** GPIOs that the board itself uses, for its Ethernet: no wiring may take them. */
	readonly reserved: readonly number[];
}

/**
 * The board of a line `name|title|fact=value fact=value …`. Facts: `chip`, `path`, `network` (absent: wifi), `uart` and the
 * uses of pins with their numbers, `invertReceive` (yes, no), `activeLow` (one output), `reserved` (GPIOs with commas).
 */
export function boardOf(line: string): Board {
	const [name = "", title = "", facts = ""] = line.split("|");
	const words = facts.split(" ");
	const fact = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
	const pins: Record<string, number> = {};
	for (const use of ["uart", ...PIN_USES]) {
		const gpio = fact(use);
		if (gpio !== undefined) pins[use] = Number(gpio);
	}
	const inverted = fact("invertReceive");
	return {
		name,
		title,
		chip: fact("chip") as ChipName,
		path: fact("path") as MeterPath,
		pins: pins as unknown as BoardPins,
		invertReceive: inverted === undefined ? undefined : inverted === "yes",
		invertTransmit: false,
		activeLow: OUTPUT_USES.filter((use) => use === fact("activeLow")),
		network: fact("network") === "ethernet" ? "ethernet" : "wifi",
		reserved: fact("reserved")?.split(",").map(Number) ?? [],
	};
}
