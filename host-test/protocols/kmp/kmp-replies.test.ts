// KMP, the corners of replies: units that are converted, dates that are none, lengths that are off by one, who the meter is.
// Values are worked out by hand from Kamstrup 5512-447: chapters 4.2 to 4.4 (values), 5.1 (units), 6 (commands).

import { getRegister, METER } from "../../../protocols/kmp/commands.js";
import { FROM_METER, KmpFramer, TO_METER } from "../../../protocols/kmp/frame.js";
import { kmp } from "../../../protocols/kmp/kmp.js";
import { encodeValue } from "../../../protocols/kmp/register-value.js";
import { ELECTRICITY_REGISTERS, MOST_REGISTERS, registersOf } from "../../../protocols/kmp/registers.js";
import { encodeReply } from "../../../protocols/kmp/session.js";
import { kmpSettings } from "../../../protocols/kmp/settings.js";
import { decimal } from "../../../readings/decimal.js";
import { defaultValues } from "../../../settings/setting.js";
import { checksums, decode, FakeLine, hex, join, line, lines, open } from "../asking.js";

/** A frame from the meter around content in hexadecimal digits. */
const meter = (content: string) => encodeReply(hex(content), checksums);
/** The lines of a GetRegister reply with these registers. */
const registers = (...content: string[]) =>
	lines(decode(kmp, meter(`3F 10 ${content.join(" ")}`)).readings[0]);
const codes = (content: string) => decode(kmp, meter(content)).rejections.map(({ code }) => code);

describe("values", () => {
	test.each([
		["electricity in MWh is kWh", "0001 03 02 42 04D2", "energy_import 12340 kWh"],
		["electricity in GWh is kWh", "0002 04 01 00 07", "energy_export 7000000 kWh"],
		["power in MW is W", "03FF 17 02 43 04D2", "power_import 1234000 W"],
		["power in kW is W", "0400 16 02 42 0064", "power_export 1000 W"],
		["heat keeps its MWh", "003C 03 02 42 04D2", "heat_energy 12.34 MWh"],
		["cold keeps its GWh", "003F 04 01 00 07", "cooling_energy 7 GWh"],
		["heat power keeps its MW", "0050 17 01 41 05", "heat_power 0.5 MW"],
		["what has no name keeps its MWh", "003D 03 01 00 05", "register_61 5 MWh"],
		["a pure number", "0063 33 02 00 0102", "register_99 258"],
		["m³ × 10", "0044 37 02 42 0001", "heat_volume 0.1 m³"],
		["negative zero is 0", "0050 16 01 C2 00", "heat_power 0.00 kW"],
		["six bytes", "003C 02 06 00 FFFFFFFFFFFF", "heat_energy 281474976710655 kWh"],
		["seven bytes", "003C 02 07 00 FFFFFFFFFFFFFF", "heat_energy 72057594037927935 kWh"],
		["seven bytes, negative", "003C 02 07 80 20000000000001", "heat_energy -9007199254740993 kWh"],
	])("%s", (_name, content, expected) => expect(registers(content)).toEqual([expected]));

	test.each([
		[
			"characters at the edges of what prints, others as points",
			"0194 36 06 00 201F7E7F2141",
			"register_404  .~.!A",
		],
		[
			"characters without the blanks and zeros that fill them",
			"0194 36 06 00 412042200000",
			"register_404 A B",
		],
		["nothing but filling", "0194 36 03 00 202000", "register_404 "],
		["year, month and day", "03EB 31 04 00 01341786", "register_1003 2019-11-10"],
		["the last day of the century", "03EB 30 04 00 000F1FFF", "register_1003 2099-12-31"],
		["a date with a century is none of YYMMDD", "03EB 30 04 00 000F4305", "register_1003 1000197"],
		["month and day with a year before them stay a number", "0062 32 04 00 00002A48", "register_98 10824"],
		["a date with an exponent is a number", "03EB 30 04 42 0000ED98", "register_1003 608.24"],
		["a clock in seven bytes is a number", "03EA 2F 07 00 00000000019258", "register_1002 103000"],
		["the 32nd is no day", "03EB 30 04 00 0000EDA0", "register_1003 60832"],
		["24 o'clock is no time", "03EA 2F 04 00 0003A980", "register_1002 240000"],
	])("%s", (_name, content, expected) => expect(registers(content)).toEqual([expected]));

	test.each(["35", "3F", "40", "4F"])("unit %s is a date with time, YY MM DD hh mm ss in bytes", (unit) => {
		expect(registers(`015C ${unit} 06 00 150A1F0C1E0F`)).toEqual(["register_348 2021-10-31T12:30:15"]);
		expect(registers(`015C ${unit} 06 00 630C1F173B3B`)).toEqual(["register_348 2099-12-31T23:59:59"]);
		expect(registers(`015C ${unit} 06 00 640A1F0C1E0F`)[0]).not.toContain("T");
		expect(registers(`015C ${unit} 05 00 150A1F0C1E`)[0]).not.toContain("T");
	});

	test("units that are no dates are numbers, also around the four that are", () => {
		expect(registers("0063 2E 04 00 00019258")).toEqual(["register_99 103000 h"]);
		expect(registers("0063 33 04 00 00019258")).toEqual(["register_99 103000"]);
	});

	test("a register that comes twice in a reply counts once", () => {
		expect(registers("0056 25 02 42 14F5", "0056 25 02 42 0000")).toEqual(["temperature_supply 53.65 °C"]);
	});

	test("an emulated meter's caller is told what does not fit", () => {
		expect(() => encodeValue(2, 2, decimal(65536, 0))).toThrow(/2 bytes/);
		expect(() => encodeValue(2, 2, decimal(1, 64))).toThrow(/63/);
		expect([...encodeValue(2, 2, decimal(65535, 63))]).toEqual([2, 2, 0x3f, 0xff, 0xff]);
		expect([...encodeValue(2, 1, decimal(0, 0))]).toEqual([2, 1, 0, 0]);
		expect(() => getRegister(METER, [])).toThrow(/1 to 8/);
	});
});

