// Price lists in the forms of public services and of programs, and what is wrong with others.

import { entsoe, listOf, nordic, timeSeries } from "./support";

// The first three items of the documentation's kind of answer, prices as published for 2 October 2025 in NO1's form.
const HOURLY = `[
{"NOK_per_kWh":0.58214,"EUR_per_kWh":0.04963,"EXR":11.7305,"time_start":"2025-10-02T00:00:00+02:00","time_end":"2025-10-02T01:00:00+02:00"},
{"NOK_per_kWh":-0.00012,"EUR_per_kWh":-1.0e-5,"EXR":11.7305,"time_start":"2025-10-02T01:00:00+02:00","time_end":"2025-10-02T02:00:00+02:00"}]`;

test("hvakosterstrommen.no by the hour, in kroner or in euro", () => {
	const { problem, priceAt } = listOf(HOURLY);
	expect(problem).toBeUndefined();
	expect(priceAt("2025-10-02T00:00:00+02:00")).toBe(0.58214);
	expect(priceAt("2025-10-02T00:45:00+02:00")).toBe(0.58214);
	expect(priceAt("2025-10-02T01:00:00+02:00")).toBe(-0.00012);
	expect(priceAt("2025-10-02T02:00:00+02:00")).toBeNaN();
	expect(listOf(HOURLY, { currency: "EUR" }).priceAt("2025-10-02T01:59:00+02:00")).toBe(-0.00001);
});

test("elprisenligenu.dk by the quarter of an hour, in whatever pieces", () => {
	const text = nordic("2025-10-02", 15, (index) => (index - 10) / 100, "DKK");
	for (const size of [1, 13, 512, 100_000]) {
		const { problem, list, priceAt } = listOf(text, { currency: "DKK", size });
		expect([problem, list.count]).toEqual([undefined, 96]);
		expect(priceAt("2025-10-02T00:00:00+02:00")).toBe(-0.1);
		expect(priceAt("2025-10-02T13:15:00+02:00")).toBe(0.43);
		expect(priceAt("2025-10-02T23:45:00+02:00")).toBe(0.85);
		expect(priceAt("2025-10-03T00:00:00+02:00")).toBeNaN();
	}
});

test("ENTSO-E: quarters, where points that are missing have the price before them", () => {
	const { problem, priceAt } = listOf(
		entsoe(
			timeSeries("PT15M", [
				[1, "105.62"],
				[2, "99.1"],
				[5, "-3.04"],
			]),
		),
		{ currency: "EUR" },
	);
	expect(problem).toBeUndefined();
	const of = (time: string) => priceAt(`2025-10-02T${time}+02:00`);
	expect([of("00:00"), of("00:15"), of("00:30"), of("00:45"), of("01:00"), of("23:45")]).toEqual([
		0.10562, 0.0991, 0.0991, 0.0991, -0.00304, -0.00304,
	]);
});

test("ENTSO-E by the hour", () => {
	const { problem, list, priceAt } = listOf(
		entsoe(
			timeSeries(
				"PT60M",
				Array.from({ length: 24 }, (_, hour) => [hour + 1, `${hour}.00`] as const),
			),
		),
		{ currency: "EUR" },
	);
	expect([problem, list.count]).toEqual([undefined, 96]);
	expect(priceAt("2025-10-02T17:30:00+02:00")).toBe(0.017);
});

test("ENTSO-E with a second auction: only the market's counts", () => {
	const both = entsoe(timeSeries("PT15M", [[1, "50"]], 1), timeSeries("PT15M", [[1, "70"]], 2));
	expect(listOf(both, { currency: "EUR" }).priceAt("2025-10-02T12:00:00+02:00")).toBe(0.05);
});

test("ENTSO-E has nothing", () => {
	const none = `<?xml version="1.0"?><Acknowledgement_MarketDocument><Reason><code>999</code><text>No matching data found for Data item Day-ahead Prices [12.1.D]</text></Reason></Acknowledgement_MarketDocument>`;
	expect(listOf(none).problem).toBe("are none of today or tomorrow");
});

