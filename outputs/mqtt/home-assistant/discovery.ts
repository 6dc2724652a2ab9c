// One device's discovery message, in parts that are made when they are sent: device, then some entities a part.
// Source: home-assistant.io, "MQTT", device discovery payload (2024.12 and newer), with its abbreviations.

import type { MadeParts } from "../../shared/parts.js";
import { utf8 } from "../../shared/text.js";
import { FRESH, STALE } from "../meter-watch.js";
import type { Section } from "./announced.js";
import { entityClass, entityName, isCode } from "./entity-class.js";

/** Below the topic of readings: the latest value of all quantities. Entities listen to both. */
export const KNOWN = "/known";

/** Entities of one part: under a kilobyte. */
const PART = 3;

/**
 * What the gateway tells of itself: key, name, template over the health report `v`, unit, device class, state class.
 * The first only with Wi-Fi.
 */
const DIAGNOSTICS =
	"signal|Signal strength|v.network.rssi|dBm|signal_strength|measurement\n" +
	"uptime|Uptime|v.gateway.uptime|s|duration|\n" +
	"reading_age|Reading age|v.readings.age|s|duration|\n" +
	"readings|Readings|v.readings.count|||total_increasing\n" +
	"rejected|Rejected frames|v.rejected.count|||total_increasing\n" +
	"line_errors|Line errors|v.meter.get('parity',0)+v.meter.get('framing',0)+v.meter.get('overflow',0)|||total_increasing\n" +
	"warnings|Warnings|v.warnings|length|||measurement\n" +
	"version|Version|v.gateway.version|||\n";

/** What a person may press: key, name, device class. */
const BUTTONS = "restart|Restart|restart\nidentify|Identify|identify\nread|Read now|\n";

/** Text before the entities; then these, a line each, made by `entity`. */
export class DiscoveryParts implements MadeParts {
	readonly count: number;
	readonly #head: string;
	readonly #lines: string;
	readonly #entity: (line: string) => string;
	/** Where the next part's lines begin, and which part that is. */
	#at = 0;
	#next = 0;

	constructor(head: string, lines: string, entity: (line: string) => string) {
		this.#head = head;
		this.#lines = lines;
		this.#entity = entity;
		let count = 0;
		for (let at = 0; at < lines.length; at = lines.indexOf("\n", at) + 1) count++;
		this.count = 2 + Math.ceil(count / PART);
	}

