// The radio over the SDK's `wifi` (joining, scanning, access point) and a little C (host name, fixed address, which
// `wifi` lacks). Source: $MODDABLE/modules/network/wifi/esp32/xs6wifi.c.
// What it cannot do: DHCP options of the access point (RFC 8910's 114), name servers beside a fixed address, and a
// disconnect reason finer than "password".

import config from "mc/config";
import Net from "net";
import { configureStation } from "station-native";
import WiFi from "wifi-radio";
import { timers } from "./clock.js";
import type { VisibleNetwork, Wifi, WifiEvents } from "./wireless.js";

const STATION = 1;
/** Most entries kept of one scan: a block of flats shows a hundred. */
const MOST_VISIBLE = 32;
const BSSID_BYTES = 6;
const NAME_SERVER_PORT = 53;
/** ESP-IDF's default (esp_netif_defaults.h); asked for below all the same. */
const USUAL_ADDRESS = "192.168.4.1";
/** What the SDK gives as the reason when the handshake with the password failed. */
const PASSWORD_REFUSED = -1;

interface Found {
	readonly ssid: string;
	readonly bssid?: ArrayBuffer;
	readonly rssi: number;
	readonly channel?: number;
	readonly authentication?: string;
}

/** The SDK's class as its code is; simulations add where they are reached. */
interface SdkWifi {
	new (options: undefined, notify: (message: string, reason?: number) => void): { close(): void };
	mode: number;
	scan(options: { readonly hidden?: boolean }, found: (network: Found | null | undefined) => void): void;
	connect(options?: {
		readonly ssid: string;
		readonly password?: string;
		readonly bssid?: ArrayBuffer;
	}): void;
	accessPoint(options: { ssid: string; password: string; station: boolean; max: number }): void;
	readonly simulation?: {
		readonly present: boolean;
		readonly address: string;
		readonly nameServerPort: number;
	};
}

const Sdk = WiFi as unknown as SdkWifi;

/** The radio; `undefined` on computers and on boards with a cable, whose network is simply there. */
export function openWifi(): Wifi | undefined {
	if (Sdk.simulation?.present === false) return undefined;
	const { wifi } = config as { readonly wifi?: boolean };
	return wifi === false ? undefined : new Radio();
}

class Radio implements Wifi {
	#monitor: { close(): void } | undefined;
	#scanning = false;

	listen(events: WifiEvents): void {
		Sdk.mode = STATION;
		this.#monitor = new Sdk(undefined, (message, reason) => {
			switch (message) {
				case "connect":
					return events.onJoined();
				case "gotIP":
					return events.onAddress();
				case "disconnect":
					return events.onLost(reason === PASSWORD_REFUSED);
			}
		});
	}

	scan(done: (networks: readonly VisibleNetwork[] | undefined) => void): void {
		const networks: VisibleNetwork[] = [];
		if (this.#scanning) {
			timers.set(() => done(undefined), 0);
			return;
		}
		this.#scanning = true;
		try {
			Sdk.scan({ hidden: true }, (found) => {
				if (found) {
					if (networks.length < MOST_VISIBLE) networks.push(visible(found));
					return;
				}
				this.#scanning = false;
				done(networks);
			});
		} catch {
			// The radio is busy joining.
			this.#scanning = false;
			timers.set(() => done(undefined), 0);
		}
	}

	join({ ssid, password, bssid, hostName, fixed }: Parameters<Wifi["join"]>[0]): void {
		configureStation(hostName, fixed?.address, fixed?.netmask, fixed?.gateway);
		Sdk.connect({
			ssid,
			...(password === "" ? undefined : { password }),
			...(bssid === undefined ? undefined : { bssid: bssidBytes(bssid) }),
		});
	}

	leave(): void {
		Sdk.connect();
	}

	openAccessPoint({ ssid, password }: Parameters<Wifi["openAccessPoint"]>[0]): void {
		Sdk.accessPoint({ ssid, password, station: true, max: 4 });
	}

	closeAccessPoint(): void {
		Sdk.mode = STATION;
	}

	close(): void {
		this.#monitor?.close();
		this.#monitor = undefined;
		Sdk.connect();
		Sdk.mode = STATION;
	}

	get address(): string | undefined {
		return netFact("IP", "station");
	}

	get rssi(): number | undefined {
		return netFact("RSSI");
	}

	get channel(): number | undefined {
		return netFact("CHANNEL");
	}

	get bssid(): string | undefined {
		return netFact<string>("BSSID")?.split(":").join("").toLowerCase();
	}

	get accessPointAddress(): string {
		return Sdk.simulation?.address ?? netFact("IP", "ap") ?? USUAL_ADDRESS;
	}

	get nameServers(): readonly string[] {
		if (Sdk.simulation) return [];
		return (Net.get("DNS") as unknown as string[] | undefined) ?? [];
	}

	get nameServerPort(): number {
		return Sdk.simulation?.nameServerPort ?? NAME_SERVER_PORT;
	}
}

function netFact<T extends string | number>(what: string, where?: string): T | undefined {
	const get = (Sdk as unknown as { netFact?: (what: string) => unknown }).netFact;
	if (get) return get(what) as T | undefined;
	const { get: real } = Net as unknown as { get(what: string, where?: string): unknown };
	return (where === undefined ? real(what) : real(what, where)) as T | undefined;
}

function visible({ ssid, bssid, rssi, channel = 0, authentication }: Found): VisibleNetwork {
	return { ssid, bssid: hex(bssid), rssi, channel, open: authentication === "none" };
}

function hex(bytes: ArrayBuffer | undefined): string {
	let text = "";
	for (const byte of new Uint8Array(bytes ?? new ArrayBuffer(0)))
		text += (byte < 0x10 ? "0" : "") + byte.toString(16);
	return text;
}

function bssidBytes(text: string): ArrayBuffer {
	const bytes = new Uint8Array(BSSID_BYTES);
	for (let at = 0; at < BSSID_BYTES; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
	return bytes.buffer;
}
