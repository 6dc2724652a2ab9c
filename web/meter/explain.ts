// A frame of a meter taken apart for the page: which protocol it is, by its bytes, and every byte with its layer, field
// and meaning. Much leaner than `meterling explain` (host/explain), which it is tested against: it holds no keys, so what
// is encrypted stays so, and it does not look for frames in noise. Pure.

import { Reader, type Row } from "./cells.js";
import { explainApdu, explainDlms } from "./explain-dlms.js";
import { explainKmp } from "./explain-kmp.js";
import { explainText } from "./explain-text.js";

const SEVEN_BITS = 0x7f;

/** The bytes' rows, in the order of the wire; together they hold every byte. */
export function explain(source: Uint8Array): readonly Row[] {
	const rows: Row[] = [];
	const reader = (layer: string, mask = 0xff) =>
		new Reader(
			rows,
			source,
			Array.from(source, (byte, at) => ({ value: byte & mask, at, size: 1 })),
			layer,
		);
	const [first = 0, second = 0] = source;
	if (first === 0x7e || first === 0x68) explainDlms(reader("HDLC"));
	else if (first === 0xdb) explainApdu(reader("cipher"));
	else if (first === 0x80 || first === 0x06 || (first === 0x40 && second === 0x3f)) explainKmp(reader("KMP"));
	// Kamstrup's older protocol and the pulse counter's records: meterling explain knows them.
	else if (first === 0x40 || first === 0x48 || first === 0xf5) reader("").take(source.length, "");
	else explainText(reader("", SEVEN_BITS));
	return rows.sort((one, other) => one.at - other.at);
}
