// Power as a plot: import above the line, export below it; of the last minutes on the page of the values, of the last
// hour in history.

import { useEffect, useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import { ask } from "./api.js";
import { endOf, type PowerJson } from "./history/peaks.js";
import { inTurn } from "./history/turn.js";
import { numberOf } from "./history/words.js";
import type { PowerPoint } from "./picture.js";
import { area, type Plan, PlotFrame } from "./plot-frame.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

const HEIGHT = 220;
const SPANS = [600, 3600] as const;
/** A gap in the line where no reading came for so long (seconds). */
const GAP_SECONDS = 60;
/** Steps between times on the axis: whole minutes, because its labels show no seconds. */
const TICK_SECONDS = [60, 120, 300, 600, 900, 1800, 3600];
/** What the plot shows at least, however few points there are. */
const LEAST_SPAN_SECONDS = 120;
/** Smallest half of the scale, so that standby does not look like a mountain range. */
const LEAST_SCALE_KW = 0.5;
const WATTS_PER_KILOWATT = 1000;

/** What the gateway remembers of the last hour as points. */
export function pointsOf(read: PowerJson): readonly PowerPoint[] {
	const { step, power } = read;
	const end = endOf(read);
	return power.flatMap((watts, index) => {
		if (watts === null) return [];
		const kilowatts = Math.abs(watts) / WATTS_PER_KILOWATT;
		const time = end - (power.length - 0.5 - index) * step;
		return { time, import: watts < 0 ? 0 : kilowatts, export: watts < 0 ? kilowatts : 0 };
	});
}

/** The last hour as the gateway remembers it, from before the page was opened. */
function useEarlier(): readonly PowerPoint[] {
	const [earlier, setEarlier] = useState<readonly PowerPoint[]>([]);
	useEffect(() => {
		void inTurn(() => ask<PowerJson>("GET", "history/power")).then(({ data }) => {
			if (data) setEarlier(pointsOf(data));
		});
	}, []);
	return earlier;
}

export function PowerPlot({ points }: { points: readonly PowerPoint[] }) {
	const [span, setSpan] = useState<number>(SPANS[0]);
	const earlier = useEarlier();
	const first = points[0]?.time ?? 0;
	const all = useMemo(
		() => [...earlier.filter(({ time }) => time < first), ...points],
		[earlier, first, points],
	);
	const data = useMemo(() => powerData(all), [all]);
	const plan = useMemo(() => powerPlan((times) => recent(times, span)), [span]);

	return (
		<section class="card plot" aria-labelledby="plot-title">
			<div class="card-head">
				<h2 id="plot-title">{texts.plot.title}</h2>
				<fieldset class="segments">
					<legend class="hidden">{texts.plot.span}</legend>
					{SPANS.map((seconds) => (
						<label key={seconds} class={seconds === span ? "chosen" : ""}>
							<input type="radio" name="span" checked={seconds === span} onChange={() => setSpan(seconds)} />
							{texts.plot.spans[seconds]}
						</label>
					))}
				</fieldset>
			</div>
			<PlotFrame plan={plan} data={data} height={HEIGHT} label={summary(all, span)} />
			{all.length < 2 && <p class="hint">{texts.plot.fills}</p>}
		</section>
	);
}

function summary(points: readonly PowerPoint[], span: number): string {
	const last = points[points.length - 1];
	if (!last) return texts.plot.empty;
	let highest = 0;
	for (const point of points)
		if (point.time > last.time - span && point.import !== null) highest = Math.max(highest, point.import);
	return filled(texts.plot.summary, { now: last.import ?? 0, highest });
}

/** Times and what is drawn: import, and export below zero. */
export function powerData(points: readonly PowerPoint[]): uPlot.AlignedData {
	const times: number[] = [];
	const imports: (number | null)[] = [];
	const exports: (number | null)[] = [];
	let before = 0;
	for (const point of points) {
		if (before !== 0 && point.time - before > GAP_SECONDS) {
			times.push(before + 1);
			imports.push(null);
			exports.push(null);
		}
		times.push(point.time);
		imports.push(point.import);
		exports.push(point.export ? -point.export : null);
		before = point.time;
	}
	return [times, imports, exports];
}

/** The newest `span` seconds. A page just opened shows its first minutes large, and grows to the whole span. */
function recent(times: ArrayLike<number>, span: number): [number, number] {
	const now = Date.now() / 1000;
	return [Math.max(now - span, Math.min(times[0] ?? now, now - LEAST_SPAN_SECONDS)), now];
}

/** `range`: which times are shown. `zoomed`: parts can be drawn out; told whether one is. */
export function powerPlan(
	range: (times: ArrayLike<number>) => [number, number],
	time = clock,
	zoomed?: (isZoomed: boolean) => void,
): Plan {
	return (style) => ({
		padding: [12, 18, 0, 0],
		legend: { show: false },
		cursor: { y: false, drag: { x: zoomed !== undefined, y: false, dist: 8 }, points: { size: 8 } },
		scales: {
			x: {
				range: (plot, low, high) => {
					const whole = range(plot.data[0]);
					// While nothing is drawn out, uPlot asks for all of the data.
					const { length } = plot.data[0];
					const isWhole =
						!zoomed || low === null || (low === plot.data[0][0] && high === plot.data[0][length - 1]);
					zoomed?.(!isWhole);
					return isWhole ? whole : [low, high];
				},
			},
			y: { range: (_plot, low, high) => scaleRange(low, high) },
		},
		axes: [
			{
				...style.axis,
				grid: { show: false },
				space: 70,
				size: 32,
				incrs: TICK_SECONDS,
				values: (_plot, ticks) => ticks.map((tick) => time(tick)),
			},
			{ ...style.axis, size: 46, values: (_plot, ticks) => ticks.map((tick) => numberOf(Math.abs(tick), 3)) },
		],
		series: [
			{},
			{ label: texts.now.import, ...area(style, "import") },
			{ label: texts.now.export, ...area(style, "export") },
		],
		plugins: [readout(time), touch()],
	});
}

function scaleRange(low: number | null, high: number | null): [number, number] {
	const top = Math.max(high ?? 0, 0);
	const bottom = Math.min(low ?? 0, 0);
	const room = Math.max(top - bottom, LEAST_SCALE_KW) * 0.12;
	return [bottom < 0 ? bottom - room : 0, Math.max(top + room, bottom < 0 ? room : LEAST_SCALE_KW)];
}

/** A small line of text that follows the pointer: time and power there. */
function readout(timeText: typeof clock): uPlot.Plugin {
	const text = document.createElement("div");
	text.className = "readout";
	return {
		hooks: {
			init: (plot) => {
				plot.over.append(text);
			},
			setCursor: (plot) => {
				const { idx } = plot.cursor;
				const time = idx == null ? undefined : plot.data[0][idx];
				const value = idx == null ? undefined : (plot.data[2]?.[idx] ?? plot.data[1]?.[idx]);
				text.hidden = time === undefined || value == null;
				if (text.hidden) return;
				const at = timeText(time as number, true);
				text.textContent = `${at}  ${numberOf(Math.abs(value as number), 3)} kW${(value as number) < 0 ? texts.plot.feeding : ""}`;
			},
		},
	};
}

function clock(seconds: number, exact = false): string {
	const time = new Date(seconds * 1000);
	const two = (part: number) => `${part}`.padStart(2, "0");
	const minutes = `${two(time.getHours())}:${two(time.getMinutes())}`;
	return exact ? `${minutes}:${two(time.getSeconds())}` : minutes;
}

/** A finger that goes along the plot moves the pointer; up and down it scrolls the page as ever. */
export function touch(): uPlot.Plugin {
	return {
		hooks: {
			init: ({ over }) => {
				over.style.touchAction = "pan-y";
			},
			ready: (plot) => {
				const follow = (event: TouchEvent) => {
					const finger = event.touches[0];
					if (!finger) return;
					const { left, top } = plot.over.getBoundingClientRect();
					plot.setCursor({ left: finger.clientX - left, top: finger.clientY - top });
				};
				for (const name of ["touchstart", "touchmove"] as const)
					plot.over.addEventListener(name, follow, { passive: true });
			},
		},
	};
}
