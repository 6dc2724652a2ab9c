// Small words that all explainers share: hexadecimal numbers, checks, printable text.

/** `0x1A`, with at least `digits` digits. */
export function hex(value: number, digits = 2): string {
	return `0x${value.toString(16).toUpperCase().padStart(digits, "0")}`;
}

/** A check's outcome in words; `digits` of the numbers, which `hides` leaves out. */
export function checkWords(hides: boolean, expected: number, actual: number, digits: number): string {
	if (expected === actual) return "right";
	return hides ? "WRONG" : `WRONG: expected ${hex(expected, digits)}, is ${hex(actual, digits)}`;
}

/** Text of the bytes; what is not printable becomes `.`, line ends blanks. */
export function shownText(bytes: Uint8Array, start: number, end: number): string {
	let text = "";
	for (let at = start; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte === 0x0d || byte === 0x0a) text += text.endsWith(" ") ? "" : " ";
		else text += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : ".";
	}
	return text.trim();
}

export function isPrintableText(bytes: Uint8Array, start: number, end: number): boolean {
	for (let at = start; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte < 0x20 || byte > 0x7e) return false;
	}
	return end > start;
}

export function plural(count: number, word: string): string {
	return `${count} ${word}${count === 1 ? "" : "s"}`;
}
