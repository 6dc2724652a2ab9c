// Paints bars on a plot's canvas: solid ones were measured, hatched ones are estimated, pale ones are not over, and a wide
// one with a broken line around it holds what was counted in a long gap, as high as its mean.

import type uPlot from "uplot";
import type { PlotStyle } from "../plot-frame.js";
import type { BarModel } from "./bar-plot.js";
import type { Placed } from "./bars.js";

/** Shares of a slot that are left free on either side. */
const MARGIN = 0.17;
const GHOST_MARGIN = 0.05;
const BLOCK_MARGIN = 0.02;
const HATCH = 5;
const ROUND = 3;
const PALE = 0.45;

export type Look = "solid" | "open" | "estimated" | "block";

interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	/** Downward; negative: upward. */
	readonly height: number;
}

export function painted(plot: uPlot, model: BarModel, style: PlotStyle): void {
	const { ctx, bbox } = plot;
	const ratio = devicePixelRatio;
	const box = (from: number, to: number, value: number): Box => {
		const x = plot.valToPos(from, "x", true);
		const y = plot.valToPos(0, "y", true);
		return { x, y, width: plot.valToPos(to, "x", true) - x, height: plot.valToPos(value, "y", true) - y };
	};
	ctx.save();
	ctx.beginPath();
	ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
	ctx.clip();
	const half = ({ cells, blocks }: Placed, ghosts: BarModel["ghostUp"], name: string, sign: number) => {
		ghosts.forEach((value, index) => {
			if (value === undefined) return;
			ctx.fillStyle = style.colour("ghost");
			bar(ctx, box(index + GHOST_MARGIN, index + 1 - GHOST_MARGIN, value * sign), ratio);
			ctx.fill();
		});
		for (const {
			bar: { value },
			x: [from, to],
		} of blocks) {
			const mean = value / Math.max(to - from, 1);
			lookOf(
				ctx,
				box(from + BLOCK_MARGIN, to - BLOCK_MARGIN, mean * sign),
				style.colour(name),
				"block",
				ratio,
			);
		}
		cells.forEach((cell, index) => {
			if (!cell) return;
			const look = cell.block ? "block" : cell.estimated ? "estimated" : cell.open ? "open" : "solid";
			lookOf(
				ctx,
				box(index + MARGIN, index + 1 - MARGIN, cell.value * sign),
				style.colour(name),
				look,
				ratio,
			);
		});
	};
	half(model.up, model.ghostUp, model.colours[0], 1);
	half(model.down, model.ghostDown, model.colours[1], -1);
	ctx.restore();
	ctx.font = `${12 * ratio * style.scale}px ${style.font}`;
	ctx.fillStyle = style.colour("muted");
	ctx.textAlign = "left";
	ctx.textBaseline = "top";
	ctx.fillText(model.unit, 8 * ratio, 0);
	// Zero stands out where bars go both ways.
	ctx.fillStyle = style.colour("edge");
	ctx.fillRect(
		bbox.left,
		Math.round(plot.valToPos(0, "y", true)),
		bbox.width,
		Math.max(1, Math.round(ratio)),
	);
}

/** One bar. */
export function lookOf(
	ctx: CanvasRenderingContext2D,
	box: Box,
	colour: string,
	look: Look,
	ratio: number,
): void {
	ctx.save();
	bar(ctx, box, ratio);
	ctx.fillStyle = colour;
	ctx.strokeStyle = colour;
	ctx.lineWidth = ratio;
	if (look === "solid") ctx.fill();
	else {
		ctx.globalAlpha = look === "open" ? PALE : 0.16;
		ctx.fill();
		ctx.globalAlpha = 1;
		ctx.save();
		ctx.clip();
		if (look !== "open") hatch(ctx, box, ratio);
		ctx.lineWidth = 2 * ratio;
		if (look !== "estimated") ctx.setLineDash([4 * ratio, 3 * ratio]);
		bar(ctx, box, ratio);
		ctx.stroke();
		ctx.restore();
	}
	ctx.restore();
}

/** Its outline, round where it ends. */
function bar(ctx: CanvasRenderingContext2D, { x, y, width, height }: Box, ratio: number): void {
	const round = Math.min(ROUND * ratio, width / 2, Math.abs(height));
	ctx.beginPath();
	ctx.roundRect(
		x,
		Math.min(y, y + height),
		width,
		Math.abs(height),
		height < 0 ? [round, round, 0, 0] : [0, 0, round, round],
	);
}

function hatch(ctx: CanvasRenderingContext2D, { x, y, width, height }: Box, ratio: number): void {
	const top = Math.min(y, y + height);
	const tall = Math.abs(height);
	ctx.beginPath();
	// Lines of all bars go on in each other: they begin at the canvas's own corner.
	const step = HATCH * ratio;
	const first = Math.floor((x + top) / step) * step;
	for (let at = first; at < x + width + top + tall; at += step) {
		ctx.moveTo(at - top, top);
		ctx.lineTo(at - top - tall, top + tall);
	}
	ctx.stroke();
}
