// What is shown as a picture file: title, sums, plot and legend, in the page's colours of now.

import type uPlot from "uplot";
import { drawn, type Plan, styleOf } from "../plot-frame.js";
import { saveFile } from "../save-file.js";
import { texts } from "../texts/texts.js";
import { BARS_HEIGHT, type BarModel, barPlan, dataOf } from "./bar-plot.js";
import { type Sign, signsOf } from "./legend.js";
import { lookOf } from "./paint.js";
import type { Figure, Turn } from "./sums.js";
import { amount } from "./words.js";

const WIDTH = 960;
const EDGE = 28;
const TITLE = 24;
const LINE = 24;
const SIGN = 14;
const SMALL = 15;

interface Texts {
	readonly title: string;
	readonly lines: readonly string[];
	readonly signs: readonly Sign[];
	/** Of the file. */
	readonly name: string;
}

export function saveBars(
	model: BarModel,
	names: readonly [string, string],
	figures: readonly Figure[],
	title: string,
	turn: Turn | undefined,
): Promise<void> {
	const sums = figures.map(
		({ side, sum }) => `${names[side]} ${sum === undefined ? "–" : amount(sum, model.unit)}`,
	);
	return savePicture(barPlan(model), dataOf(model), {
		...{ title, lines: [sums.join(" · ")], signs: signsOf(model, names, turn) },
		name: `meterling-${model.span.at || "all"}.png`,
	});
}

export async function savePicture(
	plan: Plan,
	data: uPlot.AlignedData,
	{ title, lines, signs, name }: Texts,
): Promise<void> {
	const plot = await drawn(plan, data, WIDTH - 2 * EDGE, BARS_HEIGHT + 60);
	const ratio = plot.width / (WIDTH - 2 * EDGE);
	const { colour, font } = styleOf(document.body);
	const top = EDGE + TITLE + lines.length * LINE + LINE;
	const height = top + plot.height / ratio + LINE * 2 + EDGE;
	const canvas = document.createElement("canvas");
	canvas.width = WIDTH * ratio;
	canvas.height = height * ratio;
	const ctx = canvas.getContext("2d");
	if (!ctx) return;
	ctx.scale(ratio, ratio);
	ctx.fillStyle = colour("card");
	ctx.fillRect(0, 0, WIDTH, height);
	const write = (text: string, x: number, y: number, size: number, name: string, weight = 400) => {
		ctx.font = `${weight} ${size}px ${font}`;
		ctx.fillStyle = colour(name);
		ctx.fillText(text, x, y);
		return ctx.measureText(text).width;
	};
	write(title, EDGE, EDGE + TITLE - 4, TITLE, "ink", 600);
	lines.forEach((line, index) => {
		write(line, EDGE, EDGE + TITLE + (index + 1) * LINE, SMALL + 1, "ink");
	});
	ctx.drawImage(plot, EDGE, top, plot.width / ratio, plot.height / ratio);
	let x = EDGE;
	const y = top + plot.height / ratio + LINE;
	for (const { look, colour: mark, text } of signs) {
		const box = { x, y: y - SIGN + 2, width: SIGN, height: SIGN };
		lookOf(ctx, box, colour(mark), look === "ghost" ? "solid" : look, 1);
		x += SIGN + 6 + write(text, x + SIGN + 6, y, SMALL - 1, "muted") + 22;
	}
	write(`${texts.brand} · ${location.host}`, EDGE, height - EDGE, SMALL - 2, "muted");
	const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
	if (blob) saveFile(name, blob, blob.type);
}
