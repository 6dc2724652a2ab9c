// The address's hash as a place in the page: `#setup/meter` is the page `setup`, part `meter`. Pure.

export const PAGES = ["now", "health", "log", "settings", "update", "account", "setup"] as const;
export type PageName = (typeof PAGES)[number];

export interface Place {
	/** `undefined`: the hash names none. */
	readonly page: PageName | undefined;
	readonly part: string;
}

export function placeOf(hash: string): Place {
	const [name = "", part = ""] = hash.replace(/^#\/?/, "").split("/");
	return { page: PAGES.find((page) => page === name), part };
}
