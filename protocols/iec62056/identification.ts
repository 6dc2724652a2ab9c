// The identification message `/XXXZ[\W]ident`: who the meter is and how fast it can talk.
// Source: IEC 62056-21:2002, clauses 6.3.2, 6.3.14 and annex A.

import { BLANK, isLetter, SLASH, textOf } from "./characters.js";

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

/** Baud rate that Z stands for: `0`–`6` in mode C, `A`–`F` in mode B; 300 for any other character. */
export function baudOf(speed: string): number {
	switch (speed) {
		case "1":
		case "A":
			return 600;
		case "2":
		case "B":
			return 1200;
		case "3":
		case "C":
			return 2400;
		case "4":
		case "D":
			return 4800;
		case "5":
		case "E":
			return 9600;
		case "6":
		case "F":
			return 19200;
		default:
			return SLOWEST;
	}
}

/** The maker's name where the three letters (FLAG Association) are known, the letters otherwise. */
export function makerName(maker: string): string {
	const code = maker.toUpperCase();
	switch (code) {
		case "KAM":
		case "KMP":
			return "Kamstrup";
		case "LGZ":
		case "LUG":
		case "LGB":
			return "Landis+Gyr";
		case "ISK":
			return "Iskraemeco";
		case "ELS":
			return "Elster";
		case "SIE":
			return "Siemens";
		case "ESY":
			return "EasyMeter";
		case "ACE":
		case "ITR":
			return "Itron";
		default:
			return code;
	}
}
