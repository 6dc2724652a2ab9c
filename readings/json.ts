// Readings as JSON text, digit for digit: `85823.280` stays `85823.280`, which JSON.stringify could not print.
// The one shape that the command line, the HTTP API, the event stream and MQTT share.

import { toText } from "./decimal.js";
import type { DeviceReading, Quantity, Reading } from "./reading.js";

/** Takes a text piece by piece. */
export type TakePiece = (piece: string) => void;

/** Quantities of one piece: some 800 characters. */
const PIECE = 8;

/** The reading as one JSON object; `members` (text like `"file":"a.hex",`) is put in front of the others. */
export function readingToJson(reading: Reading, members = ""): string {
	const pieces: string[] = [];
	writeReading(reading, (piece) => pieces.push(piece), members);
	return pieces.join("");
}

/** The same in pieces of about a kilobyte: a device may not have ten kilobytes in one place, three times over. */
export function writeReading(reading: Reading, take: TakePiece, members = ""): void {
	const { protocol, meter, time, quantities, devices } = reading;
	take(
		`{${members}"protocol":${JSON.stringify(protocol)},"meter":${JSON.stringify(meter)},"time":${JSON.stringify(time)},`,
	);
	writeQuantities(quantities, take);
	take(',"devices":[');
	devices.forEach((device, index) => {
		if (index > 0) take(",");
		writeDevice(device, take);
	});
	take("]}");
}

/** One device's part of a reading. */
export function writeDevice(
	{ kind, id, channel, time, quantities }: DeviceReading,
	take: TakePiece,
	members = "",
): void {
	const identity = `${id === undefined ? "" : `,"id":${JSON.stringify(id)}`}${channel === undefined ? "" : `,"channel":${channel}`}`;
	take(`{${members}"kind":${JSON.stringify(kind)}${identity},"time":${JSON.stringify(time)},`);
	writeQuantities(quantities, take);
	take("}");
}

function writeQuantities(quantities: readonly Quantity[], take: TakePiece): void {
	take('"quantities":{');
	writeMembers(quantities.length, (index) => quantityMember(quantities[index] as Quantity), take);
	take("}");
}

/** `count` members of an object with commas between them, several in each piece. */
export function writeMembers(count: number, member: (index: number) => string, take: TakePiece): void {
	for (let from = 0; from < count; from += PIECE) {
		const some: string[] = [];
		for (let index = from; index < Math.min(count, from + PIECE); index++) some.push(member(index));
		take(from === 0 ? some.join(",") : ",".concat(some.join(",")));
	}
}

// `concat` with many arguments makes one string where a template makes one for each part: on the device that is
// most of the memory that a reading uses up.

/** `"name":{"value":…}`. */
function quantityMember({ name, value, unit, obis, register, time }: Quantity): string {
	return JSON.stringify(name).concat(
		":{",
		valueMembers(value, unit),
		obis === undefined ? "" : ',"obis":'.concat(JSON.stringify(obis)),
		register === undefined ? "" : ',"register":'.concat(`${register}`),
		time === undefined ? "" : ',"time":'.concat(JSON.stringify(time)),
		"}",
	);
}

/** `"value":3771,"unit":"W"`: what every JSON of a quantity begins with. */
export function valueMembers(value: Quantity["value"], unit: string | undefined): string {
	const text = typeof value === "string" ? JSON.stringify(value) : toText(value);
	return '"value":'.concat(text, unit === undefined ? "" : ',"unit":'.concat(JSON.stringify(unit)));
}
