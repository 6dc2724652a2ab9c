// Years of history of a household that never was, as a file that a gateway imports (docs/history.md): made backwards from
// what its counters say now. For pictures and demonstrations; nothing here is measured.

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const YEAR_DAYS = 365.25;
/** How far back each log goes, in days. */
const REACH = { hour: 100, day: 1000, month: 1000 };

/** Share of the whole day's use in each hour, local. */
const DAILY = [2, 2, 2, 2, 2, 3, 5, 7, 5, 4, 3, 3, 4, 3, 3, 3, 4, 6, 9, 8, 7, 6, 4, 3];
const DAILY_SUM = DAILY.reduce((sum, share) => sum + share, 0);

/** What flows in one hour, by the name that the counter begins with. */
function flows(time, solar) {
	const date = new Date(time);
	const hour = date.getHours();
	const night = hour < 7 || hour >= 23 || date.getDay() % 6 === 0;
	const year = (2 * Math.PI * (time / HOUR_MS / DAY_HOURS)) / YEAR_DAYS;
	const winter = (1 + Math.cos(year)) / 2;
	const used = ((8 + 9 * winter) * DAILY[hour] * (0.6 + 0.8 * chance(time))) / DAILY_SUM;
	const sun = Math.max(0, Math.sin((Math.PI * (hour - 5 - 2 * winter)) / (15 - 4 * winter)));
	const made =
		hour > 5 ? (solar / 1000) * sun * (1 - 0.75 * winter) * (0.2 + 0.8 * chance(time - hour * HOUR_MS)) : 0;
	const over = used - made;
	const imported = Math.max(0.02, over);
	const exported = Math.max(0, -over);
	return {
		energy_import: imported,
		energy_import_t1: night ? imported : 0,
		energy_import_t2: night ? 0 : imported,
		energy_export: exported,
		energy_export_t1: night ? exported : 0,
		energy_export_t2: night ? 0 : exported,
		gas_volume: (0.3 + 5 * winter ** 2) * (DAILY[hour] / DAILY_SUM),
		water_volume: 0.35 * (DAILY[hour] / DAILY_SUM),
		heat_energy: (0.3 + 5 * winter ** 2) * (DAILY[hour] / DAILY_SUM) * 0.011,
		heat_volume: (0.3 + 5 * winter ** 2) * (DAILY[hour] / DAILY_SUM) * 0.25,
	};
}

/** The same number from 0 to 1 for the same hour. */
function chance(time) {
	const mixed = Math.sin(Math.floor(time / HOUR_MS) * 12.9898) * 43_758.5453;
	return mixed - Math.floor(mixed);
}

/** `exported`: what `GET /api/v1/history/export` gave; the answer has its counters, and years of them. */
export function demoHistory(exported, solar = 4000) {
	const lines = exported.trim().split("\n");
	const channels = lines.filter((line) => line.startsWith("channel,")).map((line) => line.split(","));
	const newest = lines
		.filter((line) => line.startsWith("hour,"))
		.pop()
		?.split(",");
	if (!newest) throw new Error("the gateway has noted nothing yet");
	const counters = channels.map((_, place) => Number.parseFloat(newest[4 + place]) || 0);
	const logs = { hour: [], day: [], month: [] };
	const begin = Math.floor(Date.parse(newest[1]) / HOUR_MS) * HOUR_MS;
	let [dayPeak, monthPeak] = [0, 0];
	for (let hours = 0; hours < REACH.day * DAY_HOURS; hours++) {
		const time = begin - hours * HOUR_MS;
		const local = new Date(time);
		const note = (log, peak) => {
			const peaks = peak === undefined ? "," : `${((peak * 1.2) / 4).toFixed(3)},${peak.toFixed(3)}`;
			const values = counters.map((counter, place) => counter.toFixed(-channels[place][6]));
			logs[log].push(
				`${log},${new Date(time + 5000).toISOString().slice(0, 19)}Z,${peaks},${values.join(",")}`,
			);
		};
		if (hours < REACH.hour * DAY_HOURS) note("hour");
		if (local.getHours() === 0) note("day", dayPeak);
		if (local.getHours() === 0 && local.getDate() === 1) note("month", monthPeak);
		const flow = flows(time - HOUR_MS, solar);
		if (local.getHours() === 0) dayPeak = 0;
		if (local.getHours() === 0 && local.getDate() === 1) monthPeak = 0;
		dayPeak = Math.max(dayPeak, flow.energy_import);
		monthPeak = Math.max(monthPeak, flow.energy_import);
		channels.forEach(([, , name], place) => {
			counters[place] = Math.max(0, counters[place] - (flow[name] ?? 0));
		});
	}
	const samples = Object.values(logs).flatMap((log) => [...log.reverse()]);
	return [lines[0], ...channels.map((channel) => channel.join(",")), ...samples, ""].join("\n");
}
