// What auto-detection tries, in which order and for how long: first it only listens, then it asks. Facts, no machinery.
// A signal that is inverted is never silent at its own speed, so inverted settings wait until bytes have been seen.

import type { LineSettings, Parity, Protocol } from "../protocols/protocol.js";
import type { SettingValues } from "../settings/setting.js";

/** One thing that is tried. */
export interface Step {
	readonly doing: "listen" | "ask";
	readonly settings: LineSettings;
	/** Whose sessions hear the bytes; with `ask` the one that asks. */
	readonly protocols: readonly Protocol[];
	/** Ends then at the latest; asking ends earlier where nothing answers. */
	readonly mostMs: number;
	/** Only worth trying where bytes came before. */
	readonly afterBytes: boolean;
}

/** What the line and the person allow. */
export interface PlanOptions {
	readonly protocols: readonly Protocol[];
	/** Nothing is ever sent. */
	readonly listenOnly: boolean;
	/** The UART can invert its receive line. */
	readonly canInvert: boolean;
	/** Speed and parity are another device's (a device server's): only protocols are told apart. */
	readonly fixedLine: boolean;
}

/** Pushing meters send every 1 to 10 s; the longest list takes 2.2 s at 2400 Bd. */
export const LISTEN_MS = 12_500;
/** A frame that is under way when the time is over may end. */
export const LISTEN_EXTRA_MS = 4_000;
/** Between two steps: other settings take effect, and a meter that was asked in vain falls asleep again. */
export const PAUSE_MS = 300;

interface Candidate {
	readonly baud: number;
	readonly parity: Parity;
	readonly afterBytes: boolean;
}

/**
 * Where meters send unasked, by likelihood: HAN, P1 since DSMR 4, older P1 and others; then rare ones.
 * 8N1 stands for 7E1 and 7O1 as well, which are the same ten bits.
 */
const LISTENING = "2400N 115200N 9600N 2400E* 19200N* 4800N* 1200N* 300N*";

/** `*`: only worth trying where bytes came before. */
function candidates(): readonly Candidate[] {
	return LISTENING.split(" ").map((text) => ({
		baud: Number.parseInt(text, 10),
		parity: text.includes("E") ? "even" : "none",
		afterBytes: text.endsWith("*"),
	}));
}

interface Question {
	readonly protocol: string;
	readonly line: number;
	/** Beyond that no meter answers once; a slow readout takes a minute and a half. */
	readonly mostMs: number;
}

/** Who is asked, and at which of the protocol's lines. */
const QUESTIONS: readonly Question[] = Object.freeze([
	{ protocol: "iec62056", line: 0, mostMs: 90_000 },
	{ protocol: "kmp", line: 0, mostMs: 25_000 },
	{ protocol: "kmp", line: 1, mostMs: 25_000 },
	{ protocol: "kmp382", line: 0, mostMs: 20_000 },
]);

/** Settings with which a session only listens. */
const QUIET: SettingValues = Object.freeze({ period: 0, dialogue: "listen" });
/**
 * Settings with which a session asks once and is done with it. KMP: serial number, date, energy and volume of heat
 * meters, energies and power of electricity meters, in one request: every model has some of them.
 */
const ONCE: SettingValues = Object.freeze({
	period: 86_400,
	dialogue: "readout",
	registers: "1001 1003 60 68 80 1 2 1023",
});

/** What of these settings the protocol has, for a step that listens or asks. */
export function detectionSettings(protocol: Protocol, doing: Step["doing"]): SettingValues {
	const wanted = doing === "listen" ? QUIET : ONCE;
	const values: Record<string, string | number | boolean> = {};
	for (const { key } of protocol.settings) {
		const value = wanted[key];
		// IEC 62056-21's `registers` are for programming mode, which nobody asks for here.
		if (value !== undefined) values[key] = value;
	}
	return values;
}

export function detectionPlan(options: PlanOptions): readonly Step[] {
	const { protocols, listenOnly, canInvert, fixedLine } = options;
	const steps: Step[] = [];
	if (fixedLine) steps.push(listening(protocols, { baud: 2400, parity: "none", afterBytes: false }, false));
	else
		for (const candidate of candidates()) {
			// A counter's records come over what has no speed to be found.
			const know = protocols.filter((protocol) => !protocol.source && knows(protocol, candidate));
			if (know.length > 0) steps.push(listening(know, candidate, false));
		}
	if (canInvert && !fixedLine) addInverted(steps, protocols);
	if (!listenOnly) addQuestions(steps, protocols, fixedLine);
	return steps;
}

/** What all steps take at most, in milliseconds; `silentMs`: on a line on which nothing ever comes. */
export function planTime(steps: readonly Step[]): { readonly mostMs: number; readonly silentMs: number } {
	let mostMs = 0;
	let silentMs = 0;
	for (const { doing, mostMs: most, afterBytes } of steps) {
		mostMs += most + PAUSE_MS + (doing === "listen" ? LISTEN_EXTRA_MS : 0);
		if (!afterBytes) silentMs += (doing === "listen" ? most : UNANSWERED_MS) + PAUSE_MS;
	}
	return { mostMs, silentMs };
}

/** About what three unanswered attempts take. */
const UNANSWERED_MS = 7_000;

/**
 * Without parity every protocol hears that has a line without one, whatever its speeds: ptys and adapters with a USB of
 * their own carry bytes at any setting.
 */
function knows(protocol: Protocol, { baud, parity }: Candidate): boolean {
	return protocol.lines.some(
		(line) => carrier(line).parity === parity && (parity === "none" || line.baud === baud),
	);
}

function listening(
	protocols: readonly Protocol[],
	{ baud, parity, afterBytes }: Candidate,
	inverted: boolean,
): Step {
	return {
		doing: "listen",
		settings: {
			baud,
			dataBits: 8,
			parity,
			stopBits: 1,
			invertReceive: inverted,
			invertTransmit: false,
		},
		protocols,
		mostMs: LISTEN_MS,
		afterBytes,
	};
}

/** Each setting that some protocol knows as inverted. */
function addInverted(steps: Step[], protocols: readonly Protocol[]): void {
	for (const candidate of candidates()) {
		const know = protocols.filter(({ lines }) =>
			lines.some(
				(line) =>
					line.invertReceive && line.baud === candidate.baud && carrier(line).parity === candidate.parity,
			),
		);
		if (know.length > 0) steps.push(listening(know, { ...candidate, afterBytes: true }, true));
	}
}

function addQuestions(steps: Step[], protocols: readonly Protocol[], fixedLine: boolean): void {
	const asked: string[] = [];
	for (const { protocol: name, line, mostMs } of QUESTIONS) {
		const protocol = protocols.find((one) => one.name === name);
		const settings = protocol?.lines[line];
		// At a speed that cannot be changed, one question is as good as two.
		if (!protocol || !settings || (fixedLine && asked.includes(name))) continue;
		asked.push(name);
		steps.push({ doing: "ask", settings, protocols: [protocol], mostMs, afterBytes: false });
	}
}

/** Seven bits with parity arrive as eight without. */
export function carrier(settings: LineSettings): LineSettings {
	if (settings.dataBits === 8 || settings.parity === "none") return settings;
	return { ...settings, dataBits: 8, parity: "none" };
}
