// Prices at work: by HTTP and MQTT, fetched from a service, kept in flash; what is told of them, and what is wrong.

import "../../host/platform/globals";
import { openPrices, PRICES_FILE, type Prices, priceResponder } from "../../app/prices";
import { History } from "../../readings/history/recorder";
import { changeSettings } from "../../settings/changes";
import { COST, costRule, costSection } from "../../settings/cost";
import { crc32 } from "../../settings/crc32";
import { defaultValues, type SettingValues } from "../../settings/setting";
import { Server } from "../outputs/http/support";
import { start as startMqtt } from "../outputs/mqtt/support";
import { counter, MemoryFiles, reading } from "../readings/history/storage";
import { at, entsoe, local, nordic, timeSeries, zone } from "./support";

const NOON = "2025-10-02T12:05:00+02:00";
const TOKEN = "0b5c3a4e-secret-token";

function opened(settings: SettingValues, { begin = NOON, files = new MemoryFiles(), clock = true } = {}) {
	const server = Server.guarded({}, { responders: [] });
	const { bench } = server;
	const log: string[] = [];
	const seconds = () => at(begin) + bench.clock.now / 1000;
	const values = { ...defaultValues(costSection.settings), currency: "NOK", ...settings };
	const prices = openPrices(
		{
			files: files as never,
			log: (line) => void log.push(line),
			network: bench.network,
			now: () => bench.clock.now,
			random: () => 0,
			timers: bench.clock,
			wallTime: () => (clock ? seconds() * 1000 : undefined),
		},
		values,
		"Europe/Oslo",
		bench.store,
	);
	const history = new History({
		...{ files, crc32, zone, log: (line: string) => void log.push(line) },
		bytesOf: (text) => new TextEncoder().encode(text),
		bill: prices?.bill,
	});
	prices?.follow(history);
	const web = Server.guarded({}, { responders: [priceResponder(prices)] });
	const says = (watthours: number) =>
		history.reading(reading(null, [counter("energy_import", watthours)]), seconds(), bench.clock.now / 1000);
	return {
		prices: prices as Prices,
		bench,
		network: bench.network,
		log,
		files,
		web,
		says,
		report: () => JSON.parse(web.ask("/api/v1/prices").text),
	};
}

const put = (web: Server, body: string, headers: Record<string, string> = web.signIn()) =>
	web.ask("/api/v1/prices", {
		method: "PUT",
		body,
		headers: { "content-type": "application/json", ...headers },
	});

/** A call to the service is answered in pieces. */
function answer({ network }: { network: ReturnType<typeof opened>["network"] }, text: string, status = 200) {
	const { options } = network.asked;
	const bytes = new TextEncoder().encode(text);
	if (status === 200)
		for (let from = 0; from < bytes.length; from += 500) options.onBody?.(bytes.subarray(from, from + 500));
	network.asked.answer(status);
}

test("off: nothing is made, and the address says so", () => {
	const web = Server.guarded({}, { responders: [priceResponder(undefined)] });
	expect(JSON.parse(web.ask("/api/v1/prices").text)).toEqual({ model: "off" });
	expect(put(web, "{}").status).toBe(409);
	expect(opened({ model: "off" }).prices).toBeUndefined();
});

test("one price: now, the day by the hour, today's cost, no list is taken", () => {
	const rig = opened(
		{ model: "fixed", price: 1.2, gridFee: "6-22 0.4, 22-6 0.2", vat: 25, standing: 39 },
		{ begin: "2025-10-01T23:59:00+02:00" },
	);
	for (let minute = 0; minute <= 121; minute++) {
		rig.says(1_000_000 + minute * 50);
		if (minute < 121) rig.bench.clock.advance(60_000);
	}
	// 01:59 was 6 kWh after midnight less a minute's 0.05 … 119 minutes and the minute to 02:00: 120 × 0.05 × 1.75
	expect(rig.report()).toMatchObject({
		...{ model: "fixed", currency: "NOK", standing: 39, now: 1.75, feedIn: null, tomorrow: { step: 60 } },
		today: {
			from: "2025-10-02T00:00:00+02:00",
			step: 60,
			prices: Array.from({ length: 24 }, (_, hour) => (hour >= 6 && hour < 22 ? 2 : 1.75)),
		},
		cost: { paid: 10.5, received: 0, incomplete: false },
		source: null,
	});
	expect(put(rig.web, "[]").status).toBe(409);
	expect(rig.prices.health()).toEqual([]);
	expect(rig.network.requests).toEqual([]);
});

