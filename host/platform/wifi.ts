// `wifi-radio`: the SDK's `wifi` and its ECMA-419 class, simulated, for Node and for XS on Linux: the same file for both, so it uses
// nothing of Node. Networks come from `wifi.json` in the state folder, read again and again: whoever writes that file
// (a test, `npm run portal`) moves networks in and out of reach. Without it there is no radio.

import root from "embedded:storage/files";
import Timer from "timer";

const FILE = "wifi.json";
const WATCH_MS = 250;
const SCAN_MS = 300;
const JOIN_MS = 200;
const ADDRESS_MS = 150;
/** Weaker than this a receiver hears nothing. */
const LEAST_RSSI = -95;
const REFUSED = -1;
const STATION = 1;
const ACCESS_POINT = 2;

export interface SimulatedNetwork {
	readonly ssid: string;
	/** Absent or empty: an open network. */
	readonly password?: string;
	/** 12 hexadecimal digits. */
	readonly bssid?: string;
	/** dBm; below -95: out of reach. */
	readonly rssi: number;
	readonly channel?: number;
	readonly hidden?: boolean;
	/** What its DHCP server gives; empty: it has none. 127.0.0.1 where absent. */
	readonly address?: string;
}

export interface SimulatedWifi {
	readonly networks: readonly SimulatedNetwork[];
	/** Where the access point's phones find the gateway. */
	readonly accessPoint?: { readonly address?: string; readonly nameServerPort?: number };
}

interface Folder {
	status(path: string): { readonly size: number; isFile(): boolean };
	openFile(options: { path: string; mode: string }): {
		read(count: number, position: number): ArrayBuffer;
		close(): void;
	};
}

interface JoinOptions {
	readonly ssid: string;
	readonly password?: string;
	readonly bssid?: ArrayBuffer;
}

type Notify = (message: string, reason?: number) => void;

/** What the radio is doing. */
const state: {
	mode: number;
	notify: Notify | undefined;
	joined: SimulatedNetwork | undefined;
	address: string | undefined;
	fixed: string | undefined;
	scanning: boolean;
	attempt: Timer | undefined;
	watch: Timer | undefined;
} = {
	mode: 0,
	notify: undefined,
	joined: undefined,
	address: undefined,
	fixed: undefined,
	scanning: false,
	attempt: undefined,
	watch: undefined,
};

export default class WiFi {
	constructor(_options: undefined, notify: Notify) {
		state.notify = notify;
		state.watch ??= Timer.repeat(watch, WATCH_MS);
	}

	close(): void {
		state.notify = undefined;
		Timer.clear(state.watch);
		state.watch = undefined;
	}

	static get simulation(): { present: boolean; address: string; nameServerPort: number } {
		const surroundings = readFile();
		return {
			present: surroundings !== undefined,
			address: surroundings?.accessPoint?.address ?? "127.0.0.1",
			nameServerPort: surroundings?.accessPoint?.nameServerPort ?? 53,
		};
	}

	static get mode(): number {
		return state.mode;
	}

	static set mode(mode: number) {
		state.mode = mode;
	}

	static scan(_options: object, found: (network?: object) => void): void {
		if (state.scanning || state.attempt) throw new Error("the radio is busy");
		state.scanning = true;
		Timer.set(() => {
			state.scanning = false;
			for (const { ssid, bssid, rssi, channel = 1, password = "", hidden = false } of visible()) {
				found({
					ssid: hidden ? "" : ssid,
					rssi,
					channel,
					hidden,
					bssid: bssidBytes(bssid),
					authentication: password === "" ? "none" : "wpa2_psk",
				});
			}
			found();
		}, SCAN_MS);
	}

	static connect(options?: JoinOptions): void {
		Timer.clear(state.attempt);
		state.attempt = undefined;
		const left = state.joined !== undefined;
		state.joined = undefined;
		state.address = undefined;
		if (!options) {
			if (left) Timer.set(() => state.notify?.("disconnect", 0), 0);
			return;
		}
		state.attempt = Timer.set(() => attempt(options), JOIN_MS);
	}

	static accessPoint({ ssid, password = "" }: { readonly ssid: string; readonly password?: string }): void {
		if (ssid.length > 32) throw new Error("ssid too long - 32 bytes max");
		if (password.length < 8) throw new Error("password too short - 8 bytes min");
		state.mode = STATION | ACCESS_POINT;
	}

	/** What the SDK's `net` tells of a real radio. */
	static netFact(what: string): string | number | undefined {
		const { joined } = state;
		switch (what) {
			case "IP":
				return state.address;
			case "RSSI":
				return joined?.rssi;
			case "CHANNEL":
				return joined && (joined.channel ?? 1);
			case "BSSID":
				return joined?.bssid;
			default:
				return undefined;
		}
	}
}

/** The station's name is not simulated. */
export function configureStation(_hostName: string, address?: string): void {
	state.fixed = address;
}

function attempt(options: JoinOptions): void {
	state.attempt = undefined;
	const wanted = options.bssid === undefined ? undefined : hex(options.bssid);
	let best: SimulatedNetwork | undefined;
	for (const network of visible()) {
		const { ssid, bssid = "", rssi } = network;
		if (ssid !== options.ssid || (wanted !== undefined && bssid !== wanted)) continue;
		if (!best || rssi > best.rssi) best = network;
	}
	if (!best) return state.notify?.("disconnect", 0);
	if ((best.password ?? "") !== (options.password ?? "")) return state.notify?.("disconnect", REFUSED);
	state.joined = best;
	state.notify?.("connect");
	const given = state.fixed ?? best.address ?? "127.0.0.1";
	if (given === "") return;
	const { bssid } = best;
	Timer.set(() => {
		if (state.joined?.bssid !== bssid || state.address !== undefined) return;
		state.address = given;
		state.notify?.("gotIP");
	}, ADDRESS_MS);
}

/** A joined network may go out of reach, or change its strength. */
function watch(): void {
	const { joined } = state;
	if (!joined) return;
	const now = visible().find(
		({ ssid, bssid, password }) =>
			ssid === joined.ssid && bssid === joined.bssid && password === joined.password,
	);
	if (now) {
		state.joined = now;
		return;
	}
	state.joined = undefined;
	state.address = undefined;
	state.notify?.("disconnect", 0);
}

function visible(): SimulatedNetwork[] {
	return (readFile()?.networks ?? []).filter(({ rssi }) => rssi >= LEAST_RSSI);
}

function readFile(): SimulatedWifi | undefined {
	const folder = root as unknown as Folder;
	let file: ReturnType<Folder["openFile"]> | undefined;
	try {
		const status = folder.status(FILE);
		if (!status.isFile()) return undefined;
		file = folder.openFile({ path: FILE, mode: "r" });
		return JSON.parse(String.fromArrayBuffer(file.read(status.size, 0)));
	} catch {
		// Not there, or half written: the next look finds it whole.
		return undefined;
	} finally {
		file?.close();
	}
}

function hex(buffer: ArrayBuffer): string {
	let text = "";
	for (const byte of new Uint8Array(buffer)) text += (byte < 0x10 ? "0" : "") + byte.toString(16);
	return text;
}

function bssidBytes(text = "000000000000"): ArrayBuffer {
	const bytes = new Uint8Array(6);
	for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
	return bytes.buffer;
}
