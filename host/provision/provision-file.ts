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

/** OpenSSL's name of P-256. */
const CURVE = "prime256v1";
/** SubjectPublicKeyInfo of a key on P-256, but for the point itself (RFC 5480, 2). */
const SPKI_PREFIX_LENGTH = 26;

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
	const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
	return `${PROVISION_HEAD}${signature.toString("hex")}${PROVISION_MIDDLE}${signed}}\n`;
}

/** The private key in a PEM text; `undefined` where it is no key on P-256. */
export function signingKey(pem: string): KeyObject | undefined {
	try {
		const key = createPrivateKey(pem);
		return key.asymmetricKeyDetails?.namedCurve === CURVE ? key : undefined;
	} catch {
		return undefined;
	}
}

/** A private key (PKCS #8, PEM) and its public key as 130 hexadecimal digits. */
export function newKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: CURVE });
	const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
	return {
		privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
		publicKey: der.subarray(SPKI_PREFIX_LENGTH).toString("hex"),
	};
}
