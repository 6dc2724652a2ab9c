// The meter's line as the gateway tells it (app/line-watch.ts): a text that goes on, taken apart into what the monitor
// shows. Bytes that belong together are put together again: a serial port hands them on in pieces.

import { replyOf } from "../api.js";
import { failure } from "../failure.js";

export interface LineEvent {
	readonly number: number;
	/** Milliseconds of the gateway's own clock. */
	readonly time: number;
	/** `<` from the meter, `>` to it, `=` a frame was taken, `!` one was not, `*` the line's state. */
	readonly mark: string;
	/** Of `<` and `>`: pairs of digits, or `??`. */
	readonly pairs: readonly string[];
	/** Of the other marks. */
	readonly text: string;
}

/** Pieces that come within this time belong together. */
const GAP_MS = 150;
const MOST_PAIRS = 4096;
const MOST_EVENTS = 300;

/** The events with one line more; what is too old to keep is left out. */
export function withLine(events: readonly LineEvent[], line: string): readonly LineEvent[] {
	const [, ms, mark = "", text = ""] = /^(\d+) (.) (.*)/.exec(line) ?? [];
	const last = events.at(-1);
	const time = Number(ms);
	const isData = mark === "<" || mark === ">";
	const pairs = (isData && text.match(/../g)) || [];
	if (last && isData && last.mark === mark && time - last.time < GAP_MS && last.pairs.length < MOST_PAIRS)
		return [...events.slice(0, -1), { ...last, pairs: [...last.pairs, ...pairs] }];
	const number = (last?.number ?? 0) + 1;
	return [...events, { number, time, mark, pairs, text: isData ? "" : text }].slice(-MOST_EVENTS);
}

/** Calls `take` with each line until `signal`; what ended it otherwise, in words where there are some. */
export async function watchLine(take: (line: string) => void, signal: AbortSignal): Promise<string> {
	try {
		const response = await fetch("/api/v1/meter/line", { signal });
		if (!response.ok || !response.body) return failure(replyOf(response.status, await response.text()));
		const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		for (let rest = ""; ; ) {
			const { value, done } = await reader.read();
			if (done) return "";
			const lines = (rest + value).split("\n");
			rest = lines.pop() ?? "";
			lines.forEach(take);
		}
	} catch {
		return "";
	}
}
