// What Home Assistant has been told of: devices, and of each the quantities that were really seen. Kept in a small file, so
// that after a restart a counter that comes once an hour keeps its entity, and that all of it can be taken back.

import type { DeviceReading, MeterIdentity, Quantity } from "../../../readings/reading.js";
import type { OutputContext } from "../../output.js";
import { utf8 } from "../../shared/text.js";
import { decimalsOf } from "./entity-class.js";

/** The file. */
export const RECORD = "mqtt-home-assistant.json";
const MOST_SECTIONS = 9;
/** Longest text of one device's quantities: about as many as the store takes. */
const LONGEST = 6000;
/** One that has been silent for so long makes room for another on its channel. */
const REPLACED_MS = 60_000;
/** Key of the meter itself. */
export const METER = "meter";

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

/** The file's content. */
interface Kept {
	readonly prefix?: string;
	readonly protocol?: string;
	readonly gone?: readonly string[];
	readonly sections?: readonly Section[];
}

export class Announced {
	readonly #context: OutputContext;
	prefix = "";
	protocol = "";
	/** Topics whose message is to be taken back. */
	gone: string[] = [];
	sections: Section[] = [];
	/** Nothing was kept. */
	isNew = true;
	/** There is something that Home Assistant has not been told. */
	changed = false;

	constructor(context: OutputContext) {
		this.#context = context;
		const bytes = context.files.read(RECORD);
		if (!bytes) return;
		try {
			const kept = JSON.parse(String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer)) as Kept;
			this.prefix = `${kept.prefix}`;
			this.protocol = `${kept.protocol}`;
			this.gone = [...(kept.gone ?? [])];
			const at = context.now();
			for (const section of kept.sections ?? [])
				this.sections.push({ ...section, channel: section.channel ?? undefined, at, count: 0 });
			this.isNew = false;
		} catch {
			// A damaged file: what was announced is announced again as it is seen.
			this.sections = [];
		}
	}

	/** Writes the file. A full storage costs what comes after a restart, nothing now. */
	keep(): void {
		const { prefix, protocol, gone } = this;
		const sections = this.sections.map(({ key, kind, channel, identity, entities }) => ({
			...{ key, kind, channel, identity, entities },
		}));
		try {
			this.#context.files.write(RECORD, utf8(JSON.stringify({ prefix, protocol, gone, sections })));
		} catch (error) {
			this.#context.log(`mqtt: what Home Assistant was told is not kept: ${error}`, "warning");
		}
	}

	forget(): void {
		this.#context.files.remove(RECORD);
	}

	/** The topic of a device's message. */
	topic(key: string): string {
		return this.prefix.concat("/device/", this.identifier(key), "/config");
	}

	/** What Home Assistant knows the device by; empty key: the gateway itself. */
	identifier(key: string): string {
		const { gatewayId } = this.#context;
		return key === "" ? gatewayId : gatewayId.concat("_", key);
	}

	/** Takes back every device's message, the gateway's too. */
	revokeAll(): void {
		this.gone.push(this.topic(""));
		for (const { key } of this.sections) this.gone.push(this.topic(key));
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
		if (first?.key === METER) return first;
		return this.#add({
			key: METER,
			kind: "",
			channel: undefined,
			identity: {},
			entities: "",
			at: 0,
			count: 0,
		});
	}

	/** The sub-meter's section; one that it has replaced on its channel is taken back. `undefined` where there is no room. */
	subMeter({ kind, id, channel }: DeviceReading): Section | undefined {
		for (const section of this.sections) {
			if (section.key === METER || section.identity.id !== id || section.channel !== channel) continue;
			if (id !== undefined || section.kind === kind) return section;
		}
		const silent = this.#context.now() - REPLACED_MS;
		for (const section of this.sections) {
			if (section.key === METER || section.channel !== channel || section.at > silent) continue;
			if (channel !== undefined || section.kind === kind) this.revoke(section);
		}
		if (this.sections.length === MOST_SECTIONS) return undefined;
		const key = id === undefined ? kind.concat(channel === undefined ? "" : `_${channel}`) : safe(id);
		const identity = id === undefined ? {} : { id };
		return this.#add({ key, kind, channel, identity, entities: "", at: 0, count: 0 });
	}

	/** Takes in what that device sends; `names` not yet announced are a change. */
	learn(section: Section, quantities: readonly Quantity[]): void {
		section.count = quantities.length;
		for (const { name, unit = "", value } of quantities) {
			if (!isPlain(name) || unit.includes("|")) continue;
			const head = name.concat("|");
			const decimals = typeof value === "string" ? "" : `${decimalsOf(value)}`;
			const line = head.concat(unit, "|", decimals, "\n");
			const { entities } = section;
			const at = entities.startsWith(head) ? 0 : entities.indexOf("\n".concat(head)) + 1;
			if (at === 0 && !entities.startsWith(head)) {
				if (entities.length + line.length > LONGEST) return;
				section.entities = entities.concat(line);
				this.changed = true;
				continue;
			}
			const end = entities.indexOf("\n", at) + 1;
			const old = entities.slice(at, end);
			if (old === line || (old.startsWith(head.concat(unit, "|")) && isFiner(old, line))) continue;
			section.entities = entities.slice(0, at).concat(line, entities.slice(end));
			this.changed = true;
		}
	}

	#add(section: Section): Section {
		this.sections = section.key === METER ? [section, ...this.sections] : [...this.sections, section];
		this.changed = true;
		return section;
	}
}

/** The first line has at least the decimals of the second, whose unit is the same. Text stays text. */
function isFiner(old: string, line: string): boolean {
	return old.endsWith("|\n") ? line.endsWith("|\n") : old >= line;
}

/** It may stand in a template: letters, digits and what OBIS codes have. */
function isPlain(name: string): boolean {
	return /^[\w.:*-]{1,40}$/.test(name);
}

/** An identifier that a topic may have. */
function safe(id: string): string {
	return id.slice(0, 40).replace(/[^\w-]/g, "_");
}
