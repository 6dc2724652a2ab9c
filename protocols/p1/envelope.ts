// The encrypted envelope around a telegram (Luxembourg, Austria, Poland): general-glo-ciphering with AES-128-GCM.
// Layout: [DB] <length 8> <system title> <length> <security 20|21|30|31> <invocation counter 4> <ciphertext> [<tag 12>].
// Source: Creos "Specification P1" 1.8 (Luxembourg Smarty); IEC 62056-5-3, 9.2.3.

import type { SettingValues } from "../../settings/setting.js";
import type { Rejection } from "../protocol.js";
import type { Cipher } from "../shared/cipher.js";
import { hexText, keyBytes } from "../shared/text.js";

export const ENVELOPE_TAG = 0xdb;
export const TITLE_LENGTH = 8;
export const COUNTER_LENGTH = 4;
export const GCM_TAG_LENGTH = 12;
const KEY_LENGTH = 16;
/** Security control byte: bit 4 = authenticated, bit 5 = encrypted; low nibble = suite (TINETZ sends 1, means 0). */
const AUTHENTICATED = 0b0001_0000;
const ENCRYPTED = 0b0010_0000;
/** Luxembourg's authentication key is the same for all customers, and public. */
const LUXEMBOURG_AUTHENTICATION_KEY = "00112233445566778899AABBCCDDEEFF";

/** Where the parts of an envelope stand, as indexes of the bytes it was found in. */
export interface EnvelopeLayout {
	readonly titleStart: number;
	readonly titleLength: number;
	readonly securityAt: number;
	/** First index behind the envelope. */
	readonly end: number;
}

/** Layout of the envelope at `start`; `undefined`: needs more bytes; `null`: this is no envelope. */
export function envelopeAt(bytes: Uint8Array, start: number, end: number): EnvelopeLayout | undefined | null {
	let at = start;
	if (at < end && bytes[at] === ENVELOPE_TAG) at++;
	if (at >= end) return undefined;
	const titleLength = bytes[at++] as number;
	if (titleLength !== TITLE_LENGTH && titleLength !== 0) return null;
	const titleStart = at;
	at += titleLength;
	if (at >= end) return undefined;
	let length = bytes[at++] as number;
	if (length > 0x80) {
		const width = length & 0x7f;
		if (width > 2) return null;
		if (at + width > end) return undefined;
		length = 0;
		for (let octet = 0; octet < width; octet++) length = length * 256 + (bytes[at++] as number);
	}
	if (at >= end) return undefined;
	const security = bytes[at] as number;
	const known = (security & ~(AUTHENTICATED | 1)) === ENCRYPTED;
	const least = 1 + COUNTER_LENGTH + (security & AUTHENTICATED ? GCM_TAG_LENGTH : 0);
	if (!known || length <= least) return null;
	return { titleStart, titleLength, securityAt: at, end: at + length };
}

/** The keys that a session was set up with. */
export class EnvelopeOpener {
	readonly #encryptionKey: Uint8Array | undefined;
	readonly #authenticationKey: Uint8Array | undefined;

	constructor(
		readonly cipher: Cipher,
		settings: SettingValues,
	) {
		this.#encryptionKey = keyBytes(settings.encryptionKey);
		this.#authenticationKey = keyBytes(settings.authenticationKey);
	}

	/**
	 * The plaintext. `verified`: its tag was checked; otherwise the caller must see whether it makes sense. With an
	 * authentication key set there must be a tag and it must fit (a cleared bit must not switch the check off); without one Luxembourg's and none at all are tried, then no check.
	 */
	open(
		bytes: Uint8Array,
		layout: EnvelopeLayout,
		offset: number,
	): { readonly plaintext: Uint8Array; readonly verified: boolean } | Rejection {
		const { titleStart, titleLength, securityAt, end } = layout;
		const title = hexText(bytes, titleStart, titleStart + titleLength);
		const key = this.#encryptionKey;
		if (key === undefined) return rejection("key-needed", title, offset);
		const security = bytes[securityAt] as number;
		const iv = new Uint8Array(TITLE_LENGTH + COUNTER_LENGTH);
		iv.set(bytes.subarray(titleStart, titleStart + titleLength));
		const textStart = securityAt + 1 + COUNTER_LENGTH;
		iv.set(bytes.subarray(securityAt + 1, textStart), TITLE_LENGTH);
		const authenticated = (security & AUTHENTICATED) !== 0;
		const textEnd = authenticated ? end - GCM_TAG_LENGTH : end;
		const ciphertext = bytes.subarray(textStart, textEnd);
		if (authenticated) {
			const tag = bytes.subarray(textEnd, end);
			for (const aad of this.#associatedData(security)) {
				const plaintext = this.cipher.openGcm(key, iv, aad, ciphertext, tag);
				if (plaintext) return { plaintext, verified: true };
			}
			if (this.#authenticationKey) return rejection("wrong-key", title, offset);
		} else if (this.#authenticationKey) return rejection("not-authenticated", title, offset);
		return { plaintext: this.cipher.decryptGcm(key, iv, ciphertext), verified: false };
	}

	#associatedData(security: number): Uint8Array[] {
		const configured = this.#authenticationKey;
		const key = configured ?? keyBytes(LUXEMBOURG_AUTHENTICATION_KEY);
		const aad = new Uint8Array(1 + KEY_LENGTH);
		aad[0] = security;
		if (key) aad.set(key, 1);
		return configured ? [aad] : [aad, new Uint8Array(0)];
	}
}

function rejection(code: string, detail: string, offset: number): Rejection {
	return { rejected: true, layer: "p1", code, offset, detail };
}

/** The rejection of an envelope whose plaintext is no telegram. */
export function wrongKey(
	bytes: Uint8Array,
	{ titleStart, titleLength }: EnvelopeLayout,
	offset: number,
): Rejection {
	return rejection("wrong-key", hexText(bytes, titleStart, titleStart + titleLength), offset);
}
