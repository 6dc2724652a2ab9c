// A radio in surroundings that a test sets, on that test's clock. Not a test.

import type {
	AccessPointOptions,
	JoinOptions,
	VisibleNetwork,
	Wifi,
	WifiEvents,
} from "../../hardware/wireless.js";
import type { Timers } from "../../outputs/output.js";

export interface Place extends VisibleNetwork {
	readonly password: string;
	readonly hidden?: boolean;
	readonly mute?: boolean;
}

/** A radio whose surroundings the test sets; it answers in its own time, never from inside a method. */
export class FakeRadio implements Wifi {
	places: Place[] = [];
	accessPointOptions: AccessPointOptions | undefined;
	readonly joins: JoinOptions[] = [];
	scans = 0;
	joined: Place | undefined;
	address: string | undefined;
	accessPointAddress = "192.168.4.1";
	nameServerPort = 53;
	nameServers = [];
	#events: WifiEvents | undefined;

	constructor(private readonly time: Timers) {}

	listen(events: WifiEvents): void {
		this.#events = events;
	}

	scan(done: (networks: readonly VisibleNetwork[] | undefined) => void): void {
		this.scans++;
		const seen = this.places.map((place) => ({ ...place, ssid: place.hidden ? "" : place.ssid }));
		this.time.set(() => done(seen), 2000);
	}

	join(options: JoinOptions): void {
		this.joins.push(options);
		this.time.set(() => {
			const place = this.places.find(
				({ ssid, bssid }) => ssid === options.ssid && bssid === (options.bssid ?? bssid),
			);
			if (!place) return this.#events?.onLost(false);
			if (place.password !== options.password) return this.#events?.onLost(true);
			this.joined = place;
			this.#events?.onJoined();
			if (place.mute) return;
			this.time.set(() => {
				this.address = options.fixed?.address ?? "10.0.0.7";
				this.#events?.onAddress();
			}, 500);
		}, 1000);
	}

	/** The radio tells late that it has left, as ESP-IDF does. */
	leave(): void {
		if (!this.joined) return;
		this.drop();
	}

	drop(): void {
		this.joined = undefined;
		this.address = undefined;
		this.time.set(() => this.#events?.onLost(false), 20);
	}

	close(): void {
		this.leave();
		this.closeAccessPoint();
	}

	openAccessPoint(options: AccessPointOptions): void {
		this.accessPointOptions = options;
	}

	closeAccessPoint(): void {
		this.accessPointOptions = undefined;
	}

	get rssi(): number | undefined {
		const joined = this.joined;
		return joined && (this.places.find(({ bssid }) => bssid === joined.bssid)?.rssi ?? joined.rssi);
	}

	get channel(): number | undefined {
		return this.joined?.channel;
	}

	get bssid(): string | undefined {
		return this.joined?.bssid;
	}
}
