// What Home Assistant has been told of: devices, and of each the quantities that were really seen. Kept in a small file, so
// that after a restart a counter that comes once an hour keeps its entity, and that all of it can be taken back.

import { consistsOf, replaced } from "../../../readings/characters.js";
import type { DeviceReading, MeterIdentity, Quantity } from "../../../readings/reading.js";
import type { OutputContext } from "../../output.js";
import { utf8 } from "../../shared/text.js";

/** The file. */
export const RECORD = "mqtt-home-assistant.json";
const MOST_SECTIONS = 9;
/** Longest text of one device's quantities: about as many as the store takes. */
const LONGEST = 6000;
/** Bytes of the file; longer ones are not kept. */
export const LONGEST_RECORD = 8000;
/** One that has been silent for so long makes room for another on its channel. */
const REPLACED_MS = 60_000;
/** Key of the meter itself. */
export const METER = "meter";
const LONGEST_NAME = 40;
const MOST_DECIMALS = 9;

/** One device of Home Assistant: the meter, or a sub-meter. */
export interface Section {
	/** The last part of its identifier and topic; letters, digits, `_` and `-`. */
	readonly key: string;
	/** A sub-meter's; empty for the meter. */
	readonly kind: string;
	readonly channel: number | undefined;
	identity: MeterIdentity;
	/** A line each: name, unit and decimals, with `|` between; without decimals where it is text. */
	entities: string;
	/** Monotonic milliseconds when it was seen last. */
	at: number;
	/** Quantities that were looked at last time. */
	count: number;
}

export class Announced {
	prefix = "";
	protocol = "";
	/** Topics whose message is to be taken back. */
	gone: string[] = [];
	/** The meter's comes first, where there is one. */
	sections: Section[] = [];
	/** Nothing was kept. */
	isNew = true;
	/** There is something that Home Assistant has not been told. */
	changed = false;
	readonly #context: OutputContext;

	constructor(context: OutputContext) {
		this.#context = context;
		const bytes = context.files.read(RECORD);
		if (!bytes) return;
		try {
			const kept = JSON.parse(String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer)) as Announced;
			this.prefix = kept.prefix;
			this.protocol = kept.protocol;
			this.gone = [...kept.gone];
			this.sections = kept.sections.map((section) => ({ ...section, at: context.now(), count: 0 }));
			this.isNew = false;
		} catch {
			// A damaged file: what was announced is announced again as it is seen.
		}
	}

	/** Writes the file. A full storage costs what comes after a restart, nothing now. */
	keep(): void {
		const { prefix, protocol, gone, sections } = this;
		try {
			const bytes = utf8(JSON.stringify({ prefix, protocol, gone, sections }));
			if (bytes.length > LONGEST_RECORD) throw new Error("it is too long");
			this.#context.files.write(RECORD, bytes);
		} catch (error) {
			this.#context.log(`mqtt: what Home Assistant was told is not kept: ${error}`, "warning");
		}
	}

	/** The topic of a device's message; empty key: the gateway's. */
	topic(key: string): string {
		const { gatewayId } = this.#context;
		return this.prefix.concat("/device/", gatewayId, key === "" ? "" : "_".concat(key), "/config");
	}

	/** Takes back one device. */
	revoke(section: Section): void {
		this.gone.push(this.topic(section.key));
		this.sections = this.sections.filter((other) => other !== section);
		this.changed = true;
	}

	/** The meter's section; a new one where it was never seen. */
	meter(): Section {
		const [first] = this.sections;
		return first?.key === METER ? first : this.#add(METER, "", undefined, {});
	}

	/** The sub-meter's section; one that it has replaced on its channel is taken back. `undefined` where there is no room. */
	subMeter({ kind, id, channel }: DeviceReading): Section | undefined {
		const silent = this.#context.now() - REPLACED_MS;
		const subMeters = this.sections.filter(({ key }) => key !== METER);
		for (const section of subMeters)
			if (
				section.identity.id === id &&
				section.channel === channel &&
				(id !== undefined || section.kind === kind)
			)
				return section;
		for (const section of subMeters)
			if (
				section.channel === channel &&
				section.at <= silent &&
				(channel !== undefined || section.kind === kind)
			)
				this.revoke(section);
		if (this.sections.length === MOST_SECTIONS) return undefined;
		if (id === undefined)
			return this.#add(kind.concat(channel === undefined ? "" : `_${channel}`), kind, channel, {});
		return this.#add(replaced(id.slice(0, LONGEST_NAME), "^a-zA-Z0-9_-", "_"), kind, channel, { id });
	}

	/** Takes in what that device sends; `names` not yet announced are a change. */
	learn(section: Section, quantities: readonly Quantity[]): void {
		section.count = quantities.length;
		for (const { name, unit = "", value } of quantities) {
			// It may stand in a template: letters, digits and what OBIS codes have.
			const isPlain = name.length <= LONGEST_NAME && consistsOf(name, "a-zA-Z0-9_.:*-");
			if (!isPlain || unit.includes("|")) continue;
			const entities = "\n".concat(section.entities);
			const head = "\n".concat(name, "|");
			const decimals = typeof value === "string" ? "" : `${clamped(-value.exponent)}`;
			const at = entities.indexOf(head);
			const end = at < 0 ? -1 : entities.indexOf("\n", at + 1);
			const old = at < 0 ? "" : entities.slice(at, end);
			const line = head.concat(unit, "|", decimals);
			// What has more decimals already keeps them; text stays text.
			const isFiner =
				old.startsWith(head.concat(unit, "|")) && old.endsWith("|") === (decimals === "") && old >= line;
			if (isFiner) continue;
			if (at < 0 && entities.length + line.length > LONGEST) return;
			section.entities =
				at < 0
					? section.entities.concat(line.slice(1), "\n")
					: entities.slice(0, at).concat(line, entities.slice(end)).slice(1);
			this.changed = true;
		}
	}

	#add(key: string, kind: string, channel: number | undefined, identity: MeterIdentity): Section {
		const section = { key, kind, channel, identity, entities: "", at: 0, count: 0 };
		this.sections = key === METER ? [section, ...this.sections] : [...this.sections, section];
		this.changed = true;
		return section;
	}
}

function clamped(decimals: number): number {
	return Math.min(Math.max(decimals, 0), MOST_DECIMALS);
}
