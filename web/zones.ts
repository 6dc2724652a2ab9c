// Time zones as a person picks them: by part of the world, cities with blanks instead of underscores.

import { locale } from "./texts/texts.js";

export interface ZoneGroup {
	readonly label: string;
	readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** `Europe/Copenhagen` under `Europe`; what has no area comes under its own name, last. */
export function grouped(names: readonly string[]): readonly ZoneGroup[] {
	const groups = new Map<string, { value: string; label: string }[]>();
	for (const name of names) {
		const slash = name.indexOf("/");
		const area = slash < 0 ? "UTC" : name.slice(0, slash);
		const label = name.slice(slash + 1).replaceAll("_", " ");
		groups.set(area, [...(groups.get(area) ?? []), { value: name, label }]);
	}
	return [...groups].map(([label, choices]) => ({ label, choices }));
}

/** The zone of the device that shows the page. */
export function browserZone(): string {
	return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

/** `14:05` in the zone; `undefined` where the browser does not know it. */
export function timeIn(zone: string, at = new Date()): string | undefined {
	try {
		return at.toLocaleTimeString(locale(), {
			timeZone: zone,
			hour: "2-digit",
			minute: "2-digit",
			hour12: false,
		});
	} catch {
		return undefined;
	}
}