test("Home Assistant's Nord Pool: for a MWh, in UTC, with ends", () => {
	const text = JSON.stringify({
		unit: "NOK/MWh",
		prices: {
			NO1: [{ start: "2025-10-01T22:00:00+00:00", end: "2025-10-01T22:15:00+00:00", price: 582.14 }],
		},
	});
	const { problem, list, priceAt } = listOf(text);
	expect([problem, list.count, priceAt("2025-10-02T00:14:00+02:00")]).toEqual([undefined, 1, 0.58214]);
});

test("the shortest form, and local times", () => {
	const { problem, list, priceAt } = listOf(
		'{"currency":"NOK","start":"2025-10-02T00:00:00","step":15,"prices":[1,"2.5",null,4]}',
	);
	expect([problem, list.count]).toEqual([undefined, 3]);
	expect(["00:00", "00:15", "00:30", "00:45"].map((time) => priceAt(`2025-10-02T${time}+02:00`))).toEqual([
		1,
		2.5,
		Number.NaN,
		4,
	]);
});

test("times without an end last for their hour, or until the next one; milliseconds, too (aWATTar)", () => {
	const { list, priceAt } = listOf(
		'[{"date":"2025-10-01T22:00:00.000Z","price":1},{"date":"2025-10-01T22:30:00.000Z","price":2}]',
	);
	expect([list.count, priceAt("2025-10-02T00:15:00+02:00"), priceAt("2025-10-02T00:45:00+02:00")]).toEqual([
		6, 1, 2,
	]);
	const awattar =
		'{"object":"list","data":[{"start_timestamp":1759356000000,"end_timestamp":1759359600000,"marketprice":93.01,"unit":"Eur/MWh"}]}';
	expect(listOf(awattar, { currency: "EUR" }).priceAt("2025-10-02T00:30:00+02:00")).toBe(0.09301);
});

test("the days on which the clock changes: 100 and 92 quarters", () => {
	const text = JSON.stringify({
		start: "2025-10-26T00:00:00+02:00",
		step: 15,
		prices: Array.from({ length: 100 }, (_, index) => index),
	});
	const { list, priceAt } = listOf(text, { now: "2025-10-26T08:00:00+01:00" });
	expect(list.count).toBe(100);
	expect([
		priceAt("2025-10-26T02:00:00+02:00"),
		priceAt("2025-10-26T02:00:00+01:00"),
		priceAt("2025-10-26T23:45:00+01:00"),
	]).toEqual([8, 12, 99]);
	const spring = JSON.stringify({
		start: "2026-03-29T00:00:00+01:00",
		step: 60,
		prices: Array.from({ length: 23 }, (_, index) => index),
	});
	const { priceAt: then } = listOf(spring, { now: "2026-03-29T08:00:00+02:00" });
	expect([
		then("2026-03-29T01:59:00+01:00"),
		then("2026-03-29T03:00:00+02:00"),
		then("2026-03-29T23:00:00+02:00"),
	]).toEqual([1, 2, 22]);
});

test("without a clock the list's first day counts as today", () => {
	expect(listOf(HOURLY, { now: null }).priceAt("2025-10-02T01:00:00+02:00")).toBe(-0.00012);
});

const one = (member: string) =>
	`[{"time_start":"2025-10-02T00:00:00+02:00","time_end":"2025-10-02T01:00:00+02:00",${member}}]`;
