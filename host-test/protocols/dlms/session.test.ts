// What the line says that is no good message: each rejection with its layer, code, offset and facts, what is read behind
// it, the bytes of a reading, and when the session wants to be called. Frames by PROTOCOLS.md 5.1 to 5.3.

import { dlms } from "../../../protocols/dlms/dlms.js";
import { gbtBlocks, hdlcFrames, mbusFrames, withLlc } from "../../../protocols/dlms/encode/frames.js";
import { LONGEST_APDU } from "../../../protocols/dlms/message.js";
import type { Action } from "../../../protocols/protocol.js";
import { FRAME_10_S, FRAME_HOURLY, KAMSTRUP_10_S, KAMSTRUP_HOURLY, KAMSTRUP_LINE } from "./frames.js";
import { checksums, decode, hex, joined, options, readings, rejections } from "./support.js";

/** Byte by byte, a longer stream would take too long. */
const LONG = 1500;

/** `layer code offset` and facts of each rejection, `reading` for each reading, in order; in whatever pieces. */
function told(...parts: Uint8Array[]): string[] {
	const bytes = joined(...parts);
	const sizes = bytes.length < LONG ? [bytes.length, 1, 100] : [bytes.length, 100];
	const [whole = [], ...others] = sizes.map((size) => {
		const session = dlms.open(options());
		const actions: Action[] = [];
		for (let at = 0; at < bytes.length; at += size)
			actions.push(...session.receive(bytes.subarray(at, at + size), 0));
		return [...actions, ...session.end(0)].flatMap(said);
	});
	for (const other of others) expect(other).toEqual(whole);
	return whole;
}
function said(action: Action): string[] {
	if (action.do === "reading") return ["reading"];
	if (action.do !== "rejected") return [];
	const { layer, code, offset, expected, actual } = action.rejection;
	const facts = [
		expected === undefined ? "" : ` not ${actual} but ${expected}`,
		expected === undefined && actual !== undefined ? ` ${actual}` : "",
	];
	return [`${layer} ${code} ${offset}${facts.join("")}`];
}
const frames = (info: Uint8Array, mostInfo?: number) =>
	hdlcFrames(info, checksums, { ...KAMSTRUP_LINE, ...(mostInfo ? { mostInfo } : {}) });
/** An M-Bus frame with these five bytes in front of its data. */
function mbus(ci: number, data: Uint8Array): Uint8Array {
	const body = joined(Uint8Array.of(0x53, 0xff, ci, 0x01, 0x67), data);
	const sum = body.reduce((total, byte) => total + byte, 0) & 255;
	return joined(Uint8Array.of(0x68, body.length, body.length, 0x68), body, Uint8Array.of(sum, 0x16));
}

