// What a person does next when a line or a meter fails: one line each. Pure; knows no port and no session.

import type { Rejection } from "../../protocols/protocol.js";

/** A port that could not be opened, or was lost, with what to try. */
export function portProblem(port: string, reason: string): string {
	const advice = portAdvice(port, reason);
	return `${port}: ${reason}${advice === undefined ? "" : `; ${advice}`}`;
}

function portAdvice(port: string, reason: string): string | undefined {
	if (/no such port/.test(reason)) return "is it plugged in? ls /dev/serial/by-id shows the ports there are";
	if (/may not use it/.test(reason))
		return "sudo usermod -aG dialout $USER lets this user, after the next log-in";
	if (/lock/i.test(reason)) return "another program has it open: end that one first";
	if (/nothing listens/.test(reason)) return "is the device server on, and that its port number?";
	if (/no such host/.test(reason)) return "is the name right? An address works as well";
	if (/RFC 2217/.test(reason)) return `the raw port may do: ${port.replace("rfc2217:", "socket:")}`;
	if (/has closed|is gone/.test(reason))
		return "was the cable pulled, or does another reader hold the server?";
	return undefined;
}

/** How far the bytes of a conversation came. */
export interface Progress {
	/** Bytes that were sent, and that came. */
	readonly sent: number;
	readonly received: number;
	/** Everything that came is what was sent. */
	readonly echoOnly: boolean;
	readonly baud: number;
	/** The newest refusal that says most, if any. */
	readonly rejection: Rejection | undefined;
	readonly refused: number;
}

/** Why there is no reading, and what to look at next. */
export function silenceAdvice({ sent, received, echoOnly, baud, rejection, refused }: Progress): string {
	const asked = sent > 0;
	if (received === 0)
		return asked
			? `no answer at ${baud} Bd: is the optical head the right way up and on the meter's window, and is that its speed (--baud)?`
			: "not one byte: is the meter's port switched on and wired?";
	if (echoOnly)
		return "only the echo of the optical head came back: it works, the meter does not answer; turn it right way up, move it closer, or try another --baud";
	const told = rejection && rejectionAdvice(rejection);
	if (told !== undefined) return told;
	if (refused === 0)
		return `${received} bytes but no frame: is it the right --protocol and --baud? meterling detect finds out`;
	return `${refused} frames were refused, see above: bits are lost on the wire, or --baud, parity or the wiring is not quite right`;
}

/** What a refusal asks a person to do; `undefined` where it is plain damage. */
export function rejectionAdvice({ layer, code, detail }: Rejection): string | undefined {
	const title = detail === undefined ? "" : ` (${detail})`;
	switch (code) {
		case "key-needed":
			return `the meter encrypts${title}: give --encryption-key, which the grid company hands out`;
		case "wrong-key":
			return `the key does not fit${title}: a wrong key, not a wrong line`;
		case "tag":
			// In the APDU it is an unknown type; in ciphering the check of authenticity.
			return layer === "apdu"
				? undefined
				: `the authentication tag is wrong${title}: a wrong --authentication-key, or another meter's --encryption-key`;
		case "password-refused":
			return "the meter refused the password: ask whoever set it, or read without programming mode";
		case "meter-error":
			return `the meter answered with an error${title}: it does not know what was asked for`;
		default:
			return undefined;
	}
}

/** The most bytes that are compared to find an echo. */
const MOST_COMPARED = 4096;

/** Tells whether all that comes is what was sent: what an optical head gives back without a meter under it. */
export class EchoWatch {
	readonly #sent: number[] = [];
	#received = 0;
	#differs = false;

	send(bytes: Uint8Array): void {
		for (const byte of bytes) if (this.#sent.length < MOST_COMPARED) this.#sent.push(byte);
	}

	receive(bytes: Uint8Array): void {
		for (const byte of bytes) {
			if (this.#received < MOST_COMPARED && byte !== this.#sent[this.#received]) this.#differs = true;
			this.#received++;
		}
	}

	get echoOnly(): boolean {
		return this.#received > 0 && !this.#differs;
	}
}
