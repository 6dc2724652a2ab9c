// What a line does to frames: bytes one by one, bits flipped, frames cut, back to back, and rubbish without end.

import { dlms } from "../../../protocols/dlms/dlms.js";
import { gbtBlocks, hdlcFrames, mbusFrames, sealed, withLlc } from "../../../protocols/dlms/encode/frames.js";
import type { Action } from "../../../protocols/protocol.js";
import { readingToJson } from "../../../readings/json.js";
import { FRAME_10_S, FRAME_HOURLY, KAMSTRUP_10_S, KAMSTRUP_HOURLY, KAMSTRUP_LINE } from "./frames.js";
import { checksums, decode, hex, joined, nodeCipher, options, readings, rejections } from "./support.js";

const encryptionKey = "000102030405060708090A0B0C0D0E0F";
const cipher = {
	cipher: nodeCipher,
	encryptionKey: hex(encryptionKey),
	systemTitle: hex("4B464D6750000009"),
	invocationCounter: 35,
};
const settings = { encryptionKey };

const RECORDINGS: readonly (readonly [string, Uint8Array])[] = [
	["one HDLC frame", FRAME_10_S],
	[
		"segmented HDLC frames with shared flags",
		hdlcFrames(withLlc(KAMSTRUP_HOURLY), checksums, { ...KAMSTRUP_LINE, mostInfo: 120, sharedFlags: true }),
	],
	["ciphered M-Bus frames", mbusFrames(sealed(KAMSTRUP_HOURLY, cipher))],
	["M-Bus frames with a wrapped length", mbusFrames(sealed(KAMSTRUP_HOURLY, cipher), 254)],
	[
		"ciphered GBT blocks",
		joined(
			...gbtBlocks(sealed(KAMSTRUP_10_S, cipher), 112).map((block) =>
				hdlcFrames(block, checksums, { destination: [0xce, 0xff], source: [0x03] }),
			),
		),
	],
];

const json = (actions: readonly Action[]) => readings(actions).map((reading) => readingToJson(reading));

describe.each(RECORDINGS)("%s", (_, bytes) => {
	const whole = json(decode(bytes, settings));

	it("hold one reading", () => {
		expect(whole).toHaveLength(1);
	});

	it("read the same split at every byte, and byte by byte", () => {
		for (let cut = 1; cut < bytes.length; cut++) {
			const session = dlms.open(options(settings));
			const actions = [
				...session.receive(bytes.subarray(0, cut), 0),
				...session.receive(bytes.subarray(cut), 1),
				...session.end(2),
			];
			expect(json(actions)).toEqual(whole);
			expect(rejections(actions)).toEqual([]);
		}
		const session = dlms.open(options(settings));
		const actions: Action[] = [];
		for (const byte of bytes) actions.push(...session.receive(Uint8Array.of(byte), 0));
		expect(json(actions)).toEqual(whole);
	});

	it("give no reading with any one bit flipped, and the next frame is read", () => {
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const damaged = Uint8Array.from(bytes);
			const at = bit >> 3;
			damaged[at] = (damaged[at] as number) ^ (1 << (bit & 7));
			const actions = decode(joined(damaged, FRAME_HOURLY), settings);
			const found = readings(actions).map(({ quantities }) => quantities[0]?.value);
			const next = [{ mantissa: 10050, exponent: 0 }];
			// A flag between frames carries no value: hurt, it may cost nothing.
			if (found.length === 2) expect([...json(actions).slice(0, 1)]).toEqual(whole);
			else expect(found).toEqual(next);
		}
	});

	it("give no reading cut anywhere, and the next frame is read", () => {
		for (let end = 1; end < bytes.length; end++) {
			expect(json(decode(bytes.subarray(0, end), settings))).toEqual([]);
			const actions = decode(joined(bytes.subarray(0, end), FRAME_HOURLY), settings);
			expect(readings(actions).at(-1)?.quantities[0]?.value).toEqual({ mantissa: 10050, exponent: 0 });
		}
	});

	it("give two readings back to back", () => {
		expect(json(decode(joined(bytes, bytes), settings))).toEqual([...whole, ...whole]);
	});
});

/** A seeded generator (Lehmer, minimal standard): the same rubbish in every run. */
function rubbish(length: number): Uint8Array {
	const bytes = new Uint8Array(length);
	let state = 20_190_131;
	for (let index = 0; index < length; index++) {
		state = (state * 48_271) % 0x7fff_ffff;
		bytes[index] = state >> 8;
	}
	return bytes;
}

it("a megabyte of rubbish makes no reading, no exception and bounded answers; the next frame is read", () => {
	const session = dlms.open(options(settings));
	const bytes = rubbish(1 << 20);
	let most = 0;
	for (let at = 0; at < bytes.length; at += 4096) {
		const actions = session.receive(bytes.subarray(at, at + 4096), 0);
		expect(readings(actions)).toEqual([]);
		most = Math.max(most, actions.length);
	}
	expect(most).toBeLessThan(200);
	const last = [...session.receive(FRAME_10_S, 0), ...session.receive(FRAME_HOURLY, 0), ...session.end(0)];
	expect(readings(last)).toHaveLength(2);
});

it("a megabyte in one piece does not grow the session's buffers", () => {
	const actions = decode(joined(rubbish(1 << 20), FRAME_10_S));
	expect(readings(actions)).toHaveLength(1);
});

it("flags and start characters alone are harmless", () => {
	for (const byte of [0x7e, 0x68, 0xa0])
		expect(readings(decode(joined(new Uint8Array(10_000).fill(byte), FRAME_10_S)))).toHaveLength(1);
});

it("tells noise where it counts a kilobyte of it, in whatever pieces it comes, and before a frame that follows", () => {
	const bytes = joined(new Uint8Array(1500), FRAME_10_S);
	const told = [bytes.length, 7, 1].map((size) => {
		const session = dlms.open(options());
		const actions: Action[] = [];
		for (let at = 0; at < bytes.length; at += size)
			actions.push(...session.receive(bytes.subarray(at, at + size), 0));
		expect(readings(actions)).toHaveLength(1);
		return rejections(actions);
	});
	for (const each of told) {
		expect(each).toMatchObject([{ layer: "hdlc", code: "noise", offset: 1024 }]);
		expect(each[0]?.detail).toBe("1024 bytes outside of frames");
	}
});
