// Bytes of a recording through the protocols' own sessions: one that is named, or the one that fits best.
// Pure: no files, no output, no clock; a recording has no time, so every byte arrives at time 0.

import type { Action, Protocol, Rejection, SessionOptions } from "../../protocols/protocol.js";
import type { Checksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import type { Reading } from "../../readings/reading.js";
import { defaultValues } from "../../settings/setting.js";

/** Functions and keys that sessions are given; an empty key is none. */
export interface DecodeOptions {
	readonly checksums: Checksums;
	readonly cipher: Cipher;
	readonly encryptionKey: string;
	readonly authenticationKey: string;
}

/** What one protocol made of the bytes. */
export interface Outcome {
	readonly protocol: Protocol;
	readonly readings: readonly Reading[];
	readonly rejections: readonly Rejection[];
}

/** Bytes handed over at once: like a line, not like a file of any size. */
const CHUNK = 4096;

/** One protocol's readings and rejections. Bytes without an outer frame are tried as a message of their own. */
export function decodeWith(protocol: Protocol, bytes: Uint8Array, options: DecodeOptions): Outcome {
	const given = sessionOptions(protocol, options);
	const session = protocol.open(given);
	const actions: Action[] = [];
	for (let at = 0; at < bytes.length; at += CHUNK)
		actions.push(...session.receive(bytes.subarray(at, at + CHUNK), 0));
	actions.push(...session.end(0));
	const framed = outcome(protocol, actions);
	if (framed.readings.length > 0 || bytes.length === 0 || !protocol.decodeFragment) return framed;
	const fragment = outcome(protocol, protocol.decodeFragment(bytes, given));
	return fragment.readings.length > 0 || plausibility(fragment) > plausibility(framed) ? fragment : framed;
}

/** The best outcome of all protocols: see `better`. */
export function decodeAuto(
	protocols: readonly Protocol[],
	bytes: Uint8Array,
	options: DecodeOptions,
): Outcome | undefined {
	let best: Outcome | undefined;
	for (const protocol of protocols) {
		const candidate = decodeWith(protocol, bytes, options);
		if (!best || better(candidate, best)) best = candidate;
	}
	return best;
}

/**
 * More readings, then more telling rejections, then fewer of them; otherwise the earlier one in the registry stays,
 * whose order is that of detection (P1 before IEC 62056-21, whose mode D looks like an old telegram).
 */
function better(a: Outcome, b: Outcome): boolean {
	const readings = a.readings.length - b.readings.length;
	if (readings !== 0) return readings > 0;
	if (a.readings.length > 0) return false;
	const telling = plausibility(a) - plausibility(b);
	if (telling !== 0) return telling > 0;
	return a.rejections.length < b.rejections.length;
}

/** Codes that say no more than "not mine", and those that a false start in rubbish easily gives. */
const EMPTY_CODES: readonly string[] = ["noise", "rubbish", "start", "no-frame", "unknown", "garbage"];
const WEAK_CODES: readonly string[] = ["truncated", "length", "overflow"];

/** 0: nothing found · 1: rubbish, said so · 2: the beginning of a frame · 3: a frame refused for a reason. */
function plausibility({ rejections }: Outcome): number {
	let most = 0;
	for (const { code } of rejections)
		most = Math.max(most, EMPTY_CODES.includes(code) ? 1 : WEAK_CODES.includes(code) ? 2 : 3);
	return most;
}

function outcome(protocol: Protocol, actions: readonly Action[]): Outcome {
	const readings: Reading[] = [];
	const rejections: Rejection[] = [];
	for (const action of actions) {
		if (action.do === "reading") readings.push(action.reading);
		else if (action.do === "rejected") rejections.push(action.rejection);
	}
	return { protocol, readings, rejections };
}

/** Defaults, but with the keys, and never asking: a recording gives no answer. */
function sessionOptions(protocol: Protocol, options: DecodeOptions): SessionOptions {
	const { checksums, cipher, encryptionKey, authenticationKey } = options;
	const settings = {
		...defaultValues(protocol.settings),
		period: 0,
		encryptionKey,
		authenticationKey,
	};
	return { checksums, cipher, settings };
}
