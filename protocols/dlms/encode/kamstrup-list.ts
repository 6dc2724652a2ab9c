// Kamstrup_V0001 lists as an Omnipower pushes them: 25 items every 10 s, 35 on the hour; one phase leaves null-data.
// Facts: Kamstrup HAN-NVE interface description; the encoder of emulated meters.

import { Tag } from "../axdr-tags.js";
import {
	type AxdrValue,
	encodeAxdr,
	NULL_DATA,
	octetString,
	octets,
	structure,
	text,
	uint16,
	uint32,
} from "./axdr-value.js";

/** Values in the list's own counts: W, var, 0.01 A, V, 10 Wh, 10 varh. */
export interface KamstrupValues {
	/** GIAI number, 16 digits. */
	readonly meterId: string;
	/** Type string such as 6841121BN243101040. */
	readonly meterType: string;
	/** Active in, out, reactive in, out. */
	readonly powers: readonly [number, number, number, number];
	/** One or three phases, 0.01 A. */
	readonly currents: readonly number[];
	readonly voltages: readonly number[];
	/** Hourly list only: 12 COSEM bytes and the four counters. */
	readonly clock?: Uint8Array;
	readonly energies?: readonly [number, number, number, number];
}

const CURRENT_VALUE = 255;
const PHASES = 3;
const PHASE_STEP = 20;

/** The body of the notification. */
export function kamstrupList(values: KamstrupValues): Uint8Array {
	const members: AxdrValue[] = [
		text("Kamstrup_V0001", Tag.visibleString),
		code(1, 1, 0, 0, 5),
		text(values.meterId, Tag.visibleString),
		code(1, 1, 96, 1, 1),
		text(values.meterType, Tag.visibleString),
	];
	values.powers.forEach((power, index) => {
		members.push(code(1, 1, index + 1, 7, 0), uint32(power));
	});
	phases(members, 31, values.currents, uint32);
	phases(members, 32, values.voltages, uint16);
	if (values.clock && values.energies) {
		members.push(code(0, 1, 1, 0, 0), octetString(values.clock));
		values.energies.forEach((energy, index) => {
			members.push(code(1, 1, index + 1, 8, 0), uint32(energy));
		});
	}
	return encodeAxdr(structure(...members));
}

function phases(
	members: AxdrValue[],
	group: number,
	values: readonly number[],
	encode: (value: number) => AxdrValue,
): void {
	for (let phase = 0; phase < PHASES; phase++) {
		const value = values[phase];
		if (value === undefined) members.push(NULL_DATA, NULL_DATA);
		else members.push(code(1, 1, group + phase * PHASE_STEP, 7, 0), encode(value));
	}
}

function code(a: number, b: number, c: number, d: number, e: number): AxdrValue {
	return octets(a, b, c, d, e, CURRENT_VALUE);
}
