// Detection's facts as plain English, for the command line and the page. No key ever appears here: none is a fact.

import type { LineSettings } from "../protocols/protocol.js";
import { makerName } from "../protocols/shared/makers.js";
import { lookUp } from "../protocols/shared/table.js";
import type { Finding, FoundSettings, StepReport, StepResult } from "./finding.js";

const VERDICTS = `
reading a reading
key-needed encrypted frames: a key is needed
wrong-key encrypted frames: the key does not fit
wrong-authentication-key encrypted frames: the authentication key does not fit
frames whole frames, not understood
damaged frames with a wrong checksum
text text that no protocol knows
inverted text, but inverted
parity bytes, but parity does not fit
bytes bytes, but no frame
silent nothing
lost the port went away
`;

/** `2400 8N1`, `115200 8N1 inverted`. */
export function lineText({ baud, dataBits, parity, stopBits, invertReceive }: LineSettings): string {
	const letter = parity === "none" ? "N" : parity === "even" ? "E" : "O";
	return `${baud} ${dataBits}${letter}${stopBits}${invertReceive ? " inverted" : ""}`;
}

/** What a step is about to do. `fixedLine`: the line's settings are not ours. */
export function stepText({ doing, protocols, settings, mostSeconds }: StepReport, fixedLine = false): string {
	const at = fixedLine ? "" : ` at ${lineText(settings)}`;
	const limit = `up to ${Math.round(mostSeconds)} s`;
	return `${doing === "listen" ? "listening" : "asking"}${at} for ${protocols.join(", ")}, ${limit}`;
}

export function resultText(result: StepResult): string {
	const { verdict, seconds, bytes, refusals, parityErrors, framingErrors } = result;
	const facts = [`${bytes} bytes in ${Math.round(seconds * 10) / 10} s`];
	if (verdict === "bytes") facts.push(`${result.printablePercent} % could be text`);
	if (parityErrors > 0) facts.push(`${parityErrors} parity errors`);
	if (framingErrors > 0) facts.push(`${framingErrors} framing errors`);
	if (verdict !== "reading" && refusals.length > 0) facts.push(`refused: ${refusals.join(", ")}`);
	return `${lookUp(VERDICTS, verdict)} (${facts.join("; ")})`;
}

/** The finding in a sentence or two, with what to do next. */
export function findingText(finding: Finding, fixedLine = false): string {
	switch (finding.kind) {
		case "reading":
			return `found: ${where(finding.found, fixedLine)}${finding.asked ? ", when it is asked" : ""}`;
		case "key-needed":
			return `encrypted frames from ${sender(finding)}: a key is needed (${where(finding.found, fixedLine)}). Ask the grid company for it.`;
		case "wrong-key":
			return `key does not fit: wrong key, not a wrong line (${where(finding.found, fixedLine)}, frames from ${sender(finding)}). Does the key belong to this meter?`;
		case "wrong-authentication-key":
			return `the encryption key fits, the authentication key does not (${where(finding.found, fixedLine)}, frames from ${sender(finding)}). Without it the meter can be read, but not proved.`;
		case "frames":
			return `whole frames arrive (${where(finding.found, fixedLine)}), but what is in them is not understood: ${finding.refusal}. meterling explain on a recording shows more.`;
		case "damaged":
			return `frames arrive with errors (${where(finding.found, fixedLine)}): ${finding.refusal}. Settings are probably right: look at wiring, ground, level and the length of the cable.`;
		case "text":
			return `text arrives at ${lineText(finding.settings)}, but in no protocol known here: is it a meter's port?`;
		case "inverted":
			return `signal is inverted: at ${lineText({ ...finding.settings, invertReceive: false })} a telegram shows when it is turned round. Use an adapter that inverts (a P1 cable, a transistor or gate), or switch inversion on where the hardware has it.`;
		case "parity":
			return `bytes arrive but parity is wrong: try ${lineText(finding.suggested)}. Half of the characters are lost at ${lineText(finding.settings)}.`;
		case "noise":
			return `${finding.bytes} bytes arrive, but at no setting a frame: noise, an inverted signal, a loose ground, or a meter that is not known here.`;
		case "silent":
			return silence(finding);
		case "lost":
			return `the port went away: ${finding.reason}`;
	}
}

function silence({ asked, echo }: Extract<Finding, { readonly kind: "silent" }>): string {
	if (!asked)
		return "not one byte: is the meter's port switched on, and its data request or supply wired? Meters that must be asked stay silent; without --listen-only they are asked.";
	if (echo)
		return "only our own echo comes back: the optical head works, the meter does not answer. Turn or shift the head; wake the meter with its button.";
	return "not one byte, asked or not: is the meter's port switched on, wired the right way round, and the head in its place?";
}

function where({ protocol, settings }: FoundSettings, fixedLine: boolean): string {
	return fixedLine ? protocol : `${protocol} at ${lineText(settings)}`;
}

function sender({ maker, systemTitle }: { readonly maker: string; readonly systemTitle: string }): string {
	const name = makerName(maker);
	return name === undefined ? systemTitle : `${name} ${systemTitle}`;
}
