// What a protocol's session asks to be kept over a restart, in a file of its own. Storage that is full or broken costs
// the memory of a restart, not the reading: it is told once.

import type { Device } from "../hardware/device.js";

export interface KeptFile {
	kept(): Uint8Array | undefined;
	keep(bytes: Uint8Array): void;
}

export function keptFileName(protocol: string): string {
	return `${protocol}.kept`;
}

export function keptFile(device: Pick<Device, "files" | "log">, protocol: string): KeptFile {
	const name = keptFileName(protocol);
	let told = false;
	return {
		kept: () => device.files.read(name),
		keep: (bytes) => {
			try {
				device.files.write(name, bytes);
				told = false;
			} catch (error) {
				if (!told) device.log(`${name} could not be written: ${error}`);
				told = true;
			}
		},
	};
}
