// Standard output as systemd's journal takes it: it stamps lines with the time itself, and reads how urgent a line is
// from a number in front of it. sd-daemon(3), systemd.exec(5) under $JOURNAL_STREAM.

import { fstatSync } from "node:fs";

const STANDARD_OUTPUT = 1;

/** Whether standard output is the journal: the variable alone may have been inherited. */
export function underJournal(): boolean {
	const stream = process.env.JOURNAL_STREAM;
	if (!stream) return false;
	try {
		const { dev, ino } = fstatSync(STANDARD_OUTPUT, { bigint: true });
		return stream === `${dev}:${ino}`;
	} catch {
		return false;
	}
}
