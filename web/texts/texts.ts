// The page's texts in the language that it is in now. `texts` is live: it is read while rendering, never kept, for the
// language can change. Which language it becomes, and where its texts come from, is language.ts's matter.

import { en } from "./en.js";

/** Texts of the shape of the English ones. */
export type Texts = Shape<typeof en>;

type Shape<T> = T extends string ? string : { readonly [Key in keyof T]: Shape<T[Key]> };

/** Languages whose texts are packed in one file: alike ones make each other small (tools/language-files.mjs). */
export const GROUPS = [
	["nl", "de"],
	["da", "nb", "sv"],
] as const;
export const LANGUAGES = ["en", ...GROUPS[0], ...GROUPS[1]] as const;
export type Language = (typeof LANGUAGES)[number];

/** Typed as English, whose texts tell the compiler their placeholders. */
export let texts: typeof en = en;

/** Where the browser names no region: what is usual in Europe, days before months. */
const DEFAULT_LOCALES: Readonly<Record<Language, string>> = {
	...{ en: "en-GB", nl: "nl-NL", de: "de-DE", da: "da-DK", nb: "nb-NO", sv: "sv-SE" },
};

let language: Language = "en";
let ownLocale = DEFAULT_LOCALES.en;

/** For `Intl`: the language with the region that the browser wants, such as `de-AT`. */
export function locale(): string {
	return ownLocale;
}

export function currentLanguage(): Language {
	return language;
}

/** From now on the page speaks so. `wanted`: the browser's languages, whose regions decide how numbers are written. */
export function speak(next: Language, words: Texts, wanted: readonly string[] = []): void {
	language = next;
	texts = words as typeof en;
	ownLocale = wanted.find((tag) => tag.length > 2 && languageOf(tag) === next) ?? DEFAULT_LOCALES[next];
}

/** The first language wanted that the page has; English where there is none. */
export function languageFor(wanted: readonly string[]): Language {
	for (const tag of wanted) {
		const language = languageOf(tag);
		if (language) return language;
	}
	return "en";
}

/** `nb-NO`, `no` → `nb`; Nynorsk is read as Bokmål rather than as English. */
function languageOf(tag: string): Language | undefined {
	const [name = ""] = tag.toLowerCase().split("-");
	const known = name === "no" || name === "nn" ? "nb" : name;
	return LANGUAGES.find((each) => each === known);
}
