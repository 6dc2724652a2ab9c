// M-Bus long frames (EN 13757-2; PROTOCOLS.md 5.2) and general block transfer (5.3).

import { gbtBlocks, hdlcFrames, mbusFrames } from "../../../protocols/dlms/encode/frames.js";
import { FRAME_10_S, KAMSTRUP_10_S, KAMSTRUP_HOURLY } from "./frames.js";
import { checksums, decode, hex, joined, readings, rejections, valueOf } from "./support.js";

const power = (bytes: Uint8Array) =>
	readings(decode(bytes)).map((reading) => valueOf(reading, "power_import"));

describe("M-Bus", () => {
	it("frames as Kaifa does: two segments with CI 00 and 11, SAPs 01 and 67", () => {
		const frames = mbusFrames(KAMSTRUP_HOURLY);
		expect(frames.slice(0, 9)).toEqual(hex("68FAFA68 53FF00 0167"));
		expect(frames.slice(256, 265)).toEqual(hex("68 30 30 68 53FF11 0167"));
	});

	it("joins one, two and three segments", () => {
		for (const size of [240, 245, 110]) expect(power(mbusFrames(KAMSTRUP_HOURLY, size))).toEqual(["10050 W"]);
		expect(power(mbusFrames(KAMSTRUP_10_S))).toEqual(["3771 W"]);
	});

	it("reads frames of over 255 bytes whose length byte wrapped (Sagemcom T210-D)", () => {
		const frames = mbusFrames(KAMSTRUP_HOURLY, 252);
		expect(frames.slice(0, 4)).toEqual(hex("68010168"));
		expect(power(frames)).toEqual(["10050 W"]);
		expect(power(mbusFrames(KAMSTRUP_HOURLY, 280))).toEqual(["10050 W"]);
	});

	it("rejects a wrong checksum and reads the next message", () => {
		const bad = mbusFrames(KAMSTRUP_10_S);
		bad[40] = (bad[40] as number) ^ 0x10;
		const actions = decode(joined(bad, mbusFrames(KAMSTRUP_HOURLY)));
		expect(rejections(actions)[0]).toMatchObject({ layer: "mbus", code: "checksum", offset: 0 });
		expect(readings(actions)).toHaveLength(1);
	});

	it("rejects a message that lacks a segment", () => {
		const frames = mbusFrames(KAMSTRUP_HOURLY, 110);
		const [first, second, third] = [frames.slice(0, 121), frames.slice(121, 242), frames.slice(242)];
		expect(rejections(decode(joined(first, third)))).toMatchObject([
			{ layer: "mbus", code: "segment-missing", expected: 1, actual: 2 },
		]);
		expect(rejections(decode(joined(second, third)))).toMatchObject([
			{ layer: "mbus", code: "segment-missing" },
		]);
		expect(power(joined(first, frames))).toEqual(["10050 W"]);
	});

	it("tells frames that are ordinary M-Bus", () => {
		expect(rejections(decode(hex("68 06 06 68 08 05 72 01 02 03 85 16")))).toMatchObject([
			{ layer: "mbus", code: "control-information", actual: 0x72 },
		]);
	});
});

describe("general block transfer", () => {
	const line = { destination: [0xce, 0xff], source: [0x03] };
	const frames = (blocks: readonly Uint8Array[]) =>
		joined(...blocks.map((block) => hdlcFrames(block, checksums, line)));
	const blocks = gbtBlocks(KAMSTRUP_HOURLY, 112);

	it("joins blocks that come in unsegmented frames, the first with LLC", () => {
		expect(blocks.map((block) => block.length)).toEqual([122, 119, 71]);
		expect(blocks[0]?.slice(0, 10)).toEqual(hex("E6E700 E0 40 0001 0000 70"));
		expect(blocks[1]?.slice(0, 7)).toEqual(hex("E0 40 0002 0000 70"));
		expect(blocks[2]?.slice(0, 7)).toEqual(hex("E0 C0 0003 0000 40"));
		expect(power(frames(blocks))).toEqual(["10050 W"]);
	});

	it("rejects a message that lacks a block, wherever it is", () => {
		for (let lost = 0; lost < blocks.length; lost++) {
			const rest = blocks.filter((_, index) => index !== lost);
			const actions = decode(joined(frames(rest), FRAME_10_S));
			expect(rejections(actions)[0]?.layer).toMatch(/gbt|llc/);
			expect(readings(actions).map((reading) => valueOf(reading, "power_import"))).toEqual(["3771 W"]);
		}
	});

	it("begins anew with block 1", () => {
		expect(power(frames([blocks[0] as Uint8Array, ...blocks]))).toEqual(["10050 W"]);
	});
});
