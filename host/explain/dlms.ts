// HDLC and M-Bus frames of DLMS push, found among rubbish as the session finds them, and explained field by field.
// A damaged frame is explained too where it is surely one: its header's check is right, or it ends where it should.

import { notificationHeader } from "../../protocols/dlms/apdu.js";
import { GENERAL_CIPHERING, isCiphered } from "../../protocols/dlms/ciphering.js";
import { GENERAL_BLOCK_TRANSFER } from "../../protocols/dlms/gbt.js";
import { FLAG, HdlcReader, type HdlcVerdict } from "../../protocols/dlms/hdlc.js";
import { isLlc } from "../../protocols/dlms/llc.js";
import { LONG_START, MbusReader } from "../../protocols/dlms/mbus.js";
import { Messages } from "./apdu.js";
import {
	addressOfMbus,
	addressWords,
	ciWords,
	controlWords,
	isFormat,
	LAST_SEGMENT,
	lengthFault,
} from "./dlms-words.js";
import type { ExplainOptions } from "./explain.js";
import type { Explanation } from "./explanation.js";
import { View } from "./view.js";
import { checkWords, hex, plural } from "./words.js";

const FCS_BYTES = 2;
const FORMAT_BYTES = 2;
const TITLE_BYTES = 8;
const STOP = 0x16;
const MBUS_HEADER = 4;
const MBUS_FIELDS = 5;

export function explainDlms(source: Uint8Array, out: Explanation, options: ExplainOptions): void {
	const view = View.of(source);
	if (isFragment(source)) {
		const messages = new Messages(out, options);
		messages.message(view, source.length);
		messages.finish(source.length);
		out.recognised += source.length;
		return;
	}
	new Frames(view, out, options).scan();
}

/** A message without frames, as logs hold it. */
function isFragment(bytes: Uint8Array): boolean {
	if (isLlc(bytes, 0, bytes.length)) return true;
	if (isCiphered(bytes[0])) return bytes[0] === GENERAL_CIPHERING || bytes[1] === TITLE_BYTES;
	if (bytes[0] === GENERAL_BLOCK_TRANSFER) return bytes[2] === 0 && bytes[3] === 1;
	return typeof notificationHeader(bytes, 0, bytes.length) !== "string";
}

class Frames {
	readonly #hdlc: HdlcReader;
	readonly #probe: HdlcReader;
	readonly #mbus = new MbusReader();
	readonly #messages: Messages;
	/** Segments of a message that is not whole yet. */
	#segments: View[] = [];

	constructor(
		readonly view: View,
		readonly out: Explanation,
		readonly options: ExplainOptions,
	) {
		this.#hdlc = new HdlcReader(options.checksums);
		this.#probe = new HdlcReader(options.checksums);
		this.#messages = new Messages(out, options);
	}

	scan(): void {
		const { view } = this;
		for (let at = 0; at < view.length; ) {
			const first = view.at(at);
			const used = first === FLAG ? this.#hdlcFrame(at) : first === LONG_START ? this.#mbusFrame(at) : 0;
			at += Math.max(used, 1);
		}
		this.#flush(view.length, "the rest of the message is MISSING");
		this.#messages.finish(view.length);
	}

