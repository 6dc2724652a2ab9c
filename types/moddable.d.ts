// The SDK's modules for the project's own type checks: npm's typings where they have them, and what they lack.
// mcconfig does not see this file: it brings the SDK's newer typings of the same names.

/// <reference path="../node_modules/@moddable/typings/timer.d.ts" />
/// <reference path="../node_modules/@moddable/typings/time.d.ts" />
/// <reference path="../node_modules/@moddable/typings/crc.d.ts" />
/// <reference path="../node_modules/@moddable/typings/net.d.ts" />
/// <reference path="../node_modules/@moddable/typings/Resource.d.ts" />
/// <reference path="../node_modules/@moddable/typings/mc/config.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/_common.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/digital.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/serial.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/tcp.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/listener.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/udp.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_network/mqtt/client.d.ts" />

declare module "wifi" {
	const WiFi: unknown;
	export default WiFi;
}

declare module "wifi-radio" {
	export default class WiFi {
		constructor(options: undefined, notify: (message: string, reason?: number) => void);
		static mode: number;
	}
	/** Of the simulation only. */
	export function configureStation(hostName: string, address?: string): void;
}

declare module "station-native" {
	export function configureStation(
		hostName: string,
		address?: string,
		netmask?: string,
		gateway?: string,
	): void;
}

declare module "embedded:network/dnssd" {
	const DNSSD: unknown;
	export default DNSSD;
}

declare module "embedded:network/http/server" {
	export default class HTTPServer {
		constructor(options: { readonly io: unknown; readonly port?: number });
		readonly port: number;
		close(): void;
	}
}

declare module "embedded:storage/files" {
	interface Directory {
		openFile(options: { readonly path: string; readonly mode?: "r" | "r+" | "w" | "w+" }): object;
		status(path: string): object;
		move(from: string, to: string): void;
		delete(path: string): boolean;
	}
	const root: Directory;
	export default root;
}

declare module "ethernet" {
	export default class Ethernet {
		/** Brings the interface up, with DHCP; throws where there is no such hardware. */
		static start(): void;
	}
}
