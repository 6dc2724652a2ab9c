// Bytes of an unknown meter explained: the protocol that fits, every byte with its meaning, and what is read from them.
// Pure: no files, no output. Keys come in and never go out.

import { dlms } from "../../protocols/dlms/dlms.js";
import { iec62056 } from "../../protocols/iec62056/iec62056.js";
import { kmp } from "../../protocols/kmp/kmp.js";
import { kmp382 } from "../../protocols/kmp382/kmp382.js";
import { p1 } from "../../protocols/p1/p1.js";
import type { Protocol } from "../../protocols/protocol.js";
import { pulse } from "../../protocols/pulse/pulse.js";
import { PROTOCOLS } from "../../protocols/registry.js";
import type { Reading } from "../../readings/reading.js";
import { type DecodeOptions, decodeAuto, decodeWith, type Outcome } from "../cli/decode-bytes.js";
import { hideEverywhere } from "./anonymous.js";
import { explainDlms } from "./dlms.js";
import { Explanation } from "./explanation.js";
import { explainIec62056 } from "./iec62056.js";
import { explainKmp } from "./kmp.js";
import { explainKmp382 } from "./kmp382.js";
import { explainP1 } from "./p1.js";
import { explainPulse } from "./pulse.js";

/** Keys and functions, and whether meter numbers are to be hidden. */
export interface ExplainOptions extends DecodeOptions {
	readonly anonymous: boolean;
}

/** What the bytes are. */
export interface Explained {
	readonly protocol: Protocol | undefined;
	readonly explanation: Explanation;
	/** What the protocol's session reads from the same bytes. */
	readonly readings: readonly Reading[];
}

type Explainer = (source: Uint8Array, out: Explanation, options: ExplainOptions) => void;

const EXPLAINERS: ReadonlyMap<string, Explainer> = new Map<string, Explainer>([
	[dlms.name, explainDlms],
	[p1.name, explainP1],
	[iec62056.name, explainIec62056],
	[kmp.name, explainKmp],
	[kmp382.name, explainKmp382],
	[pulse.name, explainPulse],
]);

/** Explains the bytes as `protocol`, or as the one that fits best. */
export function explainBytes(
	source: Uint8Array,
	protocol: Protocol | undefined,
	options: ExplainOptions,
): Explained {
	const outcome = protocol ? decodeWith(protocol, source, options) : decodeAuto(PROTOCOLS, source, options);
	const chosen = protocol ?? chosenBy(outcome) ?? bestExplainer(source, options);
	const explanation = explainAs(chosen, source, options);
	const readings = outcome && outcome.protocol === chosen ? outcome.readings : [];
	explanation.finish("rubbish");
	hideEverywhere(explanation, readings, options);
	return { protocol: explanation.isRecognised ? chosen : undefined, explanation, readings };
}

/** Whoever gives readings is right. */
function chosenBy(outcome: Outcome | undefined): Protocol | undefined {
	return outcome && outcome.readings.length > 0 ? outcome.protocol : undefined;
}

/** Without a reading: most messages whose check is right, then most bytes recognised. */
function bestExplainer(source: Uint8Array, options: ExplainOptions): Protocol {
	let best: { readonly protocol: Protocol; readonly sound: number; readonly recognised: number } | undefined;
	for (const protocol of PROTOCOLS) {
		const { sound, recognised } = explainAs(protocol, source, options);
		if (!best || sound > best.sound || (sound === best.sound && recognised > best.recognised))
			best = { protocol, sound, recognised };
	}
	return (best ?? { protocol: dlms }).protocol;
}

function explainAs(protocol: Protocol, source: Uint8Array, options: ExplainOptions): Explanation {
	const out = new Explanation(source, options.anonymous);
	EXPLAINERS.get(protocol.name)?.(source, out, options);
	return out;
}
