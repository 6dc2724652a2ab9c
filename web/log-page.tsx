// The log's newest lines, followed while the page is open. What must not be seen the gateway has taken out.

import { useState } from "preact/hooks";
import { ask } from "./api.js";
import { SelectField } from "./controls.js";
import { failure } from "./failure.js";
import { duration } from "./format.js";
import { Heading, Outcome } from "./pieces.js";
import { usePoll } from "./poll.js";
import { filled } from "./texts/filled.js";
import { locale, texts } from "./texts/texts.js";

interface LogLine {
	readonly number: number;
	readonly level: "error" | "warning" | "info" | "debug";
	/** Seconds since the start. */
	readonly uptime: number;
	/** ISO 8601. */
	readonly time: string | null;
	readonly text: string;
}

const ASK_EVERY_MS = 3000;
/** Most urgent first. */
const LEVELS = ["error", "warning", "info", "debug"] as const;

export function LogPage() {
	const [lines, setLines] = useState<readonly LogLine[]>();
	const [problem, setProblem] = useState<string>();
	const [follow, setFollow] = useState(true);
	const [level, setLevel] = useState<string>("debug");
	usePoll(
		async () => {
			const reply = await ask<{ lines: readonly LogLine[] }>("GET", "log");
			setProblem(reply.ok ? undefined : failure(reply));
			if (reply.data) setLines(reply.data.lines);
		},
		ASK_EVERY_MS,
		follow,
	);
	const least = LEVELS.indexOf(level as LogLine["level"]);
	const shown = lines?.filter((line) => LEVELS.indexOf(line.level) <= least).reverse();
	return (
		<>
			<div class="page-head">
				<Heading>{texts.pages.log}</Heading>
				<a href="#health">{texts.pages.health}</a>
			</div>
			<section class="card">
				<p class="lead">{texts.log.why}</p>
				<div class="row-form">
					<SelectField
						label={texts.log.level}
						value={level}
						onInput={setLevel}
						choices={[...LEVELS]
							.reverse()
							.map((value) => ({ value, label: texts.log.levels[value] ?? value }))}
					/>
					<p class="actions">
						<button type="button" class="quiet" aria-pressed={!follow} onClick={() => setFollow(!follow)}>
							{follow ? texts.log.pause : texts.log.follow}
						</button>
					</p>
				</div>
				<Outcome tone="bad">{problem}</Outcome>
				{shown?.length === 0 && <p class="hint">{texts.log.empty}</p>}
				<ol class="log" aria-label={texts.pages.log}>
					{shown?.map((line) => (
						<li key={line.number} class={line.level}>
							<time>{moment(line)}</time>
							<span>{line.text}</span>
						</li>
					))}
				</ol>
			</section>
		</>
	);
}

/** The reader's own time of day; while the gateway did not know it, how long it had run. */
function moment({ time, uptime }: LogLine): string {
	if (time === null) return filled(texts.log.start, { time: duration(uptime) });
	return new Date(time).toLocaleTimeString(locale(), { hour12: false });
}
