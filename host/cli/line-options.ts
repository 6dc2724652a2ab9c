// The options of commands that talk to a meter on a line: port, speed, patience; and how such a command ends.

import { CHARACTER_FORMATS, chooseLine } from "../../protocols/line-choice.js";
import type { LineSettings, Protocol } from "../../protocols/protocol.js";
import { Exit, positiveNumber, UsageError, wholeNumber } from "./command.js";
import type { Conversation } from "./conversation.js";
import { interrupted } from "./shutdown.js";

const LEAST_BAUD = 50;
const MOST_BAUD = 921_600;
const MOST_TIMEOUT_S = 86_400;
const MILLISECONDS = 1000;
const SERVER = /^(?:socket|rfc2217):\/\/(?:[^\s/:]+|\[[\da-fA-F:]+\]):\d{1,5}$/;

/** `--port`, looked at; throws a `UsageError` where it is none. */
export function chosenPort(text: string | undefined): string {
	if (text === undefined)
		throw new UsageError("--port is needed: /dev/ttyUSB0, socket://host:port or rfc2217://host:port");
	if (text.includes("://") && !SERVER.test(text))
		throw new UsageError("--port is a device, socket://host:port or rfc2217://host:port");
	return text;
}

/** The line that `--baud` and `--format` choose for the protocol. */
export function chosenLine(protocol: Protocol, baud: string | undefined, format?: string): LineSettings {
	return chooseLine(
		protocol,
		baud === undefined ? undefined : wholeNumber("--baud", baud, LEAST_BAUD, MOST_BAUD),
		format === undefined ? undefined : chosenFormat(format),
	);
}

/** `--format`, in capitals; throws a `UsageError` where it is none. */
export function chosenFormat(text: string): string {
	const format = text.toUpperCase();
	if (!CHARACTER_FORMATS.includes(format))
		throw new UsageError(`--format is one of ${CHARACTER_FORMATS.join(", ")}`);
	return format;
}

/** `--timeout` in milliseconds. */
export function chosenTimeoutMs(text: string | undefined, usualSeconds: number): number {
	return (
		(text === undefined ? usualSeconds : positiveNumber("--timeout", text, MOST_TIMEOUT_S)) * MILLISECONDS
	);
}

/** Waits for the conversation's end or Ctrl-C, tells a problem, and gives the exit code. */
export async function finish(command: string, conversation: Conversation): Promise<number> {
	const problem = await Promise.race([conversation.done, interrupted().then(() => undefined)]);
	conversation.close();
	if (problem === undefined) return Exit.OK;
	process.stderr.write(`meterling ${command}: ${problem}\n`);
	return Exit.NOTHING;
}
