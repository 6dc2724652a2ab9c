// Two files that take turns, so that whatever a power cut leaves of the one being written, the other is whole.
// Each: "MLS1", sequence number, length of the text, CRC-32 of these and the text (each 32 bits, big endian), then the
// text in UTF-8. The whole one with the higher number counts. What the text says is none of this file's business.

import { crc32 } from "./crc32.js";

/** The part of the device's file store that settings need. */
export interface SettingsFiles {
	read(name: string): Uint8Array | undefined;
	write(name: string, bytes: Uint8Array): void;
	remove(name: string): void;
}

export const GENERATIONS = Object.freeze(["settings.0", "settings.1"] as const);

/** Longest text, in bytes. */
export const LONGEST_STORED_TEXT = 16 * 1024;

const MAGIC = 0x4d4c5331;
const SEQUENCE_AT = 4;
const LENGTH_AT = 8;
const CRC_AT = 12;
const HEADER_LENGTH = 16;
const MOST_SEQUENCE = 0xffffffff;

/** A whole generation. */
interface Generation {
	readonly name: string;
	readonly sequence: number;
	readonly text: Uint8Array;
}

/** The newest whole text, and the names of files that are there but damaged. */
export function newestText(files: Pick<SettingsFiles, "read">): {
	readonly text: Uint8Array | undefined;
	readonly damaged: readonly string[];
} {
	const damaged: string[] = [];
	const newest = newestOf(files, (name) => damaged.push(name));
	return { text: newest?.text, damaged };
}

/** Writes the text over the older generation. Throws where it is too long, or does not read back as it was written. */
export function writeText(files: Pick<SettingsFiles, "read" | "write">, text: Uint8Array): void {
	if (text.length > LONGEST_STORED_TEXT)
		throw new Error(`the settings are longer than ${LONGEST_STORED_TEXT} bytes`);
	const newest = newestOf(files, () => {});
	if (newest && sameBytes(newest.text, text)) return;
	const name = newest?.name === GENERATIONS[0] ? GENERATIONS[1] : GENERATIONS[0];
	const sequence = (newest?.sequence ?? 0) + 1;
	if (sequence > MOST_SEQUENCE) throw new Error("the settings were saved too often");
	const bytes = encoded(sequence, text);
	files.write(name, bytes);
	const written = files.read(name);
	if (!written || !sameBytes(written, bytes))
		throw new Error("the storage did not keep the settings as they were written");
}

/** Removes both, the older first: a power cut leaves the newest settings or none, never older ones. */
export function removeGenerations(files: Pick<SettingsFiles, "read" | "remove">): void {
	const newest = newestOf(files, () => {});
	for (const name of GENERATIONS) if (name !== newest?.name) files.remove(name);
	if (newest) files.remove(newest.name);
}

function newestOf(
	files: Pick<SettingsFiles, "read">,
	onDamaged: (name: string) => void,
): Generation | undefined {
	let newest: Generation | undefined;
	for (const name of GENERATIONS) {
		const bytes = files.read(name);
		if (!bytes) continue;
		const generation = decoded(name, bytes);
		if (!generation) onDamaged(name);
		else if (!newest || generation.sequence > newest.sequence) newest = generation;
	}
	return newest;
}

function encoded(sequence: number, text: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(HEADER_LENGTH + text.length);
	const header = new DataView(bytes.buffer);
	header.setUint32(0, MAGIC);
	header.setUint32(SEQUENCE_AT, sequence);
	header.setUint32(LENGTH_AT, text.length);
	header.setUint32(CRC_AT, crc32(text, crc32(bytes.subarray(0, CRC_AT))));
	bytes.set(text, HEADER_LENGTH);
	return bytes;
}

/** `undefined` for anything but a whole generation. Bytes after the text are those of a longer one before it. */
function decoded(name: string, bytes: Uint8Array): Generation | undefined {
	if (bytes.length < HEADER_LENGTH) return undefined;
	const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
	const length = header.getUint32(LENGTH_AT);
	if (header.getUint32(0) !== MAGIC || length > LONGEST_STORED_TEXT || length > bytes.length - HEADER_LENGTH)
		return undefined;
	const text = bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + length);
	if (header.getUint32(CRC_AT) !== crc32(text, crc32(bytes.subarray(0, CRC_AT)))) return undefined;
	return { name, sequence: header.getUint32(SEQUENCE_AT), text };
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
	if (one.length !== other.length) return false;
	for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
	return true;
}