describe("who the meter is", () => {
	const model = (data: string) => decode(kmp, meter(`3F 01 ${data}`)).readings[0]?.meter.model;
	test.each([
		["0001 0601", "MULTICAL 601 Pt500 F1"],
		["0005 0110", "MULTICAL 601 Pt500 4-wire A16"],
		["1504 1A02", "MULTICAL 601 Pt100, top module 67-05 Z2"],
		["0ABC 0601", "type 0ABC F1"],
		["0001 0003", "MULTICAL 601 Pt500 0.3"],
		["0001 1B03", "MULTICAL 601 Pt500 27.3"],
	])("type and software %s", (data, expected) => expect(model(data)).toBe(expected));

	test("the serial number may come as register 1001", () => {
		const id = (value: string) => decode(kmp, meter(`3F 10 03E9 ${value}`)).readings[0]?.meter.id;
		expect(id("33 04 00 00BC614E")).toBe("12345678");
		expect(id("36 04 00 41423132")).toBe("AB12");
		// With an exponent it is no number of a meter.
		expect(id("33 04 01 00BC614E")).toBeUndefined();
		expect(decode(kmp, meter("3F 10 0056 25 02 42 14F5")).readings[0]?.meter).toEqual({
			manufacturer: "Kamstrup",
		});
	});

	test("date and time in one register go before those in two", () => {
		const [reading] = decode(
			kmp,
			meter("3F 10 03EB 30 04 00 0001144A 03EA 2F 04 00 00027715 015C 4F 08 00 150A1F0C1E0F0000"),
		).readings;
		expect(reading?.time).toBe("2021-10-31T12:30:15");
		expect(decode(kmp, meter("3F 10 03EB 30 04 00 0001144A")).readings[0]?.time).toBeNull();
		expect(
			decode(kmp, meter("3F 10 03EB 33 04 00 0001144A 03EA 33 04 00 00027715")).readings[0]?.time,
		).toBeNull();
	});
});

