// The domain's central noun: one Reading is what one frame of one meter said, in canonical names and units.
// Imports nothing but its own folder; knows no protocol, no clock and no output.

import type { Decimal } from "./decimal.js";

/**
 * One value that a meter sent.
 * `name`: canonical (`power_import`), or the OBIS code (`1-0:99.1.0`) or `register_1002` where there is no such name.
 * `value`: exact number, or text (messages, switch states, logs) as the meter wrote it.
 */
export interface Quantity {
	readonly name: string;
	readonly value: Decimal | string;
	/** Canonical unit (`W`, `kWh`, `m³`, …), or the meter's own spelling; absent for pure numbers and texts. */
	readonly unit?: string;
	/** OBIS code as `A-B:C.D.E`, with `*F` only where F says something; absent where the protocol has none. */
	readonly obis?: string;
	/** KMP register number. */
	readonly register?: number;
	/** ISO 8601 time of this value, where it has one of its own (peaks, sub-meters). */
	readonly time?: string;
}

/** Who sent it: what the frame says, no more. `list` is the push list's or P1 version's name. */
export interface MeterIdentity {
	readonly manufacturer?: string;
	readonly model?: string;
	readonly id?: string;
	readonly list?: string;
}

/** A sub-meter behind the main meter (gas, water, heat on a P1 port). */
export interface DeviceReading {
	/** `gas`, `water`, `warm_water`, `heat`, `cooling`, `electricity`, or `device` where the type is unknown. */
	readonly kind: string;
	readonly id?: string;
	/** M-Bus channel, 1 to 4, where the protocol numbers them. */
	readonly channel?: number;
	/** ISO 8601, or null where the meter has not read it or doubts its clock. */
	readonly time: string | null;
	readonly quantities: readonly Quantity[];
}

/**
 * One frame's content. `time` is the meter's own, ISO 8601, with an offset only where the meter gives one;
 * null where it sends none or marks its clock invalid.
 */
export interface Reading {
	readonly protocol: string;
	readonly meter: MeterIdentity;
	readonly time: string | null;
	readonly quantities: readonly Quantity[];
	readonly devices: readonly DeviceReading[];
}

/** The quantity of that name, if the reading has it. */
export function findQuantity(
	reading: { readonly quantities: readonly Quantity[] },
	name: string,
): Quantity | undefined {
	const { quantities } = reading;
	let index = 0;
	let quantity = quantities[0];
	while (quantity && quantity.name !== name) quantity = quantities[++index];
	return quantity;
}
