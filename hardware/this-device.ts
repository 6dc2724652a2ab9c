// The device this runs on, made of the SDK's modules: the same file for ESP32, XS on Linux and Node. Neither this nor
// files.ts can be preloaded: `embedded:storage/files` opens the storage while it is loaded.

import { findBoard } from "./boards/registry.js";
import { NativeChecksums } from "./checksums.js";
import { nativeCipher } from "./cipher.js";
import { Clock, clockSetter, timers, wallTime } from "./clock.js";
import type { Device } from "./device.js";
import { nativeDigests, systemRandomBytes } from "./digests.js";
import { openDiscovery } from "./discovery.js";
import { DeviceFiles } from "./files.js";
import { boardName, deviceId, platformName } from "./identity.js";
import { openLifecycle } from "./lifecycle.js";
import { logLine, printLine } from "./log-prefix.js";
import { network } from "./network.js";
import { digitalPins } from "./pins.js";
import { provisioningKey } from "./provisioning.js";
import { openPulseLine } from "./pulse-line.js";
import { resource } from "./resources.js";
import { openSerialLine } from "./serial-line.js";
import { portList } from "./serial-ports.js";
import { openUpdates } from "./updates.js";
import { openWifi } from "./wifi.js";

/** The device, made when asked for: hardware and storage are touched here, not while modules are loaded. */
export function openDevice(): Device {
	const clock = new Clock();
	const files = new DeviceFiles();
	return {
		...openLifecycle(),
		platform: platformName(),
		board: boardName(),
		id: deviceId(files),
		openLine: openSerialLine,
		openPulses: openPulseLine,
		...portList(),
		pins: digitalPins,
		network,
		wifi: findBoard(boardName())?.network === "ethernet" ? undefined : openWifi(),
		discovery: openDiscovery(),
		updates: openUpdates(),
		provisioning: provisioningKey(),
		timers,
		checksums: new NativeChecksums(),
		cipher: nativeCipher,
		digests: nativeDigests,
		randomBytes: systemRandomBytes,
		files,
		now: () => clock.now(),
		wallTime,
		...clockSetter(platformName()),
		random: Math.random,
		resource,
		printSecret: printLine,
		log: logLine,
	};
}
