// The frames that are measured: from emulated meters; the P1 telegram of 2.5 KB and the Austrian push from the project's
// encoders. Node only. The same seed each time: every run measures the same bytes.

import { AskedMeter } from "../../host/meters/asked-meter.js";
import { findMeter } from "../../host/meters/meters.js";
import { nodeCipher } from "../../host/platform/cipher.js";
import { cosemTimeBytes } from "../../protocols/dlms/cosem-time.js";
import {
	type AxdrValue,
	encodeAxdr,
	octetString,
	octets,
	scalerUnit,
	structure,
	text,
	uint16,
	uint32,
} from "../../protocols/dlms/encode/axdr-value.js";
import { mbusFrames, notification, sealed } from "../../protocols/dlms/encode/frames.js";
import { getRegister, METER } from "../../protocols/kmp/commands.js";
import { encodeFrame, TO_METER } from "../../protocols/kmp/frame.js";
import { HEAT_REGISTERS } from "../../protocols/kmp/registers.js";
import { encodeTelegram } from "../../protocols/p1/p1-encoder.js";
import { PROTOCOLS } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { SettingValues } from "../../settings/setting.js";
import { MemoryFiles } from "../readings/history/storage.js";
import { liveYear } from "../readings/history/year-of.js";
import { type BenchInput, openCase } from "./cases.js";

const checksums = tableChecksums();
/** A quarter of an hour after noon. */
const START = Date.UTC(2025, 2, 20, 12, 15);
/** In the evening: other powers, voltages and counters. An odd millisecond moves the registers of the longer telegram. */
const LATER = Date.UTC(2025, 2, 20, 19, 45, 0, 1);
/** Bytes of the reference loop: some hundred microseconds on XS. */
const REFERENCE_BYTES = 128;
const HISTORY_HOURS = 62 * 24;

/** Every case, the reference loop first. */
export function benchInputs(): BenchInput[] {
	const decode = (
		name: string,
		protocol: string,
		bytes: Uint8Array,
		settings?: SettingValues,
	): BenchInput => ({
		...{ name, do: "decode", protocol, frame: hex(bytes) },
		...(settings && { settings }),
	});
	/** Two frames of the meter, `made` of the times when it sends them. */
	const two = (name: string, protocol: string, made: (time: number) => Uint8Array): BenchInput => ({
		...decode(name, protocol, made(START)),
		later: hex(made(LATER)),
	});
	const kamstrup = two("Kamstrup list, every 10 s", "dlms", (time) =>
		sent("kamstrup-omnipower", 10_000, time),
	);
	const p1 = two("P1, 1.0 KB", "p1", (time) => sent("dsmr5", 1000, time));
	const encrypted = findMeter("kamstrup-omnipower-encrypted")?.settings;
	const longer = (time: number) => lengthened(sent("dsmr5", 1000, time), 2500, time % 1000);
	return [
		{
			name: "reference loop",
			do: "reference",
			protocol: "",
			frame: hex(longer(START).subarray(0, REFERENCE_BYTES)),
		},
		kamstrup,
		two("Kamstrup list, hourly", "dlms", (time) => sent("kamstrup-omnipower", 1000, time, true)),
		withPlaintext(
			decode("Kamstrup list, encrypted", "dlms", sent("kamstrup-omnipower-encrypted", 10_000), encrypted),
		),
		withPlaintext(
			decode("Austrian push, two M-Bus frames", "dlms", austrianPush(), { encryptionKey: AUSTRIAN_KEY }),
		),
		two("P1, 0.4 KB", "p1", (time) => sent("kamstrup-162", 10_000, time)),
		p1,
		two("P1, 2.5 KB", "p1", longer),
		two("Kamstrup 382, readout", "iec62056", (time) => answered("kamstrup-382", ascii("/?!\r\n"), time)),
		two("KMP, 8 registers", "kmp", (time) =>
			answered("multical-403", encodeFrame(TO_METER, getRegister(METER, HEAT_REGISTERS), checksums), time),
		),
		{ ...kamstrup, name: "JSON of the Kamstrup list", do: "json" },
		{ ...p1, name: "JSON of P1, 1.0 KB", do: "json" },
		{ ...p1, name: "Home Assistant discovery of P1, 1.0 KB", do: "discovery" },
		{ ...kamstrup, name: "P1 telegram from the Kamstrup list", do: "synthesis" },
		{ name: "history, a month by day", do: "history", protocol: "", frame: "", files: historyFiles() },
	];
}

/** In as many pieces each: what the sessions make of more bytes that are no frame, and of a longer text in a telegram. */
export function lengthInputs(): { readonly short: BenchInput; readonly long: BenchInput }[] {
	const pair = (name: string, input: (length: number) => Pick<BenchInput, "do" | "protocol" | "frame">) => {
		const made = (length: number) => ({ name, pieces: 4, ...input(length) });
		return { short: made(SHORT), long: made(LONG) };
	};
	const telegram = sent("dsmr5", 1000);
	return [
		...PROTOCOLS.map(({ name }) =>
			pair(`${name}, noise`, (length) => ({ do: "noise", protocol: name, frame: "55".repeat(length) })),
		),
		pair("p1, a long message", (length) => ({
			...{ do: "decode", protocol: "p1" },
			frame: hex(withLine(telegram, `0-0:96.13.0(${"4D".repeat(length / 2)})`)),
		})),
	];
}

