// The gateway's administration as the web server sees it: settings, restart, factory reset. The app implements it with
// settings/ and the device. Texts are JSON, ready to be sent, and hold no secret but sealed ones.

/** A value that was refused, and why; never the value itself. */
export interface AdminProblem {
	readonly setting: string;
	readonly problem: string;
}

/** What must start again for a change to take effect: POST /api/v1/restart does all of it. */
export interface AdminRestarts {
	readonly gateway: boolean;
	readonly meter: boolean;
	readonly outputs: readonly string[];
}

export type AdminOutcome =
	| { readonly restarts: AdminRestarts; readonly unknown?: readonly string[]; readonly problems?: undefined }
	| { readonly problems: readonly AdminProblem[] };

export interface Admin {
	/** Form and values, secrets left out; of one section where it is named, `undefined` where there is none of that name. */
	settingsForm(section?: string): string | undefined;
	/** `{section: {key: value}}`: all of it is taken and kept, or none. */
	changeSettings(change: unknown): AdminOutcome;
	/** Without a passphrase secrets are left out; with one they are sealed. */
	exportSettings(passphrase: string | undefined): { readonly text: string } | { readonly problem: string };
	/** An exported file. `leaveSecrets`: takes the rest of one whose passphrase is lost. */
	importSettings(file: Uint8Array, passphrase: string | undefined, leaveSecrets: boolean): AdminOutcome;
	/** Restarts soon: after the answer has left. */
	restart(): void;
	/** Erases settings, password, tokens and history, and restarts soon. */
	factoryReset(): void;
}
