// What was entered in a step and not yet sent: kept while the person goes back and forth, in this page's memory only.
// A secret is taken out as soon as it was sent.

import { useState } from "preact/hooks";

const kept = new Map<string, unknown>();

/** As `useState`, but what is set outlives the step. */
export function useKept<T>(name: string, initial: T): readonly [T, (value: T) => void] {
	const [value, setValue] = useState<T>(kept.has(name) ? (kept.get(name) as T) : initial);
	return [
		value,
		(next) => {
			kept.set(name, next);
			setValue(next);
		},
	];
}

export function forgetAll(): void {
	kept.clear();
}
