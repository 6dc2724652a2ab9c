// Is the gateway called by its own name, and does a page's request come from its own page? A name of somebody else's
// that points here (DNS rebinding) would make a browser treat the gateway as a part of that somebody's site.

import { consistsOf, indexOfAny, isDigits, isDotted } from "../../readings/characters.js";

/** What follows "http://" in an address: host and, perhaps, port. */
interface Authority {
	readonly host: string;
	readonly port: string;
}

/** Host and port in lower case; `undefined` where it is neither a name, nor an IPv4 or bracketed IPv6 address. */
function authority(text: string): Authority | undefined {
	const lower = text.toLowerCase();
	const isBracketed = lower.startsWith("[");
	const colon = lower.indexOf(":", isBracketed ? lower.indexOf("]") : 0);
	const host = colon < 0 ? lower : lower.slice(0, colon);
	const port = colon < 0 ? "" : lower.slice(colon + 1);
	if (colon >= 0 && !isDigits(port, 5)) return undefined;
	const name = isBracketed && host.endsWith("]") ? host.slice(1, -1) : host;
	if (name === "" || !consistsOf(name, isBracketed ? "0-9a-f:." : "a-z0-9._-")) return undefined;
	return { host: host.endsWith(".") ? host.slice(0, -1) : host, port };
}

/** Who rebinds a name has a name: an address in `Host` was meant as such. */
function isAddress(host: string): boolean {
	return host.startsWith("[") || isDotted(host);
}

/** Does `Host` name this gateway? `names` are in lower case. */
export function isOwnHost(header: string, names: readonly string[], fromThisComputer: boolean): boolean {
	const found = authority(header);
	if (!found) return false;
	const { host } = found;
	return isAddress(host) || names.includes(host) || (fromThisComputer && host === "localhost");
}

/** Is the page that asks one of this gateway's? `origin` as the browser sends it, `null` included. */
export function isOwnOrigin(origin: string, host: string): boolean {
	const separator = origin.indexOf("://");
	const scheme = separator < 0 ? "" : origin.slice(0, separator).toLowerCase();
	if (scheme !== "http" && scheme !== "https") return false;
	const page = authority(origin.slice(separator + "://".length));
	const own = authority(host);
	if (!page || !own || page.host !== own.host) return false;
	// A proxy in front that adds TLS hands on Host without a port: the scheme's own port goes without saying.
	return page.port === own.port || (usual(page.port) && usual(own.port));
}

function usual(port: string): boolean {
	return port === "" || port === "80" || port === "443";
}

/** 127.0.0.0/8 or ::1, also as IPv4 inside IPv6. */
export function isLoopback(address: string): boolean {
	const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
	return plain === "::1" || plain.startsWith("127.");
}

/** The path without query, and the host that the absolute form names (RFC 9112, 3.2.2), which overrides `Host`. */
export function targetOf(target: string): { readonly path: string; readonly host: string | undefined } {
	let path = target;
	let host: string | undefined;
	const scheme = target.startsWith("http://") ? "http://" : target.startsWith("https://") ? "https://" : "";
	if (scheme !== "") {
		const rest = target.slice(scheme.length);
		const end = indexOfAny(rest, "/?#");
		host = end < 0 ? rest : rest.slice(0, end);
		path = end < 0 ? "/" : rest.slice(end);
		if (!path.startsWith("/")) path = `/${path}`;
	}
	const query = path.indexOf("?");
	return { path: query < 0 ? path : path.slice(0, query), host };
}
