// Which messages one reading becomes: one JSON, a topic for each value, JSON as ams2mqtt has it, or the frame itself in
// hexadecimal. Messages are made one by one, when the connection can take them.

import { hasOffset } from "../../readings/characters.js";
import { toText } from "../../readings/decimal.js";
import { findQuantity, type Quantity, type Reading } from "../../readings/reading.js";
import { timeOfIso } from "../../readings/utc.js";
import type { OutputContext } from "../output.js";
import { hexOf } from "../shared/hex.js";
import { type Parts, readingParts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { filledTopic, levelOf } from "./topic.js";

/**
 * Canonical names and those of ams2mqtt. W, var, A, V, kWh and kvarh are the units of both. Facts from that project's public
 * description of its messages (its wiki, "Message formats"); `realtime`, `vcc` and prices are its own and left out.
 */
const AMS_NAMES =
	"power_import P reactive_power_import Q power_export PO reactive_power_export QO current_l1 I1 current_l2 I2 current_l3 I3 voltage_l1 U1 voltage_l2 U2 voltage_l3 U3 energy_import tPI energy_export tPO reactive_energy_import tQI reactive_energy_export tQO";
/** What that firmware says where it has no thermometer. */
const NO_TEMPERATURE = "-127.00";

/** A message of a reading, without what all of them share. */
export interface Publishing {
	readonly topic: string;
	readonly payload: Parts;
}

/**
 * Message number `index` of that reading; `undefined` behind the last. `root`: of the gateway's topics;
 * `frame`: the one that the reading came in. Where Home Assistant is on, the JSON on `<root>/reading` that it lives on comes first.
 */
export function publishing(
	context: OutputContext,
	root: string,
	reading: Reading,
	index: number,
	frame: Uint8Array | undefined,
): Publishing | undefined {
	const { payload: mode, readingTopic, homeAssistant } = context.settings;
	const usual = mode === "values" ? "/value" : mode === "ams" ? "" : mode === "raw" ? "/frame" : "/reading";
	const pattern = readingTopic ? `${readingTopic}` : root.concat(usual);
	const jsonTopic = root.concat("/reading");
	let number = index;
	if (homeAssistant === true && (usual !== "/reading" || pattern !== jsonTopic) && number-- === 0)
		return { topic: jsonTopic, payload: readingParts(context.store, reading) };
	const topic = filledTopic(pattern, context.gatewayId, root, reading);
	if (mode === "values") return valueOf(reading, number, topic);
	if (number > 0) return undefined;
	if (mode === "raw") return frame && { topic, payload: [hexOf(frame)] };
	return {
		topic,
		payload: mode === "ams" ? [utf8(amsJson(context, reading))] : readingParts(context.store, reading),
	};
}

/** The meter's own values first, then those of its sub-meters, below `gas_1`, or `gas_<id>` where channels have no numbers. */
function valueOf({ quantities, devices }: Reading, number: number, topic: string): Publishing | undefined {
	let left = number;
	let quantity: Quantity | undefined = quantities[left];
	let level = topic;
	left -= quantities.length;
	for (const { kind, channel, id, quantities } of devices) {
		if (quantity) break;
		quantity = quantities[left];
		left -= quantities.length;
		const which = channel === undefined ? id && levelOf(id) : `${channel}`;
		level = topic.concat("/", kind, which ? "_".concat(which) : "");
	}
	if (!quantity) return undefined;
	const { name, value } = quantity;
	const text = typeof value === "string" ? value : toText(value);
	return { topic: level.concat("/", levelOf(name)), payload: [utf8(text)] };
}

/** A header, and `data` with short names. */
function amsJson(context: OutputContext, reading: Reading): string {
	const { settings, gatewayId } = context;
	const { meter, time } = reading;
	// A time without an offset says nothing about UTC.
	const rtc = time !== null && hasOffset(time) ? Math.round(timeOfIso(time) / 1000) : Number.NaN;
	const data = [
		`"lv":${JSON.stringify(meter.list ?? "")}`,
		`"meterId":${JSON.stringify(meter.id ?? "")}`,
		`"type":${JSON.stringify(meter.model ?? "")}`,
	];
	const names = AMS_NAMES.split(" ");
	for (let index = 0; index < names.length; index += 2) {
		const value = findQuantity(reading, `${names[index]}`)?.value;
		if (value !== undefined && typeof value !== "string") data.push(`"${names[index + 1]}":${toText(value)}`);
	}
	if (rtc === rtc) data.push(`"rtc":${rtc}`);
	const t = rtc === rtc ? rtc : Math.round((context.wallTime() ?? 0) / 1000);
	const name = JSON.stringify(settings.clientId || gatewayId);
	return `{"id":${JSON.stringify(gatewayId)},"name":${name},"up":${Math.floor(context.now() / 1000)},"t":${t},"rssi":${context.wifi?.().rssi ?? 0},"temp":${NO_TEMPERATURE},"data":{${data.join()}}}`;
}
