// COSEM date-time (PROTOCOLS.md 8): UTC = local time + deviation.

import { notificationHeader } from "../../../protocols/dlms/apdu.js";
import { cosemTime, cosemTimeBytes } from "../../../protocols/dlms/cosem-time.js";
import { hex } from "./support.js";

it.each([
	["07E40101FF00030000FF8800", "2020-01-01T00:03:00+02:00"],
	["07E2020CFF00000000800000", "2018-02-12T00:00:00"],
	["07E3011F040D240AFF800000", "2019-01-31T13:36:10"],
	["07E509160311231EFFFFC400", "2021-09-22T17:35:30+01:00"],
	["07E4011502100000FF000000", "2020-01-21T16:00:00+00:00"],
	["07E60B03FF0F2619FFFF4CFF", "2022-11-03T15:38:25+03:00"],
	["07E8061D0608FFFFFF00F080", "2024-06-29T08:00:00-04:00"],
])("%s is %s", (bytes, text) => {
	expect(cosemTime(hex(bytes), 0)).toBe(text);
});

it.each([
	["an unspecified year", "FFFF0101FF000000FF800000"],
	["an unspecified day", "07E401FFFF000000FF800000"],
	["an unspecified hour", "07E40101FFFF0000FF800000"],
	["a month that is none", "07E40D01FF000000FF800000"],
	["30 February", "07E8021EFF000000FF800000"],
	["minute 60", "07E40101FF003C00FF800000"],
	["all FF", "FFFFFFFFFFFFFFFFFFFFFFFF"],
])("%s is no time", (_, bytes) => {
	expect(cosemTime(hex(bytes), 0)).toBeUndefined();
});

it("encodes what it decodes", () => {
	const moment = { year: 2024, month: 2, day: 29, weekday: 4, hour: 23, minute: 59, second: 58 };
	expect(cosemTimeBytes(moment)).toEqual(hex("07E8021D04173B3AFF800000"));
	expect(cosemTime(cosemTimeBytes({ ...moment, offsetMinutes: 120, status: 0x80 }), 0)).toBe(
		"2024-02-29T23:59:58+02:00",
	);
	expect(cosemTime(cosemTimeBytes({ ...moment, offsetMinutes: -210 }), 0)).toBe("2024-02-29T23:59:58-03:30");
});

describe("a notification's header", () => {
	const time = "07E3011F040D240AFF800000";
	it.each([
		["no time", "0F40000000 00 0101", { time: -1, body: 6 }],
		["0C", `0F00000000 0C ${time} 0219`, { time: 6, body: 18 }],
		["09 0C", `0F40000000 090C ${time} 0201`, { time: 7, body: 19 }],
		["19", `0F40000000 19 ${time} 0201`, { time: 6, body: 18 }],
	])("is read with %s", (_, bytes, header) => {
		expect(notificationHeader(hex(bytes), 0, hex(bytes).length)).toEqual(header);
	});

	it.each([
		["tag", "C401"],
		["truncated", "0F400000"],
		["truncated", "0F40000000 0C 07E3"],
		["date-time", `0F40000000 0B ${time}`],
		["date-time", `0F40000000 090B ${time}`],
	])("is rejected: %s", (code, bytes) => {
		expect(notificationHeader(hex(bytes), 0, hex(bytes).length)).toBe(code);
	});
});
