// A household's counters hour by hour, made up by rules that are simple enough to sum by hand, as a file that
// POST /api/v1/history/import takes (docs/history.md says its form). Nothing of the app is imported.

const HOUR = 3600;

/** A stretch of time, seconds since 1970. */
type Stretch = readonly [from: number, to: number];

export interface SimulatedHouse {
	/** Whole hours, seconds since 1970. */
	readonly from: number;
	readonly to: number;
	/** Single hours are in the file then: a gateway keeps four months of them, a file has a megabyte at most. */
	readonly hours?: readonly Stretch[];
	/** The gateway was off. */
	readonly gaps?: readonly Stretch[];
	/** Another electricity meter from then on. */
	readonly exchanges?: readonly number[];
	/** Begins of local days and months: hours, seconds since 1970. */
	isDay(hour: number): boolean;
	isMonth(hour: number): boolean;
	/** What is counted in the hour that begins then: Wh, Wh, litres of gas, litres of water. */
	counted(hour: number): readonly [number, number, number, number];
}

/** Hours and offsets of Copenhagen in 2024 to 2027, by the dates of its clock changes. */
const SUMMERS: readonly Stretch[] = [
	[Date.UTC(2024, 2, 31, 1), Date.UTC(2024, 9, 27, 1)],
	[Date.UTC(2025, 2, 30, 1), Date.UTC(2025, 9, 26, 1)],
	[Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)],
	[Date.UTC(2027, 2, 28, 1), Date.UTC(2027, 9, 31, 1)],
];

/** Local date and time in Copenhagen as UTC of a Date. */
export function inCopenhagen(time: number): Date {
	const isSummer = SUMMERS.some(([from, to]) => time * 1000 >= from && time * 1000 < to);
	return new Date((time + (isSummer ? 2 : 1) * HOUR) * 1000);
}

/** A heated house with panels and a gas stove, in Copenhagen. */
export const HOUSE = {
	isDay: (hour: number) => inCopenhagen(hour).getUTCHours() === 0,
	isMonth: (hour: number) => inCopenhagen(hour).getUTCHours() === 0 && inCopenhagen(hour).getUTCDate() === 1,
	counted(time: number): readonly [number, number, number, number] {
		const local = inCopenhagen(time);
		const hour = local.getUTCHours();
		const day = Math.floor(local.getTime() / 86_400_000);
		const season = Math.cos(((local.getUTCMonth() + local.getUTCDate() / 31) / 12) * 2 * Math.PI);
		const weather = ((day * 37) % 11) / 10;
		const sun =
			Math.max(0, Math.sin(((hour - 5) / 14) * Math.PI)) * (1 - 0.75 * season) * (0.25 + weather * 0.75);
		const evening = hour >= 17 && hour <= 21 ? 900 + ((day * 13) % 7) * 90 : 0;
		const use = 180 + evening + (hour === 7 ? 700 : 0) + Math.round((season + 1) * 260 * (1.3 - weather / 2));
		const made = Math.round(sun * 1900);
		const gas = hour === 18 ? 120 + Math.round((season + 1) * 300) : Math.round((season + 1) * 60);
		const water = hour === 7 ? 90 : hour >= 17 && hour < 22 ? 31 : 2;
		return [Math.max(0, use - made), Math.max(0, made - use), gas, water];
	},
};

const milli = (count: number) => (count / 1000).toFixed(3);
const iso = (time: number) => new Date(time * 1000).toISOString().replace(".000", "");

/** The import's text; samples at each full hour but those of the gaps. */
export function importText({
	from,
	to,
	hours = [[from, to]],
	gaps = [],
	exchanges = [],
	isDay,
	isMonth,
	counted,
}: SimulatedHouse): string {
	const logs: Record<"hour" | "day" | "month", string[]> = { hour: [], day: [], month: [] };
	const counters = [4_200_000, 1_100_000, 812_000, 96_000];
	const isNew = { hour: false, day: false, month: false };
	const peaks = { hour: 0, days: [] as number[] };
	for (let hour = from; hour <= to; hour += HOUR) {
		const isOff = gaps.some(([begin, end]) => hour > begin && hour < end);
		const write = (log: keyof typeof logs, peak: number) => {
			const fields = counters.map((count, index) => milli(count) + (isNew[log] && index < 2 ? "!" : ""));
			const quarter = Math.round(peaks.hour * 0.3);
			logs[log].push(
				[log, iso(hour + 4), quarter ? milli(quarter) : "", peak ? milli(peak) : "", ...fields].join(),
			);
			isNew[log] = false;
		};
		if (!isOff) {
			if (hours.some(([begin, end]) => hour >= begin && hour <= end)) write("hour", 0);
			if (isDay(hour)) {
				write("day", peaks.hour);
				peaks.hour = 0;
			}
			if (isMonth(hour)) write("month", 0);
		}
		const more = counted(hour);
		if (!isOff) peaks.hour = Math.max(peaks.hour, more[0]);
		more.forEach((count, index) => {
			counters[index] = (counters[index] ?? 0) + count;
		});
		if (exchanges.includes(hour)) isNew.hour = isNew.day = isNew.month = true;
	}
	const channel = (place: number, name: string, unit: string, kind: string, bus: number) =>
		`channel,${place},${name},${unit},${kind},${bus},-3,${kind === "meter" ? "1a2b3c4d" : `0000000${bus}`},0`;
	return [
		"meterling-history,2",
		channel(0, "energy_import", "kWh", "meter", 0),
		channel(1, "energy_export", "kWh", "meter", 0),
		channel(2, "gas_volume", "m³", "gas", 1),
		channel(3, "water_volume", "m³", "water", 2),
		...[...logs.hour, ...logs.day, ...logs.month],
		"",
	].join("\n");
}

/** Gives the gateway its first password and this history. */
export async function imported(url: string, text: string): Promise<{ samples: number }> {
	const entered = await fetch(`${url}/api/v1/password`, {
		method: "PUT",
		headers: { "content-type": "application/json", origin: url },
		body: JSON.stringify({ password: "correct horse battery" }),
	});
	const { csrf } = (await entered.json()) as { csrf: string };
	const cookie = `${entered.headers.get("set-cookie")}`.split(";")[0] as string;
	const answer = await fetch(`${url}/api/v1/history/import`, {
		method: "POST",
		headers: { "content-type": "text/csv", origin: url, cookie, "x-csrf-token": csrf },
		body: text,
	});
	if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
	return (await answer.json()) as { samples: number };
}
