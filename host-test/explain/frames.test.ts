// Worked frames of PROTOCOLS.md (sections 0 to 8), explained: values are those printed there, not the program's own.

import { blockCheck } from "../../protocols/iec62056/characters.js";
import { ascii, bytesOf, checksums, dumpOf, hex, hexOf, row } from "./support.js";

/** An HDLC frame around an information field, as 5.1 describes it. */
function hdlcFrame(addresses: string, info: string, format = 0xa000): Uint8Array {
	const length = 2 + addresses.replaceAll(" ", "").length / 2 + 2 + hex(info).length + 2;
	const head = [format >> 8, length, ...hex(addresses)];
	const hcs = checksums.x25(Uint8Array.from(head), 0, head.length);
	const body = [...head, hcs & 0xff, hcs >> 8, ...hex(info)];
	const fcs = checksums.x25(Uint8Array.from(body), 0, body.length);
	return Uint8Array.from([0x7e, ...body, fcs & 0xff, fcs >> 8, 0x7e]);
}

/** A notification with a structure of an OBIS code, a value and its scaler-unit. */
const PUSH =
	"E6E700 0F 00000000 0C 07E40101FF00030000FF8800 0203 0906 0101010700FF 06 00000929 0202 0FFF 161B";

describe("HDLC, LLC and A-XDR", () => {
	it("explains the smallest frame, an SNRM, with its FCS", () => {
		const dump = dumpOf(hex("7E A0 08 02 23 21 93 BD 64 7E"));
		expect(dump.protocol).toBe("dlms");
		expect(row(dump, "hdlc", "format").meaning).toBe("type 3, 8 bytes between the flags, not segmented");
		expect(row(dump, "hdlc", "destination")).toMatchObject({ bytes: "02 23", meaning: "2 bytes: 1, 17" });
		expect(row(dump, "hdlc", "source")).toMatchObject({ bytes: "21", meaning: "16" });
		expect(row(dump, "hdlc", "FCS")).toMatchObject({ bytes: "BD 64", meaning: "right" });
	});

	it("names OBIS codes, applies the scaler on the wire and reads the date-time", () => {
		const dump = dumpOf(hdlcFrame("41 08 83 13", PUSH));
		expect(row(dump, "hdlc", "HCS").meaning).toBe("right");
		expect(row(dump, "llc", "header").bytes).toBe("E6 E7 00");
		expect(dump.text).toContain("2020-01-01T00:03:00+02:00");
		expect(dump.text).toMatch(/deviation -120\s+min/);
		expect(row(dump, "axdr", "octet-string").meaning).toBe("1-1:1.7.0 power_import");
		expect(row(dump, "axdr", "uint32").meaning).toBe("2345 = 234.5 W");
		expect(row(dump, "axdr", "int8").meaning).toBe("scaler: times 10^-1");
		expect(row(dump, "axdr", "enum").meaning).toBe("unit 27: W");
	});

	it("explains a value that goes over two segments, in both frames", () => {
		const info = PUSH.replaceAll(" ", "");
		const first = hdlcFrame("41 08 83 03", info.slice(0, 68), 0xa800);
		const second = hdlcFrame("41 08 83 13", info.slice(68));
		const both = Uint8Array.from([...first, ...second]);
		const dump = dumpOf(both);
		expect(dump.text).toContain("segmented: more follows");
		expect(dump.text).toContain("2345 = 234.5 W");
		expect(dump.text).toContain("(goes on)");
		expect(bytesOf(dump)).toBe(hexOf(both));
	});

	it("tells expected and actual FCS of a changed byte, and explains the rest all the same", () => {
		const frame = hdlcFrame("41 08 83 13", PUSH);
		frame[frame.length - 12] = 0x2a;
		const dump = dumpOf(frame);
		expect(row(dump, "hdlc", "HCS").meaning).toBe("right");
		expect(row(dump, "hdlc", "FCS").meaning).toMatch(/^WRONG: expected 0x[0-9A-F]{4}, is 0x[0-9A-F]{4}$/);
		expect(dump.text).toContain("1-1:1.7.0 power_import");
	});

	it("explains a cut frame up to its last byte", () => {
		const frame = hdlcFrame("41 08 83 13", PUSH).slice(0, 45);
		const dump = dumpOf(frame);
		expect(dump.recognised).toBe(true);
		expect(row(dump, "hdlc", "fault").meaning).toMatch(/^CUT: \d+ bytes are missing/);
		expect(dump.text).toContain("STOPS HERE");
		expect(bytesOf(dump)).toBe(hexOf(frame));
	});

	it("shows rubbish between frames as such, and a flag that closes and opens", () => {
		const frame = [...hdlcFrame("41 08 83 13", PUSH)];
		const bytes = Uint8Array.from([0x55, 0x12, ...frame, ...frame.slice(1), 0x99, 0x98]);
		const dump = dumpOf(bytes);
		const rubbish = dump.rows.filter(({ field }) => field === "rubbish");
		expect(rubbish.map(({ bytes: pairs }) => pairs)).toEqual(["55 12", "99 98"]);
		expect(dump.text).toContain("closes this frame, opens the");
		expect(dump.rows.filter(({ field }) => field === "FCS")).toHaveLength(2);
	});

	it("joins GBT blocks of two frames", () => {
		const apdu = PUSH.replaceAll(" ", "").slice(6);
		const half = 40;
		const length = (digits: string) => (digits.length / 2).toString(16).padStart(2, "0");
		const one = `E6E700E04000010000${length(apdu.slice(0, half))}${apdu.slice(0, half)}`;
		const two = `E0C000020000${length(apdu.slice(half))}${apdu.slice(half)}`;
		const bytes = Uint8Array.from([...hdlcFrame("CEFF 03 13", one), ...hdlcFrame("CEFF 03 13", two)]);
		const dump = dumpOf(bytes);
		expect(dump.rows.filter(({ field }) => field === "block number").map(({ meaning }) => meaning)).toEqual([
			"1",
			"2",
		]);
		expect(dump.text).toContain("2345 = 234.5 W");
		expect(bytesOf(dump)).toBe(hexOf(bytes));
	});
});

