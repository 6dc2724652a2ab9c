// Takes an HTTP/1.1 answer apart as its bytes come: the status, how long the body is, the body without its chunks.
// Pure; keeps one short line at a time. Source: RFC 9112 (clauses 4, 6.3, 7.1).

const LF = 0x0a;
const CR = 0x0d;
const TILDE = 0x7e;
const SPACE = 0x20;
/** Bytes of a line that are looked at: a status, a length. */
const LINE = 64;
/** Bytes of head, and of all lines between chunks in a row. */
const LONGEST_HEAD = 8192;
const SWITCHING = 101;
const OK = 200;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

type State = "status" | "header" | "body" | "size" | "chunk" | "chunk end" | "trailer";

/** Whom an answer's parts are told. */
export interface AnswerReader {
	/** The head is complete. */
	head(): void;
	/** The next bytes of the body. */
	body(piece: Uint8Array): void;
}

export class HttpAnswer {
	/** 0 before the head is complete. */
	status = 0;
	/** Bytes of the body where the server says so. */
	length: number | undefined;
	/** The whole answer has come. */
	complete = false;
	#state: State = "status";
	#line = new Uint8Array(LINE);
	#used = 0;
	#inLines = 0;
	#code = 0;
	#chunked = false;
	#left = Number.POSITIVE_INFINITY;

	/** The next bytes. The head is told once, then the body piece by piece. What is wrong with them, in words. */
	take(bytes: Uint8Array, reader: AnswerReader): string | undefined {
		let at = 0;
		while (at < bytes.length && !this.complete) {
			if (this.#state === "body" || this.#state === "chunk") {
				const end = Math.min(bytes.length, at + this.#left);
				this.#left -= end - at;
				reader.body(bytes.subarray(at, end));
				at = end;
				if (this.#left > 0) continue;
				if (this.#state === "body") this.complete = true;
				else this.#state = "chunk end";
				continue;
			}
			const byte = bytes[at] as number;
			at++;
			this.#inLines++;
			if (this.#inLines > LONGEST_HEAD) return "the answer has no end of its head";
			if (byte !== LF) {
				if (this.#used < LINE && byte !== CR) this.#line[this.#used++] = byte > TILDE ? SPACE : byte;
				continue;
			}
			const problem = this.#lineEnd(reader);
			if (problem !== undefined) return problem;
		}
		return undefined;
	}

	/** The connection is closed: what is missing, in words. */
	end(): string | undefined {
		if (this.complete) return undefined;
		if (this.status === 0) return "the server closed the connection before its answer";
		if (this.#state !== "body" || Number.isFinite(this.#left)) return "the connection was lost";
		this.complete = true;
		return undefined;
	}

	#lineEnd(reader: AnswerReader): string | undefined {
		const text = String.fromArrayBuffer(this.#line.slice(0, this.#used).buffer);
		this.#used = 0;
		switch (this.#state) {
			case "status": {
				// HTTP/1.1 200 OK
				this.#code = text.startsWith("HTTP/1.") ? Number(text.slice(9, 12)) : 0;
				if (!(this.#code >= 100 && this.#code <= 999)) return "the answer is not HTTP";
				this.#state = "header";
				return undefined;
			}
			case "header":
				if (text !== "") return this.#header(text.toLowerCase());
				return this.#headEnd(reader);
			case "size": {
				const size = Number.parseInt(text, 16);
				if (!(size >= 0)) return "the answer's chunks cannot be read";
				this.#left = size;
				this.#state = size === 0 ? "trailer" : "chunk";
				if (size > 0) this.#inLines = 0;
				return undefined;
			}
			case "chunk end":
				this.#state = "size";
				return undefined;
			default:
				if (text === "") this.complete = true;
				return undefined;
		}
	}

	#header(text: string): string | undefined {
		const colon = text.indexOf(":");
		const name = text.slice(0, colon);
		const value = text.slice(colon + 1).trim();
		if (name === "transfer-encoding") this.#chunked = value.endsWith("chunked");
		if (name !== "content-length") return undefined;
		const length = Number(value);
		if (value === "" || !Number.isInteger(length) || length < 0) return "the answer's length cannot be read";
		this.length = length;
		return undefined;
	}

	#headEnd(reader: AnswerReader): string | undefined {
		if (this.#code < OK) {
			// An interim answer; the real one follows.
			if (this.#code === SWITCHING) return "the server answers 101";
			this.#state = "status";
			return undefined;
		}
		const isEmpty = this.#code === NO_CONTENT || this.#code === NOT_MODIFIED;
		if (this.#chunked) this.length = undefined;
		this.#state = this.#chunked && !isEmpty ? "size" : "body";
		this.#left = isEmpty ? 0 : (this.length ?? Number.POSITIVE_INFINITY);
		this.status = this.#code;
		if (this.#state === "body" && this.#left === 0) this.complete = true;
		reader.head();
		return undefined;
	}
}
