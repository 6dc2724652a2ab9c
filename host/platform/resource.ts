// The SDK's `Resource`: what the firmware carries in flash, the host finds where the configuration says.

import { configuration } from "./configuration.js";

class Resource {
	static exists(name: string): boolean {
		return configuration.resource(name) !== undefined;
	}

	constructor(name: string) {
		const bytes = configuration.resource(name);
		if (!bytes) throw new Error(`no resource ${name}`);
		// The SDK's is a host buffer in place of an object of this class: likewise here. A copy, because a Node Buffer is a
		// window into a larger one, and its own slice() copies nothing.
		return new Uint8Array(bytes).buffer as unknown as Resource;
	}
}

export default Resource;
