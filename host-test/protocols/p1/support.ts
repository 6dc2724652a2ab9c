// What P1's tests share: a session with Node's ciphers, and short ways to feed it. Not a test.

import { nodeCipher } from "../../../host/platform/cipher.js";
import { p1 } from "../../../protocols/p1/p1.js";
import type { Action, Rejection } from "../../../protocols/protocol.js";
import { tableChecksums } from "../../../protocols/shared/checksums.js";
import { toText } from "../../../readings/decimal.js";
import type { Quantity, Reading } from "../../../readings/reading.js";
import { defaultValues, type SettingValues } from "../../../settings/setting.js";

export const checksums = tableChecksums();
export const cipher = nodeCipher();

export function openSession(settings: SettingValues = {}) {
	return p1.open({
		checksums,
		cipher,
		settings: { ...defaultValues(p1.settings), ...settings },
	});
}

export interface Outcome {
	readonly readings: Reading[];
	readonly rejections: Rejection[];
}

export function sort(actions: readonly Action[]): Outcome {
	const readings: Reading[] = [];
	const rejections: Rejection[] = [];
	for (const action of actions) {
		if (action.do === "reading") readings.push(action.reading);
		else if (action.do === "rejected") rejections.push(action.rejection);
		else throw new Error(`P1 never asks for ${action.do}`);
	}
	return { readings, rejections };
}

/** All of `bytes` in pieces cut at `cuts`, then the end of the file. */
export function decode(bytes: Uint8Array, settings: SettingValues = {}, cuts: number[] = []): Outcome {
	const session = openSession(settings);
	const actions: Action[] = [];
	let from = 0;
	for (const cut of [...cuts, bytes.length]) {
		actions.push(...session.receive(bytes.subarray(from, cut), 0));
		from = cut;
	}
	actions.push(...session.end(0));
	return sort(actions);
}

export function latin1(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function hex(text: string): Uint8Array {
	return Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
}

export function joined(...parts: Uint8Array[]): Uint8Array {
	return Uint8Array.from(Buffer.concat(parts));
}

/** `value unit` of a quantity by name, as printed; `undefined` where the reading has none. */
export function shown(
	from: { quantities: readonly Quantity[] } | undefined,
	name: string,
): string | undefined {
	const quantity = from?.quantities.find((one) => one.name === name);
	if (!quantity) return undefined;
	const { value, unit } = quantity;
	return `${typeof value === "string" ? value : toText(value)}${unit ? ` ${unit}` : ""}`;
}
