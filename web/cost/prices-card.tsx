// What a kilowatt-hour costs now, and when it costs least: a card on the page of the values, where there are prices.

import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { numberFormat, timeFormat } from "../format.js";
import { useAnswer } from "../history/use-history.js";
import { Card, Fact } from "../pieces.js";
import { area, type Plan, PlotFrame } from "../plot-frame.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { extremes, type PricePoint, type PricesJson, pointsOf, varies } from "./prices.js";

const HEIGHT = 150;
const TICK_HOURS = [1, 2, 3, 4, 6, 12];

export function PricesCard() {
	const prices = useAnswer<PricesJson>("prices", true).data;
	if (!prices || prices.model === "off") return null;
	return <Shown prices={prices} />;
}

function Shown({ prices }: { readonly prices: PricesJson }) {
	const { model, currency, now, feedIn, tariffs, tomorrow, problem } = prices;
	const words = texts.prices;
	const points = useMemo(() => pointsOf(prices), [prices]);
	const seconds = Date.now() / 1000;
	const money = (price: number | null) => (price === null ? words.unknown : priceText(price, currency));
	const ends = varies(points) ? extremes(points, seconds) : undefined;
	const at = ({ at, price }: PricePoint) =>
		filled(words.at, {
			price: money(price),
			time: timeFormat({ weekday: "short", hour: "2-digit", minute: "2-digit" }).format(at * 1000),
		});
	return (
		<Card title={words.title} id="prices">
			<dl class="facts">
				{now === null && tariffs ? (
					tariffs.map((price, index) => (
						<Fact
							key={index}
							name={filled(words.tariff, { number: index + 1 })}
							text={filled(words.perUnit, { price: money(price) })}
						/>
					))
				) : (
					<Fact
						name={words.now}
						text={now === null ? words.unknown : filled(words.perUnit, { price: money(now) })}
					/>
				)}
				{ends && <Fact name={words.lowest} text={at(ends[0])} />}
				{ends && <Fact name={words.highest} text={at(ends[1])} />}
				{feedIn !== null && (
					<Fact name={words.feedIn} text={filled(words.perUnit, { price: money(feedIn) })} />
				)}
			</dl>
			{varies(points) && <PricePlot points={points} currency={currency} />}
			{model === "market" && !tomorrow && points.length > 0 && <p class="hint">{words.noTomorrow}</p>}
			{model === "market" && points.length === 0 && <p class="hint">{words.none}</p>}
			{problem && <p class="hint">{filled(words.wrong, { problem })}</p>}
		</Card>
	);
}

function PricePlot({
	points,
	currency,
}: {
	readonly points: readonly PricePoint[];
	readonly currency: string;
}) {
	const data = useMemo(() => stepsOf(points), [points]);
	const known = points.flatMap(({ price }) => (price === null ? [] : [price]));
	return (
		<PlotFrame
			plan={plan}
			data={data}
			height={HEIGHT}
			label={filled(texts.prices.plot, {
				lowest: priceText(Math.min(...known), currency),
				highest: priceText(Math.max(...known), currency),
			})}
		/>
	);
}

/** A price holds until the next one: two points each. */
function stepsOf(points: readonly PricePoint[]): uPlot.AlignedData {
	const ends = points.slice(1).map(({ at }, index) => ({ at, price: points[index]?.price ?? null }));
	const all = points.flatMap((point, index) => [point, ends[index] ?? point]);
	return [all.map(({ at }) => at), all.map(({ price }) => price)];
}

const plan: Plan = (style) => ({
	padding: [8, 14, 0, 0],
	legend: { show: false },
	cursor: { show: false },
	scales: {
		x: { range: (_plot, from, to) => [from, to] },
		y: { range: (_plot, low, high) => [Math.min(low, 0), Math.max(high, 0) * 1.05 || 1] },
	},
	axes: [
		{
			...style.axis,
			grid: { show: false },
			size: 28,
			space: 40,
			incrs: TICK_HOURS.map((hours) => hours * 3600),
			// From midnight on, where the prices begin.
			splits: (plot, _axis, _from, to, step) => {
				const first = plot.data[0][0] ?? to;
				return Array.from(
					{ length: Math.floor((to - first) / step) + 1 },
					(_, index) => first + index * step,
				);
			},
			values: (_plot, times) => times.map((time) => timeFormat({ hour: "2-digit" }).format(time * 1000)),
		},
		{
			...style.axis,
			size: 44,
			space: 30,
			values: (_plot, ticks) => ticks.map((tick) => numberFormat({ maximumFractionDigits: 3 }).format(tick)),
		},
	],
	series: [{}, area(style, "import")],
	hooks: {
		draw: [
			(plot) => {
				const { ctx, bbox } = plot;
				const x = plot.valToPos(Date.now() / 1000, "x", true);
				ctx.save();
				ctx.strokeStyle = style.colour("ink");
				ctx.setLineDash([4, 4]);
				ctx.beginPath();
				ctx.moveTo(x, bbox.top);
				ctx.lineTo(x, bbox.top + bbox.height);
				ctx.stroke();
				ctx.restore();
			},
		],
	},
});

/** Of a kWh: cents count, and parts of them. */
function priceText(price: number, currency: string): string {
	return numberFormat({
		style: "currency",
		currency,
		minimumFractionDigits: 2,
		maximumFractionDigits: 4,
	}).format(price);
}
