// What the network sends otherwise: name server's questions, time servers' answers, a broker's messages and packets,
// programs on the meter's line, addresses.

import { NONCE_LENGTH, ntpAnswer, ntpQuestion } from "../../app/ntp.js";
import { PacketWatch } from "../../hardware/mqtt-packets.js";
import type { TapSettings } from "../../outputs/meter-tap.js";
import { isAllowed, wrongEntry } from "../../outputs/tcp-bridge/allow-list.js";
import { ComPort } from "../../outputs/tcp-bridge/com-port.js";
import { portalAnswer } from "../../settings/portal/dns.js";
import { localTime } from "../../settings/posix-time-zone.js";
import { start } from "../outputs/mqtt/support.js";
import { check, fromHex, hexOf, latin1, type Target, withOptions } from "./target.js";
import { textOf } from "./web.js";

const ADDRESS = [192, 168, 4, 1];

const dns: Target = {
	name: "dns",
	longest: 600,
	work: [200, 40],
	words: ["\x00\x01\x00\x01", "\x00\x1c\x00\x01", "\xc0\x0c", "\x00\x00\x29", "\x03www", "\x3f", "\x00\xff"],
	seeds: () =>
		[
			"123401000001000000000000037777770667" + "6f6f676c6503636f6d0000010001",
			"00010100000100000000000103777777036e65740000" + "1c000100002910000000000000000000",
			"0002280000010000000000000161000001" + "0001",
		].map(fromHex),
	run(input) {
		const answer = portalAnswer(input, ADDRESS);
		if (!answer) return;
		check(answer.length <= input.length + 16 && answer.length <= 528, "an answer longer than its question");
		check(answer[0] === input[0] && answer[1] === input[1], "another question's number");
		check(((answer[2] as number) & 0x80) !== 0, "no answer");
		const count = (answer[6] as number) * 256 + (answer[7] as number);
		check(count === 0 || (count === 1 && answer.slice(-4).join() === ADDRESS.join()), "another address");
	},
};

const NONCE = fromHex("0102030405060708").slice(0, NONCE_LENGTH);
const ntp: Target = {
	name: "ntp",
	longest: 80,
	work: [200, 40],
	seeds: () => {
		const answer = ntpQuestion(NONCE);
		answer[0] = 0x24;
		answer[1] = 2;
		answer.set(NONCE, 24);
		answer.set(fromHex("eb2f1a0080000000eb2f1a0090000000"), 32);
		return [answer, ntpQuestion(NONCE)];
	},
	run(input) {
		const answer = ntpAnswer(input, NONCE);
		if (!answer) return;
		check(hexOf(input.subarray(24, 32)) === hexOf(NONCE), "another question's answer");
		check(
			Number.isFinite(answer.time) && answer.heldMs >= 0 && Number.isFinite(answer.heldMs),
			"a time that is none",
		);
	},
};

/** A PUBLISH (MQTT 3.1.1, 3.3). */
function publish(topic: string, payload: string, qos = 0): Uint8Array {
	const head = [topic.length >> 8, topic.length & 0xff, ...latin1(topic), ...(qos ? [0, 9] : [])];
	const length = head.length + payload.length;
	return Uint8Array.from([
		0x30 | (qos << 1),
		...(length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]),
		...head,
		...latin1(payload),
	]);
}

