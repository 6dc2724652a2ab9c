// The page of what was counted: the last hour's power, a day by hour, a month by day, a year by month, all years; with
// the period before, sums, peaks, and files to take away. The address names what is shown, so that it can be kept.

import { useEffect, useMemo, useState } from "preact/hooks";
import { CostCard } from "../cost/cost-card.js";
import { filled, named } from "../texts/filled.js";
import { locale, texts } from "../texts/texts.js";
import { browserZone } from "../zones.js";
import { type BarModel, BarPlot } from "./bar-plot.js";
import {
	aligned,
	type Bar,
	barsOf,
	clockChange,
	compared,
	type HistoryJson,
	placed,
	type Quantity,
	quantitiesOf,
	sumOf,
	yearly,
} from "./bars.js";
import { HourView } from "./hour-view.js";
import { Legend } from "./legend.js";
import { PeaksCard } from "./peaks-card.js";
import { saveBars } from "./picture-file.js";
import { barAt, Readout } from "./readout.js";
import { SlotTable } from "./slot-table.js";
import {
	addressOf,
	boundsOf,
	firstDay,
	hourOf,
	inside,
	moved,
	PERIOD_OF,
	placeIn,
	queryOf,
	type Span,
	slotsOf,
	spanAt,
	turned,
	VIEWS,
	zoneOf,
} from "./span.js";
import { type Figure, Sums, Tariffs, type Turn } from "./sums.js";
import { useAnswer } from "./use-history.js";
import { dated, quantityName, titleOf } from "./words.js";
import "./history.css";

/** Colours of what goes upward and downward. */
const COLOURS: Readonly<Record<string, readonly [string, string]>> = {
	energy: ["import", "export"],
	cost: ["cost", "export"],
	gas_volume: ["gas", "gas"],
	water_volume: ["water", "water"],
	heat_energy: ["heat", "heat"],
	heat_volume: ["heat", "heat"],
	cooling_energy: ["water", "water"],
};
const TURNS: readonly Turn[] = ["day", "month", "year"];

/** The gateway's zone, once it has told it; until then this device's. */
let zoneName = browserZone();
/** Whether the period before is drawn: kept while the page is open. */
let isGhost = true;

export function HistoryPage({ part }: { readonly part: string }) {
	const place = placeIn(part);
	const [now, setNow] = useState(Date.now() / 1000);
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now() / 1000), 30_000);
		return () => clearInterval(timer);
	}, []);
	const { view, quantity } = place;
	const [knownZone, setZone] = useState(zoneName);
	const zone = useMemo(() => zoneOf(knownZone), [knownZone]);
	const present = spanAt(view, now, zone);
	const span: Span = place.at === "" ? present : { view, at: place.at };
	const title = titleOf(span);
	useEffect(() => {
		document.title = `${title} · ${texts.brand}`;
	}, [title]);
	const told = (name: string) => {
		zoneName = name;
		if (name !== knownZone) setZone(name);
	};
	const isPresent = span.at === present.at;
	const goes = (by: number) => (view === "hour" || view === "all" ? undefined : moved(span, by));
	const after = isPresent ? undefined : goes(1);
	const link = (to: Span | undefined, name: string, arrow: string) =>
		to ? (
			<a
				class="turn"
				href={addressOf(to.at === present.at ? { view, at: "" } : to, quantity)}
				aria-label={name}
				title={name}
			>
				{arrow}
			</a>
		) : (
			<span class="turn" aria-hidden="true" />
		);
	return (
		<section class="history">
			<nav class="tabs" aria-label={texts.history.viewsLabel}>
				{VIEWS.map((each) => (
					<a
						key={each}
						href={addressOf(turned(span, each, now, zone), quantity)}
						aria-current={each === view ? "page" : undefined}
					>
						{texts.history.views[each]}
					</a>
				))}
			</nav>
			<div class="period">
				{link(goes(-1), named(texts.history.before, view) ?? "", "‹")}
				<h2 class="title" aria-live="polite">
					{title}
				</h2>
				{link(after, named(texts.history.after, view) ?? "", "›")}
			</div>
			{view === "hour" ? (
				<HourView zone={zone} now={now} />
			) : (
				<Counted
					span={span}
					wanted={quantity}
					now={now}
					zone={zone}
					isPresent={isPresent || view === "all"}
					zoneIs={told}
				/>
			)}
		</section>
	);
}

