// The frame that every plot stands in: uPlot draws, this keeps size, colours and data in step with the page; and a plot
// drawn once, for a picture file.

import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { locale } from "./texts/texts.js";

/** Colours and letters of the page for what is drawn on a canvas, which knows no style sheet. */
export interface PlotStyle {
	/** Of a custom property: `import`. */
	colour(name: string): string;
	readonly font: string;
	/** Of letters against the usual ones: large screens have larger ones (style.css). */
	readonly scale: number;
	readonly axis: uPlot.Axis;
}

/** Pixels of `1rem`, but on large screens and where a person wants others. */
const USUAL_LETTERS = 16;
/** Between two marks of an axis that does not say it. */
const LEAST_SPACE = 30;

/** Options of a plot but for its size. */
export type Plan = (style: PlotStyle) => Omit<uPlot.Options, "width" | "height">;

export function styleOf(element: Element, scale = 1): PlotStyle {
	const style = getComputedStyle(element);
	const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
	const font = style.fontFamily;
	return {
		...{ colour, font, scale },
		axis: {
			stroke: colour("muted"),
			font: `${12 * scale}px ${font}`,
			ticks: { show: false },
			grid: { stroke: colour("line"), width: 1 },
		},
	};
}

export function PlotFrame({
	plan,
	data,
	height,
	label,
}: {
	/** Another function makes another plot. */
	readonly plan: Plan;
	readonly data: uPlot.AlignedData;
	readonly height: number;
	/** What a screen reader says. */
	readonly label: string;
}) {
	const host = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot>(null);
	const theme = useTheme();
	const language = locale();
	useEffect(() => {
		const element = host.current;
		if (!element) return;
		const size = () => ({ width: element.clientWidth, height: element.clientHeight });
		const made = new uPlot({ ...planned(plan, element), ...size() }, data, element);
		plot.current = made;
		const observer = new ResizeObserver(() => made.setSize(size()));
		observer.observe(element);
		return () => {
			observer.disconnect();
			made.destroy();
			plot.current = null;
		};
	}, [plan, height, theme, language]);
	useEffect(() => plot.current?.setData(data), [data]);
	return (
		<div
			class="canvas"
			ref={host}
			role="img"
			aria-label={label}
			style={{ height: `${height / USUAL_LETTERS}rem` }}
		/>
	);
}

/** With room at the axes for its letters. */
function planned(plan: Plan, element: Element): ReturnType<Plan> {
	const letters = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
	const style = styleOf(element, letters / USUAL_LETTERS);
	const { axes = [], ...options } = plan(style);
	return {
		...options,
		axes: axes.map((axis) => ({
			...axis,
			size: (axis.size as number) * style.scale,
			space: ((axis.space as number) ?? LEAST_SPACE) * style.scale,
		})),
	};
}

/** The same plot on a canvas of its own. */
export async function drawn(
	plan: Plan,
	data: uPlot.AlignedData,
	width: number,
	height: number,
): Promise<HTMLCanvasElement> {
	const host = document.createElement("div");
	const plot = new uPlot({ ...plan(styleOf(document.body)), width, height }, data, host);
	// It draws in a task of its own.
	await new Promise((done) => setTimeout(done));
	const { canvas } = plot.ctx;
	plot.destroy();
	return canvas;
}

/** A line with the area between it and zero. */
export function area({ colour }: PlotStyle, name: string): uPlot.Series {
	return {
		stroke: colour(name),
		fill: colour(`${name}-soft`),
		width: 2,
		points: { show: false },
		spanGaps: false,
	};
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
