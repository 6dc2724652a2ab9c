// Sub-meters of a telegram: gas, water, heat and cooling behind the main meter, on M-Bus channels (0-n:…) or,
// in the text of DSMR 2.2 and on the ACE4000, in OBIS media of their own (7-0:… gas).
// Source: DSMR 5.0.2 P1, 6.12; EN 13757-3, table 8 (device types); OBIS media of IEC 62056-61.

import { CURRENT_VALUE, type Obis } from "../../readings/obis.js";
import { type DeviceReading, findQuantity, type Quantity } from "../../readings/reading.js";

/** Kind of an M-Bus device type, as printed (decimal). */
export function kindOfType(type: number): string {
	switch (type) {
		case 2:
			return "electricity";
		case 3:
			return "gas";
		case 4:
		case 12:
		case 13:
			return "heat";
		case 6:
		case 21:
			return "warm_water";
		case 7:
		case 22:
			return "water";
		case 10:
		case 11:
			return "cooling";
		default:
			return "device";
	}
}

/** Kind of an OBIS medium (group A) that is not electricity, or `undefined`. */
export function kindOfMedium(a: number): string | undefined {
	switch (a) {
		case 5:
			return "cooling";
		case 6:
			return "heat";
		case 7:
			return "gas";
		case 8:
			return "water";
		case 9:
			return "warm_water";
		default:
			return undefined;
	}
}

/** Canonical name of a sub-meter's counter; `undefined` where kind and unit do not tell what it counts. */
export function counterName(kind: string, unit: string | undefined): string | undefined {
	switch (kind) {
		case "gas":
			return "gas_volume";
		case "water":
		case "warm_water":
			return "water_volume";
		case "heat":
			return unit === "m³" ? "heat_volume" : "heat_energy";
		case "cooling":
			return unit === "m³" ? undefined : "cooling_energy";
		case "electricity":
			return "energy_import";
		default:
			return undefined;
	}
}

/** True for the objects that hold a sub-meter's counter: 24.2.1 … 24.2.3, 24.3.0, and the media's own. */
export function isCounter({ a, c, d, e }: Obis): boolean {
	if (a === 0) return c === 24 && ((d === 2 && e >= 1 && e <= 3) || (d === 3 && e === 0));
	return (a === 7 && c === 23 && (d === 1 || d === 2) && e === 0) || (c === 1 && d === 0 && e === 0);
}

/** A quantity that is nobody else's yet, and may still get its name. */
export type NewQuantity = Omit<Quantity, "name"> & { name: string };

interface DraftQuantity {
	readonly quantity: NewQuantity;
	readonly obis: Obis;
}

/** A sub-meter while its lines are read: the kind may come behind the value. */
export class DeviceDraft {
	kind: string;
	id: string | undefined;
	time: string | null = null;
	readonly quantities: DraftQuantity[] = [];

	constructor(
		readonly a: number,
		readonly b: number,
	) {
		this.kind = kindOfMedium(a) ?? "device";
	}

	/** Takes a quantity in; of the same code the newer one stays (ACE4000 prints its last 24 hours). */
	add(quantity: NewQuantity, obis: Obis): void {
		let index = 0;
		let known = this.quantities[0];
		while (known && known.quantity.obis !== quantity.obis) known = this.quantities[++index];
		if (known === undefined) this.quantities.push({ quantity, obis });
		else if (!(quantity.time && known.quantity.time && quantity.time < known.quantity.time))
			this.quantities[index] = { quantity, obis };
	}

	/** The finished reading: now that the kind is known, counters get their names. */
	finish(): DeviceReading {
		// OBIS 24.2.3 is gas not converted to base temperature (Fluvius), whatever else is missing.
		if (this.kind === "device" && this.quantities.some(({ obis }) => isCounter(obis) && obis.e === 3))
			this.kind = "gas";
		const quantities: Quantity[] = [];
		for (let index = 0; index < this.quantities.length; index++) {
			const { quantity, obis } = this.quantities[index] as DraftQuantity;
			const isCounted = isCounter(obis) && obis.f === CURRENT_VALUE && typeof quantity.value !== "string";
			const name = isCounted ? counterName(this.kind, quantity.unit) : undefined;
			if (name !== undefined && !findQuantity({ quantities }, name)) quantity.name = name;
			quantities.push(quantity);
		}
		const device: { -readonly [Fact in keyof DeviceReading]?: DeviceReading[Fact] } = { kind: this.kind };
		if (this.id) device.id = this.id;
		if (this.a === 0) device.channel = this.b;
		device.time = this.time;
		device.quantities = quantities;
		return device as DeviceReading;
	}
}