describe("frames", () => {
	test("without information are passed over, and their flags may be shared", () => {
		const snrm = hex("7E A008 02 23 21 93 BD64 7E");
		expect(told(snrm, FRAME_10_S)).toEqual(["reading"]);
		expect(told(snrm.subarray(0, -1), FRAME_10_S)).toEqual(["reading"]);
	});

	test("damaged are told with what was expected, at their own place", () => {
		const other = FRAME_10_S.slice();
		other[other.length - 1] = 0x7f;
		expect(told(hex("0102"), other, FRAME_10_S)).toEqual(["hdlc flag 2 not 127 but 126", "reading"]);
		expect(told(hex("7E A006 0321 13"), FRAME_10_S)).toEqual(["hdlc length 0 6", "reading"]);
		expect(told(FRAME_10_S, FRAME_10_S.subarray(0, 100))).toEqual([
			"reading",
			"hdlc truncated 228 not 100 but 228",
		]);
		const ci = mbus(0x72, hex("01020304"));
		expect(told(hex("01"), ci)).toEqual(["mbus control-information 1 114"]);
		const sum = ci.slice();
		sum[sum.length - 2] = 0;
		expect(told(hex("01"), sum)).toEqual([`mbus checksum 1 not 0 but ${ci[ci.length - 2]}`]);
		expect(told(FRAME_10_S, ci.subarray(0, 9))).toEqual(["reading", "mbus truncated 228 9"]);
	});

	test("a single flag is none that lacks its rest; two of noise are", () => {
		expect(told(FRAME_10_S, hex("7E"))).toEqual(["reading"]);
		expect(told(FRAME_10_S, hex("7EA0"))).toEqual(["reading", "hdlc truncated 228 not 2 but 228"]);
	});

	test("noise is told at the end where there was nothing else, and by the kilobyte", () => {
		const noise = (count: number) => new Uint8Array(count).fill(0x55);
		expect(told(noise(1))).toEqual(["hdlc noise 1"]);
		expect(told()).toEqual([]);
		expect(told(noise(1), FRAME_10_S)).toEqual(["reading"]);
		expect(told(FRAME_10_S, noise(1023))).toEqual(["reading"]);
		expect(told(FRAME_10_S, noise(1024))).toEqual(["reading", "hdlc noise 1252"]);
		expect(told(noise(600), FRAME_10_S, noise(600))).toEqual(["reading"]);
		expect(told(noise(600), mbusFrames(KAMSTRUP_10_S), noise(600))).toEqual(["reading"]);
		expect(told(noise(2100))).toEqual(["hdlc noise 1024", "hdlc noise 2048", "hdlc noise 2100"]);
		expect(told(...Array.from({ length: 512 }, () => hex("6801")), noise(4))).toEqual([
			"hdlc noise 1024",
			"hdlc noise 1028",
		]);
		const [problem] = rejections(decode(noise(3)));
		expect(problem?.detail).toBe("3 bytes outside of frames");
	});
});

describe("messages of HDLC", () => {
	const [first, second, third] = [0, 1, 2].map((index) => {
		const all = frames(withLlc(KAMSTRUP_HOURLY), 100);
		const size = 2 + (((all[1] as number) & 7) << 8) + (all[2] as number);
		return all.subarray(index * size, Math.min((index + 1) * size, all.length));
	}) as [Uint8Array, Uint8Array, Uint8Array];

	test("that lack their middle or beginning cost only themselves", () => {
		expect(told(first, second, third)).toEqual(["reading"]);
		expect(told(first, FRAME_10_S)).toEqual(["hdlc segment-missing 0", "reading"]);
		expect(told(second, third, FRAME_10_S)[0]).toMatch(/^llc header 0 not \d+ but 230$/);
		expect(told(second, third, FRAME_10_S).slice(1)).toEqual(["reading"]);
		expect(told(second, FRAME_10_S, third, FRAME_10_S).map((each) => each.split(" ")[0])).toEqual([
			"llc",
			"reading",
			"llc",
			"reading",
		]);
		expect(told(first, second)).toEqual(["hdlc segment-missing 0"]);
	});

	test("longer than any are an overflow, their rest is passed over", () => {
		const endless = frames(withLlc(new Uint8Array(LONGEST_APDU + 900)), 500);
		expect(told(endless, FRAME_10_S)).toEqual(["hdlc overflow 0 not undefined but 4096", "reading"]);
		// One byte more than fits, in the last segment: nothing of it is left.
		expect(told(frames(withLlc(new Uint8Array(LONGEST_APDU + 1)), 500), FRAME_10_S)).toEqual([
			"hdlc overflow 0 not undefined but 4096",
			"reading",
		]);
		expect(told(frames(withLlc(new Uint8Array(LONGEST_APDU)), 500), FRAME_10_S)).toEqual([
			"apdu tag 0 not 0 but 15",
			"reading",
		]);
	});

	test("with another LLC header are told; one that has the right first byte is only shortened", () => {
		expect(told(frames(hex("0201")))).toEqual(["llc header 0 not 2 but 230"]);
		expect(told(frames(hex("E6E701 0F")))).toEqual(["llc header 0"]);
		expect(told(frames(hex("E6E7")))).toEqual(["llc header 0 not 230 but 230"]);
		expect(told(frames(hex("E6E700")))).toEqual([expect.stringMatching(/^apdu tag 0/)]);
	});
});

