// JSON in which values keep their digits: JSON.parse would make 85823.280 of a counter into 85823.28. Numbers under the
// key `value` are wrapped as text before parsing. Other numbers (ages, counts, channels) stay numbers.

/** A meter's value: an exact number as text, or text. */
export type ExactValue = { readonly number: string } | string;

// Inside a JSON string every quote is escaped, so `"value":` can only be a key.
const VALUE = /"value":(-?\d[\d.eE+-]*)/g;

/** Parses JSON of the gateway; throws SyntaxError where it is none. */
export function parseExact(json: string): unknown {
	return JSON.parse(json.replace(VALUE, '"value":{"number":"$1"}'));
}
