// What the page of the values shows before the first reading: how far it has come, and what a person can do about it. And
// the conditions of the gateway that spoil values or history.

import type { HealthJson } from "./health.js";
import { Card } from "./pieces.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

/** Nothing in so many seconds is more than a meter that sends seldom. */
const PATIENCE_SECONDS = 30;

/** What is the matter, what to do, and where. */
export function NoReading({ health }: { readonly health: HealthJson | undefined }) {
	if (!health) return null;
	const words = texts.noReading;
	const { meter, rejected } = health;
	const code = [...rejected.byLayer].sort((one, other) => other.count - one.count)[0];
	const state =
		meter.line !== "open"
			? words.closed
			: rejected.count > 0
				? words.rejected
				: meter.bytes
					? words.hearing
					: meter.since < PATIENCE_SECONDS
						? words.waiting
						: words.silent;
	return (
		<Card title={words.title} id="no-reading">
			<p class="lead">
				{meter.line !== "open" && meter.reason
					? filled(texts.fresh.lineClosed, { reason: meter.reason })
					: state.what}
				{state === words.rejected && code && ` ${filled(words.mostly, code)}`}
			</p>
			<ul class="bullets">
				{state.todo.split("\n").map((step) => (
					<li key={step}>{step}</li>
				))}
			</ul>
			<p class="actions">
				<a class="button" href="#settings">
					{texts.pages.settings}
				</a>
				<a class="button quiet" href="#health">
					{texts.pages.health}
				</a>
			</p>
		</Card>
	);
}

/** No Wi-Fi, no time: each with what it means and where to go. */
export function Conditions({ network }: { readonly network: HealthJson["network"] }) {
	if (!network) return null;
	const offline = network.state !== "online" && network.state !== "wired";
	if (!offline && network.time.source !== null) return null;
	return (
		<p class="notice">
			{offline ? texts.noReading.offline : texts.noReading.noTime}{" "}
			<a href={offline ? "#setup/network" : "#health"}>
				{offline ? texts.signIn.toSetup : texts.pages.health}
			</a>
		</p>
	);
}
