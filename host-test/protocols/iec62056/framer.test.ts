// What the framer finds in a stream of characters, with offsets, codes and the bytes of each message; where it goes on
// after a damaged one. Messages by IEC 62056-21:2002, 6.3; the telegram with a CRC is the worked example of P1.

import { ACK } from "../../../protocols/iec62056/characters.js";
import { MessageFramer } from "../../../protocols/iec62056/framer.js";
import { commandMessage, dataBlock } from "../../../protocols/iec62056/messages.js";
import { ascii, checksums, hex, join } from "../asking.js";

/** A framer whose sink writes down what it is told: `data`, `identified`, … in short. */
function listening() {
	const told: string[] = [];
	const frames: { readonly bytes: Uint8Array; readonly copy: Uint8Array }[] = [];
	const framer = new MessageFramer(checksums, {
		again: () => false,
		identified: ({ maker, model }) => told.push(`${maker} ${model}`),
		data: ({ sets, protection, last, readout, offset, frame }) => {
			const marks = `${protection}${last ? "" : " more"}${readout ? " readout" : ""}`;
			told.push(`${sets.map(({ id }) => id).join()} ${marks} ${offset}`);
			frames.push({ bytes: frame, copy: frame.slice() });
		},
		command: (name) => told.push(name),
		control: (character) => told.push(character === ACK ? "ACK" : "NAK"),
		table: (line, table, offset, frame) => {
			told.push(`/#${table} ${line} ${offset}`);
			frames.push({ bytes: frame, copy: frame.slice() });
		},
		rejected: ({ code, offset, expected, actual }) =>
			told.push(`-${code} ${offset}${expected === undefined ? "" : ` ${expected} ${actual}`}`),
	});
	return { framer, told, frames };
}

/** What is told of these bytes, and `end` behind them; the same whatever pieces they come in. */
function heard(...parts: (string | Uint8Array)[]): readonly string[] {
	const bytes = join(...parts.map((part) => (typeof part === "string" ? ascii(part) : part)));
	const [whole = [], ...others] = [bytes.length, 1, 7].map((size) => {
		const { framer, told } = listening();
		for (let at = 0; at < bytes.length; at += size) framer.push(bytes.subarray(at, at + size));
		framer.end();
		return told;
	});
	for (const other of others) expect(other).toEqual(whole);
	return whole;
}

const IDENT = "/LGZ5X\r\n";
const READOUT = dataBlock("1.8.0(1*kWh)\r\n!\r\n");
const REPLY = dataBlock("2.8.0(1*kWh)");
const WORKED = "/TEST\r\n\r\n1-3:0.2.8(50)\r\n!";

