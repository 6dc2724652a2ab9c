// The gateway in the house's network, put together: the link (Wi-Fi or cable), the captive portal and the set-up, the
// clock, and the names by which the gateway is found. app.ts knows this one object.

import type { Device } from "../hardware/device.js";
import type { Announcement, Service } from "../hardware/discovery.js";
import type { Line, LineOptions } from "../hardware/line.js";
import { isLoopback } from "../outputs/http/host.js";
import type { HttpRequest } from "../outputs/network.js";
import type { Answer, RequestClient } from "../outputs/route.js";
import { PROTOCOLS } from "../protocols/registry.js";
import { hostNameOf, isAddress, NETWORK, networkRule } from "../settings/network.js";
import type { SettingSection, Settings } from "../settings/schema.js";
import { accessPoint } from "./access-point.js";
import { type KnownNetwork, NetworkLink, type NetworkLinkOwner, type NetworkReport } from "./network-link.js";
import { BrokerTest } from "./portal/broker-test.js";
import { type CaptiveOwner, CaptivePortal } from "./portal/captive.js";
import { MeterSearch, type MeterSearchOwner } from "./portal/meter-search.js";
import { type PortalResponder, portalResponder } from "./portal/routes.js";
import { SetUp, type SetUpOwner } from "./portal/set-up.js";
import { TimeSync, type TimeSyncOwner } from "./time-sync.js";
import { VERSION } from "./version.js";

export interface HouseNetworkOptions {
	readonly device: Device;
	readonly sections: readonly SettingSection[];
	/** The UART can invert its receive line. */
	readonly canInvert: boolean;
	readonly owner: HouseNetworkOwner;
}

/** Who has the settings, the line and the password. */
export interface HouseNetworkOwner extends MeterSearchOwner {
	/** The settings as they are kept now. */
	settings(): Settings;
	/** Keeps them; throws where the storage is full. */
	save(settings: Settings): void;
	readonly hasPassword: boolean;
	/** Starts the gateway again, after answers have left. */
	restart(reason: string): void;
}

const HTTP_PORT = 80;
const POOL = "pool.ntp.org";
const FALLBACK_ADDRESS = "127.0.0.1";
/** So often another name is tried where somebody has ours: `meterling-2`, `meterling-3`. */
const MOST_NAMES = 5;

export class HouseNetwork implements CaptiveOwner, NetworkLinkOwner, SetUpOwner, TimeSyncOwner {
	readonly #options: HouseNetworkOptions;
	readonly #link: NetworkLink;
	readonly #captive: CaptivePortal;
	readonly #search: MeterSearch;
	readonly #broker: BrokerTest;
	readonly #setUp: SetUp;
	readonly #time: TimeSync | undefined;
	#announcement: Announcement | undefined;
	/** Of outputs, besides the web server's. */
	readonly #services: Service[] = [];
	#announcing: unknown;
	#name: string;
	#names = 1;
	#closed = false;

