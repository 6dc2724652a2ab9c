// After XS's linker: functions and strings that preloaded functions make while the firmware runs stay in flash. The linker
// lets only modules that are not preloaded use their bytecode in place; in preloaded ones each closure that is created
// copies its bytecode into the heap, and each string literal is copied whenever it is evaluated ($MODDABLE/xs/tools/
// xslBase.c, fxMapCode; xsRun.c, XS_CODE_CODE and XS_CODE_STRING). Once linked, their code lies in flash as well, and
// the instructions that use it in place have the same length: they are put in here.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a preloaded function's bytecode stands in mc.xs.c. */
const CODE = /(\.code = \{ \(txByte\*\)")((?:\\x[0-9a-f]{2})+)(")/g;
const IN_PLACE = new Map(
	["CODE", "STRING"].flatMap((kind) =>
		["1", "2", "4"].map((size) => [`XS_CODE_${kind}_${size}`, `XS_CODE_${kind}_ARCHIVE_${size}`]),
	),
);
/** Bytes of a key in an instruction (`txID`). */
const KEY_BYTES = 2;

/** Rewrites the mc.xs.c of a build; returns how many instructions were changed. Throws where the SDK is not as expected. */
export function keepCodeInFlash(sdk, file) {
	const instructions = instructionSet(sdk);
	let changed = 0;
	const text = readFileSync(file, "latin1").replace(CODE, (_, before, hex, after) => {
		const bytes = Buffer.from(hex.replaceAll("\\x", ""), "hex");
		changed += rewrite(bytes, instructions);
		return before + bytes.toString("hex").replace(/../g, "\\x$&") + after;
	});
	if (changed > 0) writeFileSync(file, text, "latin1");
	return changed;
}

/** By number: length (0: a key follows, -1, -2, -4: a counter of so many bytes, and what it counts), and replacement. */
function instructionSet(sdk) {
	const source = readFileSync(join(sdk, "xs/sources/xsCommon.c"), "latin1");
	const table = /gxCodeSizes\[[^{]*\{([^}]*)\}/.exec(source)?.[1] ?? "";
	const narrow = table.replace(/#ifdef mx32bitID[^#]*#else([^#]*)#endif/g, "$1");
	const rows = [...narrow.matchAll(/(-?\d+)\s*\/\* (XS_\w+) \*\//g)];
	const numbers = new Map(rows.map(([, , name], number) => [name, number]));
	for (const names of IN_PLACE)
		for (const name of names)
			if (!numbers.has(name)) throw new Error(`XS knows no instruction ${name}: see tools/flash-code.mjs`);
	return rows.map(([, length, name]) => ({
		length: Number(length),
		replacement: numbers.get(IN_PLACE.get(name)),
	}));
}

/** In place; returns how many were changed. */
function rewrite(bytes, instructions) {
	let changed = 0;
	for (let at = 0; at < bytes.length; ) {
		const instruction = instructions[bytes[at]];
		if (!instruction) throw new Error(`${bytes[at]} is no instruction of XS`);
		const { length, replacement } = instruction;
		if (replacement !== undefined) {
			bytes[at] = replacement;
			changed++;
		}
		if (length > 0) at += length;
		else if (length === 0) at += 1 + KEY_BYTES;
		else at += 1 - length + bytes.readUIntLE(at + 1, -length);
	}
	return changed;
}
