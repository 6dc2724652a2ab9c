// HDLC frame format type 3: worked examples of PROTOCOLS.md 0 and 5.1, damage, and what a line puts between frames.

import { dlms } from "../../../protocols/dlms/dlms.js";
import { hdlcFrames, withLlc } from "../../../protocols/dlms/encode/frames.js";
import { HdlcReader } from "../../../protocols/dlms/hdlc.js";
import { FRAME_10_S, FRAME_HOURLY, KAMSTRUP_10_S, KAMSTRUP_HOURLY, KAMSTRUP_LINE } from "./frames.js";
import { checksums, decode, hex, joined, options, readings, rejections, valueOf } from "./support.js";

const power = (bytes: Uint8Array) =>
	readings(decode(bytes)).map((reading) => valueOf(reading, "power_import"));

describe("check sequences", () => {
	it("fit the printed examples", () => {
		expect(checksums.x25(hex("A0E22B2113"), 0, 5)).toBe(0x9a23);
		expect(checksums.x25(hex("033F"), 0, 2)).toBe(0xec5b);
		expect(checksums.x25(hex("313233343536373839"), 0, 9)).toBe(0x906e);
	});

	it("are right in the shortest frame, which has no information field", () => {
		const reader = new HdlcReader(checksums);
		const snrm = hex("7E A008 02 23 21 93 BD64 7E");
		expect(reader.read(snrm, 0, snrm.length)).toBe("good");
		expect(reader.infoEnd - reader.infoStart).toBe(0);
		expect(
			hdlcFrames(new Uint8Array(0), checksums, { destination: [0x02, 0x23], source: [0x21], control: 0x93 }),
		).toEqual(snrm);
	});

	it("are asked for both: a bad header is told as hcs, bad contents as fcs, with what was expected", () => {
		const header = Uint8Array.from(FRAME_10_S);
		header[3] = 0x2d;
		expect(rejections(decode(header))[0]).toMatchObject({
			layer: "hdlc",
			code: "hcs",
			offset: 0,
			actual: 0x9a23,
		});
		const contents = Uint8Array.from(FRAME_10_S);
		contents[100] = (contents[100] as number) ^ 1;
		expect(rejections(decode(contents))[0]).toMatchObject({ layer: "hdlc", code: "fcs", offset: 0 });
		expect(readings(decode(contents))).toEqual([]);
	});
});

describe("between frames", () => {
	it("takes one flag as the end of one frame and the start of the next", () => {
		expect(power(joined(FRAME_10_S, FRAME_HOURLY.subarray(1)))).toEqual(["3771 W", "10050 W"]);
	});

	it("takes any number of flags", () => {
		expect(power(joined(FRAME_10_S, hex("7E7E7E7E"), FRAME_HOURLY))).toEqual(["3771 W", "10050 W"]);
	});

	it("skips rubbish before, between and after, and rubbish that looks like a frame's start", () => {
		const rubbish = hex("0000FF6868 7EA0 12 7EA1E2 00 68");
		const actions = decode(joined(rubbish, FRAME_10_S, rubbish, FRAME_HOURLY, rubbish));
		expect(readings(actions).map((reading) => valueOf(reading, "power_import"))).toEqual([
			"3771 W",
			"10050 W",
		]);
	});

	it("tells the offset of a damaged frame from the line's first byte", () => {
		const bad = Uint8Array.from(FRAME_HOURLY);
		bad[200] = 0;
		expect(rejections(decode(joined(hex("0102"), FRAME_10_S, bad)))[0]?.offset).toBe(2 + FRAME_10_S.length);
	});

	it("treats 7E and 7D inside a frame as ordinary bytes", () => {
		// 0x7E7D W: both bytes stand in the power.
		const frame = Uint8Array.from(KAMSTRUP_10_S);
		const at = Buffer.from(frame).indexOf(Buffer.from(hex("0101010700FF06"))) + 9;
		frame.set([0x7e, 0x7d], at);
		expect(power(hdlcFrames(withLlc(frame), checksums, KAMSTRUP_LINE))).toEqual([`${0x7e7d} W`]);
	});
});

describe("segmentation", () => {
	const segmented = (mostInfo: number, sharedFlags = false) =>
		hdlcFrames(withLlc(KAMSTRUP_HOURLY), checksums, {
			destination: [0xcf],
			source: [0x02, 0x23],
			segmentControl: 0x03,
			mostInfo,
			sharedFlags,
		});

	it("joins segments of any size into one message", () => {
		for (const size of [4, 17, 100, 290]) {
			expect(power(segmented(size))).toEqual(["10050 W"]);
			expect(power(segmented(size, true))).toEqual(["10050 W"]);
		}
	});

	it("rejects a message whose end is lost, and reads the next", () => {
		const frames = segmented(100);
		const firstLength = 2 + (((frames[1] as number) & 7) << 8) + (frames[2] as number);
		const actions = decode(joined(frames.subarray(0, firstLength), FRAME_10_S));
		expect(rejections(actions)[0]).toMatchObject({ layer: "hdlc", code: "segment-missing", offset: 0 });
		expect(readings(actions)).toHaveLength(1);
	});

	it("rejects a message whose start or middle is lost", () => {
		const frames = segmented(100);
		const length = 2 + (((frames[1] as number) & 7) << 8) + (frames[2] as number);
		for (const lost of [
			frames.subarray(length),
			joined(frames.subarray(0, length), frames.subarray(2 * length)),
		]) {
			const actions = decode(joined(lost, FRAME_10_S));
			expect(rejections(actions).length).toBeGreaterThan(0);
			expect(readings(actions).map((reading) => valueOf(reading, "power_import"))).toEqual(["3771 W"]);
		}
	});

	it("rejects a message longer than its buffer and goes on", () => {
		const endless = hdlcFrames(withLlc(new Uint8Array(5000)), checksums, { ...KAMSTRUP_LINE, mostInfo: 500 });
		const actions = decode(joined(endless, FRAME_10_S));
		expect(rejections(actions).map(({ code }) => code)).toEqual(["overflow"]);
		expect(readings(actions)).toHaveLength(1);
	});
});

describe("silence", () => {
	it("ends a frame: its rest is lost, and the next frame is read at once", () => {
		const session = dlms.open(options());
		expect(session.receive(FRAME_10_S.subarray(0, 100), 0)).toEqual([{ do: "wakeAt", time: 1500 }]);
		expect(rejections(session.tick(1500))).toEqual([
			{ rejected: true, layer: "hdlc", code: "truncated", offset: 0, expected: 228, actual: 100 },
		]);
		expect(readings(session.receive(FRAME_HOURLY, 10_000))).toHaveLength(1);
	});

	it("is none while bytes keep coming", () => {
		const session = dlms.open(options());
		session.receive(FRAME_10_S.subarray(0, 100), 0);
		session.receive(FRAME_10_S.subarray(100, 200), 1000);
		expect(session.tick(1500)).toEqual([{ do: "wakeAt", time: 2500 }]);
		expect(readings(session.receive(FRAME_10_S.subarray(200), 2000))).toHaveLength(1);
		expect(session.tick(2500)).toEqual([]);
	});
});

it("tells of bytes that hold no frame at all", () => {
	expect(rejections(decode(new Uint8Array(50).fill(0x55)))).toMatchObject([{ layer: "hdlc", code: "noise" }]);
});

it("tells a message with another LLC header than a meter's", () => {
	const frame = hdlcFrames(hex("0201"), checksums, KAMSTRUP_LINE);
	expect(rejections(decode(frame))).toMatchObject([{ layer: "llc", code: "header", actual: 2 }]);
});
