// What frames carry, layer by layer: LLC, general block transfer, ciphering, data-notification. Each is taken apart by
// the decoder's own functions; a message that is cut or damaged is explained as far as it goes.

import { DATA_NOTIFICATION, notificationHeader } from "../../protocols/dlms/apdu.js";
import {
	Ciphering,
	type CipheringFault,
	GENERAL_CIPHERING,
	GENERAL_DED_CIPHERING,
	isCiphered,
	readEnvelope,
	TAG_BYTES,
} from "../../protocols/dlms/ciphering.js";
import { DATE_TIME_BYTES } from "../../protocols/dlms/cosem-time.js";
import { type GbtBlock, GENERAL_BLOCK_TRANSFER, gbtBlock } from "../../protocols/dlms/gbt.js";
import { isLlc, LLC_BYTES } from "../../protocols/dlms/llc.js";
import { makerOf } from "../../protocols/dlms/makers.js";
import { hexText, keyBytes } from "../../protocols/shared/text.js";
import { dateTimeWords, explainAxdr } from "./axdr-tree.js";
import type { ExplainOptions } from "./explain.js";
import type { Explanation } from "./explanation.js";
import { securityWords } from "./security.js";
import { View } from "./view.js";
import { hex, plural } from "./words.js";

const INVOKE_ID_BYTES = 4;
const COUNTER_BYTES = 4;
const MAKER_BYTES = 3;
const GBT_LENGTH_AT = 6;
const GBT_WINDOW = 0b0011_1111;
const GBT_STREAMING = 0b0100_0000;
/** Behind a cut message, so that its lengths can be read although its bytes are missing. */
const PADDING = 0x10000;

/** Explains the messages of one line; GBT blocks of several messages are joined. */
export class Messages {
	#blocks: View[] = [];
	#nextBlock = 1;

	constructor(
		readonly out: Explanation,
		readonly options: ExplainOptions,
	) {}

	/** A whole message, LLC included where it has one. `anchor`: source offset behind its last frame. */
	message(view: View, anchor: number): void {
		const start = this.#llc(view);
		const apdu = view.slice(start);
		if (apdu.at(0) === GENERAL_BLOCK_TRANSFER) this.#block(apdu, anchor);
		else explainApdu(apdu, this.out, this.options, anchor);
	}

	/** Blocks whose last one never came. */
	finish(anchor: number): void {
		if (this.#blocks.length > 0) this.#joined("GBT blocks so far (the last one is missing)", anchor);
	}

	#llc(view: View): number {
		if (!isLlc(view.bytes, 0, view.length)) return 0;
		const from = view.at(1) === 0xe7 ? "response or push of a meter" : "command";
		this.out.add(
			view,
			0,
			LLC_BYTES,
			"llc",
			"header",
			`to E6, from ${hexText(view.bytes, 1, 2)}: ${from}; quality 00`,
		);
		return LLC_BYTES;
	}

	#block(view: View, anchor: number): void {
		const { out } = this;
		const block = gbtBlock(view.bytes, 0, view.length);
		const control = view.at(1);
		const number = (view.at(2) << 8) | view.at(3);
		const flags = `${control & 0x80 ? "last block" : "more to come"}${control & GBT_STREAMING ? ", streaming" : ""}`;
		out.add(view, 0, 1, "gbt", "tag", "general block transfer");
		out.add(view, 1, 2, "gbt", "control", `${hex(control)}: ${flags}, window ${control & GBT_WINDOW}`);
		const missing =
			number !== this.#nextBlock && number !== 1 ? ` (block ${this.#nextBlock} is MISSING)` : "";
		out.add(view, 2, 4, "gbt", "block number", `${number}${missing}`);
		out.add(view, 4, 6, "gbt", "acknowledged", `${(view.at(4) << 8) | view.at(5)}`);
		if (!block) {
			out.add(view, GBT_LENGTH_AT, view.length, "gbt", "data", "CUT: shorter than its length says");
			return;
		}
		this.#take(view, block, anchor);
	}

	#take(view: View, block: GbtBlock, anchor: number): void {
		const { out } = this;
		const { dataStart, dataEnd, number, last } = block;
		out.add(view, GBT_LENGTH_AT, dataStart, "gbt", "length", plural(dataEnd - dataStart, "byte"));
		if (number === 1) this.#blocks = [];
		this.#nextBlock = number + 1;
		this.#blocks.push(view.slice(dataStart, dataEnd));
		if (last) this.#joined("", anchor);
		if (dataEnd < view.length)
			out.add(view, dataEnd, view.length, "gbt", "not decoded", "behind the block's data");
	}

	#joined(remark: string, anchor: number): void {
		const view = View.join(this.#blocks);
		this.#blocks = [];
		this.#nextBlock = 1;
		if (remark) this.out.note(view, 0, "gbt", "remark", remark);
		explainApdu(view, this.out, this.options, anchor);
	}
}

