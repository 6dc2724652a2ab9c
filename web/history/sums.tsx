// What a period came to, great enough to be read in passing, and how that compares with the period before.

import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import type { BarModel } from "./bar-plot.js";
import type { Comparison } from "./bars.js";
import { amount, numberOf } from "./words.js";

export interface Figure {
	/** 0: upward, 1: downward. */
	readonly side: number;
	readonly sum: number | undefined;
	readonly comparison: Comparison | undefined;
}

/** What is shown has a period before of the same kind. */
export type Turn = "day" | "month" | "year";

const PERCENT = 100;

export function Sums({
	figures,
	names,
	unit,
	turn,
	model,
}: {
	readonly figures: readonly Figure[];
	readonly names: readonly [string, string];
	readonly unit: string;
	readonly turn: Turn | undefined;
	readonly model: BarModel;
}) {
	return (
		<dl class="sums">
			{figures.map(({ side, sum, comparison }) => (
				<div key={side} style={{ "--mark": `var(--${model.colours[side]})` }}>
					<dt>{names[side]}</dt>
					<dd>
						{sum === undefined ? "–" : amount(sum, unit)}
						{turn && comparison && <small>{difference(comparison, unit, turn)}</small>}
					</dd>
				</div>
			))}
		</dl>
	);
}

/** `1.20 kWh (11 %) less than the day before`. */
export function difference({ now, before }: Comparison, unit: string, turn: Turn): string {
	const change = now - before;
	const words = texts.history.than;
	const named = { before: words[turn] };
	if (amount(now, unit) === amount(before, unit)) return filled(words.same, named);
	const share = before === 0 ? "" : ` (${numberOf((Math.abs(change) / before) * PERCENT, 0)}\u00a0%)`;
	return filled(change > 0 ? words.more : words.less, {
		...named,
		difference: amount(Math.abs(change), unit) + share,
	});
}

export function Tariffs({
	tariffs,
	unit,
}: {
	readonly tariffs: readonly { readonly number: string; readonly sum: number }[];
	readonly unit: string;
}) {
	return (
		<ul class="tariffs">
			{tariffs.map(({ number, sum }) => (
				<li key={number}>{filled(texts.history.tariff, { number, amount: amount(sum, unit) })}</li>
			))}
		</ul>
	);
}
