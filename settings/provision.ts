// A provisioning file: settings and the digest of an admin password for one gateway, or for those whose names begin alike,
// signed, as updates are (firmware/update-file.ts), by whoever runs the fleet. The file is JSON of one layout:
//
//   {"signature":"128 hexadecimal digits","provision":{"kind","format","serial","for","expires","settings","password"}}
//
// What is signed are the bytes of the object behind "provision", as they stand there. host/provision writes these files.

import { timeOfIso } from "../readings/utc.js";
import { fromHex } from "./hex.js";
import type { RawSettings } from "./migrations.js";
import { isRecord } from "./schema.js";

/** Longest file, in bytes: anybody may send one before there is a password. */
export const LONGEST_PROVISION = 8 * 1024;
/** Laid into the storage by whoever prepares the device; gone after the start. */
export const PROVISION_FILE = "provision.json";
export const PROVISION_KIND = "meterling provision";
export const PROVISION_FORMAT = 1;
export const PROVISION_HEAD = '{"signature":"';
export const PROVISION_MIDDLE = '","provision":';

const SIGNATURE_DIGITS = 128;
const MIDDLE_AT = PROVISION_HEAD.length + SIGNATURE_DIGITS;
const SIGNED_AT = MIDDLE_AT + PROVISION_MIDDLE.length;
const SPACE = 0x20;
const CLOSE = 0x7d;
/** Stands for the rest of a name. */
const ANY = "*";

/** What a file is held against. */
export interface ProvisionJudge {
	/** 65 bytes; `undefined`: this gateway takes no such files. */
	readonly publicKey: Uint8Array | undefined;
	verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
	readonly gatewayId: string;
	/** Milliseconds since 1970; `undefined` where the gateway has not been told: then a file never expires. */
	readonly wallTime: number | undefined;
	/** Serial number of the file that was taken last; 0: none was. */
	readonly taken: number;
}

export interface Provision {
	/** Grows from file to file. */
	readonly serial: number;
	/** By section and key; not looked at yet. */
	readonly settings: RawSettings;
	/** A record of access/password.ts, not looked at yet; `undefined`: none is set. */
	readonly password: unknown;
}

/** What the file gives, or why it is refused, in words that follow "the file". Nothing of it is parsed before its signature fits. */
export function readProvision(file: Uint8Array, judge: ProvisionJudge): Provision | string {
	const { publicKey, verify, gatewayId, wallTime, taken } = judge;
	if (!publicKey) return "cannot be used: this gateway was built or started without a key for such files";
	let end = file.length;
	while (end > 0 && (file[end - 1] as number) <= SPACE) end--;
	const signature = fromHex(textOf(file.subarray(PROVISION_HEAD.length, MIDDLE_AT)));
	if (
		file.length > LONGEST_PROVISION ||
		end <= SIGNED_AT ||
		file[end - 1] !== CLOSE ||
		textOf(file.subarray(0, PROVISION_HEAD.length)) !== PROVISION_HEAD ||
		textOf(file.subarray(MIDDLE_AT, SIGNED_AT)) !== PROVISION_MIDDLE ||
		!signature
	)
		return "is no signed provisioning file";
	const signed = file.slice(SIGNED_AT, end - 1);
	if (!verify(signature, signed, publicKey)) return "is not signed with this fleet's key, or was changed";
	let read: unknown;
	try {
		read = JSON.parse(String.fromArrayBuffer(signed.buffer));
	} catch {
		read = undefined;
	}
	if (!isRecord(read) || read.kind !== PROVISION_KIND) return "is signed, but no provisioning file";
	const { format, serial, for: meant, expires, settings, password } = read;
	if (format !== PROVISION_FORMAT) return "was written for another version of this firmware";
	const expiry = timeOfIso(`${expires}`);
	if (typeof serial !== "number" || typeof meant !== "string" || !isRecord(settings) || !(expiry > 0))
		return "is signed, but not whole";
	if (!isMeant(meant, gatewayId)) return "is for another gateway";
	if (!(serial > taken)) return "was used already, or is older than the one used last";
	if (wallTime !== undefined && wallTime >= expiry) return "has expired";
	return { serial, settings, password };
}

/** A name, or the beginning of names and `*`. */
function isMeant(meant: string, gatewayId: string): boolean {
	return meant.endsWith(ANY) ? gatewayId.startsWith(meant.slice(0, -1)) : gatewayId === meant;
}

function textOf(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}
