// The firmware with a fault built in, for tests only: where a file `fault` lies in its storage, a timer throws. Never
// part of a firmware: main.ts does not import it.

import { startApp } from "../../app/app.js";
import { openDevice } from "../../hardware/this-device.js";

const LOOK_EVERY_MS = 100;
const FAULT_FILE = "fault";

const device = openDevice();
export const app = startApp(device);

device.timers.repeat(() => {
	const bytes = device.files.read(FAULT_FILE);
	if (!bytes) return;
	device.files.remove(FAULT_FILE);
	fault(String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer));
}, LOOK_EVERY_MS);

function fault(words: string): never {
	throw new Error(words);
}
