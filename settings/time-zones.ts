// Time zones by name (`Europe/Copenhagen`), for the picker and for the setting. The rules themselves are POSIX TZ
// strings: posix-time-zone.ts.

import { insertInOrder } from "../readings/insert.js";
import { isPosixTimeZone, type LocalTime, localTime } from "./posix-time-zone.js";
import { TIME_ZONE_LIST } from "./time-zone-list.js";

export interface TimeZone {
	readonly name: string;
	readonly posix: string;
}

/** Calls back with each zone, until it answers `true`. Allocates one name at a time: the list is long. */
function eachZone(visit: (name: string, posix: string) => boolean): void {
	for (const line of TIME_ZONE_LIST) {
		const space = line.indexOf(" ");
		const posix = line.slice(0, space);
		for (const part of line.slice(space + 1).split(";")) {
			const slash = part.indexOf("/");
			const area = slash < 0 ? "" : part.slice(0, slash + 1);
			for (const city of part.slice(slash + 1).split(",")) if (visit(area + city, posix)) return;
		}
	}
}

/** The POSIX TZ string of a zone's name, or of itself where it is one; `undefined` for anything else. */
export function posixOf(name: string): string | undefined {
	let found: string | undefined;
	eachZone((zone, posix) => {
		if (zone === name) found = posix;
		return found !== undefined;
	});
	return found ?? (isPosixTimeZone(name) ? name : undefined);
}

/** Every zone, by name, for a page's picker. */
export function timeZoneNames(): string[] {
	const names: string[] = [];
	eachZone((name) => {
		insertInOrder(names, name, (one, other) => one < other);
		return false;
	});
	return names;
}

/** Local time in the zone of that name; UTC where there is none. */
export function localTimeIn(name: string, utc: number): LocalTime {
	const posix = posixOf(name);
	return (
		(posix === undefined ? undefined : localTime(utc, posix)) ?? {
			milliseconds: utc,
			offsetMinutes: 0,
			isDaylightSaving: false,
			abbreviation: "UTC",
		}
	);
}
