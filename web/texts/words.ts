// What one language has: the page's texts, all of them, and names and choices of settings as far as they are translated;
// their help, and what has no translation, is as the descriptors of the settings have it.

import type { Texts } from "./texts.js";

export interface Words {
	readonly texts: Texts;
	readonly settings: SettingWords;
}

/** By section and key. */
export type SettingWords = Readonly<Record<string, Readonly<Record<string, SettingWord>>>>;

export interface SettingWord {
	readonly label: string;
	readonly help?: string;
	readonly choices?: Readonly<Record<string, string>>;
}
