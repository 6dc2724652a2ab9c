// What history must say, computed by hand: days of 23 and 25 hours, a meter exchange, counters that run over, clocks that jump by
// a year, a gateway that was off for an hour, a day, a month. One test each; expected values are in the comments beside them.

import type { Period } from "../../../readings/history/calendar";
import { isoTime } from "../../../readings/history/calendar";
import type { History } from "../../../readings/history/recorder";
import { Rows } from "../../../readings/history/rows";
import { COPENHAGEN, counter, MemoryFiles, openHistory, reading } from "./storage";

const at = (iso: string) => Date.parse(iso) / 1000;
const HOUR = 3600;
const YEAR = 365 * 86_400;

/** A row in words: `begin..end change`, and what it is marked with. */
function rowsOf(history: History, period: Period): string[] {
	const rows = new Rows(history, period, 0, at("2030-01-01T00:00:00Z"), [0]);
	const all: string[] = [];
	while (rows.next()) {
		const time = (of: number) =>
			isoTime(of, history.zone).slice(5, 16).concat(isoTime(of, history.zone).slice(19));
		const marks = [rows.estimated ? " estimated" : "", rows.block ? " block" : "", rows.open ? " open" : ""];
		all.push(`${time(rows.from)}..${time(rows.to)} ${rows.change[0]}${marks.join("")}`);
	}
	return all;
}

/** Tells the import counter, in Wh; both clocks say `time` unless `said` is given. */
function tell(history: History, time: number, wh: number, id = "meter-1", said = time): void {
	history.reading(reading(null, [counter("energy_import", wh)], [], id), said, time);
}

test("the day of 23 hours: 30 March 2025 in Copenhagen", () => {
	const history = openHistory(new MemoryFiles(), COPENHAGEN);
	// Its first hour uses 1000 Wh, the next 1001 and so on. It begins at 23:00 UTC.
	let wh = 0;
	for (let hour = 0; hour <= 23; hour++) {
		tell(history, at("2025-03-29T23:00:00Z") + hour * HOUR, wh);
		wh += 1000 + hour;
	}
	// 23 × 1000 + (0 + 1 + … + 22) = 23,253.
	expect(rowsOf(history, "day")).toEqual(["03-30T00:00+01:00..03-31T00:00+02:00 23253"]);
	const hours = rowsOf(history, "hour");
	expect(hours).toHaveLength(23);
	// At 2:00 it is 3:00.
	expect(hours.slice(1, 4)).toEqual([
		"03-30T01:00+01:00..03-30T03:00+02:00 1001",
		"03-30T03:00+02:00..03-30T04:00+02:00 1002",
		"03-30T04:00+02:00..03-30T05:00+02:00 1003",
	]);
});

test("the day of 25 hours: 26 October 2025 in Copenhagen", () => {
	const history = openHistory(new MemoryFiles(), COPENHAGEN);
	let wh = 0;
	for (let hour = 0; hour <= 25; hour++) {
		tell(history, at("2025-10-25T22:00:00Z") + hour * HOUR, wh);
		wh += 1000 + hour;
	}
	// 25 × 1000 + (0 + 1 + … + 24) = 25,300.
	expect(rowsOf(history, "day")).toEqual(["10-26T00:00+02:00..10-27T00:00+01:00 25300"]);
	const hours = rowsOf(history, "hour");
	expect(hours).toHaveLength(25);
	// The hour from 2:00 to 3:00 is there twice.
	expect(hours.slice(1, 5)).toEqual([
		"10-26T01:00+02:00..10-26T02:00+02:00 1001",
		"10-26T02:00+02:00..10-26T02:00+01:00 1002",
		"10-26T02:00+01:00..10-26T03:00+01:00 1003",
		"10-26T03:00+01:00..10-26T04:00+01:00 1004",
	]);
});

test("a meter exchange at 10:40: both meters' parts of the hour are counted, nothing between", () => {
	const history = openHistory(new MemoryFiles(), "UTC0");
	tell(history, at("2025-06-10T10:00:00Z"), 5_000_000);
	tell(history, at("2025-06-10T10:40:00Z"), 5_000_600);
	tell(history, at("2025-06-10T10:45:00Z"), 10, "meter-2");
	tell(history, at("2025-06-10T11:00:00Z"), 310, "meter-2");
	tell(history, at("2025-06-10T12:00:00Z"), 1310, "meter-2");
	// 600 of the old one, 310 - 10 of the new one.
	expect(rowsOf(history, "hour")).toEqual([
		"06-10T10:00+00:00..06-10T11:00+00:00 900 estimated",
		"06-10T11:00+00:00..06-10T12:00+00:00 1000",
	]);
});

