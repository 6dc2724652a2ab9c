// The frame that comes with a reading: decoded again by a fresh session it gives the same reading, whatever the pieces
// in which its bytes came. On captures of real meters (read in place, skipped where they are absent) and on examples.

import { existsSync, readFileSync } from "node:fs";
import { join as path } from "node:path";
import { nodeCipher } from "../../host/platform/cipher.js";
import { dlms } from "../../protocols/dlms/dlms.js";
import { gbtBlocks, hdlcFrames, mbusFrames, withLlc } from "../../protocols/dlms/encode/frames.js";
import { iec62056 } from "../../protocols/iec62056/iec62056.js";
import { kmp } from "../../protocols/kmp/kmp.js";
import { encodeReply } from "../../protocols/kmp/session.js";
import { kmp382 } from "../../protocols/kmp382/kmp382.js";
import { p1 } from "../../protocols/p1/p1.js";
import type { Action, Protocol } from "../../protocols/protocol.js";
import { pulse } from "../../protocols/pulse/pulse.js";
import { encodeRecord } from "../../protocols/pulse/record.js";
import type { Reading } from "../../readings/reading.js";
import { defaultValues, type SettingValues } from "../../settings/setting.js";
import { ascii, checksums, FakeLine, hex, join, open } from "./asking.js";
import { FRAME_10_S, KAMSTRUP_10_S, KAMSTRUP_HOURLY } from "./dlms/frames.js";

const CORPORA = path(__dirname, "../../../shared/corpora");
const LIST = path(CORPORA, "normalized.json");

interface Case {
	readonly corpus: string;
	readonly id: string;
	readonly file: string;
	readonly protocol: string;
	readonly layer?: string;
	readonly kind: string;
	readonly options?: { readonly encryption_key?: string; readonly authentication_key?: string };
}
interface Framed {
	readonly reading: Reading;
	readonly frame: Uint8Array | undefined;
	readonly clear: Uint8Array | undefined;
}

