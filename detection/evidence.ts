// What bytes alone tell about the line, before any frame is understood: silence, text with parity, an inverted
// signal, a parity bit taken for a stop bit. Counters only: nothing of what the meter said is kept.

const SPACE = 0x20;
const DELETE = 0x7f;
const CR = 0x0d;
const LF = 0x0a;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LOW_SEVEN = 0x7f;
const HIGH_BIT = 0x80;
const FLAG = 0x7e;
const MBUS_START = 0x68;

/** Fewer bytes prove nothing. */
const LEAST_BYTES = 32;
/** Share that counts as all: a telegram that was joined in the middle has a few bytes of rubbish. */
const NEARLY_ALL = 0.97;
const MOST_PART = 0.9;
/** Every telegram is full of numbers: a quarter of its characters and more. */
const SHARE_OF_DIGITS = 0.25;
/** Share of inverted text that is recognised where parity bits break some of its characters: random bytes have 0.38. */
const INVERTED_PART = 0.8;

/**
 * What bytes that were received as 8N1 look like.
 * `text7e1`, `text7o1`: text of seven bits with parity; `text`: of eight without.
 * `inverted`: text whose signal is inverted.
 * `parity-even`, `parity-odd`: eight bits with parity, of which the UART lets half through.
 */
export type Look =
	| "silent"
	| "few"
	| "text"
	| "text7e1"
	| "text7o1"
	| "inverted"
	| "parity-even"
	| "parity-odd"
	| "unclear";

export class Evidence {
	/** All bytes. */
	bytes = 0;
	/** Bytes 7E and 68, with which HDLC and M-Bus frames begin. */
	flags = 0;
	starts = 0;
	/** Bytes that are not 00, which many UARTs give for what they could not read. */
	#solid = 0;
	#printable = 0;
	#odd = 0;
	#high = 0;
	#lowest = 0;
	#inverted = 0;
	#invertedDigits = 0;

	add(bytes: Uint8Array): void {
		this.bytes += bytes.length;
		for (let index = 0; index < bytes.length; index++) {
			const byte = bytes[index] as number;
			if (byte === 0) continue;
			this.#solid++;
			if (byte === FLAG) this.flags++;
			else if (byte === MBUS_START) this.starts++;
			if (isPrintable(byte & LOW_SEVEN)) this.#printable++;
			if (byte & HIGH_BIT) this.#high++;
			this.#lowest += byte & 1;
			if (isOdd(byte)) this.#odd++;
			this.#look(byte);
		}
	}

	/**
	 * Inverted ASCII without parity, one character behind the other: its stop bit is low, its eighth data bit high, and
	 * between the two the UART always finds a falling edge. There it locks in, takes the stop bit for a start bit, and
	 * reads: a one (the next start bit), then seven inverted bits. So a character c arrives as (~c & 7F) << 1 | 1.
	 */
	#look(byte: number): void {
		if ((byte & 1) === 0) return;
		const character = (~byte >> 1) & LOW_SEVEN;
		if (!isPrintable(character)) return;
		this.#inverted++;
		if (character >= DIGIT_0 && character <= DIGIT_9) this.#invertedDigits++;
	}

	get look(): Look {
		const solid = this.#solid;
		if (this.bytes === 0) return "silent";
		if (solid < LEAST_BYTES) return "few";
		const oddShare = this.#odd / solid;
		if (this.#printable / solid > MOST_PART) {
			// Seven-bit characters have the high bit about as often as not, where it is parity.
			if (this.#high / solid < 1 - NEARLY_ALL) return "text";
			if (oddShare < 1 - NEARLY_ALL) return "text7e1";
			if (oddShare > NEARLY_ALL) return "text7o1";
		}
		if (this.#inverted / solid > INVERTED_PART && this.#invertedDigits / solid > SHARE_OF_DIGITS)
			return "inverted";
		// Too fast a line reads a long start bit into the lowest bit, and lets only some patterns through.
		const lowestShare = this.#lowest / solid;
		if (lowestShare < 1 - MOST_PART || lowestShare > MOST_PART) return "unclear";
		// The parity bit stands where the stop bit is awaited: only characters whose parity bit is one get through.
		if (oddShare > NEARLY_ALL) return "parity-even";
		if (oddShare < 1 - NEARLY_ALL) return "parity-odd";
		return "unclear";
	}

	/** In percent: how much of it could be text of seven bits. */
	get printablePercent(): number {
		return this.#solid === 0 ? 0 : Math.round((100 * this.#printable) / this.#solid);
	}
}

function isPrintable(character: number): boolean {
	return (character >= SPACE && character < DELETE) || character === CR || character === LF;
}

/** Whether the number of ones is odd. */
function isOdd(byte: number): boolean {
	let folded = byte ^ (byte >> 4);
	folded ^= folded >> 2;
	return ((folded ^ (folded >> 1)) & 1) === 1;
}
