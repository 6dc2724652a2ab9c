// What tools/test-xs.mjs needs of the project on Node: a real cipher, emulated meters and what they are asked, and the
// reader of captures.

import { AskedMeter } from "../../host/meters/asked-meter.js";
import type { PushMeter } from "../../host/meters/push-meter.js";
import { getRegister } from "../../protocols/kmp/commands.js";
import { encodeFrame, TO_METER } from "../../protocols/kmp/frame.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";

export { fromContent } from "../../host/cli/input-file.js";
export { METERS } from "../../host/meters/meters.js";
export { nodeCipher } from "../../host/platform/cipher.js";

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));
/** Destination of a KMP meter, and registers of heat and electricity meters alike. */
const KMP_METER = 0x3f;
const KMP_REGISTERS = [60, 68, 80, 86, 1003, 1002];

/** A question that each asked meter answers with one reading, by protocol. */
const QUESTIONS: Readonly<Record<string, Uint8Array>> = Object.freeze({
	iec62056: ascii("/?!\r\n"),
	kmp382: ascii("@FE9072\r"),
	kmp: encodeFrame(TO_METER, getRegister(KMP_METER, KMP_REGISTERS), tableChecksums()),
});

/** What a meter sends at `time`: by itself, or as its answer. */
export function sentAt(meter: PushMeter, time: number): Uint8Array {
	if (!(meter instanceof AskedMeter)) return meter.telegram(time);
	const question = QUESTIONS[meter.protocol];
	if (!question) throw new Error(`no question for ${meter.protocol}`);
	return Uint8Array.from(Buffer.concat(meter.heard(question, time).map(({ bytes }) => bytes)));
}
