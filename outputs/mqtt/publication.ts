// Which messages one reading becomes: one JSON, a topic for each value, JSON as ams2mqtt has it, or the frame itself in
// hexadecimal. Messages are made one by one, when the connection can take them.

import { toText } from "../../readings/decimal.js";
import type { DeviceReading, Quantity, Reading } from "../../readings/reading.js";
import type { OutputContext } from "../output.js";
import { type Parts, readingParts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { amsJson } from "./ams.js";
import { filledTopic, levelOf } from "./topic.js";

const DIGITS = "0123456789abcdef";
const RSSI = '"rssi":';
const RSSI_MS = 60_000;

/** A message of a reading, without what all of them share. */
export interface Publishing {
	readonly topic: string;
	readonly payload: Parts;
}

export class Publication {
	readonly #context: OutputContext;
	readonly #root: string;
	readonly #mode: string;
	/** With places to fill in. */
	readonly #topic: string;
	/** The JSON on `<topic>/reading` comes first, whatever else there is: Home Assistant lives on it. */
	readonly #withJson: boolean;
	#rssi = 0;
	/** When it was looked up. */
	#rssiAt = Number.NEGATIVE_INFINITY;

	constructor(context: OutputContext, root: string, homeAssistant: boolean) {
		const { payload, readingTopic } = context.settings;
		this.#context = context;
		this.#root = root;
		this.#mode = `${payload ?? "json"}`;
		const usual = { values: "/value", ams: "", raw: "/frame" }[this.#mode] ?? "/reading";
		this.#topic = readingTopic ? `${readingTopic}` : root.concat(usual);
		this.#withJson = homeAssistant && (this.#mode !== "json" || this.#topic !== root.concat("/reading"));
	}

	/** Frames are wanted, not only readings. */
	get isRaw(): boolean {
		return this.#mode === "raw";
	}

	/** Message number `index` of that reading; `undefined` behind the last. `frame`: the one that it came in. */
	message(reading: Reading, index: number, frame: Uint8Array | undefined): Publishing | undefined {
		const { store, gatewayId } = this.#context;
		if (this.#withJson && index === 0)
			return { topic: this.#root.concat("/reading"), payload: readingParts(store, reading) };
		const number = this.#withJson ? index - 1 : index;
		const topic = filledTopic(this.#topic, gatewayId, this.#root, reading);
		if (this.#mode === "values") return this.#value(reading, number, topic);
		if (number > 0) return undefined;
		if (this.#mode === "raw") return frame && { topic, payload: [hexOf(frame)] };
		return {
			topic,
			payload: this.#mode === "ams" ? [utf8(this.#ams(reading))] : readingParts(store, reading),
		};
	}

	#ams(reading: Reading): string {
		const { settings, gatewayId } = this.#context;
		return amsJson(reading, {
			id: gatewayId,
			name: settings.clientId ? `${settings.clientId}` : gatewayId,
			uptime: Math.floor(this.#context.now() / 1000),
			rssi: this.#signal(),
			wallTime: this.#context.wallTime(),
		});
	}

	/** The radio's strength as health tells it; looked up once a minute, because health is long. */
	#signal(): number {
		const now = this.#context.now();
		if (now - this.#rssiAt >= RSSI_MS) {
			const health = this.#context.healthJson();
			const at = health.indexOf(RSSI);
			this.#rssi =
				at < 0 ? 0 : Number.parseInt(health.slice(at + RSSI.length, at + RSSI.length + 4), 10) || 0;
			this.#rssiAt = now;
		}
		return this.#rssi;
	}

	/** The meter's own values first, then those of its sub-meters. */
	#value({ quantities, devices }: Reading, number: number, topic: string): Publishing | undefined {
		let left = number;
		if (left < quantities.length) return valueMessage(quantities[left] as Quantity, topic);
		left -= quantities.length;
		for (const device of devices) {
			const quantity = device.quantities[left];
			if (quantity) return valueMessage(quantity, topic.concat("/", deviceLevel(device)));
			left -= device.quantities.length;
		}
		return undefined;
	}
}

function valueMessage({ name, value }: Quantity, topic: string): Publishing {
	const text = typeof value === "string" ? value : toText(value);
	return { topic: topic.concat("/", levelOf(name)), payload: [utf8(text)] };
}

/** `gas_1`, or `gas_<id>` where the protocol numbers no channels. */
function deviceLevel({ kind, channel, id }: DeviceReading): string {
	const which = channel === undefined ? id : `${channel}`;
	return which === undefined ? kind : kind.concat("_", levelOf(which));
}

/** The bytes' digits as ASCII, without making a text of them. */
function hexOf(bytes: Uint8Array): Uint8Array {
	const digits = new Uint8Array(2 * bytes.length);
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] as number;
		digits[2 * index] = DIGITS.charCodeAt(byte >> 4);
		digits[2 * index + 1] = DIGITS.charCodeAt(byte & 0xf);
	}
	return digits;
}