	part(index: number): Uint8Array {
		if (index === 0) return utf8(this.#head.concat('"cmps":{'));
		if (index === this.count - 1) return utf8("}}");
		if (index < this.#next || this.#next === 0) {
			this.#at = 0;
			this.#next = 1;
		}
		let text = "";
		for (; this.#next <= index; this.#next++) text = this.#lineGroup();
		return utf8(text);
	}

	#lineGroup(): string {
		const lines = this.#lines;
		const entities: string[] = this.#at === 0 ? [] : [""];
		for (let count = 0; count < PART && this.#at < lines.length; count++) {
			const end = lines.indexOf("\n", this.#at);
			entities.push(this.#entity(lines.slice(this.#at, end)));
			this.#at = end + 1;
		}
		return entities.join(",");
	}
}

/** What every message of a gateway has in common. */
export interface DiscoveryFacts {
	readonly gatewayId: string;
	readonly version: string;
	readonly model: string;
	/** Topics of readings, the gateway's availability and the meter's, health and commands (`<command>/<name>`). */
	readonly reading: string;
	readonly status: string;
	readonly meterStatus: string;
	readonly health: string;
	readonly command: string;
}

/** The gateway: how it is, and its buttons. */
export function gatewayParts(
	facts: DiscoveryFacts,
	hasSignal: boolean,
	buttons: "none" | "all" | "no read",
): MadeParts {
	const { gatewayId, model, version, status, health, meterStatus, command } = facts;
	const device = `{"ids":${json(gatewayId)},"name":${json(gatewayId)},"mf":"Meterling","mdl":${json(model)},"sw":${json(version)}}`;
	const head = `{"dev":${device},${origin(version)},"avty_t":${json(status)},"stat_t":${json(health)},`;
	// What there is not, or no more, is taken back.
	const lines = hasSignal
		? DIAGNOSTICS
		: "signal|sensor".concat(DIAGNOSTICS.slice(DIAGNOSTICS.indexOf("\n")));
	const ask = BUTTONS.indexOf("read|");
	const pressed =
		buttons === "all"
			? BUTTONS
			: buttons === "none"
				? "restart|button\nidentify|button\nread|button\n"
				: BUTTONS.slice(0, ask).concat("read|button\n");
	return new DiscoveryParts(head, "meter\n".concat(lines, pressed), (line) => {
		const fields = line.split("|");
		const [key = "", name = ""] = fields;
		const begin = `${json(key)}:{"uniq_id":${json(`${gatewayId}_${key}`)},"ent_cat":"diagnostic","p":`;
		if (fields.length === 2) return `${json(key)}:{"p":${json(name)}}`;
		if (fields.length === 1)
			return `${begin}"binary_sensor","name":"Meter","dev_cla":"connectivity","stat_t":${json(meterStatus)},"pl_on":"${FRESH}","pl_off":"${STALE}"}`;
		if (fields.length === 3)
			return `${begin}"button","name":${json(name)},"cmd_t":${json(`${command}/${key}`)}${member("dev_cla", fields[2])}}`;
		const [stateClass, deviceClass, unit] = fields.reverse();
		const value = fields.slice(3, -2).reverse().join("|");
		return `${begin}"sensor","name":${json(name)},"val_tpl":"{% set v=value_json %}{{ ${value} }}"${member("unit_of_meas", unit)}${member("dev_cla", deviceClass)}${member("stat_cla", stateClass)}${unit === "" ? "" : ',"sug_dsp_prc":0'}}`;
	});
}

/** The meter, or a sub-meter of it. */
export function sectionParts(
	facts: DiscoveryFacts,
	{ key, kind, channel, identity, entities }: Section,
): MadeParts {
	const { gatewayId, version, reading, status, meterStatus } = facts;
	const id = gatewayId.concat("_", key);
	const { manufacturer = "", model } = identity;
	const name =
		kind === ""
			? manufacturer.concat(" meter").trim()
			: kind === "device"
				? "sub-meter"
				: kind.concat(" meter");
	const device = `{"ids":${json(id)},"name":${json(entityName(name))}${member("mf", manufacturer)}${member("mdl", model)}${member("sn", identity.id)},"via_device":${json(kind === "" ? gatewayId : gatewayId.concat("_meter"))}}`;
	const head = `{"dev":${device},${origin(version)},"avty":[{"t":${json(status)}},{"t":${json(meterStatus)},"pl_avail":"${FRESH}","pl_not_avail":"${STALE}"}],"avty_mode":"all","stat_t":${json(reading.concat("/#"))},`;
	const found = kind === "" ? "" : isSection(kind, channel, identity.id);
	return new DiscoveryParts(head, entities, (line) => {
		const [quantity = "", unit = "", decimals = ""] = line.split("|");
		const isText = decimals === "";
		const { deviceClass, stateClass, diagnostic } = entityClass(quantity, kind, unit, isText);
		const code = isCode(quantity);
		const category = diagnostic || code ? ',"ent_cat":"diagnostic"' : "";
		return `${json(quantity)}:{"p":"sensor","uniq_id":${json(`${id}_${quantity}`)},"name":${json(entityName(quantity))},"val_tpl":${json(template(quantity, found, isText))}${member("unit_of_meas", isText ? "" : unit)}${member("dev_cla", deviceClass)}${member("stat_cla", stateClass)}${isText ? "" : `,"sug_dsp_prc":${decimals}`}${category}${code ? ',"en":false' : ""}}`;
	});
}

function origin(version: string): string {
	return `"o":{"name":"Meterling","sw":${json(version)}}`;
}

/**
 * The quantity's value, or nothing where this list does not have it: the entity then keeps its state, because Home
 * Assistant passes over an empty result for a number. A text keeps its state by saying it again; 255 characters are the most.
 */
function template(quantity: string, found: string, isText: boolean): string {
	const value = `quantities.get('${quantity}',{}).get('value',${isText ? "this.state" : "''"})`;
	const shown = (of: string) => (isText ? `{{ (${of}.${value}~'')[:255] }}` : `{{ ${of}.${value} }}`);
	if (found === "") return shown("value_json");
	return `{% for d in value_json.devices if ${found} %}${shown("d")}${isText ? "{% else %}{{ this.state }}" : ""}{% endfor %}`;
}

/** Condition for the sub-meter `d` of a reading; texts that could end a literal are left to kind and channel. */
function isSection(kind: string, channel: number | undefined, id: string | undefined): string {
	if (id !== undefined && !/['"\\]/.test(id)) return `d.get('id')=='${id}'`;
	return `d.kind=='${kind}'${channel === undefined ? "" : ` and d.get('channel')==${channel}`}`;
}

function member(name: string, value: string | undefined): string {
	return value ? `,"${name}":${JSON.stringify(value)}` : "";
}

function json(text: string): string {
	return JSON.stringify(text);
}
