// The meter's line lent to a program elsewhere: it hears every byte, and while it writes the gateway's own questions wait.
// The app owns the line; an output (the TCP bridge) asks for it here.

/** How the line is set, as far as a program elsewhere may say. */
export interface TapSettings {
	readonly baud: number;
	readonly dataBits: 7 | 8;
	readonly parity: "none" | "even" | "odd";
	readonly stopBits: 1 | 2;
}

/** What a listener hears; nothing is called from inside a method of the tap. */
export interface TapListener {
	/** Bytes from the meter; only borrowed. */
	bytes(bytes: Uint8Array): void;
	/** Bytes of the meter may be missing from here on, or the line has been opened anew. */
	interrupted(reason: string): void;
}

export interface Tap {
	/** Asks for the meter; false where another writer has it. The gateway's session stands back until `release`. */
	claim(): boolean;
	/** The gateway asks the meter itself again, on its own line settings. */
	release(): void;
	/** To the meter; only between `claim` and `release`, otherwise nothing happens. */
	write(bytes: Uint8Array): void;
	/** As `write`. Inversion stays what the wiring needs. */
	set(settings: TapSettings): void;
	close(): void;
}

export interface MeterTap {
	/** Line settings in force now; `undefined` while the line is not open. */
	readonly settings: TapSettings | undefined;
	listen(listener: TapListener): Tap;
}
