// Making the gateway known in its network by mDNS and DNS-SD (RFC 6762, 6763): `name.local` and its services. Over the
// SDK's `embedded:network/dnssd` on the ESP32, over an npm package on Node; XS on Linux has neither.
// Source: $MODDABLE/modules/io/dnssd/dnssd.js.

import UDP from "embedded:io/socket/udp";
import DNSSD from "embedded:network/dnssd";

export interface Service {
	/** `_http._tcp`. */
	readonly type: string;
	readonly port: number;
	/** `key=value`, each up to 255 bytes (RFC 6763, 6). */
	readonly txt: readonly string[];
}

export interface Announcement {
	close(): void;
}

export interface Discovery {
	/** Claims `host.local` and tells of its services; `onTaken`: somebody else has the name. Throws where it cannot. */
	announce(host: string, services: readonly Service[], onTaken: () => void): Announcement;
}

interface SdkDnssd {
	claim(options: { readonly host: string; onReady(): void; onError(): void }): object;
	advertise(options: {
		readonly serviceType: string;
		readonly host: string;
		readonly port: number;
		readonly txt: Uint8Array;
	}): object;
	close(): void;
}

type DnssdClass = new (options: { readonly socket: { readonly io: unknown } }) => SdkDnssd;

/** `undefined` where the platform has no multicast. */
export function openDiscovery(): Discovery | undefined {
	return DNSSD ? DISCOVERY : undefined;
}

function announce(host: string, services: readonly Service[], onTaken: () => void): Announcement {
	const Sdk = DNSSD as unknown as DnssdClass;
	const dnssd = new Sdk({ socket: { io: UDP } });
	dnssd.claim({
		host,
		onReady: () => {
			for (const { type, port, txt } of services)
				dnssd.advertise({ serviceType: type, host, port, txt: txtBytes(txt) });
		},
		onError: onTaken,
	});
	return dnssd;
}

const DISCOVERY: Discovery = Object.freeze({ announce });

/** The record's bytes: each text with its length before it. The SDK loses what it is given as a Map. */
function txtBytes(texts: readonly string[]): Uint8Array {
	const parts = texts.map((text) => new Uint8Array(ArrayBuffer.fromString(text)));
	let size = 0;
	for (const part of parts) size += 1 + part.length;
	const bytes = new Uint8Array(Math.max(1, size));
	let at = 0;
	for (const part of parts) {
		bytes[at] = part.length;
		bytes.set(part, at + 1);
		at += 1 + part.length;
	}
	return bytes;
}
