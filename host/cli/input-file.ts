// A file of `meterling decode` as bytes: raw, or hexadecimal text, told apart by content. No protocol here.

import { readFileSync, statSync } from "node:fs";
import { UsageError } from "./command.js";

/** The name that means standard input. */
export const STANDARD_INPUT = "-";
const STANDARD_INPUT_DESCRIPTOR = 0;

/** The bytes that the file stands for. Throws a `UsageError` where it cannot be read. */
export function readInput(file: string): Uint8Array {
	try {
		if (file === STANDARD_INPUT) return fromContent(readFileSync(STANDARD_INPUT_DESCRIPTOR));
		if (statSync(file).isCharacterDevice())
			throw new UsageError(`${file} is a device, not a file: use meterling read --port ${file}`);
		return fromContent(readFileSync(file));
	} catch (error) {
		if (error instanceof UsageError) throw error;
		throw new UsageError(`cannot read ${file}: ${reason(error)}`);
	}
}

function reason(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	switch (code) {
		case "ENOENT":
			return "there is no such file";
		case "EACCES":
		case "EPERM":
			return "permission denied";
		case "EISDIR":
			return "it is a folder";
		default:
			return code ?? message;
	}
}

const NOT_A_DIGIT = -1;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Hexadecimal text becomes the bytes that it spells; all else stays as it is. Text it is when every character is
 * a hexadecimal digit or white space, and the digits make whole bytes: no telegram and no frame is made so.
 */
export function fromContent(content: Uint8Array): Uint8Array {
	const start = BYTE_ORDER_MARK.every((byte, index) => content[index] === byte) ? BYTE_ORDER_MARK.length : 0;
	const bytes = new Uint8Array((content.length - start) >> 1);
	let digits = 0;
	for (let at = start; at < content.length; at++) {
		const character = content[at] as number;
		if (isWhiteSpace(character)) continue;
		const digit = digitValue(character);
		if (digit === NOT_A_DIGIT) return content;
		const index = digits >> 1;
		bytes[index] = ((bytes[index] as number) << 4) | digit;
		digits++;
	}
	return digits === 0 || digits % 2 === 1 ? content : bytes.subarray(0, digits >> 1);
}

function isWhiteSpace(character: number): boolean {
	return character === 0x20 || (character >= 0x09 && character <= 0x0d);
}

function digitValue(character: number): number {
	if (character >= 0x30 && character <= 0x39) return character - 0x30;
	const letter = character | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : NOT_A_DIGIT;
}