describe("messages of M-Bus", () => {
	const APDU = [
		KAMSTRUP_HOURLY.subarray(0, 100),
		KAMSTRUP_HOURLY.subarray(100, 200),
		KAMSTRUP_HOURLY.subarray(200),
	] as const;
	const [one, two, three] = [mbus(0x00, APDU[0]), mbus(0x01, APDU[1]), mbus(0x12, APDU[2])];
	const LLC = hex("E6E700");

	test("may have an LLC header in front of the first segment alone", () => {
		expect(told(one, two, three)).toEqual(["reading"]);
		expect(told(mbus(0x00, joined(LLC, APDU[0])), two, three)).toEqual(["reading"]);
		expect(told(one, mbus(0x01, joined(LLC, APDU[1])), three)).not.toContain("reading");
	});

	test("that lack a segment cost only themselves, told once", () => {
		const at = one.length;
		expect(told(one, three, one, two, three)).toEqual([`mbus segment-missing ${at} not 2 but 1`, "reading"]);
		expect(told(two, three)).toEqual(["mbus segment-missing 0 not 1 but 0"]);
		expect(told(one, one, two, three)).toEqual(["mbus segment-missing 0", "reading"]);
		expect(told(one, two, two, three)).toEqual([
			`mbus segment-missing ${one.length + two.length} not 1 but 2`,
		]);
		expect(told(one, FRAME_10_S)).toEqual(["hdlc segment-missing 0", "reading"]);
	});

	test("count their segments up to 15; number 16 would be a beginning again, which cuts the other short", () => {
		const size = Math.ceil(KAMSTRUP_HOURLY.length / 16);
		const part = (index: number) => KAMSTRUP_HOURLY.subarray(index * size, (index + 1) * size);
		const segments = Array.from({ length: 15 }, (_, index) => mbus(index, part(index)));
		expect(told(...segments, mbus(0x1f, part(15)))).toEqual(["reading"]);
		expect(told(...segments, mbus(0x0f, part(15)), mbus(0x10, part(0)))[0]).toBe("mbus segment-missing 0");
	});

	test("longer than any are an overflow, their rest is passed over", () => {
		const data = new Uint8Array(245);
		const many = Array.from({ length: 16 }, (_, index) => mbus(index, data));
		expect(told(...many, mbus(0x10, data))).toEqual([
			expect.stringMatching(/^mbus segment-missing 0/),
			expect.stringMatching(/^apdu tag/),
		]);
		const wide = Array.from({ length: 12 }, (_, index) =>
			mbusFrames(new Uint8Array(400), 400).map((byte, at) => (at === 6 ? index : byte)),
		);
		for (const frame of wide)
			frame[frame.length - 2] = frame.subarray(4, -2).reduce((total, byte) => total + byte, 0) & 255;
		expect(told(...wide, mbusFrames(KAMSTRUP_10_S))).toEqual([
			"mbus overflow 0 not undefined but 4096",
			"reading",
		]);
	});
});

describe("blocks", () => {
	const blocks = gbtBlocks(KAMSTRUP_HOURLY, 112).map((block) => frames(block)) as [
		Uint8Array,
		Uint8Array,
		Uint8Array,
	];
	const [one, two, three] = blocks;
	test("that are missing are told with their numbers", () => {
		expect(told(one, two, three)).toEqual(["reading"]);
		expect(told(one, three)).toEqual([`gbt block-missing ${one.length} not 3 but 2`]);
		expect(told(one, one, two, three)).toEqual(["gbt block-missing 0 not 1 but 2", "reading"]);
		expect(told(two, three)).toEqual([
			"gbt block-missing 0 not 2 but 1",
			`gbt block-missing ${two.length} not 3 but 1`,
		]);
		expect(told(one, two)).toEqual(["gbt truncated 0"]);
		expect(told(hex("01"), one, FRAME_10_S)).toEqual(["gbt truncated 1", "reading"]);
	});

	test("that are not whole are told", () =>
		expect(told(hex("01"), frames(hex("E6E700 E0 C0 0001 0000 05 0F")), FRAME_10_S)).toEqual([
			"gbt truncated 1",
			"reading",
		]));

	test("without frames are a fragment, too", () => {
		const [whole] = gbtBlocks(KAMSTRUP_10_S, 500);
		const fragment = (bytes: Uint8Array) => (dlms.decodeFragment?.(bytes, options()) ?? []).flatMap(said);
		expect(fragment(whole as Uint8Array)).toEqual(["reading"]);
		expect(fragment((whole as Uint8Array).subarray(3))).toEqual(["reading"]);
		const [part] = gbtBlocks(KAMSTRUP_10_S, 100);
		expect(fragment((part as Uint8Array).subarray(3))).toEqual(["gbt truncated 0"]);
	});
});

