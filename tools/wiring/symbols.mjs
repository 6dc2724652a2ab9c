// The symbols of the wiring diagrams: each function returns one SVG fragment. A drawing is 360 units wide, so that a
// phone shows it one to one; no text is smaller than 11. Colours are classes: the style sheet has a light and a dark set.

export const WIDTH = 360;

const STYLE = `
.page{fill:#fff}.wire,.part,.body{stroke:#1a1a1a;stroke-width:1.6;fill:none;stroke-linecap:round;stroke-linejoin:round}
.body{fill:#f1f3f6}.meter{fill:#fdf1dc}.chip{fill:#e4effb}.solid,.dot{fill:#1a1a1a}.dot{stroke:none}
.live{stroke:#b3261e}.barrier{stroke:#b3261e;stroke-width:2;stroke-dasharray:6 5;fill:none}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1a1a1a}
.title{font-weight:600;font-size:14px}.head{font-weight:600}.note{font-size:11px;fill:#44474e}.warn{fill:#b3261e;font-weight:600}
.value{font-size:11px}
@media (prefers-color-scheme:dark){
.page{fill:#15181d}.wire,.part,.body{stroke:#e6e6e6}.body{fill:#242932}.meter{fill:#3a2f1a}.chip{fill:#1c3048}
.solid,.dot{fill:#e6e6e6}.live,.barrier{stroke:#ff8a80}text{fill:#eee}.note{fill:#b9bec8}.warn{fill:#ff8a80}}
`;

/** A whole drawing. `parts`: fragments; `label`: what a screen reader says instead of the picture. */
export function drawing({ title, label, height, parts }) {
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(label)}">
<title>${escape(title)}</title>
<style>${STYLE.trim()}</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="6"/>
${text(12, 22, title, { kind: "title" })}
${parts.flat(2).join("\n")}
</svg>
`;
}

export function text(x, y, words, { anchor = "start", kind = "" } = {}) {
	const of = kind ? ` class="${kind}"` : "";
	return `<text x="${x}" y="${y}" text-anchor="${anchor}"${of}>${escape(words)}</text>`;
}

/** Lines of small print under a drawing. */
export function notes(y, lines) {
	return lines.map((line, index) => text(12, y + index * 16, line, { kind: "note" }));
}

/** A line through `points`: `x,y x,y …`. */
export function wire(points, kind = "") {
	return `<polyline class="wire ${kind}" points="${points}"/>`;
}

/** Wires that cross are joined only where there is a dot. */
export function dot(x, y) {
	return `<circle class="dot" cx="${x}" cy="${y}" r="3"/>`;
}

/**
 * A device or connector. `pins`: `[y, words]`; their wires leave at the right edge, or at the left with `side: "left"`.
 * `kind`: `meter` or `chip` for its colour.
 */
export function block({ x, y, width, height, name, pins, side = "right", kind = "meter" }) {
	const edge = side === "right" ? x + width : x;
	const anchor = side === "right" ? "end" : "start";
	const inset = side === "right" ? -6 : 6;
	return [
		`<rect class="body ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>`,
		text(x + width / 2, y + 16, name, { anchor: "middle", kind: "head" }),
		...pins.map(([at, words]) => text(edge + inset, at + 4, words, { anchor })),
	];
}

/** A resistor across `x`, 30 long; `name` above it and `value` below. */
export function resistor(x, y, name, value) {
	return [
		`<rect class="body" x="${x - 15}" y="${y - 6}" width="30" height="12"/>`,
		text(x, y - 10, name, { anchor: "middle", kind: "value" }),
		text(x, y + 18, value, { anchor: "middle", kind: "value" }),
	];
}

/** The same, upright; its words stand at `side`. */
export function uprightResistor(x, y, name, value, side = "right") {
	const at = side === "right" ? x + 10 : x - 10;
	const anchor = side === "right" ? "start" : "end";
	return [
		`<rect class="body" x="${x - 6}" y="${y - 15}" width="12" height="30"/>`,
		text(at, y - 2, name, { anchor, kind: "value" }),
		text(at, y + 12, value, { anchor, kind: "value" }),
	];
}

/** A capacitor, upright, 16 between its ends. */
export function capacitor(x, y, name, value) {
	return [
		wire(`${x - 9},${y - 3} ${x + 9},${y - 3}`),
		wire(`${x - 9},${y + 3} ${x + 9},${y + 3}`),
		wire(`${x},${y - 12} ${x},${y - 3}`),
		wire(`${x},${y + 3} ${x},${y + 12}`),
		text(x + 14, y - 2, name, { kind: "value" }),
		text(x + 14, y + 12, value, { kind: "value" }),
	];
}

