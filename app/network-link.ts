// The gateway's own network: joins the known Wi-Fi and joins it again, opens the access point where there is none or
// where it has been gone for five minutes, and roams to the better of equal names. Wired devices are simply online.
// Knows no page and no setting's name; the meter is read whatever happens here.

import type { FixedAddress, VisibleNetwork, Wifi } from "../hardware/wireless.js";
import type { Timers } from "../outputs/output.js";
import { Backoff } from "../outputs/shared/backoff.js";
import type { AccessPointName } from "./access-point.js";

/** The network to join. An empty name: none yet. */
export interface KnownNetwork {
	readonly ssid: string;
	readonly password: string;
	/** It does not tell its name: joined without looking for it first. */
	readonly hidden: boolean;
	readonly hostName: string;
	/** Absent: DHCP. */
	readonly fixed?: FixedAddress;
}

/** Why joining failed. */
export type JoinFailure = "not-found" | "wrong-password" | "refused" | "no-address" | "unusable";

/**
 * `wired`: the network is there without Wi-Fi. `unset`: no network is known. `searching`, `joining`: under way.
 * `online`: joined, with an address. `waiting`: until the next attempt.
 */
export type NetworkState = "wired" | "unset" | "searching" | "joining" | "online" | "waiting";

/** What health tells; times in monotonic milliseconds. */
export interface NetworkReport {
	readonly state: NetworkState;
	readonly since: number;
	readonly reason: JoinFailure | null;
	readonly ssid: string | null;
	readonly address: string | null;
	readonly rssi: number | null;
	readonly channel: number | null;
	readonly accessPoint: boolean;
	/** Times that it came online, lost the network, changed the transmitter; attempts that failed. */
	readonly joins: number;
	readonly losses: number;
	readonly roams: number;
	readonly failures: number;
}

/** What a trial of new credentials came to. */
export type TrialResult =
	| { readonly verdict: "joined"; readonly address: string }
	| { readonly verdict: JoinFailure };

export interface NetworkLinkOptions {
	/** Absent on computers and boards with a cable. */
	readonly wifi: Wifi | undefined;
	readonly network: KnownNetwork;
	readonly accessPoint: AccessPointName;
	readonly timers: Timers;
	now(): number;
	random(): number;
	log(line: string): void;
	/** For the serial console only: the line holds the access point's password. */
	printSecret(line: string): void;
	readonly owner: NetworkLinkOwner;
}

export interface NetworkLinkOwner {
	onOnline(): void;
	onOffline(): void;
	onAccessPoint(open: boolean): void;
}

/** A network that is gone for so long opens the access point. */
const GONE_MS = 5 * 60_000;
/** The access point stays so long after the network is there: the phone is to see the result. */
const GRACE_MS = 60_000;
/** From asking to join until joined; ESP-IDF tries several times by itself. */
const JOIN_TIMEOUT_MS = 30_000;
/** From joined until DHCP has given an address. */
const ADDRESS_TIMEOUT_MS = 20_000;
const ROAM_INTERVAL_MS = 120_000;
/** dBm: a stronger signal is left alone. */
const ROAM_BELOW = -67;
/** dB by which another transmitter of the same name must be better. */
const ROAM_GAIN = 10;
/** Between leaving and joining: the radio's own "disconnected" comes meanwhile. */
const LEAVE_PAUSE_MS = 500;

export class NetworkLink {
	readonly #options: NetworkLinkOptions;
	readonly #backoff: Backoff;
	#network: KnownNetwork;
	#state: NetworkState = "waiting";
	#since: number;
	#reason: JoinFailure | null = null;
	#timer: unknown;
	#roamTimer: unknown;
	#goneTimer: unknown;
	#graceTimer: unknown;
	#accessPointOpen = false;
	#held = false;
	#printed = false;
	#trial: { readonly network: KnownNetwork; readonly done: (result: TrialResult) => void } | undefined;
	/** Numbers the attempts: a scan that ends later than its attempt says nothing. */
	#attempt = 0;
	#joins = 0;
	#losses = 0;
	#roams = 0;
	#failures = 0;
	#closed = false;

	constructor(options: NetworkLinkOptions) {
		this.#options = options;
		this.#network = options.network;
		this.#backoff = new Backoff(options);
		this.#since = options.now();
		if (!options.wifi) {
			this.#enter("wired");
			this.#timer = options.timers.set(() => options.owner.onOnline(), 0);
			return;
		}
		options.wifi.listen({
			onJoined: () => this.#joined(),
			onAddress: () => this.#online(),
			onLost: (refused) => this.#lost(refused),
		});
		// Not from inside the constructor: the first attempt may already call back.
		this.#timer = options.timers.set(() => this.#begin(), 0);
	}