/** One APDU without LLC and blocks. */
export function explainApdu(view: View, out: Explanation, options: ExplainOptions, anchor: number): void {
	if (view.length === 0) return;
	if (isCiphered(view.at(0))) explainCiphered(view, out, options, anchor);
	else if (view.at(0) === DATA_NOTIFICATION) explainNotification(view, out);
	else {
		out.add(view, 0, 1, "apdu", "tag", `${hex(view.at(0))}: ${apduName(view.at(0))}`);
		out.add(view, 1, view.length, "apdu", "not decoded", plural(view.length - 1, "byte"));
		out.hideNumbers(view, 1, view.length);
	}
}

function explainNotification(view: View, out: Explanation): void {
	const header = notificationHeader(view.bytes, 0, view.length);
	const idEnd = 1 + INVOKE_ID_BYTES;
	out.add(view, 0, 1, "apdu", "tag", "data-notification");
	out.add(
		view,
		1,
		idEnd,
		"apdu",
		"invoke id",
		`long invoke id and priority ${hexText(view.bytes, 1, Math.min(5, view.length))}`,
	);
	if (typeof header === "string") {
		const why =
			header === "truncated" ? "CUT: the message ends here" : "NO date-time: neither 00 nor 0C stands here";
		out.add(view, idEnd, view.length, "apdu", "not decoded", why);
		if (view.length <= idEnd) out.note(view, view.length, "apdu", "date-time", why);
		return;
	}
	if (header.time < 0) out.add(view, idEnd, header.body, "apdu", "date-time", "none");
	else {
		const tagged = header.time - idEnd > 1 ? ", with a tag that does not belong here" : "";
		out.add(view, idEnd, header.time, "apdu", "date-time", `length ${DATE_TIME_BYTES}${tagged}`);
		out.add(view, header.time, header.body, "apdu", "date-time", dateTimeWords(view, header.time));
	}
	explainAxdr(view.slice(header.body), out);
}

function explainCiphered(view: View, out: Explanation, options: ExplainOptions, anchor: number): void {
	const { bytes, length } = view;
	out.add(view, 0, 1, "cipher", "tag", cipheringName(view.at(0)));
	const padded = new Uint8Array(length + PADDING);
	padded.set(bytes);
	const envelope = readEnvelope(padded, 0, padded.length);
	if ("code" in envelope || envelope.payload >= length) {
		const why = "code" in envelope ? faultWords(envelope) : "CUT: the message ends in its header";
		out.add(view, 1, length, "cipher", "not decoded", why);
		return;
	}
	const { title, payload, payloadEnd } = envelope;
	titleRows(view, title, payload, out);
	const control = view.at(payload);
	const counterEnd = payload + 1 + COUNTER_BYTES;
	out.add(view, payload, payload + 1, "cipher", "security", securityWords(control));
	const counter =
		counterEnd <= length
			? `${Number.parseInt(hexText(bytes, payload + 1, payload + 1 + COUNTER_BYTES), 16)}`
			: "CUT";
	out.add(view, payload + 1, counterEnd, "cipher", "invocation counter", counter);
	const tagged = (control & 0x10) !== 0;
	const textEnd = tagged ? payloadEnd - TAG_BYTES : payloadEnd;
	const cut = payloadEnd > length;
	const size = `${plural(textEnd - counterEnd, "byte")}${cut ? `, CUT: ${payloadEnd - length} of the message are missing` : ""}`;
	out.add(view, counterEnd, textEnd, "cipher", control & 0x20 ? "ciphertext" : "plain text", size);
	if (tagged) out.add(view, textEnd, payloadEnd, "cipher", "tag", `GCM tag, ${plural(TAG_BYTES, "byte")}`);
	if (payloadEnd < length) out.add(view, payloadEnd, length, "cipher", "not decoded", "behind the message");
	if (cut) return;
	open(view, out, options, anchor);
}

