// One gateway to a state folder: two would write each other's settings and fight for the meter. A file in the folder
// names the processes that hold it; one that has ended without a word (kill -9, power cut) holds nothing.

import { readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LOCK = "running";

/** A process for certain: its number alone comes back after a while, and after each start of the computer. */
interface Holder {
	readonly pid: number;
	/** When it began and in which run of the computer, as Linux tells; empty elsewhere. */
	readonly born: string;
}

/**
 * Takes the folder. `false` where another program holds it; a child of the holder shares it, for a restart. Throws
 * where the folder cannot be written to.
 */
export function lockFolder(folder: string): boolean {
	const file = join(folder, LOCK);
	const own = { pid: process.pid, born: birth(process.pid) ?? "" };
	for (let attempt = 0; attempt < 2; attempt++) {
		try {
			writeFileSync(file, linesOf([own]), { flag: "wx", mode: 0o600 });
			return true;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
		const alive = holders(file).filter(isAlive);
		if (alive.some(({ pid }) => pid === process.ppid)) {
			replace(file, linesOf([...alive, own]));
			return true;
		}
		if (alive.length > 0) return false;
		remove(file);
	}
	return false;
}

/** Gives it back; a parent that shares it keeps it. */
export function unlockFolder(folder: string): void {
	const file = join(folder, LOCK);
	const others = holders(file).filter((holder) => holder.pid !== process.pid && isAlive(holder));
	if (others.length > 0) replace(file, linesOf(others));
	else remove(file);
}

function holders(file: string): readonly Holder[] {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch {
		return [];
	}
	return text
		.split("\n")
		.map((line) => line.split(" "))
		.filter(([pid = ""]) => /^[1-9]\d*$/.test(pid))
		.map(([pid, born = ""]) => ({ pid: Number(pid), born }));
}

function linesOf(held: readonly Holder[]): string {
	return held.map(({ pid, born }) => `${pid} ${born}\n`).join("");
}

function isAlive({ pid, born }: Holder): boolean {
	if (born !== "") return birth(pid) === born;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// It is there, but somebody else's.
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

/** Field 22 of proc_pid_stat(5), behind the name, which may hold blanks and brackets; and the computer's run. */
const START_AFTER_NAME = 19;

function birth(pid: number): string | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_AFTER_NAME];
		const run = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
		return `${run}/${start}`;
	} catch {
		return undefined;
	}
}

function replace(file: string, text: string): void {
	const fresh = `${file}.${process.pid}`;
	writeFileSync(fresh, text, { mode: 0o600 });
	renameSync(fresh, file);
}

function remove(file: string): void {
	try {
		unlinkSync(file);
	} catch {
		// Somebody else was quicker.
	}
}
