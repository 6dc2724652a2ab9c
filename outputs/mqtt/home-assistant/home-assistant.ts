// Home Assistant finds the meter by itself: discovery messages for the gateway, the meter and each sub-meter, sent again
// when it starts, taken back when this is switched off. States come from the readings' own JSON, by templates.

import { writeReading } from "../../../readings/json.js";
import type { Reading } from "../../../readings/reading.js";
import type { SettingDescriptor } from "../../../settings/setting.js";
import type { OutputContext } from "../../output.js";
import { partsOf } from "../../shared/parts.js";
import type { Message, Wakeable } from "../message.js";
import { Announced, RECORD } from "./announced.js";
import { gatewayParts, sectionParts } from "./discovery.js";

export const HOME_ASSISTANT_SETTINGS: readonly SettingDescriptor[] = [
	{
		key: "homeAssistant",
		type: "switch",
		default: true,
		label: "Home Assistant",
		help: "Home Assistant shows the meter by itself (MQTT discovery). Off takes back what it was told.",
	},
	{
		key: "discoveryPrefix",
		type: "text",
		default: "homeassistant",
		longest: 64,
		label: "Discovery prefix",
		help: "As set in Home Assistant's MQTT integration.",
	},
];

/** Announcements wait so long for more that is new; health goes out with every sixth. */
const TICK_MS = 10_000;
const TICKS_OF_HEALTH = 6;
const TICKS_UNTIL_READY = 2;
/** A sub-meter that has not been heard of for so long, though readings come, is gone. */
const GONE_MS = 86_400_000;
/** Below the topic of readings: the latest value of all quantities. Entities listen to both. */
const KNOWN = "/reading/known";
/** No device's message waits. */
const IDLE = 1000;
/** Payload of the birth message. */
const ONLINE = "online";

/** Whether there is something to take back though discovery is off. */
export function wasAnnounced(context: OutputContext): boolean {
	return context.files.read(RECORD) !== undefined;
}

export class HomeAssistant {
	/** Topics of Home Assistant's own messages. */
	readonly subscriptions: readonly string[];
	readonly #context: OutputContext;
	readonly #on: boolean;
	readonly #root: string;
	readonly #owner: Wakeable;
	readonly #announced: Announced;
	readonly #timer: unknown;
	/** Which device's message is next: 0 the gateway's, then those of the sections. */
	#next = IDLE;
	/** A message that takes back the first of `gone` is under way. */
	#taking = false;
	#healthDue = false;
	/** Home Assistant has started. */
	#due = false;
	/** Ticks until it will have subscribed to what it was told of. */
	#ready = 0;
	#knownDue = false;
	#ticks = 0;
	/** Names that were looked at in the store. */
	#known = 0;

	/** `on` false: what was announced is taken back, nothing else. `root`: of all topics; `owner` is woken where there is something to send. */
	constructor(context: OutputContext, on: boolean, prefix: string, root: string, owner: Wakeable) {
		this.#context = context;
		this.#on = on;
		this.#root = root;
		this.#owner = owner;
		const announced = new Announced(context);
		const { isNew, gone } = announced;
		this.#announced = announced;
		this.subscriptions = on ? [prefix.concat("/status")] : [];
		if (!isNew && (!on || announced.prefix !== prefix))
			gone.push(...["", ...announced.sections.map(({ key }) => key)].map((key) => announced.topic(key)));
		announced.prefix = prefix;
		if (on) {
			if (isNew || gone.length > 0) announced.keep();
			this.#timer = context.timers.repeat(() => this.#tick(), TICK_MS);
		} else announced.sections = [];
	}

