// The first set-up, and a later one through the access point: what the page may ask for, one step after the other, and
// what has become of it. Knows no HTTP: routes.ts does. Everything that takes time is begun here and asked for later.

import type { VisibleNetwork } from "../../hardware/wireless.js";
import { insertInOrder } from "../../readings/insert.js";
import { changeSettings, type SettingRule } from "../../settings/changes.js";
import { isAddress, NETWORK } from "../../settings/network.js";
import type { SettingProblem, SettingSection, Settings } from "../../settings/schema.js";
import type { KnownNetwork, NetworkReport, TrialResult } from "../network-link.js";
import type { BrokerTest } from "./broker-test.js";
import type { MeterSearch } from "./meter-search.js";

/** What the set-up needs of the network link. */
export interface SetUpNetwork {
	readonly report: NetworkReport;
	readonly isOnline: boolean;
	readonly isAccessPointOpen: boolean;
	hold(held: boolean): void;
	scan(done: (networks: readonly VisibleNetwork[] | undefined) => void): void;
	try(network: KnownNetwork, done: (result: TrialResult) => void): void;
}

export interface SetUpOptions {
	readonly gatewayId: string;
	readonly sections: readonly SettingSection[];
	readonly rules: readonly SettingRule[];
	readonly network: SetUpNetwork;
	/** There is a radio. */
	readonly isWireless: boolean;
	readonly search: MeterSearch;
	readonly broker: BrokerTest;
	log(line: string): void;
	readonly owner: SetUpOwner;
}

export interface SetUpOwner {
	settings(): Settings;
	/** Keeps them; throws where the storage is full. */
	save(settings: Settings): void;
	/** The network that settings mean. */
	knownNetwork(settings: Settings): KnownNetwork;
	readonly hasPassword: boolean;
	/** Restarts soon: after the answer has left. */
	restart(reason: string): void;
}

/** A network as the page shows it: one entry for each name. */
export interface ShownNetwork {
	readonly ssid: string;
	readonly rssi: number;
	/** 0 to 4. */
	readonly bars: number;
	readonly open: boolean;
	readonly channel: number;
}

export interface ScanReport {
	readonly state: "idle" | "running" | "done";
	readonly networks: readonly ShownNetwork[];
}

export interface JoinReport {
	readonly state: "idle" | "running" | "done";
	readonly ssid: string | null;
	readonly verdict: TrialResult["verdict"] | null;
	/** For the person, where the verdict does not say it all: the page has words for each. */
	readonly text: string;
	readonly address: string | null;
}

/** Refused, and why: `status` is HTTP's. */
export interface Refusal {
	readonly status: 409 | 422 | 507;
	readonly detail: string;
	readonly problems?: readonly SettingProblem[];
}

const MQTT = "mqtt";
const MOST_SHOWN = 24;
/** dBm from which a signal has 4, 3, 2 bars, or one. */
const BARS: readonly number[] = Object.freeze([-55, -65, -75, -85]);

/** Made anew, not a constant: on XS, JSON.stringify fails on objects that were preloaded into flash. */
function noJoin(): JoinReport {
	return { state: "idle", ssid: null, verdict: null, text: "", address: null };
}

export class SetUp {
	readonly #options: SetUpOptions;
	#scan: ScanReport = { state: "idle", networks: [] };
	#join: JoinReport = noJoin();
	#finished = false;

	constructor(options: SetUpOptions) {
		this.#options = options;
		if (this.isNeeded) options.network.hold(true);
	}

