// When a new firmware stays, and when it gives way.

import "../../host/platform/globals";
import { outcomeOf, readUpdateRecord, verdict } from "../../firmware/trial";

const LIMIT = 600;
const record = { version: "2.0.0", from: "ota_0", readings: true };

test.each([
	["network and a reading: it stays", { uptime: 20, network: true, reading: true }, record, "confirm"],
	["no reading yet: it waits", { uptime: 599, network: true, reading: false }, record, undefined],
	["no reading in time: it goes", { uptime: 600, network: true, reading: false }, record, "roll back"],
	[
		"readings, but nobody can see them: it goes",
		{ uptime: 600, network: false, reading: true },
		record,
		"roll back",
	],
	[
		"a device without a meter needs the network only",
		{ uptime: 5, network: true, reading: false },
		{ ...record, readings: false },
		"confirm",
	],
	[
		"its record is lost: it must do both",
		{ uptime: 600, network: true, reading: false },
		undefined,
		"roll back",
	],
] as const)("%s", (_, facts, kept, expected) => {
	expect(verdict(facts, kept, LIMIT)).toBe(expected);
});

test("how an update ended shows in the slot that runs", () => {
	expect(outcomeOf(undefined, { slot: "ota_0", onTrial: false })).toBeUndefined();
	expect(outcomeOf(record, { slot: "ota_1", onTrial: true })).toBe("on trial");
	expect(outcomeOf(record, { slot: "ota_1", onTrial: false })).toBe("installed");
	expect(outcomeOf(record, { slot: "ota_0", onTrial: false })).toBe("rolled back");
});

test("a damaged record is none", () => {
	const bytes = (text: string) => new TextEncoder().encode(text);
	expect(readUpdateRecord(bytes(JSON.stringify(record)))).toEqual(record);
	for (const text of ["", "{", "null", "[]", '{"version":1}', '{"version":"1","from":"x"}'])
		expect(readUpdateRecord(bytes(text))).toBeUndefined();
	expect(readUpdateRecord(undefined)).toBeUndefined();
});
