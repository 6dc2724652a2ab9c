// The SDK's `crc`: any CRC-16 by its parameters, bit by bit. Written apart from protocols/shared/checksums.ts, so that
// the conformance tests compare two implementations.

export class CRC16 {
	readonly #polynomial: number;
	readonly #initial: number;
	readonly #reflectInput: boolean;
	readonly #reflectOutput: boolean;
	readonly #xorOutput: number;
	#crc: number;

	constructor(polynomial: number, initial = 0, reflectInput = false, reflectOutput = false, xorOutput = 0) {
		this.#polynomial = polynomial;
		this.#initial = initial;
		this.#reflectInput = reflectInput;
		this.#reflectOutput = reflectOutput;
		this.#xorOutput = xorOutput;
		this.#crc = initial;
	}

	/** The checksum of all bytes since the last reset. */
	checksum(bytes: Uint8Array | ArrayBuffer): number {
		for (const byte of bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)) {
			this.#crc ^= (this.#reflectInput ? reflected(byte, 8) : byte) << 8;
			for (let bit = 0; bit < 8; bit++) {
				this.#crc = this.#crc & 0x8000 ? (this.#crc << 1) ^ this.#polynomial : this.#crc << 1;
			}
			this.#crc &= 0xffff;
		}
		return (this.#reflectOutput ? reflected(this.#crc, 16) : this.#crc) ^ this.#xorOutput;
	}

	reset(): this {
		this.#crc = this.#initial;
		return this;
	}

	close(): void {}
}

function reflected(value: number, bits: number): number {
	let mirror = 0;
	for (let bit = 0; bit < bits; bit++) if (value & (1 << bit)) mirror |= 1 << (bits - 1 - bit);
	return mirror;
}
