// The server's half of WebSocket's opening handshake (RFC 6455, 4.2.2): the answer that shows that its key was read.
// SHA-1 is what the standard has; nothing is kept secret by it.

import { Digest } from "crypto-native";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Bytes of SHA-1. */
const LENGTH = 20;

/** The whole answer 101 to `key`. */
export function switchingBytes(key: string): Uint8Array {
	const lines = [
		"HTTP/1.1 101 Switching Protocols",
		"upgrade: websocket",
		"connection: Upgrade",
		`sec-websocket-accept: ${acceptOf(key)}`,
		"",
		"",
	];
	return new Uint8Array(ArrayBuffer.fromString(lines.join("\r\n")));
}

/** Sec-WebSocket-Accept of a key. */
export function acceptOf(key: string): string {
	const digest = new Digest("SHA1");
	digest.write(ArrayBuffer.fromString(key + GUID));
	const bytes = new Uint8Array(digest.result());
	let text = "";
	// Six bits a sign (RFC 4648, 4); 20 bytes end in two bytes of three.
	for (let bit = 0; bit < LENGTH * 8; bit += 6) {
		const at = bit >> 3;
		const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
		text += SIGNS.charAt((pair >> (10 - (bit & 7))) & 0x3f);
	}
	return `${text}=`;
}