	get report(): NetworkReport {
		const { wifi } = this.#options;
		const online = this.#state === "online";
		return {
			state: this.#state,
			since: this.#since,
			reason: this.#reason,
			ssid: wifi && this.#network.ssid !== "" ? this.#network.ssid : null,
			address: (online ? wifi?.address : undefined) ?? null,
			rssi: (online ? wifi?.rssi : undefined) ?? null,
			channel: (online ? wifi?.channel : undefined) ?? null,
			accessPoint: this.#accessPointOpen,
			joins: this.#joins,
			losses: this.#losses,
			roams: this.#roams,
			failures: this.#failures,
		};
	}

	get isOnline(): boolean {
		return this.#state === "online" || this.#state === "wired";
	}

	get isAccessPointOpen(): boolean {
		return this.#accessPointOpen;
	}

	/** Keeps the access point open (a set-up is under way), or lets it close after its time of grace. */
	hold(held: boolean): void {
		this.#held = held;
		if (!held && this.isOnline) this.#closeSoon();
		else this.#options.timers.clear(this.#graceTimer);
	}

	/** What is within reach; `undefined` where the radio is busy or there is none. */
	scan(done: (networks: readonly VisibleNetwork[] | undefined) => void): void {
		const { wifi, timers } = this.#options;
		if (!wifi || this.#state === "searching" || this.#state === "joining")
			timers.set(() => done(undefined), 0);
		else wifi.scan(done);
	}

	/** Joins another network, at once, and goes back to the known one where that fails. `done` is called once. */
	try(network: KnownNetwork, done: (result: TrialResult) => void): void {
		const { wifi, timers } = this.#options;
		if (!wifi || this.#trial || this.#closed) {
			timers.set(() => done({ verdict: "unusable" }), 0);
			return;
		}
		this.#trial = { network, done };
		this.#restart();
	}

	close(): void {
		this.#closed = true;
		const { timers, wifi } = this.#options;
		for (const timer of [this.#timer, this.#roamTimer, this.#goneTimer, this.#graceTimer])
			timers.clear(timer);
		wifi?.close();
	}

	#begin(): void {
		if (this.#network.ssid === "") {
			this.#enter("unset");
			this.#openAccessPoint();
			return;
		}
		this.#watchGone();
		this.#search();
	}

	/** Leaves what is joined and begins anew, with the trial's network where there is one. */
	#restart(): void {
		const wasOnline = this.#state === "online";
		this.#options.timers.clear(this.#roamTimer);
		this.#options.wifi?.leave();
		this.#backoff.reset();
		this.#enter("waiting");
		if (wasOnline) this.#options.owner.onOffline();
		this.#after(LEAVE_PAUSE_MS, () => (this.#trial ? this.#search() : this.#begin()));
	}

	/** The transmitter to join: the strongest of the name. A hidden name is asked for by joining. */
	#search(): void {
		const { wifi } = this.#options;
		const { ssid, hidden } = this.#target;
		const attempt = ++this.#attempt;
		if (hidden) return this.#join(undefined);
		this.#enter("searching");
		wifi?.scan((networks) => {
			if (this.#closed || attempt !== this.#attempt || this.#state !== "searching") return;
			if (!networks) return this.#after(LEAVE_PAUSE_MS, () => this.#search());
			const best = strongest(networks, ssid);
			if (best) this.#join(best);
			else this.#failed("not-found");
		});
	}

	#join(transmitter: VisibleNetwork | undefined): void {
		const { ssid, password, hostName, fixed } = this.#target;
		this.#enter("joining");
		this.#after(JOIN_TIMEOUT_MS, () => this.#failed(transmitter ? "refused" : "not-found"));
		try {
			this.#options.wifi?.join({
				ssid,
				password,
				hostName,
				...(transmitter ? { bssid: transmitter.bssid } : undefined),
				...(fixed ? { fixed } : undefined),
			});
		} catch {
			// A name or password that is too long, an address that is none: the radio's message may repeat it.
			this.#failed("unusable");
		}
	}

	get #target(): KnownNetwork {
		return this.#trial?.network ?? this.#network;
	}

	#joined(): void {
		if (this.#state === "joining") this.#after(ADDRESS_TIMEOUT_MS, () => this.#failed("no-address"));
	}

	#online(): void {
		if (this.#closed || this.#state !== "joining") return;
		const { timers, log, wifi, owner } = this.#options;
		timers.clear(this.#timer);
		timers.clear(this.#goneTimer);
		this.#goneTimer = undefined;
		this.#backoff.reset();
		this.#joins++;
		const trial = this.#trial;
		if (trial) this.#network = trial.network;
		this.#trial = undefined;
		this.#reason = null;
		this.#enter("online");
		const address = wifi?.address ?? "";
		log(`network: joined "${printable(this.#network.ssid)}" as ${address}, ${wifi?.rssi} dBm`);
		this.#roamTimer = timers.set(() => this.#considerRoaming(), ROAM_INTERVAL_MS);
		if (!this.#held) this.#closeSoon();
		owner.onOnline();
		trial?.done({ verdict: "joined", address });
	}

	#lost(refused: boolean): void {
		if (this.#closed) return;
		if (this.#state === "joining") {
			this.#failed(refused ? "wrong-password" : this.#target.hidden ? "not-found" : "refused");
			return;
		}
		if (this.#state !== "online") return;
		const { timers, log, owner } = this.#options;
		timers.clear(this.#roamTimer);
		timers.clear(this.#graceTimer);
		this.#losses++;
		log("network: lost");
		this.#enter("waiting");
		this.#watchGone();
		this.#after(this.#backoff.next(), () => this.#search());
		owner.onOffline();
	}

	#failed(reason: JoinFailure): void {
		if (this.#closed) return;
		const { wifi, log } = this.#options;
		wifi?.leave();
		this.#failures++;
		const trial = this.#trial;
		if (trial) {
			this.#trial = undefined;
			this.#restart();
			trial.done({ verdict: reason });
			return;
		}
		// Once, not at every attempt: health counts them.
		if (this.#reason !== reason) log(`network: "${printable(this.#network.ssid)}": ${reason}; trying on`);
		this.#reason = reason;
		this.#enter("waiting");
		this.#after(Math.max(LEAVE_PAUSE_MS, this.#backoff.next()), () => this.#search());
	}

	/** The access point opens when the network stays away. */
	#watchGone(): void {
		this.#goneTimer ??= this.#options.timers.set(() => {
			this.#goneTimer = undefined;
			this.#openAccessPoint();
		}, GONE_MS);
	}

	#considerRoaming(): void {
		const { wifi, timers } = this.#options;
		this.#roamTimer = timers.set(() => this.#considerRoaming(), ROAM_INTERVAL_MS);
		const { rssi, bssid } = wifi ?? {};
		if (this.#state !== "online" || rssi === undefined || rssi >= ROAM_BELOW || this.#network.hidden) return;
		wifi?.scan((networks) => {
			if (this.#closed || this.#state !== "online" || !networks) return;
			const best = strongest(networks, this.#network.ssid);
			const now = wifi.rssi;
			if (!best || best.bssid === bssid || now === undefined || best.rssi < now + ROAM_GAIN) return;
			this.#roams++;
			this.#options.log(`network: roaming from ${now} dBm to a transmitter with ${best.rssi} dBm`);
			timers.clear(this.#roamTimer);
			wifi.leave();
			this.#watchGone();
			this.#enter("waiting");
			this.#options.owner.onOffline();
			this.#after(LEAVE_PAUSE_MS, () => this.#join(best));
		});
	}

	#openAccessPoint(): void {
		if (this.#accessPointOpen || this.#closed) return;
		const { wifi, accessPoint, log, printSecret, owner } = this.#options;
		try {
			wifi?.openAccessPoint(accessPoint);
		} catch (error) {
			log(`network: the access point does not open: ${error}`);
			return;
		}
		this.#accessPointOpen = true;
		log(`network: access point ${accessPoint.ssid} is open`);
		if (!this.#printed)
			printSecret(`network: the password of ${accessPoint.ssid} is ${accessPoint.password}`);
		this.#printed = true;
		owner.onAccessPoint(true);
	}

	#closeSoon(): void {
		const { timers } = this.#options;
		timers.clear(this.#graceTimer);
		if (!this.#accessPointOpen) return;
		this.#graceTimer = timers.set(() => {
			if (this.#held || !this.isOnline) return;
			this.#options.wifi?.closeAccessPoint();
			this.#accessPointOpen = false;
			this.#options.log("network: access point is closed");
			this.#options.owner.onAccessPoint(false);
		}, GRACE_MS);
	}

	#enter(state: NetworkState): void {
		if (this.#state === state) return;
		this.#state = state;
		this.#since = this.#options.now();
	}

	#after(milliseconds: number, callback: () => void): void {
		const { timers } = this.#options;
		timers.clear(this.#timer);
		this.#timer = timers.set(() => {
			if (!this.#closed) callback();
		}, milliseconds);
	}
}

function strongest(networks: readonly VisibleNetwork[], ssid: string): VisibleNetwork | undefined {
	let best: VisibleNetwork | undefined;
	for (const network of networks)
		if (network.ssid === ssid && (!best || network.rssi > best.rssi)) best = network;
	return best;
}

/** A network's name is a stranger's text: what is no letter, digit or sign of ASCII is left out of the log. */
function printable(text: string): string {
	let result = "";
	for (const character of text) result += character >= " " && character <= "~" ? character : "?";
	return result;
}
