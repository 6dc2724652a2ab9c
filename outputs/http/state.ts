// The merged picture as JSON: meters send powers every few seconds and counters once an hour, and a page that opens
// now wants both, each with its age. Ages are seconds: the gateway need not know the time of day.

import { toText } from "../../readings/decimal.js";
import { readingToJson } from "../../readings/json.js";
import type { ReadingStore } from "../../readings/store.js";

/**
 * `{"gateway":…,"count":n,"age":s|null,"reading":{…}|null,"known":{name:{"value","unit","time","age"}}}`.
 * `count` numbers the newest reading as the event stream's ids do; numbers keep every digit.
 */
export function stateJson(gateway: string, store: ReadingStore, now: number): string {
	const { latest, count } = store;
	const age = store.age(now);
	const parts = [
		`{"gateway":${JSON.stringify(gateway)},"count":${count},"age":${age === undefined ? null : seconds(age)}`,
		`,"reading":${latest ? readingToJson(latest) : null},"known":`,
	];
	let separator = "{";
	for (const { quantity, at } of store.known) {
		const { name, value, unit, time } = quantity;
		parts.push(separator, JSON.stringify(name), ':{"value":');
		parts.push(typeof value === "string" ? JSON.stringify(value) : toText(value));
		if (unit !== undefined) parts.push(`,"unit":${JSON.stringify(unit)}`);
		if (time !== undefined) parts.push(`,"time":${JSON.stringify(time)}`);
		parts.push(`,"age":${seconds(now - at)}}`);
		separator = ",";
	}
	parts.push(separator === "{" ? "{}}" : "}}");
	return parts.join("");
}

/** Milliseconds as seconds with one digit. */
function seconds(milliseconds: number): number {
	return Math.round(milliseconds / 100) / 10;
}
