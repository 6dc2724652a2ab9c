// Takes secrets out of text that people will read: every value of a secret setting, wherever it stands in a line.
// A net under the rule that no message holds a secret, not a replacement of it.

import { insertInOrder } from "../readings/insert.js";
import type { SettingSection, Settings } from "../settings/schema.js";
import { isSecret } from "../settings/setting.js";

/** Shorter values are no secret worth the name, and would punch holes into innocent words. */
const SHORTEST_SECRET = 4;
const REPLACEMENT = "(secret)";

/** The values of all secret settings, longest first, so that one that holds another goes as a whole. */
export function secretsOf(sections: readonly SettingSection[], settings: Settings): readonly string[] {
	const secrets: string[] = [];
	for (const { name, settings: descriptors } of sections) {
		for (const descriptor of descriptors) {
			if (!isSecret(descriptor)) continue;
			const value = settings[name]?.[descriptor.key];
			if (typeof value === "string" && value.length >= SHORTEST_SECRET)
				insertInOrder(secrets, value, (one, other) => one.length > other.length);
		}
	}
	return secrets;
}

/** The text without the secrets, whatever their case: keys are written in both. */
export function redacted(text: string, secrets: readonly string[]): string {
	let safe = text;
	for (const secret of secrets) safe = without(safe, secret);
	return safe;
}

function without(text: string, secret: string): string {
	const lower = text.toLowerCase();
	const wanted = secret.toLowerCase();
	// A letter that changes its length with its case would shift the places: compared as it is written, then.
	if (lower.length !== text.length || wanted.length !== secret.length)
		return text.split(secret).join(REPLACEMENT);
	let at = lower.indexOf(wanted);
	if (at < 0) return text;
	let safe = "";
	let from = 0;
	while (at >= 0) {
		safe += text.slice(from, at) + REPLACEMENT;
		from = at + wanted.length;
		at = lower.indexOf(wanted, from);
	}
	return safe + text.slice(from);
}