describe("lengths", () => {
	test.each([
		["a type with a byte too few", "3F 01 00 04 06", "length"],
		["a type with a byte too many", "3F 01 00 04 06 01 00", "length"],
		["a serial number with a byte too few", "3F 02 01 23 45", "length"],
		["a serial number with a byte too many", "3F 02 01 23 45 67 00", "length"],
		["an event status with a byte too few", "7F 9B 00 00 03", "length"],
		["a register's number without a format", "3F 10 0056", "length"],
		["a register whose format is cut", "3F 10 0056 25 02", "length"],
		["a register without its value", "3F 10 0056 25 02 42", "length"],
		["a register with half its value", "3F 10 0056 25 02 42 14", "length"],
		["a value of no bytes", "3F 10 0056 25 00 42", "length"],
		["a second register that is cut", "3F 10 0056 25 02 42 14F5 0057 25 02", "length"],
		["no registers", "3F 10", "empty"],
	])("%s", (_name, content, code) => expect(codes(content)).toEqual([code]));

	test("a register of one byte at the very end is read", () => {
		expect(registers("0056 25 02 42 14F5", "0057 25 01 00 07")).toEqual([
			"temperature_supply 53.65 °C",
			"temperature_return 7 °C",
		]);
	});
});

describe("logs (6.3.1)", () => {
	const record = "10F3 003C 08 02 00 0102";
	/** Last record read out, newest there is, info. */
	const tail = "10F3 10F4 00";
	const list = (content: string) => decode(kmp, meter(content)).readings.map(({ meter: { list } }) => list);

	test("one register in one record", () => {
		const { readings } = decode(kmp, meter(`7F A1 02 01 ${record} ${tail}`));
		expect(readings.map(({ meter: { list } }) => list)).toEqual(["log 2 record 4339"]);
		expect(lines(readings[0])).toEqual(["heat_energy 258 GJ"]);
	});

	test.each(["A0", "A1", "A2", "A3"])("command %s is a log's", (cid) => {
		expect(list(`7F ${cid} 02 01 ${record} ${tail}`)).toHaveLength(1);
	});

	test.each([
		["an info byte that says empty, alone", "7F A1 01", "empty"],
		["an info byte that says empty, with the log's id", "7F A1 02 01", "empty"],
		["too short, and no word of why", "7F A1 02 00", "length"],
		["no data at all", "7F A1", "length"],
		["no records", `7F A1 02 01 ${tail}`, "empty"],
		["half a record's id", `7F A1 02 01 10 ${tail}`, "length"],
		["a record without its register", `7F A1 02 01 10F3 ${tail}`, "length"],
		["a register without its format", `7F A1 02 01 10F3 003C 08 02 ${tail}`, "length"],
		["a register without its value", `7F A1 02 01 10F3 003C 08 02 00 ${tail}`, "length"],
		["a register of no bytes", `7F A1 02 01 10F3 003C 08 00 00 ${tail}`, "length"],
		["a register with half its value", `7F A1 02 01 10F3 003C 08 02 00 01 ${tail}`, "length"],
		["a second record with half its value", `7F A1 02 01 ${record} 10F4 01 ${tail}`, "length"],
	])("%s", (_name, content, code) => expect(codes(content)).toEqual([code]));
});

describe("frames", () => {
	function framed(bytes: Uint8Array) {
		const seen: string[] = [];
		const framer = new KmpFramer(checksums, {
			frame: (direction, _bytes, length) => seen.push(`${direction === TO_METER ? "to" : "from"} ${length}`),
			acknowledge: () => seen.push("acknowledged"),
			rejected: ({ code }) => seen.push(code),
		});
		framer.push(bytes);
		return seen;
	}
	const serial = meter("3F 02 01234567");

	test("06 between frames acknowledges, other bytes there say nothing", () => {
		expect(framed(join(hex("06"), serial, hex("00 55 06")))).toEqual([
			"acknowledged",
			"from 6",
			"acknowledged",
		]);
	});

	test("06 inside a frame should have been stuffed", () => {
		expect(framed(hex("40 3F 02 06 23 45 67 E9 56 0D"))).toEqual(["stuffing"]);
	});

	test("an escape that escapes nothing before the end", () => {
		expect(framed(hex("40 3F 02 01 23 45 67 E9 56 1B 0D"))).toEqual(["stuffing"]);
	});

	test("an escape left open does not reach into the next frame", () => {
		expect(framed(join(hex("40 3F 02 1B"), serial)).at(-1)).toBe("from 6");
		expect(serial[0]).toBe(FROM_METER);
	});
});

