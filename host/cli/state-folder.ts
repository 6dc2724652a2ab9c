// The folder in which a running gateway keeps its name, settings and passwords: one that is named, and stays, or one for
// this run. Only its owner may look into it, and only one gateway at a time may use it.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "./command.js";
import { lockFolder, unlockFolder } from "./instance-lock.js";

export interface StateFolder {
	readonly path: string;
	/** Lets others use it; removes it where it was for this run. */
	release(): void;
}

/** Another program has the folder: no mistake in the arguments, and it may be over soon. */
export class FolderInUse extends Error {
	override readonly name = "FolderInUse";
}

/** Why the program is started, left by the run before or by a service manager: one word. */
const RESET_FILE = "reset";
const OTHERS = 0o077;

export function openStateFolder(given: string | undefined): StateFolder {
	if (given === undefined) {
		const path = mkdtempSync(join(tmpdir(), "meterling-"));
		return { path, release: () => rmSync(path, { recursive: true, force: true }) };
	}
	try {
		mkdirSync(given, { recursive: true, mode: 0o700 });
		if (!lockFolder(given))
			throw new FolderInUse(`another gateway is running in ${given}: end that one first`);
	} catch (error) {
		if (error instanceof FolderInUse) throw error;
		throw new UsageError(`cannot use the folder ${given}: ${(error as NodeJS.ErrnoException).code}`);
	}
	return { path: given, release: () => unlockFolder(given) };
}

/** Whether others than the owner may look into the folder, which may have been there before. */
export function isOpenToOthers({ path }: StateFolder): boolean {
	return process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0;
}

/** Leaves the reason for the next start. */
export function leaveReset({ path }: StateFolder, reason: string): void {
	writeFileSync(join(path, RESET_FILE), reason, { mode: 0o600 });
}

/** The reason that was left, once. */
export function takeReset({ path }: StateFolder): string | undefined {
	const file = join(path, RESET_FILE);
	try {
		const reason = readFileSync(file, "utf8").trim();
		unlinkSync(file);
		return reason;
	} catch {
		return undefined;
	}
}
