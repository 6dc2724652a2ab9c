// Bars of what was counted: upward what came in, downward what went out, behind them the period before. uPlot has the
// axes, the scales and the pointer; the bars are painted here, because estimated, open and lumped ones look different.

import { useMemo, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { touch } from "../plot.js";
import { type Plan, PlotFrame } from "../plot-frame.js";
import type { Placed } from "./bars.js";
import { painted } from "./paint.js";
import type { Slot, Span } from "./span.js";
import { clockOf, dated, numberOf } from "./words.js";

/** What is drawn. */
export interface BarModel {
	readonly span: Span;
	readonly slots: readonly Slot[];
	readonly up: Placed;
	readonly down: Placed;
	/** Of the period before, by slot; empty: not shown. */
	readonly ghostUp: readonly (number | undefined)[];
	readonly ghostDown: readonly (number | undefined)[];
	/** Custom properties of the two colours. */
	readonly colours: readonly [string, string];
	readonly unit: string;
}

export const BARS_HEIGHT = 300;
const LEAST_LABEL = 30;
const STEPS = [1, 2, 3, 4, 6, 7, 10, 12, 24];
const HEADROOM = 1.06;

type Chosen = (index: number | undefined) => void;

export function BarPlot({
	model,
	label,
	onPoint,
	onPick,
}: {
	readonly model: BarModel;
	readonly label: string;
	/** The pointer is over that slot. */
	readonly onPoint: Chosen;
	/** That slot was clicked, or touched a second time. */
	readonly onPick: Chosen;
}) {
	const told = useRef({ onPoint, onPick });
	told.current = { onPoint, onPick };
	const plan = useMemo(
		() =>
			barPlan(
				model,
				(index) => told.current.onPoint(index),
				(index) => told.current.onPick(index),
			),
		[model],
	);
	const data = useMemo(() => dataOf(model), [model]);
	return <PlotFrame plan={plan} data={data} height={BARS_HEIGHT} label={label} />;
}

/** For the pointer alone: the middle of each slot. */
export function dataOf({ slots }: BarModel): uPlot.AlignedData {
	const middles = slots.map((_, index) => index + 0.5);
	return [middles, middles.map(() => 0)];
}

export function barPlan(model: BarModel, onPoint?: Chosen, onPick?: Chosen): Plan {
	const { slots } = model;
	const [bottom, top] = scaleOf(model);
	return (style) => ({
		padding: [20, 6, 0, 0],
		legend: { show: false },
		cursor: {
			y: false,
			points: { show: false },
			// The band's snapping is taken for a drag, after which uPlot lets no click through.
			drag: { x: false, y: false, click: () => undefined },
			// The pointer's band stands on a whole slot.
			move: (plot, left, under) => {
				if (left < 0) return [left, under];
				const index = Math.min(slots.length - 1, Math.floor(plot.posToVal(left, "x")));
				return [plot.valToPos(index + 0.5, "x"), under];
			},
		},
		scales: {
			x: { time: false, range: () => [0, Math.max(1, slots.length)] },
			y: { range: () => [bottom, top] },
		},
		axes: [
			{
				...style.axis,
				grid: { show: false },
				size: 32,
				splits: (plot) => {
					const width = plot.width / Math.max(1, slots.length);
					const wanted = STEPS.find((each) => each * width >= LEAST_LABEL) ?? 1;
					return slots.flatMap((_, index) => (index % wanted === 0 ? [index + 0.5] : []));
				},
				values: (_plot, splits) => splits.map((at) => shortName(model.span, slots[Math.floor(at)])),
			},
			{
				...style.axis,
				size: 50,
				values: (_plot, ticks) => ticks.map((tick) => numberOf(Math.abs(tick), 6)),
			},
		],
		series: [{}, { paths: () => null, points: { show: false } }],
		hooks: {
			draw: [(plot) => painted(plot, model, style)],
			setSize: [band],
			ready: [
				band,
				({ over }) => {
					if (onPick) over.style.cursor = "pointer";
				},
			],
			setCursor: [({ cursor: { idx, left = -1 } }) => onPoint?.(left < 0 ? undefined : (idx ?? undefined))],
		},
		plugins: [
			touch(),
			{
				hooks: {
					ready: ({ over, cursor }) => {
						// A finger's first touch shows the values, its second goes in.
						let isFirst = false;
						let before: number | null | undefined;
						over.addEventListener("pointerdown", ({ pointerType }) => {
							before = cursor.idx;
							isFirst = pointerType === "touch";
						});
						over.addEventListener("click", () => {
							if (!isFirst || before === cursor.idx) onPick?.(cursor.idx ?? undefined);
						});
					},
				},
			},
		],
	});

	/** The pointer's band is as wide as a slot. */
	function band({ root, over }: uPlot): void {
		root.style.setProperty("--slot", `${over.clientWidth / Math.max(1, slots.length)}px`);
	}
}

/** From the lowest to the highest bar, and zero. */
function scaleOf({ up, down, ghostUp, ghostDown }: BarModel): readonly [number, number] {
	const most = ({ cells, blocks }: Placed, ghosts: BarModel["ghostUp"]) =>
		Math.max(
			0,
			...cells.map((cell) => cell?.value ?? 0),
			...ghosts.map((ghost) => ghost ?? 0),
			...blocks.map(({ bar, x: [from, to] }) => bar.value / Math.max(to - from, 1)),
		) * HEADROOM;
	const top = most(up, ghostUp);
	const bottom = -most(down, ghostDown);
	return [bottom, top || (bottom < 0 ? -bottom * (HEADROOM - 1) : 1)];
}

/** What stands under a slot. */
function shortName({ view }: Span, slot: Slot | undefined): string {
	if (!slot) return "";
	if (view === "day") return clockOf(slot.local).slice(0, 2);
	if (view === "month") return `${Number(slot.key)}`;
	return view === "all" ? slot.key : dated(slot.local, { month: "short" });
}
