// Wi-Fi as the app sees it: one radio that can be a station and an access point at once. ECMA-419's rule holds: no
// callback from inside a method. Which network to join, and when, is app/network-link.ts's to say.

/** A network that a scan found; one entry for each transmitter. */
export interface VisibleNetwork {
	/** Empty where the network hides its name. */
	readonly ssid: string;
	/** The transmitter's address: 12 hexadecimal digits. */
	readonly bssid: string;
	/** dBm. */
	readonly rssi: number;
	readonly channel: number;
	/** Needs no password. */
	readonly open: boolean;
}

/** An address that is set by hand; dotted decimal. */
export interface FixedAddress {
	readonly address: string;
	readonly netmask: string;
	readonly gateway: string;
}

export interface JoinOptions {
	readonly ssid: string;
	/** Empty for an open network. */
	readonly password: string;
	/** Only this transmitter; absent: the strongest. */
	readonly bssid?: string;
	/** Name told to the DHCP server. */
	readonly hostName: string;
	/** Absent: DHCP. */
	readonly fixed?: FixedAddress;
}

export interface AccessPointOptions {
	readonly ssid: string;
	/** 8 to 63 characters. */
	readonly password: string;
}

export interface WifiEvents {
	/** Joined; an address is yet to come. */
	onJoined(): void;
	onAddress(): void;
	/** Not joined, or no longer. `refused`: the password did not fit. */
	onLost(refused: boolean): void;
}

export interface Wifi {
	/** Who is told; before anything else, once. */
	listen(events: WifiEvents): void;
	/** `undefined` where the radio is busy. Joining while a scan runs spoils both. */
	scan(done: (networks: readonly VisibleNetwork[] | undefined) => void): void;
	/** Throws where the options cannot be used. */
	join(options: JoinOptions): void;
	leave(): void;
	/** Opens it beside the station. Throws where the options cannot be used. */
	openAccessPoint(options: AccessPointOptions): void;
	closeAccessPoint(): void;
	/** Leaves, closes the access point, and tells nothing more. */
	close(): void;
	/** The station's address. */
	readonly address: string | undefined;
	/** dBm of the joined network. */
	readonly rssi: number | undefined;
	readonly channel: number | undefined;
	readonly bssid: string | undefined;
	/** Where phones find the portal. */
	readonly accessPointAddress: string;
	/** Addresses that DHCP gave: of a house's router, as a rule. */
	readonly nameServers: readonly string[];
	/** UDP port of the portal's name server: 53, another one in simulation. */
	readonly nameServerPort: number;
}
