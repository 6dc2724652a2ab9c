// What follows the `?` of an address: parameters by the names that a route asks for. Nothing is kept of others, and no
// property is made of a name from outside (XS keeps names for ever). The address is bounded before (hardware/http-head.ts).

import { isHex } from "../../readings/characters.js";
import { utf8 } from "../shared/text.js";

const PERCENT = 0x25;

/** The parameter's first value, decoded; empty where it has none; `undefined` where it is absent or not UTF-8. */
export function queryText(target: string, name: string): string | undefined {
	const begin = target.indexOf("?");
	if (begin < 0) return undefined;
	const fragment = target.indexOf("#", begin);
	const query = target.slice(begin + 1, fragment < 0 ? target.length : fragment);
	for (const pair of query.split("&")) {
		const equals = pair.indexOf("=");
		if ((equals < 0 ? pair : pair.slice(0, equals)) === name)
			return equals < 0
				? ""
				: decoded(
						pair
							.slice(equals + 1)
							.split("+")
							.join(" "),
					);
	}
	return undefined;
}

/** A whole number from `least` to `most`; `fallback` where the parameter is absent, `undefined` where it is anything else. */
export function queryInteger(
	target: string,
	name: string,
	{ least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number },
): number | undefined {
	const text = queryText(target, name);
	if (text === undefined) return fallback;
	const value = Number(text);
	return text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

/** The parts of a list with commas, the empty ones left out; `undefined` where the parameter is absent. */
export function queryList(target: string, name: string): readonly string[] | undefined {
	return queryText(target, name)
		?.split(",")
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

/** Percent-encoding undone (RFC 3986, 2.1); `undefined` where it is none, or none of UTF-8. */
export function decoded(text: string): string | undefined {
	if (text.indexOf("%") < 0) return text;
	const bytes = utf8(text);
	let length = 0;
	for (let at = 0; at < bytes.length; at++) {
		let byte = bytes[at] as number;
		if (byte === PERCENT) {
			const pair = String.fromCharCode(bytes[++at] ?? 0, bytes[++at] ?? 0);
			if (!isHex(pair)) return undefined;
			byte = Number.parseInt(pair, 16);
		}
		bytes[length++] = byte;
	}
	try {
		return String.fromArrayBuffer(bytes.slice(0, length).buffer);
	} catch {
		return undefined;
	}
}
