// AIDON_V0001 lists 1–3 as Norwegian Aidon meters push them; the encoder of emulated meters.

import { Tag } from "../axdr-tags.js";
import {
	type AxdrValue,
	array,
	encodeAxdr,
	int16,
	octetString,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "./axdr-value.js";

/** Values in the list's own counts: W, var, 0.1 A, 0.1 V, 10 Wh, 10 varh. Only `powers[0]` is in list 1. */
export interface AidonValues {
	readonly powers: readonly [number, number, number, number];
	/** Absent: list 1. */
	readonly identity?: { readonly meterId: string; readonly meterType: string };
	/** One entry a phase; `undefined` for a current that is not measured (L2 of a 3-wire meter). */
	readonly currents?: readonly (number | undefined)[];
	readonly voltages?: readonly number[];
	/** List 3 only. */
	readonly clock?: Uint8Array;
	readonly energies?: readonly [number, number, number, number];
}

const PHASE_STEP = 20;
const ACTIVE_POWER = scalerUnit(0, 27);
const REACTIVE_POWER = scalerUnit(0, 29);
const CURRENT = scalerUnit(-1, 33);
const VOLTAGE = scalerUnit(-1, 35);
const ACTIVE_ENERGY = scalerUnit(1, 30);
const REACTIVE_ENERGY = scalerUnit(1, 32);

/** The body of the notification. */
export function aidonList(values: AidonValues): Uint8Array {
	const { identity, powers, currents = [], voltages = [], clock, energies } = values;
	const members: AxdrValue[] = [];
	if (!identity) return encodeAxdr(array(electric(1, 7, uint32(powers[0]), ACTIVE_POWER)));
	members.push(
		structure(octets(1, 1, 0, 2, 129, 255), text("AIDON_V0001", Tag.visibleString)),
		structure(octets(0, 0, 96, 1, 0, 255), text(identity.meterId, Tag.visibleString)),
		structure(octets(0, 0, 96, 1, 7, 255), text(identity.meterType, Tag.visibleString)),
	);
	powers.forEach((power, index) => {
		members.push(electric(index + 1, 7, uint32(power), index < 2 ? ACTIVE_POWER : REACTIVE_POWER));
	});
	currents.forEach((current, phase) => {
		if (current !== undefined) members.push(electric(31 + phase * PHASE_STEP, 7, int16(current), CURRENT));
	});
	voltages.forEach((voltage, phase) => {
		members.push(electric(32 + phase * PHASE_STEP, 7, uint16(voltage), VOLTAGE));
	});
	if (clock && energies) {
		members.push(structure(octets(0, 0, 1, 0, 0, 255), octetString(clock)));
		energies.forEach((energy, index) => {
			members.push(electric(index + 1, 8, uint32(energy), index < 2 ? ACTIVE_ENERGY : REACTIVE_ENERGY));
		});
	}
	return encodeAxdr(array(...members));
}

function electric(c: number, d: number, value: AxdrValue, scaler: AxdrValue): AxdrValue {
	return structure(octets(1, 0, c, d, 0, 255), value, scaler);
}
