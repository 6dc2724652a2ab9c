// Dates and times as IEC 62056-21 meters print them, to ISO 8601. No zone is known: no offset is given, except where
// the meter itself says summer or normal time (a final S or W).

import { isoDate, isoDateTime, isoTime } from "../shared/iso-time.js";

const SUMMER = "S";
const NORMAL = "W";

/** `YYMMDD`, `YY-MM-DD`, `20YYMMDD`, or seven digits led by a season digit. */
export function readDate(text: string): string | undefined {
	const digits = digitsOf(text);
	if (digits.length === 8) return date(digits, 4);
	if (digits.length === 7) return date(digits.slice(1), 2);
	return digits.length === 6 ? date(digits, 2) : undefined;
}

/** `hhmmss`, `hh:mm:ss`, `hh:mm`, or seven digits led by a season digit. */
export function readTime(text: string): string | undefined {
	const digits = digitsOf(text);
	if (digits.length === 7) return time(digits.slice(1));
	return digits.length === 6 || digits.length === 4 ? time(digits) : undefined;
}

/** `YYMMDDhhmm[ss]`, `YY-MM-DD hh:mm[:ss]`, with a four-digit year, or P1's `YYMMDDhhmmssX`. */
export function readDateTime(text: string): string | undefined {
	const digits = digitsOf(text);
	const last = text.slice(-1);
	const season = last === SUMMER || last === NORMAL;
	if (!season) for (const character of text) if (!STAMP.includes(character)) return undefined;
	const offset = last === SUMMER ? "+02:00" : last === NORMAL ? "+01:00" : "";
	const years = digits.length === 14 || (digits.length === 12 && isLongYear(text)) ? 4 : 2;
	const rest = digits.slice(years + 4);
	if (rest.length !== 4 && rest.length !== 6) return undefined;
	return isoDateTime(date(digits.slice(0, years + 4), years), time(rest), offset);
}

/** Digits and the marks that stand between them: nothing that could be a number with a point or a unit. */
const STAMP = "0123456789-: &,T";

/** `2017-01-18 …`: four digits before the first mark. */
function isLongYear(text: string): boolean {
	return text[4] === "-";
}

function date(digits: string, years: number): string | undefined {
	const year = Number(digits.slice(0, years));
	return isoDate(
		years === 2 ? 2000 + year : year,
		Number(digits.slice(years, years + 2)),
		Number(digits.slice(years + 2, years + 4)),
	);
}

function time(digits: string): string | undefined {
	return isoTime(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6) || "0"));
}

function digitsOf(text: string): string {
	let digits = "";
	for (let at = 0; at < text.length && digits.length <= 14; at++) {
		const code = text.charCodeAt(at);
		if (code >= 0x30 && code <= 0x39) digits += text[at];
	}
	return digits;
}