describe("a readout in a block", () => {
	test("with request, identification and selection in front, from which its frame begins", () => {
		expect(heard("/?!\r\n", IDENT, "\x06050\r\n", READOUT)).toEqual(["LGZ X", "1.8.0 xor readout 5"]);
		expect(heard(IDENT, READOUT, IDENT, READOUT)).toEqual([
			"LGZ X",
			"1.8.0 xor readout 0",
			"LGZ X",
			`1.8.0 xor readout ${IDENT.length + READOUT.length}`,
		]);
		const { framer, frames } = listening();
		framer.push(join(ascii("x\r\n"), ascii(IDENT), READOUT, new Uint8Array(3000)));
		expect(frames[0]?.bytes).toEqual(join(ascii(IDENT), READOUT));
	});

	test("keeps its bytes as long as the call lasts, whatever follows in it", () => {
		const { framer, frames } = listening();
		framer.push(join(READOUT, REPLY, ascii("z".repeat(5000)), REPLY, ascii("y".repeat(5000))));
		expect(frames).toHaveLength(2 + 1);
		for (const { bytes, copy } of frames) expect(bytes).toEqual(copy);
		expect(frames[1]?.bytes).toEqual(REPLY);
	});

	test("STX right behind the identification, and fill characters between", () => {
		expect(heard("/LGZ5X", READOUT)).toEqual(["LGZ X", "1.8.0 xor readout 0"]);
		expect(heard(IDENT, "\0 \x7f\r\n", READOUT)).toEqual(["LGZ X", "1.8.0 xor readout 0"]);
	});

	test("the selection may be without end, but not for long", () => {
		expect(heard(IDENT, "\x06050", READOUT)).toEqual(["LGZ X", "1.8.0 xor readout 0"]);
		expect(heard(IDENT, "\x0612345678", READOUT)).toEqual(["LGZ X", "1.8.0 xor readout 0"]);
		expect(heard(IDENT, "\x061234567890\r\n!\r\n", IDENT, READOUT)).toEqual([
			"LGZ X",
			"-syntax 0",
			"LGZ X",
			`1.8.0 xor readout ${IDENT.length + 16}`,
		]);
	});

	test("8 kB behind its identification it is none of it any more", () => {
		const filled = (count: number) => heard(IDENT, new Uint8Array(count), REPLY);
		expect(filled(8192 - IDENT.length + 1)).toEqual(["LGZ X", "-syntax 0"]);
		expect(filled(8192 - IDENT.length + 2)).toEqual(["LGZ X", "2.8.0 xor 8194"]);
	});

	test("needs its ! and a data set; parts need no !", () => {
		expect(heard(IDENT, dataBlock("1.8.0(1)\r\n"))).toEqual(["LGZ X", "-syntax 0"]);
		expect(heard(IDENT, dataBlock("!\r\n"))).toEqual(["LGZ X", "-syntax 0"]);
		expect(heard(IDENT, dataBlock("1.8.0(1)\r\n", "xor", true))).toEqual([
			"LGZ X",
			"1.8.0 xor more readout 0",
		]);
		expect(heard(dataBlock("!"), dataBlock("\r\n"))).toEqual(["-syntax 0", "-syntax 4"]);
		expect(heard(dataBlock("broken"))).toEqual(["-syntax 0"]);
	});

	test("a wrong check character: an STX inside begins nothing, an identification does", () => {
		const inner = "1.8.0(1)\r\n\x022.8.0(2)";
		const wrong = (text: string) => join(ascii(`\x02${text}\x03`), Uint8Array.of(0x7e));
		expect(heard(IDENT, wrong(inner), REPLY)).toHaveLength(3);
		const told = heard(IDENT, wrong(`${inner}\r\n!\r\n`), REPLY);
		expect(told[1]).toMatch(/^-bcc 0 \d+ 126$/);
		expect(told[2]).toBe(`2.8.0 xor ${IDENT.length + inner.length + 8}`);
		// A reply is not a readout: whatever follows an STX in it may be the next one.
		expect(heard("\x021.8.0(1", REPLY)).toEqual(["-truncated 0", "2.8.0 xor 8"]);
		expect(heard("\x021.8.0(1\x01B01", REPLY)).toEqual(["-truncated 0", "-truncated 8", "2.8.0 xor 12"]);
		expect(heard(IDENT, "\x021.8.0(1)\r\n", IDENT, READOUT)).toEqual([
			"LGZ X",
			"-truncated 0",
			"LGZ X",
			`1.8.0 xor readout ${IDENT.length + 11}`,
		]);
	});

	test("the sum is Kamstrup's and nobody else's, as far as the maker is known", () => {
		const sum = dataBlock("1.8.0(1)\r\n!\r\n", "sum");
		expect(heard("/KAM0X\r\n", sum)).toEqual(["KAM X", "1.8.0 sum readout 0"]);
		expect(heard(sum)).toEqual(["1.8.0 sum 0"]);
		expect(heard(IDENT, sum)[1]).toMatch(/^-bcc 0/);
	});

	test("16 kB are taken, more are not, and the next one is read", () => {
		const sized = (length: number) => dataBlock(`1.8.0(${"1".repeat(length - 13)})\r\n!`);
		expect(sized(16_384)).toHaveLength(16_384);
		expect(heard(sized(16_383), REPLY)).toEqual(["1.8.0 xor 0", "2.8.0 xor 16383"]);
		const told = heard(sized(20_000), REPLY);
		expect(told[0]).toBe("-length 0");
		expect(told.at(-1)).toBe("2.8.0 xor 20000");
	});
});

