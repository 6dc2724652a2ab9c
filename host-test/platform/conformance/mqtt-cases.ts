// The MQTT client as outputs see it (hardware/mqtt-client.ts), against a broker on the loopback.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import { timers } from "../../../hardware/clock.js";
import { network } from "../../../hardware/network.js";
import type { ListenerClass, SdkTcp, TcpClass } from "../../../hardware/sdk.js";
import { type MqttClient, type MqttClientOptions, MqttOperation } from "../../../outputs/network.js";
import { bytesOf, differs, fromHex, textOf } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

const Server = Listener as unknown as ListenerClass;
const Socket = TCP as unknown as TcpClass;

interface Heard {
	readonly topic: string;
	readonly text: string;
}

/** Subscribes to `topic`; gives each whole message, and tells when the subscription stands. */
function subscriber(
	port: number,
	topic: string,
	ready: (client: MqttClient) => void,
	heard: (message: Heard) => void,
	failed?: (reason: string) => void,
): MqttClient {
	let name = "";
	let text = "";
	return connect(port, {
		onControl(message) {
			if (message.operation === MqttOperation.CONNACK)
				this.write(null, { operation: MqttOperation.SUBSCRIBE, items: [{ topic, QoS: 2 }] });
			if (message.operation === MqttOperation.SUBACK) ready(this);
		},
		onReadable(count, options) {
			if (options.topic !== undefined) {
				name = options.topic;
				text = "";
			}
			if (count > 0) text += textOf(this.read(count) ?? new ArrayBuffer(0));
			if (!options.more) heard({ topic: name, text });
		},
		...(failed ? { onError: failed } : undefined),
	});
}

let clients = 0;

function connect(port: number, callbacks: Partial<MqttClientOptions>): MqttClient {
	clients++;
	return network.connectMqtt({
		host: "127.0.0.1",
		port,
		id: `conformance-${clients}-${Math.floor(Math.random() * 1e6)}`,
		keepAlive: 60_000,
		...callbacks,
	});
}

