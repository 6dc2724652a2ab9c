// IEC 62056-21, decoding: printed examples of meters' documents, the captures, and what a bad line does to them.

import { blockCheck } from "../../../protocols/iec62056/characters.js";
import { iec62056 } from "../../../protocols/iec62056/iec62056.js";
import {
	breakMessage,
	commandMessage,
	dataBlock,
	identificationMessage,
	optionSelect,
	readoutMessage,
	requestMessage,
	withEvenParity,
} from "../../../protocols/iec62056/messages.js";
import { ascii, decode, flipped, hex, join, lines, open, outcome, rubbish, testCorpus } from "../asking.js";

/** Kamstrup 685-382 (IEC 61107 communication protocol, printed example); its BCC `>` is the 7-bit sum. */
const K382 = ascii(
	"/KAM 685-382-OK-15\r\n\x020.0(00054042)\r\n1.20(0000053*kWh)\r\n1.20.1(0000033*kWh)\r\n1.20.2(0000020*kWh)\r\n" +
		"1.31(0000482*h)\r\n1.26(0000000)\r\n1.6(000018,3*kW)\r\n1.6*1(000000,0)!\r\n\x03>",
);
/** An STX that one flipped bit turned into a line feed looks like mode D's blank line. */
const LINE_FEED = 0x0a;
const K382_LINES = [
	"0.0 00054042",
	"energy_import 53 kWh",
	"energy_import_t1 33 kWh",
	"energy_import_t2 20 kWh",
	"operating_time 482 h",
	"pulse_count 0",
	"power_peak_month 18300 W",
	"power_peak_last_month 0 W",
];

/** A readout with the given lines, XOR check. */
function readout(identification: string, ...dataLines: string[]): Uint8Array {
	const text = { identification, lines: dataLines, check: "xor" } as const;
	return join(identificationMessage(text), readoutMessage(text));
}

/** The same, unasked and without STX: mode D. */
function modeD(identification: string, ...dataLines: string[]): Uint8Array {
	const text = { identification, lines: dataLines, check: undefined } as const;
	return join(identificationMessage(text), readoutMessage(text));
}

const ZMD = readout(
	"LGZ5\\2ZMD4104100.B32",
	"F.F(00000000)",
	"0.0(        )",
	"C.1.0(96107946)",
	"1.8.0(000285.4*kWh)",
	"1.8.0*01(000280.0*kWh)",
	"1.6.0(03.125*kW)(13-11-28 11:45)",
	"32.7.0(231*V)",
	"0.9.1(11:28:32)",
	"0.9.2(13-11-28)",
);
const EHZ = modeD("EMH5----eHZ-E0018E", "1-0:0.0.0*255(331200-5009810)", "1-0:1.8.1*255(032942.0231)");

describe("check characters, as documents print them", () => {
	test.each([
		["P0", commandMessage("P0", "(1234567)"), 0x50],
		["R1", commandMessage("R1", "1.8.0(1)"), 0x6b],
		["B0", breakMessage(), 0x71],
		["a reply", dataBlock("3:171.0(0)"), 0x12],
	])("XOR of %s", (_name, message, check) => expect(message.at(-1)).toBe(check));

	test("the 382's is the sum, not the XOR", () => {
		const start = K382.indexOf(2) + 1;
		expect(blockCheck("sum", K382, start, K382.length - 1)).toBe(0x3e);
		expect(blockCheck("xor", K382, start, K382.length - 1)).toBe(0x12);
	});
});

describe("requests", () => {
	const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
	test("with and without an address", () => {
		expect(text(requestMessage(""))).toBe("/?!\r\n");
		expect(text(requestMessage("12345678"))).toBe("/?12345678!\r\n");
	});
	test("option select", () => expect(text(optionSelect("0", "5", "0"))).toBe("\x06050\r\n"));
});

