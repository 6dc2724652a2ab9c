// What a request shows of its sender: the token in `Authorization` (RFC 6750, 2.1), the session in its cookie (RFC 6265).

/** The token; the empty one where the header is of another kind, so that it counts as shown, and wrong. */
export function bearerOf(header: string | undefined): string | undefined {
	if (header === undefined) return undefined;
	const scheme = "bearer ";
	return header.slice(0, scheme.length).toLowerCase() === scheme ? header.slice(scheme.length).trim() : "";
}

/** The cookie's value. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
	if (header === undefined) return undefined;
	for (const pair of header.split(";")) {
		const equals = pair.indexOf("=");
		if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
	}
	return undefined;
}

/** Without `Secure`: the gateway speaks plain HTTP, and a browser would not send the cookie back. */
export function sessionCookie(name: string, value: string, seconds: number): readonly [string, string] {
	return ["set-cookie", `${name}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}`];
}
