// Exact decimals: what a meter prints or sends keeps every digit, because no value passes through a float.
// Not a calculator: readings are scaled, compared and printed, hardly ever added.

/**
 * `mantissa × 10^exponent`. The mantissa is a safe integer, or a BigInt where it is beyond ±2^53.
 * The exponent keeps what was sent: 85823.280 is 85823280 × 10^-3, and prints as `85823.280`.
 */
export interface Decimal {
	readonly mantissa: number | bigint;
	readonly exponent: number;
}

/** Longest exponent printed in plain digits; beyond it the text is scientific (`19591204e17` → `1.9591204e24`). */
const PLAIN_EXPONENT = 20;

/** Makes a decimal; a BigInt that fits a safe integer becomes a number. */
export function decimal(mantissa: number | bigint, exponent = 0): Decimal {
	return { mantissa: narrow(mantissa), exponent };
}

/** `value × 10^power`, exactly: only the exponent moves. */
export function scaled(value: Decimal, power: number): Decimal {
	return power === 0 ? value : { mantissa: value.mantissa, exponent: value.exponent + power };
}

/** `value × factor` for a whole factor, exactly (transformer ratios, kilo-units that are not powers of ten). */
export function multiplied(value: Decimal, factor: number): Decimal {
	const product = Number(value.mantissa) * factor;
	const mantissa = Number.isSafeInteger(product) ? product : BigInt(value.mantissa) * BigInt(factor);
	return decimal(mantissa, value.exponent);
}

/** The nearest float: for plots and comparisons, never for what is shown or sent. */
export function toNumber(value: Decimal): number {
	return Number(`${value.mantissa}e${value.exponent}`);
}

/** Negative, zero or positive as `a` is below, equal to or above `b`; exact. */
export function compare(a: Decimal, b: Decimal): number {
	// The usual case: a counter against its own last value.
	if (a.exponent === b.exponent && typeof a.mantissa === "number" && typeof b.mantissa === "number")
		return a.mantissa - b.mantissa;
	const exponent = Math.min(a.exponent, b.exponent);
	const left = BigInt(a.mantissa) * 10n ** BigInt(a.exponent - exponent);
	const right = BigInt(b.mantissa) * 10n ** BigInt(b.exponent - exponent);
	return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The decimal as JSON and people write it: `-0.05`, `85823.280`, `3771`. Digits after the point are those that
 * were sent. Exponents too large for plain digits are written as `1.9591204e24`, which JSON takes too.
 */
export function toText({ mantissa, exponent }: Decimal): string {
	const negative = mantissa < 0;
	const digits = `${negative ? -mantissa : mantissa}`;
	const sign = negative ? "-" : "";
	if (exponent > PLAIN_EXPONENT || exponent < -PLAIN_EXPONENT - digits.length) {
		const rest = digits.slice(1);
		return `${sign}${digits[0]}${rest ? `.${rest}` : ""}e${exponent + rest.length}`;
	}
	if (exponent >= 0) return digits === "0" ? "0" : `${sign}${digits}${"0".repeat(exponent)}`;
	const point = digits.length + exponent;
	if (point > 0) return sign.concat(digits.slice(0, point), ".", digits.slice(point));
	return `${sign}0.${"0".repeat(-point)}${digits}`;
}

const ZERO = 0x30;
const NINE = 0x39;
const PLUS = 0x2b;
const MINUS = 0x2d;
const COMMA = 0x2c;
const POINT = 0x2e;
/** Digits that surely fit a safe integer, so that no intermediate product is rounded. */
const SAFE_DIGITS = 15;

/**
 * Reads `[+-]digits[(.|,)digits]` from ASCII bytes `[start, end)`.
 * `undefined` where that range is anything else: letters, two points, no digit at all.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): Decimal | undefined {
	let at = start;
	const first = bytes[at];
	const negative = first === MINUS;
	if (negative || first === PLUS) at++;
	if (end - at > SAFE_DIGITS) return parseLong(bytes, at, end, negative);
	let mantissa = 0;
	let point = -1;
	const from = at;
	for (; at < end; at++) {
		const character = bytes[at] as number;
		if (character >= ZERO && character <= NINE) mantissa = mantissa * 10 + character - ZERO;
		else if ((character === POINT || character === COMMA) && point < 0) point = at;
		else return undefined;
	}
	if (end - from <= (point < 0 ? 0 : 1)) return undefined;
	const exponent = point < 0 || point === end - 1 ? 0 : point + 1 - end;
	return { mantissa: negative && mantissa !== 0 ? -mantissa : mantissa, exponent };
}

/** The same where the digits may be more than a safe integer has; the sign is read already. */
function parseLong(bytes: Uint8Array, start: number, end: number, negative: boolean): Decimal | undefined {
	let mantissa = 0n;
	let digits = 0;
	let point = -1;
	for (let at = start; at < end; at++) {
		const character = bytes[at] as number;
		if (character >= ZERO && character <= NINE) {
			mantissa = mantissa * 10n + BigInt(character - ZERO);
			digits++;
		} else if ((character === POINT || character === COMMA) && point < 0) point = at;
		else return undefined;
	}
	if (digits === 0) return undefined;
	return decimal(negative ? -mantissa : mantissa, point < 0 || point === end - 1 ? 0 : point + 1 - end);
}

/** The same from text, for settings and tests. */
export function parseDecimalText(text: string): Decimal | undefined {
	const bytes = new Uint8Array(text.length);
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		bytes[index] = code > 0x7f ? 0 : code;
	}
	return parseDecimal(bytes, 0, bytes.length);
}

function narrow(mantissa: number | bigint): number | bigint {
	if (typeof mantissa === "number") return mantissa;
	const number = Number(mantissa);
	return Number.isSafeInteger(number) ? number : mantissa;
}
