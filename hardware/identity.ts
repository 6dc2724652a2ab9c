// Who this device is: a name that stays the same. From the MAC address on a board; from a stored number elsewhere.

import config from "mc/config";
import Net from "net";
import { wallClock } from "system-native";
import { consistsOf } from "../readings/characters.js";
import type { FileStore } from "./device.js";

const PREFIX = "meterling-";
const DIGITS = 6;
const FILE = "id";
const ZERO = 0x30;

/** `esp32`, `lin` or `node`, as the build says. */
export function platformName(): string {
	const { platform } = config as { readonly platform?: unknown };
	if (typeof platform === "string") return platform;
	return macAddress() === undefined ? "lin" : "esp32";
}

/** The board that this build is for, as its manifest says; `undefined` on a computer. */
export function boardName(): string | undefined {
	const { board } = config as { readonly board?: unknown };
	return typeof board === "string" ? board : undefined;
}

/** `meterling-` and six hexadecimal digits: the MAC address's last three bytes, or a random number that is kept. */
export function deviceId(files: FileStore): string {
	const mac = macAddress();
	if (mac !== undefined) return `${PREFIX}${mac.slice(-DIGITS)}`;
	return `${PREFIX}${storedDigits(files) ?? newDigits(files)}`;
}

/** The MAC address's hexadecimal digits; `undefined` where the platform tells none. */
function macAddress(): string | undefined {
	const mac = Net.get("MAC") as string | undefined;
	return mac?.split(":").join("").toLowerCase();
}

function storedDigits(files: FileStore): string | undefined {
	const bytes = files.read(FILE);
	if (bytes?.length !== DIGITS) return undefined;
	const text = String.fromCharCode(...bytes);
	return consistsOf(text, "0-9a-f") ? text : undefined;
}

function newDigits(files: FileStore): string {
	const bytes = new Uint8Array(DIGITS);
	let text = "";
	for (let index = 0; index < DIGITS; index++) {
		// The clock is mixed in, for engines whose random numbers begin alike at each start.
		const digit = (Math.floor(Math.random() * 16) ^ ((wallClock() >> (index * 4)) & 0xf)) & 0xf;
		const character = digit.toString(16);
		bytes[index] = digit < 10 ? ZERO + digit : character.charCodeAt(0);
		text += character;
	}
	try {
		files.write(FILE, bytes);
	} catch {
		// Without storage the name lasts until the next start.
	}
	return text;
}
