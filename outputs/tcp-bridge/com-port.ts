// RFC 2217: a serial port over telnet. Takes the commands out of a client's bytes, answers them, and doubles the escape
// character of what goes to it. The line has no modem signals and no flow control; it says so.
// Sources: RFC 854, 855 (telnet), 856 (binary), 858 (suppress go ahead), 2217.

import type { TapSettings } from "../meter-tap.js";

const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;
const BINARY = 0;
const SUPPRESS_GO_AHEAD = 3;
const COM_PORT = 44;
/** RFC 2217's commands; an answer is the command and 100. */
const SIGNATURE = 0;
const SET_BAUD = 1;
const SET_DATA_SIZE = 2;
const SET_PARITY = 3;
const SET_STOP_SIZE = 4;
const SET_CONTROL = 5;
const SET_LINE_STATE_MASK = 10;
const SET_MODEM_STATE_MASK = 11;
const PURGE_DATA = 12;
const ANSWER = 100;
/** Longest subnegotiation taken: a client's signature may be longer and is nobody's business. */
const LONGEST = 16;

const BAUDS = " 300 600 1200 2400 4800 9600 19200 38400 57600 115200 230400 ";
/** By RFC 2217's number. */
const PARITIES: readonly TapSettings["parity"][] = Object.freeze(["none", "none", "odd", "even"]);

/** Whose port it is. */
export interface ComPortOwner {
	/** As the line is set for this client. */
	readonly settings: TapSettings;
	/** It wants the line so; whether it is, `settings` tells afterwards. */
	set(settings: TapSettings): void;
	/** Bytes for the client, escaped already. */
	answer(bytes: Uint8Array): void;
}

export class ComPort {
	readonly #owner: ComPortOwner;
	/** What the next byte is: data, behind IAC, an option's number (behind that verb), in a subnegotiation, behind IAC in one. */
	#state: "data" | "command" | "option" | "inside" | "insideCommand" = "data";
	#verb = 0;
	readonly #inside = new Uint8Array(LONGEST);
	#length = 0;

	constructor(owner: ComPortOwner) {
		this.#owner = owner;
	}

	/** The data among the client's bytes, moved together in place. */
	receive(bytes: Uint8Array): Uint8Array {
		let to = 0;
		for (let at = 0; at < bytes.length; at++) {
			const byte = bytes[at] as number;
			if (this.#state === "data" && byte !== IAC) bytes[to++] = byte;
			else if (this.#state === "command" && byte === IAC) {
				bytes[to++] = byte;
				this.#state = "data";
			} else this.#command(byte);
		}
		return bytes.subarray(0, to);
	}

	#command(byte: number): void {
		switch (this.#state) {
			case "data":
				this.#state = "command";
				break;
			case "command":
				this.#verb = byte;
				this.#length = 0;
				this.#state = byte === SB ? "inside" : byte > SB ? "option" : "data";
				break;
			case "option":
				this.#state = "data";
				this.#negotiate(byte);
				break;
			case "inside":
				if (byte === IAC) this.#state = "insideCommand";
				else this.#collect(byte);
				break;
			case "insideCommand":
				this.#state = byte === SE ? "data" : "inside";
				if (byte === IAC) this.#collect(byte);
				else if (byte === SE && this.#inside[0] === COM_PORT && this.#length > 1) this.#perform();
				break;
		}
	}

	#collect(byte: number): void {
		if (this.#length < LONGEST) this.#inside[this.#length++] = byte;
	}

	/** Asks for nothing itself, so every request has one answer and no answer has another. */
	#negotiate(option: number): void {
		const can = option === BINARY || option === SUPPRESS_GO_AHEAD || option === COM_PORT;
		if (this.#verb === WILL) this.#owner.answer(Uint8Array.of(IAC, can ? DO : DONT, option));
		else if (this.#verb === DO) this.#owner.answer(Uint8Array.of(IAC, can ? WILL : WONT, option));
	}

	#perform(): void {
		const command = this.#inside[1] as number;
		const value = this.#inside[2] ?? 0;
		const owner = this.#owner;
		const { settings } = owner;
		switch (command) {
			case SIGNATURE:
				// "Meterling"
				return this.#answer(command, 77, 101, 116, 101, 114, 108, 105, 110, 103);
			case SET_BAUD: {
				const [, , a = 0, b = 0, c = 0, d = 0] = this.#inside;
				const baud = a * 0x1000000 + (b << 16) + (c << 8) + d;
				if (this.#length === 6 && BAUDS.includes(` ${baud} `)) owner.set({ ...settings, baud });
				const now = owner.settings.baud;
				return this.#answer(command, now >> 24, (now >> 16) & 0xff, (now >> 8) & 0xff, now & 0xff);
			}
			case SET_DATA_SIZE:
				if (value === 7 || value === 8) owner.set({ ...settings, dataBits: value });
				return this.#answer(command, owner.settings.dataBits);
			case SET_PARITY: {
				const parity = PARITIES[value];
				if (parity && value > 0) owner.set({ ...settings, parity });
				return this.#answer(command, PARITIES.indexOf(owner.settings.parity, 1));
			}
			case SET_STOP_SIZE:
				if (value === 1 || value === 2) owner.set({ ...settings, stopBits: value });
				return this.#answer(command, owner.settings.stopBits);
			case SET_CONTROL:
				return this.#answer(command, controlOf(value));
			case SET_LINE_STATE_MASK:
			case SET_MODEM_STATE_MASK:
			case PURGE_DATA:
				return this.#answer(command, value);
		}
	}

	#answer(command: number, ...value: readonly number[]): void {
		const content = escaped(Uint8Array.of(...value));
		const answer = new Uint8Array(content.length + 6);
		answer.set([IAC, SB, COM_PORT, command + ANSWER]);
		answer.set(content, 4);
		answer.set([IAC, SE], content.length + 4);
		this.#owner.answer(answer);
	}
}

/** What SET-CONTROL comes to: no flow control, no break, DTR and RTS as asked for, as nothing hangs on them. */
function controlOf(value: number): number {
	switch (value) {
		case 0:
		case 2:
		case 3:
			return 1;
		case 4:
		case 5:
			return 6;
		case 7:
			return 8;
		case 10:
			return 11;
		default:
			return value;
	}
}

/** The bytes with every IAC doubled; the same array where there is none. */
export function escaped(bytes: Uint8Array): Uint8Array {
	let count = 0;
	for (let at = 0; at < bytes.length; at++) if (bytes[at] === IAC) count++;
	if (count === 0) return bytes;
	const doubled = new Uint8Array(bytes.length + count);
	let to = 0;
	for (let at = 0; at < bytes.length; at++) {
		doubled[to++] = bytes[at] as number;
		if (bytes[at] === IAC) doubled[to++] = IAC;
	}
	return doubled;
}
