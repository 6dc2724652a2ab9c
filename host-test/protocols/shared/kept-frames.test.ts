// The frames of a poll that are kept for its reading: whole ones only, all of them or none, 2048 bytes at most.

import { KeptFrames } from "../../../protocols/shared/kept-frames.js";
import { hex } from "../asking.js";

const filled = (length: number) => new Uint8Array(length).fill(0x55);

function put(frames: KeptFrames, bytes: Uint8Array): void {
	frames.begin();
	frames.put(bytes, 0, bytes.length);
}

test("whole frames come one behind the other, once", () => {
	const frames = new KeptFrames();
	put(frames, hex("01 02"));
	frames.keep();
	frames.add(hex("03"));
	expect(frames.take()).toEqual(hex("01 02 03"));
	expect(frames.take()).toBeUndefined();
});

test("a frame that did not come to its end is not among them", () => {
	const frames = new KeptFrames();
	frames.add(hex("01"));
	put(frames, hex("99 99"));
	put(frames, hex("02"));
	frames.keep();
	put(frames, hex("98"));
	expect(frames.take()).toEqual(hex("01 02"));
});

test("the last whole frame alone, which is then forgotten", () => {
	const frames = new KeptFrames();
	frames.add(hex("01 02"));
	frames.add(hex("03"));
	expect(frames.takeLast()).toEqual(hex("03"));
	expect(frames.take()).toEqual(hex("01 02"));
});

test("what was taken does not change when the next frame comes", () => {
	const frames = new KeptFrames();
	frames.add(hex("01 02"));
	const taken = frames.take();
	frames.add(hex("FF FF"));
	expect(taken).toEqual(hex("01 02"));
});

test.each([127, 128, 129, 256, 257, 2047, 2048])("%d bytes are kept", (length) => {
	const frames = new KeptFrames();
	put(frames, filled(length));
	frames.keep();
	expect(frames.take()).toEqual(filled(length));
	frames.add(filled(length));
	expect(frames.takeLast()).toEqual(filled(length));
});

test("a frame too long by a byte makes the whole unknown, never half; the next poll is kept again", () => {
	const frames = new KeptFrames();
	frames.add(filled(2000));
	frames.add(filled(49));
	expect(frames.takeLast()).toBeUndefined();
	expect(frames.take()).toBeUndefined();
	frames.add(hex("01"));
	expect(frames.take()).toEqual(hex("01"));
});

test("a frame that found no room is missed even if a short one follows it", () => {
	const frames = new KeptFrames();
	put(frames, filled(2049));
	frames.keep();
	frames.add(hex("01"));
	expect(frames.take()).toBeUndefined();
});

test("forgetting in the middle of a frame does not keep its second half", () => {
	const frames = new KeptFrames();
	put(frames, hex("01 02"));
	frames.clear();
	frames.put(hex("03"), 0, 1);
	frames.keep();
	expect(frames.take()).toBeUndefined();
});