describe("a telegram without STX", () => {
	test("behind a blank line is whole with its !, of either kind of line ends", () => {
		expect(heard("/EMH5X\r\n\r\n1.8.0(1)\r\n!\r\n")).toEqual(["EMH X", "1.8.0 none readout 0"]);
		expect(heard("x\n/EMH5X\n\n1.8.0(1)\n!\n")).toEqual(["EMH X", "1.8.0 none readout 2"]);
		expect(heard("/EMH5X\r\n\r\n1.8.0(a!b)!\r\n")).toEqual(["EMH X", "1.8.0 none readout 0"]);
		const { framer, told } = listening();
		framer.push(ascii("/EMH5X\r\n\r\n1.8.0(1)\r\n!\r"));
		expect([told.length, framer.unsettled, framer.inData]).toEqual([2, false, false]);
	});

	test.each(["/EMH5X\r\n", "/EMH5X\r", "/EMH5X\n"])("right behind %j waits for what follows", (head) => {
		const { framer, told } = listening();
		framer.push(ascii(`${head}1.8.0(1)\r\n!\r\n`));
		expect([told, framer.unsettled]).toEqual([["EMH X"], true]);
		framer.settle();
		expect([told.at(-1), framer.unsettled]).toEqual(["1.8.0 none readout 0", false]);
		framer.settle();
		expect(told).toHaveLength(2);
		expect(heard(`${head}1.8.0(1)\r\n!\r\n`, IDENT)).toEqual(["EMH X", "1.8.0 none readout 0", "LGZ X"]);
		// An ETX says that there was an STX, which was lost: nothing vouches for the data.
		expect(heard(`${head}1.8.0(1)\r\n!\r\n\x03`)[1]).toBe("-syntax 0");
	});

	test("a CRC vouches for it", () => {
		expect(heard(WORKED, "2A99\r\n")).toEqual(["TES ", "1-3:0.2.8 crc readout 0"]);
		expect(heard(WORKED, "2a99\n")[1]).toBe("1-3:0.2.8 crc readout 0");
		expect(heard(WORKED.replace("\r\n\r\n", "\r\n"), "0\r\n")[1]).toMatch(/^-crc 0 \d+ 0$/);
		expect(heard(WORKED, "2A98\r\n")[1]).toBe(`-crc 0 ${0x2a99} ${0x2a98}`);
		for (const crc of ["2A9G\r\n", "02A99\r\n", "2A990000"]) expect(heard(WORKED, crc)[1]).toBe("-syntax 0");
	});

	test("with a line that is none is none; a / or STX in it begins something else", () => {
		const next = "/EMH5X\r\n\r\n1.8.0(1)\r\n!\r\n";
		expect(heard("/EMH5X\r\n\r\n1.8.0(1\r\n!\r\n")[1]).toBe("-syntax 0");
		expect(heard("/EMH5X\r\n\r\n\r\n!\r\n")[1]).toBe("-syntax 0");
		expect(heard("/EMH5X\r\n\r\n1.8.0(1)\r\n", next)).toEqual([
			"EMH X",
			"-truncated 0",
			"EMH X",
			"1.8.0 none readout 20",
		]);
		expect(heard("/EMH5X\r\n\r\n1.8.0(1/2)\r\n!\r\n")[1]).toBe("1.8.0 none readout 0");
		expect(heard("/EMH5X\r\n\r\n1.8.0(1)\r\n", REPLY)).toEqual(["EMH X", "-truncated 0", "2.8.0 xor 20"]);
	});
});

describe("requests and identifications", () => {
	test("a request is passed over, up to its ! or 40 characters; a / in it begins another", () => {
		expect(heard(`/?${"1".repeat(32)}!`, REPLY)).toEqual(["2.8.0 xor 35"]);
		expect(heard("/?12345", IDENT)).toEqual(["LGZ X"]);
		expect(heard("/", IDENT)).toEqual(["LGZ X"]);
		expect(heard(`/?${"1".repeat(40)}`, REPLY)).toEqual(["2.8.0 xor 42"]);
		expect(heard(`/?${"1".repeat(39)}`, REPLY)).toEqual([]);
	});

	test("an identification that is none is told; up to 64 characters it may have", () => {
		expect(heard("/1GZ5X\r\n", IDENT)).toEqual(["-identification 0", "LGZ X"]);
		expect(heard("/LGZ5X/LGZ5Y\r\n")).toEqual(["-truncated 0", "LGZ Y"]);
		const long = "y".repeat(59);
		expect(heard(`/LGZ5${long}\r\n`)).toEqual([`LGZ ${long}`]);
		expect(heard(`/LGZ5${long}yy\r\n`)[0]).toBe("-identification 0");
	});

	test("commands, ACK and NAK are handed on; a command behind an identification too", () => {
		expect(heard(commandMessage("P0", "(1)"), "\x06\x15", commandMessage("B0"))).toEqual([
			"P0",
			"ACK",
			"NAK",
			"B0",
		]);
		expect(heard(IDENT, commandMessage("P0", "(1)"))).toEqual(["LGZ X", "P0"]);
		expect(heard("\x01P12", REPLY)).toEqual(["-truncated 0", "2.8.0 xor 4"]);
	});
});

