// Addresses of servers as people write them: `https://host:8086/path?query`. XS has no URL. IPv6 and non-ASCII are refused;
// a name or password before the host too, since whatever shows the address would show them (RFC 3986, 3.2.1).

import { consistsOf, indexOfAny, isDigits } from "../../readings/characters.js";

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const LAST_PORT = 65535;

/** What an address says; `path` begins with `/` and holds the query. */
export interface Target {
	readonly scheme: string;
	readonly host: string;
	readonly port: number;
	readonly path: string;
}

/** The address, or in words what is wrong with it; never the address itself, which may hold a token. */
export function parseUrl(text: string): Target | string {
	const at = text.indexOf("://");
	const scheme = text.slice(0, Math.max(at, 0)).toLowerCase();
	if (scheme !== "http" && scheme !== "https" && scheme !== "udp")
		return "the address does not begin with http:// or https://";
	if (!consistsOf(text, "!-~")) return "the address has a blank or a letter that must be percent-encoded";
	const rest = text.slice(at + 3);
	const end = indexOfAny(rest, "/?#");
	const authority = end < 0 ? rest : rest.slice(0, end);
	const path = end < 0 ? "" : rest.slice(end);
	if (authority.includes("@")) return "the address has a user or a password in it";
	if (path.includes("#")) return "the address has a # in it";
	const colon = authority.indexOf(":");
	const host = colon < 0 ? authority : authority.slice(0, colon);
	if (host === "" || !consistsOf(host, "a-zA-Z0-9_.-")) return "the address has no host name or IPv4 address";
	const usual = scheme === "https" ? HTTPS_PORT : scheme === "http" ? HTTP_PORT : Number.NaN;
	const port = colon < 0 ? usual : portOf(authority.slice(colon + 1));
	if (!(port >= 1 && port <= LAST_PORT)) return "the address has no port from 1 to 65535";
	return { scheme, host, port, path: path.startsWith("/") ? path : `/${path}` };
}

function portOf(text: string): number {
	return isDigits(text, 5) ? Number(text) : Number.NaN;
}

/** The target's path with more behind it: `/` or `/base/` and `api/v1`. */
export function pathBelow({ path }: Target, more: string): string {
	return path.endsWith("/") ? `${path}${more}` : `${path}/${more}`;
}

/** Whether the text may stand in a header's value (RFC 9110, 5.5), as far as ASCII goes. */
export function isHeaderText(text: string): boolean {
	return consistsOf(text, " -~");
}
