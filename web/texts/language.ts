// Which language the page speaks: the one chosen here before, otherwise the first of the browser's that it has, otherwise
// English. English is in the page; the others come from the gateway, alike ones in one file, and are kept by the browser, so that they
// are there at once the next time. Where that file does not come, English stays.

import { useEffect, useState } from "preact/hooks";
import english from "setting-texts";
import { takeSettingTexts } from "../setting-texts.js";
import { en } from "./en.js";
import { partOf, unpacked } from "./packed.js";
import { currentLanguage, GROUPS, type Language, languageFor, speak } from "./texts.js";

/** Changes with any text (tools/build-web.mjs): texts of another build would stand at the wrong keys. */
declare const TEXTS_TAG: string;

const CHOICE = "meterling.language";
const KEPT = "meterling.texts";
/** A page in English at once is better than an empty one: so long it waits for its language. */
const PATIENCE_MS = 2000;

const ALL = { texts: en, settings: english };
type Words = typeof ALL;

const listeners = new Set<(language: Language) => void>();

/** The language of now, and of later. */
export function useLanguage(): Language {
	const [language, setLanguage] = useState(currentLanguage());
	useEffect(() => {
		listeners.add(setLanguage);
		return () => {
			listeners.delete(setLanguage);
		};
	}, []);
	return language;
}

/** The page's first language; done when its texts are there, or when they take too long. */
export async function startLanguage(): Promise<void> {
	const chosen = stored(CHOICE);
	const language = languageFor(chosen ? [chosen, ...navigator.languages] : navigator.languages);
	const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
	await Promise.race([change(language), patience]);
}

/** A person's choice; `false` where its texts did not come. */
export async function setLanguage(language: Language): Promise<boolean> {
	const done = await change(language);
	if (done) store(CHOICE, language);
	return done;
}

/** Counts changes asked for: the last one counts, whichever texts come first. */
let changes = 0;

async function change(language: Language): Promise<boolean> {
	changes++;
	const own = changes;
	const words = await wordsOf(language);
	if (!words) return false;
	if (own !== changes) return true;
	speak(language, words.texts, navigator.languages);
	takeSettingTexts(words.settings);
	document.documentElement.lang = language;
	for (const listener of listeners) listener(language);
	return true;
}

async function wordsOf(language: Language): Promise<Words | undefined> {
	if (language === "en") return ALL;
	const key = `${TEXTS_TAG} ${language} `;
	try {
		let kept = stored(KEPT);
		if (!kept?.startsWith(key)) {
			const number = GROUPS.findIndex((each) => each.some((name) => name === language));
			const group: readonly Language[] = GROUPS[number] ?? [];
			const reply = await fetch(`texts/${number + 1}`);
			const [tag, text] = (await reply.json()) as readonly [string, string];
			if (tag !== TEXTS_TAG) return undefined;
			const part = partOf(text, group.indexOf(language), group.length);
			kept = key + JSON.stringify(part);
			store(KEPT, kept);
		}
		return unpacked(ALL, JSON.parse(kept.slice(key.length)));
	} catch {
		return undefined;
	}
}

/** Browsers may refuse storage; then the page does without. */
function stored(key: string): string | undefined {
	try {
		return localStorage.getItem(key) ?? undefined;
	} catch {
		return undefined;
	}
}

function store(key: string, value: string): void {
	try {
		localStorage.setItem(key, value);
	} catch {
		// Asked for again the next time.
	}
}
