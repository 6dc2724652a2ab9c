// Starts the measurements as an application of the SDK (tools/bench-xs.mjs). Not preloaded, as it touches files.

import { DeviceFiles } from "../../../hardware/files.js";
import type { BenchInput } from "../cases.js";
import { measureAll } from "./bench.js";

const bytes = new DeviceFiles().read("inputs.json") ?? new Uint8Array(0);
measureAll(JSON.parse(String.fromArrayBuffer(bytes.slice().buffer)) as readonly BenchInput[]);
