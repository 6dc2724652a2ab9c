// The addresses of history over the web server: rows as JSON and CSV, peaks, power, export, import, bad queries.

import "../../host/platform/globals";
import { HistoryKeeper } from "../../app/history";
import { Server } from "../outputs/http/support";
import { counter, MemoryFiles, reading } from "../readings/history/storage";

const START = Date.UTC(2025, 0, 6, 23) / 1000;

/** Ten days in Copenhagen: 1 kWh in the hour of 18, 0.25 kWh in the others. */
function opened() {
	let now = 0;
	const files = new MemoryFiles();
	const stored = plain(files);
	const log: string[] = [];
	const keeper = new HistoryKeeper(
		{
			files: stored,
			now: () => now * 1000,
			wallTime: () => (START + now) * 1000,
			log: (line) => void log.push(line),
		},
		"Europe/Copenhagen",
	);
	let total = 5_000_000;
	for (let hour = 0; hour < 240; hour++) {
		now = hour * 3600;
		const power = { name: "power_import", value: { mantissa: 250, exponent: 0 }, unit: "W" };
		keeper.reading(reading(null, [counter("energy_import", total), power]));
		total += hour % 24 === 18 ? 1000 : 250;
	}
	const server = Server.guarded({}, { responders: [keeper] });
	return { keeper, server, log };
}

const plain = (files: MemoryFiles) => ({
	read: (name: string) => files.read(name),
	readPart: (name: string, at: number, count: number) => files.readPart(name, at, count),
	append: (name: string, bytes: Uint8Array, at?: number) => files.append(name, bytes, at),
	write: (name: string, bytes: Uint8Array) => files.write(name, bytes),
	remove: (name: string) => files.remove(name),
});

const { server, log } = opened();

test("days as JSON, local days by name", () => {
	const { status, headers, text } = server.ask(
		"/api/v1/history?period=day&from=2025-01-07&to=2025-01-10&quantity=energy_import",
	);
	expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
	expect(JSON.parse(text)).toEqual({
		period: "day",
		timeZone: "Europe/Copenhagen",
		columns: [{ name: "energy_import", unit: "kWh", device: null }],
		rows: ["07", "08", "09"].map((day, index) => ({
			from: `2025-01-${day}T00:00:00+01:00`,
			to: `2025-01-${["08", "09", "10"][index]}T00:00:00+01:00`,
			// 23 hours of 0.25 and one of 1.
			change: [6.75],
		})),
	});
	expect(text).toContain('"change":[6.750]');
});

test("the period that is not over is there, and says so", () => {
	// The newest reading is of 22:00 UTC, so 23:00 local on the 16th: 23 hours of that day.
	const { rows } = JSON.parse(server.ask("/api/v1/history?period=day").text);
	expect(rows.at(-1)).toEqual({
		from: "2025-01-16T00:00:00+01:00",
		to: "2025-01-16T23:00:00+01:00",
		change: [6.5],
		open: true,
	});
	expect(rows.at(-2)).not.toHaveProperty("open");
});

test("hours as CSV, by parameter and by Accept", () => {
	const path = "/api/v1/history?period=hour&from=2025-01-07T17:00:00&to=2025-01-07T19:00:00";
	const expected = [
		"from,to,energy_import (kWh),estimated,block,open",
		"2025-01-07T17:00:00+01:00,2025-01-07T18:00:00+01:00,0.250,,,",
		"2025-01-07T18:00:00+01:00,2025-01-07T19:00:00+01:00,1.000,,,",
		"",
	].join("\r\n");
	expect(server.ask(`${path}&format=csv`).text).toBe(expected);
	const { headers, text } = server.ask(path, { headers: { accept: "text/csv" } });
	expect([headers.get("content-type"), text]).toEqual(["text/csv; charset=utf-8", expected]);
});

test("who has the newest gets 304", () => {
	const path = "/api/v1/history?period=day";
	const tag = server.ask(path).headers.get("etag") ?? "";
	expect(tag).toMatch(/^W\/"/);
	expect(server.ask(path, { headers: { "if-none-match": tag } })).toMatchObject({ status: 304, text: "" });
});

test.each(["period=week", "from=yesterday", "to=2025-13-01", "from=2025-01-01T"])(
	"a bad query: %s",
	(query) => {
		const { status, headers } = server.ask(`/api/v1/history?${query}`);
		expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json"]);
	},
);

test("peaks of a month: three days' highest hours and their mean", () => {
	expect(JSON.parse(server.ask("/api/v1/history/peaks?month=2025-01").text)).toMatchObject({
		month: "2025-01",
		days: [{ energy: 1 }, { energy: 1 }, { energy: 1 }],
		mean: 1,
		unit: "kWh",
	});
});

test("before the meter told anything there is no power, no peak, and that is no error", () => {
	const time = { now: () => 0, wallTime: () => START * 1000, log: () => undefined };
	const keeper = new HistoryKeeper({ files: plain(new MemoryFiles()), ...time }, "Europe/Copenhagen");
	const fresh = Server.guarded({}, { responders: [keeper] });
	expect(JSON.parse(fresh.ask("/api/v1/history/power").text)).toEqual({ step: 10, unit: "W", power: [] });
	expect(JSON.parse(fresh.ask("/api/v1/history/peaks?month=2025-01").text)).toEqual({
		...{ month: "2025-01", days: [], mean: null, quarter: null },
	});
});

test("power of the last hour", () => {
	const answer = JSON.parse(server.ask("/api/v1/history/power").text);
	expect(answer).toMatchObject({ step: 10, unit: "W" });
	expect(answer.power).toHaveLength(360);
	expect(answer.power.at(-1)).toBe(250);
	expect(answer.power.filter((watts: number | null) => watts !== null)).toHaveLength(1);
});

test("export by who may read; import by an administrator only, in place of what was there", () => {
	const { text, headers } = server.ask("/api/v1/history/export");
	expect(headers.get("content-disposition")).toContain("meterling-history.csv");
	expect(text.startsWith("meterling-history,2\n")).toBe(true);
	const importing = { method: "POST", body: text, headers: { "content-type": "text/csv" } };
	expect(server.ask("/api/v1/history/import", importing).status).toBe(401);
	const signed = { ...importing, headers: { "content-type": "text/csv", ...server.signIn() } };
	const { status, text: answer } = server.ask("/api/v1/history/import", signed);
	expect([status, JSON.parse(answer)]).toEqual([200, { samples: text.split("\n").length - 3 }]);
	expect(server.ask("/api/v1/history/export").text).toBe(text);
	expect(log).toHaveLength(1);
	const wrong = { ...signed, body: "hello\n" };
	expect(server.ask("/api/v1/history/import", wrong).status).toBe(422);
	expect(server.ask("/api/v1/history/export").text).toBe(text);
});
