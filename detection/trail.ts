// What the steps so far have shown: whether the next one is worth trying, whether a step's facts end the search, and
// which finding it all comes to where nothing was read.

import type { LineCounters } from "../hardware/line.js";
import type { LineSettings, Protocol } from "../protocols/protocol.js";
import type { Finding, FoundSettings } from "./finding.js";
import { type Heard, type Hearing, makerOf } from "./hearing.js";
import { carrier, type Step } from "./plan.js";

/** Fewer bytes than this in all steps are spikes, such as plugging in makes. */
const SPIKES = 8;

export interface LineLimits {
	readonly canInvert: boolean;
	readonly fixedLine: boolean;
}

export class Trail {
	/** The line's counts when the step began. */
	before: LineCounters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	#bytes = 0;
	#text: Finding | undefined;
	#inverted: Finding | undefined;
	#parity: Finding | undefined;
	#damaged: Finding | undefined;
	/** Damaged frames came unasked. */
	#talks = false;
	#echo = false;

	/** Whether a step may still find something. */
	wants({ doing, settings, afterBytes }: Step): boolean {
		if (doing === "listen") {
			// Once the signal is known to be inverted, only inverted settings can read it.
			if (this.#inverted && !settings.invertReceive) return false;
			return !afterBytes || this.#bytes >= SPIKES;
		}
		// Asking is for lines on which nothing was understood: a meter that talks need not be asked.
		return !(this.#text || this.#inverted || this.#parity || this.#talks);
	}

	/** The finding that this step's facts are, or `undefined` where the search goes on. */
	ended(step: Step, hearing: Hearing, { canInvert, fixedLine }: LineLimits): Finding | undefined {
		const { evidence } = hearing;
		const quietBefore = this.#bytes < SPIKES;
		this.#bytes += hearing.foreignBytes;
		if (hearing.isEcho) this.#echo = true;
		const { settings } = step;
		const best = hearing.best;
		switch (hearing.verdict) {
			case "reading":
			case "key-needed":
			case "wrong-key":
			case "wrong-authentication-key":
			case "frames":
				return best && conclusion(best, foundSettings(best.protocol, step, hearing, fixedLine), step);
			case "damaged":
				if (step.doing === "listen") this.#talks = true;
				// In noise something like a damaged answer is soon found.
				else if (!quietBefore) break;
				if (best)
					this.#damaged ??= withFrames(
						"damaged",
						best,
						foundSettings(best.protocol, step, hearing, fixedLine),
					);
				break;
			case "text":
				this.#text ??= { kind: "text", settings: textSettings(settings, hearing) };
				break;
			case "inverted":
				this.#inverted ??= { kind: "inverted", settings: { ...settings, invertReceive: true } };
				if (!canInvert) return this.#inverted;
				break;
			case "parity": {
				const parity = evidence.look === "parity-odd" ? "odd" : "even";
				this.#parity ??= { kind: "parity", settings, suggested: { ...settings, parity } };
			}
		}
		return undefined;
	}

	/** After all steps. `asked`: meters were asked as well. */
	finding(asked: boolean): Finding {
		const known = this.#inverted ?? this.#parity ?? this.#damaged ?? this.#text;
		if (known) return known;
		return this.#bytes >= SPIKES
			? { kind: "noise", bytes: this.#bytes }
			: { kind: "silent", asked, echo: this.#echo };
	}
}

function conclusion({ verdict, reading, rejection }: Heard, found: FoundSettings, { doing }: Step): Finding {
	if (reading) return { kind: "reading", found, reading, asked: doing === "ask" };
	if (verdict === "key-needed" || verdict === "wrong-key" || verdict === "wrong-authentication-key") {
		const systemTitle = rejection?.detail ?? "";
		return { kind: verdict, found, systemTitle, maker: makerOf(systemTitle) ?? "" };
	}
	return withFrames("frames", { rejection }, found);
}

function withFrames(
	kind: "frames" | "damaged",
	{ rejection }: Pick<Heard, "rejection">,
	found: FoundSettings,
): Finding {
	return { kind, found, refusal: rejection ? `${rejection.layer} ${rejection.code}` : "" };
}

/** What was listened to as 8N1 may have been seven bits with parity. */
function textSettings(settings: LineSettings, { evidence }: Hearing): LineSettings {
	const { look } = evidence;
	if (settings.dataBits !== 8 || settings.parity !== "none") return settings;
	if (look === "text7e1") return { ...settings, dataBits: 7, parity: "even" };
	if (look === "text7o1") return { ...settings, dataBits: 7, parity: "odd" };
	return settings;
}

function foundSettings(protocol: Protocol, step: Step, hearing: Hearing, fixedLine: boolean): FoundSettings {
	// How the line is really set, only the device server knows.
	if (fixedLine) return { protocol: protocol.name, settings: protocol.lines[0] };
	const settings = step.doing === "ask" ? step.settings : textSettings(step.settings, hearing);
	// The protocol's own words for the same line, where it has them.
	const own = protocol.lines.find(
		(line) =>
			line.baud === settings.baud &&
			line.dataBits === settings.dataBits &&
			line.parity === settings.parity &&
			carrier(line).stopBits === settings.stopBits &&
			line.invertReceive === settings.invertReceive,
	);
	return { protocol: protocol.name, settings: own ?? settings };
}
