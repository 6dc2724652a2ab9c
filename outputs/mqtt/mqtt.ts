// Readings to an MQTT broker, in the form that the settings choose; `<topic>/status` says online or offline, by the last
// will where the gateway dies, `<topic>/meter` fresh or stale. While the broker is away the newest reading waits; those
// before it are kept (Backlog) and sent to `<topic>/late` when it is back.

import { writeReading } from "../../readings/json.js";
import type { Reading } from "../../readings/reading.js";
import { isoText } from "../../readings/utc.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { Backlog } from "../shared/backlog.js";
import { HourMark } from "../shared/hour-mark.js";
import { type Parts, partsOf } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { CommandDesk } from "./commands.js";
import { BrokerConnection } from "./connection.js";
import { HomeAssistant, wasAnnounced } from "./home-assistant/home-assistant.js";
import type { ConnectionOwner, Message, Wakeable } from "./message.js";
import { MeterWatch } from "./meter-watch.js";
import { type Publishing, publishing } from "./payload.js";
import { brokerOptions, misconfigured, problemWithSettings, SETTINGS } from "./settings.js";
import { filledTopic } from "./topic.js";

const ONLINE = "online";
const OFFLINE = "offline";
/** How often it is looked whether the meter has gone silent. */
const WATCH_MS = 5000;
/** From connecting to the first late reading, and between two: live ones come first. */
const LATE_BEGIN_MS = 1000;
const LATE_PAUSE_MS = 100;

/** Characters of what the gateway is told. */
const LONGEST_TEXT = 64;

/** What is being sent. */
const NOTHING = 0;
const LIVE = 1;
const LATE = 2;

export const mqtt: OutputDescriptor = {
	name: "mqtt",
	title: "MQTT",
	settings: SETTINGS,
	open: (context) => {
		if (!context.settings.host) return undefined;
		const problem = problemWithSettings(context.settings);
		return problem === undefined ? new MqttOutput(context) : misconfigured(context, problem);
	},
};

/** A reading, and what has to be remembered of its arrival. */
interface Arrival {
	readonly reading: Reading;
	/** Monotonic milliseconds. */
	readonly at: number;
	/** It has the first counters of an hour. */
	readonly hourly: boolean;
	/** The frame it came in, where frames are sent. */
	readonly frame: Uint8Array | undefined;
}

class MqttOutput implements Output, ConnectionOwner, Wakeable {
	readonly #context: OutputContext;
	readonly #topic: string;
	readonly #qos: 0 | 1 | 2;
	readonly #retain: boolean;
	readonly #connection: BrokerConnection;
	readonly #backlog: Backlog | undefined;
	readonly #desk: CommandDesk | undefined;
	readonly #homeAssistant: HomeAssistant | undefined;
	readonly #hours = new HourMark();
	readonly #watch = new MeterWatch();
	readonly #watching: unknown;
	#late: unknown;
	/** `online` or `offline` that the broker has yet to be told. */
	#status: string | undefined;
	/** What the broker knows of the meter. */
	#meter: string | undefined;
	/** The newest reading that has not been handed to the connection. */
	#waiting: Arrival | undefined;
	/** The reading that the connection is writing, or whose acknowledgement is awaited. */
	#sending: Arrival | undefined;
	/** Which of its messages is next. */
	#index = 0;
	#underWay = NOTHING;
	#frame: Uint8Array | undefined;
	#closing = false;
	#published = 0;
	#lateCount = 0;
	#dropped = 0;

