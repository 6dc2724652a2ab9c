// The same values as a table, for who does not see the plot or wants every digit; each row leads into its month or day.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { texts } from "../texts/texts.js";
import type { BarModel } from "./bar-plot.js";
import type { Placed } from "./bars.js";
import { barAt, markOf } from "./readout.js";
import { inside, type Span } from "./span.js";
import { exactAmount, slotName } from "./words.js";

/** Opened by who wants it; its rows are made only then. */
export function TableFold({ children }: { readonly children: () => ComponentChildren }) {
	const [isOpen, setOpen] = useState(false);
	return (
		<details class="slots" onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{texts.history.table}</summary>
			{isOpen && (
				<div class="wide">
					<table>{children()}</table>
				</div>
			)}
		</details>
	);
}

/** A block's value is told once. */
function isMore(side: Placed, index: number): boolean {
	const bar = barAt(side, index);
	return bar !== undefined && index > 0 && barAt(side, index - 1) === bar;
}

export function SlotTable({
	model,
	names,
	address,
	now,
}: {
	readonly model: BarModel;
	readonly names: readonly [string, string];
	address(span: Span): string;
	readonly now: number;
}) {
	const { span, slots, up, down, unit, ghostUp } = model;
	const hasDown = names[1] !== "" && (down.cells.some(Boolean) || down.blocks.length > 0);
	const hasGhost = ghostUp.length > 0 && ghostUp.some((value) => value !== undefined);
	const number = (value: number | undefined) => (value === undefined ? "–" : exactAmount(value, unit));
	return (
		<TableFold>
			{() => (
				<>
					<thead>
						<tr>
							<th scope="col">{texts.history.time}</th>
							<th scope="col">{`${names[0]}, ${unit}`}</th>
							{hasDown && <th scope="col">{`${names[1]}, ${unit}`}</th>}
							{hasGhost && (span.view === "day" || span.view === "month" || span.view === "year") && (
								<th scope="col">{texts.history.before[span.view]}</th>
							)}
						</tr>
					</thead>
					<tbody>
						{slots.map((slot, index) => {
							if (slot.from > now) return null;
							const to = inside(span, slot);
							const name = slotName(span, slot);
							const bar = barAt(up, index);
							const mark = markOf(model, bar ?? barAt(down, index), index);
							return (
								<tr key={slot.from}>
									<th scope="row">
										{to ? <a href={address(to)}>{name}</a> : name}
										{mark && <small>{mark}</small>}
									</th>
									<td>{isMore(up, index) ? "" : number(bar?.value)}</td>
									{hasDown && <td>{isMore(down, index) ? "" : number(barAt(down, index)?.value)}</td>}
									{hasGhost && <td>{number(ghostUp[index])}</td>}
								</tr>
							);
						})}
					</tbody>
				</>
			)}
		</TableFold>
	);
}
