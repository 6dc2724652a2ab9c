// Hints from counts: by hand, and with a UART at the level of bits whose wiring or settings are wrong.

import { type LineFacts, LineHints } from "../../app/line-hints";
import { findMeter } from "../../host/meters/meters";
import { dlms } from "../../protocols/dlms/dlms";
import { iec62056 } from "../../protocols/iec62056/iec62056";
import { kmp } from "../../protocols/kmp/kmp";
import { p1 } from "../../protocols/p1/p1";
import type { LineSettings, Protocol, Rejection } from "../../protocols/protocol";
import { pulse } from "../../protocols/pulse/pulse";
import { tableChecksums } from "../../protocols/shared/checksums";
import type { Cipher } from "../../protocols/shared/cipher";
import { defaultValues } from "../../settings/setting";
import { stretchesOf, UartReceiver } from "../detection/uart-model";

const START = Date.UTC(2026, 0, 14, 16, 58, 47, 300);
const LATER = 61_000;
const NO_ANSWER: Rejection = { rejected: true, layer: "kmp", code: "no-answer" };

function facts(counted: Partial<LineFacts["counters"] & { sent: number }> = {}): LineFacts {
	const { sent = 0, ...counters } = counted;
	return { counters: { bytes: 0, parity: 0, overflow: 0, framing: 0, ...counters }, sent, openSince: 0 };
}

function hint(
	protocol: Protocol,
	line: LineFacts,
	rejections: readonly Rejection[] = [],
	now = LATER,
	bytes = new Uint8Array(0),
): string {
	const hints = new LineHints(protocol);
	hints.bytes(bytes, 0);
	for (const rejection of rejections) hints.rejected(rejection);
	return hints
		.warnings(line, now)
		.map(({ text }) => text)
		.join(" ");
}

test.each([
	[
		"an optical head upside down: only its echo",
		kmp,
		facts({ bytes: 10, sent: 10 }),
		[NO_ANSWER],
		/Turn the head/,
	],
	[
		"no head, or swapped wires: nothing at all",
		iec62056,
		facts({ sent: 5 }),
		[NO_ANSWER],
		/not even an echo/,
	],
	["framing errors: inverted, or another speed", dlms, facts({ bytes: 40, framing: 60 }), [], /inverted/],
	["P1 likewise, with what a P1 port needs", p1, facts({ bytes: 0, framing: 500 }), [], /bare P1 port/],
	["wrong parity", iec62056, facts({ bytes: 200, parity: 100 }), [], /8N1 in place of 7E1/],
	["bytes that no protocol takes", dlms, facts({ bytes: 900 }), [], /another protocol/],
	["a P1 port that is silent", p1, facts(), [], /Data Request/],
	["a HAN port that is silent", dlms, facts(), [], /HAN port/],
])("%s", (_, protocol, line, rejections, expected) => {
	expect(hint(protocol, line, rejections)).toMatch(expected);
});

test.each([
	["a minute has not passed", p1, facts(), [], 59_000],
	["a line that is not open has its own reason", p1, { ...facts(), openSince: undefined }, [], LATER],
	["a meter that is asked each hour is silent in between", kmp, facts(), [], LATER],
	["a contact may stay open for days", pulse, facts(), [], 10 * LATER],
	[
		"a few errors among many bytes",
		dlms,
		facts({ bytes: 5000, framing: 15, parity: 15 }),
		[{ rejected: true, layer: "hdlc", code: "fcs" }] as Rejection[],
		LATER,
	],
	[
		"frames that are refused for a reason say more themselves",
		dlms,
		facts({ bytes: 900 }),
		[{ rejected: true, layer: "dlms", code: "key-needed" }] as Rejection[],
		LATER,
	],
])("nothing is said: %s", (_, protocol, line, rejections, now) => {
	expect(hint(protocol, line, rejections, now)).toBe("");
});

test("what was counted before the newest reading is not held against the line", () => {
	const hints = new LineHints(dlms);
	hints.reading(facts({ bytes: 5000, framing: 4000 }), 0);
	expect(hints.warnings(facts({ bytes: 5000, framing: 4000 }), LATER)).toEqual([]);
	expect(hints.warnings(facts({ bytes: 5100, framing: 4100 }), LATER)).toMatchObject([
		{ code: "line", since: 0 },
	]);
	// Opened again since: its counters begin at 0.
	const reopened = { ...facts({ bytes: 100, framing: 100 }), openSince: 1000 };
	expect(hints.warnings(reopened, 1000 + LATER)).toMatchObject([{ code: "line", since: 1000 }]);
});

/** Six telegrams of an emulated meter over a wire into a UART that is set so: its counters, and the bytes. */
function received(meterName: string, inverted: boolean, settings: LineSettings) {
	const meter = findMeter(meterName)?.make({ seed: 3, start: START, solarWatts: 0 });
	if (!meter) throw new Error(meterName);
	const bytes: number[] = [];
	const uart = new UartReceiver(settings, "drop", (byte) => bytes.push(byte));
	uart.push({ level: !inverted, microseconds: 1_000_000 });
	let at = START;
	for (let index = 0; index < 6; index++) {
		at = meter.nextSend(at);
		for (const stretch of stretchesOf(meter.telegram(at), meter.line, inverted)) uart.push(stretch);
		uart.push({ level: !inverted, microseconds: 1_000_000 });
	}
	return { line: facts(uart.counters), bytes: Uint8Array.from(bytes) };
}

describe("inversion, bit by bit: an open collector's P1 port", () => {
	const [bare, adapted] = p1.lines;

	test("is read with Receive inverted, as the protocol's first line has it", () => {
		expect(bare.invertReceive).toBe(true);
		const { line, bytes } = received("dsmr5", true, bare);
		const session = p1.open({
			checksums: tableChecksums(),
			cipher: {} as Cipher,
			settings: defaultValues(p1.settings),
		});
		const done = session.receive(bytes, 0).map((action) => action.do);
		expect(done.filter((what) => what === "reading")).toHaveLength(6);
		expect(done).not.toContain("rejected");
		expect(line.counters).toMatchObject({ framing: 0, parity: 0 });
	});

	test.each([
		["not inverted", true, adapted as LineSettings],
		["inverted twice: by an adapter and by the UART", false, bare],
	])("is not read where it is %s, and the hint says why", (_, inverted, settings) => {
		const { line, bytes } = received("dsmr5", inverted, settings);
		expect(hint(p1, line, [], LATER, bytes)).toMatch(/looks upside down/);
	});
});

test("a 7E1 meter read as 7O1: every character's parity is wrong", () => {
	const odd: LineSettings = { ...iec62056.lines[0], baud: 9600, parity: "odd" };
	const { line } = received("kamstrup-162", false, odd);
	expect(hint(iec62056, line)).toMatch(/wrong parity/);
});

test("a HAN list of 2400 Bd heard at 9600 Bd: no frame", () => {
	const { line } = received("kamstrup-omnipower", false, { ...dlms.lines[0], baud: 9600 });
	expect(hint(dlms, line)).toMatch(/the speed is another|another speed/);
});
