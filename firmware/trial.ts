// A new firmware is on trial: it must reach the network, and the meter where the old one did, within a time; otherwise
// the device goes back to the old one by itself. (A crash or a hang goes back at once: the bootloader starts an
// unconfirmed slot only once.) Pure: facts in, verdict out.

/** What is kept over the restart into the new firmware. */
export interface UpdateRecord {
	readonly version: string;
	/** Slot that it was written from. */
	readonly from: string;
	/** Readings came before the update, so that they must come after it. */
	readonly readings: boolean;
}

/** How the last update ended. */
export type Outcome = "on trial" | "installed" | "rolled back";

export interface TrialFacts {
	/** Seconds since the start. */
	readonly uptime: number;
	/** The network is there: connected, wired, or the access point where there never was another. */
	readonly network: boolean;
	/** A reading has come since the start. */
	readonly reading: boolean;
}

/** What to do now; `undefined`: go on waiting. */
export function verdict(
	facts: TrialFacts,
	record: UpdateRecord | undefined,
	limitSeconds: number,
): "confirm" | "roll back" | undefined {
	const enough = facts.network && (facts.reading || record?.readings === false);
	if (enough) return "confirm";
	return facts.uptime >= limitSeconds ? "roll back" : undefined;
}

/** What became of the update that the record tells of; `undefined` without one. */
export function outcomeOf(
	record: UpdateRecord | undefined,
	running: { readonly slot: string; readonly onTrial: boolean },
): Outcome | undefined {
	if (!record) return undefined;
	if (running.slot === record.from) return "rolled back";
	return running.onTrial ? "on trial" : "installed";
}

/** The record in a file's bytes; `undefined` where it is none. */
export function readUpdateRecord(bytes: Uint8Array | undefined): UpdateRecord | undefined {
	if (!bytes) return undefined;
	try {
		const { version, from, readings } = JSON.parse(
			String.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer),
		);
		if (typeof version !== "string" || typeof from !== "string" || typeof readings !== "boolean")
			return undefined;
		return { version, from, readings };
	} catch {
		return undefined;
	}
}
