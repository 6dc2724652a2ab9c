// Reads an ESP-IDF partition table in CSV. Source: ESP-IDF v6.0, docs/en/api-guides/partition-tables.rst.

export interface Partition {
	readonly name: string;
	readonly type: string;
	readonly subtype: string;
	/** Bytes from the start of flash; this project writes all of them down. */
	readonly offset: number;
	/** Bytes. */
	readonly size: number;
}

/** The table's rows; throws at an offset or size that is no number. */
export function readPartitions(text: string): readonly Partition[] {
	return text
		.split("\n")
		.map((line) => line.replace(/#.*/, "").trim())
		.filter((line) => line !== "")
		.map((line) => {
			const [name = "", type = "", subtype = "", offset = "", size = ""] = line
				.split(",")
				.map((field) => field.trim());
			return { name, type, subtype, offset: bytes(offset), size: bytes(size) };
		});
}

const UNITS: Readonly<Record<string, number>> = { K: 1024, M: 1024 * 1024 };

function bytes(field: string): number {
	const [, digits, unit = ""] = /^(0x[0-9a-f]+|\d+)([KM]?)$/i.exec(field) ?? [];
	if (digits === undefined) throw new Error(`"${field}" is no offset or size`);
	return Number(digits) * (UNITS[unit.toUpperCase()] ?? 1);
}
