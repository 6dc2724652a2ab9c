// A whole message without its frames, as logs hold it: LLC and APDU, a bare APDU, a ciphered one, or GBT blocks.

import { type Action, NO_ACTIONS, type SessionOptions } from "../protocol.js";
import { DATA_NOTIFICATION } from "./apdu.js";
import { isCiphered } from "./ciphering.js";
import { ApduDecoder } from "./decoder.js";
import { GENERAL_BLOCK_TRANSFER } from "./gbt.js";
import { isLlc, LLC_BYTES } from "./llc.js";
import { MessageAssembler } from "./message.js";

/** Decodes it if its first bytes are such; no actions where they are not. */
export function decodeFragment(bytes: Uint8Array, options: SessionOptions): readonly Action[] {
	const start = isLlc(bytes, 0, bytes.length) ? LLC_BYTES : 0;
	const tag = bytes[start];
	const decoder = new ApduDecoder(options);
	if (tag === DATA_NOTIFICATION || isCiphered(tag)) return [decoder.decode(bytes, start, bytes.length, 0)];
	if (tag !== GENERAL_BLOCK_TRANSFER) return NO_ACTIONS;
	const actions: Action[] = [];
	const message = new MessageAssembler(
		(apdu, from, end, offset) => decoder.decode(apdu, from, end, offset),
		actions,
	);
	message.hdlc(bytes, start, bytes.length, false, 0);
	message.finish();
	return actions;
}
