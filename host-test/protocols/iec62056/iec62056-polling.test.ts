// IEC 62056-21, asking: modes A to C, programming mode and MULTICAL's tables on a line with a fake clock.

import { iec62056 } from "../../../protocols/iec62056/iec62056.js";
import { commandMessage, dataBlock, readoutMessage } from "../../../protocols/iec62056/messages.js";
import { ascii, FakeLine, hex, line, lines, open } from "../asking.js";

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("latin1");
const BLOCK = readoutMessage({ identification: "", lines: ["1.8.0(000285.4*kWh)"], check: "xor" });
const IDENTIFICATION = ascii("/LGZ5\\2ZMD4104100.B32\r\n");

type Answers = readonly (readonly [number, Uint8Array])[];

/** A ZMD: identifies itself at 300 Bd, reads out at 9600 once selected. */
function zmd(request: Uint8Array, fake: FakeLine): Answers {
	const asked = text(request);
	if (asked.startsWith("/?")) return [[400, IDENTIFICATION]];
	return asked === "\x06050\r\n" && fake.baud === 300 ? [[500, BLOCK]] : [];
}

describe("mode C", () => {
	test("request, identification, selection, baud switch, readout, back to 300 Bd", () => {
		const fake = new FakeLine(open(iec62056), zmd);
		fake.run(10_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual(["/?!\r\n", "\x06050\r\n"]);
		expect(fake.settings.map(({ baud }) => baud)).toEqual([9600, 300]);
		expect(fake.settings[0]).toMatchObject({ dataBits: 7, parity: "even", stopBits: 1 });
		expect(fake.readings.map((reading) => lines(reading))).toEqual([["energy_import 285.4 kWh"]]);
		expect(fake.rejections).toEqual([]);
		// Reaction time of the standard: the selection leaves 200 ms after the identification at the earliest.
		expect((fake.sent[1]?.at ?? 0) - 400).toBeGreaterThanOrEqual(200);
	});

	test("comes again after the period", () => {
		const fake = new FakeLine(open(iec62056, { period: 30 }), zmd);
		fake.run(31_500);
		expect(fake.readings).toHaveLength(2);
		expect(fake.sent[2]?.at).toBe(30_000);
	});

	test("the address and the highest speed of the settings are used", () => {
		const fake = new FakeLine(open(iec62056, { address: "12345678", highestBaud: "2400" }), zmd);
		fake.run(1000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual(["/?12345678!\r\n", "\x06030\r\n"]);
		expect(fake.baud).toBe(2400);
	});

	test("the echo of the head is passed over, also that of the selection", () => {
		const fake = new FakeLine(open(iec62056), (request, on) => [[5, request], ...zmd(request, on)]);
		fake.run(10_000);
		expect(fake.readings).toHaveLength(1);
		expect(fake.rejections).toEqual([]);
	});

	test("where nothing comes at the new speed, the second attempt stays at 300 Bd", () => {
		const fake = new FakeLine(open(iec62056), (request) => {
			const asked = text(request);
			if (asked.startsWith("/?")) return [[400, IDENTIFICATION]];
			return asked === "\x06000\r\n" ? [[500, BLOCK]] : [];
		});
		fake.run(20_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual([
			"/?!\r\n",
			"\x06050\r\n",
			"/?!\r\n",
			"\x06000\r\n",
		]);
		expect(fake.settings.map(({ baud }) => baud)).toEqual([9600, 300]);
		expect(fake.readings).toHaveLength(1);
	});

	test("a meter that does not understand selections is left to read out by itself at last", () => {
		let asked = 0;
		const fake = new FakeLine(open(iec62056), (request) => {
			if (!text(request).startsWith("/?")) return [];
			return ++asked < 3
				? [[400, IDENTIFICATION]]
				: [
						[400, IDENTIFICATION],
						[1900, BLOCK],
					];
		});
		fake.run(30_000);
		expect(fake.readings).toHaveLength(1);
		expect(fake.sent).toHaveLength(5);
	});

	test("data right behind the identification need no selection", () => {
		const fake = new FakeLine(open(iec62056), () => [
			[400, IDENTIFICATION],
			[450, BLOCK.subarray(0, 4)],
			[1200, BLOCK.subarray(4)],
		]);
		fake.run(10_000);
		expect(fake.sent).toHaveLength(1);
		expect(fake.readings).toHaveLength(1);
	});

	test("a damaged readout is asked for again", () => {
		let asked = 0;
		const fake = new FakeLine(open(iec62056), (request, on) => {
			const answers = zmd(request, on);
			if (!text(request).startsWith("\x06") || asked++ > 0) return answers;
			const damaged = BLOCK.slice();
			damaged[3] = (damaged[3] as number) ^ 1;
			return [[500, damaged]];
		});
		fake.run(20_000);
		expect(fake.rejections.map(({ code }) => code)).toEqual(["bcc"]);
		// At the same speed: characters came through.
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual([
			"/?!\r\n",
			"\x06050\r\n",
			"/?!\r\n",
			"\x06050\r\n",
		]);
		expect(fake.readings).toHaveLength(1);
	});

	test("parts of a readout are acknowledged one by one", () => {
		const first = dataBlock("1.8.0(1*kWh)\r\n", "xor", true);
		const second = dataBlock("2.8.0(2*kWh)\r\n!\r\n");
		const fake = new FakeLine(open(iec62056), (request) => {
			const asked = text(request);
			if (asked.startsWith("/?")) return [[400, IDENTIFICATION]];
			return asked === "\x06" ? [[300, second]] : [[500, first]];
		});
		fake.run(10_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual(["/?!\r\n", "\x06050\r\n", "\x06"]);
		expect(lines(fake.readings[0])).toEqual(["energy_import 1 kWh", "energy_export 2 kWh"]);
	});
});

describe("modes A and B", () => {
	test("mode B: the line follows the meter to its speed without a selection", () => {
		const fake = new FakeLine(open(iec62056), () => [
			[400, ascii("/ABCEmeter\r\n")],
			[800, BLOCK],
		]);
		fake.run(10_000);
		expect(fake.sent).toHaveLength(1);
		expect(fake.settings.map(({ baud }) => baud)).toEqual([9600, 300]);
		expect(fake.readings).toHaveLength(1);
	});

	test("mode A: a slow readout at 300 Bd is waited for, character by character", () => {
		const whole = ascii(
			"/KAM 685-382-OK-15\r\n\x020.0(00054042)\r\n1.20(0000053*kWh)\r\n1.20.1(0000033*kWh)\r\n" +
				"1.20.2(0000020*kWh)\r\n1.31(0000482*h)\r\n1.26(0000000)\r\n1.6(000018,3*kW)\r\n1.6*1(000000,0)!\r\n\x03>",
		);
		const fake = new FakeLine(open(iec62056), () =>
			[...whole].map((byte, index) => [200 + index * 100, Uint8Array.of(byte)] as const),
		);
		fake.run(40_000);
		expect(fake.sent).toHaveLength(1);
		expect(fake.settings).toEqual([]);
		expect(fake.readings[0]?.meter.id).toBe("00054042");
	});

	test("MULTICAL III names no speed and is selected when it stays silent", () => {
		const block = readoutMessage({ identification: "", lines: ["6.8(0012.345*MWh)"], check: "sum" });
		const fake = new FakeLine(open(iec62056), (request) =>
			text(request).startsWith("/?") ? [[400, ascii("/KAM 0 MC\r\n")]] : [[400, block]],
		);
		fake.run(10_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual(["/?!\r\n", "\x06000\r\n"]);
		expect(lines(fake.readings[0])).toEqual(["heat_energy 12.345 MWh"]);
	});

	test("a battery meter is woken with zeros for 2.2 s and then left alone for 1.6 s", () => {
		const fake = new FakeLine(open(iec62056, { wakeUp: true }), (request, on) => zmd(request, on));
		fake.run(20_000);
		const [zeros, request] = fake.sent;
		expect(zeros?.bytes).toEqual(new Uint8Array(66));
		expect(text(request?.bytes)).toBe("/?!\r\n");
		expect((request?.at ?? 0) - (zeros?.at ?? 0)).toBe(3800);
		expect(fake.readings).toHaveLength(1);
	});
});

describe("silence", () => {
	test("a meter that never answers is told after three attempts, and asked again after a minute", () => {
		const fake = new FakeLine(open(iec62056, { period: 3600 }), () => []);
		fake.run(59_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual(["/?!\r\n", "/?!\r\n", "/?!\r\n"]);
		for (let index = 1; index < 3; index++)
			expect((fake.sent[index]?.at ?? 0) - (fake.sent[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1500);
		expect(fake.rejections).toEqual([{ rejected: true, layer: "iec62056", code: "no-answer" }]);
		fake.run(60_100);
		expect(fake.sent).toHaveLength(4);
	});

	test("a readout that breaks off is told and asked for again", () => {
		let asked = 0;
		const fake = new FakeLine(open(iec62056), (request, on) =>
			text(request).startsWith("\x06") && asked++ === 0 ? [[500, BLOCK.subarray(0, 9)]] : zmd(request, on),
		);
		fake.run(20_000);
		expect(fake.rejections.map(({ code }) => code)).toEqual(["truncated"]);
		expect(fake.readings).toHaveLength(1);
	});

	test("listening sends nothing and reads mode D", () => {
		const session = open(iec62056, { dialogue: "listen" });
		const fake = new FakeLine(session, () => []);
		fake.run(1_000_000);
		expect(fake.sent).toEqual([]);
		const telegram = ascii("/ESY5Q3DA1024 V3.04\r\n\r\n1-0:1.8.0*255(00000000.0000000*kWh)\r\n!\r\n");
		expect(session.receive(telegram, 1)).toHaveLength(1);
	});
});

describe("programming mode", () => {
	const settings = { dialogue: "programming", registers: "1.8.0 R2:F001", password: "00000000" };

	/** Wants the password; knows 1.8.0 and F001. */
	function meter(request: Uint8Array, on: FakeLine): Answers {
		const asked = text(request);
		if (asked.startsWith("/?")) return [[400, ascii("/SIE6TD-3511\r\n")]];
		if (asked.startsWith("\x06061")) return [[400, commandMessage("P0", "(seed)")]];
		if (asked.startsWith("\x01P1")) return [[300, asked.includes("(00000000)") ? hex("06") : hex("15")]];
		if (asked.startsWith("\x01R1")) return [[300, dataBlock("1.8.0(000285.4*kWh)")]];
		if (asked.startsWith("\x01R2")) return [[300, dataBlock("(230.1*V)(0.52*A)")]];
		return on.baud === 0 ? [[0, hex("00")]] : [];
	}

	test("password, one value after the other, break; all in one reading", () => {
		const fake = new FakeLine(open(iec62056, settings), meter);
		fake.run(20_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual([
			"/?!\r\n",
			"\x06061\r\n",
			text(commandMessage("P1", "(00000000)")),
			text(commandMessage("R1", "1.8.0()")),
			text(commandMessage("R2", "F001()")),
			"\x01B0\x03q",
		]);
		expect(fake.settings.map(({ baud }) => baud)).toEqual([19200, 300]);
		expect(fake.readings).toHaveLength(1);
		expect(fake.readings[0]?.quantities.map(line)).toEqual([
			"energy_import 285.4 kWh",
			"F001_1 230.1 V",
			"F001_2 0.52 A",
		]);
	});

	test("a refused password is told and not tried again in this poll", () => {
		const fake = new FakeLine(open(iec62056, { ...settings, password: "1", period: 600 }), meter);
		fake.run(59_000);
		expect(fake.sent.filter(({ bytes }) => text(bytes).startsWith("\x01P1"))).toHaveLength(1);
		expect(fake.rejections).toEqual([{ rejected: true, layer: "iec62056", code: "password-refused" }]);
		expect(text(fake.sent.at(-1)?.bytes)).toBe("\x01B0\x03q");
		fake.run(599_000);
		expect(fake.sent.filter(({ bytes }) => text(bytes).startsWith("\x01P1"))).toHaveLength(1);
	});

	test("a damaged reply is asked for again with NAK", () => {
		let damaged = 0;
		const fake = new FakeLine(open(iec62056, settings), (request, on) => {
			const asked = text(request);
			if (asked.startsWith("\x01R1") && damaged++ === 0) {
				const block = dataBlock("1.8.0(000285.4*kWh)").slice();
				block[5] = (block[5] as number) ^ 4;
				return [[300, block]];
			}
			return asked === "\x15" ? [[300, dataBlock("1.8.0(000285.4*kWh)")]] : meter(request, on);
		});
		fake.run(20_000);
		expect(fake.rejections.map(({ code }) => code)).toEqual(["bcc"]);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toContain("\x15");
		expect(fake.readings[0]?.quantities).toHaveLength(3);
	});

	test("a value that the meter does not have is told; the others are read", () => {
		const fake = new FakeLine(open(iec62056, settings), (request, on) =>
			text(request).startsWith("\x01R1") ? [[300, dataBlock("(ERROR)")]] : meter(request, on),
		);
		fake.run(20_000);
		expect(fake.rejections).toMatchObject([{ code: "meter-error", detail: "1.8.0: ERROR" }]);
		expect(fake.readings[0]?.quantities).toHaveLength(2);
	});
});

describe("MULTICAL tables", () => {
	test("/#1 is asked at 300 Bd and read at 1200 Bd, the next table 5 s later", () => {
		const settings = {
			dialogue: "tables",
			tables: "1 C",
			energyUnit: "MWh",
			energyDecimals: 3,
			volumeDecimals: 2,
		};
		const fake = new FakeLine(open(iec62056, settings), (request, on) => {
			expect(on.baud).toBe(300);
			return text(request) === "/#1"
				? [[300, ascii("0012345 0045678 0030710 0008123 0004567 0003556 0000123 0000456 0000200 0000000 \r")]]
				: [[300, ascii("0002251 -002735 0001820 0000000 0000000 0000020 0000000 0000000 \r")]];
		});
		fake.run(20_000);
		expect(fake.sent.map(({ bytes }) => text(bytes))).toEqual(["/#1", "/#C"]);
		expect((fake.sent[1]?.at ?? 0) - (fake.sent[0]?.at ?? 0)).toBeGreaterThanOrEqual(5000);
		expect(fake.settings.map(({ baud }) => baud)).toEqual([1200, 300, 1200, 300]);
		expect(lines(fake.readings[0])).toEqual([
			"heat_energy 12.345 MWh",
			"heat_volume 456.78 m³",
			"operating_time 30710 h",
			"temperature_supply 81.23 °C",
			"temperature_return 45.67 °C",
			"temperature_difference 35.56 K",
			"power 123",
			"flow_1 456",
			"peak 200",
			"info 0000000",
		]);
		expect(fake.readings).toHaveLength(2);
	});
});
