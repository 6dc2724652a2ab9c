// Prices at work: lists come by HTTP, by MQTT, or are fetched; history's bill is made by them. What a list means and
// what a kilowatt-hour costs is readings/cost's matter. A source's token stands in no message.

import type { Device } from "../hardware/device.js";
import { jsonOf, noContent, problem } from "../outputs/http/answer.js";
import type { OutputHealth, PriceTopic } from "../outputs/output.js";
import {
	type Answer,
	type BodyReceiver,
	type BodyRule,
	type Call,
	type Responder,
	routeTable,
} from "../outputs/route.js";
import { tlsOf } from "../outputs/shared/post.js";
import { parseUrl } from "../outputs/shared/url.js";
import { PriceList } from "../readings/cost/price-list.js";
import { PriceTable, QUARTER } from "../readings/cost/price-table.js";
import { type CostModel, feesOf, Tariff } from "../readings/cost/tariff.js";
import { toNumber } from "../readings/decimal.js";
import { Bill } from "../readings/history/bill.js";
import { HOUR, isoTime, nextStart, periodStart, type ZoneOffset } from "../readings/history/calendar.js";
import { placeOf } from "../readings/history/channel.js";
import type { History } from "../readings/history/recorder.js";
import { Rows } from "../readings/history/rows.js";
import type { ReadingStore } from "../readings/store.js";
import { BY_ADDRESS, ENTSOE, PUSHED } from "../settings/cost.js";
import { crc32 } from "../settings/crc32.js";
import { zoneOffsets } from "../settings/posix-time-zone.js";
import type { SettingValues } from "../settings/setting.js";
import { posixOf } from "../settings/time-zones.js";
import type { Warning } from "./plausibility.js";

export const PRICES_FILE = "prices";
const LONGEST_LIST = 65_536;

const FIRST_LOOK_MS = 5000;
/** Looks are so far apart, or up to twice that, so that not all gateways ask at once. */
const LOOK_MS = 300_000;
/** After an answer that did not have everything, and after a failure: after the second twice as long, and so on. */
const RETRY_MS = 900_000;
const MOST_FAILURES = 4;
const TIMEOUT_MS = 60_000;
/** Local hours: tomorrow's prices are told from the first on, and missed after the second. */
const TOLD_HOUR = 13;
const LATE_HOUR = 18;
const OK = 200;

type PricesDevice = Pick<Device, "files" | "log" | "network" | "now" | "random" | "timers" | "wallTime">;

/** `undefined` where cost is off: it takes no memory then. */
export function openPrices(
	device: PricesDevice,
	settings: SettingValues,
	timeZone: string,
	store: ReadingStore,
): Prices | undefined {
	if (settings.model === undefined || settings.model === "off") return undefined;
	return new Prices(device, settings, zoneOffsets(posixOf(timeZone) ?? "UTC0"), store);
}

interface PriceResponder extends Responder {
	/** `undefined` where cost is off. */
	readonly prices: Prices | undefined;
}

const BODY: BodyRule<PriceResponder> = Object.freeze({
	most: LONGEST_LIST,
	type: "application/json",
	receive: ({ prices }: PriceResponder): BodyReceiver =>
		prices?.list() ?? new PriceList("", () => 0, undefined),
});

/** What is known of prices and of today's cost, and a list of prices sent. */
const ROUTES = routeTable<PriceResponder>([
	{ at: "GET /api/v1/prices", need: "read", answer: told },
	{ at: "PUT /api/v1/prices", need: "control", body: BODY, answer: taken },
]);

export function priceResponder(prices: Prices | undefined): PriceResponder {
	return { routes: ROUTES, prices };
}

function told({ prices }: PriceResponder): Answer {
	return jsonOf(prices?.report() ?? { model: "off" });
}

function taken({ prices }: PriceResponder, { receiver }: Call): Answer {
	if (!prices?.table) return problem(409, "Not wanted", "The settings want no market prices.");
	const fault = prices.take(receiver as PriceList, PUSHED);
	return fault === undefined ? noContent() : problem(422, "Not taken", `The prices ${fault}.`);
}

export class Prices implements PriceTopic {
	readonly topic: string;
	readonly bill: Bill;
	/** Market prices, where they are wanted. */
	readonly table: PriceTable | undefined;
	readonly #device: PricesDevice;
	readonly #settings: SettingValues;
	readonly #zone: ZoneOffset;
	#history: History | undefined;
	readonly #store: ReadingStore;
	readonly #tariff: Tariff;
	#timer: unknown;
	#call: { cancel(): void } | undefined;
	#notBefore = 0;
	#failures = 0;
	/** Where the newest list is from, and when it came (monotonic). */
	#source: string | null = null;
	#at = 0;
	#taken = 0;
	#refused = 0;
	#problem: string | null = null;
	/** Since when (monotonic) no price is known. */
	#unknownSince: number | undefined;

