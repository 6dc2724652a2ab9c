// The choice of a language, each by its own name.

import { useState } from "preact/hooks";
import { setLanguage } from "./language.js";
import { currentLanguage, LANGUAGES, type Language, texts } from "./texts.js";

const NAMES: Readonly<Record<Language, string>> = {
	en: "English",
	nl: "Nederlands",
	de: "Deutsch",
	da: "Dansk",
	nb: "Norsk",
	sv: "Svenska",
};

export function LanguageChoice() {
	const [failed, setFailed] = useState(false);
	const current = currentLanguage();
	return (
		<label class="language">
			<span>{texts.language.label}</span>
			<select
				value={current}
				onChange={async ({ currentTarget }) => {
					const done = await setLanguage(currentTarget.value as Language);
					setFailed(!done);
					if (!done) currentTarget.value = current;
				}}
			>
				{LANGUAGES.map((language) => (
					<option key={language} value={language} lang={language}>
						{NAMES[language]}
					</option>
				))}
			</select>
			<span role="status">{failed && texts.language.failed}</span>
		</label>
	);
}
