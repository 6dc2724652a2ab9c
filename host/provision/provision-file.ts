// Writes the files that settings/provision.ts reads, and the key pair that signs them.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { PasswordRecord } from "../../access/password.js";
import {
	PROVISION_FORMAT,
	PROVISION_HEAD,
	PROVISION_KIND,
	PROVISION_MIDDLE,
} from "../../settings/provision.js";
import type { SettingValue } from "../../settings/setting.js";

/** SubjectPublicKeyInfo of an Ed25519 key, but for the key itself (RFC 8410). */
const SPKI_PREFIX_LENGTH = 12;

export interface ProvisionContent {
	readonly serial: number;
	/** A gateway's name, or the beginning of names and `*`. */
	readonly for: string;
	/** ISO 8601. */
	readonly expires: string;
	readonly settings: Readonly<Record<string, Readonly<Record<string, SettingValue>>>>;
	readonly password?: PasswordRecord;
}

export function provisionFile(content: ProvisionContent, key: KeyObject): string {
	const { serial, for: meant, expires, settings, password } = content;
	const signed = JSON.stringify({
		kind: PROVISION_KIND,
		format: PROVISION_FORMAT,
		...{ serial, for: meant, expires, settings },
		...(password === undefined ? {} : { password }),
	});
	const signature = sign(null, Buffer.from(signed), key).toString("hex");
	return `${PROVISION_HEAD}${signature}${PROVISION_MIDDLE}${signed}}\n`;
}

/** The private key in a PEM text; `undefined` where it is no Ed25519 key. */
export function signingKey(pem: string): KeyObject | undefined {
	try {
		const key = createPrivateKey(pem);
		return key.asymmetricKeyType === "ed25519" ? key : undefined;
	} catch {
		return undefined;
	}
}

/** A private key (PKCS #8, PEM) and its public key as 64 hexadecimal digits. */
export function newKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
	const { privateKey } = generateKeyPairSync("ed25519");
	const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
	return {
		privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
		publicKey: der.subarray(SPKI_PREFIX_LENGTH).toString("hex"),
	};
}