describe("M-Bus", () => {
	const data = hex(PUSH.slice(7));
	const body = [0x53, 0xff, 0x10, 0x01, 0x67, ...data];
	const sum = body.reduce((total, byte) => total + byte, 0) & 0xff;
	const frame = Uint8Array.from([0x68, body.length, body.length, 0x68, ...body, sum, 0x16]);

	it("explains a single long frame", () => {
		const dump = dumpOf(frame);
		expect(row(dump, "mbus", "CI").meaning).toBe("0x10: segment 0, the last one");
		expect(row(dump, "mbus", "checksum").meaning).toBe("right");
		expect(dump.text).toContain("2345 = 234.5 W");
	});

	it("tells the checksum that a changed byte should have had", () => {
		const changed = frame.slice();
		changed[5] = 0xfe;
		const expected = `0x${((sum - 1) & 0xff).toString(16).toUpperCase().padStart(2, "0")}`;
		expect(row(dumpOf(changed), "mbus", "checksum").meaning).toContain(`WRONG: expected ${expected}`);
	});
});

describe("KMP", () => {
	it("undoes the stuffing of the GetRegister request for register 128", () => {
		const dump = dumpOf(hex("80 3F 10 01 00 1B 7F D4 08 0D"));
		expect(dump.protocol).toBe("kmp");
		expect(row(dump, "kmp", "start").meaning).toBe("to the meter");
		expect(row(dump, "kmp", "CID").meaning).toBe("0x10: GetRegister");
		expect(row(dump, "kmp", "register")).toMatchObject({ bytes: "00 1B 7F" });
		expect(row(dump, "kmp", "register").meaning).toMatch(/^128 /);
		expect(row(dump, "kmp", "CRC")).toMatchObject({ bytes: "D4 08", meaning: "right" });
	});

	it("explains SetClock and the replies to GetType and GetSerialNo", () => {
		const clock = dumpOf(hex("80 3F 09 00 01 14 4A 00 02 77 15 C3 4A 0D"));
		expect(row(clock, "kmp", "date").meaning).toContain("070730");
		expect(row(clock, "kmp", "time").meaning).toContain("161557");
		expect(row(dumpOf(hex("40 3F 01 00 04 1B F9 01 26 99 0D")), "kmp", "type").meaning).toContain("F1");
		const serial = dumpOf(hex("40 3F 02 01 23 45 67 E9 56 0D"));
		expect(row(serial, "kmp", "serial number").meaning).toBe("19088743");
	});

	it("explains the registers of a reply", () => {
		const content = hex("3F 10 00 56 25 04 42 00 00 4E 20");
		const crc = checksums.xmodem(content, 0, content.length);
		const dump = dumpOf(Uint8Array.from([0x40, ...content, crc >> 8, crc & 0xff, 0x0d]));
		expect(row(dump, "kmp", "register").meaning).toBe("86 temperature_supply");
		expect(row(dump, "kmp", "unit").meaning).toBe("37: °C");
		expect(row(dump, "kmp", "sign, exponent").meaning).toBe("times 10^-2");
		expect(row(dump, "kmp", "value").meaning).toBe("200.00 °C");
	});

	it("tells the CRC that the maker's erratum should have had, and where a frame breaks off", () => {
		const wrong = dumpOf(hex("80 3F 01 05 8B 0D"));
		expect(row(wrong, "kmp", "CRC").meaning).toBe("WRONG: expected 0x058A, is 0x058B");
		expect(row(dumpOf(hex("80 3F 01 05 8A")), "kmp", "fault").meaning).toMatch(/^CUT/);
	});
});

