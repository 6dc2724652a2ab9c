// Auto-detection of the meter, live: how far it is, what was tried, what was found.

import { useEffect, useState } from "preact/hooks";
import { ask } from "../api.js";
import { SwitchField } from "../controls.js";
import { failure, sentence } from "../failure.js";
import { Outcome } from "../pieces.js";
import { usePoll } from "../poll.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";

/** As app/portal/meter-search.ts tells. */
export interface Finding {
	readonly kind: string;
	readonly text: string;
	readonly protocol: string | null;
	readonly baud: number | null;
	readonly format: string | null;
	readonly inverted: boolean;
	readonly needsKey: boolean;
}

interface Report {
	readonly state: "idle" | "running" | "done";
	readonly seconds: number;
	readonly mostSeconds: number;
	readonly steps: readonly { readonly text: string; readonly result: string | null }[];
	readonly finding: Finding | null;
}

const ASK_EVERY_MS = 1000;

export function MeterSearch({
	port,
	onFound,
}: {
	/** Where to search; empty: where the settings say. */
	readonly port: string;
	onFound(finding: Finding): void;
}) {
	const [report, setReport] = useState<Report>();
	const [listenOnly, setListenOnly] = useState(false);
	const [problem, setProblem] = useState<string>();
	const take = (next: Report) => {
		setReport(next);
		if (next.state === "done" && next.finding && report?.state === "running") onFound(next.finding);
	};
	const running = report?.state === "running";
	usePoll(
		async () => {
			const { data } = await ask<Report>("GET", "portal/detect");
			if (data) take(data);
		},
		ASK_EVERY_MS,
		running,
	);
	// A search that ended, or still runs, while the person looked elsewhere.
	useEffect(() => {
		void ask<Report>("GET", "portal/detect").then(({ data }) => data && setReport(data));
	}, []);
	const start = async () => {
		setProblem(undefined);
		const reply = await ask<Report>("POST", "portal/detect", {
			listenOnly,
			...(port === "" ? {} : { port }),
		});
		if (reply.data) setReport(reply.data);
		else setProblem(failure(reply));
	};
	const stop = async () => {
		const { data } = await ask<Report>("DELETE", "portal/detect");
		if (data) setReport(data);
	};
	const { state = "idle", seconds = 0, mostSeconds = 0, steps = [], finding } = report ?? {};
	return (
		<div class="search">
			{running ? (
				<>
					<progress aria-label={texts.meter.progress} value={seconds} max={Math.max(mostSeconds, 1)} />
					<p class="with-unit">
						<span>{filled(texts.meter.running, { seconds, most: mostSeconds })}</span>
						<button type="button" class="quiet small" onClick={() => void stop()}>
							{texts.meter.stop}
						</button>
					</p>
					<p role="status" class="help">
						{sentence(steps[steps.length - 1]?.text ?? texts.common.loading)}
					</p>
				</>
			) : (
				<>
					<p class="actions">
						<button type="button" onClick={() => void start()}>
							{state === "done" ? texts.meter.again : texts.meter.find}
						</button>
					</p>
					<SwitchField
						label={texts.meter.listenOnly}
						help={texts.meter.listenOnlyHelp}
						value={listenOnly}
						onInput={setListenOnly}
					/>
				</>
			)}
			<Outcome tone={problem ? "bad" : finding?.protocol ? "good" : "plain"}>
				{problem ?? (finding && !running ? sentence(finding.text) : undefined)}
			</Outcome>
			{steps.length > 0 && (
				<details>
					<summary>{texts.meter.trace}</summary>
					<ol class="trace">
						{steps.map(({ text, result }, index) => (
							<li key={`${index} ${text}`}>
								{sentence(text)} {result && <b>{sentence(result)}</b>}
							</li>
						))}
					</ol>
				</details>
			)}
		</div>
	);
}
