// Who looks at the page and what they may do, as the gateway says. The password passes through and is kept nowhere; the
// session itself is a cookie that no script can read.

import { useEffect, useState } from "preact/hooks";
import { ask, onSignedOut, type Reply, setCsrf } from "./api.js";

export interface SessionJson {
	readonly right: "none" | "read" | "control" | "admin";
	readonly by: "nobody" | "setup" | "token" | "session";
	readonly csrf: string | null;
	readonly readOpen: boolean;
	readonly passwordSet: boolean;
	/** How the first password may be set from here. */
	readonly setup: "portal" | "password" | "code" | "no";
	readonly mayRead: boolean;
}

type Listener = (session: SessionJson) => void;

let current: SessionJson | undefined;
const listeners = new Set<Listener>();

/** Asks anew who we are; `false` where the gateway does not answer. */
export async function refreshSession(): Promise<boolean> {
	const { data } = await ask<SessionJson>("GET", "session");
	if (!data) return false;
	current = data;
	setCsrf(data.csrf);
	for (const listener of listeners) listener(data);
	return true;
}

onSignedOut(() => void refreshSession());

/** The session of now, and of later. */
export function useSession(): SessionJson | undefined {
	const [session, setSession] = useState(current);
	useEffect(() => {
		listeners.add(setSession);
		setSession(current);
		return () => {
			listeners.delete(setSession);
		};
	}, []);
	return session;
}

export function signIn(password: string): Promise<Reply<unknown>> {
	return entering(ask("POST", "session", { password }));
}

export async function signOut(): Promise<void> {
	await ask("DELETE", "session");
	await refreshSession();
}

/** `proof`: the present password, or the set-up code. */
export function setPassword(
	password: string,
	proof: { readonly current?: string; readonly setupCode?: string },
): Promise<Reply<unknown>> {
	return entering(ask("PUT", "password", { password, ...proof }));
}

/** Sent, and where it went well the session that begins with it. */
async function entering(sent: Promise<Reply<unknown>>): Promise<Reply<unknown>> {
	const reply = await sent;
	if (reply.ok) await refreshSession();
	return reply;
}