/** What a session that only listens makes of the bytes in pieces of `size`; frames are copied when they are handed out. */
function framed(protocol: Protocol, bytes: Uint8Array, settings: SettingValues, size: number): Framed[] {
	const session = protocol.open({
		checksums,
		cipher: nodeCipher(),
		settings: { ...defaultValues(protocol.settings), ...settings },
	});
	const found: Framed[] = [];
	const take = (actions: readonly Action[]) => {
		for (const action of actions)
			if (action.do === "reading")
				found.push({ reading: action.reading, frame: action.frame?.slice(), clear: action.clear?.slice() });
	};
	for (let at = 0; at < bytes.length; at += size) take(session.receive(bytes.slice(at, at + size), 0));
	take(session.end(0));
	return found;
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("latin1");

const cases: readonly Case[] = existsSync(LIST)
	? (JSON.parse(readFileSync(LIST, "utf8")) as { cases: Case[] }).cases.filter(
			({ kind, layer, file }) =>
				kind === "reading" && layer !== "apdu" && layer !== "llc" && existsSync(path(CORPORA, file)),
		)
	: [];

function bytesOf({ file }: Case): Uint8Array {
	const content = readFileSync(path(CORPORA, file));
	return file.endsWith(".hex") ? hex(content.toString("latin1")) : Uint8Array.from(content);
}

function settingsOf({ options }: Case): SettingValues {
	return {
		...(options?.encryption_key && { encryptionKey: options.encryption_key }),
		...(options?.authentication_key && { authenticationKey: options.authentication_key }),
	};
}

describe.each([p1, dlms, iec62056, kmp, kmp382])("captures of $name", (protocol) => {
	const own = cases.filter((one) => one.protocol === protocol.name);
	if (own.length === 0) {
		test.skip(`no captures: ${LIST} is absent`, () => {});
		return;
	}

	test("each reading comes with its frame, which gives that reading again, in pieces of any size", () => {
		let count = 0;
		const wrong: string[] = [];
		for (const one of own) {
			const name = `${one.corpus}/${one.id}`;
			const bytes = bytesOf(one);
			const settings = settingsOf(one);
			const whole = framed(protocol, bytes, settings, bytes.length);
			for (const size of [1, 61, 1000]) {
				const pieces = framed(protocol, bytes, settings, size);
				if (JSON.stringify(pieces) !== JSON.stringify(whole)) wrong.push(`${name} in pieces of ${size}`);
			}
			for (const { reading, frame } of whole) {
				// A MULTICAL's table does not say which one it is: that was the question.
				if (reading.meter.list?.startsWith("table")) continue;
				count++;
				const again = frame ? framed(protocol, frame, settings, frame.length) : [];
				if (again.length !== 1 || JSON.stringify(again[0]?.reading) !== JSON.stringify(reading))
					wrong.push(`${name}: ${frame?.length} bytes give ${again.length} readings`);
			}
		}
		expect(wrong).toEqual([]);
		expect(count).toBeGreaterThan(0);
		console.log(`${protocol.name}: ${count} frames decoded again`);
	});
});

describe("frames as they were on the wire", () => {
	const TELEGRAM = "/TEST\r\n\r\n1-3:0.2.8(50)\r\n!2A99\r\n";

	test("P1: from / to the line end behind the CRC, of two telegrams in one piece as well", () => {
		const bytes = ascii(`noise\r\n${TELEGRAM}${TELEGRAM}`);
		const found = framed(p1, bytes, {}, bytes.length);
		expect(found.map(({ frame }) => text(frame))).toEqual([TELEGRAM, TELEGRAM]);
		expect(found[0]?.clear).toBeUndefined();
	});

	test("P1: a value that is broken over lines stays broken", () => {
		const broken = "/KMP5 KA6U\r\n\r\n0-0:96.13.0(3031\r\n3233)\r\n1-0:1.8.1(00001.001*kWh)\r\n!\r\n";
		const [found] = framed(p1, ascii(broken), {}, 1000);
		expect(text(found?.frame)).toBe(broken);
		expect(found?.reading.quantities[0]?.value).toBe("0123");
	});

	test("DLMS: segments and blocks come one behind the other, without what went before", () => {
		const line = { destination: [0x41], source: [0x08, 0x83], mostInfo: 60 };
		const segments = hdlcFrames(withLlc(KAMSTRUP_HOURLY), checksums, line);
		const blocks = join(
			...gbtBlocks(KAMSTRUP_10_S, 70).map((block) =>
				hdlcFrames(block, checksums, { ...line, mostInfo: 100 }),
			),
		);
		const mbus = mbusFrames(KAMSTRUP_HOURLY, 100);
		// A segment whose message went on elsewhere, and more of it all than the buffer holds.
		const lost = segments.slice(0, 73);
		const all = join(...Array.from({ length: 6 }, () => join(lost, segments, FRAME_10_S, blocks, mbus)));
		for (const size of [1, 100, all.length]) {
			const found = framed(dlms, all, {}, size).map(({ frame }) => text(frame));
			const expected = [segments, FRAME_10_S, blocks, mbus].map(text);
			expect(found).toEqual(Array.from({ length: 6 }, () => expected).flat());
		}
	});

	// PROTOCOLS.md, section 3: replies of the document; GetRegister's of a MULTICAL 403.
	const REGISTER = hex("40 3F 10 00 56 25 02 42 14 F5 69 DC 0D");
	const TYPE = hex("40 3F 01 00 04 1B F9 01 26 99 0D");
	const SERIAL = hex("40 3F 02 01 23 45 67 E9 56 0D");

	test("KMP: all answers of a poll one behind the other, without the questions and their echo", () => {
		const answers: Readonly<Record<number, Uint8Array>> = { 0x10: REGISTER, 0x01: TYPE, 0x02: SERIAL };
		const frames: string[] = [];
		const session = open(kmp, { registers: "86" });
		const noting = {
			receive: (bytes: Uint8Array, now: number) => note(session.receive(bytes, now)),
			tick: (now: number) => note(session.tick(now)),
			end: (now: number) => note(session.end(now)),
		};
		function note(actions: readonly Action[]): readonly Action[] {
			for (const action of actions) if (action.do === "reading") frames.push(text(action.frame));
			return actions;
		}
		const fake = new FakeLine(noting, (request) => [
			[10, request],
			[200, answers[request[2] ?? 0] ?? new Uint8Array()],
		]);
		fake.run(10_000);
		expect(frames).toEqual([text(join(REGISTER, TYPE, SERIAL))]);
	});

	test("KMP: a log of many records comes once", () => {
		// Log 5, one register (60: kWh, 4 bytes), records 1 and 2; newest 2, info 0.
		const log = encodeReply(
			hex("3F A1 05 01 0001 003C 02 04 00 00000010 0002 00000011 0002 0002 00"),
			checksums,
		);
		const found = framed(kmp, log, {}, log.length);
		expect(found.map(({ frame }) => text(frame))).toEqual([text(log), ""]);
	});

	test("KMP: bytes without an end are given up, and the next answer has its own frame", () => {
		const [found] = framed(kmp, join(hex("40"), new Uint8Array(5000), REGISTER), {}, 100);
		expect(text(found?.frame)).toBe(text(REGISTER));
	});

	test("pulses have none", () => {
		const records = [0, 1, 2, 3].map((count) => encodeRecord({ count, at: count * 1000 }, checksums));
		const found = framed(pulse, join(...records), {}, 14);
		expect(found.filter(({ frame }) => frame)).toEqual([]);
	});
});
