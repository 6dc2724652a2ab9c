// Seven data bits with parity carried over eight without: the same ten bits on the wire, bit 7 being the parity. And what
// becomes of bytes whose parity is wrong, for it is all that some telegrams are protected by (DSMR 2.2 has no CRC). Pure.

import type { LineSettings } from "../protocols/protocol.js";

const DATA_MASK = 0b0111_1111;
const PARITY_BIT = 0b1000_0000;

/** Whether these settings are carried over 8N1: 7E1 and 7O1. */
export function carriesParity({ dataBits, parity, stopBits }: LineSettings): boolean {
	return dataBits === 7 && parity !== "none" && stopBits === 1;
}

/** Wrong characters in a row, none between with its parity bit set, after which a line carries no parity. */
const MOST_DOUBTED = 8;
/** Of so many bytes one may be wrong: where it is more, the port is set to another parity than the meter. */
const USUAL_BYTES = 16;

/** Looks at all that is read on one line. */
export class ParityCheck {
	/** Wrong characters so far, where parity is carried. */
	wrong = 0;
	/** How many wrong characters in a row are doubted: none before a right one had its parity bit set. */
	#doubted = 0;
	#bytes = 0;
	#counted = 0;

	/**
	 * Strips the parity bit in place. A character of wrong parity becomes NUL, which no protocol takes, as POSIX has it
	 * (termios, INPCK) - unless this line has shown no parity: device servers strip it, and 8N1 is often read as 7E1.
	 */
	strip(bytes: Uint8Array, parity: LineSettings["parity"]): void {
		const expected = parity === "odd" ? 1 : 0;
		for (let index = 0; index < bytes.length; index++) {
			const byte = bytes[index] as number;
			bytes[index] = byte & DATA_MASK;
			if (onesAreOdd(byte) === expected) {
				if (byte & PARITY_BIT) this.#doubted = MOST_DOUBTED;
				continue;
			}
			this.wrong++;
			if (this.#doubted === 0) continue;
			this.#doubted--;
			bytes[index] = 0;
		}
	}

	/**
	 * Whether `length` bytes are to be believed of a port that checks parity itself: not where it has `counted` another
	 * wrong one since. A frame that lacks them fits no length and no checksum, however weak (M-Bus, KMP-382: a byte's sum).
	 */
	believes(length: number, counted: number): boolean {
		this.#bytes += length;
		const isMore = counted > this.#counted;
		this.#counted = counted;
		return !isMore || counted * USUAL_BYTES > this.#bytes;
	}
}

/** A copy with the parity bit added to every byte. */
export function withParity(bytes: Uint8Array, parity: LineSettings["parity"]): Uint8Array {
	const wanted = parity === "odd" ? 1 : 0;
	const coded = new Uint8Array(bytes.length);
	for (let index = 0; index < bytes.length; index++) {
		const data = (bytes[index] as number) & DATA_MASK;
		coded[index] = onesAreOdd(data) === wanted ? data : data | PARITY_BIT;
	}
	return coded;
}

/** 1 where the number of ones is odd. */
function onesAreOdd(byte: number): number {
	let folded = byte ^ (byte >> 4);
	folded ^= folded >> 2;
	return (folded ^ (folded >> 1)) & 1;
}
