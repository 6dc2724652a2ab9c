// What the tests of `meterling explain` share: running it on bytes, and reading its dump back.

import { explainBytes } from "../../host/explain/explain.js";
import { render } from "../../host/explain/render.js";
import { nodeCipher } from "../../host/platform/cipher.js";
import { findProtocol } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";

export const checksums = tableChecksums();

export interface Given {
	readonly protocol?: string;
	readonly encryptionKey?: string;
	readonly authenticationKey?: string;
	readonly anonymous?: boolean;
}

export interface Dump {
	readonly text: string;
	readonly protocol: string | undefined;
	readonly recognised: boolean;
	/** Rows of the source itself, sections left out. */
	readonly rows: readonly DumpRow[];
}

/** One row as printed, its wrapped lines put together. */
export interface DumpRow {
	readonly offset: number;
	/** `7E A0`; `XX` for hidden bytes. */
	readonly bytes: string;
	readonly layer: string;
	readonly field: string;
	readonly meaning: string;
}

export function hex(digits: string): Uint8Array {
	return Uint8Array.from(digits.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function ascii(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function dumpOf(bytes: Uint8Array, given: Given = {}): Dump {
	const protocol = given.protocol === undefined ? undefined : findProtocol(given.protocol);
	const explained = explainBytes(bytes, protocol, {
		checksums,
		cipher: nodeCipher(),
		encryptionKey: given.encryptionKey ?? "",
		authenticationKey: given.authenticationKey ?? "",
		anonymous: given.anonymous === true,
	});
	const lines = render(explained);
	const recognised = explained.explanation.isRecognised;
	return { text: lines.join("\n"), protocol: explained.protocol?.name, recognised, rows: rowsOf(lines) };
}

const OFFSET = 6;
const BYTES_AT = 8;
const LAYER_AT = 33;
const FIELD_AT = 43;
const MEANING_AT = 63;

/** The dump's rows, read from its columns only. */
function rowsOf(lines: readonly string[]): readonly DumpRow[] {
	const open: { offset: number; bytes: string[]; layer: string; field: string; meaning: string[] }[] = [];
	for (const line of lines.slice(lines.findIndex((text) => text.startsWith("offset")) + 1)) {
		if (/^Reading \d/.test(line)) break;
		const offset = line.slice(0, OFFSET);
		const isOwn = /^[0-9A-F]{6}$/.test(offset);
		const goesOn = offset.trim() === "" && line.length > MEANING_AT;
		const layer = line.slice(LAYER_AT, FIELD_AT).trim();
		if (isOwn && layer !== "") {
			const field = line.slice(FIELD_AT, MEANING_AT).trim();
			open.push({ offset: Number.parseInt(offset, 16), bytes: [], layer, field, meaning: [] });
		}
		if (!isOwn && !goesOn) continue;
		open.at(-1)?.bytes.push(line.slice(BYTES_AT, LAYER_AT).trim());
		open.at(-1)?.meaning.push(line.slice(MEANING_AT).trim());
	}
	const joined = (parts: readonly string[]) => parts.filter((part) => part !== "").join(" ");
	return open.map((one) => ({ ...one, bytes: joined(one.bytes), meaning: joined(one.meaning) }));
}

/** The row of that layer and field; throws where there is none. */
export function row(dump: Dump, layer: string, field: string): DumpRow {
	const found = dump.rows.find((one) => one.layer === layer && one.field === field);
	if (!found) throw new Error(`no row ${layer} ${field} in\n${dump.text}`);
	return found;
}

/** All bytes of the rows in order of their offsets: each must begin where the one before ends. */
export function bytesOf(dump: Dump): string {
	let next = 0;
	const pairs: string[] = [];
	for (const { offset, bytes } of dump.rows) {
		if (bytes === "") continue;
		if (offset !== next) throw new Error(`row at ${offset}, but ${next} is next`);
		const own = bytes.split(" ");
		pairs.push(...own);
		next += own.length;
	}
	return pairs.join("");
}

export function hexOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex").toUpperCase();
}
