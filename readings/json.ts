// Readings as JSON text, digit for digit: `85823.280` stays `85823.280`, which JSON.stringify could not print.
// The one shape that the command line, the HTTP API, the event stream and MQTT share.

import { toText } from "./decimal.js";
import type { DeviceReading, Quantity, Reading } from "./reading.js";

/** The reading as one JSON object; `members` (text like `"file":"a.hex",`) is put in front of the others. */
export function readingToJson(reading: Reading, members = ""): string {
	const { protocol, meter, time, quantities, devices } = reading;
	const head = `{${members}"protocol":${JSON.stringify(protocol)},"meter":${JSON.stringify(meter)}`;
	return `${head},"time":${JSON.stringify(time)},${quantitiesMember(quantities)},"devices":[${devices.map(deviceToJson).join(",")}]}`;
}

function deviceToJson({ kind, id, channel, time, quantities }: DeviceReading): string {
	const identity = `${id === undefined ? "" : `,"id":${JSON.stringify(id)}`}${channel === undefined ? "" : `,"channel":${channel}`}`;
	return `{"kind":${JSON.stringify(kind)}${identity},"time":${JSON.stringify(time)},${quantitiesMember(quantities)}}`;
}

function quantitiesMember(quantities: readonly Quantity[]): string {
	return `"quantities":{${quantities.map(quantityMember).join(",")}}`;
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