describe("tables", () => {
	const LINE = "0012345 0045678 0030710 0008123";
	test("a line is known by its look, its table by the request before", () => {
		expect(heard("/#1", LINE, " \r")).toEqual([`/#1 ${LINE} 3`]);
		expect(heard("/#1", LINE, "\r", LINE, "\r")).toEqual([`/#1 ${LINE} 3`, `/#1 ${LINE} ${4 + LINE.length}`]);
		expect(heard(LINE, "\r")).toEqual([`/#undefined ${LINE} 0`]);
	});

	test.each(["12345\r", `${LINE}x\r`, `${LINE}\n`, "0".repeat(400), `${"0000000 ".repeat(38)}\r`])(
		"%j is none",
		(line) => expect(heard("/#1", line, REPLY)).toEqual([`2.8.0 xor ${3 + line.length}`]),
	);

	test("300 characters it may have", () =>
		expect(heard(`${"0000000 ".repeat(37)}    \r`)).toEqual([
			`/#undefined ${"0000000 ".repeat(37).trim()} 0`,
		]));
});

describe("in the middle of a message", () => {
	const at = (text: string) => {
		const { framer, told } = listening();
		framer.push(ascii(text));
		const before = told.length;
		const { inData } = framer;
		const after = listening();
		after.framer.push(ascii(text));
		framer.end();
		return [inData, after.framer.reset(), told.slice(before).join()];
	};
	test.each([
		["nothing", "", false, false, ""],
		["a /", "/", false, false, ""],
		["a request", "/?12", false, false, ""],
		["a table's request", "/#", false, false, ""],
		["a table", "0012345 00", false, false, ""],
		["an identification", "/LGZ5", false, false, "-truncated 0"],
		["behind an identification", "/LGZ5X\r\n", false, false, ""],
		["a selection", "/LGZ5X\r\n\x0605", false, true, "-truncated 0,ACK"],
		["a telegram", "/LGZ5X\r\n\r\n1.8.0(1)\r\n", true, true, "-truncated 0"],
		["its CRC", `${WORKED}2A9`, true, true, `-crc 0 ${0x2a99} ${0x2a9}`],
		["its !", "/LGZ5X\r\n\r\n1.8.0(1)\r\n!", true, true, "1.8.0 none readout 0"],
		["a telegram that waits", "/LGZ5X\r\n1.8.0(1)\r\n!\r\n", true, true, "1.8.0 none readout 0"],
		["a block", "\x021.8.0(1)", true, true, "-truncated 0"],
		["its check character", "\x021.8.0(1)\x03", true, true, "-truncated 0"],
		["a command", "\x01P0\x02(1)", false, true, "-truncated 0,-truncated 3"],
	])("%s: data, lost when the line begins anew, told at the end", (_name, text, inData, lost, end) =>
		expect(at(text)).toEqual([inData, lost, end]),
	);

	test("anew begun, nothing of it counts, not even who the meter was", () => {
		const { framer, told } = listening();
		framer.push(ascii("/LGZ5X\r\n\x021.8"));
		expect(framer.reset()).toBe(true);
		framer.push(dataBlock("2.8.0(1)", "sum"));
		expect(told).toEqual(["LGZ X", "2.8.0 sum 12"]);
		expect(framer.reset()).toBe(false);
	});
});

test("bit 7 is the parity's place", () =>
	expect(
		heard(
			REPLY.map((byte) => byte | 0x80),
			hex("8695"),
		),
	).toEqual(["2.8.0 xor 0", "ACK", "NAK"]));
