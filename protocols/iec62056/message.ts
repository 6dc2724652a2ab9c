// What the framer finds in a stream: data blocks, identifications, commands, control characters, table lines.
// Types only.

import type { Rejection } from "../protocol.js";
import type { ACK, NAK } from "./characters.js";
import type { DataSet } from "./data-set.js";
import type { Identification } from "./identification.js";

/** What protected the data: check character by XOR or sum, a P1 CRC, or nothing (mode D). */
export type Protection = "xor" | "sum" | "crc" | "none";

/** Data of one block. `last`: false where EOT says that more blocks follow. */
export interface DataBlock {
	readonly sets: readonly DataSet[];
	readonly protection: Protection;
	readonly last: boolean;
	/** Whether the block followed an identification directly: a readout, not a reply in programming mode. */
	readonly readout: boolean;
	readonly offset: number;
	/** The block's characters, for a readout from its identification on; borrowed until the framer's next `push`. */
	readonly frame: Uint8Array;
}

export interface MessageSink {
	identified(identification: Identification): void;
	/** Takes a whole readout, `DataBlock.frame`, unless it must be taken apart: then false. `words`: the buffer around it. */
	again(frame: Uint8Array, words: Int32Array, protection: Protection): boolean;
	data(block: DataBlock): void;
	/** A command such as `P0`. */
	command(name: string): void;
	control(character: typeof ACK | typeof NAK): void;
	/** One line of a MULTICAL table; `table` where its request `/#n` was heard. */
	table(line: string, table: string | undefined, offset: number, frame: Uint8Array): void;
	rejected(rejection: Rejection): void;
}