describe("readouts", () => {
	test("Kamstrup 382: decimal comma, ! behind the last set, check character by sum", () => {
		const [reading] = decode(iec62056, K382).readings;
		expect(lines(reading)).toEqual(K382_LINES);
		expect(reading?.meter).toEqual({
			manufacturer: "Kamstrup",
			model: "685-382-OK-15",
			id: "00054042",
			list: "mode A, BCC sum",
		});
		expect(reading?.quantities.map(({ obis }) => obis)).toEqual([
			"0.0",
			"1.20",
			"1.20.1",
			"1.20.2",
			"1.31",
			"1.26",
			"1.6",
			"1.6*1",
		]);
	});

	test("an emulated 382 sends the printed bytes", () => {
		const text = {
			identification: "KAM 685-382-OK-15",
			lines: [
				"0.0(00054042)",
				"1.20(0000053*kWh)",
				"1.20.1(0000033*kWh)",
				"1.20.2(0000020*kWh)",
				"1.31(0000482*h)",
				"1.26(0000000)",
				"1.6(000018,3*kW)",
				"1.6*1(000000,0)",
			],
			check: "sum",
			bangBehindLast: true,
		} as const;
		expect(join(identificationMessage(text), readoutMessage(text))).toEqual(K382);
	});

	test("MULTICAL III and 66: two-part ids of heat, in the meter's units", () => {
		const text = {
			identification: "KAM MC",
			lines: ["0.0(00000123456)", "6.8(0012.345*MWh)", "6.26(0456.78*m3)", "6.31(0030710*h)"],
			check: "sum",
			bangBehindLast: true,
		} as const;
		const [reading] = decode(iec62056, join(identificationMessage(text), readoutMessage(text))).readings;
		expect(lines(reading)).toEqual([
			"0.0 00000123456",
			"heat_energy 12.345 MWh",
			"heat_volume 456.78 m³",
			"operating_time 30710 h",
		]);
		expect(reading?.meter).toMatchObject({ model: "MC", id: "00000123456", list: "mode A, BCC sum" });
	});

	test("Landis+Gyr ZMD: letters, stored values, peak with its time, clock", () => {
		const [reading] = decode(iec62056, ZMD).readings;
		expect(lines(reading)).toEqual([
			"F.F 00000000",
			"0.0 ",
			"C.1.0 96107946",
			"energy_import 285.4 kWh",
			"1.8.0*01 280.0 kWh",
			"power_peak_month 3125 W",
			"voltage_l1 231 V",
			"0.9.1 11:28:32",
			"0.9.2 13-11-28",
		]);
		expect(reading?.time).toBe("2013-11-28T11:28:32");
		expect(reading?.meter).toEqual({
			manufacturer: "Landis+Gyr",
			model: "ZMD4104100.B32",
			id: "96107946",
			list: "mode E, BCC XOR",
		});
		expect(reading?.quantities[5]?.time).toBe("2013-11-28T11:45:00");
	});

	test("Iskra MT174 gives the selection back in front of its readout", () => {
		const whole = readout(
			"ISk5MT174-0001",
			"1-0:1.8.1*255(0001798.478*kWh)",
			"1-0:1.8.0*255(0001798.478*kWh)",
		);
		const stx = whole.indexOf(2);
		const echoed = join(whole.subarray(0, stx), ascii("\x06050\r\n"), whole.subarray(stx));
		expect(lines(decode(iec62056, echoed).readings[0])).toEqual([
			"energy_import_t1 1798.478 kWh",
			"energy_import 1798.478 kWh",
		]);
	});

	test("mode D: unasked, without check character; an energy without unit has kWh by its decimals", () => {
		const [reading] = decode(iec62056, EHZ).readings;
		expect(lines(reading)).toEqual(["1-0:0.0.0 331200-5009810", "energy_import_t1 32942.0231 kWh"]);
		expect(reading?.meter).toMatchObject({ manufacturer: "EMH", id: "331200-5009810", list: "mode D" });
	});

	test("blocks ended by EOT are parts of one reading", () => {
		const first = dataBlock("1.8.0(1*kWh)\r\n", "xor", true);
		const second = dataBlock("2.8.0(2*kWh)\r\n!\r\n");
		expect(lines(decode(iec62056, join(ascii("/ELS5A1\r\n"), first, second)).readings[0])).toEqual([
			"energy_import 1 kWh",
			"energy_export 2 kWh",
		]);
	});

	test("a reply in programming mode has no closing !", () => {
		const [reading] = decode(iec62056, dataBlock("1.8.0(000285.4*kWh)")).readings;
		expect(lines(reading)).toEqual(["energy_import 285.4 kWh"]);
	});

	test("signs and blanks stand in values", () => {
		const block = readout("ITR5X", "31.7(+000.8*A)", "81.7.1(  80*Deg)", "1.7.0(-00.012*kW)");
		expect(lines(decode(iec62056, block).readings[0])).toEqual([
			"current_l1 0.8 A",
			"81.7.1 80 Deg",
			"power_import -12 W",
		]);
	});

	test("names stay unique: the second of a kind is called by its id, then by number", () => {
		const block = readout("XXX5X", "1.8.0(1*kWh)", "1-0:1.8.0(2*kWh)", "1-0:1.8.0(3*kWh)");
		expect(lines(decode(iec62056, block).readings[0])).toEqual([
			"energy_import 1 kWh",
			"1-0:1.8.0 2 kWh",
			"1-0:1.8.0_2 3 kWh",
		]);
	});

	test("several values of one id that are no peak stay together", () => {
		const block = readout("XXX5X", "99.1.0(1)(2)(3)", "9.4(088*C&082*C)");
		expect(lines(decode(iec62056, block).readings[0])).toEqual(["99.1.0 (1)(2)(3)", "9.4 088*C&082*C"]);
	});

	test("a line that knows only 8 bits carries the parity, which is taken off", () => {
		expect(lines(decode(iec62056, withEvenParity(K382)).readings[0])).toEqual(K382_LINES);
	});

	test("requests, selections, commands and echoes give nothing", () => {
		const asked = join(
			requestMessage(""),
			optionSelect("0", "5", "0"),
			commandMessage("P1", "(1)"),
			breakMessage(),
		);
		expect(decode(iec62056, asked)).toEqual({ readings: [], rejections: [] });
		expect(decode(iec62056, join(asked, ZMD)).readings).toHaveLength(1);
	});
});