const SHORT = 256;
const LONG = 1024;

function withLine(telegram: Uint8Array, line: string): Uint8Array {
	const [head = "", , ...lines] = Buffer.from(telegram).toString("latin1").split("\r\n");
	const objects = lines.filter(
		(each) => each !== "" && !each.startsWith("!") && !each.startsWith("0-0:96.13.0"),
	);
	return encodeTelegram({ identification: head.slice(1), lines: [...objects, line], crc: true }, checksums);
}

/** What the emulated meter sends within the time from `start` on; another household's at another time, so that counters moved. */
function sent(model: string, within: number, start = START, longListFirst = false): Uint8Array {
	const meter = findMeter(model)?.make({
		seed: start === START ? 1 : 2,
		start,
		solarWatts: 3000,
		longListFirst,
	});
	if (!meter) throw new Error(`no meter ${model}`);
	const time = meter.nextSend(start);
	if (time > start + within) throw new Error(`${model} is late`);
	return meter.telegram(time);
}

function answered(model: string, question: Uint8Array, start: number): Uint8Array {
	const meter = findMeter(model)?.make({ seed: start === START ? 1 : 2, start, solarWatts: 0 });
	if (!(meter instanceof AskedMeter)) throw new Error(`${model} is not asked`);
	return Uint8Array.from(Buffer.concat(meter.heard(question, start + 60_000).map(({ bytes }) => bytes)));
}

/** More registers, in tariffs and quadrants, as meters in Hungary send them, until the telegram has as many bytes. */
export function lengthened(telegram: Uint8Array, size: number, shift = 0): Uint8Array {
	const [head = "", , ...lines] = Buffer.from(telegram).toString("latin1").split("\r\n");
	const objects = lines.filter((line) => line !== "" && !line.startsWith("!"));
	for (let extra = 0, { length } = telegram; length < size; extra++) {
		const line = `1-0:${5 + (extra % 4)}.8.${Math.floor(extra / 4)}(${`${extra * 7 + shift}`.padStart(6, "0")}.000*kvarh)`;
		objects.push(line);
		length += line.length + 2;
	}
	return encodeTelegram({ identification: head.slice(1), lines: objects, crc: true }, checksums);
}

/** Published with a real meter's frame: PROTOCOLS, 5.4 "EVN/Kaifa". */
const AUSTRIAN_KEY = "36C66639E48A8CA4D6BC8B282A793BBB";
const AUSTRIAN_TITLE = Buffer.from("4B464D6750000009", "hex");
const WATT_HOUR = 30;
const WATT = 27;
const VOLT = 35;
const AMPERE = 33;
const NO_UNIT = 255;

/** 35 items as Kaifa's MA309 pushes them: clock, eleven objects with scaler and unit, the meter's number. */
function austrianPush(): Uint8Array {
	const [year, month, day, weekday, hour, minute, second] = [2025, 3, 20, 4, 12, 15, 5];
	const time = cosemTimeBytes({ year, month, day, weekday, hour, minute, second, offsetMinutes: 60 });
	const object = (c: number, d: number, value: AxdrValue, scaler: number, unit: number) => [
		octets(1, 0, c, d, 0, 255),
		value,
		scalerUnit(scaler, unit),
	];
	const body = structure(
		octetString(time),
		...object(1, 8, uint32(12_937_482), 0, WATT_HOUR),
		...object(2, 8, uint32(10_456), 0, WATT_HOUR),
		...object(1, 7, uint32(1_384), 0, WATT),
		...object(2, 7, uint32(0), 0, WATT),
		...[32, 52, 72].flatMap((c, phase) => object(c, 7, uint16(2337 + phase), -1, VOLT)),
		...[31, 51, 71].flatMap((c, phase) => object(c, 7, uint16(112 + phase), -2, AMPERE)),
		...object(13, 7, uint16(986), -3, NO_UNIT),
		text("181220000009"),
	);
	const apdu = sealed(notification(encodeAxdr(body), { time }), {
		cipher: nodeCipher(),
		encryptionKey: Buffer.from(AUSTRIAN_KEY, "hex"),
		systemTitle: AUSTRIAN_TITLE,
		invocationCounter: 0x23,
	});
	return mbusFrames(apdu);
}

/** With what Node's cipher finds in it. */
function withPlaintext(input: BenchInput): BenchInput {
	let plaintext = "";
	const real = nodeCipher();
	const kept = (found: Uint8Array | undefined) => {
		if (found) plaintext = hex(found);
		return found;
	};
	const run = openCase(input, {
		checksums,
		cipher: {
			...real,
			openGcm: (...given) => kept(real.openGcm(...given)),
			decryptGcm: (...given) => kept(real.decryptGcm(...given)) as Uint8Array,
		},
	});
	run();
	return { ...input, plaintext };
}

/** Two counters, hour by hour. */
function historyFiles(): Record<string, string> {
	const files = new MemoryFiles();
	liveYear(files, 2, HISTORY_HOURS);
	return Object.fromEntries([...files.files].map(([name, bytes]) => [name, hex(bytes)]));
}

function ascii(characters: string): Uint8Array {
	return Uint8Array.from(Buffer.from(characters, "latin1"));
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
