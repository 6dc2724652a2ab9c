// The line monitor: every byte of the meter's line as it comes, in hexadecimal and as characters, with the time, frames
// that were taken and what was wrong with the others. It only listens.

import { useEffect, useRef, useState } from "preact/hooks";
import { timeFormat } from "../format.js";
import { Card, Outcome } from "../pieces.js";
import { texts } from "../texts/texts.js";
import { ascii } from "./cells.js";
import { type LineEvent, watchLine, withLine } from "./line-stream.js";

const CLOCK: Intl.DateTimeFormatOptions = { timeStyle: "medium" };
const WIDE = 640;
/** The view stays at its end unless somebody has scrolled up so far. */
const NEAR_END = 300;

export function LineMonitor() {
	const [events, setEvents] = useState<readonly LineEvent[]>([]);
	const [watching, setWatching] = useState(false);
	const [problem, setProblem] = useState<string>();
	/** The gateway's clock, in browser milliseconds. */
	const [offset, setOffset] = useState(0);
	const view = useRef<HTMLDivElement>(null);
	const words = texts.meterPage;
	useEffect(() => {
		if (!watching) return;
		const ending = new AbortController();
		let begun = false;
		const take = (line: string) => {
			if (!begun) setOffset(Date.now() - Number.parseInt(line, 10));
			begun = true;
			setEvents((before) => withLine(before, line));
		};
		void watchLine(take, ending.signal).then((why) => {
			if (ending.signal.aborted) return;
			setWatching(false);
			setProblem(why || texts.meterPage.ended);
		});
		return () => ending.abort();
	}, [watching]);
	useEffect(() => {
		const { current } = view;
		if (!current) return;
		// What scrolls must be reached by keyboard.
		current.tabIndex = 0;
		if (current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_END)
			current.scrollTop = current.scrollHeight;
	}, [events]);
	const toggle = () => {
		setProblem(undefined);
		setWatching(!watching);
	};
	const what: Record<string, string> = {
		"<": words.received,
		">": words.sent,
		"=": words.taken,
		"!": words.refused,
	};
	return (
		<Card title={words.monitor} id="monitor">
			<p class="help">{words.monitorHelp}</p>
			<p class="actions">
				<button type="button" onClick={toggle}>
					{watching ? words.pause : words.watch}
				</button>
			</p>
			<Outcome tone="bad">{problem}</Outcome>
			{events.length > 0 && (
				<div class="line" role="log" aria-live="off" aria-label={words.monitor} ref={view}>
					{events.map(({ number, time, mark, pairs, text }) => (
						<div key={number} class={KINDS[mark]}>
							<p>
								{timeFormat(CLOCK).format(time + offset)} {what[mark]} {text || pairs.length}
							</p>
							{pairs.length > 0 && <pre>{dump(pairs)}</pre>}
						</div>
					))}
				</div>
			)}
		</Card>
	);
}

const KINDS: Readonly<Record<string, string>> = {
	"<": "received",
	">": "sent",
	"=": "good",
	"!": "bad",
	"*": "state",
};

/** Bytes on the left, characters on the right. */
function dump(pairs: readonly string[]): string {
	const width = innerWidth < WIDE ? 8 : 16;
	const lines: string[] = [];
	for (let at = 0; at < pairs.length; at += width) {
		const some = pairs.slice(at, at + width);
		const characters = ascii(some.map((pair) => Number.parseInt(pair, 16)));
		lines.push(`${some.join(" ").padEnd(3 * width)} ${characters}`);
	}
	return lines.join("\n");
}
