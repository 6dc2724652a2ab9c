// The pure modules behind one function that any JavaScript engine can call: tools/test-xs.mjs bundles it for the XS
// engine of @agoric/xsnap and for Node, and compares their answers byte for byte. No SDK, no Node, ASCII in and out.

import { decodeWith } from "../../host/cli/decode-bytes.js";
import { hdlcFrames, notification, withLlc } from "../../protocols/dlms/encode/frames.js";
import { kamstrupList } from "../../protocols/dlms/encode/kamstrup-list.js";
import { describedTelegram, encodeTelegram } from "../../protocols/p1/p1-encoder.js";
import type { Action, Session } from "../../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import { parseDecimalText, toText } from "../../readings/decimal.js";
import { readingToJson } from "../../readings/json.js";
import { defaultValues } from "../../settings/setting.js";

/** What is asked; `cipher` are results of a real cipher by `cipherKey`, where the engine has none of its own. */
interface Secrets {
	readonly encryptionKey?: string;
	readonly authenticationKey?: string;
	readonly cipher?: Readonly<Record<string, string | null>>;
}

type Question =
	| { do: "protocols" | "checksums" | "encode" | "nothing" }
	| { do: "decimals"; texts: readonly string[] }
	| ({ do: "decode"; protocol: string } & Secrets)
	/** Byte by byte, or in pieces of `step`: sessions must not care. */
	| ({ do: "pieces"; protocol: string; step: number } & Secrets)
	/** For metering: `open` holds session and bytes ready, `feed` only decodes. */
	| { do: "open"; protocol: string }
	| { do: "feed" };

/** Present on Node, where every cipher result is recorded for the other engine. */
declare const hostCipher: Cipher | undefined;

const checksums = tableChecksums();
let held: { readonly session: Session; readonly bytes: Uint8Array } | undefined;

function answer(question: Question, recorded: Uint8Array): unknown {
	switch (question.do) {
		case "protocols":
			return PROTOCOLS.map(({ name }) => name);
		case "checksums": {
			const bytes = ascii("123456789");
			return [checksums.arc, checksums.x25, checksums.xmodem].map((sum) =>
				sum(bytes, 0, bytes.length).toString(16),
			);
		}
		case "decimals":
			return question.texts.map((text) => {
				const value = parseDecimalText(text);
				return value ? toText(value) : null;
			});
		case "encode":
			return [toHex(kamstrupFrame()), toHex(p1Telegram())];
		case "decode":
			return decode(question, recorded);
		case "pieces":
			return inPieces(openSession(question.protocol, question), recorded, question.step);
		case "open":
			held = { session: openSession(question.protocol, {}), bytes: recorded };
			return recorded.length;
		case "feed":
			return held ? held.session.receive(held.bytes, 0).length : 0;
		default:
			return null;
	}
}

/** Readings and rejections as their JSON, one text each. */
function decode(question: Extract<Question, { do: "decode" }>, recorded: Uint8Array): readonly string[] {
	const protocol = findProtocol(question.protocol);
	if (!protocol) return ["no such protocol"];
	const { readings, rejections } = decodeWith(protocol, recorded, {
		checksums,
		cipher: cipherFor(question),
		encryptionKey: question.encryptionKey ?? "",
		authenticationKey: question.authenticationKey ?? "",
	});
	return [
		...readings.map((reading) => readingToJson(reading)),
		...rejections.map((item) => JSON.stringify(item)),
	];
}

function inPieces(session: Session, bytes: Uint8Array, step: number): readonly string[] {
	const texts: string[] = [];
	const take = (actions: readonly Action[]) => {
		for (const action of actions) {
			if (action.do === "reading") texts.push(readingToJson(action.reading));
			else if (action.do === "rejected") texts.push(JSON.stringify(action.rejection));
		}
	};
	for (let at = 0; at < bytes.length; at += step) take(session.receive(bytes.subarray(at, at + step), at));
	take(session.end(bytes.length));
	return texts;
}

function openSession(name: string, secrets: Secrets): Session {
	const protocol = findProtocol(name);
	if (!protocol) throw new Error(`no protocol ${name}`);
	const { encryptionKey = "", authenticationKey = "" } = secrets;
	return protocol.open({
		checksums,
		cipher: cipherFor(secrets),
		settings: { ...defaultValues(protocol.settings), period: 0, encryptionKey, authenticationKey },
	});
}

function cipherFor({ cipher = {} }: Secrets): Cipher {
	return typeof hostCipher === "object" ? hostCipher : replayed(cipher);
}

