// What a session remembers of earlier telegrams must never show in a later one.

import { CodeBook, codeKey, MOST_CODES } from "../../../protocols/p1/codes";
import { TelegramParser } from "../../../protocols/p1/telegram";
import { latin1 } from "./support";

function parsed(parser: TelegramParser, ...lines: string[]) {
	const bytes = latin1(`/KFM5KAIFA-METER\r\n\r\n${lines.join("\r\n")}\r\n!`);
	return parser.parse(bytes, 0, bytes.length - 1).reading;
}

test("a telegram read after others gives what it gives alone", () => {
	const telegrams = [
		["1-0:1.7.0(00.123*kW)", "1-0:2.7.0(00.000*kW)", "0-0:96.1.1(4530303331)"],
		["1-1:1.7.0(00.200*kW)", "1-0:1.7.0(00.300*kW)"],
		["1-0:2.7.0(00.001*kW)", "1-0:1.7.0(00.400*kW)", "1-0:1.7.0(00.500*kW)"],
		["0-1:24.1.0(003)", "0-1:24.2.1(250320120000W)(00123.456*m3)", "1-0:1.7.0(00.600*kW)"],
	];
	const parser = new TelegramParser();
	const orders = [0, 1, 2, 3, 3, 1, 0, 2, 0];
	for (const index of orders) {
		const lines = telegrams[index] as string[];
		expect(parsed(parser, ...lines)).toEqual(parsed(new TelegramParser(), ...lines));
	}
	expect(parsed(parser, ...(telegrams[1] as string[])).quantities.map(({ name }) => name)).toEqual([
		"power_import",
		"1-0:1.7.0",
	]);
});

test.each([
	"00123.456*kWh",
	"000123.456*kWh",
	"00000123.4*kW",
	"12345678901*V",
	"00.500*kW",
	"00002",
	"230.1*V",
])(
	"%s that has not changed is the same object as before, so that two readings take little more than one",
	(value) => {
		const parser = new TelegramParser();
		const line = `1-0:1.8.1(${value})`;
		const [before] = parsed(parser, line, "1-0:2.8.1(1)").quantities;
		expect(typeof before?.value).toBe("object");
		expect(parsed(parser, line, "1-0:2.8.1(1)").quantities[0]).toBe(before);
		expect(parsed(parser, line, "1-0:2.8.1(1)").quantities[0]).toBe(before);
	},
);

test("each of the 48 bits of a code counts", () => {
	const keys = new Set<number>();
	for (let group = 0; group < 6; group++)
		for (let bit = 0; bit < 8; bit++) {
			const groups = new Uint8Array(6);
			groups[group] = 1 << bit;
			keys.add(codeKey(groups));
		}
	expect(keys.size).toBe(48);
	expect(codeKey(new Uint8Array(6).fill(255))).toBe(2 ** 48 - 1);
});

test("noise with ever new codes makes the book start anew, and a quiet meter's book stays", () => {
	const book = new CodeBook();
	book.begin();
	expect([7, 8, 7, 9].map((key) => book.find(key))).toEqual([0, 1, 0, 2]);
	book.begin();
	expect([9, 8].map((key) => book.find(key))).toEqual([2, 1]);
	for (let noise = 100; noise < 1000; noise++) book.find(noise);
	expect(book.texts).toHaveLength(MOST_CODES);
	expect(book.find(5000)).toBe(-1);
	expect(book.find(9)).toBe(2);
	book.begin();
	expect([8, 5000].map((key) => book.find(key))).toEqual([0, 1]);
});