describe("KMP-382", () => {
	it("explains the reply with the actual values", () => {
		const text = "HFE9000002348000000000000DECD000DC8410000061700A5CA78000000000000000010001093";
		const dump = dumpOf(ascii(`${text}8F\r`));
		expect(dump.protocol).toBe("kmp382");
		expect(row(dump, "kmp382", "energy_import").meaning).toBe("9032 kWh");
		expect(row(dump, "kmp382", "operating_time").meaning).toBe("57037 h");
		expect(row(dump, "kmp382", "power_peak_month").meaning).toBe("1559 W");
		expect(row(dump, "kmp382", "production_no").meaning).toBe("268439699");
		expect(row(dump, "kmp382", "check byte").meaning).toBe("right");
	});

	it("tells the check byte that is wrong", () => {
		expect(row(dumpOf(ascii("@FE9073\r")), "kmp382", "check byte").meaning).toBe(
			"WRONG: expected 0x72, is 0x73",
		);
	});
});

describe("IEC 62056-21", () => {
	const body = "0.0(00054042)\r\n1.20(0000053*kWh)\r\n1.6(000018,3*kW)!\r\n\x03";
	const readout = (kind: "xor" | "sum") => {
		const block = ascii(body);
		const check = String.fromCharCode(blockCheck(kind, block, 0, block.length));
		return ascii(`/KAM 685-382-OK-15\r\n\x02${body}${check}`);
	};

	it("explains a Kamstrup 382 and says which check character fits", () => {
		const dump = dumpOf(readout("sum"));
		expect(dump.protocol).toBe("iec62056");
		expect(row(dump, "62056-21", "maker").meaning).toBe("KAM: Kamstrup");
		expect(row(dump, "62056-21", "1.20").meaning).toBe("energy_import: 0000053 kWh");
		expect(row(dump, "62056-21", "1.6").meaning).toBe("power_peak_month: 000018,3 kW");
		expect(row(dump, "62056-21", "BCC").meaning).toBe("right: 7-bit sum (Kamstrup), not XOR");
		expect(row(dumpOf(readout("xor")), "62056-21", "BCC").meaning).toBe("right: XOR");
	});

	it("tells both check characters where none fits", () => {
		const bytes = readout("sum");
		bytes[bytes.length - 1] = 0x55;
		expect(row(dumpOf(bytes), "62056-21", "BCC").meaning).toMatch(
			/^WRONG: expected .* \(XOR\) or .* is 0x55$/,
		);
	});

	it("explains commands by their worked check characters, but never shows a password", () => {
		expect(row(dumpOf(ascii("\x01B0\x03q")), "62056-21", "BCC").meaning).toBe("right: XOR");
		expect(row(dumpOf(ascii("\x01R1\x021.8.0(1)\x03k")), "62056-21", "command").meaning).toBe("R1: read");
		const dump = dumpOf(ascii("\x01P0\x02(1234567)\x03P"));
		expect(row(dump, "62056-21", "password").bytes).toBe(Array(9).fill("XX").join(" "));
		expect(dump.text).not.toContain("1234567");
	});
});

describe("P1", () => {
	const text = "/TEST\r\n\r\n1-3:0.2.8(50)\r\n!";

	it("explains the worked telegram with its CRC", () => {
		const dump = dumpOf(ascii(`${text}2A99\r\n`), { protocol: "p1" });
		expect(row(dump, "p1", "1-3:0.2.8").meaning).toBe("version of the P1 telegram: 50");
		expect(row(dump, "p1", "CRC")).toMatchObject({ bytes: "32 41 39 39", meaning: "right" });
	});

	it("tells expected and actual CRC", () => {
		expect(row(dumpOf(ascii(`${text}2A98\r\n`)), "p1", "CRC").meaning).toBe("WRONG: expected 2A99, is 2A98");
	});

	it("says so where a line is damaged and where the telegram is cut", () => {
		const dump = dumpOf(ascii("/KMP5 X\r\n\r\n1-0:1.8.1(00001.234*kWh)\r\n1-0:1.8.(5\r\n1-0:2.8.1(0000"));
		expect(row(dump, "p1", "1-0:1.8.1").meaning).toBe("energy_import_t1: 1.234 kWh");
		expect(dump.rows.filter(({ field }) => field === "NOT UNDERSTOOD").length).toBeGreaterThan(0);
		expect(row(dump, "p1", "fault").meaning).toMatch(/^CUT/);
	});
});