const mqttPackets: Target = {
	name: "mqtt-packets",
	longest: 2000,
	work: [200, 60],
	words: [
		"\x20\x02\x00\x00",
		"\x30\x00",
		"\x30\x02\x00\x00",
		"\x32\x05\x00\x01a\x00\x09",
		"\xd0\x00",
		"\x90\x03\x00\x01\x00",
		"\xff\xff\xff\x7f",
		"\x80\x80\x80\x01",
		"\x30\xff\xff\xff\xff",
	],
	seeds: () => [
		withOptions(
			1,
			Uint8Array.from([
				...fromHex("20020000900300010040020001"),
				...publish("meterling/command/read", "x"),
				...publish("a", "", 1),
				...publish("b", "y".repeat(300), 2),
			]),
		),
		withOptions(7, Uint8Array.from([...publish("a", ""), ...fromHex("d000")])),
	],
	run(input) {
		const bytes = input.subarray(1);
		const watch = (size: number) => {
			const packets = new PacketWatch();
			let found = false;
			for (let at = 0; at < bytes.length; at += size)
				found = packets.hasEmptyMessage(bytes.slice(at, at + size)) || found;
			return found;
		};
		const found = watch(Math.max(1, bytes.length));
		check(watch(1 + ((input[0] ?? 0) & 15)) === found, "in pieces it finds something else");
		const theirs = hasEmpty(bytes);
		if (theirs !== undefined)
			check(theirs === found, theirs ? "an empty message is not seen" : "an empty message that is none");
	},
};

/** The same by the standard's grammar; `undefined` where the bytes break it. */
function hasEmpty(bytes: Uint8Array): boolean | undefined {
	let found = false;
	for (let at = 0; at < bytes.length; ) {
		const first = bytes[at++] as number;
		if (first < 0x10 || first >= 0xf0) return undefined;
		let length = 0;
		for (let digit = 0; ; digit++) {
			if (digit === 4) return undefined;
			const byte = bytes[at++];
			if (byte === undefined) return found;
			length += (byte & 0x7f) * 128 ** digit;
			if (byte < 0x80) break;
		}
		if (first >> 4 === 3) {
			if (((first >> 1) & 3) === 3 || length < 2) return undefined;
			if (at + 2 > bytes.length) return found;
			const topic = (bytes[at] as number) * 256 + (bytes[at + 1] as number);
			const head = 2 + topic + (first & 6 ? 2 : 0);
			if (head > length) return undefined;
			if (head === length) found = true;
		}
		at += length;
	}
	return found;
}

const TOPICS = ["restart", "identify", "read", "register"].map((name) => `meterling/command/${name}`);
const PASSWORD = "QZ81XK07-broker";

/** A byte of options, a topic and a payload with a line feed between, then the next ones behind NUL. */
const mqttCommands: Target = {
	name: "mqtt-commands",
	longest: 3000,
	work: [20_000, 400],
	words: [
		...TOPICS.map((topic) => `${topic}\n`),
		"\x00",
		"\n",
		"PRESS",
		"1-0:1.8.0*255",
		"1003",
		'"',
		"\\",
		"meterling/command/#",
		"\xff\xfe",
	],
	seeds: () => [
		withOptions(0, latin1(`${TOPICS[3]}\n1003\x00${TOPICS[2]}\n\x00${TOPICS[0]}\nPRESS`)),
		withOptions(1, latin1(`${TOPICS[1]}\nx\x00meterling/other\ny`)),
		withOptions(2, latin1(`${TOPICS[3]}\n1-0:1.8.0*255\x00${TOPICS[3]}\n${"9".repeat(400)}`)),
	],
	run(input) {
		const options = input[0] ?? 0;
		const rig = start({ user: "gateway", password: PASSWORD });
		const { client } = rig.bench.network;
		client.connack(options & 1 ? 200 : 8192);
		rig.bench.clock.advance(options & 2 ? 100 : 5000);
		let commands = 0;
		for (const message of textOf(input.subarray(1)).split("\x00").slice(0, 40)) {
			const split = message.indexOf("\n");
			const topic = split < 0 ? message : message.slice(0, split);
			if (TOPICS.includes(topic)) commands++;
			client.receive(topic, latin1(split < 0 ? "" : message.slice(split + 1)), 1 + (options >> 2) * 23);
			rig.answer?.(undefined, "no answer");
			rig.answer = undefined;
		}
		rig.bench.clock.advance(1000);
		for (let turn = 0; turn < 50; turn++) client.open(4096);
		check(rig.commanded.length <= commands, "a command that nobody gave");
		check(client.mostRead <= 2048, `${client.mostRead} bytes at once`);
		check(!client.closed, "the connection is lost");
		const answers = client.published.filter(({ topic }) => topic === "meterling/answer");
		check(answers.length <= commands, "an answer to nobody");
		for (const { text } of answers) {
			const { command, done } = JSON.parse(text);
			check(typeof command === "string" && typeof done === "boolean", `an answer: ${text}`);
			check(text.length < 2000, "an answer beyond all bounds");
		}
		const said = rig.bench.log.join("\n") + client.published.map(({ text }) => text).join("\n");
		check(!said.includes(PASSWORD), "a secret in a message");
		check(rig.bench.log.length <= 4 + commands, "a log line for every byte");
		rig.output.close(() => {});
	},
};

