// The device this runs on, made of the SDK's modules: the same file for ESP32, XS on Linux and Node. Neither this nor
// files.ts can be preloaded: `embedded:storage/files` opens the storage while it is loaded.

import { nativeChecksums } from "./checksums.js";
import { nativeCipher } from "./cipher.js";
import { Clock, timers } from "./clock.js";
import type { Device } from "./device.js";
import { DeviceFiles } from "./files.js";
import { deviceId, platformName } from "./identity.js";
import { network } from "./network.js";
import { resource } from "./resources.js";
import { openSerialLine } from "./serial-line.js";

/** The device, made when asked for: hardware and storage are touched here, not while modules are loaded. */
export function openDevice(): Device {
	const clock = new Clock();
	const files = new DeviceFiles();
	return {
		platform: platformName(),
		id: deviceId(files),
		openLine: openSerialLine,
		network,
		timers,
		checksums: nativeChecksums(),
		cipher: nativeCipher,
		files,
		now: () => clock.now(),
		random: () => Math.random(),
		resource,
		log: (line) => trace(`${line}\n`),
	};
}
