// Which line settings a person's choice means, for a protocol that knows its usual lines. Used by the wiring and by
// every command that opens a line.

import type { LineSettings, Protocol } from "./protocol.js";
import { characterFormat } from "./shared/lines.js";

/** Character formats that meters use: data bits, parity, stop bits. */
export const CHARACTER_FORMATS: readonly string[] = Object.freeze(["7E1", "7O1", "8N1", "8N2", "8E1", "8E2"]);

/**
 * The protocol's usual line where nothing is chosen; with `baud` its own line of that speed (P1 at 9600 Bd is 7E1),
 * or its usual line at that speed; `format` (one of `CHARACTER_FORMATS`) then replaces that line's characters.
 */
export function chooseLine(
	{ lines }: Protocol,
	baud: number | undefined,
	format: string | undefined,
): LineSettings {
	const usual =
		baud === undefined ? lines[0] : (lines.find((line) => line.baud === baud) ?? { ...lines[0], baud });
	return format === undefined ? usual : { ...usual, ...characterFormat(format) };
}
