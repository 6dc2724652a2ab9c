// The SDK's `mc/config`: what manifest.json puts under "config", for Node.

import { configuration } from "./configuration.js";

export default Object.freeze({
	platform: "node",
	nameServers: [] as readonly string[],
	/** hardware/provisioning.ts. */
	get provisionKey(): string | undefined {
		return configuration.provisionKey;
	},
	/** Each line of the log begins with its severity: hardware/log-prefix.ts. */
	get logLevels(): boolean {
		return configuration.logLevels;
	},
});