	constructor(options: HouseNetworkOptions) {
		const { device, sections, owner } = options;
		const { timers, wifi, now, log } = device;
		const settings = owner.settings();
		this.#options = options;
		this.#name = hostNameOf(settings, device.id);
		this.#captive = new CaptivePortal({
			network: device.network,
			nameServerPort: wifi?.nameServerPort ?? 0,
			address: wifi?.accessPointAddress ?? FALLBACK_ADDRESS,
			log,
			owner: this,
		});
		this.#search = new MeterSearch({
			port: `${settings.meter?.port ?? ""}`,
			protocols: PROTOCOLS,
			configured: `${settings.meter?.protocol ?? ""}`,
			checksums: device.checksums,
			cipher: device.cipher,
			canInvert: options.canInvert,
			timers,
			now,
			owner,
		});
		this.#broker = new BrokerTest({ network: device.network, timers, clientId: `${device.id}-test` });
		this.#time = device.setTime
			? new TimeSync({
					...{ network: device.network, timers, now, randomBytes: device.randomBytes, log },
					setTime: device.setTime,
					owner: this,
				})
			: undefined;
		this.#link = new NetworkLink({
			wifi,
			network: this.knownNetwork(settings),
			accessPoint: accessPoint(device.id, device.files, device.digests, device.randomBytes),
			timers,
			now,
			random: device.random,
			log,
			printSecret: device.printSecret,
			owner: this,
		});
		this.#setUp = new SetUp({
			...{ gatewayId: device.id, sections, rules: [networkRule], log },
			network: this.#link,
			isWireless: wifi !== undefined,
			search: this.#search,
			broker: this.#broker,
			owner: this,
		});
	}

	settings(): Settings {
		return this.#options.owner.settings();
	}

	save(settings: Settings): void {
		this.#options.owner.save(settings);
	}

	get hasPassword(): boolean {
		return this.#options.owner.hasPassword;
	}

	restart(reason: string): void {
		this.#options.owner.restart(reason);
	}

	get httpPort(): number {
		return Number(this.settings().http?.port ?? HTTP_PORT);
	}

	get stationAddress(): string | null {
		return this.#link.report.address;
	}

	/** Has the set-up's addresses; asked for once. */
	get responder(): PortalResponder {
		return portalResponder(this.#setUp, this.#search, this.#broker);
	}

	/** Opens the meter's line; while a set-up is under way its last bytes are kept for trying a key. */
	openLine(options: LineOptions): Line {
		return this.#search.capture.open(this.#options.owner, options);
	}

	/** Names in `Host` that mean this gateway, in lower case. */
	hostNames(): readonly string[] {
		const { device } = this.#options;
		const names: string[] = [];
		for (const name of [hostNameOf(this.settings(), device.id), this.#name, device.id]) {
			if (!names.includes(name)) names.push(name, `${name}.local`);
		}
		return names;
	}

	/** What a client of that address may do before there is a password. */
	setupRight(client: RequestClient): "portal" | "password" | "no" {
		if (this.#captive.isFromAccessPoint(client)) return "portal";
		return isLoopback(client.address) && !client.forwarded ? "password" : "no";
	}

	/** The captive portal's answer to requests that were meant for somebody else. */
	intercept(request: HttpRequest, client: RequestClient): Answer | undefined {
		return this.#captive.intercept(request, client);
	}

	/** Tells of a service, too, until the returned function is called; nothing where there is no multicast. */
	announce(service: Service): () => void {
		this.#services.push(service);
		this.#announceSoon();
		return () => {
			const at = this.#services.indexOf(service);
			if (at < 0) return;
			this.#services.splice(at, 1);
			this.#announceSoon();
		};
	}

	get isAccessPointOpen(): boolean {
		return this.#link.isAccessPointOpen;
	}

	get isOnline(): boolean {
		return this.#link.isOnline;
	}

	/** What the link is doing now. */
	get report(): NetworkReport {
		return this.#link.report;
	}

	/** The section `network` of health; times are seconds. */
	health(): object {
		const now = this.#options.device.now();
		const seconds = (from: number) => Math.round((now - from) / 100) / 10;
		const { since, ...report } = this.#link.report;
		const { server, at, failures } = this.#time?.report ?? { server: null, at: null, failures: 0 };
		return {
			...report,
			since: seconds(since),
			name: this.#name,
			time: {
				source: this.#time ? server : "system",
				age: at === null ? null : seconds(at),
				failures,
			},
		};
	}

	close(): void {
		this.#closed = true;
		this.#announcement?.close();
		this.#announcement = undefined;
		this.#options.device.timers.clear(this.#announcing);
		this.#captive.open = false;
		this.#search.close();
		this.#broker.close();
		this.#time?.close();
		this.#link.close();
	}

	onOnline(): void {
		this.#time?.start();
		this.#announce();
	}

	onOffline(): void {
		this.#time?.stop();
		this.#announce();
	}

	onAccessPoint(open: boolean): void {
		this.#captive.open = open;
		this.#announce();
	}

	/** Once for all changes of this turn. */
	#announceSoon(): void {
		const { timers } = this.#options.device;
		if (this.#closed) return;
		this.#announcing ??= timers.set(() => {
			this.#announcing = undefined;
			this.#announce();
		}, 0);
	}

	/**
	 * Makes the gateway known, or no longer. Not while the access point is open: with two networks the SDK's class does
	 * not know its own address, and an answer of it would fail.
	 */
	#announce(): void {
		this.#announcement?.close();
		this.#announcement = undefined;
		const { device } = this.#options;
		if (this.#closed || !this.#link.isOnline || this.#link.isAccessPointOpen || !device.discovery) return;
		const port = this.httpPort;
		const txt = [`id=${device.id}`, `version=${VERSION}`, "path=/"];
		const own = port === 0 ? [] : ["_http._tcp", "_meterling._tcp"].map((type) => ({ type, port, txt }));
		const services: Service[] = [...own, ...this.#services];
		if (services.length === 0) return;
		try {
			this.#announcement = device.discovery.announce(this.#name, services, () => this.#nameTaken());
		} catch (error) {
			device.log(`network: not made known as ${this.#name}.local: ${error}`);
		}
	}

	#nameTaken(): void {
		const { device } = this.#options;
		device.log(`network: somebody else is ${this.#name}.local`);
		this.#names++;
		if (this.#names > MOST_NAMES) return;
		this.#name = `${hostNameOf(this.settings(), device.id)}-${this.#names}`;
		// Not from inside the callback of the one that is closed.
		device.timers.set(() => this.#announce(), 0);
	}

	/** The one that is set, or what DHCP named as name servers (a house's router often knows the time), then the pool. */
	timeServers(): readonly string[] {
		const { device } = this.#options;
		const chosen = `${this.settings()[NETWORK]?.timeServer ?? ""}`;
		const routers = (device.wifi?.nameServers ?? []).filter(isAddress);
		return chosen === "" ? [...routers, POOL] : [chosen];
	}

	/** The network that settings mean. */
	knownNetwork(settings: Settings): KnownNetwork {
		const values = settings[NETWORK] ?? {};
		const text = (key: string) => `${values[key] ?? ""}`;
		const address = text("address");
		return {
			ssid: text("ssid"),
			password: text("password"),
			hidden: values.hidden === true,
			hostName: hostNameOf(settings, this.#options.device.id),
			...(address === ""
				? undefined
				: { fixed: { address, netmask: text("netmask"), gateway: text("gateway") } }),
		};
	}
}
