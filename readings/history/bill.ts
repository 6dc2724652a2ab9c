// What energy costs, as two counters of money that history keeps like any other: `cost_import` is what was to be paid,
// `cost_export` what was to be received. Neither ever falls: what is bought at a negative price counts as received.
// What counters said and what they cost is all in history's samples: nothing else is kept over a restart.

import { HOUR } from "./calendar.js";
import { MONEY, MOST_CHANNELS } from "./channel.js";
import type { History } from "./recorder.js";

/** What a kilowatt-hour costs. Times in seconds since 1970. */
export interface Pricing {
	/** ISO 4217. */
	readonly currency: string;
	/** Energy that was fed in has a price, or bought energy may have a negative one. */
	readonly hasCredit: boolean;
	/**
	 * The mean price of a kWh that this counter counted between the two times, as it is paid, or received for export; NaN
	 * where it is not known for all of the time, `undefined` where the counter does not count what is paid for.
	 */
	mean(counter: string, from: number, to: number): number | undefined;
}

/** Digits behind the point that counters of money are kept with. */
const EXPONENT = -6;

export class Bill {
	readonly #pricing: Pricing;
	/** By place of an energy counter: up to where it is paid for, and since when. */
	readonly #bases = new Float64Array(MOST_CHANNELS).fill(Number.NaN);
	readonly #basesAt = new Float64Array(MOST_CHANNELS);
	/** Of what is paid and received: what is less than the last digit. */
	readonly #rests = new Float64Array(2);

	constructor(pricing: Pricing) {
		this.#pricing = pricing;
	}

	/** The meter's counter at `place` was `was` at `wasAt`, and is now what `history` has. */
	counted(history: History, place: number, was: number, wasAt: number): void {
		const { name, exponent } = history.channels[place] as { name: string; exponent: number };
		const { hasCredit } = this.#pricing;
		if (Number.isNaN(this.#bases[place])) {
			this.#bases[place] = was;
			this.#basesAt[place] = wasAt;
		}
		const now = history.readAt[place] as number;
		const from = this.#basesAt[place] as number;
		const price = this.#pricing.mean(name, from, now);
		if (price === undefined) return;
		const count = history.latest.counters[place] as number;
		const isExport = name === "energy_export";
		const paid = this.#place(history, "import", now);
		const received = hasCredit ? this.#place(history, "export", now) : -1;
		const own = isExport ? received : paid;
		if (own < 0) return;
		history.unpriced &= ~(1 << own);
		if (price !== price) {
			// It may still become known before the hour is over.
			if (Math.floor(from / HOUR) === Math.floor(now / HOUR)) {
				history.unpriced |= 1 << own;
				return;
			}
			history.break(own);
		} else {
			const energy = Math.max(count - (this.#bases[place] as number), 0) || 0;
			const money = energy * 10 ** (exponent - EXPONENT) * (isExport ? -price : price);
			const to = money < 0 ? received : paid;
			if (to >= 0) (history.latest.counters[to] as number) += this.#whole(money);
		}
		this.#bases[place] = count;
		this.#basesAt[place] = now;
	}

	/** Another history follows. */
	forget(): void {
		this.#bases.fill(Number.NaN);
	}

	/** Where that counter of money is, read at the same time as the energy; -1 where there is no room. */
	#place(history: History, way: string, now: number): number {
		const place = history.place(MONEY.concat(way), this.#pricing.currency, "meter", 0, EXPONENT);
		if (place < 0) return place;
		history.latest.counters[place] ||= 0;
		history.readAt[place] = now;
		return place;
	}

	/** The amount without its sign, in whole units; what is less goes with the next of the kind. */
	#whole(money: number): number {
		const kind = money < 0 ? 1 : 0;
		const sum = (this.#rests[kind] as number) + Math.abs(money);
		const whole = Math.round(sum);
		this.#rests[kind] = sum - whole;
		return whole;
	}
}
