// uPlot without what the page's plots never ask of it: legends, logarithmic and dependent scales, upright plots, bands,
// points on lines, axis titles, plots in step with each other, its own dates. Facts about our plots are written into its
// source, and terser takes out what they make unreachable: from 20 KB to about 9, compressed. Everything used stays
// uPlot's own code. Each fact names the text that it replaces and how often that stands there: another version of uPlot
// stops the build, and is looked at by a person (web/plot-frame.tsx says what our plots use).
import { readFileSync } from "node:fs";

/** `[text or pattern, what stands there instead, how often]`; by feature. */
const FACTS = {
	"x and y, one series a row of data": [
		["mode: ifNull(opts.mode, 1),", "", 1],
		[/(const|let) mode = .*\.mode;/g, "", 3],
		[/\bmode == 1\b/g, "true", 16],
		[/\bmode == 2\b/g, "false", 16],
		["{drag: {y: false}}, ", "", 1],
		[/^function setDefaults2[\s\S]+?^\}\n/gm, "", 1],
		[/^const facet = [\s\S]+?^\};\n/gm, "", 1],
		[/^const xySeriesOpts = [\s\S]+?^\};\n/gm, "", 1],
	],
	"x goes right, y goes up": [
		[/\b(scaleX|sx)\.ori == 0/g, "true", 25],
		["scaleX.ori == 1", "false", 9],
		["scale.dir == -1", "false", 2],
		["sc.dir == -1", "false", 1],
		["const dir = scaleX.dir * (true ? 1 : -1);", "const dir = 1;", 4],
		[/(?<!\.)\bdir == 1\b/g, "true", 13],
		["const rect = ori == 0 ? rectH : rectV;", "const rect = rectH;", 1],
		["const rectH = rect(0);", "const rectH = (p, x, y, w, h) => { p.rect(x, y, w, h); };", 1],
		["const rectV = rect(1);", "", 1],
		["const drawAccV = _drawAcc(lineToV);", "", 1],
	],
	"scales are linear, numeric and have a range": [
		["time: FEAT_TIME,", "", 1],
		[/\b(sc|scale|wsc)\.distr == +([234]|100)\b/g, "false", 20],
		[/\bdistr == +(3|4|100)\b/g, "false", 10],
		[/xScaleDistr == \d/g, "false", 6],
		["sc.distr >= 3", "false", 1],
		[/let isTime = true &&[\s\S]*?let sv = s\.value;[\s\S]*?numSeriesLabel\);/g, "", 1],
		["let isTime = sc.time;", "", 2],
		[/\bisTime\b/g, "false", 5],
		[/\tconst _tzDate {2}=[\s\S]*?(?=\tconst activeIdxs)/g, "", 1],
		[/^const \[ timeIncrs.*\n/gm, "", 2],
		["av || numAxisVals", "av", 1],
		[/^const numFormatter = .*\n/gm, "", 1],
		[/^const localTz = .*\n/gm, "", 1],
		[/^const wholeIncrs = .*\n/gm, "", 1],
		["genIncrs(2, -53, 53, [1]);", "", 1],
		[/(days|months)\.map\(slice3\)/g, "[]", 2],
		[/let rangeIsArr = [\s\S]*?(?=sc\.clamp = )/g, "sc.range = rn; sc.auto = fnOrSelf(sc.auto);", 1],
		[/else if \(_min == _max\) \{[\s\S]*?_max = _min \+ round[\s\S]*?rangeNum.*\n\s*\}/g, "", 1],
		[/\b\w+\.from != null/g, "false", 3],
		[/\b\w+\.from == null/g, "true", 4],
	],
	"no legend, no plots in step, no focus": [
		["const showLegend = legend.show;", "const showLegend = false;", 1],
		[/const legend {5}= .*/g, "", 1],
		[/const markers {4}= legend\.markers;\s*\{[\s\S]*?\n\t\}\n/g, "", 1],
		[/if \(legend\.live\) \{\s*const getMultiVals[\s\S]*?\n\t\}\n/g, "", 1],
		[/^const legendOpts = [\s\S]+?^\};\n/gm, "", 1],
		["legend.show && legend.live && shouldSetLegend", "false", 1],
		["if (legend.live) {\n\t\t\t\tactiveIdxs", "{\n\t\t\t\tactiveIdxs", 1],
		["legend.idx = idx;\n\t\t\tsetLegend();", "shouldSetLegend = false;", 1],
		["legendTable?.remove(); // in case mounted outside of root", "", 1],
		["const cursorFocus = focus.prox >= 0;", "", 1],
		[/\bcursorFocus\b/g, "false", 6],
		["const cursorOnePt = false && points.one;", "", 1],
		[/\bcursorOnePt\b/g, "false", 6],
		[/let shouldAlpha = .*/g, "", 1],
		["if (shouldAlpha)", "if (false)", 2],
		["if (deferHooks)", "if (false)", 1],
		[/ctxAlpha != (s\.alpha|_ctxAlpha)/g, "false", 4],
		[/const focus = self\.focus = .*/g, "", 1],
		["if (_pub) {", "if (false) {", 1],
		[/\b(_pub && )?pubSync\(.*\);/g, ";", 5],
		[/const seriesIdxMatcher = [\s\S]*?self\.pub = pub;/g, "", 1],
		["sync.unsub(self);", "", 1],
		[/\t\/\/ internal pub\/sub[\s\S]*?(?=\tif \(showCursor\) \{\n\t\tonMouse\(mousedown)/g, "", 1],
		["src == null", "true", 3],
		["src != null", "false", 1],
		[/\be != null\b/g, "true", 8],
		["{\n\t\t\tif (_l < 0 || _t < 0) {", "if (false) {\n\t\t\tif (_l < 0 || _t < 0) {", 1],
	],
	"lines and areas without bands, points and patterns": [
		[/const bands {3}= .*/g, "", 1],
		[/\tbands\.forEach\(b => \{[\s\S]*?\n\t\}\);\n/g, "", 1],
		["let [ bandFillDir, bandClipDir ] = bandFillClipDirs(u, seriesIdx);", "", 3],
		["bandFillDir != 0", "false", 3],
		["bandClipDir != 0", "false", 3],
		["series.max, bandFillDir)", "series.max, 0)", 3],
		["fillStroke(si, strokeStyle, width", "strokeFill(strokeStyle, width", 1],
		["if (bandClip) {", "if (false) {", 1],
		[" || bandClip", "", 2],
		["strokePath instanceof Map", "false", 1],
		["fillPath instanceof Map", "false", 1],
		["show: seriesPointsShow,", "show: false,", 1],
		["paths: pointsPath,", "", 1],
		["const pointsPath = points() ;", "", 1],
		["points.paths  = fnOrSelf(points.paths);", "", 1],
		[/let _gaps = s\._paths[\s\S]*?if \(show \|\| idxs\) \{/g, "if (false) {", 1],
		["let s = _points ? series[si].points : series[si];\n\n\t\tlet {", "let s = series[si];\n\n\t\tlet {", 1],
		["_points && fillStyle == null", "false", 1],
		["if (!_points) {", "{", 1],
		["if (_points)", "if (false)", 1],
		["const pxRound = pxRoundGen(pxAlign);", "const pxRound = round;", 1],
		["pxRoundGen(s.pxAlign)", "round", 1],
		[/(s\.)?\bpxAlign == 1\b/g, "true", 4],
	],
	"times below, values at the left": [
		["axis.label != null", "false", 3],
		[/\bside == [01]\b/g, "false", 5],
		[/const padding = self\.padding = .*/g, "const padding = opts.padding.map(fnOrSelf);", 1],
		["const _padding = self._padding = ", "const _padding = ", 1],
		[/axis\._rotate = side == 2 \? .*/g, "", 1],
		[/let angle = .*/g, "", 1],
		["angle ||", "", 1],
		[/angle [<>] 0 \? .* :/g, "", 2],
		["if (angle) {", "if (false) {", 1],
		["ctx.rotate(angle);", "", 1],
		["ticks.show ? ticks.size : 0", "0", 1],
		["if (ticks.show) {", "if (false) {", 1],
		["if (border.show) {", "if (false) {", 1],
		[/let _parts = .*/g, "const _parts = [val];", 1],
		["axis.labelFont = pxRatioFont(axis.labelFont);", "", 1],
		["[axis.font, axis.labelFont]", "[axis.font]", 1],
		["axis._el = placeDiv(AXIS, wrap);", "", 1],
		[/axes\.forEach\(\(\{ _el, _show[\s\S]*?\n\t\t\t\}\);\n/g, "", 1],
		["labelFont,\n", "", 2],
		[/^const font {6}= .*/gm, 'const font = "12px sans-serif";', 1],
		["labelGap: 0,", "", 2],
		["labelSize: 30,", "", 2],
		["axis.alignTo == 2", "false", 1],
	],
	"a pointer on x, zoom by drawing along x": [
		["if (cursor.y)\n\t\t\tyCursor = placeDiv(CURSOR_Y, over);", "", 1],
		[/hCursor && .*/g, "", 2],
		["if (cursor._lock)\n", "if (false)\n", 6],
		["cursor._lock = false;", "", 1],
		["else if (cursor.lock) {", "else if (false) {", 1],
		[/dragY = drag\.y && .*/g, "", 1],
		[/dragX = dragY = true;/g, "", 1],
		["let dragY = drag.y;", "", 1],
		["dragX = dragY = drag._x = drag._y = false;", "dragX = false;", 1],
		["dragging = drag._x = drag._y = false;", "dragging = false;", 1],
		["drag._x = dragX;", "", 1],
		["drag._y = dragY;", "", 1],
		["dragX = sdrag._x;\n\t\t\t\tdragY = sdrag._y;", "", 1],
		["let uni = drag.uni;", "", 1],
		["uni != null", "false", 1],
		["dragY = true;", ";", 1],
		["dragY = rawDY >= uni;", "", 1],
		["if (dragX || dragY) {\n\t\t\t\t\tlet", "if (false) {\n\t\t\t\t\tlet", 1],
		[/\bdragY\b/g, "false", 13],
		[/else if \(drag\.x && drag\.y .*\n.*\n\s*\n/g, "\n", 1],
		[
			/if \(cursor\.dataIdx == null\) \{[\s\S]*?\n\t\}\n/g,
			"cursor.dataIdx = (_u, _series, index) => index;\n",
			1,
		],
		["getBBox = points.bbox;", "getBBox;", 1],
		["getBBox != null", "false", 1],
		[/let rect = null;\s+Object[\s\S]*?\n\t\}\);\n/g, "let rect = null;", 1],
		["const under = self.under = placeDiv(UNDER, wrap);", "", 1],
		[/setStylePx\(under,.*/g, "", 4],
		["select.over ? over : under", "over", 1],
		[/self\.redraw = [\s\S]*?\n\t\};\n/g, "", 1],
		[/self\.valToIdx = .*/g, "", 1],
		["log ? positiveIdxs : nonNullIdxs", "nonNullIdxs", 1],
		["log ? isPositive : notNullish", "notNullish", 1],
		[/^const positiveIdxs.*/gm, "", 1],

		["if (opts.id != null)\n\t\troot.id = opts.id;", "", 1],
		["if (opts.title) {", "if (false) {", 1],
		["if (p.opts)", "if (false)", 1],
		[/const drawOrder = .*/g, "const drawOrder = [drawAxesGrid, drawSeries];", 1],
		[/const drawOrderMap = [\s\S]*?\};/g, "", 1],
		[/\tif \(then\) \{[\s\S]*?\telse\n\t\t_init\(\);\n/g, "then.appendChild(root); _init();\n", 1],
	],
};

/** What a plot offers to others, and this page does not call. */
const UNCALLED = [
	...["addSeries", "delSeries", "batch", "setScale", "setSelect", "setSeries", "setLegend"],
	...["addBand", "setBand", "delBand", "posToIdx"],
];

/** For esbuild. */
export const leanPlot = {
	name: "lean-plot",
	setup(bundler) {
		bundler.onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path }) => ({
			contents: lean(readFileSync(path, "utf8")),
		}));
	},
};

function lean(source) {
	const end = source.indexOf("uPlot.assign = assign;");
	let text = `${source.slice(0, end)}export { uPlot as default };`;
	for (const [feature, facts] of Object.entries(FACTS))
		for (const [from, to, times] of facts) {
			const found = typeof from === "string" ? text.split(from).length - 1 : [...text.matchAll(from)].length;
			if (found !== times)
				throw new Error(`uPlot is another: "${feature}": ${from} ${found} times, not ${times}`);
			text = text.replaceAll(from, () => to);
		}
	for (const name of UNCALLED) {
		const line = `\tself.${name} = ${name === "posToIdx" ? "closestIdxFromXpos" : name};\n`;
		if (!text.includes(line)) throw new Error(`uPlot is another: it offers no ${name}`);
		text = text.replace(line, "");
	}
	return text;
}
