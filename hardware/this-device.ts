// The device this runs on, made of the SDK's modules: the same file for ESP32, XS on Linux and Node. It cannot be preloaded,
// as files.ts cannot, nor on Linux wifi.ts and updates.ts: so it holds nothing else (device-parts.ts does).

import type { Device } from "./device.js";
import { deviceOf } from "./device-parts.js";
import { DeviceFiles } from "./files.js";
import { openUpdates } from "./updates.js";
import { openWifi } from "./wifi.js";

/** Made when asked for. */
export function openDevice(): Device {
	return deviceOf({ files: new DeviceFiles(), openWifi, openUpdates });
}
