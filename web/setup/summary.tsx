// The last step: everything at a glance, each with the way back to it; then the restart.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../api.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { texts } from "../texts/texts.js";
import { fieldOf, keyFields, labelOf, reasonsOf, valueOf } from "./form-values.js";
import type { StepProps } from "./step.js";
import type { Step } from "./steps.js";

export function SummaryStep({ form, state, finished }: StepProps & { finished(): void }) {
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const protocol = valueOf(form, "meter", "protocol");
	const ssid = valueOf(form, "network", "ssid");
	const keys = keyFields(form, protocol);
	const keysText =
		keys.length === 0
			? texts.summary.keysNotNeeded
			: keys.some(({ secret }) => secret?.set)
				? texts.summary.keysSet
				: texts.summary.keysUnset;
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
			<p>{texts.summary.why}</p>
			<dl class="facts summary">
				<Row name={state.wireless ? texts.summary.wifi : texts.setup.steps.cable} step="network">
					{state.wireless ? ssid || <b class="missing">{texts.summary.noWifi}</b> : texts.summary.wired}
				</Row>
				<Row name={texts.summary.address} step="network">
					{valueOf(form, "network", "address") || texts.summary.byRouter}
				</Row>
				<Row name={texts.summary.meter} step="meter">
					{labelOf(fieldOf(form, "meter", "protocol"), protocol)}
				</Row>
				<Row name={texts.summary.keys} step="keys">
					{keysText}
				</Row>
				<Row name={texts.summary.broker} step="broker">
					{valueOf(form, "mqtt", "host") || texts.summary.off}
				</Row>
				<Row name={texts.summary.password} step="password">
					{state.password ? texts.summary.passwordSet : <b class="missing">{texts.summary.passwordUnset}</b>}
				</Row>
				<Row name={texts.summary.zone} step="zone">
					{valueOf(form, "network", "timeZone").replaceAll("_", " ")}
				</Row>
			</dl>
			<Outcome tone={problem ? "bad" : "busy"}>
				{problem ?? (busy ? texts.summary.finishing : undefined)}
			</Outcome>
			<p class="actions">
				<button type="submit" disabled={busy || !ready}>
					{texts.summary.finish}
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
