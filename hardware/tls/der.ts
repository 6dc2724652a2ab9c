// Reads DER (ITU-T X.690, 10) element by element: definite, shortest lengths inside of what is around them. Pure.
// Tags of more than one byte are not known.

import { toHex } from "../../settings/hex.js";
import { bigOf } from "./bytes.js";
import { fail, TlsProblem } from "./problems.js";

export const BOOLEAN = 1;
export const INTEGER = 2;
export const BITS = 3;
export const OCTETS = 4;
export const OBJECT = 6;
export const SEQUENCE = 0x30;

const LONG_FORM = 0x80;
/** Bytes of the largest length: 64 KB is more than any certificate here. */
const MOST_LENGTH_BYTES = 2;

/** The inside of an element, of which its elements are read one after the other. */
export class Der {
	readonly bytes: Uint8Array;
	/** Where its next element begins, and where it ends. */
	at: number;
	readonly end: number;

	constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	/** Of the next element; 0 where there is none. */
	tag(): number {
		return this.at < this.end ? (this.bytes[this.at] as number) : 0;
	}

	/** The inside of the next element; throws where it has another tag or is no DER. */
	next(tag: number): Der {
		const { bytes, end } = this;
		let at = this.at + 2;
		if (at > end || bytes[at - 2] !== tag) fail(TlsProblem.BROKEN);
		let length = bytes[at - 1] as number;
		if (length >= LONG_FORM) {
			const first = at;
			at += length - LONG_FORM;
			if (at === first || at > end || at > first + MOST_LENGTH_BYTES) fail(TlsProblem.BROKEN);
			length = 0;
			for (let each = first; each < at; each++) length = length * 256 + (bytes[each] as number);
			if (length < LONG_FORM || bytes[first] === 0) fail(TlsProblem.BROKEN);
		}
		this.at = at + length;
		if (this.at > end) fail(TlsProblem.BROKEN);
		return new Der(bytes, at, this.at);
	}

	/** What is not read yet. */
	rest(): Uint8Array {
		return this.bytes.subarray(this.at, this.end);
	}

	/** The next element, an integer that is not negative. */
	integer(): bigint {
		const bytes = this.next(INTEGER).rest();
		const first = bytes[0] ?? LONG_FORM;
		if (first >= LONG_FORM || (first === 0 && (bytes[1] as number) < LONG_FORM)) fail(TlsProblem.BROKEN);
		return bigOf(bytes);
	}

	/** The next element, an object identifier: its content in hex. */
	object(): string {
		return toHex(this.next(OBJECT).rest());
	}

	/** The next element, a string of whole bytes. */
	bits(): Uint8Array {
		const inside = this.next(BITS);
		if (inside.bytes[inside.at++] !== 0 || inside.at > inside.end) fail(TlsProblem.BROKEN);
		return inside.rest();
	}
}