function titleRows(view: View, title: Uint8Array, payload: number, out: Explanation): void {
	// The title stands at the end of what comes before its own length; general-ciphering has more fields around it.
	const at = indexOf(view.bytes, title, payload);
	out.add(view, 1, at, "cipher", "title length", plural(title.length, "byte"));
	const letters = String.fromCharCode(...title.subarray(0, MAKER_BYTES));
	const maker = makerOf(title);
	const number = out.identity(hexText(title, MAKER_BYTES));
	out.add(
		view,
		at,
		at + MAKER_BYTES,
		"cipher",
		"system title",
		maker ? `${letters}: ${maker}` : "no maker's letters",
	);
	out.add(
		view,
		at + MAKER_BYTES,
		at + title.length,
		"cipher",
		"system title",
		`number ${number}`,
		"identity",
	);
	out.add(view, at + title.length, payload, "cipher", "length", "of what follows: counter, text and tag");
}

function indexOf(bytes: Uint8Array, part: Uint8Array, limit: number): number {
	for (let at = 1; at + part.length <= limit; at++)
		if (part.every((byte, index) => bytes[at + index] === byte)) return at;
	return 2;
}

function open(view: View, out: Explanation, options: ExplainOptions, anchor: number): void {
	const { cipher, encryptionKey, authenticationKey } = options;
	const ciphering = new Ciphering({
		cipher,
		encryptionKey: keyBytes(encryptionKey),
		authenticationKey: keyBytes(authenticationKey),
		refuseReplay: false,
	});
	const opened = ciphering.open(view.bytes.slice(), 0, view.length);
	if ("code" in opened) {
		out.note(view, view.length, "cipher", "not opened", faultWords(opened));
		return;
	}
	out.note(view, view.length, "cipher", "opened", opened.authentic ? "tag right" : "tag not checked");
	const inner = out.derive(anchor, "plaintext of the message above", opened.plaintext);
	explainApdu(View.of(opened.plaintext), inner, options, opened.plaintext.length);
}

function faultWords({ code }: CipheringFault): string {
	switch (code) {
		case "key-needed":
			return "a key is needed: --encryption-key";
		case "wrong-key":
			return "WRONG KEY: what it gives is no message";
		case "tag":
			return "TAG WRONG: wrong authentication key, or bytes changed on the wire";
		case "title":
			return "the system title has not eight bytes";
		case "suite":
			return "the security suite is not supported";
		case "compressed":
			return "compressed: not supported";
		case "key-info":
			return "the key is agreed upon, not set: not supported";
		default:
			return "CUT: shorter than its length says";
	}
}

function cipheringName(tag: number): string {
	if (tag === GENERAL_CIPHERING) return "general-ciphering";
	return tag === GENERAL_DED_CIPHERING ? "general-ded-ciphering" : "general-glo-ciphering";
}

/** Tags of other xDLMS and ACSE APDUs (IEC 62056-5-3, 9.5). */
function apduName(tag: number): string {
	switch (tag) {
		case 0x60:
			return "AARQ (association request)";
		case 0x61:
			return "AARE (association response)";
		case 0xc0:
			return "get-request";
		case 0xc1:
			return "set-request";
		case 0xc2:
			return "event-notification";
		case 0xc3:
			return "action-request";
		case 0xc4:
			return "get-response";
		case 0xc5:
			return "set-response";
		case 0xc7:
			return "action-response";
		case 0xd8:
			return "exception-response";
		default:
			return "not an APDU that a meter pushes";
	}
}
