// Readings as JSON text, digit for digit: `85823.280` stays `85823.280`, which JSON.stringify could not print.
// The one shape that the command line, the HTTP API, the event stream and MQTT share.

import { toText } from "./decimal.js";
import type { DeviceReading, Quantity, Reading } from "./reading.js";

/** The reading as one JSON object; `members` (text like `"file":"a.hex",`) is put in front of the others. */
export function readingToJson(reading: Reading, members = ""): string {
	const parts = [
		`{${members}"protocol":${JSON.stringify(reading.protocol)},"meter":${JSON.stringify(reading.meter)}`,
		`,"time":${JSON.stringify(reading.time)},"quantities":`,
	];
	appendQuantities(parts, reading.quantities);
	parts.push(',"devices":[');
	reading.devices.forEach((device, index) => {
		if (index > 0) parts.push(",");
		appendDevice(parts, device);
	});
	parts.push("]}");
	return parts.join("");
}

function appendDevice(parts: string[], device: DeviceReading): void {
	parts.push(`{"kind":${JSON.stringify(device.kind)}`);
	if (device.id !== undefined) parts.push(`,"id":${JSON.stringify(device.id)}`);
	if (device.channel !== undefined) parts.push(`,"channel":${device.channel}`);
	parts.push(`,"time":${JSON.stringify(device.time)},"quantities":`);
	appendQuantities(parts, device.quantities);
	parts.push("}");
}

function appendQuantities(parts: string[], quantities: readonly Quantity[]): void {
	let separator = "{";
	for (const quantity of quantities) {
		const { value } = quantity;
		parts.push(separator, JSON.stringify(quantity.name), ':{"value":');
		parts.push(typeof value === "string" ? JSON.stringify(value) : toText(value));
		if (quantity.unit !== undefined) parts.push(`,"unit":${JSON.stringify(quantity.unit)}`);
		if (quantity.obis !== undefined) parts.push(`,"obis":${JSON.stringify(quantity.obis)}`);
		if (quantity.register !== undefined) parts.push(`,"register":${quantity.register}`);
		if (quantity.time !== undefined) parts.push(`,"time":${JSON.stringify(quantity.time)}`);
		parts.push("}");
		separator = ",";
	}
	parts.push(separator === "{" ? "{}" : "}");
}
