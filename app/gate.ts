// The web server's gate: who may do what (access/), with its record in a file of the device, and the names that the
// gateway is called by.

import { Access, readStored } from "../access/access.js";
import type { Device } from "../hardware/device.js";
import type { HttpRequest } from "../outputs/network.js";
import type { Answer, Gate, RequestClient } from "../outputs/route.js";
import { utf8 } from "../outputs/shared/text.js";
import type { SettingValues } from "../settings/setting.js";

/** Digests of password and tokens. Replaced by renaming: a power cut leaves the old one or the new one. */
export const ACCESS_FILE = "access.json";
const LONGEST_ACCESS_FILE = 8 * 1024;

/** Who has what the network knows of names and places (app/house-network.ts); it need not be there yet. */
export interface GatePlace {
	readonly house: Pick<Gate, "hostNames" | "setupRight" | "intercept">;
}

export class HouseGate implements Gate {
	readonly access: Access;
	readonly #place: GatePlace;
	/** Names that the settings give it besides. */
	readonly #further: readonly string[];

	/** `http`: the section of the settings. */
	constructor(device: Device, http: SettingValues, setupCode: string, place: GatePlace) {
		this.#place = place;
		this.#further = `${http.hostNames ?? ""}`
			.toLowerCase()
			.split(",")
			.map((name) => name.trim())
			.filter((name) => name !== "");
		this.access = new Access({
			digests: device.digests,
			randomBytes: device.randomBytes,
			now: device.now,
			readOpen: http.openReading !== false,
			stored: storedText(device.files.read(ACCESS_FILE)),
			store: (text) => device.files.write(ACCESS_FILE, utf8(text)),
			setupCode,
		});
	}

	hostNames(): readonly string[] {
		return [...this.#place.house.hostNames(), ...this.#further];
	}

	setupRight(client: RequestClient): "portal" | "password" | "no" {
		return this.#place.house.setupRight(client);
	}

	intercept(request: HttpRequest, client: RequestClient): Answer | undefined {
		return this.#place.house.intercept?.(request, client);
	}
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
