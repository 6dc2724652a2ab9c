// The two places in flash for the firmware, as updates see them: one runs, the other is written. What does it lies in
// hardware/updates.ts.

/** Writes the slot that does not run. One at a time. */
export interface SlotWriter {
	/** Throws where flash cannot be written. */
	write(bytes: Uint8Array): void;
	/** Checks the image as the bootloader would, and has it started next, on trial; throws where it is no good. */
	finish(): void;
	/** Forgets what was written. Harmless after `finish`. */
	abandon(): void;
}

export interface Slots {
	/** Name of the one that runs: `ota_0`. */
	readonly running: string;
	/** What runs is new: unless it is confirmed, the next start goes back to the other slot. */
	readonly onTrial: boolean;
	/** Bytes that a slot holds. */
	readonly size: number;
	/** Begins to write the other slot; throws where that cannot be. */
	open(): SlotWriter;
	/** What runs is good. */
	confirm(): void;
	/** Goes back to the other slot, at once: does not return on a board. */
	rollBack(): void;
}

/** A digest that is fed piece by piece. */
export interface RunningDigest {
	write(bytes: Uint8Array): void;
	/** 32 bytes; once. */
	finish(): Uint8Array;
}
