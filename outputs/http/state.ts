// The merged picture as JSON: meters send powers every few seconds and counters once an hour, and a page that opens
// now wants both, each with its age. Ages are seconds: the gateway need not know the time of day.

import { valueMembers, writeMembers, writeReading } from "../../readings/json.js";
import type { Quantity } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { latestParts, type Parts, partsOf } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

/**
 * `{"gateway":…,"count":n,"age":s|null,"reading":{…}|null,"known":{name:{"value","unit","time","age"}}}`.
 * `known` is what the newest reading has not, from readings before it; `fields`: of these names only. `count` numbers the newest reading as the event stream's ids do; numbers keep every digit.
 */
export function stateParts(
	gateway: string,
	store: ReadingStore,
	now: number,
	fields?: readonly string[],
): Parts {
	const { count, known } = store;
	const age = store.age(now);
	const older: number[] = [];
	for (let index = 0; index < known.length; index++) {
		const { name } = known[index] as Quantity;
		if (!store.isNewest(index) && (!fields || fields.includes(name))) older.push(index);
	}
	const member = (place: number) => {
		const index = older[place] as number;
		const { name, value, unit, time } = known[index] as Quantity;
		const stamp = time === undefined ? "" : `,"time":${JSON.stringify(time)}`;
		const since = seconds(now - store.knownAt(index));
		return `${JSON.stringify(name)}:{${valueMembers(value, unit)}${stamp},"age":${since}}`;
	};
	const head = `{"gateway":${JSON.stringify(gateway)},"count":${count},"age":${age === undefined ? null : seconds(age)},"reading":`;
	return [
		utf8(head),
		...(chosenParts(store, fields) ?? [utf8("null")]),
		...partsOf((take) => {
			take(',"known":{');
			writeMembers(older.length, member, take);
			take("}}");
		}),
	];
}

/** The newest reading's JSON, with the quantities of these names only, where there are any; `undefined` before the first. */
export function chosenParts(store: ReadingStore, fields: readonly string[] | undefined): Parts | undefined {
	const { latest } = store;
	if (!latest || !fields) return latestParts(store);
	const chosen = (all: readonly Quantity[]) => all.filter(({ name }) => fields.includes(name));
	const reading = {
		...latest,
		quantities: chosen(latest.quantities),
		devices: latest.devices.map((device) => ({ ...device, quantities: chosen(device.quantities) })),
	};
	return partsOf((take) => writeReading(reading, take));
}

/** Milliseconds as seconds with one digit. */
export function seconds(milliseconds: number): number {
	return Math.round(milliseconds / 100) / 10;
}
