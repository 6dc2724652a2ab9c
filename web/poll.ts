// Asks again and again, never twice at a time: the gateway has few connections. The next question waits for the answer.

import { useEffect, useRef } from "preact/hooks";

/** Calls `ask` at once and `milliseconds` after each answer, while `active`; the last `ask` given counts. */
export function usePoll(ask: () => Promise<unknown>, milliseconds: number, active = true): void {
	const latest = useRef(ask);
	latest.current = ask;
	useEffect(() => {
		if (!active) return;
		let timer = 0;
		let ended = false;
		const round = async () => {
			await latest.current();
			if (!ended) timer = window.setTimeout(round, milliseconds);
		};
		void round();
		return () => {
			ended = true;
			clearTimeout(timer);
		};
	}, [active, milliseconds]);
}