describe("the bytes that a reading came in", () => {
	const taken = (...parts: Uint8Array[]) =>
		dlms
			.open(options())
			.receive(joined(...parts), 0)
			.flatMap((action) => (action.do === "reading" ? [action.frame] : []));
	test("are its frame, or all of them from the first", () => {
		expect(taken(hex("0102"), FRAME_10_S, FRAME_HOURLY)).toEqual([FRAME_10_S, FRAME_HOURLY]);
		const segmented = frames(withLlc(KAMSTRUP_HOURLY), 100);
		expect(taken(hex("01"), segmented, FRAME_10_S)).toEqual([segmented, FRAME_10_S]);
		const blocks = joined(...gbtBlocks(KAMSTRUP_HOURLY, 112).map((block) => frames(block)));
		expect(taken(FRAME_10_S, blocks)).toEqual([FRAME_10_S, blocks]);
		const mbus = mbusFrames(KAMSTRUP_HOURLY);
		expect(taken(hex("01"), mbus, FRAME_10_S)).toEqual([mbus, FRAME_10_S]);
	});

	test("stay what they were while more come in the same call, however much", () => {
		const many = taken(
			FRAME_10_S,
			new Uint8Array(3900).fill(0x55),
			FRAME_HOURLY,
			new Uint8Array(5000).fill(0x55),
			FRAME_10_S,
		);
		expect(many).toEqual([FRAME_10_S, FRAME_HOURLY, FRAME_10_S]);
	});
});

describe("time", () => {
	test("is asked for once a burst, and again while bytes come; then the frame is over", () => {
		const session = dlms.open(options());
		expect(session.tick(0)).toEqual([]);
		expect(session.receive(FRAME_10_S, 0)).toHaveLength(1);
		expect(session.receive(FRAME_10_S.subarray(0, 50), 1000)).toEqual([{ do: "wakeAt", time: 2500 }]);
		expect(session.receive(FRAME_10_S.subarray(50, 60), 2000)).toEqual([]);
		expect(session.tick(2499)).toEqual([]);
		expect(session.tick(2500)).toEqual([{ do: "wakeAt", time: 3500 }]);
		expect(session.tick(3500).flatMap(said)).toEqual(["hdlc truncated 228 not 60 but 228"]);
		expect(session.tick(9000)).toEqual([]);
	});

	test("ends a frame also without a call: bytes 1.5 s later begin another", () => {
		const later = (ms: number) => {
			const session = dlms.open(options());
			session.receive(FRAME_10_S.subarray(0, 50), 0);
			return session.receive(FRAME_10_S.subarray(50), ms).flatMap(said);
		};
		expect(later(1499)).toEqual(["reading"]);
		expect(later(1500)).toContain("hdlc truncated 0 not 50 but 228");
	});

	test("ends a message of several frames, too", () => {
		const session = dlms.open(options());
		const [first] = gbtBlocks(KAMSTRUP_HOURLY, 112);
		expect(session.receive(frames(first as Uint8Array), 0)).toEqual([{ do: "wakeAt", time: 1500 }]);
		expect(session.tick(1500).flatMap(said)).toEqual(["gbt truncated 0"]);
		expect(readings(session.receive(FRAME_10_S, 1600))).toHaveLength(1);
	});
});
