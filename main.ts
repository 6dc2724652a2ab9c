// The firmware: takes the device, starts the app, nothing else. The same file on the ESP32, on XS for Linux and on Node.

import { startApp } from "./app/app.js";
import { openDevice } from "./hardware/this-device.js";

export const app = startApp(openDevice());
