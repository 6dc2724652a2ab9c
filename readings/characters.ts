// Which characters a text is made of: settings, addresses, names. No regular expressions, since one alone brings 32 KB of the
// engine into the firmware. Not for telegrams, which are read as bytes: XS walks a text from its beginning for each character.
//
// A set is written as between the brackets of a regular expression: `a-z0-9_.-` (a hyphen at an end is a hyphen), and
// `^ -~` for all but what follows; it has no escapes.

/** Blanks and ends of lines, all of Unicode's: a part of a set. */
export const BLANKS = "\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

const HYPHEN = 0x2d;

/** Index of the first character that `set` has, from `start` on; -1 where there is none. */
export function indexOfAny(text: string, set: string, start = 0): number {
	return find(text, set, true, start);
}

/** Does `set` have each character of `text`? The empty text has none to object to. */
export function consistsOf(text: string, set: string): boolean {
	return find(text, set, false, 0) < 0;
}

/** One digit or more, at most `most`. */
export function isDigits(text: string, most: number): boolean {
	return text !== "" && text.length <= most && consistsOf(text, "0-9");
}

/** One hexadecimal digit or more, capitals or not. */
export function isHex(text: string): boolean {
	return text !== "" && consistsOf(text, "0-9a-fA-F");
}

/** Does `text` begin as `shape` says? There `#` is any digit, `+` either sign, all else itself: `####-##-##`. */
export function hasShape(text: string, shape: string): boolean {
	for (let index = 0; index < shape.length; index++) {
		const wanted = shape.charAt(index);
		const set = wanted === "#" ? "0-9" : wanted === "+" ? "+-" : wanted;
		if (!isOneOf(text.charCodeAt(index), rangesOf(set))) return false;
	}
	return true;
}

/** `text` with `by` in place of each character that `set` has, or in front of it where it is `kept`. */
export function replaced(text: string, set: string, by: string, kept = false): string {
	let done = "";
	let start = 0;
	for (let at = indexOfAny(text, set); at >= 0; at = indexOfAny(text, set, at + 1)) {
		done = done.concat(text.slice(start, at), by);
		start = kept ? at : at + 1;
	}
	return done.concat(text.slice(start));
}

/** The longest runs of characters that `set` has, in order; none is empty. */
export function runs(text: string, set: string): string[] {
	const found: string[] = [];
	for (let start = indexOfAny(text, set); start >= 0; ) {
		const end = find(text, set, false, start);
		found.push(text.slice(start, end < 0 ? text.length : end));
		start = end < 0 ? -1 : indexOfAny(text, set, end);
	}
	return found;
}

/** What stands between blanks, commas and semicolons. */
export function words(text: string): string[] {
	return runs(text, `^,;${BLANKS}`);
}

/** Four numbers of one to three digits with points: an IPv4 address, as far as its form goes. */
export function isDotted(text: string): boolean {
	const parts = text.split(".");
	return parts.length === 4 && parts.every((part) => isDigits(part, 3));
}

/** Does a time of ISO 8601 say how far it is from UTC: `Z`, `+01:00`, `+0100`? */
export function hasOffset(time: string): boolean {
	return time.endsWith("Z") || hasShape(time.slice(-6), "+##:##") || hasShape(time.slice(-5), "+####");
}

function find(text: string, set: string, wanted: boolean, start: number): number {
	// Both read once: on XS each method of a string, and its length, makes an object.
	const ranges = rangesOf(set);
	const { length } = text;
	for (let index = start; index < length; index++)
		if (isOneOf(text.charCodeAt(index), ranges) === wanted) return index;
	return -1;
}

/** 1 where it is all but these, otherwise 0; then first and last code of each range. */
function rangesOf(set: string): readonly number[] {
	const { length } = set;
	const turned = set.startsWith("^") ? 1 : 0;
	const ranges = [turned];
	for (let index = turned; index < length; index++) {
		const first = set.charCodeAt(index);
		if (index + 2 < length && set.charCodeAt(index + 1) === HYPHEN) index += 2;
		ranges.push(first, set.charCodeAt(index));
	}
	return ranges;
}

function isOneOf(code: number, ranges: readonly number[]): boolean {
	const isTurned = ranges[0] === 1;
	for (let at = 1; at < ranges.length; at += 2)
		if (code >= (ranges[at] as number) && code <= (ranges[at + 1] as number)) return !isTurned;
	return isTurned;
}
