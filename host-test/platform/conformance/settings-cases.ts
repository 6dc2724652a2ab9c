// Kept settings on the platform's real files, and sealed exports by its real cipher.

import { nativeCipher } from "../../../hardware/cipher.js";
import { nativeDigests, systemRandomBytes } from "../../../hardware/digests.js";
import { DeviceFiles } from "../../../hardware/files.js";
import { GENERATIONS } from "../../../settings/generations.js";
import { readSettings, type Settings } from "../../../settings/schema.js";
import { eraseSettings, loadSettings, SETTINGS_FILE, saveSettings } from "../../../settings/store.js";
import { exportWithSecrets, importSettings } from "../../../settings/transfer.js";
import { SECTIONS } from "../../settings/example-sections.js";
import { cutSaves } from "../../settings/power-cuts.js";
import { bytesOf, differs } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

const named = (name: string): Settings => ({
	...readSettings(SECTIONS, undefined).settings,
	network: { name },
});
const nameIn = (files: DeviceFiles) => loadSettings(files, SECTIONS).settings.network?.name;

export const settingsCases: readonly ConformanceCase[] = [
	{
		name: "settings: saved, saved again, the newest torn, taken over from a plain file, erased",
		run(_, done) {
			const files = new DeviceFiles();
			eraseSettings(files);
			saveSettings(files, named("loft"));
			saveSettings(files, named("cellar, å€"));
			let problem = differs("the newest", nameIn(files), "cellar, å€");
			const newest = files.read(GENERATIONS[1]) ?? new Uint8Array(0);
			files.write(GENERATIONS[1], newest.subarray(0, newest.length - 1));
			problem ??= differs("beside a torn one", nameIn(files), "loft");
			files.write(SETTINGS_FILE, bytesOf('{"network":{"name":"given"}}'));
			problem ??= differs("from the plain file", nameIn(files), "given");
			problem ??= differs("the plain file", files.read(SETTINGS_FILE), undefined);
			problem ??= differs("at the next start", nameIn(files), "given");
			eraseSettings(files);
			for (const name of GENERATIONS) problem ??= differs(name, files.read(name), undefined);
			problem ??= differs("erased settings", loadSettings(files, SECTIONS).found, false);
			done(problem);
		},
	},
	{
		name: "settings: 300 power cuts at random steps of a save leave the old or the new",
		run(_, done) {
			done(cutSaves(300, 8).problem);
		},
	},
	{
		name: "settings: secrets are sealed and opened again",
		run(_, done) {
			const device = { cipher: nativeCipher, digests: nativeDigests, randomBytes: systemRandomBytes };
			const settings = {
				...named("loft"),
				mqtt: { ...named("").mqtt, host: "broker", password: "hunter2-å" },
			};
			const { text = "" } = exportWithSecrets(SECTIONS, settings, "correct horse", device);
			const read = (passphrase: string) =>
				importSettings(SECTIONS, named("cellar"), bytesOf(text), { ...device, passphrase });
			const opened = read("correct horse");
			done(
				differs("a secret in the file", text.includes("hunter2"), false) ??
					(opened.problems
						? JSON.stringify(opened.problems)
						: differs("imported", JSON.stringify(opened.settings), JSON.stringify(settings))) ??
					differs("problems with another passphrase", read("wrong horse").problems?.length, 1),
			);
		},
	},
];
