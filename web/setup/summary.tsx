// The last step: everything at a glance, each with the way back to it; then the restart.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../api.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { texts } from "../texts.js";
import { fieldOf, keyFields, labelOf, reasonsOf, valueOf } from "./form-values.js";
import type { StepProps } from "./step.js";
import type { Step } from "./steps.js";

const words = texts.summary;

export function SummaryStep({ form, state, finished }: StepProps & { finished(): void }) {
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const protocol = valueOf(form, "meter", "protocol");
	const ssid = valueOf(form, "network", "ssid");
	const keys = keyFields(form, protocol);
	const keysText =
		keys.length === 0
			? words.keysNotNeeded
			: keys.some(({ secret }) => secret?.set)
				? words.keysSet
				: words.keysUnset;
	const ready = state.password && (!state.wireless || ssid !== "");
	const finish = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		const reply = await ask("POST", "portal/finish", {});
		setBusy(false);
		if (reply.ok) finished();
		else setProblem(reasonsOf(reply) ?? failure(reply));
	};
	return (
		<form onSubmit={finish}>
			<p>{words.why}</p>
			<dl class="facts summary">
				<Row name={state.wireless ? words.wifi : texts.setup.steps.cable} step="network">
					{state.wireless ? ssid || <b class="missing">{words.noWifi}</b> : words.wired}
				</Row>
				<Row name={words.address} step="network">
					{valueOf(form, "network", "address") || words.byRouter}
				</Row>
				<Row name={words.meter} step="meter">
					{labelOf(fieldOf(form, "meter", "protocol"), protocol)}
				</Row>
				<Row name={words.keys} step="keys">
					{keysText}
				</Row>
				<Row name={words.broker} step="broker">
					{valueOf(form, "mqtt", "host") || words.off}
				</Row>
				<Row name={words.password} step="password">
					{state.password ? words.passwordSet : <b class="missing">{words.passwordUnset}</b>}
				</Row>
				<Row name={words.zone} step="zone">
					{valueOf(form, "network", "timeZone").replaceAll("_", " ")}
				</Row>
			</dl>
			<Outcome tone={problem ? "bad" : "busy"}>{problem ?? (busy ? words.finishing : undefined)}</Outcome>
			<p class="actions">
				<button type="submit" disabled={busy || !ready}>
					{words.finish}
				</button>
			</p>
		</form>
	);
}

function Row({
	name,
	step,
	children,
}: {
	readonly name: string;
	readonly step: Step;
	readonly children: ComponentChildren;
}) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>
				{children}{" "}
				<a href={`#setup/${step}`} aria-label={`${texts.common.change}: ${name}`}>
					{texts.common.change}
				</a>
			</dd>
		</div>
	);
}
