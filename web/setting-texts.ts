// Puts names and help to the settings that the gateway sends: both are in the page, for the gateway has no room for them.
// A setting that this page does not know (an older page, a newer gateway) goes by its key.

import english from "setting-texts";
import type { FormSection as SentSection } from "../settings/form.js";
import type { FormField, FormSection } from "./setting-form.js";
import { named } from "./texts/filled.js";
import { texts as words } from "./texts/texts.js";

let texts = english;

/** From now on settings are called so. */
export function takeSettingTexts(words: typeof english): void {
	texts = words;
}

/** The form with everything that a person reads. */
export function described(sections: readonly SentSection[]): readonly FormSection[] {
	return sections.map(({ name, title, fields }) => ({
		name,
		title: titleOf(name) ?? title,
		fields: fields.map(({ choices, ...field }): FormField => {
			const known = texts[name]?.[field.key];
			return {
				...field,
				label: known?.label ?? field.key,
				help: known?.help ?? "",
				...(choices
					? { choices: choices.map((value) => ({ value, label: known?.choices?.[value] ?? value })) }
					: {}),
			};
		}),
	}));
}

/** Where the page has a word for the section anyway; the others go by names, or by their English title. */
function titleOf(name: string): string | undefined {
	const { pages, health, history } = words;
	return named(
		{
			...{ meter: pages.meter, network: health.network, update: pages.update, log: pages.log },
			cost: history.names.cost,
		},
		name,
	);
}
