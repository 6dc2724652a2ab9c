// A gateway of a fleet gets its settings and its admin password from a signed file (settings/provision.ts): one that lies
// in its storage at the start, or one that is sent over HTTP. All of a file is taken or nothing.

import type { Access } from "../access/access.js";
import { type PasswordRecord, readPassword } from "../access/password.js";
import type { Device } from "../hardware/device.js";
import { jsonOf, problem } from "../outputs/http/answer.js";
import { type Answer, type Responder, type Route, routeTable } from "../outputs/route.js";
import { utf8 } from "../outputs/shared/text.js";
import { changeSettings, type SettingRule } from "../settings/changes.js";
import { LONGEST_PROVISION, PROVISION_FILE, readProvision } from "../settings/provision.js";
import type { SettingSection, Settings } from "../settings/schema.js";
import { saveSettings } from "../settings/store.js";
import { ACCESS_FILE, storedAccess } from "./gate.js";

/** Serial number of the file that was taken last. */
export const PROVISIONED_FILE = "provisioned";

type ProvisionedDevice = Pick<Device, "files" | "provisioning" | "id" | "wallTime" | "log">;

interface ProvisionFacts {
	readonly device: ProvisionedDevice;
	readonly sections: readonly SettingSection[];
	readonly rules: readonly SettingRule[];
}

export interface ProvisioningOptions extends ProvisionFacts {
	/** The settings as they are kept now. */
	settings(): Settings;
	/** Keeps them; throws where the storage is full. */
	save(settings: Settings): void;
	/** Makes it the admin password; throws as `save` does. */
	setPassword(record: PasswordRecord): void;
}

/** Whose settings they are; restarts soon, after answers have left. */
export interface ProvisionOwner extends Pick<ProvisioningOptions, "settings" | "save"> {
	restart(reason: string): void;
}

/** Takes the file; otherwise why not, in words that follow "the file". Safe to be done again where power fails in between. */
export function provision(file: Uint8Array, options: ProvisioningOptions): string | undefined {
	const { device, sections, rules } = options;
	const read = readProvision(file, {
		...device.provisioning,
		gatewayId: device.id,
		wallTime: device.wallTime(),
		taken: lastTaken(device),
	});
	if (typeof read === "string") return read;
	const change = changeSettings(sections, options.settings(), read.settings, rules);
	if (change.problems) {
		const [first] = change.problems;
		return `does not fit this firmware: ${first?.setting} ${first?.problem}`;
	}
	const password = read.password === undefined ? undefined : readPassword(read.password);
	if (read.password !== undefined && !password) return "holds no password that this firmware can use";
	try {
		options.save(change.settings);
		if (password) options.setPassword(password);
		device.files.write(PROVISIONED_FILE, utf8(`${read.serial}`));
	} catch {
		return "could not be kept: the storage is full or broken";
	}
	device.log(`provision: file ${read.serial} is taken`);
	return undefined;
}

/** Takes a file that lies in the storage, and removes it; the settings to start with. */
export function provisionAtStart(
	device: ProvisionedDevice,
	sections: readonly SettingSection[],
	rules: readonly SettingRule[],
	settings: Settings,
): Settings {
	const { files } = device;
	const file = files.read(PROVISION_FILE);
	if (!file) return settings;
	const { password, tokens } = storedAccess(device);
	let kept = settings;
	// Who set it up by hand would not expect a file to change it.
	const refusal =
		password && lastTaken(device) === 0
			? "is not used: there is an admin password already"
			: provision(file, {
					...{ device, sections, rules, settings: () => settings },
					save: (changed) => {
						saveSettings(files, changed);
						kept = changed;
					},
					setPassword: (record) =>
						files.write(ACCESS_FILE, utf8(JSON.stringify({ password: record, tokens }))),
				});
	if (refusal !== undefined)
		device.log(`provision: the file ${refusal}`, lastTaken(device) > 0 ? "info" : "warning");
	try {
		files.remove(PROVISION_FILE);
	} catch (error) {
		device.log(`provision: ${error}`, "warning");
	}
	return kept;
}

/** `POST /api/v1/provision`: for anyone before there is a password, as the signature tells who may; for the admin after that. */
export class ProvisionResponder implements Responder {
	static readonly #OPEN = routeTable<ProvisionResponder>([
		{
			at: "POST /api/v1/provision",
			need: "open",
			body: Object.freeze({ most: LONGEST_PROVISION, type: "application/json" }),
			answer: (self, { body }) => self.#take(body),
		},
	]);
	static readonly #CLOSED = routeTable(this.#OPEN.map((route) => ({ ...route, need: "admin" as const })));
	readonly #facts: ProvisionFacts;
	readonly #access: Pick<Access, "hasPassword" | "adopt">;
	readonly #owner: ProvisionOwner;

	constructor(facts: ProvisionFacts, access: Pick<Access, "hasPassword" | "adopt">, owner: ProvisionOwner) {
		this.#facts = facts;
		this.#access = access;
		this.#owner = owner;
	}

	get routes(): readonly Route<ProvisionResponder>[] {
		return this.#access.hasPassword ? ProvisionResponder.#CLOSED : ProvisionResponder.#OPEN;
	}

	#take(file: Uint8Array): Answer {
		const owner = this.#owner;
		const refusal = provision(file, {
			...this.#facts,
			settings: () => owner.settings(),
			save: (settings) => owner.save(settings),
			setPassword: (record) => this.#access.adopt(record),
		});
		if (refusal !== undefined) return problem(422, "Not provisioned", `The file ${refusal}.`);
		owner.restart("provisioned");
		return jsonOf({ restarts: true }, 202);
	}
}

function lastTaken({ files }: ProvisionedDevice): number {
	const bytes = files.read(PROVISIONED_FILE);
	return bytes ? Number(String.fromCharCode(...bytes)) || 0 : 0;
}