/** Names one use of a cipher: what it is given decides what it gives. */
function cipherKey(operation: string, ...given: readonly Uint8Array[]): string {
	return `${operation} ${given.map(toHex).join(" ")}`;
}

function replayed(results: Readonly<Record<string, string | null>>): Cipher {
	const result = (operation: string, ...given: readonly Uint8Array[]) => {
		const text = results[cipherKey(operation, ...given)];
		if (text === undefined) throw new Error(`${operation}: never asked on Node`);
		return text === null ? undefined : fromHex(text);
	};
	return {
		openGcm: (key, iv, aad, ciphertext, tag) => result("open", key, iv, aad, ciphertext, tag),
		decryptGcm: (key, iv, ciphertext) => result("decrypt", key, iv, ciphertext) as Uint8Array,
		sealGcm: (key, iv, aad, plaintext) => result("seal", key, iv, aad, plaintext) as Uint8Array,
	};
}

/** The ten-second list of a three-phase Omnipower. */
function kamstrupFrame(): Uint8Array {
	const time = Uint8Array.of(0x07, 0xe3, 1, 31, 4, 13, 36, 10, 0xff, 0x80, 0, 0);
	const body = kamstrupList({
		meterId: "5706567000000000",
		meterType: "6841121BN243101040",
		powers: [3771, 0, 0, 412],
		currents: [1008, 620, 33],
		voltages: [233, 232, 234],
	});
	const options = { destination: [0x2b], source: [0x21] };
	return hdlcFrames(withLlc(notification(body, { time })), checksums, options);
}

/** About a kilobyte of DSMR 5 with three phases, messages and a gas meter. */
function p1Telegram(): Uint8Array {
	const objects = [
		...["1.8.1", "1.8.2", "2.8.1", "2.8.2"].map((code, index) => [`1-0:${code}`, `00123${index}.456*kWh`]),
		["0-0:96.14.0", "0002"],
		...["1.7.0", "2.7.0", "21.7.0", "41.7.0", "61.7.0", "22.7.0", "42.7.0", "62.7.0"].map((code, index) => [
			`1-0:${code}`,
			`0${index}.193*kW`,
		]),
		...["32.7.0", "52.7.0", "72.7.0"].map((code) => [`1-0:${code}`, "220.1*V"]),
		...["31.7.0", "51.7.0", "71.7.0"].map((code) => [`1-0:${code}`, "001*A"]),
		...["32.32.0", "52.32.0", "72.32.0", "32.36.0", "52.36.0", "72.36.0"].map((code) => [
			`1-0:${code}`,
			"00002",
		]),
		...["0-0:96.7.21", "0-0:96.7.9"].map((code) => [code, "00004"]),
		["0-0:96.13.0", "4D65746572".repeat(28)],
		["0-1:24.1.0", "003"],
		["0-1:96.1.0", "3232323241424344313233343536373839"],
	].map(([obis = "", value = ""]) => ({ obis, values: [value] }));
	return encodeTelegram(
		describedTelegram({
			identification: "ISk5\\2MT382-1000",
			version: "5.0",
			time: "101209113020W",
			meterId: "K8EG004046395507",
			objects: [...objects, { obis: "0-1:24.2.1", values: ["101209112500W", "12785.123*m3"] }],
		}),
		checksums,
	);
}

function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	for (let index = 0; index < bytes.length; index++)
		bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
	return bytes;
}

function toHex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += (byte < 0x10 ? "0" : "") + byte.toString(16);
	return text;
}

function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** JSON in ASCII bytes, so that no engine's text coding takes part. */
function toAscii(value: unknown): ArrayBuffer {
	const text = JSON.stringify(value).replace(
		/[^\x20-\x7e]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
	return ascii(text).buffer as ArrayBuffer;
}

const LINE_FEED = 0x0a;

/** The call that @agoric/xsnap makes: a line of ASCII JSON and recorded bytes in, ASCII JSON out. */
function handleCommand(message: ArrayBuffer): ArrayBuffer {
	const bytes = new Uint8Array(message);
	const end = bytes.indexOf(LINE_FEED);
	const pieces: string[] = [];
	for (let at = 0; at < end; at += 64)
		pieces.push(String.fromCharCode(...bytes.subarray(at, Math.min(at + 64, end))));
	return toAscii(answer(JSON.parse(pieces.join("")) as Question, bytes.subarray(end + 1)));
}

Object.assign(globalThis, { handleCommand, cipherKey });
