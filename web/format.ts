// Numbers, ages and names as people read them. Exact texts are regrouped and their point moved; nothing is rounded
// unless a function says so.

import type { ExactValue } from "./exact-json.js";
import { filled, named } from "./texts/filled.js";
import { locale, texts } from "./texts/texts.js";

/** Narrow no-break space: groups digits without a reader taking it for a separator. */
const GROUP = "\u202f";
const MINUS = "\u2212";

/** A number's text in two parts: grouped digits before the point, and the point with what follows. */
export interface NumberParts {
	readonly whole: string;
	readonly fraction: string;
}

/** Moves the decimal point by `power` places; scientific notation stays as it is. */
export function shifted(text: string, power: number): string {
	if (/[eE]/.test(text)) return text;
	const sign = text.startsWith("-") ? "-" : "";
	const [whole = "0", fraction = ""] = text.slice(sign.length).split(".");
	if (power >= 0) {
		const digits = fraction.padEnd(power, "0");
		const rest = digits.slice(power);
		return sign + stripped(whole + digits.slice(0, power)) + (rest ? `.${rest}` : "");
	}
	const padded = whole.padStart(1 - power, "0");
	return `${sign}${stripped(padded.slice(0, power))}.${padded.slice(power)}${fraction}`;
}

/** Cuts decimals beyond `most` off (towards zero): for sizes where more would only flicker. */
export function shortened(text: string, most: number): string {
	const point = text.indexOf(".");
	if (point < 0 || /[eE]/.test(text)) return text;
	return most === 0 ? text.slice(0, point) : text.slice(0, point + 1 + most);
}

export function numberParts(text: string): NumberParts {
	const negative = text.startsWith("-");
	const [whole = "", fraction] = (negative ? text.slice(1) : text).split(".");
	const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, GROUP) : whole;
	return {
		whole: (negative ? MINUS : "") + grouped,
		fraction: fraction === undefined ? "" : decimalSign() + fraction,
	};
}

/** Value and unit on one line. */
export function valueText(value: ExactValue, unit: string | undefined): string {
	if (typeof value === "string") return value;
	const { whole, fraction } = numberParts(value.number);
	return unit ? `${whole}${fraction}\u00a0${unit}` : whole + fraction;
}

/** The nearest float, for plots and comparisons. */
export function toFloat(value: ExactValue | undefined): number | undefined {
	if (value === undefined || typeof value === "string") return undefined;
	const number = Number(value.number);
	return Number.isFinite(number) ? number : undefined;
}

/** A length of time: `3 s`, `5 min`, `2 h`, `4 days`. */
export function duration(seconds: number): string {
	const whole = Math.max(0, Math.floor(seconds));
	if (whole < 100) return `${whole}\u00a0${texts.times.seconds}`;
	if (whole < 100 * 60) return `${Math.floor(whole / 60)}\u00a0${texts.times.minutes}`;
	if (whole < 48 * 3600) return `${Math.floor(whole / 3600)}\u00a0${texts.times.hours}`;
	return `${Math.floor(whole / 86_400)}\u00a0${texts.times.days}`;
}

export function ago(seconds: number): string {
	return seconds < 1 ? texts.times.justNow : filled(texts.times.ago, { long: duration(seconds) });
}

/** A meter's time as it says it, without a zone moved: `21 Nov 2026, 15:35`. */
export function moment(iso: string, timeStyle: "short" | "medium" = "short"): string {
	const time = new Date(`${iso.slice(0, 19)}Z`);
	if (Number.isNaN(time.getTime())) return iso;
	return timeFormat({ dateStyle: "medium", timeStyle, timeZone: "UTC" }).format(time);
}

/** By language and options: making one takes a phone some milliseconds, using it none. */
const times: Record<string, Intl.DateTimeFormat> = {};
const numbers: Record<string, Intl.NumberFormat> = {};

/** The language's way to write times. */
export function timeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = locale() + JSON.stringify(options);
	times[key] ??= new Intl.DateTimeFormat(locale(), options);
	return times[key];
}

/** The language's way to write numbers. */
export function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
	const key = locale() + JSON.stringify(options);
	numbers[key] ??= new Intl.NumberFormat(locale(), options);
	return numbers[key];
}

/** A size: `812 B`, `64 KB`, `3.2 MB`. */
export function bytesText(bytes: number): string {
	if (bytes < 1024) return `${bytes}\u00a0B`;
	if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)}\u00a0KB`;
	const megabytes = bytes / 1024 / 1024;
	return megabytes < 1024 ? `${oneDecimal(megabytes)}\u00a0MB` : `${oneDecimal(megabytes / 1024)}\u00a0GB`;
}

function oneDecimal(value: number): string {
	return numberFormat({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

/** `.` or `,`. */
function decimalSign(): string {
	return numberFormat({}).format(0.5).charAt(1);
}

/** `reactive_power_import_l1` → `Reactive power import L1`; codes stay codes. */
export function label(name: string): string {
	const known = named(texts.names, name);
	if (known) return known;
	const [, whole, tariff] = /^(.*)_t(\d)$/.exec(name) ?? [];
	if (whole && tariff) return filled(texts.ofTariff, { name: label(whole), tariff });
	const [, quantity, phase] = /^(.*)_l([123])$/.exec(name) ?? [];
	if (quantity) return `${label(quantity)} L${phase}`;
	if (!/^[a-z][a-z0-9_]*$/.test(name)) return name;
	const words = name.replace(/_/g, " ");
	return words.charAt(0).toUpperCase() + words.slice(1);
}

function stripped(digits: string): string {
	return digits.replace(/^0+(?=\d)/, "");
}