describe("MULTICAL tables", () => {
	/** A capture of MULTICAL 66-CDE (meterlogger): reply to /#C. */
	const TABLE_C = ascii("0002251 -002735 0001820 0000000 0000000 0000020 0000000 0000000 \r");

	test("what /#C holds is known behind its request", () => {
		const [reading] = decode(iec62056, join(ascii("/#C"), TABLE_C)).readings;
		expect(lines(reading).slice(0, 3)).toEqual([
			"temperature_supply 22.51 °C",
			"T3 -27.35 °C",
			"temperature_return 18.20 °C",
		]);
		expect(reading?.meter.list).toBe("/#C");
	});

	test("without its request nobody knows which table it is", () => {
		const { readings, rejections } = decode(iec62056, TABLE_C);
		expect(readings).toEqual([]);
		expect(rejections.map(({ code }) => code)).toEqual(["table-unasked"]);
	});
});

describe("captures", () => testCorpus(iec62056));

describe("a bad line", () => {
	test.each([
		["a wrong check character", ascii("/XXX5X\r\n\x021.8.0(1*kWh)\r\n!\r\n\x03X"), "bcc"],
		["Kamstrup's sum from another maker", join(ascii("/XXX A\r\n"), K382.subarray(K382.indexOf(2))), "bcc"],
		["a block without end", ascii("/XXX5X\r\n\x021.8.0(1*kWh)\r\n!\r\n"), "truncated"],
		["a readout without !", join(ascii("/XXX5X\r\n"), dataBlock("1.8.0(1*kWh)\r\n")), "syntax"],
		["a broken line in mode D", ascii("/XXX5X\r\n\r\n1.8.0(1*kWh\r\n2.8.0(2*kWh)\r\n!\r\n"), "syntax"],
		["a telegram with a wrong CRC", ascii("/XXX5X\r\n\r\n1.8.0(1*kWh)\r\n!522B\r\n"), "crc"],
		["mode D without end", ascii("/XXX5X\r\n\r\n1.8.0(1*kWh)\r\n"), "truncated"],
		["an error message", dataBlock("(ERROR)"), "meter-error"],
	])("%s is rejected", (_name, bytes, code) => {
		const { readings, rejections } = decode(iec62056, bytes);
		expect(readings).toEqual([]);
		expect(rejections[0]).toMatchObject({ rejected: true, layer: "iec62056", code, offset: 0 });
	});

	test("a wrong check character says what was expected", () => {
		const block = dataBlock("3:171.0(0)").slice();
		block[block.length - 1] = 0x13;
		expect(decode(iec62056, join(ascii("\0\0"), block)).rejections).toEqual([
			{ rejected: true, layer: "iec62056", code: "bcc", offset: 2, expected: 0x12, actual: 0x13 },
		]);
	});

	test("split at every byte, a stream reads the same", () => {
		const stream = join(K382, ZMD, EHZ, K382);
		const whole = decode(iec62056, stream);
		expect(whole.readings).toHaveLength(4);
		for (let size = 1; size < 200; size++) expect(decode(iec62056, stream, size)).toEqual(whole);
	});

	test.each([
		["XOR", ZMD],
		["sum", K382],
	])("no flipped bit in a block checked by %s gives another value", (_name, frame) => {
		const right = lines(decode(iec62056, frame).readings[0]);
		const body = frame.indexOf(2);
		for (const { bytes, at, bit } of flipped(frame)) {
			const { readings } = decode(iec62056, bytes);
			// Bit 7 is the parity bit's place and no part of a character.
			if (at >= body && bit < 7 && bytes[body] !== LINE_FEED) expect(readings).toEqual([]);
			// The identification is not covered: with another maker the ids lose their names, the values stay.
			for (const { quantities } of readings) expect(quantities).toHaveLength(right.length);
		}
	});

	test("mode D has no check: a flipped digit slips through, broken grammar does not", () => {
		let slipped = 0;
		for (const { bytes, bit } of flipped(EHZ)) {
			const { readings } = decode(iec62056, bytes);
			if (bit < 7 && readings.length > 0) slipped++;
			for (const { quantities } of readings) expect(quantities.length).toBeGreaterThan(0);
		}
		expect(slipped).toBeGreaterThan(0);
	});

	test("truncated anywhere, it gives no reading, and the next telegram is read", () => {
		for (const frame of [ZMD, K382]) {
			for (let length = 0; length < frame.length; length++) {
				const part = frame.subarray(0, length);
				expect(decode(iec62056, part).readings).toEqual([]);
				// A telegram that follows in the middle of a line is found inside the damaged one.
				expect(decode(iec62056, join(part, K382)).readings.map(lines)).toEqual([K382_LINES]);
			}
		}
		for (let length = 0; length < EHZ.length - 3; length++) {
			expect(decode(iec62056, EHZ.subarray(0, length)).readings).toEqual([]);
			expect(decode(iec62056, join(EHZ.subarray(0, length), EHZ)).readings).toHaveLength(1);
		}
	});

	test("a megabyte of rubbish gives no exception, and the next telegram is read", () => {
		const session = open(iec62056);
		session.receive(rubbish(1 << 20), 0);
		const { readings } = outcome([...session.receive(K382, 1), ...session.receive(K382, 2)]);
		expect(lines(readings.at(-1))).toEqual(K382_LINES);
	});

	test.each([
		["a block without end", ascii("\x021.8.0(")],
		["slashes", ascii("/")],
		["starts", hex("02")],
		["an identification without end", ascii("/ABC5")],
	])("100 kB of %s neither fill the memory nor take long", (_name, pattern) => {
		const flood = Uint8Array.from(
			{ length: 100_000 },
			(_, index) => pattern[index % pattern.length] as number,
		);
		const started = performance.now();
		const { readings } = decode(iec62056, join(flood, ascii("\r\n"), K382));
		expect(readings.map(lines)).toEqual([K382_LINES]);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});

test("messages inside of messages without end are not looked through for every few characters, and a readout is read", () => {
	for (const unit of ["x/KAM5\r\n", "/KAM5\r\n\x02"]) {
		const session = open(iec62056, { dialogue: "listen" });
		const line = ascii(unit.repeat(8000));
		const rejections = [];
		for (let at = 0; at < line.length; at += 256)
			rejections.push(...outcome(session.receive(line.subarray(at, at + 256), at)).rejections);
		// Each time 16 kB were in vain; without a bound there are thousands.
		expect(rejections.length).toBeGreaterThan(0);
		expect(rejections.length).toBeLessThan(100);
		const after = [...session.receive(join(K382, K382), line.length), ...session.end(line.length)];
		expect(lines(outcome(after).readings[0])).toEqual(K382_LINES);
	}
});