	/** The broker takes messages now: all is told again. */
	connected(): void {
		this.#taking = false;
		if (this.#on) this.#announce();
	}

	/** A message of one of the subscriptions. Told with the next tick: after a restart Home Assistant hears from many at once. */
	received(topic: string, text: string): void {
		if (text === ONLINE && this.subscriptions.includes(topic)) this.#due = true;
	}

	reading(reading: Reading): void {
		if (!this.#on) return;
		const announced = this.#announced;
		const { store } = this.#context;
		const { protocol, meter, devices } = reading;
		if (announced.protocol !== protocol) {
			// Another kind of meter: nothing of the old one will be read again.
			for (const section of announced.sections) announced.revoke(section);
			announced.protocol = protocol;
		}
		const section = announced.meter();
		if (this.#known !== store.known.length) {
			this.#known = store.known.length;
			announced.learn(section, store.known);
		}
		for (const key of ["manufacturer", "model", "id"] as const) {
			if (meter[key] === undefined || meter[key] === section.identity[key]) continue;
			section.identity = { ...section.identity, ...meter };
			announced.changed = true;
		}
		const now = this.#context.now();
		for (const device of devices) {
			const subMeter = announced.subMeter(device);
			if (!subMeter) continue;
			subMeter.at = now;
			if (subMeter.count !== device.quantities.length) announced.learn(subMeter, device.quantities);
		}
	}

	/**
	 * What goes out next. Empty messages first, then devices, then health. And what is known though the newest list does not
	 * have it: otherwise an hourly counter would be unknown for up to an hour whenever Home Assistant starts.
	 */
	next(): Message | undefined {
		const announced = this.#announced;
		const { gone, sections } = announced;
		if (this.#taking) {
			this.#taking = false;
			gone.shift();
			if (gone.length > 0 || this.#on) announced.keep();
			else this.#context.files.remove(RECORD);
		}
		const [topic] = gone;
		if (topic !== undefined) {
			this.#taking = true;
			return { topic, payload: [], qos: 0, retain: true };
		}
		if (this.#next <= sections.length) {
			const section = sections[this.#next - 1];
			this.#next = this.#next === sections.length ? IDLE : this.#next + 1;
			const payload = section
				? sectionParts(this.#context, this.#root, section)
				: gatewayParts(this.#context, this.#root);
			return { topic: announced.topic(section?.key ?? ""), payload, qos: 0, retain: true };
		}
		if (this.#knownDue) {
			this.#knownDue = false;
			const { latest, known } = this.#context.store;
			if (latest && known.length > latest.quantities.length) {
				const all = { ...latest, quantities: known };
				const payload = partsOf((take) => writeReading(all, take));
				return { topic: this.#root.concat(KNOWN), payload, qos: 0, retain: false };
			}
		}
		if (!this.#healthDue) return undefined;
		this.#healthDue = false;
		const payload = partsOf((take) => this.#context.writeHealth(take));
		return { topic: this.#root.concat("/health"), payload, qos: 0, retain: false };
	}

	/** Tells what is known in a while: late readings have brought counters. */
	tellKnown(): void {
		this.#knownDue = this.#on;
	}

	close(): void {
		this.#context.timers.clear(this.#timer);
		if (this.#on && this.#announced.changed) this.#announced.keep();
	}

	#announce(): void {
		const announced = this.#announced;
		if (announced.changed) announced.keep();
		announced.changed = false;
		this.#due = false;
		this.#next = 0;
		this.#healthDue = true;
		this.#ready = TICKS_UNTIL_READY;
	}

	#tick(): void {
		if (this.#announced.changed || this.#due) this.#announce();
		if (this.#ready > 0) {
			this.#ready--;
			this.#knownDue = this.#ready === 0;
		}
		this.#ticks++;
		if (this.#ticks % TICKS_OF_HEALTH === 0) {
			this.#healthDue = true;
			this.#lookAgain();
		}
		this.#owner.wake();
	}

	/** Units may change, and sub-meters go. */
	#lookAgain(): void {
		const { store } = this.#context;
		const now = this.#context.now();
		this.#known = 0;
		const isHeard = (store.age(now) ?? GONE_MS) < GONE_MS;
		for (const section of this.#announced.sections) {
			section.count = 0;
			if (section.kind !== "" && isHeard && now - section.at > GONE_MS) this.#announced.revoke(section);
		}
	}
}
