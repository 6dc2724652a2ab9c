// A serial port behind a device server that speaks RFC 2217: Telnet with the Com Port Control option, by which speed,
// data bits, parity and stop bits are set from here. Client only; flow control and modem lines of the far port are
// left off, but DTR and RTS are raised, since optical heads live on them.

import { Socket } from "node:net";
import { Duplex } from "node:stream";
import {
	DO,
	DONT,
	escaped,
	optionCommand,
	subnegotiation,
	TelnetDecoder,
	type Verb,
	WILL,
	WONT,
} from "./telnet.js";

const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
const COM_PORT = 44;

/** Client's commands (RFC 2217 clause 3); the server's answers are these plus 100. */
const Command = Object.freeze({
	SET_BAUDRATE: 1,
	SET_DATASIZE: 2,
	SET_PARITY: 3,
	SET_STOPSIZE: 4,
	SET_CONTROL: 5,
	PURGE_DATA: 12,
} as const);
const SERVER = 100;
const PARITY = Object.freeze({ none: 1, odd: 2, even: 3 } as const);
const NO_FLOW_CONTROL = 1;
const DTR_ON = 8;
const RTS_ON = 11;
const PURGE_BOTH = 3;

/** How long a server may take to agree to everything. */
const NEGOTIATION_MS = 4000;
const CLOSED = "the other end has closed";

export interface Rfc2217Settings {
	readonly baud: number;
	readonly dataBits: 7 | 8;
	readonly parity: "none" | "even" | "odd";
	readonly stopBits: 1 | 2;
}

/** Connects and sets the port; rejects with a reason where the server does not agree. */
export function openRfc2217(host: string, port: number, settings: Rfc2217Settings): Promise<Rfc2217Stream> {
	return new Promise((resolve, reject) => {
		const stream: Rfc2217Stream = new Rfc2217Stream(host, port, settings, () => {
			stream.off("error", reject);
			resolve(stream);
		});
		stream.once("error", reject);
	});
}

/** The port's bytes both ways. */
export class Rfc2217Stream extends Duplex {
	readonly #socket = new Socket();
	readonly #telnet = new TelnetDecoder({
		option: (verb, option) => this.#option(verb, option),
		subnegotiation: (option, parameters) => this.#answered(option, parameters),
	});
	readonly #ready: () => void;
	#settings: Rfc2217Settings;
	/** Answers that are awaited: command and the value that was set. */
	readonly #awaited = new Map<number, number>();
	#negotiation: NodeJS.Timeout | undefined;
	#agreed = false;
	#open = false;

	constructor(host: string, port: number, settings: Rfc2217Settings, ready: () => void) {
		super();
		this.#settings = settings;
		this.#ready = ready;
		this.#negotiation = setTimeout(
			() => this.destroy(new Error(`the server does not answer as RFC 2217 wants it`)),
			NEGOTIATION_MS,
		);
		this.#socket.setNoDelay(true);
		this.#socket.on("error", (error: NodeJS.ErrnoException) =>
			this.destroy(error.code === "EPIPE" || error.code === "ECONNRESET" ? new Error(CLOSED) : error),
		);
		this.#socket.on("close", () => this.destroy(this.#open ? undefined : new Error(CLOSED)));
		this.#socket.on("data", (chunk) => {
			const data = this.#telnet.decode(chunk);
			// What came before the port was set was read at another speed.
			if (this.#open && data.length > 0 && !this.push(data)) this.#socket.pause();
		});
		this.#socket.connect(port, host, () => this.#propose());
	}

	/** Other settings on the same port, at once. A server that refuses ends the stream. */
	configure(settings: Rfc2217Settings): void {
		this.#settings = settings;
		if (this.#agreed) this.#set();
	}

	override _read(): void {
		this.#socket.resume();
	}

	override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
		this.#socket.write(escaped(chunk), done);
	}

	override _final(done: (error?: Error | null) => void): void {
		done();
		this.destroy();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		clearTimeout(this.#negotiation);
		this.#socket.destroy();
		done(error);
	}

	#propose(): void {
		for (const option of [BINARY, SUPPRESS_GO_AHEAD]) {
			this.#socket.write(optionCommand(WILL, option));
			this.#socket.write(optionCommand(DO, option));
		}
		this.#socket.write(optionCommand(WILL, COM_PORT));
	}

	/** Answers what the server asks for; what it merely confirms is not answered again (RFC 854's loops). */
	#option(verb: Verb, option: number): void {
		const ours = option === BINARY || option === SUPPRESS_GO_AHEAD;
		if (option === COM_PORT && (verb === DO || verb === WILL)) {
			if (!this.#agreed) {
				this.#agreed = true;
				this.#set();
			}
		} else if (option === COM_PORT) this.destroy(new Error("that server does not know RFC 2217"));
		else if (verb === DO && !ours) this.#socket.write(optionCommand(WONT, option));
		else if (verb === WILL && !ours) this.#socket.write(optionCommand(DONT, option));
	}

	#set(): void {
		const { baud, dataBits, parity, stopBits } = this.#settings;
		this.#ask(Command.SET_BAUDRATE, baud);
		this.#ask(Command.SET_DATASIZE, dataBits);
		this.#ask(Command.SET_PARITY, PARITY[parity]);
		this.#ask(Command.SET_STOPSIZE, stopBits);
		if (this.#open) return;
		for (const control of [NO_FLOW_CONTROL, DTR_ON, RTS_ON]) this.#send(Command.SET_CONTROL, control);
		this.#send(Command.PURGE_DATA, PURGE_BOTH);
	}

	#ask(command: number, value: number): void {
		this.#awaited.set(command, value);
		this.#send(command, value);
	}

	#send(command: number, value: number): void {
		const bytes =
			command === Command.SET_BAUDRATE
				? [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
				: [value];
		this.#socket.write(subnegotiation(COM_PORT, [command, ...bytes]));
	}

	/** The value in a server's answer is what it did set. */
	#answered(option: number, parameters: Uint8Array): void {
		if (option !== COM_PORT) return;
		const [code = 0, ...value] = parameters;
		const command = code - SERVER;
		const wanted = this.#awaited.get(command);
		if (wanted === undefined) return;
		const actual = value.reduce((sum, byte) => sum * 0x100 + byte, 0);
		if (actual !== wanted) {
			this.destroy(new Error(`RFC 2217: the server refuses ${settingText(command, this.#settings)}`));
			return;
		}
		this.#awaited.delete(command);
		if (this.#awaited.size > 0 || this.#open) return;
		clearTimeout(this.#negotiation);
		this.#open = true;
		this.#ready();
	}
}

function settingText(command: number, { baud, dataBits, parity, stopBits }: Rfc2217Settings): string {
	switch (command) {
		case Command.SET_BAUDRATE:
			return `${baud} Bd`;
		case Command.SET_DATASIZE:
			return `${dataBits} data bits`;
		case Command.SET_PARITY:
			return `parity ${parity}`;
		default:
			return `${stopBits} stop bits`;
	}
}
