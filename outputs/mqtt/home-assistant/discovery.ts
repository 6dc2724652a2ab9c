// One device's discovery message, in parts that are made when they are sent: device, then some entities a part.
// Source: home-assistant.io, "MQTT", device discovery payload (2024.12 and newer), with its abbreviations.

import { indexOfAny } from "../../../readings/characters.js";
import type { OutputContext } from "../../output.js";
import type { MadeParts } from "../../shared/parts.js";
import { utf8 } from "../../shared/text.js";
import { FRESH, STALE } from "../meter-watch.js";
import type { Section } from "./announced.js";
import { entityClass, entityName, isCode } from "./entity-class.js";

/** Entities of one part: under a kilobyte. */
const PART = 3;

/**
 * What the gateway tells of itself: key, name, template over the health report `v`, unit, device class, state class.
 * The first only with Wi-Fi.
 */
const DIAGNOSTICS =
	"signal;Signal strength;v.network.rssi;dBm;signal_strength;measurement\n" +
	"uptime;Uptime;v.gateway.uptime;s;duration;\n" +
	"reading_age;Reading age;v.readings.age;s;duration;\n" +
	"readings;Readings;v.readings.count;;;total_increasing\n" +
	"rejected;Rejected frames;v.rejected.count;;;total_increasing\n" +
	"line_errors;Line errors;v.meter.get('parity',0)+v.meter.get('framing',0)+v.meter.get('overflow',0);;;total_increasing\n" +
	"warnings;Warnings;v.warnings|length;;;measurement\n" +
	"version;Version;v.gateway.version;;;\n";

/** Text before the entities; then these, a line each, made by `entity`. */
function message(head: string, lines: string, entity: (line: string) => string): MadeParts {
	let count = 0;
	for (let at = 0; at < lines.length; at = lines.indexOf("\n", at) + 1) count++;
	const last = 1 + Math.ceil(count / PART);
	return {
		count: last + 1,
		part: (index) => {
			if (index === 0) return utf8(head.concat('"cmps":{'));
			if (index === last) return utf8("}}");
			let at = 0;
			for (let skip = (index - 1) * PART; skip > 0; skip--) at = lines.indexOf("\n", at) + 1;
			const entities: string[] = index === 1 ? [] : [""];
			for (let line = 0; line < PART && at < lines.length; line++) {
				const end = lines.indexOf("\n", at);
				entities.push(entity(lines.slice(at, end)));
				at = end + 1;
			}
			return utf8(entities.join());
		},
	};
}

/** The gateway: how it is, and its buttons. `root`: of all topics. What there is not, or no more, is taken back. */
export function gatewayParts(context: OutputContext, root: string): MadeParts {
	const { gatewayId, model, version, commands, settings } = context;
	const status = json(root.concat("/status"));
	const device = `{"ids":${json(gatewayId)},"name":${json(gatewayId)},"mf":"Meterling","mdl":${json(model)},"sw":${json(version)}}`;
	const head = `{"dev":${device},${origin(version)},"avty_t":${status},"stat_t":${json(root.concat("/health"))},`;
	const hasSignal = typeof context.wifi?.().rssi === "number";
	const mayCommand = commands !== undefined && settings.commands !== false;
	const button = (key: string, name: string, isThere: boolean) =>
		isThere ? `${key};${name};${key === "restart" ? key : ""}\n` : `${key};button\n`;
	const lines = "meter\n".concat(
		hasSignal ? DIAGNOSTICS : "signal;sensor".concat(DIAGNOSTICS.slice(DIAGNOSTICS.indexOf("\n"))),
		button("restart", "Restart", mayCommand),
		button("identify", "Identify", mayCommand),
		button("read", "Read now", mayCommand && commands.canAsk),
	);
	return message(head, lines, (line) => {
		const [key = "", name = "", value = "", unit = "", deviceClass = "", stateClass] = line.split(";");
		const begin = `${json(key)}:{"uniq_id":${json(`${gatewayId}_${key}`)},"ent_cat":"diagnostic","p":`;
		if (name === "")
			return `${begin}"binary_sensor","name":"Meter","dev_cla":"connectivity","stat_t":${json(root.concat("/meter"))},"pl_on":"${FRESH}","pl_off":"${STALE}"}`;
		if (name === "sensor" || name === "button") return `${json(key)}:{"p":"${name}"}`;
		if (stateClass === undefined)
			return `${begin}"button","name":"${name}","cmd_t":${json(`${root}/command/${key}`)}${member("dev_cla", value)}}`;
		return `${begin}"sensor","name":"${name}","val_tpl":"{% set v=value_json %}{{ ${value} }}"${classes(unit, deviceClass, stateClass)}${unit === "" ? "" : ',"sug_dsp_prc":0'}}`;
	});
}

