// KFM_001 lists as Norwegian Kaifa meters push them (1, 9, 13, 14 and 18 items); the encoder of emulated meters.

import { type AxdrValue, encodeAxdr, octetString, structure, text, uint32 } from "./axdr-value.js";

/** Values in the list's own counts: W, var, 0.001 A, 0.1 V, Wh, varh. Only `powers[0]` is in the list of one item. */
export interface KaifaValues {
	readonly powers: readonly [number, number, number, number];
	/** Absent: the list of one item. */
	readonly identity?: { readonly meterId: string; readonly meterType: string };
	/** One or three phases. */
	readonly currents?: readonly number[];
	readonly voltages?: readonly number[];
	/** Hourly lists only. */
	readonly clock?: Uint8Array;
	readonly energies?: readonly [number, number, number, number];
}

/** The body of the notification. */
export function kaifaList(values: KaifaValues): Uint8Array {
	const { identity, powers, currents = [], voltages = [], clock, energies } = values;
	if (!identity) return encodeAxdr(structure(uint32(powers[0])));
	const members: AxdrValue[] = [text("KFM_001"), text(identity.meterId), text(identity.meterType)];
	for (const value of [...powers, ...currents, ...voltages]) members.push(uint32(value));
	if (clock && energies) members.push(octetString(clock), ...energies.map((energy) => uint32(energy)));
	return encodeAxdr(structure(...members));
}
