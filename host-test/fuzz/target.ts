// What a fuzz target is: seeds, and a function that must withstand any bytes. It checks its own invariants and throws a
// Fault where one is broken; any other exception that escapes it is a fault as well. Runs on XS, too: no Node here.

/** An invariant that did not hold. */
export class Fault extends Error {}

export interface Target {
	readonly name: string;
	/** Longest input in bytes. */
	readonly longest: number;
	/** Counted steps (branches of the code under test) that an input may cost: so many, and so many for each of its bytes. */
	readonly work: readonly [base: number, perByte: number];
	/** Right inputs, from which the wrong ones are made. */
	seeds(): readonly Uint8Array[];
	/** What the syntax is made of. */
	readonly words?: readonly string[];
	/** Its seeds are others in each process (keys are made anew): none of its inputs is worth keeping. */
	readonly fleeting?: boolean;
	run(input: Uint8Array): void;
}

export function check(condition: boolean, what: string): asserts condition {
	if (!condition) throw new Fault(what);
}

/** Character by character: bytes above 7F too. */
export function latin1(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function hexOf(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}

export function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
	return bytes;
}

/** `options` is the first byte of an input that has some. */
export function withOptions(options: number, bytes: Uint8Array): Uint8Array {
	const input = new Uint8Array(bytes.length + 1);
	input[0] = options;
	input.set(bytes, 1);
	return input;
}
