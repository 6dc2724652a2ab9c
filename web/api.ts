// Requests to the gateway and what came of them. Nothing throws: an answer that did not come has the status 0. Holds
// the CSRF token that a signed-in page sends with every change.

/** Problem details (RFC 9457) as the gateway sends them. */
export interface Problem {
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	readonly problems?: readonly FieldProblem[];
}

/** One value that was refused: `mqtt.port`, and why. */
export interface FieldProblem {
	readonly setting: string;
	readonly problem: string;
}

export interface Reply<T> {
	readonly ok: boolean;
	/** 0: no answer. */
	readonly status: number;
	/** The body of an answer that went well; `undefined` where it has none. */
	readonly data: T | undefined;
	readonly problem: Problem | undefined;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

type Parse = (text: string) => unknown;

const TIMEOUT_MS = 15_000;

const UNAUTHORIZED = 401;
/** Their 401 is about the password that was sent. */
const OWN_REFUSALS = ["session", "password"];

let csrf: string | null = null;
let signedOut = () => {};

/** What changes are sent with from now on. */
export function setCsrf(token: string | null): void {
	csrf = token;
}

/** Called when the gateway no longer knows who we are: the session has run out, or ended with a restart. */
export function onSignedOut(listener: () => void): void {
	signedOut = listener;
}

/** The headers that a change needs besides its type. */
export function changeHeaders(): Record<string, string> {
	return csrf === null ? {} : { "x-csrf-token": csrf };
}

/** Sends JSON, or nothing; takes JSON, or nothing. */
export async function ask<T = unknown>(
	method: Method,
	path: string,
	body?: unknown,
	{ milliseconds = TIMEOUT_MS, parse = JSON.parse as Parse } = {},
): Promise<Reply<T>> {
	const headers: Record<string, string> = method === "GET" ? {} : changeHeaders();
	if (body !== undefined) headers["content-type"] = "application/json";
	try {
		const response = await fetch(`/api/v1/${path}`, {
			method,
			headers,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(milliseconds),
		});
		if (response.status === UNAUTHORIZED && !OWN_REFUSALS.includes(path)) signedOut();
		return replyOf(response.status, await response.text(), parse);
	} catch {
		return { ok: false, status: 0, data: undefined, problem: undefined };
	}
}

/** An answer taken apart. */
export function replyOf<T>(status: number, text: string, parse: Parse = JSON.parse): Reply<T> {
	const ok = status >= 200 && status < 300;
	let json: unknown;
	try {
		json = text === "" ? undefined : parse(text);
	} catch {
		// A proxy's page, say.
	}
	return {
		ok,
		status,
		data: ok ? (json as T | undefined) : undefined,
		problem: ok ? undefined : (json as Problem | undefined),
	};
}
