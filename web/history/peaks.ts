// Peaks of import that grid fees depend on: the Norwegian capacity step (mean of the three highest hours on different
// days of a month), the Belgian month peak (highest quarter of an hour), and what the present hour is about to make of
// them. Pure.

/** The answer of `/api/v1/history/peaks`; energies in kWh, so an hour's is its mean power in kW. */
export interface PeaksJson {
	readonly month: string;
	readonly days: readonly { readonly day: string; readonly energy: number | null }[];
	readonly mean: number | null;
	readonly quarter: number | null;
	readonly unit?: string;
}

/** The answer of `/api/v1/history/power`: watts, export negative, oldest first; no `until` while none was read. */
export interface PowerJson {
	readonly step: number;
	readonly until?: string;
	readonly power: readonly (number | null)[];
}

/** When the newest power was read, seconds since 1970; 0 while none was. */
export function endOf({ until }: PowerJson): number {
	return until === undefined ? 0 : Date.parse(until) / 1000;
}

/** Upper ends, in kW, of the steps that most Norwegian grid companies have. */
const STEPS = [2, 5, 10, 15, 20, 25, 50, 75, 100];
const COUNTED_DAYS = 3;
const HOUR = 3600;
/** The rest of the hour is taken to go on as the last minutes. */
const RECENT_SECONDS = 300;
const QUARTERS = 4;
const MILLIWATT_HOURS = 3_600_000;

/** The step's ends in kW; the last has no upper end. */
export function stepOf(mean: number): readonly [number, number | undefined] {
	const index = STEPS.findIndex((end) => mean < end);
	if (index < 0) return [STEPS[STEPS.length - 1] as number, undefined];
	return [STEPS[index - 1] ?? 0, STEPS[index]];
}

/** Mean power of the highest quarter, kW. */
export function quarterPower({ quarter }: PeaksJson): number | undefined {
	return quarter === null ? undefined : quarter * QUARTERS;
}

export interface RunningHour {
	/** kWh imported since the hour began. */
	readonly soFar: number;
	/** kWh that it will be if use stays as in the last minutes. */
	readonly whole: number;
	/** Seconds since 1970. */
	readonly ends: number;
}

/**
 * The present hour, begun at `start`: what the import counter counted (`counted` kWh until `countedTo`, as the open row says), then
 * power where the counter is behind, then the last minutes' mean to the end. `undefined` where no power is known.
 */
export function runningHour(
	read: PowerJson,
	start: number,
	now: number,
	counted = 0,
	countedTo = start,
): RunningHour | undefined {
	const { step, power } = read;
	const end = endOf(read);
	const ends = start + HOUR;
	if (end <= start || now >= ends || now - end > RECENT_SECONDS) return undefined;
	const from = Math.min(Math.max(countedTo, start), end);
	const passed = mean(power, step, end, end - from);
	const recent = mean(power, step, end, RECENT_SECONDS);
	if (recent === undefined) return undefined;
	const soFar = counted + ((passed ?? recent) * (end - from)) / MILLIWATT_HOURS;
	return { soFar, whole: soFar + (recent * (ends - end)) / MILLIWATT_HOURS, ends };
}

/** Watts imported on average in the last `seconds`; gaps are taken to be as the rest. */
function mean(power: PowerJson["power"], step: number, end: number, seconds: number): number | undefined {
	let sum = 0;
	let weight = 0;
	power.forEach((watts, index) => {
		const to = end - (power.length - 1 - index) * step;
		const share = Math.min(step, to - (end - seconds));
		if (watts === null || share <= 0) return;
		sum += Math.max(watts, 0) * share;
		weight += share;
	});
	return weight === 0 ? undefined : sum / weight;
}

/** The mean that the month would have with an hour of so many kWh today. */
export function meanWith({ days }: PeaksJson, today: string, hour: number): number {
	const highest = days
		.map(({ day, energy }) => ({ day, energy: energy ?? 0 }))
		.filter(({ day, energy }) => day !== today || energy > hour);
	if (!highest.some(({ day }) => day === today)) highest.push({ day: today, energy: hour });
	const counted = highest.sort((one, other) => other.energy - one.energy).slice(0, COUNTED_DAYS);
	return counted.reduce((sum, { energy }) => sum + energy, 0) / counted.length;
}
