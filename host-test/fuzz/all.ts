// Every fuzz target there is, and what the fuzzer (tools/fuzz.mjs) draws its changes with.

import "../../host/platform/globals.js";
import { nodeCipher } from "../../host/platform/cipher.js";
import { conversationTargets } from "./conversations.js";
import { detectionTarget } from "./detection.js";
import { FILE_TARGETS } from "./files.js";
import { NETWORK_TARGETS } from "./network.js";
import { outputsTarget } from "./outputs.js";
import { requestsTarget } from "./requests.js";
import { sessionTargets } from "./sessions.js";
import type { Target } from "./target.js";
import { WEB_TARGETS } from "./web.js";

export { Random } from "../../host/meters/random.js";
export { edited, randomEdits } from "./edits.js";

export const TARGETS: readonly Target[] = Object.freeze([
	...sessionTargets(nodeCipher()),
	...conversationTargets(nodeCipher()),
	detectionTarget(nodeCipher()),
	requestsTarget,
	outputsTarget(nodeCipher()),
	...WEB_TARGETS,
	...NETWORK_TARGETS,
	...FILE_TARGETS,
]);
