// Telnet's framing (RFC 854): takes data, option requests and subnegotiations apart, and puts them together.
// No policy: rfc2217.ts says what is agreed to. Pure.

export const IAC = 255;
export const DONT = 254;
export const DO = 253;
export const WONT = 252;
export const WILL = 251;
const SB = 250;
const SE = 240;

/** Longest subnegotiation kept; a device server's signature may be longer, and is cut. */
const MOST_PARAMETERS = 64;

export type Verb = typeof DO | typeof DONT | typeof WILL | typeof WONT;

export interface TelnetSink {
	option(verb: Verb, option: number): void;
	/** `parameters`: unescaped, without the option. */
	subnegotiation(option: number, parameters: Uint8Array): void;
}

/** One byte stream's decoder; a command may be split anywhere. */
export class TelnetDecoder {
	readonly #sink: TelnetSink;
	#state: "data" | "command" | "verb" | "parameters" | "parameters-command" = "data";
	#verb: Verb = DO;
	#parameters: number[] = [];

	constructor(sink: TelnetSink) {
		this.#sink = sink;
	}

	/** The data among these bytes; commands go to the sink. */
	decode(bytes: Uint8Array): Uint8Array {
		const data = new Uint8Array(bytes.length);
		let length = 0;
		for (const byte of bytes) {
			const datum = this.#byte(byte);
			if (datum !== undefined) data[length++] = datum;
		}
		return data.subarray(0, length);
	}

	#byte(byte: number): number | undefined {
		switch (this.#state) {
			case "data":
				if (byte !== IAC) return byte;
				this.#state = "command";
				return undefined;
			case "command":
				return this.#command(byte);
			case "verb":
				this.#state = "data";
				this.#sink.option(this.#verb, byte);
				return undefined;
			case "parameters":
				if (byte === IAC) this.#state = "parameters-command";
				else this.#keep(byte);
				return undefined;
			case "parameters-command":
				this.#parametersCommand(byte);
				return undefined;
		}
	}

	#command(byte: number): number | undefined {
		this.#state = "data";
		if (byte === IAC) return IAC;
		if (byte === DO || byte === DONT || byte === WILL || byte === WONT) {
			this.#verb = byte;
			this.#state = "verb";
		} else if (byte === SB) {
			this.#parameters = [];
			this.#state = "parameters";
		}
		// NOP, GA and the like say nothing.
		return undefined;
	}

	#parametersCommand(byte: number): void {
		if (byte === IAC) {
			this.#keep(IAC);
			this.#state = "parameters";
			return;
		}
		this.#state = "data";
		const [option, ...parameters] = this.#parameters;
		if (byte === SE && option !== undefined) this.#sink.subnegotiation(option, Uint8Array.from(parameters));
	}

	#keep(byte: number): void {
		if (this.#parameters.length < MOST_PARAMETERS) this.#parameters.push(byte);
	}
}

/** Data as it travels: every FF twice. */
export function escaped(bytes: Uint8Array): Uint8Array {
	const wire: number[] = [];
	for (const byte of bytes) {
		wire.push(byte);
		if (byte === IAC) wire.push(IAC);
	}
	return Uint8Array.from(wire);
}

export function optionCommand(verb: Verb, option: number): Uint8Array {
	return Uint8Array.of(IAC, verb, option);
}

export function subnegotiation(option: number, parameters: readonly number[]): Uint8Array {
	return Uint8Array.of(IAC, SB, option, ...escaped(Uint8Array.from(parameters)), IAC, SE);
}
