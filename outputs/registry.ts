// Every output there is, one line each.

import { logOutput } from "./console/console.js";
import { http } from "./http/http.js";
import { mqtt } from "./mqtt/mqtt.js";
import type { OutputDescriptor } from "./output.js";

export const OUTPUTS: readonly OutputDescriptor[] = Object.freeze([http, mqtt, logOutput]);
