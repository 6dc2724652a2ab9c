// The data types of A-XDR: tags and sizes (IEC 62056-6-2, table of common data types).

/** Tags of the DLMS data types (IEC 62056-6-2, table of common data types). */
export enum Tag {
	null = 0x00,
	array = 0x01,
	structure = 0x02,
	boolean = 0x03,
	bitString = 0x04,
	int32 = 0x05,
	uint32 = 0x06,
	octetString = 0x09,
	visibleString = 0x0a,
	utf8String = 0x0c,
	bcd = 0x0d,
	int8 = 0x0f,
	int16 = 0x10,
	uint8 = 0x11,
	uint16 = 0x12,
	compactArray = 0x13,
	int64 = 0x14,
	uint64 = 0x15,
	enum = 0x16,
	float32 = 0x17,
	float64 = 0x18,
	dateTime = 0x19,
	date = 0x1a,
	time = 0x1b,
	deltaInt8 = 0x1c,
	deltaInt16 = 0x1d,
	deltaInt32 = 0x1e,
	deltaUint8 = 0x1f,
	deltaUint16 = 0x20,
	deltaUint32 = 0x21,
	/** Not a wire tag: nine untagged bytes class, OBIS, attribute (see `lenient`). */
	descriptor = 0xfe,
	dontCare = 0xff,
}

export const NO_SIZE = 255;

const KNOWN_SIZES = [
	0, 255, 255, 1, 255, 4, 4, 255, 255, 255, 255, 255, 255, 1, 255, 1, 2, 1, 2, 255, 8, 8, 1, 4, 8, 12, 5, 4,
	1, 2, 4, 1, 2, 4,
];
/** By tag; 255 (`NO_SIZE`): of no fixed size, or no tag. */
export const SIZES = Uint8Array.from({ length: 256 }, (_, tag) =>
	tag === Tag.dontCare ? 0 : (KNOWN_SIZES[tag] ?? NO_SIZE),
);

/** Bytes of a fixed-size type, or -1. */
export function fixedSize(tag: number): number {
	const size = SIZES[tag] ?? NO_SIZE;
	return size === NO_SIZE ? -1 : size;
}

/** Containers inside containers, at most. */
export const DEEPEST = 8;

/** Where the type description of a compact array at `at` ends, or -1 where it is none or leaves the body. */
export function descriptionEnd(bytes: Uint8Array, at: number, limit: number, depth: number): number {
	if (at >= limit || depth >= DEEPEST) return -1;
	const tag = bytes[at] as number;
	if (tag === Tag.array) return descriptionEnd(bytes, at + ARRAY_DESCRIPTION_BYTES, limit, depth + 1);
	if (tag === Tag.structure) {
		let end = at + STRUCTURE_DESCRIPTION_BYTES;
		for (let member = bytes[at + 1] ?? 0; member > 0 && end > 0; member--)
			end = descriptionEnd(bytes, end, limit, depth + 1);
		return end;
	}
	return fixedSize(tag) < 0 && !isVariable(tag) ? -1 : at + 1;
}

/** Tag and 16-bit count. */
export const ARRAY_DESCRIPTION_BYTES = 3;
/** Tag and count. */
export const STRUCTURE_DESCRIPTION_BYTES = 2;

/** Types with a length before their content. */
export function isVariable(tag: number): boolean {
	return (
		tag === Tag.octetString || tag === Tag.visibleString || tag === Tag.utf8String || tag === Tag.bitString
	);
}