/** The meter, or a sub-meter of it. */
export function sectionParts(
	{ gatewayId, version }: OutputContext,
	root: string,
	{ key, kind, channel, identity, entities }: Section,
): MadeParts {
	const id = gatewayId.concat("_", key);
	const { manufacturer = "", model, id: serial } = identity;
	const name = kind === "device" ? "sub-meter" : (kind || manufacturer).concat(" meter").trim();
	const device = `{"ids":${json(id)},"name":${json(entityName(name))}${member("mf", manufacturer)}${member("mdl", model)}${member("sn", serial)},"via_device":${json(kind === "" ? gatewayId : gatewayId.concat("_meter"))}}`;
	const head = `{"dev":${device},${origin(version)},"avty":[{"t":${json(root.concat("/status"))}},{"t":${json(root.concat("/meter"))},"pl_avail":"${FRESH}","pl_not_avail":"${STALE}"}],"avty_mode":"all","stat_t":${json(root.concat("/reading/#"))},`;
	// Condition for the sub-meter `d` of a reading; texts that could end a literal are left to kind and channel.
	let found = kind === "" ? "" : `d.kind=='${kind}'`;
	if (found !== "" && serial !== undefined && indexOfAny(serial, "'\"\\") < 0)
		found = `d.get('id')=='${serial}'`;
	else if (found !== "" && channel !== undefined) found += ` and d.get('channel')==${channel}`;
	return message(head, entities, (line) => {
		const [quantity = "", unit = "", decimals = ""] = line.split("|");
		const isText = decimals === "";
		const [deviceClass, stateClass, diagnostic] = entityClass(quantity, kind, unit, isText);
		const code = isCode(quantity);
		return `${json(quantity)}:{"p":"sensor","uniq_id":${json(`${id}_${quantity}`)},"name":${json(entityName(quantity))},"val_tpl":${json(template(quantity, found, isText))}${classes(isText ? "" : unit, deviceClass, stateClass)}${isText ? "" : `,"sug_dsp_prc":${decimals}`}${diagnostic || code ? ',"ent_cat":"diagnostic"' : ""}${code ? ',"en":false' : ""}}`;
	});
}

/**
 * The quantity's value, or nothing where this list does not have it: the entity then keeps its state, because Home
 * Assistant passes over an empty result for a number. A text keeps its state by saying it again; 255 characters are the most.
 */
function template(quantity: string, found: string, isText: boolean): string {
	const of = found === "" ? "value_json" : "d";
	const value = `${of}.quantities.get('${quantity}',{}).get('value',${isText ? "this.state" : "''"})`;
	const shown = isText ? `{{ (${value}~'')[:255] }}` : `{{ ${value} }}`;
	if (found === "") return shown;
	return `{% for d in value_json.devices if ${found} %}${shown}${isText ? "{% else %}{{ this.state }}" : ""}{% endfor %}`;
}

function origin(version: string): string {
	return `"o":{"name":"Meterling","sw":${json(version)}}`;
}

function classes(unit: string, deviceClass: string, stateClass: string): string {
	return member("unit_of_meas", unit).concat(member("dev_cla", deviceClass), member("stat_cla", stateClass));
}

function member(name: string, value: string | undefined): string {
	return value ? `,"${name}":${JSON.stringify(value)}` : "";
}

function json(text: string): string {
	return JSON.stringify(text);
}