test("two tariffs: the one that the meter says is now", () => {
	const rig = opened({ model: "tariffs", price: 1, price2: 2 });
	expect(rig.report()).toMatchObject({ now: null, tariffs: [1, 2], today: null });
	rig.bench.store.add(reading(null, [{ name: "tariff", value: { mantissa: 2, exponent: 0 } }]), 0);
	expect(rig.report()).toMatchObject({ now: 2 });
});

test("a list by HTTP, for who may control; it is kept over a restart, and written once", () => {
	const rig = opened({ model: "market", vat: 25 });
	const list = nordic("2025-10-02", 15, (index) => index / 100);
	expect(put(rig.web, list, {}).status).toBe(401);
	for (const [scope, status] of [
		["read", 403],
		["control", 204],
	] as const) {
		const authorization = `Bearer ${rig.web.access.createToken(scope, scope)?.token}`;
		expect(put(rig.web, list, { authorization }).status).toBe(status);
	}
	expect(put(rig.web, list).status).toBe(204);
	const { writes } = rig.files;
	expect(put(rig.web, list).status).toBe(204);
	expect(rig.files.writes).toBe(writes);
	expect(rig.files.read(PRICES_FILE)).toHaveLength(840);
	// 12:05 is in the 49th quarter.
	expect(rig.report()).toMatchObject({
		now: 0.6,
		today: { step: 15 },
		tomorrow: null,
		source: "push",
		age: 0,
		problem: null,
	});
	const again = opened({ model: "market", vat: 25 }, { files: rig.files });
	expect(again.report()).toMatchObject({ now: 0.6, source: null, age: null });
	const torn = rig.files.read(PRICES_FILE) as Uint8Array;
	torn[100] = 1 ^ (torn[100] as number);
	rig.files.write(PRICES_FILE, torn);
	expect(opened({ model: "market" }, { files: rig.files }).report()).toMatchObject({
		now: null,
		today: null,
	});
});

test("what is wrong with a list is answered, counted and told; prices that are known stay", () => {
	const rig = opened({ model: "market" });
	expect(
		put(
			rig.web,
			nordic("2025-10-02", 60, () => 1),
		).status,
	).toBe(204);
	const { status, text } = put(
		rig.web,
		'[{"time_start":"2025-10-02T00:00:00+02:00","NOK_per_kWh":"<b>dear</b>"}]',
	);
	expect([status, JSON.parse(text).detail]).toEqual([422, "The prices are not all numbers."]);
	expect(rig.prices.health()).toEqual([
		[
			"prices",
			expect.objectContaining({ taken: 1, refused: 1, lastError: "the prices are not all numbers" }),
		],
	]);
	expect(rig.report()).toMatchObject({ now: 1, problem: "the prices are not all numbers" });
	expect(put(rig.web, `[${" ".repeat(70_000)}]`).status).toBe(413);
});

test("a warning while no price is known, with the reason", () => {
	const rig = opened({ model: "market" });
	put(rig.web, "[]");
	expect(rig.prices.warnings()).toMatchObject([
		{
			code: "price",
			text: "No price of electricity is known for now: the prices are none of today or tomorrow.",
		},
	]);
	put(
		rig.web,
		nordic("2025-10-02", 60, () => 1),
	);
	expect(rig.prices.warnings()).toEqual([]);
	rig.bench.clock.advance(12 * 3_600_000);
	expect(rig.prices.warnings()).toHaveLength(1);
});

