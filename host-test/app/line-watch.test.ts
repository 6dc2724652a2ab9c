// The line's watcher: what it tells, that it keeps nothing for nobody, and little for a slow client; passwords stay hidden.

import { LineWatch } from "../../app/line-watch";
import "../../host/platform/globals";
import type { StreamAnswer } from "../../outputs/route";
import { passwordMessage } from "../../protocols/iec62056/messages";

/** A client that takes so many bytes at a time; `undefined` ones are never taken. */
function client(watch: LineWatch, window: number) {
	let text = "";
	let closed = 0;
	const answer = watch.routes[0]?.answer(watch, {} as never) as StreamAnswer;
	const link = {
		write: (bytes: Uint8Array) => {
			expect(bytes.length).toBeLessThanOrEqual(window);
			text += Buffer.from(bytes).toString("latin1");
			return window;
		},
	};
	const stream = answer.open(link as never, {
		close() {
			closed++;
			stream.gone();
		},
	});
	return { stream, text: () => text, closed: () => closed };
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

function rig() {
	let now = 1000;
	const watch = new LineWatch(() => now, { lineWords: () => "open 2400 8N1" });
	return { watch, advance: (ms: number) => (now += ms) };
}

test("bytes of both directions, frames, refusals and the line's state, each with its time", () => {
	const { watch, advance } = rig();
	watch.bytes(bytes("aa"), false);
	const one = client(watch, 7);
	one.stream.writable(7);
	advance(5);
	watch.bytes(bytes("7ea0"), false);
	watch.bytes(bytes("803f"), true);
	watch.note("=", "2");
	watch.note("!", "hdlc fcs");
	expect(one.text()).toBe("1000 * open 2400 8N1\n1005 < 7ea0\n1005 > 803f\n1005 = 2\n1005 ! hdlc fcs\n");
	expect(one.stream.waitingSince).toBeUndefined();
});

test("a password is not told, nor its echo from an optical head; what follows is", () => {
	const { watch } = rig();
	const one = client(watch, 1000);
	one.stream.writable(1000);
	const message = passwordMessage("12345678");
	watch.bytes(message, true);
	watch.bytes(message.subarray(0, 5), false);
	watch.bytes(message.subarray(5), false);
	watch.bytes(bytes("06"), false);
	const secret = Buffer.from("12345678").toString("hex");
	expect(one.text()).not.toContain(secret);
	expect(one.text()).toContain(`> ${"??".repeat(message.length)}\n`);
	expect(one.text()).toMatch(/< 06\n$/);
	// With parity in bit 7, as on a line of eight bits.
	watch.bytes(
		message.map((byte) => byte | 0x80),
		true,
	);
	expect(one.text()).toMatch(/> \?+\n$/);
});

test("a client that takes nothing costs two kilobytes, and is told what it has missed", () => {
	const { watch, advance } = rig();
	const one = client(watch, 100_000);
	for (let each = 0; each < 500; each++) watch.bytes(new Uint8Array(50).fill(each), false);
	expect(one.stream.waitingSince).toBe(1000);
	advance(10_000);
	one.stream.writable(100_000);
	expect(one.text().length).toBeLessThan(2400);
	watch.bytes(bytes("01"), false);
	expect(one.text()).toMatch(/0 \* lost\n11000 < 01\n$/);
});

test("the newest client has it; the one before is let go, and one that has gone is forgotten", () => {
	const { watch } = rig();
	const one = client(watch, 1000);
	one.stream.writable(1000);
	const other = client(watch, 1000);
	other.stream.writable(1000);
	expect([one.closed(), other.closed()]).toEqual([1, 0]);
	watch.bytes(bytes("55"), false);
	expect(one.text()).not.toContain("55");
	expect(other.text()).toContain("< 55\n");
	other.stream.gone();
	watch.bytes(bytes("66"), false);
	expect(other.text()).not.toContain("66");
	expect(watch.routes.map(({ need }) => need)).toEqual([undefined]);
});
