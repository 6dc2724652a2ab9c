// A year of hourly readings of a house with so many counters, kept in the given files: for measurements.

import type { HistoryOptions } from "../../../readings/history/log.js";
import type { History } from "../../../readings/history/recorder.js";
import { seeded } from "../../settings/memory-files.js";
import { counter, openHistory, reading } from "./storage.js";

/** In the order in which a house gets them, and what they count in a busy hour, in thousandths. */
const COUNTERS: readonly [name: string, unit: string, most: number][] = [
	["energy_import", "kWh", 3000],
	["energy_export", "kWh", 3000],
	["gas_volume", "m³", 900],
	["water_volume", "m³", 60],
	["energy_import_t1", "kWh", 3000],
	["energy_import_t2", "kWh", 3000],
	["energy_export_t1", "kWh", 3000],
	["energy_export_t2", "kWh", 3000],
	["heat_energy", "kWh", 9000],
	["heat_volume", "m³", 900],
	["cooling_energy", "kWh", 900],
	["energy_import_t3", "kWh", 3000],
];
export const YEAR_HOURS = 366 * 24;
const START = Date.UTC(2024, 11, 31, 23) / 1000;

/** `hours` of readings, some seconds after each hour. */
export function liveYear(files: HistoryOptions["files"], counters: number, hours = YEAR_HOURS): History {
	const history = openHistory(files);
	const random = seeded(counters);
	const totals = COUNTERS.slice(0, counters).map(([, , most]) => most * 10_000);
	for (let hour = 0; hour <= hours; hour++) {
		const time = START + hour * 3600 + (hour === 0 ? 0 : Math.floor(random() * 10));
		const quantities = totals.map((total, place) => {
			const [name, unit] = COUNTERS[place] as [string, string, number];
			return counter(name, total, unit);
		});
		history.reading(reading(null, quantities), time, time);
		for (let place = 0; place < counters; place++)
			totals[place] = (totals[place] ?? 0) + Math.floor(random() * (COUNTERS[place]?.[2] ?? 0));
	}
	return history;
}