test("by MQTT, however long, and however it is cut", () => {
	const rig = opened({ model: "market", topic: "home/prices" });
	const mqtt = startMqtt({ commands: false }, { prices: rig.prices });
	const { client } = mqtt.bench.network;
	client.connack(8192);
	client.open(8192);
	expect(client.subscribed).toContain("home/prices");
	const list = nordic("2025-10-02", 15, (index) => index / 100);
	expect(list.length).toBeGreaterThan(10_000);
	client.receive("home/prices", list);
	expect(rig.report()).toMatchObject({ now: 0.48, source: "MQTT" });
	client.receive("home/prices", "off");
	expect(rig.report()).toMatchObject({ now: 0.48, problem: "the prices are neither JSON nor XML" });
	expect(mqtt.output.health()).toMatchObject({ skipped: 0 });
});

test("without a clock, a list that the broker retained is taken", () => {
	const rig = opened({ model: "market" }, { clock: false });
	expect(
		put(
			rig.web,
			nordic("2025-10-02", 60, () => 1),
		).status,
	).toBe(204);
	expect(rig.report()).toMatchObject({ now: null, today: null });
	expect(rig.prices.table?.at(Math.floor(at(NOON) / 900))).toBe(1);
});

test("fetched: today at once, tomorrow in the afternoon, then rest", () => {
	const rig = opened({ model: "market", source: "www.hvakosterstrommen.no", area: "NO1" });
	rig.bench.clock.advance(15_000);
	expect(rig.network.asked.options).toMatchObject({
		method: "GET",
		host: "www.hvakosterstrommen.no",
		port: 443,
		tls: {},
		path: "/api/v1/prices/2025/10-02_NO1.json",
	});
	answer(
		rig,
		nordic("2025-10-02", 15, (index) => index / 100),
	);
	expect(rig.report()).toMatchObject({ now: 0.48, source: "www.hvakosterstrommen.no" });
	rig.bench.clock.advance(50 * 60_000);
	expect(rig.network.requests).toHaveLength(1);
	rig.bench.clock.advance(10 * 60_000);
	expect(rig.network.asked.options.path).toBe("/api/v1/prices/2025/10-03_NO1.json");
	// Not told yet: no fault, and asked again later.
	answer(rig, "Not found", 404);
	expect(rig.report()).toMatchObject({ problem: null });
	rig.bench.clock.advance(10 * 60_000);
	expect(rig.network.requests).toHaveLength(2);
	rig.bench.clock.advance(10 * 60_000);
	expect(rig.network.requests).toHaveLength(3);
	answer(
		rig,
		nordic("2025-10-03", 15, () => 3),
	);
	expect(rig.report()).toMatchObject({ tomorrow: { from: "2025-10-03T00:00:00+02:00", step: 60 } });
	rig.bench.clock.advance(9 * 3_600_000);
	expect(rig.network.requests).toHaveLength(3);
	const { pending } = rig.bench.clock;
	rig.prices.close();
	expect(rig.bench.clock.pending).toBe(pending - 1);
});

test("a service that sends without an end is cut off", () => {
	const rig = opened({ model: "market", source: "www.hvakosterstrommen.no", area: "NO1" });
	rig.bench.clock.advance(5000);
	const { asked } = rig.network;
	const junk = new Uint8Array(1460).fill(0x20);
	for (let pieces = 0; pieces < 1000 && !asked.cancelled; pieces++) asked.options.onBody?.(junk);
	expect(asked.cancelled).toBe(true);
	expect(rig.report()).toMatchObject({ problem: "the prices are too many" });
	rig.bench.clock.advance(900_000);
	expect(rig.network.requests).toHaveLength(2);
});

test("a service that is broken: told once, asked again ever less often, then well again", () => {
	const rig = opened({ model: "market", source: "www.elprisetjustnu.se", area: "SE3", currency: "SEK" });
	rig.bench.clock.advance(15_000);
	const gaps: number[] = [];
	for (let minutes = 0; minutes < 300; minutes += 5) {
		if (rig.network.requests.length > gaps.length) {
			gaps.push(minutes);
			if (gaps.length % 2) rig.network.asked.fail("the server does not answer");
			else answer(rig, "<html>maintenance</html>");
		}
		rig.bench.clock.advance(300_000);
	}
	// At the first look after a quarter of an hour, then half of one, three quarters, an hour.
	expect(gaps).toEqual([0, 20, 55, 105, 170, 235]);
	expect(rig.prices.warnings()).toHaveLength(1);
	expect(rig.prices.health()[0]?.[1]).toMatchObject({ failures: 4, taken: 0 });
	expect(rig.log.length).toBe(gaps.length);
	rig.bench.clock.advance(3_600_000);
	answer(
		rig,
		nordic("2025-10-02", 60, () => 1, "SEK"),
	);
	expect([rig.prices.warnings(), rig.report().now]).toEqual([[], 1]);
});

