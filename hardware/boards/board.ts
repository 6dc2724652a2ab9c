// What a board is: a chip, its wiring to the meter, and what a person must know to power it. Facts only; each comes
// from a folder of its own, which also holds what the SDK needs to build for it.

import type { BoardPins, ChipName, OutputUse } from "./chips.js";

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
	/** Where its power comes from, and the limits that are known. */
	readonly power: string;
	/** Where the pins were read. */
	readonly source: string;
}
