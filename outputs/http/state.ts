// The merged picture as JSON: meters send powers every few seconds and counters once an hour, and a page that opens
// now wants both, each with its age. Ages are seconds: the gateway need not know the time of day.

import { readingToJson, valueMembers } from "../../readings/json.js";
import type { ReadingStore } from "../../readings/store.js";

/**
 * `{"gateway":…,"count":n,"age":s|null,"reading":{…}|null,"known":{name:{"value","unit","time","age"}}}`.
 * `count` numbers the newest reading as the event stream's ids do; numbers keep every digit.
 */
export function stateJson(gateway: string, store: ReadingStore, now: number): string {
	const { latest, count } = store;
	const age = store.age(now);
	const members = store.known.map(({ name, value, unit, time }, index) => {
		const stamp = time === undefined ? "" : `,"time":${JSON.stringify(time)}`;
		const since = seconds(now - store.knownAt(index));
		return `${JSON.stringify(name)}:{${valueMembers(value, unit)}${stamp},"age":${since}}`;
	});
	const head = `{"gateway":${JSON.stringify(gateway)},"count":${count},"age":${age === undefined ? null : seconds(age)}`;
	return `${head},"reading":${latest ? readingToJson(latest) : null},"known":{${members.join(",")}}}`;
}

/** Milliseconds as seconds with one digit. */
function seconds(milliseconds: number): number {
	return Math.round(milliseconds / 100) / 10;
}
