// The firmware's slots, simulated, for Node and for XS on Linux: the same file for both, so it uses nothing of Node. There
// is such a flash only where `slots.json` lies in the state folder (tests, `meterling portal`); its slots are files
// beside it. What is written there is never run: a restart only changes which of the two is said to run.

import root from "embedded:storage/files";

const FILE = "slots.json";
const SLOT_SIZE = 1_700_000;

/** `key`: the maker's, in hexadecimal digits. `state` is kept as ESP-IDF's bootloader keeps it. */
interface Flash {
	readonly key?: string;
	readonly board: string;
	running: 0 | 1;
	state: "confirmed" | "new" | "trial";
}

interface StoredFile {
	read(count: number, position: number): ArrayBuffer;
	write(bytes: Uint8Array, position: number): void;
	close(): void;
}

interface Folder {
	status(path: string): { readonly size: number; isFile(): boolean };
	openFile(options: { path: string; mode: string }): StoredFile;
}

const folder = root as unknown as Folder;
const state: { flash: Flash | undefined; read: boolean; slot: StoredFile | undefined; written: number } = {
	flash: undefined,
	read: false,
	slot: undefined,
	written: 0,
};

export function source(): { readonly key: string | undefined; readonly board: string | undefined } {
	const flash = booted();
	return { key: flash?.key, board: flash?.board };
}

export function running(): string {
	return `ota_${booted()?.running ?? 0}`;
}

export function onTrial(): boolean {
	return booted()?.state === "trial";
}

export function size(): number {
	return booted() ? SLOT_SIZE : 0;
}

export function begin(): void {
	abandon();
	const flash = booted();
	if (!flash) throw new Error("there is no second slot");
	state.slot = folder.openFile({ path: `slot-${1 - flash.running}.bin`, mode: "w" });
	state.written = 0;
}

export function write(bytes: Uint8Array): void {
	if (!state.slot) throw new Error("no slot is being written");
	state.slot.write(bytes, state.written);
	state.written += bytes.length;
}

export function finish(): void {
	const flash = booted();
	if (!state.slot || !flash) throw new Error("no slot is being written");
	abandon();
	keep({ ...flash, running: flash.running === 0 ? 1 : 0, state: "new" });
}

export function abandon(): void {
	state.slot?.close();
	state.slot = undefined;
}

export function confirm(): void {
	const flash = booted();
	if (flash?.state === "trial") {
		flash.state = "confirmed";
		keep(flash);
	}
}

/** The caller restarts. */
export function rollBack(): void {
	const flash = booted();
	if (flash) keep({ ...flash, running: flash.running === 0 ? 1 : 0, state: "confirmed" });
}

/** The flash as the bootloader left it at this start: a new slot is on trial, one that was on trial already has failed. */
function booted(): Flash | undefined {
	if (state.read) return state.flash;
	state.read = true;
	const flash = readFile();
	if (flash?.state === "new") {
		flash.state = "trial";
		keep(flash);
	} else if (flash?.state === "trial") {
		flash.running = flash.running === 0 ? 1 : 0;
		flash.state = "confirmed";
		keep(flash);
	}
	state.flash = flash;
	return flash;
}

function readFile(): Flash | undefined {
	let file: StoredFile | undefined;
	try {
		const { size: length } = folder.status(FILE);
		file = folder.openFile({ path: FILE, mode: "r" });
		return JSON.parse(String.fromArrayBuffer(file.read(length, 0)));
	} catch {
		return undefined;
	} finally {
		file?.close();
	}
}

function keep(flash: Flash): void {
	const file = folder.openFile({ path: FILE, mode: "w" });
	try {
		file.write(new Uint8Array(ArrayBuffer.fromString(JSON.stringify(flash))), 0);
	} finally {
		file.close();
	}
}
