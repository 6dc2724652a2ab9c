// The serial ports to choose from, where the platform's serial class can list them: on Node (host/platform).

import Serial from "meter-serial";
import type { Device } from "./device.js";
import type { SerialClass } from "./sdk.js";

/** The part of the device that lists them; empty where nothing can. */
export function portList(): Pick<Device, "ports"> {
	const { ports } = Serial as SerialClass;
	return ports ? { ports } : {};
}
