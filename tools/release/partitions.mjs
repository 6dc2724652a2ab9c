// ESP-IDF's partition tables, as text (partitions.csv) and as they lie in flash (partition-table.bin). Reads them; makes none.
// Source: ESP-IDF v6.0, components/partition_table/gen_esp32part.py (names, alignment, entry format "<2sBBLL16sL", MD5 mark).
import { createHash } from "node:crypto";

/** Where ESP-IDF puts the table unless told otherwise (CONFIG_PARTITION_TABLE_OFFSET), and the sector it fills. */
export const TABLE_OFFSET = 0x8000;
export const TABLE_SIZE = 0x1000;
const MOST_TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MARK = 0xebeb;
const MD5_AT = 16;
const NAME_AT = 12;
const FLAGS_AT = 28;
const APP = 0x00;
const DATA = 0x01;
const APP_ALIGNMENT = 0x10000;
const DATA_ALIGNMENT = 0x1000;
const TYPES = { app: APP, data: DATA };
const SUBTYPES = {
	[APP]: { factory: 0x00, test: 0x20 },
	[DATA]: {
		ota: 0x00,
		phy: 0x01,
		nvs: 0x02,
		coredump: 0x03,
		nvs_keys: 0x04,
		efuse: 0x05,
		undefined: 0x06,
		esphttpd: 0x80,
		fat: 0x81,
		spiffs: 0x82,
		littlefs: 0x83,
	},
};
const FIRST_OTA = 0x10;
const LAST_OTA = 0x1f;

/** A table that cannot be used; the message says why. */
export class PartitionError extends Error {}

/** @typedef {{name: string, type: number, subtype: number, offset: number, size: number}} Partition */

/** The partitions of a CSV text, offsets filled in as ESP-IDF does. @returns {Partition[]} */
export function parseCsv(csv) {
	const partitions = [];
	let end = TABLE_OFFSET + TABLE_SIZE;
	for (const line of csv.split("\n")) {
		const fields = line
			.replace(/#.*/, "")
			.split(",")
			.map((field) => field.trim());
		if (fields.length === 1 && fields[0] === "") continue;
		const [name, typeName = "", subtypeName = "", offsetText = "", sizeText = ""] = fields;
		const type = TYPES[typeName] ?? number(typeName, `type of "${name}"`);
		const subtype = subtypeOf(type, subtypeName, name);
		const alignment = type === APP ? APP_ALIGNMENT : DATA_ALIGNMENT;
		const offset =
			offsetText === "" ? Math.ceil(end / alignment) * alignment : number(offsetText, `offset of "${name}"`);
		const size = number(sizeText, `size of "${name}"`);
		if (offset % alignment !== 0)
			throw new PartitionError(`"${name}" at ${hex(offset)} is not aligned to ${hex(alignment)}`);
		if (offset < end)
			throw new PartitionError(`"${name}" at ${hex(offset)} overlaps what ends at ${hex(end)}`);
		end = offset + size;
		partitions.push({ name, type, subtype, offset, size });
	}
	if (partitions.length === 0) throw new PartitionError("the partition table is empty");
	return partitions;
}

/** The partitions of a table as it lies in flash; its MD5 must fit. @returns {Partition[]} */
export function parseTable(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const partitions = [];
	for (let at = 0; at + ENTRY_BYTES <= Math.min(bytes.length, MOST_TABLE_BYTES); at += ENTRY_BYTES) {
		const magic = view.getUint16(at, true);
		if (magic === 0xffff) break;
		if (magic === MD5_MARK) {
			const md5 = createHash("md5").update(bytes.subarray(0, at)).digest();
			if (!md5.equals(bytes.subarray(at + MD5_AT, at + MD5_AT + md5.length)))
				throw new PartitionError("the partition table's MD5 does not fit: the file is damaged");
			break;
		}
		if (magic !== ENTRY_MAGIC) throw new PartitionError(`no partition table: ${hex(magic)} at ${hex(at)}`);
		const name = bytes.subarray(at + NAME_AT, at + FLAGS_AT);
		partitions.push({
			name: Buffer.from(name).toString("latin1").replace(/\0.*$/s, ""),
			type: view.getUint8(at + 2),
			subtype: view.getUint8(at + 3),
			offset: view.getUint32(at + 4, true),
			size: view.getUint32(at + 8, true),
		});
	}
	if (partitions.length === 0) throw new PartitionError("the partition table is empty");
	return partitions;
}

/** The first difference between two tables in words, or `undefined`. */
export function difference(expected, actual) {
	const words = (partition) =>
		partition
			? `"${partition.name}" type ${hex(partition.type)}/${hex(partition.subtype)} at ${hex(partition.offset)}, ${hex(partition.size)} bytes`
			: "nothing";
	for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
		const [one, other] = [words(expected[index]), words(actual[index])];
		if (one !== other) return `the board's table has ${one}, the build has ${other}`;
	}
	return undefined;
}

/** The partition that a new device starts: `factory`, else the first OTA slot, as `idf.py flash` does. */
export function firstApp(partitions) {
	const apps = partitions.filter(({ type }) => type === APP);
	return apps.find(({ subtype }) => subtype === SUBTYPES[APP].factory) ?? apps.find(isSlot);
}

/** The slots that updates are written to. */
export function otaSlots(partitions) {
	return partitions.filter((partition) => partition.type === APP && isSlot(partition));
}

/** The partition that says which slot to start. */
export function otaData(partitions) {
	return partitions.find(({ type, subtype }) => type === DATA && subtype === SUBTYPES[DATA].ota);
}

function isSlot({ subtype }) {
	return subtype >= FIRST_OTA && subtype <= LAST_OTA;
}

function subtypeOf(type, name, partition) {
	const slot = /^ota_(\d+)$/.exec(name);
	if (type === APP && slot) return FIRST_OTA + Number(slot[1]);
	return SUBTYPES[type]?.[name] ?? number(name, `subtype of "${partition}"`);
}

function number(words, what) {
	const match = /^(0x[0-9a-f]+|\d+)([km]?)$/i.exec(words);
	if (!match) throw new PartitionError(`the ${what} is not a number: "${words}"`);
	const unit = { "": 1, k: 1024, m: 1024 * 1024 }[match[2].toLowerCase()];
	return Number(match[1]) * unit;
}

export function hex(value) {
	return `0x${value.toString(16)}`;
}