export const mqttCases: readonly ConformanceCase[] = [
	...([0, 1, 2] as const).map(
		(QoS): ConformanceCase => ({
			name: `mqtt: a message with QoS ${QoS} arrives as it was sent`,
			run({ broker }, done) {
				const topic = `conformance/qos${QoS}`;
				const client = subscriber(
					broker,
					topic,
					() => client.write(bytesOf('{"energy_import":85823.280}'), { topic, QoS }),
					(message) => {
						client.close();
						client.close();
						done(
							differs("the topic", message.topic, topic) ??
								differs("the message", message.text, '{"energy_import":85823.280}'),
						);
					},
				);
			},
		}),
	),
	{
		name: "mqtt: a long message is written in parts as there is room",
		run({ broker }, done) {
			const topic = "conformance/long";
			const length = 6000;
			let left = 0;
			let heard = "";
			const client = connect(broker, {
				onControl(message) {
					if (message.operation === MqttOperation.CONNACK)
						this.write(null, { operation: MqttOperation.SUBSCRIBE, items: [{ topic }] });
					if (message.operation === MqttOperation.SUBACK) {
						left = length - 10;
						this.write(bytesOf("0123456789"), { topic, byteLength: length });
					}
				},
				onWritable(count) {
					if (left === 0) return;
					const part = Math.min(count, left);
					left -= part;
					this.write(bytesOf("x".repeat(part)));
				},
				onReadable(count) {
					heard += textOf(this.read(count) ?? new ArrayBuffer(0));
					if (heard.length < length) return;
					client.close();
					done(
						differs("the length", heard.length, length) ??
							differs("its start", heard.slice(0, 11), "0123456789x"),
					);
				},
			});
		},
	},
	{
		name: "mqtt: a retained message and a last will reach those who subscribe",
		run({ broker }, done) {
			const topic = `conformance/state-${Math.floor(Math.random() * 1e6)}`;
			const seen: string[] = [];
			const leaver = connect(broker, {
				will: { topic, message: bytesOf("offline"), QoS: 0, retain: true },
				onControl(message) {
					if (message.operation !== MqttOperation.CONNACK) return;
					this.write(bytesOf("online"), { topic, retain: true, QoS: 1 });
				},
			});
			timers.set(() => {
				const watcher = subscriber(
					broker,
					topic,
					// Without a DISCONNECT: the broker sends the will.
					() => timers.set(() => leaver.close(), 100),
					({ text }) => {
						seen.push(text);
						if (text !== "offline") return;
						watcher.close();
						done(differs("the states", seen.join(), "online,offline"));
					},
				);
			}, 200);
		},
	},
	{
		name: "mqtt: more than there is room for throws and leaves the connection as it was",
		run({ broker }, done) {
			const topic = "conformance/room";
			let threw = false;
			const client = subscriber(
				broker,
				topic,
				() => {
					try {
						client.write(new Uint8Array(100_000), { topic });
					} catch {
						threw = true;
					}
					client.write(bytesOf("fits"), { topic });
				},
				({ text }) => {
					client.close();
					done(differs("the throw", threw, true) ?? differs("the message", text, "fits"));
				},
			);
		},
	},
	{
		name: "mqtt: nobody there: onError once, later, with a reason; writing then throws",
		run({ nobody }, done) {
			let inside = true;
			const client = connect(nobody, {
				onError(reason) {
					let threw = false;
					try {
						client.write(bytesOf("x"), { topic: "x" });
					} catch {
						threw = true;
					}
					client.close();
					done(
						differs("from inside the call", inside, false) ??
							differs("the reason", reason, "no connection to the broker") ??
							differs("writing throws", threw, true),
					);
				},
			});
			inside = false;
		},
	},
	{
		name: "mqtt: a broker's refusal (CONNACK with return code 5) is told in words",
		run(_, done) {
			// MQTT 3.1.1, figure 3.8: fixed header 20 02, acknowledge flags, return code.
			const refuse = fromHex("20020005");
			let socket: SdkTcp | undefined;
			let answered = false;
			const listener = new Server({
				port: 0,
				onReadable() {
					const from = listener.read();
					if (!from) return;
					socket = new Socket({
						from,
						onReadable: () => {
							socket?.read();
							if (!answered) socket?.write(refuse);
							answered = true;
						},
					});
				},
			});
			connect(listener.port, {
				onControl: () => done("onControl after a refusal"),
				onError(reason) {
					socket?.close();
					listener.close();
					done(differs("the reason", reason, "not authorised"));
				},
			});
		},
	},
	{
		name: "mqtt: a message without content arrives, or ends the connection with that reason",
		run({ broker }, done) {
			const topic = "conformance/empty";
			const client = subscriber(
				broker,
				topic,
				() => client.write(new Uint8Array(0), { topic, byteLength: 0 }),
				({ text }) => {
					client.close();
					done(differs("the message", text, ""));
				},
				(reason) => done(differs("the reason", reason, "the broker sent a message without content")),
			);
		},
	},
	{
		name: "mqtt: a broker that is gone is noticed when something is written",
		run(_, done) {
			let socket: SdkTcp | undefined;
			const listener = new Server({
				port: 0,
				onReadable() {
					const from = listener.read();
					if (!from) return;
					let answered = false;
					socket = new Socket({
						from,
						onReadable: () => {
							socket?.read();
							// MQTT 3.1.1, 3.2: CONNACK, accepted.
							if (!answered) socket?.write(fromHex("20020000"));
							answered = true;
						},
					});
				},
			});
			const client = connect(listener.port, {
				onControl() {
					socket?.close();
					listener.close();
					const again = timers.repeat(() => {
						try {
							client.write(bytesOf("x"), { topic: "x" });
						} catch {
							timers.clear(again);
						}
					}, 20);
				},
				onError: (reason) => done(differs("the reason", reason, "the broker closed the connection")),
			});
		},
	},
	{
		name: "mqtt: closed before it is connected, it stays silent",
		run({ broker, nobody }, done) {
			const tell = (what: string) => () => done(`${what} after close`);
			for (const port of [broker, nobody])
				connect(port, { onControl: tell("onControl"), onError: tell("onError") }).close();
			timers.set(() => done(), 150);
		},
	},
];
