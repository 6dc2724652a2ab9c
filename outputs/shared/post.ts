// One POST to a server that an output pushes to, as Batch delivers it.

import type { HttpCallOptions, TlsOptions } from "../network.js";
import type { DeliveryOwner } from "./batch.js";
import type { MadeParts, Parts } from "./parts.js";
import { pemText } from "./pem.js";
import type { Target } from "./url.js";

/** A server that hangs is given up after so long. */
const TIMEOUT_MS = 10_000;

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** How it is secured, by the address's scheme and the CA of the settings (PEM; empty: public roots). */
export function tlsOf({ scheme }: Target, ca: string): { readonly tls?: TlsOptions } {
	if (scheme !== "https") return {};
	return { tls: ca === "" ? {} : { ca: pemText(ca) } };
}

/** What is asked of the network; `owner` is told how it ended. `wanted`: the only success, of all that HTTP has. */
export class Post implements HttpCallOptions {
	readonly method = "POST";
	readonly host: string;
	readonly port: number;
	readonly path: string;
	readonly tls?: TlsOptions;
	readonly headers: HeaderList;
	readonly body: Parts | MadeParts;
	readonly timeout = TIMEOUT_MS;
	readonly #owner: DeliveryOwner;
	readonly #wanted: number | undefined;

	constructor(
		target: Target,
		ca: string,
		headers: HeaderList,
		body: Parts | MadeParts,
		owner: DeliveryOwner,
		wanted?: number,
	) {
		this.host = target.host;
		this.port = target.port;
		this.path = target.path;
		const { tls } = tlsOf(target, ca);
		if (tls) this.tls = tls;
		this.headers = headers;
		this.body = body;
		this.#owner = owner;
		this.#wanted = wanted;
	}

	onEnd({ status, problem, text }: Parameters<HttpCallOptions["onEnd"]>[0]): void {
		const wanted = this.#wanted ?? status;
		if (status >= 200 && status < 300 && status !== wanted)
			this.#owner.ended(0, `the server answers ${status} instead of ${wanted}`);
		else this.#owner.ended(status, problem, text);
	}
}
