// The head of a request (RFC 9112), looked at byte by byte as the server reads it: what is too long, too much, malformed
// or ambiguous is found before the server acts on it. Keeps no more of it than that takes.

/** Most bytes of request line and headers together. */
export const LONGEST_HEAD = 8 * 1024;
/** Most bytes of a request's target. */
export const LONGEST_TARGET = 1024;
/** Most bytes of a header: the SDK's server collects it character by character. */
export const LONGEST_HEADER = 4 * 1024;
export const MOST_HEADERS = 40;

/** What is wrong with a request: the status that says so. */
export type HeadFault = 400 | 411 | 414 | 417 | 431 | 501 | 505;

const METHODS: readonly string[] = Object.freeze([
	"GET",
	"HEAD",
	"POST",
	"PUT",
	"PATCH",
	"DELETE",
	"OPTIONS",
]);
const LONGEST_METHOD = 7;
const VERSION = "HTTP/1.1";
/** Headers that may come once: a second one would be read by some and not by others. */
const SINGLE: readonly string[] = Object.freeze([
	"host",
	"content-length",
	"content-type",
	"authorization",
	"cookie",
	"origin",
	"x-csrf-token",
]);
const HOST_BIT = 1;
const LENGTH_NAME = "content-length";
const LONGEST_KNOWN_NAME = 17;
const MOST_LENGTH_DIGITS = 9;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const DELETE = 0x7f;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const LOWER_BIT = 0x20;
/** Signs of a token besides letters and digits (RFC 9110, 5.6.2). */
const TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

type State = "method" | "target" | "version" | "line-end" | "name" | "value" | "value-end" | "end" | "body";

export class RequestHead {
	#state: State = "method";
	#count = 0;
	/** Bytes of the part that is being read. */
	#part = 0;
	/** Method, version or name so far, as far as it can be one that is known. */
	#text = "";
	#headers = 0;
	/** One bit for each of `SINGLE` that was there. */
	#seen = 0;
	#digits = 0;
	#lengthEnded = false;
	#contentLength: number | undefined;

	/** All of it was read. */
	get complete(): boolean {
		return this.#state === "body";
	}

	/** Bytes of body that follow. */
	get contentLength(): number {
		return this.#contentLength ?? 0;
	}

	/** Takes the next byte; what is wrong, if anything. Not to be called again after a fault or the end. */
	take(byte: number): HeadFault | undefined {
		this.#count++;
		if (this.#count > LONGEST_HEAD) return this.#state === "target" ? 414 : 431;
		switch (this.#state) {
			// In the order of how many bytes each takes.
			case "value":
				return this.#value(byte);
			case "name":
				return this.#name(byte);
			case "target":
				return this.#target(byte);
			case "method":
				return this.#method(byte);
			case "version":
				return this.#version(byte);
			case "line-end":
			case "value-end":
				if (byte !== LF) return 400;
				this.#next("name");
				return undefined;
			case "end":
				return byte === LF ? this.#end() : 400;
			case "body":
				return undefined;
		}
	}

	#next(state: State): void {
		this.#state = state;
		this.#part = 0;
		this.#text = "";
	}

	#method(byte: number): HeadFault | undefined {
		if (byte === SPACE) {
			if (!METHODS.includes(this.#text)) return this.#text === "" ? 400 : 501;
			this.#next("target");
			return undefined;
		}
		if (!isToken(byte)) return 400;
		this.#part++;
		if (this.#part > LONGEST_METHOD) return 501;
		this.#text += String.fromCharCode(byte);
		return undefined;
	}

	#target(byte: number): HeadFault | undefined {
		if (byte === SPACE) {
			if (this.#part === 0) return 400;
			this.#next("version");
			return undefined;
		}
		if (byte < SPACE || byte >= DELETE) return 400;
		// "/path", "http://host/path" or "*" (RFC 9112, 3.2).
		if (this.#part === 0 && byte !== SLASH && (byte | LOWER_BIT) !== 0x68 && byte !== 0x2a) return 400;
		this.#part++;
		return this.#part > LONGEST_TARGET ? 414 : undefined;
	}

	#version(byte: number): HeadFault | undefined {
		if (byte === CR) {
			if (this.#text !== VERSION) return 505;
			this.#next("line-end");
			return undefined;
		}
		if (byte <= SPACE || byte >= DELETE) return 400;
		this.#text += String.fromCharCode(byte);
		if (this.#text.length > VERSION.length) return 400;
		return undefined;
	}

	#name(byte: number): HeadFault | undefined {
		if (byte === COLON) {
			if (this.#part === 0) return 400;
			return this.#header();
		}
		if (byte === CR && this.#part === 0) {
			this.#next("end");
			return undefined;
		}
		// Neither a space before the colon nor a line that goes on (RFC 9112, 5.1 and 5.2).
		if (!isToken(byte)) return 400;
		this.#part++;
		const letter = byte >= UPPER_A && byte <= UPPER_Z ? byte | LOWER_BIT : byte;
		if (this.#part <= LONGEST_KNOWN_NAME) this.#text += String.fromCharCode(letter);
		return this.#part > LONGEST_HEADER ? 431 : undefined;
	}

	/** The name is known; `#text` keeps it while the value is read. */
	#header(): HeadFault | undefined {
		const name = this.#part <= LONGEST_KNOWN_NAME ? this.#text : "";
		this.#headers++;
		if (this.#headers > MOST_HEADERS) return 431;
		// Chunks: the SDK's server counts them wrong. Nothing here needs them.
		if (name === "transfer-encoding") return 411;
		if (name === "expect") return 417;
		const single = SINGLE.indexOf(name);
		if (single >= 0) {
			const bit = HOST_BIT << single;
			if (this.#seen & bit) return 400;
			this.#seen |= bit;
		}
		this.#state = "value";
		this.#text = name;
		return undefined;
	}

	#value(byte: number): HeadFault | undefined {
		if (byte === CR) {
			if (this.#text === LENGTH_NAME && this.#contentLength === undefined) return 400;
			this.#state = "value-end";
			return undefined;
		}
		if ((byte < SPACE && byte !== TAB) || byte === DELETE) return 400;
		this.#part++;
		if (this.#part > LONGEST_HEADER) return 431;
		return this.#text === LENGTH_NAME ? this.#lengthDigit(byte) : undefined;
	}

	/** Digits, with space around them: no sign, no list, nothing that is read in two ways. */
	#lengthDigit(byte: number): HeadFault | undefined {
		if (byte === SPACE || byte === TAB) {
			this.#lengthEnded = this.#digits > 0;
			return undefined;
		}
		if (byte < ZERO || byte > NINE || this.#lengthEnded) return 400;
		this.#digits++;
		if (this.#digits > MOST_LENGTH_DIGITS) return 400;
		this.#contentLength = (this.#contentLength ?? 0) * 10 + (byte - ZERO);
		return undefined;
	}

	#end(): HeadFault | undefined {
		if (!(this.#seen & HOST_BIT)) return 400;
		this.#next("body");
		return undefined;
	}
}

function isToken(byte: number): boolean {
	if (byte >= ZERO && byte <= NINE) return true;
	const lower = byte | LOWER_BIT;
	if (lower >= 0x61 && lower <= 0x7a && byte >= UPPER_A) return true;
	return byte > SPACE && byte < DELETE && TOKEN_SIGNS.includes(String.fromCharCode(byte));
}
