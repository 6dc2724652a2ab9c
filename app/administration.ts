// The web server's administration, put together from settings/ and what the app keeps: changes are kept at once, and
// take effect with the restart that the caller asks for.

import type { Admin, AdminOutcome } from "../outputs/admin.js";
import { changeSettings, type Restarts, type SettingRule } from "../settings/changes.js";
import { settingsForm } from "../settings/form.js";
import type { SettingSection, Settings } from "../settings/schema.js";
import { exportSettings, exportWithSecrets, importSettings, type Sealing } from "../settings/transfer.js";

export interface AdministrationOptions {
	readonly sections: readonly SettingSection[];
	readonly rules: readonly SettingRule[];
	readonly sealing: Sealing;
	/** The settings as they are kept now. */
	settings(): Settings;
	/** Keeps them; throws where the storage is full. */
	save(settings: Settings): void;
	/** Restarts soon, after answers have left. */
	restart(reason: string): void;
	/** Removes everything that was set or learnt. */
	erase(): void;
}

export function administration(options: AdministrationOptions): Admin {
	const { sections, rules, sealing } = options;
	const kept = (settings: Settings, restarts: Restarts, unknown?: readonly string[]): AdminOutcome => {
		try {
			options.save(settings);
		} catch {
			return { problems: [{ setting: "*", problem: "could not be kept: the storage is full or broken" }] };
		}
		return unknown === undefined ? { restarts } : { restarts, unknown };
	};
	return {
		settingsForm(name) {
			const chosen = name === undefined ? sections : sections.filter((section) => section.name === name);
			if (chosen.length === 0) return undefined;
			return JSON.stringify(settingsForm(chosen, options.settings()));
		},
		changeSettings(patch) {
			const change = changeSettings(sections, options.settings(), patch, rules);
			return change.problems ? change : kept(change.settings, change.restarts);
		},
		exportSettings(passphrase) {
			if (passphrase === undefined) return { text: exportSettings(sections, options.settings()) };
			const sealed = exportWithSecrets(sections, options.settings(), passphrase, sealing);
			return sealed.problem === undefined ? { text: sealed.text } : { problem: sealed.problem };
		},
		importSettings(file, passphrase, leaveSecrets) {
			const { cipher, digests } = sealing;
			const given = passphrase === undefined ? { leaveSecrets } : { passphrase, leaveSecrets };
			const change = importSettings(sections, options.settings(), file, { cipher, digests, rules, ...given });
			return change.problems ? change : kept(change.settings, change.restarts, change.unknown);
		},
		restart: () => options.restart("asked for over HTTP"),
		factoryReset() {
			options.erase();
			options.restart("factory reset");
		},
	};
}
