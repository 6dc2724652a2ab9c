// Price lists as the services send them, written from their documentation, and readings in local time for bills.

import "../../host/platform/globals";
import { PriceList } from "../../readings/cost/price-list";
import type { PriceTable } from "../../readings/cost/price-table";
import { feesOf, Tariff, type TariffOptions } from "../../readings/cost/tariff";
import { Bill } from "../../readings/history/bill";
import type { Period } from "../../readings/history/calendar";
import { History } from "../../readings/history/recorder";
import { Rows } from "../../readings/history/rows";
import { crc32 } from "../../settings/crc32";
import { zoneOffsets } from "../../settings/posix-time-zone";
import { COPENHAGEN, counter, MemoryFiles, reading } from "../readings/history/storage";

export const zone = zoneOffsets(COPENHAGEN);
export const at = (text: string) => Date.parse(text) / 1000;

/** What the list says, given in pieces of `size` bytes. */
export function listOf(
	text: string,
	{
		currency = "NOK",
		now = "2025-10-02T10:00:00+02:00",
		size = 7,
	}: { currency?: string; now?: string | null; size?: number } = {},
) {
	const list = new PriceList(currency, zone, now === null ? undefined : at(now));
	const bytes = new TextEncoder().encode(text);
	for (let index = 0; index < bytes.length; index += size) list.take(bytes.subarray(index, index + size));
	return {
		problem: list.finish(),
		list,
		priceAt: (time: string) => list.table.at(Math.floor(at(time) / 900)),
	};
}

/** hvakosterstrommen.no, elprisenligenu.dk, elprisetjustnu.se: `[{"NOK_per_kWh":…,"EUR_per_kWh":…,"EXR":…,"time_start":…,"time_end":…},…]`. */
export function nordic(
	day: string,
	minutes: number,
	price: (index: number) => number,
	currency = "NOK",
): string {
	const start = at(`${day}T00:00:00+02:00`);
	const items = Array.from({ length: (24 * 60) / minutes }, (_, index) => ({
		[`${currency}_per_kWh`]: price(index),
		EUR_per_kWh: Math.round((price(index) / 11.7305) * 1e5) / 1e5,
		EXR: 11.7305,
		time_start: local(start + index * minutes * 60),
		time_end: local(start + (index + 1) * minutes * 60),
	}));
	return JSON.stringify(items);
}

/** Seconds as local time with its offset. */
export function local(time: number): string {
	const offset = zone(time);
	return (
		new Date((time + offset) * 1000).toISOString().slice(0, 19) + (offset === 7200 ? "+02:00" : "+01:00")
	);
}

/** A Publication_MarketDocument of ENTSO-E (guide to the web API, 12.1.D) with these series. */
export function entsoe(...series: string[]): string {
	return `<?xml version="1.0" encoding="utf-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
  <mRID>e5b7a1</mRID><revisionNumber>1</revisionNumber><type>A44</type>
  <sender_MarketParticipant.mRID codingScheme="A01">10X1001A1001A450</sender_MarketParticipant.mRID>
  <createdDateTime>2025-10-01T12:57:11Z</createdDateTime>
  <period.timeInterval><start>2025-10-01T22:00Z</start><end>2025-10-02T22:00Z</end></period.timeInterval>
${series.join("\n")}
</Publication_MarketDocument>`;
}

export function timeSeries(
	resolution: string,
	points: readonly (readonly [number, string])[],
	sequence?: number,
): string {
	const isMulti =
		sequence === undefined
			? ""
			: `<classificationSequence_AttributeInstanceComponent.position>${sequence}</classificationSequence_AttributeInstanceComponent.position>`;
	return `  <TimeSeries>
    <mRID>1</mRID><auction.type>A01</auction.type><businessType>A62</businessType>
    <in_Domain.mRID codingScheme="A01">10YNL----------L</in_Domain.mRID>
    <out_Domain.mRID codingScheme="A01">10YNL----------L</out_Domain.mRID>
    <contract_MarketAgreement.type>A01</contract_MarketAgreement.type>
    <currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name>
    ${isMulti}<curveType>A03</curveType>
    <Period>
      <timeInterval>
        <start>2025-10-01T22:00Z</start>
        <end>2025-10-02T22:00Z</end>
      </timeInterval>
      <resolution>${resolution}</resolution>
${points.map(([position, amount]) => `      <Point>\n        <position>${position}</position>\n        <price.amount>${amount}</price.amount>\n      </Point>`).join("\n")}
    </Period>
  </TimeSeries>`;
}

export type TariffText = Omit<Partial<TariffOptions>, "fees"> & { fees?: string };

export function tariffOf({ fees = "", ...more }: TariffText): Tariff {
	const known = feesOf(fees);
	if (!known) throw new Error(`fees ${fees}`);
	return new Tariff({
		...{ model: "fixed", currency: "EUR", prices: [0, 0], vat: 0, feedIn: 0, feedInMarket: false, zone },
		...more,
		fees: known,
	});
}

/** A history with a bill; counters in Wh by name. */
export class House {
	readonly files: MemoryFiles;
	readonly history: History;

	constructor(tariff: TariffText, files = new MemoryFiles()) {
		this.files = files;
		this.history = new History({
			...{ files, crc32, zone },
			log: (line) => {
				throw new Error(line);
			},
			bytesOf: (text) => new TextEncoder().encode(text),
			bill: new Bill(tariffOf(tariff)),
		});
	}

	/** The meter says so, at that time. */
	says(time: number, counters: Record<string, number>): void {
		const quantities = Object.entries(counters).map(([name, watthours]) => counter(name, watthours));
		this.history.reading(reading(null, quantities), time, time);
	}

	/** `wattsAt` from `from` to `to`, a reading each `step` seconds. */
	uses(
		from: number,
		to: number,
		wattsAt: (time: number) => number,
		step = 300,
		name = "energy_import",
		start = 1_000_000,
	): number {
		let total = start;
		for (let time = from; time <= to; time += step) {
			this.says(time, { [name]: Math.round(total) });
			total += (wattsAt(time) * step) / 3600;
		}
		return total;
	}

	/** What was paid and received, row by row: `[from, paid, received, marks]` in local time. */
	bill(period: Period, from: string, to: string) {
		const { history } = this;
		const places = ["cost_import", "cost_export"].map((name) =>
			history.channels.findIndex((each) => each.name === name),
		);
		const rows = new Rows(
			history,
			period,
			at(from),
			at(to),
			places.filter((place) => place >= 0),
		);
		const all: (readonly [string, number | null, number | null, string])[] = [];
		while (rows.next()) {
			const [paid, received] = places.map((place) => {
				const change = place < 0 ? Number.NaN : (rows.change[place] as number);
				return Number.isNaN(change) ? null : change / 1e6;
			});
			const marks =
				(rows.estimated ? "estimated" : "") + (rows.block ? "block" : "") + (rows.open ? "open" : "");
			all.push([local(rows.from).slice(0, 16), paid ?? null, received ?? null, marks]);
		}
		return all;
	}
}

/** A table from `priceAt` for each quarter of those days. */
export function tableOf(from: string, quarters: number, priceAt: (time: number) => number): PriceTable {
	const list = new PriceList("EUR", zone, at(from));
	for (let index = 0; index < quarters; index++) {
		const time = at(from) + index * 900;
		list.table.set(time / 900, priceAt(time));
	}
	return list.table;
}
