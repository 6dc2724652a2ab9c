// What the DLMS tests share: session options on Node, a cipher from node:crypto, hexadecimal, actions taken apart.

import { createCipheriv, createDecipheriv } from "node:crypto";
import { dlms } from "../../../protocols/dlms/dlms.js";
import type { Action, Rejection, SessionOptions } from "../../../protocols/protocol.js";
import { tableChecksums } from "../../../protocols/shared/checksums.js";
import type { Cipher } from "../../../protocols/shared/cipher.js";
import { toText } from "../../../readings/decimal.js";
import type { Reading } from "../../../readings/reading.js";
import { defaultValues, type SettingValues } from "../../../settings/setting.js";

const TAG = { authTagLength: 12 } as const;

/** AES-128-GCM by OpenSSL: independent of the code under test. */
export const nodeCipher: Cipher = {
	openGcm(key, iv, aad, ciphertext, tag) {
		const decipher = createDecipheriv("aes-128-gcm", key, iv, TAG);
		decipher.setAAD(aad);
		decipher.setAuthTag(tag);
		const plaintext = decipher.update(ciphertext);
		try {
			decipher.final();
		} catch {
			return undefined;
		}
		return Uint8Array.from(plaintext);
	},
	decryptGcm: (key, iv, ciphertext) =>
		Uint8Array.from(createDecipheriv("aes-128-gcm", key, iv, TAG).update(ciphertext)),
	sealGcm(key, iv, aad, plaintext) {
		const cipher = createCipheriv("aes-128-gcm", key, iv, TAG);
		cipher.setAAD(aad);
		return Uint8Array.from(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
	},
};

export const checksums = tableChecksums();

export function options(settings: SettingValues = {}): SessionOptions {
	return { checksums, cipher: nodeCipher, settings: { ...defaultValues(dlms.settings), ...settings } };
}

/** Bytes of hexadecimal text; blanks do not matter. */
export function hex(text: string): Uint8Array {
	return Uint8Array.from(Buffer.from(text.replace(/\s+/g, ""), "hex"));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(Buffer.concat(parts));
}

export function readings(actions: readonly Action[]): Reading[] {
	return actions.flatMap((action) => (action.do === "reading" ? [action.reading] : []));
}

export function rejections(actions: readonly Action[]): Rejection[] {
	return actions.flatMap((action) => (action.do === "rejected" ? [action.rejection] : []));
}

/** All that a fresh session makes of a whole recording. */
export function decode(bytes: Uint8Array, settings: SettingValues = {}): readonly Action[] {
	const session = dlms.open(options(settings));
	return [...session.receive(bytes, 0), ...session.end(0)];
}

/** The only reading of a recording. */
export function readingOf(bytes: Uint8Array, settings: SettingValues = {}): Reading {
	const actions = decode(bytes, settings);
	const [reading, ...others] = readings(actions);
	if (!reading || others.length > 0)
		throw new Error(`${others.length + (reading ? 1 : 0)} readings: ${JSON.stringify(rejections(actions))}`);
	return reading;
}

/** `"3771 W"`, `"77452.50 kWh"`, or the text; undefined where the reading has no such quantity. */
export function valueOf(reading: Reading, name: string): string | undefined {
	const quantity = reading.quantities.find((one) => one.name === name);
	if (!quantity) return undefined;
	const value = typeof quantity.value === "string" ? quantity.value : toText(quantity.value);
	return quantity.unit === undefined ? value : `${value} ${quantity.unit}`;
}

/** All quantities as `name: value unit`. */
export function valuesOf(reading: Reading): Record<string, string> {
	return Object.fromEntries(reading.quantities.map(({ name }) => [name, valueOf(reading, name) as string]));
}
