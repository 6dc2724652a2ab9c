// What a broker sends, through the client that the outputs use: whatever it is, the connection goes on or ends once, with a
// reason; messages are no more than came; nothing is left behind.

import { connectMqtt } from "../../hardware/mqtt-client.js";
import { configuration } from "../../host/platform/configuration.js";
import { wire } from "./fake-tcp.js";
import { passTime, pendingTimers } from "./fake-timer.js";
import { check, fromHex, latin1, type Target, withOptions } from "./target.js";

const PASSWORD = "QZ81XK07-broker";
const CONNACK = fromHex("20020000");
/** Longest message that is read in one piece here; longer ones are read in parts. */
const PART = 512;

function publish(topic: string, payload: string, first = 0x30): Uint8Array {
	const head = [topic.length >> 8, topic.length & 0xff, ...latin1(topic), ...(first & 6 ? [0, 9] : [])];
	const length = head.length + payload.length;
	return Uint8Array.from([
		first,
		...(length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]),
		...head,
		...latin1(payload),
	]);
}

export const mqttClient: Target = {
	name: "mqtt-client",
	longest: 3000,
	work: [2000, 120],
	words: [
		"\x20\x02\x00\x00",
		"\x20\x02\x00\x05",
		"\x90\x03\x00\x01\x00",
		"\x40\x02\x00\x01",
		"\x50\x02\x00\x09",
		"\x62\x02\x00\x09",
		"\x70\x02\x00\x09",
		"\xd0\x00",
		"\xe0\x00",
		"\x30\x05\x00\x01axy",
		"\x34\xff\xff\x03",
		"\xff\xff\xff\x7f",
	],
	seeds: () => [
		withOptions(
			0,
			Uint8Array.from([
				...CONNACK,
				...fromHex("9003000100"),
				...publish("meterling/command/read", "x"),
				...fromHex("d000"),
			]),
		),
		withOptions(
			2,
			Uint8Array.from([
				...CONNACK,
				...publish("a", "1", 0x32),
				...publish("b", "2", 0x34),
				...fromHex("62020009"),
				...publish("c", "y".repeat(900)),
			]),
		),
		withOptions(7, Uint8Array.from([...CONNACK, ...publish("a", "")])),
		withOptions(1, fromHex("20020005")),
	],
	run(input) {
		const options = input[0] ?? 0;
		const bytes = input.subarray(1);
		const before = pendingTimers();
		const said: string[] = [];
		const laterOnes: (() => void)[] = [];
		const { setImmediate: immediately } = globalThis;
		configuration.log = (line) => void said.push(line);
		// The client hands on the next message a moment later.
		Object.assign(globalThis, { setImmediate: (callback: () => void) => void laterOnes.push(callback) });
		let [errors, read, writable] = [0, 0, 0];
		const later = () => {
			for (let turn = 0; laterOnes.length > 0; turn++) {
				check(turn < 5000, "callbacks without end");
				laterOnes.shift()?.();
			}
		};
		try {
			const client = connectMqtt({
				...{
					host: "broker.example",
					port: 1883,
					id: "x",
					user: "me",
					password: latin1(PASSWORD),
					keepAlive: 60_000,
				},
				onControl: ({ operation }) =>
					check(errors === 0 && operation >= 2 && operation <= 14, `operation ${operation}`),
				onReadable(count, { topic, byteLength }) {
					check(errors === 0, "a message after the end");
					check(topic === undefined || (byteLength ?? -1) >= 0, `a message of ${byteLength} bytes`);
					for (let left = count; left > 0; ) {
						const part = this.read(Math.min(left, PART));
						if (!part || part.byteLength === 0) break;
						left -= part.byteLength;
						read += part.byteLength;
					}
				},
				onWritable: () => void writable++,
				onError(reason) {
					errors++;
					check(reason === undefined || `${reason}`.length < 200, "a reason beyond all bounds");
					said.push(`${reason}`);
				},
			});
			passTime(1);
			wire.tcp?.open();
			const size = 1 + (options & 15) * 50;
			for (let at = 0; at < bytes.length; at += size) {
				wire.tcp?.come(bytes.slice(at, at + size));
				later();
				if (options & 0x20) passTime(10);
			}
			passTime(1000);
			later();
			if (options & 0x10) wire.tcp?.end();
			check(errors <= 1, `${errors} ends`);
			check(read <= bytes.length, `${read} bytes read of ${bytes.length}`);
			check(writable <= bytes.length + 4, "told too often that it may write");
			check((wire.tcp?.written ?? 0) <= 200 + 4 * bytes.length, "writes more than was asked");
			client.close();
			passTime(120_000);
			later();
			check(pendingTimers() === before, `${pendingTimers() - before} timers are left`);
			check(said.length <= 4 && !said.join().includes(PASSWORD), "a secret, or a line for every byte");
		} finally {
			Object.assign(globalThis, { setImmediate: immediately });
		}
	},
};
