// The settings of the MQTT output, and what is wrong with those that no single field can tell.

import type { SettingDescriptor, SettingValues } from "../../settings/setting.js";
import type { Output, OutputContext } from "../output.js";
import { pemText } from "../shared/pem.js";
import { HOME_ASSISTANT_SETTINGS } from "./home-assistant/home-assistant.js";
import type { BrokerOptions } from "./message.js";
import { LONGEST_CLIENT_ID, LONGEST_TOPIC, problemWithClientId, problemWithTopic } from "./topic.js";

/** Keep-alive is 16 bits of seconds (MQTT 3.1.1, 3.1.2.10). */
const LONGEST_KEEP_ALIVE_S = 65_535;
/** Characters of a PEM text: a certificate with a 4096-bit key, or two small ones. */
const LONGEST_PEM = 4000;

export const SETTINGS: readonly SettingDescriptor[] = [
	{
		key: "host",
		type: "text",
		default: "",
		format: "host",
		label: "Broker",
		help: "Name or address of the MQTT broker. Empty turns MQTT off.",
	},
	{
		key: "port",
		type: "number",
		default: 1883,
		least: 1,
		most: 65535,
		label: "Port",
		help: "Usually 1883, with TLS 8883.",
	},
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
		help: "Root of all topics. {gateway} stands for the gateway's own name.",
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
			{ value: "2", label: "2: exactly once" },
		],
		label: "Quality of service",
		help: "With 1 or 2 the broker acknowledges every reading.",
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
	{
		key: "payload",
		type: "choice",
		default: "json",
		choices: [
			{ value: "json", label: "One JSON per reading" },
			{ value: "values", label: "One topic per value" },
			{ value: "ams", label: "JSON as ams2mqtt" },
			{ value: "raw", label: "Raw frames, hexadecimal" },
		],
		label: "Payload",
		help: "What is sent for each reading.",
	},
	{
		key: "readingTopic",
		type: "text",
		default: "",
		longest: LONGEST_TOPIC,
		label: "Topic of readings",
		help: "May contain {topic}, {gateway}, {meter}, {protocol} and {list}. Empty: below the topic above.",
	},
	{
		key: "backlog",
		type: "switch",
		default: true,
		label: "Send later",
		help: "Keeps what cannot be sent, and sends it to <topic>/late when the broker is back.",
	},
	{
		key: "commands",
		type: "switch",
		default: true,
		label: "Commands",
		help: "Whoever may write to <topic>/command/… can restart the gateway and ask the meter.",
	},
	...HOME_ASSISTANT_SETTINGS,
	{ key: "tls", type: "switch", default: false, label: "TLS", help: "Encrypts the connection." },
	{
		key: "ca",
		type: "text",
		default: "",
		longest: LONGEST_PEM,
		label: "CA certificate",
		help: "PEM text of the only authority that is trusted. Empty: the public ones.",
	},
	{
		key: "certificate",
		type: "text",
		default: "",
		longest: LONGEST_PEM,
		label: "Client certificate",
		help: "PEM text, where the broker asks for one.",
	},
	{
		key: "privateKey",
		type: "text",
		default: "",
		longest: LONGEST_PEM,
		secret: true,
		label: "Client's private key",
		help: "PEM text that belongs to the client certificate.",
	},
];

/** Why MQTT stays off; `undefined` where it need not. */
export function problemWithSettings(settings: SettingValues): string | undefined {
	const { topic, readingTopic, clientId, homeAssistant, discoveryPrefix, tls, certificate, privateKey } =
		settings;
	const problem =
		problemWithTopic(`${topic}`) ??
		problemWithTopic(`${readingTopic}`, true) ??
		problemWithClientId(`${clientId}`);
	if (problem !== undefined) return problem;
	if (homeAssistant === true && problemWithTopic(`${discoveryPrefix}`) !== undefined)
		return "the discovery prefix is no topic";
	if (tls === true && !certificate !== !privateKey)
		return "client certificate and private key are only of use together";
	return undefined;
}

/** Stays off, and says why: publishing under another name than the one that was meant would surprise. */
export function misconfigured(context: OutputContext, problem: string): Output {
	context.log(`mqtt: off: ${problem}`);
	return {
		reading: () => {},
		health: () => ({ connected: false, lastError: problem }),
		close: (done) => done(),
	};
}

/** How the broker is reached, by the settings of this section. */
export function brokerAccess(
	settings: SettingValues,
): Pick<BrokerOptions, "host" | "port" | "tls" | "user" | "password"> {
	const { host, port, user, password, tls, ca, certificate, privateKey } = settings;
	const secured = {
		...(ca ? { ca: pemText(`${ca}`) } : {}),
		...(certificate ? { certificate: pemText(`${certificate}`), privateKey: pemText(`${privateKey}`) } : {}),
	};
	return {
		host: `${host}`,
		port: Number(port),
		...(tls === true ? { tls: secured } : {}),
		...(user ? { user: `${user}` } : {}),
		...(user && password ? { password: ArrayBuffer.fromString(`${password}`) } : {}),
	};
}

/** How it is reached, and what it says on the topic `willTopic` when the gateway dies. */
export function brokerOptions(
	{ settings, gatewayId }: OutputContext,
	willTopic: string,
	will: string,
): BrokerOptions {
	const { clientId, qos, keepAlive } = settings;
	return {
		...brokerAccess(settings),
		id: `${clientId || gatewayId}`,
		keepAlive: Number(keepAlive) * 1000,
		will: {
			topic: willTopic,
			message: ArrayBuffer.fromString(will),
			QoS: Number(qos) as 0 | 1 | 2,
			retain: true,
		},
	};
}