test("a counter that is set back under the same number: what it counts until it is believed is consumption", () => {
	const history = openHistory(new MemoryFiles(), "UTC0");
	tell(history, at("2025-06-10T10:00:00Z"), 5_000_000);
	tell(history, at("2025-06-10T11:00:00Z"), 5_001_000);
	// Read once an hour, as from a HAN port: the second reading confirms the first.
	tell(history, at("2025-06-10T12:00:00Z"), 40);
	tell(history, at("2025-06-10T13:00:00Z"), 540);
	tell(history, at("2025-06-10T14:00:00Z"), 1240);
	const sum = rowsOf(history, "hour").reduce((all, row) => all + Number(row.split(" ")[1]), 0);
	expect(sum).toBe(1000 + 500 + 700);
});

test("a meter exchange while the gateway is off", () => {
	const files = new MemoryFiles();
	tell(openHistory(files, "UTC0"), at("2025-06-10T10:00:00Z"), 5_000_000);
	const history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T12:00:00Z"), 40, "meter-2");
	tell(history, at("2025-06-10T13:00:00Z"), 340, "meter-2");
	// What the old one counted after 10:00 nobody knows.
	expect(rowsOf(history, "hour")).toEqual([
		"06-10T10:00+00:00..06-10T11:00+00:00 0 estimated",
		"06-10T11:00+00:00..06-10T12:00+00:00 0 estimated",
		"06-10T12:00+00:00..06-10T13:00+00:00 300",
	]);
});

test.each([
	["at 99999.999 kWh", 99_999_400, 200, 800],
	["at 999999.999 kWh", 999_999_700, 100, 400],
	["at 2^32 Wh", 4_294_967_000, 4, 300],
])("a counter that runs over %s", (_, before, after, used) => {
	const files = new MemoryFiles();
	let history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T00:00:00Z"), before - 1000);
	tell(history, at("2025-06-10T01:00:00Z"), before);
	// Two readings agree on it; then a restart, and it goes on.
	tell(history, at("2025-06-10T02:00:00Z"), after);
	tell(history, at("2025-06-10T02:00:10Z"), after);
	history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T03:00:00Z"), after + 50);
	expect(rowsOf(history, "hour")).toEqual([
		"06-10T00:00+00:00..06-10T01:00+00:00 1000",
		`06-10T01:00+00:00..06-10T02:00+00:00 ${used}`,
		"06-10T02:00+00:00..06-10T03:00+00:00 50",
	]);
});

test.each([
	["forward", YEAR],
	["back", -YEAR],
])("clocks that jump a year %s for an hour leave no trace", (_, by) => {
	const history = openHistory(new MemoryFiles(), "UTC0");
	const start = at("2025-06-10T08:00:00Z");
	for (let minute = 0; minute <= 480; minute += 10) {
		const jumped = minute >= 150 && minute < 210;
		tell(history, start + minute * 60, minute * 20, "meter-1", start + minute * 60 + (jumped ? by : 0));
	}
	// 20 Wh a minute.
	expect(rowsOf(history, "hour")).toEqual(
		["08", "09", "10", "11", "12", "13", "14", "15"].map(
			(hour, index) => `06-10T${hour}:00+00:00..06-10T${`${9 + index}`.padStart(2, "0")}:00+00:00 1200`,
		),
	);
});

test("the gateway is off for an hour: spread by time between the readings around it, the sum exact", () => {
	const files = new MemoryFiles();
	let history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T09:00:00Z"), 0);
	tell(history, at("2025-06-10T10:00:00Z"), 600);
	tell(history, at("2025-06-10T10:05:00Z"), 650);
	// No power until 11:10; 1400 Wh since 10:00, which was kept: 60 of 70 minutes are 1200.
	history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T11:10:00Z"), 2000);
	tell(history, at("2025-06-10T12:00:00Z"), 2500);
	tell(history, at("2025-06-10T13:00:00Z"), 3100);
	expect(rowsOf(history, "hour")).toEqual([
		"06-10T09:00+00:00..06-10T10:00+00:00 600",
		"06-10T10:00+00:00..06-10T11:00+00:00 1200 estimated",
		// 2500 - 1800.
		"06-10T11:00+00:00..06-10T12:00+00:00 700 estimated",
		"06-10T12:00+00:00..06-10T13:00+00:00 600",
	]);
});

