// The identification message `/XXXZ[\W]ident`: who the meter is and how fast it can talk.
// Source: IEC 62056-21:2002, clauses 6.3.2, 6.3.14 and annex A.

import { makerName } from "../shared/makers.js";
import { textOf } from "../shared/text.js";
import { BLANK, isLetter, SLASH } from "./characters.js";

export interface Identification {
	/** Three letters as printed; a lower-case third letter promises a reaction time of 20 ms. */
	readonly maker: string;
	/** The character Z. */
	readonly speed: string;
	/** Characters W behind backslashes, such as `2` for mode E or `@` for a maker's own. */
	readonly enhanced: string;
	readonly model: string;
}

/** Longest identification taken, from `/` up to the line's end; the standard's own limit is 25, DSMR's is longer. */
export const LONGEST_IDENTIFICATION = 64;
const SHORTEST = 5;
const BACKSLASH = 0x5c;

/** Reads `bytes[start, end)`, from `/` to before the line's end; `undefined` where it is no identification. */
export function readIdentification(
	bytes: Uint8Array,
	start: number,
	end: number,
): Identification | undefined {
	if (end - start < SHORTEST || bytes[start] !== SLASH) return undefined;
	for (let at = start + 1; at < start + 4; at++) if (!isLetter(bytes[at])) return undefined;
	for (let at = start + 4; at < end; at++) if ((bytes[at] as number) < BLANK) return undefined;
	let enhanced = "";
	let at = start + 5;
	for (; bytes[at] === BACKSLASH && at + 1 < end; at += 2)
		enhanced += String.fromCharCode(bytes[at + 1] as number);
	return {
		maker: textOf(bytes, start + 1, start + 4),
		speed: textOf(bytes, start + 4, start + 5),
		enhanced,
		model: textOf(bytes, at, end).trim(),
	};
}

/** Whether block checks may be Kamstrup's sum. An unknown maker gets the benefit of the doubt. */
export function mayUseSum(identification: Identification | undefined): boolean {
	return identification === undefined || identification.maker.toUpperCase() === "KAM";
}

/** Reaction time before the meter listens again, in milliseconds. */
export function reactionMs({ maker }: Identification): number {
	const third = maker.charCodeAt(2);
	return third >= 0x61 ? 20 : 200;
}

/** Mode of clause 6.4: told by Z and by the enhanced characters. A mode D meter is told by its missing STX. */
export function modeOf({ speed, enhanced }: Identification): "A" | "B" | "C" | "E" {
	if (enhanced.includes("2") && speed >= "0" && speed <= "6") return "E";
	if (speed >= "0" && speed <= "6") return "C";
	return speed >= "A" && speed <= "F" ? "B" : "A";
}

const SLOWEST = 300;
/** Each doubles the speed. */
const SPEEDS_C = "0123456";
const SPEEDS_B = " ABCDEF";

/** Baud rate that Z stands for: `0`–`6` in mode C, `A`–`F` in mode B; 300 for any other character. */
export function baudOf(speed: string): number {
	return SLOWEST << Math.max(SPEEDS_C.indexOf(speed), SPEEDS_B.indexOf(speed), 0);
}

/** The maker's name where the three letters are known, the letters otherwise. */
export function makerText({ maker }: Identification): string {
	const letters = maker.toUpperCase();
	return makerName(letters) ?? letters;
}
