// What a kilowatt-hour costs at any time, by the settings: one price, one for each of the meter's two tariffs, or the
// market's; with the grid's fees and VAT. Pure.

import { consistsOf, words } from "../characters.js";
import type { Pricing } from "../history/bill.js";
import { DAY, HOUR, type ZoneOffset } from "../history/calendar.js";
import { type PriceTable, QUARTER } from "./price-table.js";

export type CostModel = "fixed" | "tariffs" | "market";

export interface TariffOptions {
	readonly model: CostModel;
	readonly currency: string;
	/** For a kWh, without VAT; the second is the meter's tariff 2. */
	readonly prices: readonly number[];
	readonly fees: Fees;
	/** Percent. */
	readonly vat: number;
	/** What is received for a kWh, besides the market's price where `feedInMarket` says so. */
	readonly feedIn: number;
	readonly feedInMarket: boolean;
	readonly zone: ZoneOffset;
	readonly table?: PriceTable | undefined;
}

/** The grid's fees for a kWh: `always` by tariff, or `[from hour, to hour, fee]` of the local day. */
export interface Fees {
	readonly always: readonly number[];
	readonly hours: readonly (readonly [number, number, number])[];
}

/** A longer time is looked at in so many steps. */
const MOST_STEPS = 800;
const TARIFFS: readonly string[] = ["energy_import_t1", "energy_import_t2"];

/** Fees as people write them: `0.32`, `0.32 0.2` by tariff, or `0-6 0.12, 6-22 0.3, 22-24 0.12`; `undefined` for anything else. */
export function feesOf(text: string): Fees | undefined {
	const always: number[] = [];
	const hours: (readonly [number, number, number])[] = [];
	let span: readonly number[] | undefined;
	// 0,32 would be two fees.
	for (let at = text.indexOf(","); at >= 0; at = text.indexOf(",", at + 1))
		if (consistsOf(text.charAt(at + 1), "0-9") && at + 1 < text.length) return undefined;
	for (const word of words(text)) {
		const dash = word.indexOf("-", 1);
		const fee = Number(word);
		if (dash > 0 && !span) {
			span = [Number(word.slice(0, dash)), Number(word.slice(dash + 1))];
			if (!consistsOf(word, "0-9-") || !span.every((hour) => hour >= 0 && hour <= 24)) return undefined;
		} else if (!consistsOf(word, "0-9.-") || fee !== fee) return undefined;
		else if (!span) always.push(fee);
		else {
			hours.push([span[0] as number, span[1] as number, fee]);
			span = undefined;
		}
	}
	return span || always.length > 2 ? undefined : { always, hours };
}

export class Tariff implements Pricing {
	readonly currency: string;
	readonly hasCredit: boolean;
	readonly #options: TariffOptions;

	constructor(options: TariffOptions) {
		this.#options = options;
		this.currency = options.currency;
		this.hasCredit = options.model === "market" || options.feedIn !== 0;
	}

	/** What a kWh costs in that quarter, all included; `tariff`: 0 or 1. NaN where it is not known. */
	at(quarter: number, tariff = 0): number {
		const { model, prices, fees, vat, zone } = this.#options;
		const price =
			model === "market" ? this.#market(quarter) : (prices[model === "tariffs" ? tariff : 0] ?? 0);
		let fee = fees.always[tariff] ?? fees.always[0] ?? 0;
		if (fees.hours.length > 0) {
			const time = quarter * QUARTER;
			const hour = Math.floor(((time + zone(time)) % DAY) / HOUR);
			for (const [from, to, each] of fees.hours)
				if (from < to ? hour >= from && hour < to : hour >= from || hour < to) fee = each;
		}
		return (price + fee) * (1 + vat / 100);
	}

	/** What is received for a kWh in that quarter. */
	feedInAt(quarter: number): number {
		const { feedIn, feedInMarket } = this.#options;
		return feedInMarket ? this.#market(quarter) + feedIn : feedIn;
	}

	mean(counter: string, from: number, to: number): number | undefined {
		const isExport = counter === "energy_export";
		const tariff =
			this.#options.model === "tariffs" ? TARIFFS.indexOf(counter) : counter === "energy_import" ? 0 : -1;
		if (isExport ? !this.hasCredit : tariff < 0) return undefined;
		const begin = Math.min(from, to);
		const first = Math.floor(begin / QUARTER);
		const last = Math.floor(to / QUARTER);
		const step = Math.ceil((last - first) / MOST_STEPS) || 1;
		let sum = 0;
		let weight = 0;
		for (let quarter = first; quarter <= last; quarter += step) {
			const share = Math.min(to, (quarter + step) * QUARTER) - Math.max(begin, quarter * QUARTER);
			const price = isExport ? this.feedInAt(quarter) : this.at(quarter, tariff);
			if (first === last) return price;
			if (share > 0) sum += share * price;
			weight += Math.max(share, 0);
		}
		return sum / weight;
	}

	#market(quarter: number): number {
		return this.#options.table?.at(quarter) ?? Number.NaN;
	}
}
