// A line that gives back what was sent: whole, in pieces, damaged, cut, late or not at all.

import * as fc from "fast-check";
import { EchoRemover } from "../../hardware/echo";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (from: Uint8Array) => String.fromCharCode(...from);

/** A character at 2400 baud, 8 bits and even parity, in milliseconds. */
const CHARACTER_MS = 11 / 2.4;
const REQUEST = "/?63004321!\r\n";
const REPLY = "/KAM\\2MC\r\n";
const LEFT_AT = REQUEST.length * CHARACTER_MS;
/** Read at once after the last byte has left. */
const SOON = LEFT_AT + 1;

function remover(sent = REQUEST): EchoRemover {
	const echo = new EchoRemover(64);
	echo.sent(bytes(sent), sent.length * CHARACTER_MS, CHARACTER_MS);
	return echo;
}

describe("an echo", () => {
	test("is dropped, and the reply behind it is not", () => {
		expect(text(remover().received(bytes(REQUEST + REPLY), SOON))).toBe(REPLY);
	});

	test("is dropped in pieces of any size, read while it is sent or after", () => {
		for (let first = 0; first <= REQUEST.length; first++)
			for (let second = first; second <= REQUEST.length; second++)
				for (const late of [false, true]) {
					const echo = remover();
					const at = (count: number) => (late ? SOON : count * CHARACTER_MS);
					const passed = [
						echo.received(bytes(REQUEST.slice(0, first)), at(first)),
						echo.received(bytes(REQUEST.slice(first, second)), at(second)),
						echo.received(bytes(REQUEST.slice(second) + REPLY), SOON),
					];
					expect([first, second, late, passed.map(text).join("")]).toEqual([first, second, late, REPLY]);
				}
	});

	test("with one damaged byte anywhere but at its end is dropped whole", () => {
		for (let at = 0; at < REQUEST.length - 2; at++) {
			const damaged = `${REQUEST.slice(0, at)}\x7f${REQUEST.slice(at + 1)}`;
			expect([at, text(remover().received(bytes(damaged + REPLY), SOON))]).toEqual([at, REPLY]);
		}
	});

	test("with a byte lost or added inside is dropped whole", () => {
		for (let at = 0; at < REQUEST.length - 2; at++)
			for (const damaged of [
				REQUEST.slice(0, at) + REQUEST.slice(at + 1),
				`${REQUEST.slice(0, at)}\x00${REQUEST.slice(at)}`,
			])
				expect([at, text(remover().received(bytes(damaged + REPLY), SOON))]).toEqual([at, REPLY]);
	});

	test("damaged at its end hands on the damage, never less than the reply", () => {
		const damaged = `${REQUEST.slice(0, -1)}\x7f`;
		expect(text(remover().received(bytes(damaged + REPLY), SOON))).toBe(`\x7f${REPLY}`);
	});

	test("whatever arrives while sending is dropped, byte by byte too", () => {
		const echo = remover();
		for (let at = 1; at < REQUEST.length; at++)
			expect(text(echo.received(bytes("\x55"), at * CHARACTER_MS))).toBe("");
	});

	test("that does not come costs nothing of the reply", () => {
		expect(text(remover().received(bytes(REPLY), LEFT_AT + 200))).toBe(REPLY);
		// Even where it begins as the request did and comes at once.
		expect(text(remover().received(bytes(REPLY), SOON))).toBe(REPLY);
	});

	test("that is cut costs nothing of a reply that comes when a meter may speak", () => {
		const echo = remover();
		expect(text(echo.received(bytes(REQUEST.slice(0, 6)), SOON))).toBe("");
		expect(text(echo.received(bytes(REPLY), LEFT_AT + 200))).toBe(REPLY);
	});

	test("of two requests is dropped, and the third is expected anew", () => {
		const echo = new EchoRemover(64);
		echo.sent(bytes("abcd"), 4 * CHARACTER_MS, CHARACTER_MS);
		echo.sent(bytes("efgh"), 8 * CHARACTER_MS, CHARACTER_MS);
		expect(text(echo.received(bytes("abcdefghHALLO"), 8 * CHARACTER_MS + 1))).toBe("HALLO");
		echo.sent(bytes("ijkl"), 200, CHARACTER_MS);
		expect(text(echo.received(bytes("ijklMOIN"), 201))).toBe("MOIN");
		expect(text(echo.received(bytes("ijkl"), 400))).toBe("ijkl");
	});

	test("of more than it remembers is dropped as far as it does", () => {
		const echo = new EchoRemover(8);
		echo.sent(bytes("0123456789abcdef"), 16 * CHARACTER_MS, CHARACTER_MS);
		expect(text(echo.received(bytes("89abcdefREPLY"), 16 * CHARACTER_MS + 1))).toBe("REPLY");
	});
});

test("on a line without an echo every reply arrives whole, whatever it is", () => {
	const octets = (minLength: number) => fc.uint8Array({ minLength, maxLength: 40 });
	fc.assert(
		fc.property(octets(1), octets(1), (request, reply) => {
			const echo = new EchoRemover(64);
			const leftAt = request.length * CHARACTER_MS;
			echo.sent(request, leftAt, CHARACTER_MS);
			// IEC 62056-21, 6.3.14.2: a reply comes 200 ms after a request at the earliest; Kamstrup's need longer.
			expect([...echo.received(reply, leftAt + 200)]).toEqual([...reply]);
		}),
	);
});
