// What must hold of a house whatever has been done to it, and what history says. Not a test.

import type { Findings } from "./drill.js";
import type { House } from "./house.js";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Every telegram was read, none was refused. `lost`: those that came while nobody could hear them. */
export function allIsRead(house: House, findings: Findings, what: string, lost = 0): void {
	const { readings, rejected } = house.health();
	// The newest may be on its way.
	const missing = house.sent - lost - readings.count;
	findings.must(missing === 0 || missing === 1, `${what}: ${house.sent} sent, ${readings.count} read`);
	findings.must(rejected.count === 0, `${what}: ${rejected.count} rejected`);
}

export interface Arrived {
	readonly read: number;
	readonly live: number;
	readonly late: number;
	/** Dropped on purpose: a long outage keeps every second, fourth … reading. */
	readonly thinned: number;
	readonly again: number;
}

/** Each reading is at the broker, live or late, or was thinned out by the rule; nothing is lost and nothing waits. */
export function allArrives(house: House, findings: Findings, what: string): Arrived {
	const { lateThinned, dropped, lateWaiting, connected } = house.output("mqtt");
	const { live, late, again } = house.broker;
	const read = house.health().readings.count;
	const arrived = new Set([...live, ...late]).size;
	const missing = read - arrived - Number(lateThinned);
	findings.must(connected === true, `${what}: not connected to the broker at the end`);
	findings.must(lateWaiting === 0, `${what}: ${lateWaiting} bytes still wait`);
	findings.must(dropped === 0, `${what}: ${dropped} dropped`);
	findings.must(missing === 0 || missing === 1, `${what}: ${missing} of ${read} readings never came`);
	return { read, live: live.size, late: late.size, thinned: Number(lateThinned), again };
}

interface HistoryAnswer {
	readonly rows: readonly {
		readonly from: string;
		readonly to: string;
		readonly change: readonly (number | null)[];
	}[];
}

export interface Told {
	readonly rows: number;
	readonly from: string;
	readonly to: string;
	/** What was imported in all rows, Wh. */
	readonly sum: number;
	readonly least: number;
}

/** The hours of history, of whatever year. */
export function historyOf(house: House): Told {
	const text = house.ask("/api/v1/history?period=hour&quantity=energy_import&from=2024-01-01&to=2029-01-01");
	const { rows } = JSON.parse(text) as HistoryAnswer;
	const changes = rows.map(({ change }) => Math.round((change[0] ?? 0) * 1000));
	return {
		rows: rows.length,
		from: rows[0]?.from ?? "",
		to: rows.at(-1)?.to ?? "",
		sum: changes.reduce((sum, change) => sum + change, 0),
		least: Math.min(...changes),
	};
}
