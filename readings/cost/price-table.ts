// Market prices by quarter of an hour, of today and tomorrow and the last hours of yesterday, as they are kept on flash:
//
//   CRC-32 (4) | number of the first quarter since 1970 (4) | a price each (4): hundred-thousandths of the currency for a kWh

import type { Crc32 } from "../history/log.js";

export const QUARTER = 900;
/** Two hours, today and tomorrow, one of which may have 25 hours. */
export const MOST_QUARTERS = 208;
const HEADER = 8;
const DIGITS = 1e5;
/** No price is known. */
const UNKNOWN = -(2 ** 31);
/** Largest price, either way. */
export const MOST_PRICE = 20_000;

export class PriceTable {
	readonly #view: DataView;

	/** Of that file where it is whole, else empty. */
	constructor(file?: Uint8Array, crc32?: Crc32) {
		const isWhole =
			file?.length === HEADER + MOST_QUARTERS * 4 &&
			new DataView(file.buffer, file.byteOffset).getUint32(0) === crc32?.(file.subarray(4));
		this.#view = new DataView(isWhole ? file.slice().buffer : new ArrayBuffer(HEADER + MOST_QUARTERS * 4));
		if (!isWhole) this.begin(0);
	}

	/** Number of its first quarter since 1970; 0 while it has none. */
	get first(): number {
		return this.#view.getUint32(4);
	}

	/** Empties it; `first`: its first quarter from now on. */
	begin(first: number): void {
		this.#view.setUint32(4, first);
		for (let index = 0; index < MOST_QUARTERS; index++) this.#view.setInt32(HEADER + index * 4, UNKNOWN);
	}

	/** The price of a kWh in that quarter; NaN where it is not known. */
	at(quarter: number): number {
		const index = quarter - this.first;
		const price = index >= 0 && index < MOST_QUARTERS ? this.#view.getInt32(HEADER + index * 4) : UNKNOWN;
		return price === UNKNOWN ? Number.NaN : price / DIGITS;
	}

	/** Notes a price, NaN for none; false where the quarter is not of its time. */
	set(quarter: number, price: number): boolean {
		const index = quarter - this.first;
		if (!(index >= 0 && index < MOST_QUARTERS)) return false;
		this.#view.setInt32(HEADER + index * 4, price === price ? Math.round(price * DIGITS) : UNKNOWN);
		return true;
	}

	/** Takes what `other` knows, whose time is its own from now on; true where that is news. */
	take(other: PriceTable): boolean {
		const { first } = other;
		let isNews = false;
		for (let quarter = first; quarter < first + MOST_QUARTERS; quarter++) {
			const price = other.at(quarter);
			const before = this.at(quarter);
			if (price === price && price !== before) isNews = true;
			if (price !== price) other.set(quarter, before);
		}
		if (isNews) new Uint8Array(this.#view.buffer).set(new Uint8Array(other.#view.buffer));
		return isNews;
	}

	/** As a file. */
	file(crc32: Crc32): Uint8Array {
		const bytes = new Uint8Array(this.#view.buffer);
		this.#view.setUint32(0, crc32(bytes.subarray(4)));
		return bytes;
	}
}
