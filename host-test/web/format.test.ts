import { parseExact } from "../../web/exact-json.js";
import { duration, label, numberParts, shifted, valueText } from "../../web/format.js";

describe("exact numbers", () => {
	test("values keep zeros and digits that a float would lose; other numbers stay numbers", () => {
		expect(
			parseExact('{"a":{"value":85823.280,"age":1.50},"b":{"value":12345678901234567890},"n":-0.10}'),
		).toEqual({
			a: { value: { number: "85823.280" }, age: 1.5 },
			b: { value: { number: "12345678901234567890" } },
			n: -0.1,
		});
	});

	test("text values are never taken for numbers, whatever they contain", () => {
		const text = 'say "value":12 and \\"value\\":3';
		expect(parseExact(JSON.stringify({ x: { value: text }, y: [text] }))).toEqual({
			x: { value: text },
			y: [text],
		});
	});

	test.each([
		["3771", -3, "3.771"],
		["20", -3, "0.020"],
		["0", -3, "0.000"],
		["-5", -3, "-0.005"],
		["3771.5", -3, "3.7715"],
		["0.42", 3, "420"],
		["1.2345", 3, "1234.5"],
		["1.9591204e24", -3, "1.9591204e24"],
	])("%s moved by %i places is %s", (text, power, expected) => {
		expect(shifted(text, power)).toBe(expected);
	});

	test("digits are grouped from five on, the fraction never", () => {
		expect(numberParts("85823.2801")).toEqual({ whole: "85\u202f823", fraction: ".2801" });
		expect(numberParts("1204")).toEqual({ whole: "1204", fraction: "" });
		expect(numberParts("-1234567")).toEqual({ whole: "\u22121\u202f234\u202f567", fraction: "" });
	});

	test("a value is shown with its unit, a text as it is", () => {
		expect(valueText({ number: "49.98" }, "Hz")).toBe("49.98\u00a0Hz");
		expect(valueText("hello", undefined)).toBe("hello");
	});
});

test.each([
	[0.4, "0\u00a0s"],
	[99, "99\u00a0s"],
	[100, "1\u00a0min"],
	[3600, "60\u00a0min"],
	[7200, "2\u00a0h"],
	[200_000, "2\u00a0days"],
])("%d seconds are %s", (seconds, text) => {
	expect(duration(seconds)).toBe(text);
});

test.each([
	["reactive_power_import_l1", "Reactive power import L1"],
	["energy_import_t2", "Energy import, tariff 2"],
	["gas_volume", "Volume"],
	["1-0:99.1.0", "1-0:99.1.0"],
])("the name %s reads %s", (name, text) => {
	expect(label(name)).toBe(text);
});