	/** Bytes explained, the closing flag not among them: it may open the next frame. 0: no frame begins here. */
	#hdlcFrame(at: number): number {
		const { view, out } = this;
		const frame = this.#hdlc;
		const verdict = frame.read(view.bytes, at, view.length);
		const end = this.#hdlcEnd(at, verdict);
		if (end < 0) return 0;
		const start = at + 1;
		out.recognised += end - at;
		if (verdict === "good") out.sound++;
		out.add(view, at, start, "hdlc", "flag", "opens the frame");
		const format = `type 3, ${plural(frame.length, "byte")} between the flags, ${frame.segmented ? "segmented: more follows" : "not segmented"}`;
		out.add(view, start, start + FORMAT_BYTES, "hdlc", "format", format);
		if (frame.controlAt > start) this.#header(start, end, frame.controlAt, verdict);
		if (view.at(end) === FLAG && end < view.length) {
			const opens = this.#probe.read(view.bytes, end, view.length) !== "none" && end + 1 < view.length;
			out.add(
				view,
				end,
				end + 1,
				"hdlc",
				"flag",
				opens && isFormat(view.at(end + 1)) ? "closes this frame, opens the next" : "closes the frame",
			);
		}
		return end - at;
	}

	#header(start: number, end: number, control: number, verdict: HdlcVerdict): void {
		const { view, out } = this;
		const frame = this.#hdlc;
		const source = frame.sourceAt;
		const headerEnd = control + 1;
		out.add(
			view,
			start + FORMAT_BYTES,
			source,
			"hdlc",
			"destination",
			addressWords(view, start + FORMAT_BYTES, source),
		);
		out.add(view, source, control, "hdlc", "source", addressWords(view, source, control));
		out.add(view, control, headerEnd, "hdlc", "control", controlWords(view.at(control)));
		const claimed = start + frame.length;
		const hasInfo = headerEnd + FCS_BYTES < claimed;
		const infoStart = hasInfo ? headerEnd + FCS_BYTES : headerEnd;
		if (hasInfo) this.#check("HCS", start, headerEnd, end);
		const whole = end === claimed;
		if (!whole && view.at(end - 1) === FLAG && end - 1 - FCS_BYTES > infoStart)
			return this.#early(start, infoStart, end);
		const infoEnd = whole ? Math.max(end - FCS_BYTES, infoStart) : end;
		if (infoEnd > infoStart) this.#information(infoStart, infoEnd, end);
		if (whole) this.#check("FCS", start, infoEnd, end);
		else out.note(view, end, "hdlc", "fault", lengthFault(view, claimed, end, verdict));
	}

	/** A frame whose closing flag, at `end - 1`, stands elsewhere than its length says. */
	#early(start: number, infoStart: number, end: number): void {
		const { view, out } = this;
		const flag = end - 1;
		this.#information(infoStart, flag - FCS_BYTES, flag);
		this.#check("FCS", start, flag - FCS_BYTES, flag);
		const claimed = this.#hdlc.length;
		const fault = `NOT WHERE ITS LENGTH SAYS: ${flag - start} bytes between the flags, not ${claimed}`;
		out.add(view, flag, end, "hdlc", "flag", fault);
	}

	/** X-25 over `[start, at)`, low byte first behind it. */
	#check(name: string, start: number, at: number, limit: number): void {
		const { view, out, options } = this;
		if (at + FCS_BYTES > limit) return;
		const actual = view.at(at) | (view.at(at + 1) << 8);
		const expected = options.checksums.x25(view.bytes, start, at);
		out.add(view, at, at + FCS_BYTES, "hdlc", name, checkWords(out.anonymous, expected, actual, 4), "check");
	}

	#information(start: number, end: number, frameEnd: number): void {
		const { view, out } = this;
		const first = isLlc(view.bytes, start, end);
		if (first) this.#flush(start, "the rest of the message is MISSING");
		const starts = first || this.#segments.length > 0 || view.at(start) === GENERAL_BLOCK_TRANSFER;
		if (!starts && this.#hdlc.segmented)
			out.note(view, start, "hdlc", "remark", "no LLC header: segments before this one are MISSING");
		this.#segments.push(view.slice(start, end));
		if (!this.#hdlc.segmented) this.#flush(frameEnd + 1, "");
	}

	/** The segments so far are a message. */
	#flush(anchor: number, remark: string): void {
		if (this.#segments.length === 0) return;
		const message = View.join(this.#segments);
		this.#segments = [];
		if (remark) this.out.note(message, message.length, "message", "fault", remark);
		this.#messages.message(message, Math.min(anchor, this.view.length));
	}

	/** Index of the closing flag, or where the frame breaks off; -1 where none begins at `at`. */
	#hdlcEnd(at: number, verdict: HdlcVerdict): number {
		const { view } = this;
		const frame = this.#hdlc;
		const claimed = at + 1 + frame.length;
		const closed = claimed < view.length && view.at(claimed) === FLAG;
		switch (verdict) {
			case "none":
			case "length":
				return -1;
			case "good":
				return claimed;
			case "more":
				return view.length - at > FORMAT_BYTES ? view.length : -1;
			case "fcs":
				return claimed;
			case "hcs":
				if (closed) return claimed;
				return isLlc(view.bytes, frame.controlAt + 1 + FCS_BYTES, view.length)
					? this.#nextStart(at, view.length)
					: -1;
			default:
				return this.#nextStart(at, Math.min(claimed, view.length));
		}
	}

	/** Where the next frame surely begins behind `at`, but before `limit`: a frame that lost bytes ends there. */
	#nextStart(at: number, limit: number): number {
		const { view } = this;
		for (let next = at + 1; next < limit; next++) {
			if (view.at(next) !== FLAG) continue;
			const verdict = this.#probe.read(view.bytes, next, view.length);
			if (verdict === "good" || verdict === "fcs" || verdict === "flag") {
				return view.at(next - 1) === FLAG ? next - 1 : next;
			}
		}
		return limit;
	}

	/** Bytes explained; 0 where no frame begins here. */
	#mbusFrame(at: number): number {
		const { view, out } = this;
		const frame = this.#mbus;
		const verdict = frame.read(view.bytes, at, view.length, true);
		if (verdict === "none" || (verdict === "more" && view.length - at < MBUS_HEADER)) return 0;
		const size = verdict === "more" ? view.length - at : this.#mbusSize(at, verdict === "good");
		const end = at + size;
		const body = at + MBUS_HEADER;
		const checksum = verdict === "more" ? end : end - 2;
		out.recognised += size;
		if (verdict === "good") out.sound++;
		const length = view.at(at + 1);
		const real = checksum - body;
		const wrapped = verdict !== "more" && real !== length ? ` (${real} in truth: written modulo 256)` : "";
		out.add(view, at, at + 1, "mbus", "start", "long frame");
		out.add(view, at + 1, at + 3, "mbus", "length", `${length} bytes, twice${wrapped}`);
		out.add(view, at + 3, body, "mbus", "start", "again");
		out.add(view, body, Math.min(body + 1, checksum), "mbus", "C", `control ${hex(view.at(body))}`);
		out.add(view, body + 1, Math.min(body + 2, checksum), "mbus", "A", addressOfMbus(view.at(body + 1)));
		const ci = view.at(body + 2);
		out.add(view, body + 2, Math.min(body + 3, checksum), "mbus", "CI", ciWords(ci));
		out.add(
			view,
			body + 3,
			Math.min(body + 4, checksum),
			"mbus",
			"STSAP",
			`source ${hex(view.at(body + 3))}`,
		);
		out.add(
			view,
			body + 4,
			Math.min(body + 5, checksum),
			"mbus",
			"DTSAP",
			`destination ${hex(view.at(body + 4))}`,
		);
		if (verdict === "more") out.note(view, end, "mbus", "fault", "CUT: shorter than its length says");
		else this.#mbusTrailer(body, checksum);
		if ((ci & 0xe0) === 0) this.#mbusData(body + MBUS_FIELDS, checksum, ci, end);
		else out.add(view, body + MBUS_FIELDS, checksum, "mbus", "data", "not a segment of a DLMS message");
		return size;
	}

	/** Whole size of a frame; a damaged one of more than 255 bytes is told by the 16 at its end. */
	#mbusSize(at: number, good: boolean): number {
		const { size } = this.#mbus;
		const wide = size + 0x100;
		const stop = (length: number) =>
			this.view.at(at + length - 1) === STOP && at + length <= this.view.length;
		return !good && !stop(size) && stop(wide) ? wide : size;
	}

	#mbusTrailer(body: number, checksum: number): void {
		const { view, out } = this;
		let sum = 0;
		for (let index = body; index < checksum; index++) sum += view.at(index);
		const words = checkWords(out.anonymous, sum & 0xff, view.at(checksum), 2);
		out.add(view, checksum, checksum + 1, "mbus", "checksum", words, "check");
		const stop = view.at(checksum + 1);
		out.add(
			view,
			checksum + 1,
			checksum + 2,
			"mbus",
			"stop",
			stop === STOP ? "ends the frame" : "WRONG: should be 0x16",
		);
	}

	#mbusData(start: number, end: number, ci: number, anchor: number): void {
		const number = ci & 0x0f;
		if (number === 0) this.#flush(start, "the rest of the message is MISSING");
		else if (this.#segments.length === 0)
			this.out.note(this.view, start, "mbus", "fault", "segments before this one are MISSING");
		if (end > start) this.#segments.push(this.view.slice(start, end));
		if (ci & LAST_SEGMENT) this.#flush(anchor, "");
	}
}
