// The SDK's `net`, as far as the firmware uses it: names to IPv4 addresses, by the host's resolver. It shares its name
// with Node's own module, which npm packages under test ask for: they find that here too.

import { lookup } from "node:dns";
import * as nodeNet from "node:net";

export * from "node:net";

export default {
	...nodeNet,

	/** A computer has several addresses and no MAC address that is its own. */
	get(_what: string): string | undefined {
		return undefined;
	},

	/** The callback comes later, without an address where the name has none. */
	resolve(host: string, callback: (host: string, address?: string) => void): void {
		lookup(host, { family: 4 }, (error, address) => callback(host, error ? undefined : address));
	},
};
