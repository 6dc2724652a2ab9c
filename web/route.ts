// The address's hash as a place in the page: `#setup/meter` is the page `setup`, part `meter`; `#history/day/now` is
// `history`, part `day/now`. Pure.

export const PAGES = [
	"now",
	"history",
	"meter",
	"health",
	"log",
	"settings",
	"update",
	"account",
	"setup",
] as const;
export type PageName = (typeof PAGES)[number];

export interface Place {
	/** `undefined`: the hash names none. */
	readonly page: PageName | undefined;
	readonly part: string;
}

export function placeOf(hash: string): Place {
	const [name = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
	return { page: PAGES.find((page) => page === name), part: rest.join("/") };
}
