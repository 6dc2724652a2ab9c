// Files built into the firmware, read in place from flash: no copy in RAM.

import Resource from "Resource";

type ResourceClass = {
	new (path: string): ArrayBuffer;
	exists(path: string): boolean;
};

export function resource(name: string): Uint8Array | undefined {
	const Built = Resource as unknown as ResourceClass;
	return Built.exists(name) ? new Uint8Array(new Built(name)) : undefined;
}
