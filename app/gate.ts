// The web server's gate: who may do what (access/), with its record in a file of the device, and the names that the
// gateway is called by.

import { Access, readStored } from "../access/access.js";
import type { Device } from "../hardware/device.js";
import type { Gate } from "../outputs/route.js";
import { utf8 } from "../outputs/shared/text.js";
import type { SettingValues } from "../settings/setting.js";

/** Digests of password and tokens. Replaced by renaming: a power cut leaves the old one or the new one. */
export const ACCESS_FILE = "access.json";
const LONGEST_ACCESS_FILE = 8 * 1024;

/** What the network knows of names and places: app/house-network.ts. */
type Place = Pick<Gate, "hostNames" | "setupRight" | "intercept">;

/** `http`: the section of the settings. */
export function openGate(device: Device, http: SettingValues, setupCode: string, place: () => Place): Gate {
	const further = `${http.hostNames ?? ""}`
		.toLowerCase()
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name !== "");
	const access = new Access({
		digests: device.digests,
		randomBytes: device.randomBytes,
		now: device.now,
		readOpen: http.openReading !== false,
		stored: storedText(device.files.read(ACCESS_FILE)),
		store: (text) => device.files.write(ACCESS_FILE, utf8(text)),
		setupCode,
	});
	return {
		access,
		hostNames: () => [...place().hostNames(), ...further],
		setupRight: (client) => place().setupRight(client),
		intercept: (request, client) => place().intercept?.(request, client),
	};
}

/** The password's record and the tokens as they are kept. */
export function storedAccess({ files }: Pick<Device, "files">): ReturnType<typeof readStored> {
	return readStored(storedText(files.read(ACCESS_FILE)));
}

function storedText(bytes: Uint8Array | undefined): string | undefined {
	if (!bytes || bytes.length > LONGEST_ACCESS_FILE) return undefined;
	try {
		return String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer);
	} catch {
		// No UTF-8: damaged.
		return undefined;
	}
}
