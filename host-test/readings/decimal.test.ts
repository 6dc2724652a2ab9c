import fc from "fast-check";
import {
	compare,
	decimal,
	multiplied,
	parseDecimal,
	parseDecimalText,
	scaled,
	toNumber,
	toText,
} from "../../readings/decimal";

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

describe("exact decimals", () => {
	test.each([
		["85823.280", "85823.280"],
		["000018,3", "18.3"],
		["+000.8", "0.8"],
		["-0.05", "-0.05"],
		["0000", "0"],
		["00.428", "0.428"],
		["-0", "0"],
		["9007199254740993.1", "9007199254740993.1"],
		["123456789012345678901234567890", "123456789012345678901234567890"],
		["5.", "5"],
		[".5", "0.5"],
	])("reads %s and prints %s", (given, printed) => {
		const value = parseDecimalText(given);
		expect(value && toText(value)).toBe(printed);
	});

	test.each(["", "-", ".", "1.2.3", "1a", "0x10", " 1", "1 ", "--1", "1e5", "٣"])("refuses %j", (given) => {
		expect(parseDecimalText(given)).toBeUndefined();
	});

	test("reads a range of a longer buffer", () => {
		const value = parseDecimal(ascii("1.7.0(00.428*kW)"), 6, 12);
		expect(value).toEqual({ mantissa: 428, exponent: -3 });
	});

	test("prints what KMP's worked examples say", () => {
		// PROTOCOLS.md 3.4: -123.45; 87 654 321·10³; 19591204·10¹⁷ kW in scientific form only beyond 20 zeros.
		expect(toText(decimal(-0x3039, -2))).toBe("-123.45");
		expect(toText(decimal(0x05397fb1, 3))).toBe("87654321000");
		expect(toText(decimal(0x012af024, 17))).toBe("1959120400000000000000000");
		expect(toText(decimal(12, 21))).toBe("1.2e22");
		expect(toText(decimal(0, 12))).toBe("0");
	});

	test("scales by moving the point, and multiplies exactly beyond 2^53", () => {
		expect(toText(scaled(decimal(428, -3), 3))).toBe("428");
		expect(toText(scaled(decimal(25, -2), 3))).toBe("250");
		expect(toText(multiplied(decimal(9007199254740991), 60))).toBe("540431955284459460");
	});

	test("a BigInt that fits becomes a number, one that does not stays", () => {
		expect(decimal(5n).mantissa).toBe(5);
		expect(decimal(2n ** 60n).mantissa).toBe(2n ** 60n);
	});

	test("compares across exponents and widths", () => {
		expect(compare(decimal(10, -1), decimal(1))).toBe(0);
		expect(compare(decimal(-1), decimal(1, -9))).toBe(-1);
		expect(compare(decimal(2n ** 64n), decimal(2n ** 64n - 1n))).toBe(1);
	});

	test("every decimal survives print and read", () => {
		fc.assert(
			fc.property(
				fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
				fc.integer({ min: -20, max: 0 }),
				(mantissa, exponent) => {
					const value = decimal(mantissa, exponent);
					const again = parseDecimalText(toText(value));
					expect(again && compare(again, value)).toBe(0);
					expect(again?.exponent).toBe(exponent === 0 ? 0 : exponent);
				},
			),
		);
	});

	test("what is printed is a JSON number of the same size", () => {
		fc.assert(
			fc.property(fc.maxSafeInteger(), fc.integer({ min: -40, max: 40 }), (mantissa, exponent) => {
				const value = decimal(mantissa, exponent);
				const parsed = JSON.parse(toText(value)) as number;
				expect(parsed === toNumber(value) || (parsed === 0 && toNumber(value) === 0)).toBe(true);
			}),
		);
	});
});