test("ENTSO-E: its token goes to it and nowhere else", () => {
	const rig = opened({
		model: "market",
		source: "entsoe",
		area: "10YNL----------L",
		token: TOKEN,
		currency: "EUR",
	});
	rig.bench.clock.advance(15_000);
	const { host, path } = rig.network.asked.options;
	expect(host).toBe("web-api.tp.entsoe.eu");
	expect(path).toBe(
		`/api?documentType=A44&in_Domain=10YNL----------L&out_Domain=10YNL----------L&periodStart=202510012200&periodEnd=202510022200&securityToken=${TOKEN}`,
	);
	answer(rig, "unauthorised", 401);
	expect(rig.report()).toMatchObject({ problem: "the source of prices answers 401" });
	rig.bench.clock.advance(3_600_000);
	answer(
		rig,
		entsoe(
			timeSeries("PT15M", [
				[1, "100"],
				[49, "50"],
			]),
		),
	);
	expect(rig.report()).toMatchObject({ now: 0.05, problem: null });
	expect(
		rig.web.said + rig.log.join() + JSON.stringify([rig.prices.health(), rig.prices.warnings()]),
	).not.toContain(TOKEN);
});

test("any other address, by a template", () => {
	const rig = opened({
		model: "market",
		source: "url",
		area: "DK1",
		token: "t0",
		url: "http://192.168.1.9:8080/{area}/{yyyy}{MM}{dd}?from={from}&to={to}&key={token}",
		currency: "DKK",
	});
	rig.bench.clock.advance(15_000);
	expect(rig.network.asked.options).toMatchObject({
		host: "192.168.1.9",
		port: 8080,
		path: "/DK1/20251002?from=202510012200&to=202510022200&key=t0",
	});
	expect(rig.network.asked.options.tls).toBeUndefined();
});

test("settings that cannot work together are refused", () => {
	const problems = (values: SettingValues) => {
		const { problems } = changeSettings(
			[costSection],
			{ [COST]: defaultValues(costSection.settings) },
			{ [COST]: values },
			[costRule],
		);
		return (problems ?? []).map(({ setting }) => setting);
	};
	expect(problems({ model: "market", source: "entsoe" })).toEqual(["cost.area", "cost.token"]);
	expect(problems({ model: "market", source: "url" })).toEqual(["cost.url"]);
	expect(problems({ currency: "kr" })).toEqual(["cost.currency"]);
	expect(problems({ gridFee: "0,30" })).toEqual(["cost.gridFee"]);
	expect(problems({ area: "NO1/../x" })).toEqual(["cost.area"]);
	expect(problems({ topic: "home/#" })).toEqual(["cost.topic"]);
	expect(
		problems({
			model: "market",
			source: "www.elprisenligenu.dk",
			area: "DK2",
			currency: "DKK",
			gridFee: "0-6 0.12, 6-24 0.3",
		}),
	).toEqual([]);
});

test("what was used in the hour is in today's cost before the hour is over", () => {
	const rig = opened({ model: "market" }, { begin: "2025-10-01T23:30:00+02:00" });
	put(
		rig.web,
		nordic("2025-10-02", 60, (hour) => hour + 1),
	);
	put(
		rig.web,
		nordic("2025-10-01", 60, () => 9),
	);
	for (let minute = 0; minute <= 120; minute++) {
		rig.says(500_000 + minute * 10);
		if (minute < 120) rig.bench.clock.advance(60_000);
	}
	// 60 minutes at 1, 30 at 2: 0.6 × 1 + 0.3 × 2
	expect([local(at("2025-10-02T01:30:00+02:00")), rig.report().cost]).toEqual([
		"2025-10-02T01:30:00+02:00",
		{ paid: expect.closeTo(1.2, 1), received: 0, incomplete: false },
	]);
});
