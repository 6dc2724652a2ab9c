// OBIS codes in words: the canonical quantity where there is one, otherwise what the object is (IEC 62056-61 and the
// P1 companion standards). And which of them hold a meter's number.

import { type Obis, obisText, quantityName } from "../../readings/obis.js";

/** `power_import`, `message text`, …; empty where nothing is known about the code. */
export function obisName(obis: Obis): string {
	return quantityName(obis) ?? objectWords(obis) ?? "";
}

/** `1-0:1.7.0 power_import`. */
export function obisWords(obis: Obis): string {
	return `${obisText(obis)} ${obisName(obis)}`.trim();
}

/**
 * Whether the object holds a number by which a meter or its owner can be told: ids, EAN, logical device name,
 * customer number. Versions (96.1.4) and types (96.1.7, Kamstrup's 1-1:96.1.1) are none.
 */
export function isIdentity({ a, b, c, d, e }: Obis): boolean {
	if (c === 0 && d === 0) return true;
	if (c === 42 && d === 0) return true;
	if (c !== 96 || (d !== 1 && d !== 90)) return false;
	return !(d === 1 && (e === 4 || e === 7 || (a === 1 && b === 1 && e === 1)));
}

function objectWords({ a, b, c, d, e }: Obis): string | undefined {
	if (c === 0 && d === 0) return "meter number";
	if (c === 42 && d === 0) return "logical device name";
	if (c === 1 && d === 0 && e === 0) return "clock";
	if (c === 0 && d === 2) return e === 8 ? "version of the P1 telegram" : "firmware";
	if (c === 96 && d === 1) return identificationWords(a, b, e);
	if (c === 96) return stateWords(d, e);
	if (c === 97) return "error register";
	if (c === 98 && d === 1) return "stored values of the month";
	if (c === 99 && d === 97) return "log of power failures";
	if (c === 24) return subMeterWords(d);
	return undefined;
}

function identificationWords(a: number, b: number, e: number): string {
	if (e === 4) return "version of the telegram";
	if (e === 7 || (a === 1 && b === 1 && e === 1)) return "meter type";
	return e === 2 && b === 0 ? "EAN of the connection" : "meter number";
}

function stateWords(d: number, e: number): string | undefined {
	if (d === 13) return e === 1 ? "message code" : "message text";
	if (d === 3) return "state of the switch";
	if (d === 7 && e === 19) return "length of a failure";
	if (d === 5) return "status word";
	return undefined;
}

function subMeterWords(d: number): string | undefined {
	switch (d) {
		case 1:
			return "kind of sub-meter";
		case 2:
			return "reading of a sub-meter";
		case 3:
			return "reading of a sub-meter, old form";
		case 4:
			return "valve or switch";
		default:
			return undefined;
	}
}
