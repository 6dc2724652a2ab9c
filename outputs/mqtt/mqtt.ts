// Readings to an MQTT broker: each as JSON on `<topic>/reading`, and `<topic>/status` says online or offline, by the last
// will where the gateway dies. While the broker is away the newest reading waits, older ones are counted as dropped.

import type { Reading } from "../../readings/reading.js";
import type { SettingDescriptor } from "../../settings/setting.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { readingParts } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { BrokerConnection } from "./connection.js";
import type { Message } from "./message-writer.js";
import { LONGEST_CLIENT_ID, LONGEST_TOPIC, problemWithClientId, problemWithTopic } from "./topic.js";

const ONLINE = "online";
const OFFLINE = "offline";
/** Keep-alive is 16 bits of seconds (MQTT 3.1.1, 3.1.2.10). */
const LONGEST_KEEP_ALIVE_S = 65_535;

const SETTINGS: readonly SettingDescriptor[] = [
	{
		key: "host",
		type: "text",
		default: "",
		format: "host",
		label: "Broker",
		help: "Name or address of the MQTT broker. Empty turns MQTT off.",
	},
	{ key: "port", type: "number", default: 1883, least: 1, most: 65535, label: "Port", help: "Usually 1883." },
	{ key: "user", type: "text", default: "", label: "User", help: "Empty where the broker asks for none." },
	{
		key: "password",
		type: "text",
		default: "",
		secret: true,
		label: "Password",
		help: "Used only together with a user.",
	},
	{
		key: "topic",
		type: "text",
		default: "meterling",
		longest: LONGEST_TOPIC,
		label: "Topic",
		help: "Readings go to <topic>/reading, online or offline to <topic>/status.",
	},
	{
		key: "clientId",
		type: "text",
		default: "",
		longest: LONGEST_CLIENT_ID,
		label: "Client id",
		help: "Must differ from that of every other client. Empty uses the gateway's own name.",
	},
	{
		key: "qos",
		type: "choice",
		default: "0",
		choices: [
			{ value: "0", label: "0: at most once" },
			{ value: "1", label: "1: at least once" },
		],
		label: "Quality of service",
		help: "With 1 the broker acknowledges every reading.",
	},
	{
		key: "retain",
		type: "switch",
		default: true,
		label: "Retain",
		help: "The broker keeps the newest reading for clients that come later.",
	},
	{
		key: "keepAlive",
		type: "number",
		default: 60,
		least: 5,
		most: LONGEST_KEEP_ALIVE_S,
		unit: "s",
		label: "Keep-alive",
		help: "How soon a lost connection is noticed.",
	},
];

export const mqtt: OutputDescriptor = {
	name: "mqtt",
	title: "MQTT",
	settings: SETTINGS,
	open: (context) => {
		const { host, topic, clientId } = context.settings;
		if (!host) return undefined;
		const problem = problemWithTopic(`${topic}`) ?? problemWithClientId(`${clientId}`);
		return problem === undefined ? new MqttOutput(context) : misconfigured(context, problem);
	},
};

/** Stays off, and says why: publishing under another name than the one that was meant would surprise. */
function misconfigured(context: OutputContext, problem: string): Output {
	context.log(`mqtt: off: ${problem}`);
	return {
		reading: () => {},
		health: () => ({ connected: false, lastError: problem }),
		close: (done) => done(),
	};
}

class MqttOutput implements Output {
	readonly #context: OutputContext;
	readonly #topic: string;
	readonly #qos: 0 | 1;
	readonly #retain: boolean;
	readonly #connection: BrokerConnection;
	/** `online` or `offline` that the broker has yet to be told. */
	#status: string | undefined;
	/** The newest reading that has not been handed to the connection. */
	#waiting: Reading | undefined;
	/** The reading that the connection is writing, or whose acknowledgement is awaited. */
	#sending: Reading | undefined;
	#published = 0;
	#dropped = 0;

	constructor(context: OutputContext) {
		const { host, port, user, password, topic, clientId, qos, retain, keepAlive } = context.settings;
		this.#context = context;
		this.#topic = `${topic}`;
		this.#qos = qos === "1" ? 1 : 0;
		this.#retain = retain !== false;
		if (password && !user) context.log("mqtt: a password without a user is not used");
		this.#connection = new BrokerConnection(
			context,
			{
				host: `${host}`,
				port: Number(port),
				id: clientId ? `${clientId}` : context.gatewayId,
				keepAlive: Number(keepAlive) * 1000,
				...(user ? { user: `${user}` } : {}),
				...(user && password ? { password: ArrayBuffer.fromString(`${password}`) } : {}),
				will: {
					topic: `${topic}/status`,
					message: ArrayBuffer.fromString(OFFLINE),
					QoS: this.#qos,
					retain: true,
				},
			},
			{
				connected: () => {
					this.#status = ONLINE;
				},
				lost: () => this.#lost(),
				next: () => this.#next(),
				delivered: (message) => this.#delivered(message),
			},
		);
	}

	reading(reading: Reading): void {
		if (this.#waiting) this.#dropped++;
		this.#waiting = reading;
		this.#connection.wake();
	}

	health(): OutputHealth {
		const { connected, since, reconnects, lastError } = this.#connection;
		return {
			connected,
			since: Math.round((this.#context.now() - since) / 100) / 10,
			reconnects,
			published: this.#published,
			dropped: this.#dropped,
			lastError,
		};
	}

	close(done: () => void): void {
		this.#status = OFFLINE;
		this.#waiting = undefined;
		this.#connection.close(done);
	}

	#next(): Message | undefined {
		const status = this.#status;
		if (status !== undefined) {
			this.#status = undefined;
			// At QoS 0 also where readings are acknowledged: a goodbye must not wait for an answer.
			return { topic: `${this.#topic}/status`, payload: [utf8(status)], qos: 0, retain: true };
		}
		const reading = this.#waiting;
		if (!reading) return undefined;
		this.#waiting = undefined;
		this.#sending = reading;
		return {
			topic: `${this.#topic}/reading`,
			payload: readingParts(this.#context.store, reading),
			qos: this.#qos,
			retain: this.#retain,
		};
	}

	#delivered({ topic }: Message): void {
		if (!topic.endsWith("/reading")) return;
		this.#published++;
		this.#sending = undefined;
	}

	/** What was being sent goes again, unless something newer waits already. */
	#lost(): void {
		const unsent = this.#sending;
		this.#sending = undefined;
		if (!unsent) return;
		if (this.#waiting) this.#dropped++;
		else this.#waiting = unsent;
	}
}