describe("settings", () => {
	const settings = (changed: object) => kmpSettings({ ...defaultValues(kmp.settings), ...changed });

	test("by default the meter is asked once an hour for heat", () => {
		expect(settings({})).toEqual({
			periodMs: 3_600_000,
			registers: [60, 68, 74, 80, 86, 87, 89, 1004],
			destination: 0x3f,
			eventStatus: false,
		});
	});

	test.each([
		["meter", 0x3f],
		["top", 0x7f],
		["base", 0xbf],
	])("destination %s is %d", (destination, expected) => {
		expect(settings({ destination }).destination).toBe(expected);
	});

	test("the form has a choice of three, and a period in seconds up to a day", () => {
		const descriptor = (key: string) => kmp.settings.find((setting) => setting.key === key);
		expect(descriptor("destination")).toMatchObject({
			type: "choice",
			choices: [{ value: "meter" }, { value: "top" }, { value: "base" }],
		});
		expect(descriptor("period")).toMatchObject({ type: "number", unit: "s", least: 0, most: 86_400 });
		expect(descriptor("registers")).toMatchObject({ type: "text" });
		expect(descriptor("eventStatus")).toMatchObject({ type: "switch" });
	});

	test("what is no number means an hour, what is no text means heat", () => {
		const odd = kmpSettings({ period: "soon", registers: 60, destination: "meter", eventStatus: "yes" });
		expect([odd.periodMs, odd.registers.length, odd.eventStatus]).toEqual([3_600_000, 8, false]);
	});

	test("words and numbers, in capitals too, each register once, 48 at most", () => {
		expect(registersOf("HEAT 60 1")).toEqual([60, 68, 74, 80, 86, 87, 89, 1004, 1]);
		expect(registersOf("Electricity")).toEqual(ELECTRICITY_REGISTERS);
		expect(ELECTRICITY_REGISTERS).toEqual([
			1, 2, 1023, 1024, 39, 1004, 1054, 1055, 1056, 1076, 1077, 1078, 1080, 1081, 1082,
		]);
		expect(registersOf("65535 65536 -1 1x")).toEqual([65535]);
		const many = Array.from({ length: 60 }, (_, index) => index + 1);
		expect(registersOf(many.join(" "))).toEqual(many.slice(0, MOST_REGISTERS));
	});

	test("a battery's meter that is asked each minute is warned of", () => {
		expect(kmp.warnings?.({ ...defaultValues(kmp.settings), period: 60 })).toEqual([
			expect.stringContaining("60 s drains a battery"),
		]);
		expect(kmp.warnings?.({ ...defaultValues(kmp.settings), period: 900 })).toEqual([]);
		expect(kmp.warnings?.({})).toEqual([]);
	});

	test("lines are tried at the meters' speeds, MULTICAL's first", () => {
		expect(kmp.lines.map(({ baud, parity, stopBits }) => `${baud} ${parity} ${stopBits}`)).toEqual([
			"1200 none 2",
			"9600 none 1",
			"2400 none 2",
			"1200 none 1",
			"2400 none 1",
		]);
		expect(kmp.name).toBe("kmp");
	});
});

describe("a poll", () => {
	test("a reply with another register among those asked for is a reading of its own", () => {
		const mixed = meter("3F 10 0056 25 02 42 14F5 0063 33 02 00 0102");
		const fake = new FakeLine(open(kmp, { registers: "86" }), () => [[200, mixed]]);
		fake.run(1000);
		expect(fake.readings.map(({ quantities }) => quantities.map(line))).toEqual([
			["temperature_supply 53.65 °C", "register_99 258"],
		]);
		expect(fake.readings[0]?.meter.id).toBeUndefined();
	});

	test("a meter that has told who it is is not asked again, and its readings say it", () => {
		const fake = new FakeLine(open(kmp, { period: 10, registers: "86" }), ({ 2: asked }) => [
			[
				100,
				asked === 0x01
					? meter("3F 01 0001 0601")
					: asked === 0x02
						? meter("3F 02 01234567")
						: meter("3F 10 0056 25 02 42 14F5"),
			],
		]);
		fake.run(25_000);
		expect(fake.sent.map(({ bytes }) => bytes[2])).toEqual([0x10, 0x01, 0x02, 0x10, 0x10]);
		expect(fake.readings.at(-1)?.meter).toEqual({
			manufacturer: "Kamstrup",
			model: "MULTICAL 601 Pt500 F1",
			id: "19088743",
		});
	});
});
