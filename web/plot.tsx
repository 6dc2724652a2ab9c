// Power of the last minutes as a plot: import above the line, export below it. uPlot draws; this keeps size, colours
// and data in step with the page.

import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { PowerPoint } from "./picture.js";
import { texts } from "./texts.js";

const words = texts.plot;

const HEIGHT = 220;
const SPANS: readonly { readonly seconds: number; readonly label: string }[] = [
	{ seconds: 600, label: words.spans[600] },
	{ seconds: 3600, label: words.spans[3600] },
];
/** A gap in the line where no reading came for so long (seconds). */
const GAP_SECONDS = 60;
/** Steps between times on the axis: whole minutes, because its labels show no seconds. */
const TICK_SECONDS = [60, 120, 300, 600, 900];
/** What the plot shows at least, however few points there are. */
const LEAST_SPAN_SECONDS = 120;
/** Smallest half of the scale, so that standby does not look like a mountain range. */
const LEAST_SCALE_KW = 0.5;

export function PowerPlot({ points }: { points: readonly PowerPoint[] }) {
	const [span, setSpan] = useState(SPANS[0]?.seconds ?? 0);
	const host = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot>(null);
	const theme = useTheme();

	useEffect(() => {
		const element = host.current;
		if (!element) return;
		const made = new uPlot(options(element, span), data(points), element);
		plot.current = made;
		const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
		observer.observe(element);
		return () => {
			observer.disconnect();
			made.destroy();
		};
	}, [span, theme]);

	useEffect(() => plot.current?.setData(data(points)), [points]);

	return (
		<section class="card plot" aria-labelledby="plot-title">
			<div class="card-head">
				<h2 id="plot-title">{words.title}</h2>
				<fieldset class="segments">
					<legend class="hidden">{words.span}</legend>
					{SPANS.map(({ seconds, label }) => (
						<label key={label} class={seconds === span ? "chosen" : ""}>
							<input type="radio" name="span" checked={seconds === span} onChange={() => setSpan(seconds)} />
							{label}
						</label>
					))}
				</fieldset>
			</div>
			<div class="canvas" ref={host} role="img" aria-label={summary(points, span)} />
			{points.length < 2 && <p class="hint">{words.fills}</p>}
		</section>
	);
}

function summary(points: readonly PowerPoint[], span: number): string {
	const last = points[points.length - 1];
	if (!last) return words.empty;
	let highest = 0;
	for (const point of points)
		if (point.time > last.time - span && point.import !== null) highest = Math.max(highest, point.import);
	return words.summary(last.import ?? 0, highest);
}

function data(points: readonly PowerPoint[]): uPlot.AlignedData {
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

function options(element: HTMLElement, span: number): uPlot.Options {
	const style = getComputedStyle(element);
	const colour = (name: string) => style.getPropertyValue(name).trim();
	const axis = {
		stroke: colour("--muted"),
		font: `12px ${style.fontFamily}`,
		ticks: { show: false },
		grid: { stroke: colour("--line"), width: 1 },
	};
	const area = (name: string) => ({
		stroke: colour(`--${name}`),
		fill: colour(`--${name}-soft`),
		width: 2,
		points: { show: false },
		spanGaps: false,
	});
	return {
		width: element.clientWidth,
		height: HEIGHT,
		padding: [12, 10, 0, 0],
		legend: { show: false },
		cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
		scales: {
			x: {
				range: (plot) => {
					const now = Date.now() / 1000;
					const first = plot.data[0][0] ?? now;
					// A page just opened shows its first minutes large, and grows to the whole span.
					return [Math.max(now - span, Math.min(first, now - LEAST_SPAN_SECONDS)), now];
				},
			},
			y: { range: (_plot, low, high) => scaleRange(low, high) },
		},
		axes: [
			{
				...axis,
				grid: { show: false },
				space: 70,
				size: 32,
				incrs: TICK_SECONDS,
				values: (_plot, ticks) => ticks.map((tick) => clock(tick)),
			},
			{ ...axis, size: 46, values: (_plot, ticks) => ticks.map((tick) => `${Math.abs(tick)}`) },
		],
		series: [
			{},
			{ label: texts.now.import, ...area("import") },
			{ label: texts.now.export, ...area("export") },
		],
		plugins: [readout()],
	};
}

function scaleRange(low: number | null, high: number | null): [number, number] {
	const top = Math.max(high ?? 0, 0);
	const bottom = Math.min(low ?? 0, 0);
	const room = Math.max(top - bottom, LEAST_SCALE_KW) * 0.12;
	return [bottom < 0 ? bottom - room : 0, Math.max(top + room, bottom < 0 ? room : LEAST_SCALE_KW)];
}

/** A small line of text that follows the pointer: time and power there. */
function readout(): uPlot.Plugin {
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
				const at = clock(time as number, true);
				text.textContent = `${at}  ${Math.abs(value as number)} kW${(value as number) < 0 ? words.feeding : ""}`;
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

/** Changes when the system turns light or dark: colours on a canvas do not follow by themselves. */
function useTheme(): boolean {
	const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
	useEffect(() => {
		const query = matchMedia("(prefers-color-scheme: dark)");
		const listen = () => setDark(query.matches);
		query.addEventListener("change", listen);
		return () => query.removeEventListener("change", listen);
	}, []);
	return dark;
}
