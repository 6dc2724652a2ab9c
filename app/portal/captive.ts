// What makes the portal open by itself: while the access point is open every name leads here (the name server), and
// every page of another host is answered with a redirection to the portal's.

import { isLoopback, isOwnHost } from "../../outputs/http/host.js";
import type { HttpRequest, Network } from "../../outputs/network.js";
import type { Answer, RequestClient } from "../../outputs/route.js";
import { utf8 } from "../../outputs/shared/text.js";
import { openNameServer } from "../../settings/portal/name-server.js";
import { isProbePath } from "../../settings/portal/probes.js";

export interface CaptiveOptions {
	readonly network: Pick<Network, "openUdp">;
	readonly nameServerPort: number;
	/** The access point's own. */
	readonly address: string;
	log(line: string): void;
	readonly owner: CaptiveOwner;
}

export interface CaptiveOwner {
	/** The port that the page is served on. */
	readonly httpPort: number;
	/** Names that the gateway is called by, in lower case. */
	hostNames(): readonly string[];
	/** The station's address, where it has one. */
	readonly stationAddress: string | null;
}

const HTTP_PORT = 80;
const FOUND = 302;

export class CaptivePortal {
	readonly #options: CaptiveOptions;
	#nameServer: { readonly close: () => void } | undefined;
	#open = false;

	constructor(options: CaptiveOptions) {
		this.#options = options;
	}

	/** The access point has opened or closed. */
	set open(open: boolean) {
		this.#open = open;
		this.#nameServer?.close();
		this.#nameServer = undefined;
		if (!open) return;
		const { network, nameServerPort, address, log } = this.#options;
		try {
			this.#nameServer = openNameServer(network, nameServerPort, address);
		} catch (error) {
			log(
				`portal: no name server on port ${nameServerPort}: ${error instanceof Error ? error.message : error}`,
			);
		}
	}

	get open(): boolean {
		return this.#open;
	}

	/** The portal's page. */
	get url(): string {
		const { address, owner } = this.#options;
		const port = owner.httpPort;
		return `http://${address}${port === HTTP_PORT ? "" : `:${port}`}/`;
	}

	/** The redirection of whatever was not meant for the gateway; `undefined` for what was. */
	intercept({ method, path, headers }: HttpRequest, client: RequestClient): Answer | undefined {
		if (!this.#open || (method !== "GET" && method !== "HEAD")) return undefined;
		const near = isLoopback(client.address) && !client.forwarded;
		const own = isOwnHost(headers.get("host") ?? "", this.#options.owner.hostNames(), near);
		if (own && !isProbePath(path)) return undefined;
		const { url } = this;
		return {
			status: FOUND,
			headers: [
				["location", url],
				["cache-control", "no-store"],
				["content-type", "text/html; charset=utf-8"],
				["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
			],
			body: utf8(
				`<!doctype html><title>Meterling</title><a href="${url}">Set up the energy meter gateway</a>\n`,
			),
		};
	}

	/** Who has joined the access point knows its password; everybody else has to show more. */
	isFromAccessPoint({ address, forwarded }: RequestClient): boolean {
		if (!this.#open || forwarded) return false;
		const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
		if (!sameNetwork(plain, this.#options.address)) return false;
		// Where the house has the same addresses as the access point, nobody can tell who is where.
		const station = this.#options.owner.stationAddress;
		return station === null || isLoopback(plain) || !sameNetwork(station, this.#options.address);
	}
}

/** The access point's network has 254 addresses (ESP-IDF: 192.168.4.0/24). */
function sameNetwork(a: string, b: string): boolean {
	const end = b.lastIndexOf(".") + 1;
	return a.slice(0, end) === b.slice(0, end) && a.indexOf(".", end) < 0;
}
