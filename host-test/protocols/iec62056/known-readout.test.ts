// A readout that stands as the one before in all but digits: what it says is what a session makes of it that has not heard it
// before, whatever stands in whatever place.

import { iec62056 } from "../../../protocols/iec62056/iec62056.js";
import { dataBlock } from "../../../protocols/iec62056/messages.js";
import type { Reading } from "../../../readings/reading.js";
import { ascii, join, lines, open, outcome } from "../asking.js";

const SETTINGS = { dialogue: "listen" };
const IDENTIFICATION = "/KAM 685-382-OK-15\r\n";
/** As the Kamstrup 382 sends it: a decimal comma, `!` right behind the last set. */
const SETS = [
	"0.0(00054042)",
	"1.20(0015170*kWh)",
	"1.20.1(0006978*kWh)",
	"1.31(0053710*h)",
	"1.26(0000000)",
	"1.6(000000,9*kW)",
	"1.6*1(00002.30*kW)",
	"XYZ(12,5*kW)",
].join("\r\n");
const BLOCK = `${SETS}!\r\n`;
/** Of the same meter, and never kept, for it has a clock. */
const WITH_CLOCK = "0.9.1(120000)\r\n0.9.2(240315)\r\n1.20(0015170*kWh)!\r\n";
/** A digit, its neighbours among the characters, letters, what ends a number, a space, a control character. */
const OTHERS = [..."7/:;?Ap@.,-*() \u0010"];

function message(block = BLOCK, identification = IDENTIFICATION, kind: "xor" | "sum" = "sum"): Uint8Array {
	return join(ascii(identification), dataBlock(block, kind));
}

/** The session has heard `first` twice: it knows it when `next` comes. */
function after(first: Uint8Array, next: Uint8Array) {
	const session = open(iec62056, SETTINGS);
	session.receive(first, 0);
	session.receive(first, 1);
	return session.receive(next, 2);
}

function readings(...texts: readonly string[]): readonly Reading[] {
	const session = open(iec62056, SETTINGS);
	return texts.flatMap((text) => outcome(session.receive(message(text), 0)).readings);
}

/** With another character at `place`. */
function changed(text: string, place: number, character: string): string {
	return text.slice(0, place) + character + text.slice(place + 1);
}

describe("a readout with another character in any one place", () => {
	test.each(OTHERS)("%j", (character) => {
		for (let place = 0; place < BLOCK.length; place++) same(message(changed(BLOCK, place, character)));
		for (let place = 1; place < IDENTIFICATION.length; place++)
			same(message(BLOCK, changed(IDENTIFICATION, place, character)));
	});

	function same(next: Uint8Array): void {
		expect(told(after(message(), next))).toEqual(told(after(message(WITH_CLOCK), next)));
	}

	/** Offsets count from the first byte that a session hears. */
	function told(actions: ReturnType<typeof after>) {
		const { readings: read, rejections } = outcome(actions);
		return { read, rejections: rejections.map(({ offset, ...rest }) => rest) };
	}
});

describe("other digits", () => {
	const READ = [
		...["0.0 00054042", "energy_import 15170 kWh", "energy_import_t1 6978 kWh", "operating_time 53710 h"],
		...["pulse_count 0", "power_peak_month 900 W", "power_peak_last_month 2300 W", "XYZ 12500 W"],
	];

	test("are the number; all else is as it was", () => {
		const [first, second, third] = readings(
			BLOCK,
			BLOCK.replace("0015170", "9876543").replace("000000,9", "123456,7").replace("00002.30", "00400.05"),
			BLOCK,
		);
		expect(lines(first)).toEqual(READ);
		expect(lines(second)).toEqual([
			...["0.0 00054042", "energy_import 9876543 kWh", ...READ.slice(2, 5)],
			...["power_peak_month 123456700 W", "power_peak_last_month 400050 W", "XYZ 12500 W"],
		]);
		expect(third).toEqual(first);
		const { protocol, meter, time, devices } = first as Reading;
		expect({ protocol, time, devices }).toEqual({ protocol: "iec62056", time: null, devices: [] });
		expect(meter).toMatchObject({ manufacturer: "Kamstrup", id: "00054042" });
		expect({ ...second, quantities: [] }).toEqual({ ...first, quantities: [] });
		expect(second?.quantities.map(({ obis }) => obis)).toEqual(first?.quantities.map(({ obis }) => obis));
	});

	test("of the meter's own number are another meter's", () => {
		const [first, second] = readings(BLOCK, BLOCK.replace("00054042", "00054043"));
		expect([first?.meter.id, second?.meter.id]).toEqual(["00054042", "00054043"]);
		expect(lines(second)).toEqual(["0.0 00054043", ...READ.slice(1)]);
	});

	test("quantities without them are the same objects", () => {
		const [, second, third] = readings(BLOCK, BLOCK, BLOCK.replace("0006978", "0006979"));
		const shared = third?.quantities.map((quantity, place) => quantity === second?.quantities[place]);
		expect(shared).toEqual([true, true, false, true, true, true, true, true]);
	});

	test("of a number that no float holds are read, too", () => {
		const [, second] = readings("1.20(1234567890123456789*kWh)!\r\n", "1.20(9234567890123456781*kWh)!\r\n");
		expect(lines(second)).toEqual(["energy_import 9234567890123456781 kWh"]);
	});

	test("of fifteen places are the last that a float holds surely", () => {
		const [, second] = readings("1.20(123456789012345*kWh)!\r\n", "1.20(999999999999999*kWh)!\r\n");
		expect(lines(second)).toEqual(["energy_import 999999999999999 kWh"]);
	});

	test("of a clock are its time", () => {
		const clock = (time: string) => WITH_CLOCK.replace("120000", time);
		const times = readings(clock("120000"), clock("120000"), clock("120130")).map(({ time }) => time);
		expect(times).toEqual(["2024-03-15T12:00:00", "2024-03-15T12:00:00", "2024-03-15T12:01:30"]);
	});

	test("of a peak's time are its time", () => {
		const peak = (time: string) => `1.6.0(00.500*kW)(${time})\r\n1.20(0015170*kWh)!\r\n`;
		const times = readings(peak("2411201530"), peak("2411201530"), peak("2411211530")).map(
			({ quantities }) => quantities[0]?.time,
		);
		expect(times).toEqual(["2024-11-20T15:30:00", "2024-11-20T15:30:00", "2024-11-21T15:30:00"]);
	});

	test("far behind, in a long readout, are read", () => {
		const long = (last: string) => `${`${SETS}\r\n`.repeat(4)}2.8.0(${last}*kWh)!\r\n`;
		const [first, second] = readings(long("0000001"), long("0000002")).map((reading) =>
			lines(reading).at(-1),
		);
		expect([first, second]).toEqual(["energy_export 1 kWh", "energy_export 2 kWh"]);
	});
});

test("a readout with the other kind of check character is told as such", () => {
	const first = outcome(open(iec62056, SETTINGS).receive(message(BLOCK, IDENTIFICATION, "xor"), 0)).readings;
	const next = message(BLOCK, IDENTIFICATION, "xor");
	expect(outcome(after(message(), next)).readings).toEqual(first);
});

test("a shorter and a longer readout are read whole", () => {
	const shorter = "0.0(00054042)\r\n1.20(0015170*kWh)!\r\n";
	const longer = BLOCK.replace("!", "\r\n2.8.0(0000007*kWh)!");
	expect(readings(BLOCK, shorter, BLOCK, longer).map((reading) => lines(reading).length)).toEqual([
		8, 2, 8, 9,
	]);
});
