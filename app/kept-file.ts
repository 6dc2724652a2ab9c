// What a protocol's session asks to be kept over a restart, in a file of its own. Storage that is full or broken costs
// the memory of a restart, not the reading: it is told once.

import type { Device } from "../hardware/device.js";

export function keptFileName(protocol: string): string {
	return `${protocol}.kept`;
}

export class KeptFile {
	readonly #device: Pick<Device, "files" | "log">;
	readonly #name: string;
	#told = false;

	constructor(device: Pick<Device, "files" | "log">, protocol: string) {
		this.#device = device;
		this.#name = keptFileName(protocol);
	}

	kept(): Uint8Array | undefined {
		return this.#device.files.read(this.#name);
	}

	/** Keeps it over a restart. */
	keep(bytes: Uint8Array): void {
		try {
			this.#device.files.write(this.#name, bytes);
			this.#told = false;
		} catch (error) {
			if (!this.#told) this.#device.log(`${this.#name} could not be written: ${error}`);
			this.#told = true;
		}
	}
}
