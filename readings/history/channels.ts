// Which counters are kept: a table of channels, each one counter of the meter or of a sub-meter. It only grows, and a
// channel's place never changes. Names, units and kinds are kept as numbers: their order here is part of the file format.

import type { Decimal } from "../decimal.js";

/** Counters of one gateway at most. */
export const MOST_CHANNELS = 12;
/** Counters beyond this are not kept: differences must fit a safe integer twice. */
const MOST_MANTISSA = 2 ** 51;
const FINEST = -9;
const COARSEST = 3;

/** Quantities with a history. New ones go to the end. */
const NAMES: readonly string[] = [
	...["energy_import", "energy_export", "energy_import_t1", "energy_import_t2", "energy_import_t3"],
	...["energy_import_t4", "energy_export_t1", "energy_export_t2", "energy_export_t3", "energy_export_t4"],
	...["gas_volume", "water_volume", "heat_energy", "cooling_energy", "heat_volume", "pulse_count"],
];
const UNITS: readonly string[] = ["", "kWh", "MWh", "GJ", "m³", "Gcal", "kvarh"];
/** `meter` is the one at the line, the others are sub-meters. */
const KINDS: readonly string[] = [
	...["meter", "gas", "water", "warm_water", "heat", "cooling", "electricity", "device"],
];

/** One counter. Values are whole numbers of `10^exponent` units. */
export interface Channel {
	readonly name: string;
	readonly unit: string;
	readonly kind: string;
	/** M-Bus channel of a sub-meter, 0 where there is none. */
	readonly bus: number;
	exponent: number;
	/** CRC-32 of the device's id, 0 where it tells none. */
	id: number;
}

/** Bytes of one channel in a segment's header. */
export const CHANNEL_LENGTH = 9;

export class Channels {
	readonly list: Channel[] = [];

	/** The place of that counter, which is made where there is room; -1 where it has no history. */
	place(name: string, unit: string, kind: string, bus: number): number {
		const { list } = this;
		for (let place = 0; place < list.length; place++) {
			const each = list[place] as Channel;
			if (each.name === name && each.unit === unit && each.kind === kind && each.bus === bus) return place;
		}
		if (list.length === MOST_CHANNELS || !NAMES.includes(name) || !UNITS.includes(unit) || bus > 255)
			return -1;
		return (
			list.push({
				name,
				unit,
				kind: KINDS.includes(kind) ? kind : "device",
				bus,
				exponent: COARSEST,
				id: 0,
			}) - 1
		);
	}

	/** The place of the meter's own counter of that name; -1 where it has none. */
	find(name: string): number {
		return this.list.findIndex((each) => each.name === name && each.kind === "meter");
	}

	/** The table as bytes, at `offset`. */
	write(view: DataView, offset: number): void {
		let at = offset;
		for (const { name, unit, kind, bus, exponent, id } of this.list) {
			view.setUint8(at, NAMES.indexOf(name));
			view.setUint8(at + 1, UNITS.indexOf(unit));
			view.setUint8(at + 2, KINDS.indexOf(kind));
			view.setUint8(at + 3, bus);
			view.setInt8(at + 4, exponent);
			view.setUint32(at + 5, id);
			at += CHANNEL_LENGTH;
		}
	}

	/** Learns what a kept table has more, or finer; `newest`: ids are taken from it, too. */
	learn(view: DataView, offset: number, count: number, newest: boolean): void {
		for (let index = 0; index < count && index < MOST_CHANNELS; index++) {
			const at = offset + index * CHANNEL_LENGTH;
			const exponent = view.getInt8(at + 4);
			let channel = this.list[index];
			if (!channel) {
				channel = {
					name: NAMES[view.getUint8(at)] ?? "",
					unit: UNITS[view.getUint8(at + 1)] ?? "",
					kind: KINDS[view.getUint8(at + 2)] ?? "device",
					bus: view.getUint8(at + 3),
					exponent,
					id: view.getUint32(at + 5),
				};
				this.list.push(channel);
			}
			channel.exponent = Math.min(channel.exponent, exponent);
			if (newest) channel.id = view.getUint32(at + 5);
		}
	}
}

/** The value in units of `10^exponent`; `undefined` where it has more digits, or is none of a counter. */
export function mantissaAt({ mantissa, exponent }: Decimal, to: number): number | undefined {
	const power = exponent - to;
	const value = power < 0 ? Number(mantissa) / 10 ** -power : Number(mantissa) * 10 ** power;
	return Number.isInteger(value) && value >= 0 && value < MOST_MANTISSA ? value : undefined;
}

/** The exponent in which a counter is kept, having been kept in `kept`; `undefined` where it cannot be. */
export function finer(kept: number, sent: number): number | undefined {
	if (sent < FINEST) return undefined;
	return Math.min(kept, sent);
}