	constructor(context: OutputContext) {
		const { user, password, topic, qos, retain } = context.settings;
		const { backlog, commands, homeAssistant, discoveryPrefix } = context.settings;
		const root = filledTopic(`${topic}`, context.gatewayId);
		this.#context = context;
		this.#topic = root;
		this.#qos = Number(qos) as 0 | 1 | 2;
		this.#retain = retain !== false;
		if (password && !user) context.log("mqtt: a password without a user is not used");
		if (backlog === true) this.#backlog = new Backlog(context, "mqtt");
		if (commands === true && context.commands) this.#desk = new CommandDesk(context, root, this);
		// Off, too: what Home Assistant was told is to be taken back.
		if (homeAssistant === true || wasAnnounced(context))
			this.#homeAssistant = new HomeAssistant(
				context,
				homeAssistant === true,
				`${discoveryPrefix}`,
				root,
				this,
			);
		const options = brokerOptions(context, root.concat("/status"), OFFLINE);
		const topics = [...(this.#desk?.topics ?? []), ...(this.#homeAssistant?.subscriptions ?? [])];
		if (context.prices) topics.push(context.prices.topic);
		this.#connection = new BrokerConnection(context, options, topics, this);
		this.#watching = context.timers.repeat(() => this.#connection.wake(), WATCH_MS);
	}

	reading(reading: Reading): void {
		const at = this.#context.now();
		const hourly = this.#hours.isFirst(reading, this.#context.wallTime(), at);
		this.#watch.reading(at);
		this.#keep(this.#waiting);
		this.#waiting = { reading, at, hourly, frame: this.#frame };
		this.#frame = undefined;
		this.#homeAssistant?.reading(reading);
		this.#connection.wake();
	}

	frame(bytes: Uint8Array): void {
		if (this.#context.settings.payload === "raw") this.#frame = bytes.slice();
	}

	health(): OutputHealth {
		const { connected, since, reconnects, lastError, skipped } = this.#connection;
		const backlog = this.#backlog;
		return {
			connected,
			since: Math.round((this.#context.now() - since) / 100) / 10,
			reconnects: Math.max(reconnects, 0),
			published: this.#published,
			dropped: this.#dropped + (backlog?.lost ?? 0),
			lateWaiting: backlog?.bytes ?? 0,
			lateDelivered: this.#lateCount,
			lateThinned: backlog?.thinned ?? 0,
			skipped: skipped + (this.#desk?.ignored ?? 0),
			lastError,
		};
	}

	close(done: () => void): void {
		this.#closing = true;
		this.#status = OFFLINE;
		this.#context.timers.clear(this.#watching);
		this.#context.timers.clear(this.#late);
		this.#homeAssistant?.close();
		this.#connection.close(() => {
			this.#keep(this.#sending);
			this.#keep(this.#waiting);
			this.#sending = undefined;
			this.#waiting = undefined;
			this.#backlog?.close();
			done();
		});
	}

	wake(): void {
		this.#connection.wake();
	}

	/** It cannot be sent now. */
	#keep(arrival: Arrival | undefined): void {
		if (!arrival) return;
		if (!this.#backlog) {
			this.#dropped++;
			return;
		}
		if (this.#backlog.wants(arrival.hourly)) this.#backlog.add(arrival.hourly, this.#lateParts(arrival));
		if (this.#connection?.connected) this.#sendLate(LATE_BEGIN_MS);
	}

	/** JSON with `late`, and with the time when the gateway got it, where it knows the time of day. */
	#lateParts({ reading, at }: Arrival): Parts {
		const wallTime = this.#context.wallTime();
		const received =
			wallTime === undefined ? "" : `"received":"${isoText(wallTime - (this.#context.now() - at))}",`;
		return partsOf((take) => writeReading(reading, take, '"late":true,'.concat(received)));
	}

	connected(): void {
		this.#status = ONLINE;
		this.#meter = undefined;
		this.#homeAssistant?.connected();
		this.#sendLate(LATE_BEGIN_MS);
	}

	/** The next late reading may go, in a while. */
	#sendLate(milliseconds: number): void {
		if (this.#closing || this.#late !== undefined || this.#backlog?.empty !== false) return;
		this.#late = this.#context.timers.set(() => {
			this.#late = undefined;
			this.#connection.wake();
		}, milliseconds);
	}

	receiver(topic: string): ReturnType<ConnectionOwner["receiver"]> {
		const { prices } = this.#context;
		return topic === prices?.topic ? prices.receive() : undefined;
	}

	received(topic: string, payload: Uint8Array): void {
		const text = plainText(payload);
		this.#desk?.received(topic, text, this.#context.now() - this.#connection.since);
		this.#homeAssistant?.received(topic, text);
		this.#connection.wake();
	}

	next(): Message | undefined {
		this.#underWay = NOTHING;
		const status = this.#status;
		if (status !== undefined) {
			this.#status = undefined;
			// At QoS 0 also where readings are acknowledged: a goodbye must not wait for an answer.
			return this.#told("/status", [utf8(status)], true);
		}
		if (this.#closing) return undefined;
		const meter = this.#watch.state(this.#context.now());
		if (meter !== this.#meter) {
			this.#meter = meter;
			return this.#told("/meter", [utf8(meter)], true);
		}
		const answer = this.#desk?.answers.shift();
		if (answer) return this.#told("/answer", answer, false);
		return this.#homeAssistant?.next() ?? this.#live() ?? this.#lateMessage();
	}

	#told(topic: string, payload: Parts, retain: boolean): Message {
		return { topic: this.#topic.concat(topic), payload, qos: 0, retain };
	}

	#live(): Message | undefined {
		if (!this.#sending && this.#waiting) {
			// Counters of an hour do not overtake those of earlier hours.
			if (this.#waiting.hourly && this.#backlog?.empty === false) this.#keep(this.#waiting);
			else this.#sending = this.#waiting;
			this.#waiting = undefined;
			this.#index = 0;
		}
		const message = this.#publishing();
		if (!message) {
			// Nothing of it is to be sent: frames are wanted, and it came in none.
			this.#sending = undefined;
			return undefined;
		}
		this.#underWay = LIVE;
		return { ...message, qos: this.#qos, retain: this.#retain };
	}

	#publishing(): Publishing | undefined {
		if (!this.#sending) return undefined;
		const { reading, frame } = this.#sending;
		return publishing(this.#context, this.#topic, reading, this.#index, frame);
	}

	#lateMessage(): Message | undefined {
		if (this.#late !== undefined) return undefined;
		const line = this.#backlog?.peek();
		if (!line) return undefined;
		this.#underWay = LATE;
		return { topic: this.#topic.concat("/late"), payload: [line], qos: 1, retain: false };
	}

	delivered(): void {
		if (this.#underWay === LIVE) {
			this.#index++;
			if (!this.#publishing()) {
				this.#sending = undefined;
				this.#published++;
			}
		} else if (this.#underWay === LATE) {
			this.#backlog?.remove();
			this.#lateCount++;
			this.#sendLate(LATE_PAUSE_MS);
			// Counters that came late are shown by Home Assistant, too.
			if (this.#backlog?.empty) this.#homeAssistant?.tellKnown();
		}
		this.#underWay = NOTHING;
	}

	/** What was being sent goes again, or, where something newer waits already, later. */
	lost(): void {
		const unsent = this.#sending;
		this.#sending = undefined;
		this.#underWay = NOTHING;
		this.#context.timers.clear(this.#late);
		this.#late = undefined;
		if (!unsent) return;
		if (this.#waiting) this.#keep(unsent);
		else this.#waiting = unsent;
	}
}

/** Printable ASCII as text; anything else is nothing that the gateway is told. */
function plainText(bytes: Uint8Array): string {
	for (const byte of bytes) if (byte < 0x20 || byte > 0x7e) return "";
	return String.fromCharCode(...bytes.subarray(0, LONGEST_TEXT));
}
