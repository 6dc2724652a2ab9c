// What a reader of IEC 62056-21 says to a meter, found in its bytes: sign-on, option select, programming commands.
// The meter's side of the dialogue; values are the meters' own. Source: IEC 62056-21:2002, clause 6.3.

import { ACK, blockCheck, CR, ETX, LF, SLASH, SOH, STX } from "../../protocols/iec62056/characters.js";
import { textOf } from "../../protocols/shared/text.js";

export type Asked =
	/** `/?<address>!` */
	| { readonly is: "signOn"; readonly address: string }
	/** `ACK V Z Y` */
	| { readonly is: "select"; readonly speed: string; readonly mode: string }
	/** `SOH P1 STX (…) ETX BCC`; `data` is what stands behind STX. */
	| { readonly is: "command"; readonly name: string; readonly data: string };

/** SOH, two characters, STX, 128 characters of a value and its id, ETX, BCC. */
const LONGEST = 160;

export class AskedMessages {
	readonly #bytes = new Uint8Array(LONGEST);
	#length = 0;
	#checkNext = false;

	/** The message that this character completes. */
	push(character: number): Asked | undefined {
		if (this.#checkNext) return this.#command(character);
		if (character === SLASH || character === SOH || character === ACK) this.#length = 0;
		if (this.#length === LONGEST) this.#length = 0;
		this.#bytes[this.#length++] = character;
		const [first] = this.#bytes;
		if (first === SOH) this.#checkNext = character === ETX;
		else if (character === LF && this.#bytes[this.#length - 2] === CR) return this.#line();
		return undefined;
	}

	#line(): Asked | undefined {
		const text = textOf(this.#bytes, 0, this.#length - 2);
		this.#length = 0;
		const address = /^\/\?(.{0,32})!$/.exec(text)?.[1];
		if (address !== undefined) return { is: "signOn", address };
		if (text.charCodeAt(0) !== ACK || text.length !== 4) return undefined;
		return { is: "select", speed: text.charAt(2), mode: text.charAt(3) };
	}

	#command(check: number): Asked | undefined {
		const bytes = this.#bytes;
		const length = this.#length;
		this.#checkNext = false;
		this.#length = 0;
		if (blockCheck("xor", bytes, 1, length) !== check) return undefined;
		const data = bytes[3] === STX ? textOf(bytes, 4, length - 1) : "";
		return { is: "command", name: textOf(bytes, 1, 3), data };
	}
}
