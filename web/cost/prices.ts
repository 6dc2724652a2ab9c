// The answer of `/api/v1/prices`, and what the page makes of it. Pure.

export interface PricesJson {
	readonly model: "off" | "fixed" | "tariffs" | "market";
	readonly currency: string;
	/** A month. */
	readonly standing: number;
	/** Of a kWh; null where it is not known. */
	readonly now: number | null;
	readonly feedIn: number | null;
	readonly tariffs?: readonly (number | null)[];
	readonly today: DayPrices | null;
	readonly tomorrow: DayPrices | null;
	readonly problem: string | null;
}

export interface DayPrices {
	readonly from: string;
	/** Minutes. */
	readonly step: number;
	readonly prices: readonly (number | null)[];
}

/** A price from a time on, in seconds since 1970. */
export interface PricePoint {
	readonly at: number;
	readonly price: number | null;
}

/** Both days, oldest first; the last one ends them and repeats the price before it. */
export function pointsOf({ today, tomorrow }: Pick<PricesJson, "today" | "tomorrow">): readonly PricePoint[] {
	const points: PricePoint[] = [];
	let end = 0;
	for (const day of [today, tomorrow]) {
		if (!day) continue;
		const from = Date.parse(day.from) / 1000;
		day.prices.forEach((price, index) => void points.push({ at: from + index * day.step * 60, price }));
		end = from + day.prices.length * day.step * 60;
	}
	const last = points[points.length - 1];
	if (last) points.push({ at: end, price: last.price });
	return points;
}

/** Whether the price is another at times. */
export function varies(points: readonly PricePoint[]): boolean {
	return points.some(({ price }) => price !== points[0]?.price);
}

/** The lowest and the highest price that are still to come, the present one included. */
export function extremes(
	points: readonly PricePoint[],
	now: number,
): readonly [PricePoint, PricePoint] | undefined {
	const ahead = points
		.slice(0, -1)
		.filter(({ price }, index) => price !== null && (points[index + 1]?.at ?? 0) > now);
	const [first] = ahead;
	if (!first) return undefined;
	const best = (sign: number) =>
		ahead.reduce(
			(found, each) => (sign * ((each.price ?? 0) - (found.price ?? 0)) > 0 ? each : found),
			first,
		);
	return [best(-1), best(1)];
}

/** Calendar months that have begun between two local dates, the second not included. */
export function monthsOf(from: string, to: string): number {
	const number = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
	return number(to) - number(from) + (to.slice(8, 10) > "01" ? 1 : 0);
}
