// Which counters are kept: a table of channels, each one counter of the meter or of a sub-meter. It only grows, and a
// channel's place never changes. On flash and in an export it is a line each:
//
//   channel,0,energy_import,kWh,meter,0,-3,1a2b3c4d,0      place, name, unit, kind, M-Bus channel, exponent, id, offset

import type { Decimal } from "../decimal.js";
import type { Quantity } from "../reading.js";
import type { Crc32 } from "./log.js";

/** Counters of one gateway at most. */
export const MOST_CHANNELS = 12;
/** Counters beyond this are not kept: differences must fit a safe integer twice. */
const MOST_MANTISSA = 2 ** 51;
/** Of thousandths: a counter is kept with so many digits behind the point, or with more where its first value has them. */
const USUAL_EXPONENT = -3;
const FINEST = -9;
/** A counter above this share of its range that falls below the rest has run over. */
const NEARLY_FULL = 0.99;
const LEAST_RANGE = 1e5;
const BINARY_RANGE = 2 ** 32;
const COUNTERS =
	" energy_import energy_export gas_volume water_volume heat_energy cooling_energy heat_volume pulse_count ";
const UNITS = " kWh MWh GJ m³ Gcal kvarh  ";

/** Counters of money, whose unit is a currency. */
export const MONEY = "cost_";

/** One counter, kept as whole numbers of `10^exponent` units. */
export interface Channel {
	readonly name: string;
	readonly unit: string;
	/** `meter` is the one at the line, the others are sub-meters. */
	readonly kind: string;
	/** M-Bus channel of a sub-meter, 0 where there is none. */
	readonly bus: number;
	readonly exponent: number;
	/** CRC-32 of the device's id, 0 where it tells none. */
	id: number;
	/** What is added to what the meter shows, so that a counter that begins anew goes on: kept counters never fall. */
	offset: number;
	/** A value below the one before it, which the next reading must confirm. */
	suspect?: number | undefined;
}

/** The place of that counter; -1 where there is none. */
export function placeOf(channels: readonly Channel[], name: string, unit?: string, kind = "meter", bus = 0) {
	return channels.findIndex(
		(each) =>
			each.name === name && each.kind === kind && each.bus === bus && (unit ?? each.unit) === each.unit,
	);
}

/** A new channel, where that quantity is a counter with a history and there is room. `sent`: the exponent of its value. */
export function addChannel(
	channels: Channel[],
	name: string,
	unit: string,
	kind: string,
	bus: number,
	sent: number,
): Channel | undefined {
	const counter = name.charAt(name.length - 3) === "_" ? name.slice(0, -3) : name;
	const isMoney = name.startsWith(MONEY);
	const isKept = isMoney || (COUNTERS.includes(` ${counter} `) && UNITS.includes(` ${unit} `));
	if (!isKept || channels.length === MOST_CHANNELS || sent < FINEST) return undefined;
	const exponent = Math.min(sent, unit === "" ? 0 : USUAL_EXPONENT);
	const channel = { name, unit, kind, bus, exponent, id: 0, offset: 0 };
	channels.push(channel);
	return channel;
}

/** The value in units of `10^to`, digits beyond cut off; NaN where it is none of a counter. */
export function countOf({ mantissa, exponent }: Decimal, to: number): number {
	const factor = 10 ** Math.abs(exponent - to);
	const count = Math.floor(exponent < to ? Number(mantissa) / factor : Number(mantissa) * factor);
	return count >= 0 && count < MOST_MANTISSA ? count : Number.NaN;
}

/** The table's lines. */
export function channelLines(channels: readonly Channel[]): string {
	let lines = "";
	channels.forEach(({ name, unit, kind, bus, exponent, id, offset }, place) => {
		const fields = ["channel", place, name, unit, kind, bus, exponent, id.toString(16), offset];
		lines = lines.concat(fields.join(), "\n");
	});
	return lines;
}

/** Takes one of these lines in, as its fields; false where it is none, or not the next one. */
export function takeChannel(channels: Channel[], fields: readonly string[]): boolean {
	const [, place, name = "", unit = "", kind = "", bus, exponent, id = "", offset] = fields;
	if (Number(place) !== channels.length || fields.length !== 9) return false;
	const channel = addChannel(channels, name, unit, kind, Number(bus), Number(exponent));
	if (!channel) return false;
	channel.id = Number.parseInt(id, 16);
	channel.offset = Number(offset);
	if (Number.isInteger(channel.bus + channel.exponent + channel.id + channel.offset)) return true;
	channels.pop();
	return false;
}

/** The table as a file: CRC-32, lines. */
export function tableOf(
	channels: readonly Channel[],
	crc32: Crc32,
	bytesOf: (text: string) => Uint8Array,
): Uint8Array {
	const lines = bytesOf(channelLines(channels));
	const table = new Uint8Array(4 + lines.length);
	table.set(lines, 4);
	new DataView(table.buffer).setUint32(0, crc32(lines));
	return table;
}

/** Takes such a file in, where it is whole. */
export function readTable(channels: Channel[], table: Uint8Array | undefined, crc32: Crc32): void {
	if (!table || table.length < 4) return;
	const lines = table.slice(4);
	if (new DataView(table.buffer, table.byteOffset).getUint32(0) !== crc32(lines)) return;
	const text = String.fromArrayBuffer(lines.buffer as ArrayBuffer);
	for (const line of text.split("\n")) takeChannel(channels, line.split(","));
}

/** At what a counter ran over that began anew at zero; 0 where it had not been full, so is another's. */
export function overflow(was: number, count: number, digit: number): number {
	const binary = BINARY_RANGE * digit;
	const isBinary = Math.abs(was - binary) < binary * (1 - NEARLY_FULL);
	let range = isBinary ? binary : 1;
	while (range <= was && !isBinary) range *= 10;
	const isFull = range >= LEAST_RANGE && was >= range * NEARLY_FULL && count <= range * (1 - NEARLY_FULL);
	return isFull ? range : 0;
}

/** The sums of tariffs whose total the meter does not send. */
export function missingTotals(quantities: readonly Quantity[]): readonly Quantity[] {
	const totals: Quantity[] = [];
	for (const name of ["energy_import", "energy_export"]) {
		const tariff = name.concat("_t");
		let total = 0;
		let unit: string | undefined;
		for (const quantity of quantities) {
			const { value } = quantity;
			if (quantity.name === name) total = Number.NaN;
			else if (typeof value !== "string" && quantity.name.startsWith(tariff)) {
				total += countOf(value, USUAL_EXPONENT);
				unit = quantity.unit;
			}
		}
		if (unit !== undefined && total === total)
			totals.push({ name, value: { mantissa: total, exponent: USUAL_EXPONENT }, unit });
	}
	return totals;
}
