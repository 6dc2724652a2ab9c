// What a push list decoder is: it looks at the items of a notification's body, and either reads them or passes.

import type { AxdrItems } from "../axdr.js";
import type { ReadingBuilder } from "./reading-builder.js";

/** Choices of the user for what the wire does not say. */
export interface ListSettings {
	/** Kamstrup energies: counts of 1 Wh or 10 Wh; `auto` is 10 Wh. */
	readonly kamstrupEnergyScale: "auto" | "1" | "10";
}

/** Reads the body (item 0 is its root) into `out`; false, with `out` untouched, where it is not this maker's list. */
export type PushList = (items: AxdrItems, out: ReadingBuilder, settings: ListSettings) => boolean;
