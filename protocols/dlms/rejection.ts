// How this protocol words what it did not take.

import type { Action, Rejection } from "../protocol.js";

/** Layers of this protocol, outermost first, and their closed codes. */
export interface RejectionCodes {
	readonly hdlc: "hcs" | "fcs" | "flag" | "length" | "truncated" | "overflow" | "segment-missing" | "noise";
	readonly mbus: "checksum" | "truncated" | "overflow" | "segment-missing" | "control-information";
	readonly llc: "header";
	readonly gbt: "truncated" | "overflow" | "block-missing";
	readonly ciphering:
		| "key-needed"
		| "wrong-key"
		| "tag"
		| "truncated"
		| "title"
		| "suite"
		| "compressed"
		| "key-info"
		| "replay";
	readonly apdu: "tag" | "truncated" | "date-time" | "type" | "depth" | "items" | "trailing";
	readonly list: "empty";
}

/** Facts that a rejection may carry besides layer and code. */
export type RejectionFacts = Pick<Rejection, "expected" | "actual" | "detail">;

export function rejected<L extends keyof RejectionCodes>(
	layer: L,
	code: RejectionCodes[L],
	offset: number,
	facts?: RejectionFacts,
): Action {
	return { do: "rejected", rejection: { rejected: true, layer, code, offset, ...facts } };
}