	/** Somebody is at the set-up: what the meter sends is kept from now on, to try a key on. */
	attend(): void {
		if (!this.#finished) this.#options.search.capture.enable(true);
	}

	/** No password yet, or no network: the gateway has not been set up. */
	get isNeeded(): boolean {
		return !this.#options.owner.hasPassword || !this.#hasNetwork;
	}

	/** Who may not yet do anything learns this much. */
	get summary(): object {
		const { gatewayId, network, owner, isWireless } = this.#options;
		return {
			gateway: gatewayId,
			needed: this.isNeeded,
			finished: this.#finished,
			password: owner.hasPassword,
			wireless: isWireless,
			accessPoint: network.isAccessPointOpen,
		};
	}

	/** The whole of it, without a secret. */
	get state(): object {
		const { network, search, broker } = this.#options;
		const { state, reason, ssid, address, rssi, channel } = network.report;
		return {
			...this.summary,
			network: { state, reason, ssid, address, rssi, channel, online: network.isOnline },
			join: this.#join,
			scan: { state: this.#scan.state, count: this.#scan.networks.length },
			meter: search.report,
			mqtt: broker.report,
		};
	}

	get scanReport(): ScanReport {
		return this.#scan;
	}

	get joinReport(): JoinReport {
		return this.#join;
	}

	/** Looks for networks; the list of before stays until there is a new one. */
	scan(): Refusal | undefined {
		if (!this.#options.isWireless) return { status: 409, detail: "This gateway has no Wi-Fi." };
		if (this.#scan.state === "running") return undefined;
		const { networks } = this.#scan;
		this.#scan = { state: "running", networks };
		this.#options.network.scan((found) => {
			this.#scan = { state: "done", networks: found ? shown(found) : networks };
		});
		return undefined;
	}

	/** Joins with a part of the section `network`; what works is kept at once. */
	connect(given: Readonly<Record<string, unknown>>): Refusal | undefined {
		const { sections, rules, network, owner, isWireless } = this.#options;
		if (!isWireless) return { status: 409, detail: "This gateway has no Wi-Fi." };
		if (this.#join.state === "running") return { status: 409, detail: "An attempt is still running." };
		const before = owner.settings();
		// Another network's password is none of this one's.
		const other = given.ssid !== undefined && given.ssid !== before[NETWORK]?.ssid;
		const patch = { [NETWORK]: other ? { password: "", ...given } : given };
		const change = changeSettings(sections, before, patch, rules);
		if (change.problems) return refused(change.problems);
		const { ssid } = change.settings[NETWORK] ?? {};
		if (!ssid) return refused([{ setting: `${NETWORK}.ssid`, problem: "is needed" }]);
		this.#join = { ...noJoin(), state: "running", ssid: `${ssid}` };
		network.hold(true);
		network.try(owner.knownNetwork(change.settings), (result) =>
			this.#joined(`${ssid}`, change.settings, result),
		);
		return undefined;
	}

	/** Tries the broker of the kept settings with these of the section `mqtt` on top; nothing is kept. */
	tryBroker(given: Readonly<Record<string, unknown>>): Refusal | undefined {
		const { sections, rules, owner, broker } = this.#options;
		const change = changeSettings(sections, owner.settings(), { [MQTT]: given }, rules);
		if (change.problems) return refused(change.problems);
		const wanted = change.settings[MQTT] ?? {};
		if (!wanted.host) return refused([{ setting: `${MQTT}.host`, problem: "is needed" }]);
		broker.start(wanted);
		return undefined;
	}

	/** Takes what was chosen, all of it or none, and starts the gateway with it. */
	finish(patch: unknown): Refusal | undefined {
		const { sections, rules, owner, log, search } = this.#options;
		if (!owner.hasPassword) return { status: 409, detail: "Set the admin password first." };
		const change = changeSettings(sections, owner.settings(), patch, rules);
		if (change.problems) return refused(change.problems);
		if (this.#options.isWireless && !change.settings[NETWORK]?.ssid)
			return { status: 409, detail: "Join a network first." };
		try {
			owner.save(change.settings);
		} catch {
			return { status: 507, detail: "The settings could not be kept: the storage is full or broken." };
		}
		this.#finished = true;
		search.stop();
		search.capture.enable(false);
		this.#options.network.hold(false);
		log("set-up: finished");
		owner.restart("settings changed");
		return undefined;
	}

	get #hasNetwork(): boolean {
		return !this.#options.isWireless || `${this.#options.owner.settings()[NETWORK]?.ssid ?? ""}` !== "";
	}

	#joined(ssid: string, tried: Settings, result: TrialResult): void {
		const { owner, log, network } = this.#options;
		const address = result.verdict === "joined" && isAddress(result.address) ? result.address : null;
		let text = "";
		if (result.verdict === "joined") {
			try {
				owner.save({ ...owner.settings(), [NETWORK]: tried[NETWORK] ?? {} });
			} catch {
				text = "Joined, but the settings could not be kept: the storage is full or broken.";
			}
			log("set-up: a network was joined");
		}
		this.#join = { state: "done", ssid, verdict: result.verdict, text, address };
		if (!this.isNeeded) network.hold(false);
	}
}

function refused(problems: readonly SettingProblem[]): Refusal {
	return { status: 422, detail: "Some values cannot be used.", problems };
}

/** The strongest transmitter of each name, strongest first; hidden names are left out. */
function shown(found: readonly VisibleNetwork[]): ShownNetwork[] {
	const networks: ShownNetwork[] = [];
	const ordered: VisibleNetwork[] = [];
	for (const each of found) insertInOrder(ordered, each, (one, other) => one.rssi > other.rssi);
	for (const { ssid, rssi, open, channel } of ordered) {
		if (ssid === "" || networks.some((known) => known.ssid === ssid)) continue;
		networks.push({ ssid, rssi, bars: BARS.filter((limit) => rssi >= limit).length, open, channel });
		if (networks.length >= MOST_SHOWN) break;
	}
	return networks;
}
