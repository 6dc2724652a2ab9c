// Waits until the gateway has restarted, then loads the page anew: it may be another version's.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "./api.js";
import { Heading, Outcome } from "./pieces.js";
import { usePoll } from "./poll.js";
import type { SessionJson } from "./session.js";
import { texts } from "./texts/texts.js";

const ASK_EVERY_MS = 1500;
const SLOW_AFTER_MS = 40_000;

/**
 * True once the gateway was away, or has forgotten who we are, and answers again. Sessions end with a restart, so one
 * that was too short to be seen is noticed all the same.
 */
export function useRestarted(): boolean {
	const [back, setBack] = useState(false);
	const away = useRef(false);
	usePoll(
		async () => {
			const { data } = await ask<SessionJson>("GET", "session");
			if (!data) away.current = true;
			else if (away.current || data.by !== "session") setBack(true);
		},
		ASK_EVERY_MS,
		!back,
	);
	return back;
}

export function useSlow(): boolean {
	const [slow, setSlow] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
		return () => clearTimeout(timer);
	}, []);
	return slow;
}

export function RestartWait({ words = texts.restart.waiting }: { readonly words?: string }) {
	const back = useRestarted();
	const slow = useSlow();
	useEffect(() => {
		if (back) location.reload();
	}, [back]);
	return (
		<section class="card narrow">
			<Heading>{texts.restart.title}</Heading>
			<progress aria-label={texts.restart.title} />
			<Outcome tone="plain">{back ? texts.restart.back : slow ? texts.restart.slow : words}</Outcome>
		</section>
	);
}
