// Joins what frames carry into whole APDUs: HDLC segments, M-Bus segments, and GBT blocks across messages.
// One buffer, bounded; what does not fit or lacks a part is rejected and forgotten.

import type { Action } from "../protocol.js";
import { GENERAL_BLOCK_TRANSFER, gbtBlock } from "./gbt.js";
import { isLlc, LLC_BYTES } from "./llc.js";
import { rejected } from "./rejection.js";

/** Longest APDU: more than any push list (Kamstrup's longest is 450 bytes) and what Iskraemeco may segment. */
export const LONGEST_APDU = 4096;

/** Takes a whole APDU in `bytes[start, end)` whose first frame began at `offset`. */
export type ApduSink = (bytes: Uint8Array, start: number, end: number, offset: number) => Action;

export class MessageAssembler {
	readonly #buffer = new Uint8Array(LONGEST_APDU);
	readonly #decode: ApduSink;
	readonly #actions: Action[];
	/** Bytes of GBT blocks already joined. */
	#blocks = 0;
	#nextBlock = 1;
	/** End of the message being joined, behind the blocks. */
	#end = 0;
	/** Next segment's number; 0 where no message is being joined. */
	#nextSegment = 0;
	#offset = 0;
	#blocksOffset = 0;
	/** A segment was lost: ignore the rest of its message. */
	#skipping = false;

	/** Readings and rejections are put behind the owner's own `actions`. */
	constructor(decode: ApduSink, actions: Action[]) {
		this.#actions = actions;
		this.#decode = decode;
	}

	/** The information field of an HDLC frame; `segmented`: more follows. */
	hdlc(bytes: Uint8Array, start: number, end: number, segmented: boolean, offset: number): void {
		const first = isLlc(bytes, start, end);
		if (first && this.#nextSegment > 0) this.#abandon("hdlc");
		if (!first && this.#nextSegment === 0) {
			// A frame without LLC that does not go on with a message: a GBT block, or the rest of a lost message.
			if (this.#skipping) {
				this.#skipping = segmented;
				return;
			}
			if (segmented || bytes[start] !== GENERAL_BLOCK_TRANSFER) {
				this.#actions.push(this.#orphan(bytes, start, end, offset));
				this.#skipping = segmented;
				return;
			}
		}
		if (first) this.#skipping = false;
		if (this.#nextSegment === 0) this.#begin(offset);
		if (!this.#append(bytes, first ? start + LLC_BYTES : start, end)) {
			this.#actions.push(rejected("hdlc", "overflow", this.#offset, { expected: LONGEST_APDU }));
			this.#skipping = segmented;
			this.reset();
		} else if (segmented) this.#nextSegment++;
		else this.#complete();
	}

	/** The data of an M-Bus frame: segment `number`, from 0. */
	mbus(bytes: Uint8Array, start: number, end: number, number: number, last: boolean, offset: number): void {
		if (number === 0) {
			if (this.#nextSegment > 0) this.#abandon("mbus");
			this.#skipping = false;
			this.#begin(offset);
		} else if (this.#skipping || number !== this.#nextSegment % 16 || this.#nextSegment === 0) {
			if (!this.#skipping)
				this.#actions.push(
					rejected("mbus", "segment-missing", offset, { expected: this.#nextSegment % 16, actual: number }),
				);
			this.#skipping = true;
			this.#nextSegment = 0;
			return;
		}
		const from = number === 0 && isLlc(bytes, start, end) ? start + LLC_BYTES : start;
		if (!this.#append(bytes, from, end)) {
			this.#actions.push(rejected("mbus", "overflow", this.#offset, { expected: LONGEST_APDU }));
			this.#skipping = !last;
			this.reset();
		} else if (last) this.#complete();
		else this.#nextSegment = number + 1;
	}

	/** Whether parts of a message wait for more. */
	get isPartial(): boolean {
		return this.#nextSegment > 0 || this.#blocks > 0;
	}

	/** Offset of the first frame of the message whose parts wait for more. */
	get partialOffset(): number {
		return this.#blocks > 0 ? this.#blocksOffset : this.#offset;
	}

	/** The line fell silent: a message that lacks its end is rejected. */
	finish(): void {
		if (this.#nextSegment > 0) this.#abandon("hdlc");
		if (this.#blocks > 0) {
			this.#actions.push(rejected("gbt", "truncated", this.#blocksOffset));
			this.reset();
		}
	}

	reset(): void {
		this.#blocks = 0;
		this.#nextBlock = 1;
		this.#nextSegment = 0;
	}

	#orphan(bytes: Uint8Array, start: number, end: number, offset: number): Action {
		if (end - start >= LLC_BYTES && bytes[start] === 0xe6) return rejected("llc", "header", offset);
		return rejected("llc", "header", offset, { expected: 0xe6, actual: bytes[start] ?? 0 });
	}

	#begin(offset: number): void {
		this.#end = this.#blocks;
		this.#offset = offset;
	}

	#append(bytes: Uint8Array, start: number, end: number): boolean {
		if (this.#end + end - start > LONGEST_APDU) return false;
		this.#buffer.set(bytes.subarray(start, end), this.#end);
		this.#end += end - start;
		return true;
	}

	#abandon(layer: "hdlc" | "mbus"): void {
		this.#actions.push(rejected(layer, "segment-missing", this.#offset));
		this.#nextSegment = 0;
	}

	#complete(): void {
		this.#nextSegment = 0;
		const start = this.#blocks;
		if (this.#buffer[start] !== GENERAL_BLOCK_TRANSFER || this.#end === start) {
			if (this.#blocks > 0) this.#actions.push(rejected("gbt", "truncated", this.#blocksOffset));
			this.reset();
			this.#actions.push(this.#decode(this.#buffer, start, this.#end, this.#offset));
			return;
		}
		this.#block(start);
	}

	/** The message is a block: its data move down behind those of the blocks before. */
	#block(start: number): void {
		const block = gbtBlock(this.#buffer, start, this.#end);
		if (!block) {
			this.#actions.push(rejected("gbt", "truncated", this.#offset));
			this.reset();
			return;
		}
		const first = block.number === 1;
		if (first && this.#nextBlock !== 1) {
			this.#actions.push(
				rejected("gbt", "block-missing", this.#blocksOffset, { expected: this.#nextBlock, actual: 1 }),
			);
			this.#blocks = 0;
		} else if (!first && block.number !== this.#nextBlock) {
			this.#actions.push(
				rejected("gbt", "block-missing", this.#offset, { expected: this.#nextBlock, actual: block.number }),
			);
			this.reset();
			return;
		}
		if (first) this.#blocksOffset = this.#offset;
		this.#buffer.copyWithin(this.#blocks, block.dataStart, block.dataEnd);
		this.#blocks += block.dataEnd - block.dataStart;
		this.#nextBlock = block.number + 1;
		if (!block.last) return;
		const end = this.#blocks;
		this.reset();
		this.#actions.push(this.#decode(this.#buffer, 0, end, this.#blocksOffset));
	}
}
