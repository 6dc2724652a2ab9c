// All targets of the fuzzer: those of all.ts, and those that need the SDK's native modules replaced (tools/fuzz/).

import { TARGETS as everywhere } from "./all.js";
import { mqttClient } from "./mqtt-client.js";
import type { Target } from "./target.js";
import { TLS_TARGETS } from "./tls.js";

export { edited, Random, randomEdits } from "./all.js";

export const TARGETS: readonly Target[] = Object.freeze([...everywhere, ...TLS_TARGETS, mqttClient]);
