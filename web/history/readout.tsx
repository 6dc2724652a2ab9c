// The values under the pointer or the finger, in a line above the plot; with the way into that month or day.

import { texts } from "../texts/texts.js";
import type { BarModel } from "./bar-plot.js";
import type { Bar, Placed } from "./bars.js";
import { inside, type Span } from "./span.js";
import { amount, slotName } from "./words.js";

/** The bar at a slot: its own, or the block that lies over it. */
export function barAt({ cells, blocks }: Placed, index: number): Bar | undefined {
	return cells[index] ?? blocks.find(({ x: [from, to] }) => from <= index + 0.5 && to > index + 0.5)?.bar;
}

/** What is to be said of a bar besides its value. */
export function markOf(model: BarModel, bar: Bar | undefined, index: number): string {
	const words = texts.history.legend;
	if (!bar) return "";
	if (bar.block || !isWithin(model, bar, index)) return words.block;
	return [bar.estimated ? words.estimated : "", bar.open ? words.open : ""].filter(Boolean).join(", ");
}

function isWithin({ slots }: BarModel, bar: Bar, index: number): boolean {
	const slot = slots[index];
	return slot !== undefined && bar.from >= slot.from && bar.to <= slot.to;
}

export function Readout({
	model,
	names,
	pointed,
	address,
	now,
}: {
	readonly model: BarModel;
	readonly names: readonly [string, string];
	readonly pointed: number | undefined;
	address(span: Span): string;
	readonly now: number;
}) {
	const slot = pointed === undefined ? undefined : model.slots[pointed];
	if (!slot || pointed === undefined) return <p class="values hint">{texts.history.hover}</p>;
	const to = slot.from < now ? inside(model.span, slot) : undefined;
	const name = slotName(model.span, slot);
	const sides = [model.up, model.down].map((side) => barAt(side, pointed));
	const [up, down] = sides;
	const mark = markOf(model, up ?? down, pointed);
	return (
		<p class="values">
			<b>{to ? <a href={address(to)}>{name}</a> : name}</b>
			{sides.map(
				(bar, side) =>
					bar && (
						<span key={side} style={{ "--mark": `var(--${model.colours[side]})` }}>
							<span class="hidden">{names[side]}</span> {amount(bar.value, model.unit)}
						</span>
					),
			)}
			{!up && !down && slot.from < now && <span class="none">{texts.history.unknown}</span>}
			{mark && <em>{mark}</em>}
		</p>
	);
}
