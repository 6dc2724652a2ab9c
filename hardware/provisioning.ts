// Which key the provisioning files of this gateway's fleet are signed with: built into the firmware, or given at the start on
// a computer.

import { verifyP256 } from "file-signature";
import config from "mc/config";
import { fromHex } from "../settings/hex.js";

export interface ProvisioningKey {
	/** 65 bytes; `undefined` without one: no such file is taken. */
	readonly publicKey: Uint8Array | undefined;
	verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

const KEY_BYTES = 65;

export function provisioningKey(): ProvisioningKey {
	const { provisionKey } = config as { readonly provisionKey?: unknown };
	const publicKey = fromHex(provisionKey);
	return { publicKey: publicKey?.length === KEY_BYTES ? publicKey : undefined, verify: verifyP256 };
}
