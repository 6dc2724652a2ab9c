// What the looks of bars mean; only those that are there.

import { texts } from "../texts/texts.js";
import type { BarModel } from "./bar-plot.js";
import type { Bar } from "./bars.js";
import type { Turn } from "./sums.js";

export interface Sign {
	readonly look: "solid" | "open" | "estimated" | "block" | "ghost";
	readonly colour: string;
	readonly text: string;
}

export function signsOf(
	model: BarModel,
	names: readonly [string, string],
	turn: Turn | undefined,
): readonly Sign[] {
	const { up, down, colours, ghostUp, ghostDown } = model;
	const [one, other] = colours;
	const cells = [...up.cells, ...down.cells].filter((cell) => cell !== undefined);
	const some = (is: (cell: Bar) => boolean) => cells.some(is);
	const words = texts.history.legend;
	const signs: Sign[] = [];
	const add = (is: boolean, look: Sign["look"], colour: string, text: string) => {
		if (is) signs.push({ look, colour, text });
	};
	const isTwo = names[1] !== "" && down.cells.some(Boolean);
	add(isTwo, "solid", one, names[0]);
	add(isTwo, "solid", other, names[1]);
	const isGhost = [...ghostUp, ...ghostDown].some((value) => value !== undefined);
	if (turn) add(isGhost, "ghost", "ghost", texts.history.before[turn]);
	add(
		some(({ estimated }) => estimated),
		"estimated",
		one,
		words.estimated,
	);
	add(up.blocks.length + down.blocks.length > 0 || some(({ block }) => block), "block", one, words.block);
	add(
		some(({ open, estimated }) => open && !estimated),
		"open",
		one,
		words.open,
	);
	return signs;
}

export function Legend(props: {
	readonly model: BarModel;
	readonly names: readonly [string, string];
	readonly turn: Turn | undefined;
}) {
	const signs = signsOf(props.model, props.names, props.turn);
	if (signs.length === 0) return null;
	return (
		<ul class="legend">
			{signs.map(({ look, colour, text }) => (
				<li key={look + text}>
					<span class={look} style={{ "--mark": `var(--${colour})` }} />
					{text}
				</li>
			))}
		</ul>
	);
}
