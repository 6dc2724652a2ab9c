// What the tests of emulated meters share: a session of any protocol, and the text of a reading's values. Not a test.

import { nodeCipher } from "../../host/platform/cipher.js";
import type { Action, Protocol, Session } from "../../protocols/protocol.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { toText } from "../../readings/decimal.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { defaultValues, type SettingValues } from "../../settings/setting.js";

export function openSession(protocol: Protocol, settings: SettingValues = {}): Session {
	return protocol.open({
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		settings: { ...defaultValues(protocol.settings), ...settings },
	});
}

/** The only reading of a telegram; whatever was rejected is an error. */
export function readingOf(protocol: Protocol, bytes: Uint8Array, settings: SettingValues = {}): Reading {
	const session = openSession(protocol, settings);
	const actions: Action[] = [...session.receive(bytes, 0), ...session.end(0)];
	const readings = actions.flatMap((action) => (action.do === "reading" ? [action.reading] : []));
	const rejections = actions.filter((action) => action.do === "rejected");
	const [reading] = readings;
	if (!reading || readings.length > 1 || rejections.length > 0)
		throw new Error(`${readings.length} readings, ${JSON.stringify(rejections)}`);
	return reading;
}

/** All quantities as `name: value unit`. */
export function valuesOf({
	quantities,
}: {
	readonly quantities: readonly Quantity[];
}): Record<string, string> {
	return Object.fromEntries(
		quantities.map(({ name, value, unit }) => {
			const text = typeof value === "string" ? value : toText(value);
			return [name, unit === undefined ? text : `${text} ${unit}`];
		}),
	);
}

/** `count` units of 10^-`decimals`, all decimals printed: `fixed(1234, 3)` is `1.234`. Integers only, so it is exact. */
export function fixed(count: number, decimals: number): string {
	const digits = `${count}`.padStart(decimals + 1, "0");
	return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