test.each<[string, string, string]>([
	["nothing", "", "are empty"],
	["HTML", "<html><body><p>Not found</p></body></html>", "are none of today or tomorrow"],
	["text", "Service unavailable", "are neither JSON nor XML"],
	["a price that is no number", one('"NOK_per_kWh":"dear"'), "are not all numbers"],
	["a number that is none", one('"NOK_per_kWh":NaN'), "are not all numbers"],
	["an infinite price", one('"NOK_per_kWh":1e999'), "have a price that cannot be"],
	["a price beyond all", one('"NOK_per_kWh":20001'), "have a price that cannot be"],
	["no price", one('"SEK_per_kWh":1'), "are none of today or tomorrow"],
	["another currency", `{"currency":"EUR","prices":${one('"price":1')}}`, "are in another currency"],
	[
		"a unit in another currency",
		`{"unit":"EUR/MWh","prices":${one('"price":1')}}`,
		"are in another currency",
	],
	["another day", HOURLY.replaceAll("2025-10-02", "2025-09-02"), "are none of today or tomorrow"],
	[
		"a time twice",
		HOURLY.replaceAll(
			'T01:00:00+02:00","time_end":"2025-10-02T02',
			'T00:00:00+02:00","time_end":"2025-10-02T02',
		),
		"have a time twice",
	],
	["an end before its start", HOURLY.replace("T02:00:00", "T00:00:00"), "have a time that cannot be"],
	[
		"a price for a year",
		HOURLY.replace("2025-10-02T02:00:00", "2026-10-02T02:00:00"),
		"have a time that cannot be",
	],
	[
		"a time that is none",
		HOURLY.replace("T00:00:00", "T25:00:00"),
		"have a time that is no quarter of an hour",
	],
	[
		"a time within a quarter",
		HOURLY.replace("T00:00:00", "T00:01:00"),
		"have a time that is no quarter of an hour",
	],
	["cut off", HOURLY.slice(0, -20), "are cut off"],
	["cut within a word", '[{"time_st', "are cut off"],
	["brackets too many", "[]]", "are not well-formed"],
	[
		"XML that is cut",
		entsoe(timeSeries("PT15M", [[1, "1"]]))
			.replace(">EUR<", ">NOK<")
			.slice(0, -30),
		"are cut off",
	],
	[
		"a bomb",
		'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>',
		"have a document type",
	],
	["XML in another currency", entsoe(timeSeries("P1M", [[1, "1"]])), "are in another currency"],
	[
		"points too many",
		entsoe(
			timeSeries("PT15M", [
				[97, "1"],
				[98, "1"],
			]),
		).replace(">EUR<", ">NOK<"),
		"have a place that cannot be",
	],
	[
		"a point of no place",
		entsoe(timeSeries("PT15M", [[0, "1"]])).replace(">EUR<", ">NOK<"),
		"have a place that cannot be",
	],
	[
		"points that go back",
		entsoe(
			timeSeries("PT15M", [
				[3, "1"],
				[2, "1"],
			]),
		).replace(">EUR<", ">NOK<"),
		"have a place that cannot be",
	],
	[
		"days",
		entsoe(timeSeries("P1D", [[1, "1"]])).replace(">EUR<", ">NOK<"),
		"are for other times than quarters and hours",
	],
])("refused: %s", (_, text, problem) => {
	expect(listOf(text).problem).toBe(problem);
});

test("a body without an end is given up, at no cost in memory", () => {
	const { list } = listOf("[");
	const junk = new TextEncoder().encode(`{"${"x".repeat(4000)}":"${"y".repeat(4000)}"},`);
	for (let index = 0; index < 100; index++) list.take(junk);
	expect(list.finish()).toBe("are too many");
});

test("noise of all kinds is refused without an exception", () => {
	let seed = 7;
	const random = () => {
		seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
		return seed / 2 ** 31;
	};
	const samples = [
		HOURLY,
		entsoe(
			timeSeries("PT15M", [
				[1, "1"],
				[4, "2"],
			]),
		),
		'{"start":"2025-10-02T00:00:00","step":15,"prices":[1,2]}',
	];
	let refused = 0;
	for (let round = 0; round < 3000; round++) {
		const bytes = new TextEncoder().encode(samples[round % 3]);
		for (let hits = 0; hits < 3; hits++)
			bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
		const { problem, list } = listOf(new TextDecoder("latin1").decode(bytes));
		if (problem === undefined) expect(list.count).toBeGreaterThan(0);
		else refused++;
	}
	expect(refused).toBeGreaterThan(500);
});
