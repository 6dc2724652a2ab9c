// The device's network, whose MQTT clients are counted: what connecting takes, messages, and what an acknowledgement takes.

import { type MqttClient, MqttOperation, type Network } from "../../outputs/network.js";
import type { Tally } from "./tally.js";

/** The last acknowledgement of QoS 2 (MQTT 3.1.1, 4.3.3). */
const PUBCOMP = 7;
const READING = "/reading";

export function countingNetwork(network: Network, tally: Tally, now: () => number): Network {
	return {
		...network,
		connectMqtt(options) {
			const begun = now();
			/** When messages were written whose acknowledgement is awaited, by packet id. */
			const awaited = new Map<number, number>();
			const client = network.connectMqtt({
				...options,
				onControl(message) {
					const { operation, id = 0, returnCode } = message;
					if (operation === MqttOperation.CONNACK && !returnCode) tally.connecting.add(now() - begun);
					const written = awaited.get(id);
					if (written !== undefined && (operation === MqttOperation.PUBACK || operation === PUBCOMP)) {
						awaited.delete(id);
						tally.acknowledging.add(now() - written);
						tally.acknowledged++;
					}
					options.onControl?.call(counted, message);
				},
				// Whoever is called back knows the client that it was given.
				onReadable: (count, part) => options.onReadable?.call(counted, count, part),
				onWritable: (count) => options.onWritable?.call(counted, count),
				onError: (reason) => options.onError?.call(counted, reason),
			});
			const counted: MqttClient = {
				target: options.target,
				write(data, given) {
					const left = client.write(data, given);
					if (given?.topic !== undefined) {
						tally.messages++;
						if (given.topic.endsWith(READING)) tally.published++;
						if (given.QoS && given.id !== undefined) awaited.set(given.id, now());
					}
					return left;
				},
				read: (count) => client.read(count),
				close: () => client.close(),
			};
			return counted;
		},
	};
}