	constructor(device: PricesDevice, settings: SettingValues, zone: ZoneOffset, store: ReadingStore) {
		const { model, currency, price, price2, gridFee, vat, feedIn, feedInMarket, topic, source } = settings;
		const isMarket = model === "market";
		this.#device = device;
		this.#settings = settings;
		this.#zone = zone;
		this.#store = store;
		this.topic = isMarket ? `${topic}` : "";
		this.table = isMarket ? new PriceTable(device.files.read(PRICES_FILE), crc32) : undefined;
		this.#tariff = new Tariff({
			model: model as CostModel,
			currency: `${currency}`,
			prices: [Number(price), Number(price2)],
			fees: feesOf(`${gridFee}`) ?? { always: [], hours: [] },
			vat: Number(vat),
			feedIn: Number(feedIn),
			feedInMarket: isMarket && feedInMarket === true,
			zone,
			table: this.table,
		});
		this.bill = new Bill(this.#tariff);
		if (isMarket && source !== PUSHED) this.#timer = device.timers.set(() => this.#look(), FIRST_LOOK_MS);
	}

	/** Whose bill it makes: today's cost is told from there. */
	follow(history: History): void {
		this.#history = history;
	}

	close(): void {
		this.#device.timers.clear(this.#timer);
		this.#call?.cancel();
	}

	/** A list that begins to come. */
	list(): PriceList {
		return new PriceList(this.#tariff.currency, this.#zone, this.#seconds());
	}

	receive(): ReturnType<PriceTopic["receive"]> {
		const list = this.list();
		return { take: (bytes) => list.take(bytes), finish: () => void this.take(list, "MQTT") };
	}

	/** The list has come; what is wrong with it, in words that follow "the prices". */
	take(list: PriceList, source: string): string | undefined {
		const fault = list.finish();
		if (fault !== undefined) {
			this.#refused++;
			this.#fail(`the prices ${fault}`);
			return fault;
		}
		this.#source = source;
		this.#at = this.#device.now();
		this.#taken++;
		this.#failures = 0;
		this.#problem = null;
		if (!this.table?.take(list.table)) return undefined;
		try {
			this.#device.files.write(PRICES_FILE, this.table.file(crc32));
		} catch (error) {
			this.#fail(`the prices could not be kept: ${error}`);
		}
		return undefined;
	}

	health(): readonly (readonly [string, OutputHealth])[] {
		if (!this.table) return [];
		return [
			[
				"prices",
				{
					source: this.#source,
					age: this.#age(),
					taken: this.#taken,
					refused: this.#refused,
					failures: this.#failures,
					lastError: this.#problem,
				},
			],
		];
	}

	/** That no price is known now, where there should be one. */
	warnings(): readonly Warning[] {
		const seconds = this.#seconds();
		if (!this.table || seconds === undefined) return [];
		const now = this.table.at(Math.floor(seconds / QUARTER));
		if (now === now) this.#unknownSince = undefined;
		else this.#unknownSince ??= this.#device.now();
		if (this.#unknownSince === undefined) return [];
		const why = this.#problem === null ? "" : `: ${this.#problem}`;
		const text = `No price of electricity is known for now${why}.`;
		return [{ code: "price", quantity: null, value: null, text, since: this.#unknownSince }];
	}

	/** As the API tells it. Prices are of a kWh, all included; null where one is not known. */
	report(): object {
		const { model, currency, standing } = this.#settings;
		const seconds = this.#seconds();
		const quarter = Math.floor((seconds ?? Number.NaN) / QUARTER);
		const tariffs = [0, 1].map((tariff) => rounded(this.#tariff.at(quarter, tariff)));
		const isTwo = model === "tariffs";
		const tariff = isTwo ? this.#tariffNow() : 1;
		const today = periodStart("day", seconds ?? 0, this.#zone);
		const tomorrow = nextStart("day", today, this.#zone);
		return {
			model,
			currency,
			standing,
			now: tariffs[tariff - 1] ?? null,
			feedIn: this.#tariff.hasCredit ? rounded(this.#tariff.feedInAt(quarter)) : null,
			...(isTwo ? { tariffs } : {}),
			today: seconds === undefined || isTwo ? null : this.#day(today),
			tomorrow: seconds === undefined || isTwo ? null : this.#day(tomorrow),
			cost: this.#costToday(),
			source: this.#source,
			age: this.#age(),
			problem: this.#problem,
		};
	}

	/** A day's prices: by the hour where all its quarters are alike; null where none is known. */
	#day(from: number): object | null {
		const prices: (number | null)[] = [];
		const to = nextStart("day", from, this.#zone);
		for (let time = from; time < to; time += QUARTER) prices.push(rounded(this.#tariff.at(time / QUARTER)));
		if (prices.every((price) => price === null)) return null;
		const isHourly = prices.every((price, index) => price === prices[index - (index % 4)]);
		return {
			from: isoTime(from, this.#zone),
			step: isHourly ? 60 : 15,
			prices: isHourly ? prices.filter((_, index) => index % 4 === 0) : prices,
		};
	}

	/** What today cost so far, the hour that is not over included; null where it is not known. */
	#costToday(): object | null {
		const history = this.#history;
		if (!history) return null;
		const { channels, latest, zone } = history;
		const { currency } = this.#tariff;
		const places = ["cost_import", "cost_export"].map((name) => placeOf(channels, name, currency));
		if (!((places[0] as number) >= 0) || latest.time === 0) return null;
		const known = places.filter((place) => place >= 0);
		// The last row is the day that is not over.
		const rows = new Rows(history, "day", periodStart("day", latest.time, zone), latest.time + 1, known);
		let cost: object | null = null;
		while (rows.next()) {
			const [paid = null, received] = places.map((place) => rounded((rows.change[place] as number) / 1e6));
			cost = { paid, received: received ?? 0, incomplete: rows.estimated !== 0 };
		}
		return cost;
	}

	/** The meter's tariff: 1 or 2; 0 where it does not tell. */
	#tariffNow(): number {
		for (const { name, value } of this.#store.known)
			if (name === "tariff" && typeof value !== "string") return toNumber(value);
		return 0;
	}

	#age(): number | null {
		return this.#source === null ? null : Math.round((this.#device.now() - this.#at) / 1000);
	}

	/** Since 1970, by our clock or else the meter's. */
	#seconds(): number | undefined {
		const wall = this.#device.wallTime();
		return wall === undefined ? this.#history?.latest.time || undefined : Math.floor(wall / 1000);
	}

	#fail(what: string): void {
		if (what !== this.#problem) this.#device.log(`prices: ${what}`, "warning");
		this.#problem = what;
	}

	/** Fetches a day that is missing and may be had by now. */
	#look(): void {
		const { timers, random, now } = this.#device;
		this.#timer = timers.set(() => this.#look(), LOOK_MS * (1 + random()));
		const seconds = this.#seconds();
		if (seconds === undefined || this.#call || now() < this.#notBefore) return;
		const today = periodStart("day", seconds, this.#zone);
		const tomorrow = nextStart("day", today, this.#zone);
		const hour = Math.floor((seconds - today) / HOUR);
		if (!this.#isComplete(today)) this.#fetch(today, true);
		else if (hour >= TOLD_HOUR && !this.#isComplete(tomorrow)) this.#fetch(tomorrow, hour >= LATE_HOUR);
	}

	#isComplete(day: number): boolean {
		const end = nextStart("day", day, this.#zone) / QUARTER;
		for (let quarter = day / QUARTER; quarter < end; quarter++)
			if (Number.isNaN(this.table?.at(quarter))) return false;
		return true;
	}

	/** `isDue`: prices of that day should be there by now. */
	#fetch(day: number, isDue: boolean): void {
		const target = parseUrl(this.#address(day));
		if (typeof target === "string") return this.#fail(target);
		const list = this.list();
		const { network, random, now } = this.#device;
		const ended = (fault: string | undefined) => {
			this.#call = undefined;
			if (fault !== undefined) this.#failures = Math.min(this.#failures + 1, MOST_FAILURES);
			const pause = RETRY_MS * Math.max(isDue ? this.#failures : 1, 1) * (1 + random());
			this.#notBefore = this.#isComplete(day) ? 0 : now() + pause;
			if (fault !== undefined && isDue) this.#fail(fault);
		};
		const taken = () => {
			if (!isDue && list.count === 0) return ended("are not told yet");
			const fault = this.take(list, `${this.#settings.source}`);
			ended(fault && `the prices ${fault}`);
		};
		const { host, port, path } = target;
		this.#call = network.request({
			...{ method: "GET", host, port, path, timeout: TIMEOUT_MS },
			...tlsOf(target, ""),
			headers: [["User-Agent", "meterling"]],
			onBody: (bytes) => {
				list.take(bytes);
				if (list.problem === undefined) return;
				// Whatever else comes.
				this.#call?.cancel();
				taken();
			},
			onEnd: ({ status, problem }) =>
				status === OK ? taken() : ended(problem ?? `the source of prices answers ${status}`),
		});
	}

	/** Where that day's prices are. */
	#address(day: number): string {
		const { source, area, token, url } = this.#settings;
		const template =
			source === BY_ADDRESS
				? `${url}`
				: source === ENTSOE
					? "https://web-api.tp.entsoe.eu/api?documentType=A44&in_Domain={area}&out_Domain={area}&periodStart={from}&periodEnd={to}&securityToken={token}"
					: `https://${source}/api/v1/prices/{yyyy}/{MM}-{dd}_{area}.json`;
		const date = isoTime(day, this.#zone);
		const values = [
			["yyyy", date.slice(0, 4)],
			["MM", date.slice(5, 7)],
			["dd", date.slice(8, 10)],
			["from", utcDigits(day)],
			["to", utcDigits(nextStart("day", day, this.#zone))],
			["area", `${area}`],
			["token", `${token}`],
		] as const;
		let address = template;
		for (const [name, value] of values) address = address.split(`{${name}}`).join(value);
		return address;
	}
}

/** `202510012200`, in UTC. */
function utcDigits(time: number): string {
	const text = isoTime(time, () => 0);
	return text.slice(0, 4).concat(text.slice(5, 7), text.slice(8, 10), text.slice(11, 13), text.slice(14, 16));
}

/** To a millionth; null of NaN. */
function rounded(value: number): number | null {
	return value === value ? Math.round(value * 1e6) / 1e6 : null;
}
