// The device, put together of its parts: those that are alike everywhere, and three that this-device.ts hands on, because
// they cannot be preloaded everywhere.

import { findBoard } from "./boards/registry.js";
import { NativeChecksums } from "./checksums.js";
import { nativeCipher } from "./cipher.js";
import { Clock, clockSetter, timers, wallTime } from "./clock.js";
import type { Device, FileStore } from "./device.js";
import { nativeDigests, systemRandomBytes } from "./digests.js";
import { openDiscovery } from "./discovery.js";
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
import type { Updates } from "./updates.js";
import type { Wifi } from "./wireless.js";

export interface LoadedParts {
	readonly files: FileStore;
	/** `undefined` where there is no radio. */
	openWifi(): Wifi | undefined;
	/** `undefined` where there are no two slots. */
	openUpdates(): Updates | undefined;
}

/** Hardware and storage are touched here, not while modules are loaded. */
export function deviceOf(parts: LoadedParts): Device {
	const { files } = parts;
	const clock = new Clock();
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
		wifi: findBoard(boardName())?.network === "ethernet" ? undefined : parts.openWifi(),
		discovery: openDiscovery(),
		updates: parts.openUpdates(),
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
