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
	readonly owner: AdministrationOwner;
}

export interface AdministrationOwner {
	/** The settings as they are kept now. */
	settings(): Settings;
	/** Keeps them; throws where the storage is full. */
	save(settings: Settings): void;
	/** Restarts soon, after answers have left. */
	restart(reason: string): void;
	/** Removes everything that was set or learnt. */
	erase(): void;
}

export class Administration implements Admin {
	readonly #options: AdministrationOptions;

	constructor(options: AdministrationOptions) {
		this.#options = options;
	}

	settingsForm(name?: string): string | undefined {
		const { sections, owner } = this.#options;
		const chosen = name === undefined ? sections : sections.filter((section) => section.name === name);
		if (chosen.length === 0) return undefined;
		return JSON.stringify(settingsForm(chosen, owner.settings()));
	}

	changeSettings(patch: unknown): AdminOutcome {
		const { sections, rules, owner } = this.#options;
		const change = changeSettings(sections, owner.settings(), patch, rules);
		return change.problems ? change : this.#kept(change.settings, change.restarts);
	}

	exportSettings(passphrase?: string): ReturnType<Admin["exportSettings"]> {
		const { sections, sealing, owner } = this.#options;
		if (passphrase === undefined) return { text: exportSettings(sections, owner.settings()) };
		const sealed = exportWithSecrets(sections, owner.settings(), passphrase, sealing);
		return sealed.problem === undefined ? { text: sealed.text } : { problem: sealed.problem };
	}

	importSettings(file: Uint8Array, passphrase: string | undefined, leaveSecrets: boolean): AdminOutcome {
		const { sections, rules, sealing, owner } = this.#options;
		const { cipher, digests } = sealing;
		const given = passphrase === undefined ? { leaveSecrets } : { passphrase, leaveSecrets };
		const change = importSettings(sections, owner.settings(), file, { cipher, digests, rules, ...given });
		return change.problems ? change : this.#kept(change.settings, change.restarts, change.unknown);
	}

	restart(): void {
		this.#options.owner.restart("asked for over HTTP");
	}

	factoryReset(): void {
		const { owner } = this.#options;
		owner.erase();
		owner.restart("factory reset");
	}

	#kept(settings: Settings, restarts: Restarts, unknown?: readonly string[]): AdminOutcome {
		try {
			this.#options.owner.save(settings);
		} catch {
			return { problems: [{ setting: "*", problem: "could not be kept: the storage is full or broken" }] };
		}
		return unknown === undefined ? { restarts } : { restarts, unknown };
	}
}
