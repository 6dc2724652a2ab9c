// Rows of the gateway, asked for when they are to be shown; those that were shown lately are there at once.

import { useEffect, useState } from "preact/hooks";
import { ask, type Reply } from "../api.js";
import { failure } from "../failure.js";
import { inTurn } from "./turn.js";

/** Counters move slowly, and the gateway has other things to do. */
const REFRESH_MS = 60_000;
const MOST_KEPT = 16;

/** An answer so young is not asked for again by another part of the page. */
const YOUNG_MS = 30_000;

/** `isFinal`: what was asked for was over, and does not change any more. */
const kept = new Map<
	string,
	{ readonly reply: Reply<unknown>; readonly at: number; readonly isFinal: boolean }
>();

/** The answer of late, or of now. */
async function answered<T>(path: string, isFinal: boolean): Promise<Reply<T>> {
	const known = kept.get(path);
	if (known && known.isFinal === isFinal && Date.now() - known.at < YOUNG_MS) return known.reply as Reply<T>;
	const reply = await ask<T>("GET", path);
	if (!reply.data) return reply;
	kept.delete(path);
	kept.set(path, { reply, at: Date.now(), isFinal });
	const [oldest] = kept.keys();
	if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
	return reply;
}

export interface Asked<T> {
	readonly data: T | undefined;
	readonly problem: string | undefined;
}

/** The answer to `GET path`; asked again each minute where it changes. `undefined`: nothing is asked. */
export function useAnswer<T>(path: string | undefined, changes: boolean): Asked<T> {
	const [answer, setAnswer] = useState<Asked<T> & { readonly path: string }>();
	useEffect(() => {
		if (path === undefined) return;
		let timer = 0;
		let ended = false;
		const round = async () => {
			const reply = await inTurn(async () => (ended ? undefined : answered<T>(path, !changes)));
			if (ended || !reply) return;
			const problem = reply.ok ? undefined : failure(reply);
			setAnswer({ path, data: reply.data, problem });
			if (changes || !reply.ok) timer = window.setTimeout(round, REFRESH_MS);
		};
		if (changes || !kept.get(path)?.isFinal) void round();
		return () => {
			ended = true;
			clearTimeout(timer);
		};
	}, [path, changes]);
	const mine = answer?.path === path ? answer : undefined;
	const data = mine?.data ?? (path === undefined ? undefined : (kept.get(path)?.reply.data as T | undefined));
	return { data, problem: mine?.problem };
}
