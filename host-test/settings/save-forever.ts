// The program that kill.test.ts kills: saves settings without end on the host's real storage and tells each one that is
// kept, as a number on a line.

import { writeSync } from "node:fs";
import { DeviceFiles } from "../../hardware/files.js";
import { configuration } from "../../host/platform/configuration.js";
import "../../host/platform/globals.js";
import { loadSettings, saveSettings } from "../../settings/store.js";
import { SECTIONS } from "./example-sections.js";

configuration.stateFolder = process.argv[2];
const files = new DeviceFiles();
const { settings } = loadSettings(files, SECTIONS);
for (let number = Number(settings.network?.name) + 1 || 1; ; number++) {
	// Lengths go up and down, so that a short file often replaces a long one.
	const note = "x".repeat((number * 37) % 250);
	saveSettings(files, { ...settings, meter: { note, port: `${number}` }, network: { name: `${number}` } });
	writeSync(1, `${number}\n`);
}