test("the gateway is off for a day: 24 estimated hours, and two estimated days", () => {
	const files = new MemoryFiles();
	let history = openHistory(files, COPENHAGEN);
	// Midnight in Copenhagen is 22:00 UTC. 500 Wh an hour until 8:00 UTC.
	for (let hour = 0; hour <= 10; hour++) tell(history, at("2025-06-09T22:00:00Z") + hour * HOUR, hour * 500);
	history = openHistory(files, COPENHAGEN);
	// 7200 Wh in 24 hours are 300 an hour; then 1000 an hour.
	for (let hour = 0; hour <= 14; hour++)
		tell(history, at("2025-06-11T08:00:00Z") + hour * HOUR, 12_200 + hour * 1000);
	const hours = rowsOf(history, "hour");
	expect(hours.filter((row) => row.endsWith(" 300 estimated"))).toHaveLength(24);
	expect(hours.filter((row) => row.endsWith(" 500"))).toHaveLength(10);
	expect(hours.filter((row) => row.endsWith(" 1000"))).toHaveLength(14);
	expect(hours).toHaveLength(48);
	expect(rowsOf(history, "day")).toEqual([
		// 10 hours of 500, 14 of 300.
		"06-10T00:00+02:00..06-11T00:00+02:00 9200 estimated",
		// 10 hours of 300, 14 of 1000.
		"06-11T00:00+02:00..06-12T00:00+02:00 17000 estimated",
	]);
});

test("the gateway is off for a month: one block of hours, thirty estimated days, a true month", () => {
	const files = new MemoryFiles();
	let history = openHistory(files, "UTC0");
	tell(history, at("2025-05-31T23:00:00Z"), 0);
	tell(history, at("2025-06-01T00:00:00Z"), 1000);
	history = openHistory(files, "UTC0");
	// 30 days of 24 kWh.
	tell(history, at("2025-07-01T00:00:00Z"), 721_000);
	tell(history, at("2025-07-01T01:00:00Z"), 722_500);
	expect(rowsOf(history, "hour")).toEqual([
		"05-31T23:00+00:00..06-01T00:00+00:00 1000",
		"06-01T00:00+00:00..07-01T00:00+00:00 720000 block",
		"07-01T00:00+00:00..07-01T01:00+00:00 1500",
	]);
	const days = rowsOf(history, "day");
	expect(days.filter((row) => row.endsWith(" 24000 estimated"))).toHaveLength(30);
	expect(days).toHaveLength(31);
	expect(rowsOf(history, "month")).toEqual([
		"06-01T00:00+00:00..07-01T00:00+00:00 720000",
		"07-01T00:00+00:00..07-01T01:00+00:00 1500 open",
	]);
});

test("the gateway is off for two months: one block of days", () => {
	const files = new MemoryFiles();
	tell(openHistory(files, "UTC0"), at("2025-05-01T00:00:00Z"), 1000);
	const history = openHistory(files, "UTC0");
	tell(history, at("2025-07-01T00:00:00Z"), 62_000);
	tell(history, at("2025-07-02T00:00:00Z"), 63_500);
	expect(rowsOf(history, "day")).toEqual([
		"05-01T00:00+00:00..07-01T00:00+00:00 61000 block",
		"07-01T00:00+00:00..07-02T00:00+00:00 1500",
	]);
	// 61 days; May has 31, so 31,000 and 30,000.
	expect(rowsOf(history, "month").slice(0, 2)).toEqual([
		"05-01T00:00+00:00..06-01T00:00+00:00 31000 estimated",
		"06-01T00:00+00:00..07-01T00:00+00:00 30000 estimated",
	]);
});

test("a used meter with a higher counter comes, and the gateway restarts within the hour: nothing is invented", () => {
	const files = new MemoryFiles();
	let history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T10:00:00Z"), 5_000_000);
	tell(history, at("2025-06-10T10:40:00Z"), 5_000_600);
	tell(history, at("2025-06-10T10:45:00Z"), 9_000_000, "meter-2");
	history = openHistory(files, "UTC0");
	tell(history, at("2025-06-10T10:50:00Z"), 9_000_100, "meter-2");
	tell(history, at("2025-06-10T11:00:00Z"), 9_000_300, "meter-2");
	// 600 of the old one, 300 of the new one; not 4000 kWh.
	expect(rowsOf(history, "hour")).toEqual(["06-10T10:00+00:00..06-10T11:00+00:00 900"]);
});
