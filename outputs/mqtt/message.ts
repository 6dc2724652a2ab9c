// What a connection to a broker sends and tells: shapes only.

import type { MqttClientOptions } from "../network.js";
import type { MadeParts, Parts } from "../shared/parts.js";

export interface Message {
	readonly topic: string;
	readonly payload: Parts | MadeParts;
	readonly qos: 0 | 1 | 2;
	readonly retain: boolean;
}

export type BrokerOptions = Pick<
	MqttClientOptions,
	"host" | "port" | "tls" | "id" | "user" | "password" | "keepAlive" | "will"
>;

/** What the client tells besides messages. */
export type Control = Parameters<NonNullable<MqttClientOptions["onControl"]>>[0];

/** What the client tells with a part of a message: `topic` and the length in all with the first. */
export type ReceivedPart = Parameters<NonNullable<MqttClientOptions["onReadable"]>>[1];

export interface ConnectionOwner {
	/** Connected: what comes first of all messages can be queued now. */
	connected(): void;
	/** Not connected any more; a message that was half written is lost. */
	lost(): void;
	/** The next message, or `undefined` when nothing waits. */
	next(): Message | undefined;
	/** The last message is wholly written (QoS 0), or acknowledged by the broker (QoS 1 and 2). */
	delivered(): void;
	/** A message on one of the subscribed topics; the bytes are the receiver's. */
	received(topic: string, payload: Uint8Array): void;
	/** Who takes a message on that topic as it comes, instead of `received`; `undefined` where nobody does. */
	receiver(topic: string): { take(bytes: Uint8Array): void; finish(): void } | undefined;
}

/** Whom to tell that there is something to send. */
export interface Wakeable {
	wake(): void;
}
