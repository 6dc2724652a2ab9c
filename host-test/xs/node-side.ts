// What tools/test-xs.mjs needs of the project on Node: a real cipher, emulated meters with the keys of those that
// encrypt, and the reader of captures.

import { OMNIPOWER_KEYS } from "../../host/meters/kamstrup-omnipower-encrypted.js";
import { LUXEMBOURG_KEY } from "../../host/meters/luxembourg.js";

export { fromContent } from "../../host/cli/input-file.js";
export { METERS } from "../../host/meters/meters.js";
export { nodeCipher } from "../../host/platform/cipher.js";

/** By the meter's name. */
export const METER_KEYS: Readonly<Record<string, object>> = Object.freeze({
	"kamstrup-omnipower-encrypted": OMNIPOWER_KEYS,
	luxembourg: { encryptionKey: LUXEMBOURG_KEY },
});