/** Seconds in which a counter may be late. */
const GRACE = 1800;

type Zone = ReturnType<typeof zoneOf>;

/** A day, month, year, or all of them. */
function Counted({
	span,
	wanted,
	now,
	zone,
	isPresent,
	zoneIs,
}: {
	readonly span: Span;
	readonly wanted: string;
	readonly now: number;
	readonly zone: Zone;
	readonly isPresent: boolean;
	zoneIs(name: string): void;
}) {
	const { view } = span;
	const { data, problem } = useAnswer<HistoryJson>(queryOf(span), isPresent);
	const [ghost, setGhost] = useState(isGhost);
	const [pointed, setPointed] = useState<number>();
	useEffect(() => {
		if (data) zoneIs(data.timeZone);
	}, [data]);
	useEffect(() => setPointed(undefined), [span.at, view]);
	const quantities = useMemo(() => quantitiesOf(data?.columns ?? []), [data]);
	const quantity =
		quantities.find(({ id }) => id === wanted) ??
		quantities.find(({ name }) => name === wanted) ??
		quantities[0];
	const shown = useMemo(
		() => (quantity && data ? shownOf(data, span, quantity, zone, now) : undefined),
		// The present time matters by its year alone.
		[data, quantity, span.at, view, zone, spanAt("year", now, zone).at],
	);
	const language = locale();
	const model = useMemo(() => {
		if (!shown || !quantity) return undefined;
		const colours = COLOURS[quantity.name] ?? ["brand", "brand"];
		const none = { ghostUp: [], ghostDown: [] };
		return { ...shown.model, ...(ghost ? {} : none), colours, span, unit: quantity.unit } satisfies BarModel;
	}, [shown, ghost, language]);
	if (problem && !data) return <p class="notice">{problem}</p>;
	if (!data || !model || !shown || !quantity)
		return (
			<div class="card counted">
				<p class="hint" role="status">
					{data ? texts.history.noCounters : texts.common.loading}
				</p>
			</div>
		);
	const names = sideNames(quantity, quantities);
	const pick = (index: number | undefined) => {
		const slot = index === undefined ? undefined : model.slots[index];
		const to = slot && slot.from < now ? inside(span, slot) : undefined;
		if (to) location.hash = addressOf(to, wanted);
	};
	const kind = TURNS.includes(view as Turn) ? (view as Turn) : undefined;
	const long = clockChange(model.slots);
	const isEmpty = shown.figures.every(({ sum }) => sum === undefined) && shown.isEmpty;
	const label = filled(texts.history.plotLabel, {
		quantity: quantityName(quantity, quantities),
		period: titleOf(span),
	});
	return (
		<>
			{quantities.length > 1 && (
				<nav class="chips" aria-label={texts.history.quantitiesLabel}>
					{quantities.map((each) => (
						<a
							key={each.id}
							href={addressOf(span, each.id)}
							aria-current={each === quantity ? "true" : undefined}
						>
							{quantityName(each, quantities)}
						</a>
					))}
				</nav>
			)}
			<div class="card counted">
				<Sums figures={shown.figures} names={names} unit={quantity.unit} turn={kind} model={model} />
				{shown.tariffs.length > 1 && <Tariffs tariffs={shown.tariffs} unit={quantity.unit} />}
				<Readout
					model={model}
					names={names}
					pointed={pointed}
					address={(to) => addressOf(to, wanted)}
					now={now}
				/>
				<BarPlot model={model} label={label} onPoint={setPointed} onPick={pick} />
				<Legend model={model} names={names} turn={kind} />
				{kind && ghost && shown.figures.some(({ comparison }) => comparison?.isPart) && (
					<p class="hint">{texts.history.comparedPart}</p>
				)}
				{isEmpty && <p class="hint">{emptyText(isPresent, now, zone)}</p>}
				{!isEmpty && hasGap(model, now, shown.since) && <p class="hint">{texts.history.gap}</p>}
				{view === "day" && long !== 0 && (
					<p class="hint">{long < 0 ? texts.history.shortDay : texts.history.longDay}</p>
				)}
				<div class="actions">
					{kind && (
						<button
							type="button"
							class="quiet small"
							aria-pressed={ghost}
							title={texts.history.before[kind]}
							onClick={() => {
								isGhost = !ghost;
								setGhost(isGhost);
							}}
						>
							{texts.history.compare}
						</button>
					)}
					<a
						class="button quiet small"
						href={csvAddress(span)}
						download={`meterling-${span.at || "all"}.csv`}
					>
						{texts.history.csv}
					</a>
					<button
						type="button"
						class="quiet small"
						onClick={() =>
							void saveBars(
								model,
								names,
								shown.figures,
								`${quantityName(quantity, quantities)}, ${titleOf(span)}`,
								kind,
							)
						}
					>
						{texts.history.png}
					</button>
				</div>
				<SlotTable model={model} names={names} address={(to) => addressOf(to, wanted)} now={now} />
			</div>
			{quantity.name === "cost" && view !== "all" && (
				<CostCard period={PERIOD_OF[view]} from={firstDay(span)} to={firstDay(moved(span, 1))} />
			)}
			{quantity.name === "energy" && !quantity.device && (view === "day" || view === "month") && (
				<PeaksCard month={span.at.slice(0, 7)} now={now} zone={zone} />
			)}
		</>
	);
}