/** Ground, hanging from `x, y`. */
export function ground(x, y) {
	return [
		wire(`${x},${y} ${x},${y + 6}`),
		`<path class="wire" d="M${x - 9} ${y + 6}h18M${x - 6} ${y + 10}h12M${x - 3} ${y + 14}h6"/>`,
	];
}

/** A supply rail, standing on `x, y`. */
export function supply(x, y, volts) {
	return [
		wire(`${x},${y} ${x},${y - 8}`),
		`<path class="wire" d="M${x - 8} ${y - 8}h16"/>`,
		text(x, y - 12, volts, { anchor: "middle", kind: "value" }),
	];
}

/** Light arrows that leave (or, `inward`, meet) a part towards the left. */
export function light(x, y, inward = false) {
	const arrow = (dy) =>
		inward
			? `M${x - 16} ${y + dy - 6}l11 5m-5 -4.500l5 4.500l-6.500 1.500`
			: `M${x} ${y + dy}l-11 -5m6.500 -0.500l-6.500 0.500l4.500 5`;
	return `<path class="part" stroke-width="1.200" d="${arrow(0)}${arrow(9)}"/>`;
}

/** A light-emitting diode, upright: anode above. */
export function led(x, y) {
	return `<path class="part solid" d="M${x - 8} ${y - 7}h16l-8 13z"/><path class="part" d="M${x - 8} ${y + 6}h16M${x} ${y - 16}v9M${x} ${y + 6}v10"/>`;
}

/** A phototransistor, upright: collector above, light from the left. */
export function phototransistor(x, y) {
	return `<path class="part" d="M${x - 8} ${y - 10}v20M${x - 8} ${y - 4}l8 -7v-9M${x - 8} ${y + 4}l8 7v9"/><path class="part solid" d="M${x} ${y + 11}l-6 -1.500l3.500 -4z"/>`;
}

/**
 * An optocoupler 64 wide and 64 high round `x, y`. Its four ends lie 32 beside the middle and 16 above and below: the diode's
 * (anode above) on the side of `from`, the transistor's (collector above) on the other.
 */
export function optocoupler(x, y, name, from = "left") {
	const turn = from === "left" ? 1 : -1;
	const at = (dx) => x + turn * dx;
	return [
		`<rect class="body" x="${x - 32}" y="${y - 32}" width="64" height="64" rx="3"/>`,
		`<path class="part solid" d="M${at(-16) - 7} ${y - 6}h14l-7 12z"/>`,
		`<path class="part" d="M${at(-16) - 7} ${y + 6}h14M${at(-32)} ${y - 16}H${at(-16)}V${y - 6}M${at(-16)} ${y + 6}V${y + 16}H${at(-32)}"/>`,
		`<path class="part" d="M${at(10)} ${y - 9}v18M${at(10)} ${y - 4}L${at(19)} ${y - 10}V${y - 16}H${at(32)}M${at(10)} ${y + 4}L${at(19)} ${y + 10}V${y + 16}H${at(32)}"/>`,
		`<path class="part solid" d="M${at(19)} ${y + 10}L${at(13)} ${y + 9}L${at(16)} ${y + 5}z"/>`,
		`<path class="part" d="M${at(-6)} ${y - 3}L${at(5)} ${y - 3}M${at(-6)} ${y + 3}L${at(5)} ${y + 3}M${at(2)} ${y - 6}L${at(5)} ${y - 3}L${at(2)} ${y}M${at(2)} ${y}L${at(5)} ${y + 3}L${at(2)} ${y + 6}"/>`,
		text(x - 28, y - 37, name, { kind: "value" }),
	];
}

/** Where the two sides must stay apart: a broken line from `from` to `to`. */
export function barrier(x, from, to) {
	return `<path class="barrier" d="M${x} ${from}V${to}"/>`;
}

/** A meter's optical port seen from its front: its receiver at the left, its transmitter at the right. */
export function opticalPort(x, y) {
	return [
		`<circle class="body meter" cx="${x}" cy="${y}" r="34"/>`,
		`<circle class="part" cx="${x - 14}" cy="${y}" r="6"/>`,
		`<circle class="part solid" cx="${x + 14}" cy="${y}" r="6"/>`,
	];
}

function escape(words) {
	return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
