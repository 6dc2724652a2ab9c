// "No data?": questions down the left side, what to do at the right, as narrow as a phone. Each question is about a figure
// of /api/v1/health. A mermaid chart of the same would be a thousand units wide.
import { dot, notes, text, wire } from "./symbols.mjs";

const LINE = 15;
const PADDING = 9;
const ASK = { x: 8, width: 114 };
const TELL = { x: 156, width: 198 };
const GAP = 24;
const TOP = 36;

/** `ask`: what to look at; `aside`: the answer that leads to `tell`; the other leads down. */
const STEPS = [
	{
		ask: ["meter.line", "is “open”?"],
		aside: "no",
		down: "yes",
		tell: [
			"“waiting”, “opening”: reason",
			"tells why: a pin the chip refuses,",
			"the port taken, a cable pulled.",
			"“off”: see gateway.mode",
		],
	},
	{
		ask: ["meter.bytes is 0,", "and the meter", "sends by itself?"],
		aside: "yes",
		down: "no",
		tell: [
			"warning: “Not one byte”",
			"Port switched on by the grid",
			"company? P1: Request at 4 V,",
			"pin 3 joined? HAN: 24 V there?",
		],
	},
	{
		ask: ["bytes is 0, and", "it is asked?"],
		aside: "yes",
		down: "no",
		tell: [
			"warning: “does not answer, and",
			"not even an echo”",
			"Head on its window, and fed?",
			"TX and RX swapped?",
		],
	},
	{
		ask: ["meter.framing", "grows?"],
		aside: "yes",
		down: "no",
		tell: ["warning: “lack their stop bit”", "Inverted the wrong way round, or", "another speed"],
	},
	{
		ask: ["meter.parity", "grows?"],
		aside: "yes",
		down: "no",
		tell: ["warning: “wrong parity”", "7E1 against 8N1 or 8E1; else", "a loose ground"],
	},
	{
		ask: ["only what was", "sent comes back?"],
		aside: "yes",
		down: "no",
		tell: ["warning: “Only what was sent”", "Turn the head by 180°"],
	},
	{
		ask: ["meter.overflow", "grows?"],
		aside: "yes",
		down: "no",
		tell: ["The gateway was too slow:", "gateway.longestStall.", "Please report it"],
	},
	{
		ask: ["rejected:", "crc, bcc, check?"],
		aside: "yes",
		down: "no",
		tell: ["A bit is lost now and then:", "pull-up, long cable, daylight,", "a weak ground"],
	},
	{
		ask: ["rejected:", "key-needed, tag,", "wrong-key?"],
		aside: "yes",
		down: "no",
		tell: ["Encrypted: keys from the grid", "company, into the settings"],
	},
	{
		ask: ["rejected: only", "truncated?"],
		aside: "yes",
		down: "no",
		tell: ["Data Request drops, or the", "supply sags while the meter", "sends: gateway.resetReason"],
	},
	{
		ask: ["it did read,", "and stopped?"],
		aside: "yes",
		down: "no",
		tell: ["warning: “has stopped”", "Unplug for ten seconds; boards", "with a switch do it themselves"],
	},
];

/** What `drawing` takes. */
export function faultTree() {
	const parts = [];
	let y = TOP;
	for (const { ask, aside, down, tell } of STEPS) {
		const height = Math.max(ask.length, tell.length) * LINE + 2 * PADDING;
		const middle = y + height / 2;
		parts.push(box(ASK, y, height, ask, "chip"), box(TELL, y, height, tell, "meter"));
		parts.push(
			wire(`${ASK.x + ASK.width},${middle} ${TELL.x},${middle}`),
			arrow(TELL.x, middle, "right"),
			text(ASK.x + ASK.width + 5, middle - 5, aside, { kind: "note" }),
			wire(`${ASK.x + ASK.width / 2},${y + height} ${ASK.x + ASK.width / 2},${y + height + GAP}`),
			arrow(ASK.x + ASK.width / 2, y + height + GAP, "down"),
			text(ASK.x + ASK.width / 2 + 8, y + height + 16, down, { kind: "note" }),
		);
		y += height + GAP;
	}
	parts.push(
		dot(ASK.x + ASK.width / 2, y + 4),
		...notes(y + 24, ["Bytes, but no frame: another protocol. Run detection."]),
	);
	return {
		title: "No data? Ask the health page",
		label: "Fault tree as a list of questions; the text of docs/hardware.md repeats it as a table by way.",
		height: y + 44,
		parts,
	};
}

function box({ x, width }, y, height, lines, kind) {
	const first = y + height / 2 - (lines.length * LINE) / 2 + 11;
	return [
		`<rect class="body ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>`,
		...lines.map((line, index) => text(x + 7, first + index * LINE, line, { kind: "value" })),
	];
}

function arrow(x, y, way) {
	const points = way === "right" ? [x, y, x - 7, y - 4, x - 7, y + 4] : [x, y, x - 4, y - 7, x + 4, y - 7];
	return `<polygon class="part solid" points="${points.join(" ")}"/>`;
}