const rfc2217: Target = {
	name: "rfc2217",
	longest: 1000,
	work: [200, 80],
	words: [
		"\xff\xfb\x2c",
		"\xff\xfd\x00",
		"\xff\xfa\x2c\x01\x00\x00\x25\x80\xff\xf0",
		"\xff\xff",
		"\xff\xfa\x2c",
		"\xff\xf0",
		"\xff\xfa\x2c\x05\x0b\xff\xf0",
	],
	seeds: () =>
		[
			"fffb2cfffd00fffa2c0100002580fff0",
			"fffa2c0207fff0fffa2c0303fff02f3f210d0afffffffffffd03",
			"fffa2c00fff0fffa2c0505fff0fffa2c0c03fff0",
		].map((text) => withOptions(0, fromHex(text))),
	run(input) {
		const bytes = input.subarray(1);
		const read = (size: number) => {
			let settings: TapSettings = { baud: 9600, dataBits: 8, parity: "none", stopBits: 1 };
			let said = "";
			let heard = "";
			const port = new ComPort({
				get settings() {
					return settings;
				},
				set(wanted) {
					check(wanted.baud >= 300 && wanted.baud <= 230_400, `sets ${wanted.baud} Bd`);
					settings = wanted;
				},
				answer(answer) {
					check(answer.length <= 40, "an answer beyond all bounds");
					said += hexOf(answer);
				},
			});
			for (let at = 0; at < bytes.length; at += size)
				heard += hexOf(port.receive(bytes.slice(at, at + size)));
			check(heard.length <= 2 * bytes.length && said.length <= 2 * 10 * bytes.length, "more than was sent");
			return `${heard}|${said}|${JSON.stringify(settings)}`;
		};
		check(
			read(1 + ((input[0] ?? 0) & 15)) === read(Math.max(1, bytes.length)),
			"in pieces it says something else",
		);
	},
};

const texts: Target = {
	name: "addresses",
	longest: 200,
	work: [2000, 200],
	words: [
		"192.168.1.0/24",
		"10.0.0.1",
		"::ffff:",
		"/0",
		"/33",
		",",
		" ",
		"CET-1CEST,M3.5.0,M10.5.0/3",
		"<+03>-3",
		"EST5EDT",
		",M3.2.0/2,M11.1.0",
		"J60",
		"-24",
		"/167",
	],
	seeds: () =>
		[
			"192.168.1.0/24, 10.0.0.1",
			"CET-1CEST,M3.5.0,M10.5.0/3",
			"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
			"UTC0",
		].map(latin1),
	run(input) {
		const text = textOf(input);
		const wrong = wrongEntry(text);
		if (isAllowed("203.0.113.7", text)) check(wrong !== text, "a list that is none lets somebody in");
		check(!isAllowed(text, "192.168.7.0/24") || text.includes("192.168.7."), "a stranger is let in");
		for (const time of [1_735_689_600_000, 1_751_328_000_000]) {
			const local = localTime(time, text);
			if (!local) continue;
			for (const value of Object.values(local))
				check(typeof value !== "number" || Number.isFinite(value), `a time that is none: ${text}`);
		}
	},
};

export const NETWORK_TARGETS: readonly Target[] = [dns, ntp, mqttPackets, mqttCommands, rfc2217, texts];
