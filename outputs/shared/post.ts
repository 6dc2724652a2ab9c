// One POST to a server that an output pushes to, as Batch delivers it.

import type { Network, TlsOptions } from "../network.js";
import type { Ended } from "./batch.js";
import type { Parts } from "./parts.js";
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

/** Sends; see `BatchOptions.deliver`. */
export function post(
	network: Network,
	target: Target,
	ca: string,
	headers: HeaderList,
	body: Parts,
	end: Ended,
): { cancel(): void } {
	const { host, port, path } = target;
	return network.request({
		method: "POST",
		host,
		port,
		path,
		...tlsOf(target, ca),
		headers,
		body,
		timeout: TIMEOUT_MS,
		onEnd: ({ status, problem, text }) => end(status, problem, text),
	});
}