/** Bars, sums and comparison of one quantity in one span. */
function shownOf(data: HistoryJson, span: Span, { up, down, tariffs }: Quantity, zone: Zone, now: number) {
	const isAll = span.view === "all";
	const bars = (column: number): readonly Bar[] => {
		if (column < 0) return [];
		const rows = barsOf(data, column);
		return isAll ? yearly(rows, zone) : rows;
	};
	const ups = bars(up);
	const downs = bars(down);
	const since = Math.min(...[...ups, ...downs].map(({ from }) => from));
	const first = Math.min(since, now);
	const slots = slotsOf(span, zone, first, now);
	const before = isAll ? [] : slotsOf(moved(span, -1), zone);
	const [from, to] = isAll ? [0, Number.MAX_SAFE_INTEGER] : boundsOf(span, zone);
	const figure = (side: number, all: readonly Bar[]): Figure => ({
		...{ side, sum: sumOf(all, from, to) },
		comparison: compared(all, slots, all, before),
	});
	const figures = [...(up >= 0 ? [figure(0, ups)] : []), ...(down >= 0 ? [figure(1, downs)] : [])];
	const model = {
		slots,
		up: placed(ups, slots),
		down: placed(downs, slots),
		ghostUp: aligned(ups, before, slots),
		ghostDown: aligned(downs, before, slots),
	};
	return {
		...{ model, figures, since },
		isEmpty: model.up.blocks.length + model.down.blocks.length === 0,
		tariffs: tariffs.flatMap((column) => {
			const sum = sumOf(barsOf(data, column), from, to);
			return sum === undefined ? [] : [{ number: data.columns[column]?.name.slice(-1) ?? "", sum }];
		}),
	};
}

/** Something is not known between what is. */
function hasGap({ slots, up, down }: BarModel, now: number, since: number): boolean {
	const isKnown = (index: number) => barAt(up, index) ?? barAt(down, index);
	return slots.some(({ from, to }, index) => from > since && to < now - GRACE && !isKnown(index));
}

/** What the two sides are called; one name where there is one side. */
function sideNames(quantity: Quantity, all: readonly Quantity[]): readonly [string, string] {
	const { sides } = texts.history;
	if (quantity.down < 0 && quantity.name !== "energy") return [quantityName(quantity, all), ""];
	return quantity.name === "cost" ? [sides.cost, sides.credit] : [sides.import, sides.export];
}

function emptyText(isPresent: boolean, now: number, zone: Zone): string {
	if (!isPresent) return texts.history.nothing;
	const next = new Date((hourOf(now, zone) + 3600 + zone(now)) * 1000).toISOString();
	return filled(texts.history.firstHour, { time: dated(next, { hour: "2-digit", minute: "2-digit" }) });
}

function csvAddress(span: Span): string {
	const to = span.view === "all" ? "" : `&to=${firstDay(moved(span, 1))}`;
	return `/api/v1/history?period=${PERIOD_OF[span.view]}&from=${firstDay(span)}${to}&format=csv`;
}
