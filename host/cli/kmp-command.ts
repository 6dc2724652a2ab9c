// What `get-serial` and `get-type` share: options, the question put to the meter, and its answer on one line.

import { kmp } from "../../protocols/kmp/kmp.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { MeterIdentity } from "../../readings/reading.js";
import { nodeCipher } from "../platform/cipher.js";
import "../platform/globals.js";
import { parse } from "./command.js";
import { Conversation } from "./conversation.js";
import { FrameTrace } from "./frame-trace.js";
import { KmpQuestion, type KmpQuestionOptions } from "./kmp-question.js";
import { chosenLine, chosenPort, chosenTimeoutMs, finish } from "./line-options.js";
import { monotonic } from "./node-time.js";

const OPTIONS = {
	port: { type: "string" },
	baud: { type: "string" },
	timeout: { type: "string" },
	json: { type: "boolean" },
	verbose: { type: "boolean", short: "v" },
} as const;

/** Three attempts of about four seconds. */
const DEFAULT_TIMEOUT_S = 15;

export const KMP_COMMAND_OPTIONS = `Options:
  --port PORT          /dev/ttyUSB0, socket://host:port or rfc2217://host:port
  --baud N             another speed than 1200: 9600 for 382 L and J, 2400 for MULTICAL 21
  --timeout SECONDS    gives up after so long (${DEFAULT_TIMEOUT_S})
  --json               the answer as a JSON object
  -v, --verbose        shows what is sent and received in hexadecimal, taken apart (on standard error)
  -h, --help           this text

Exit code: 0 the meter answered, 1 it or the port did not, 2 wrong usage.
`;

export interface KmpAnswer extends Omit<KmpQuestionOptions, "checksums"> {
	readonly command: string;
	readonly text: (meter: MeterIdentity) => string;
}

/** Puts the question to the meter that the arguments name; the exit code. */
export function askKmp(args: readonly string[], { command, text, ...question }: KmpAnswer): Promise<number> {
	const { values } = parse(args, OPTIONS);
	const checksums = tableChecksums();
	const conversation = new Conversation({
		port: chosenPort(values.port),
		settings: chosenLine(kmp, values.baud),
		session: new KmpQuestion({ checksums, ...question }),
		timeoutMs: chosenTimeoutMs(values.timeout, DEFAULT_TIMEOUT_S),
		trace: values.verbose
			? new FrameTrace({
					...{ protocol: kmp, checksums, cipher: nodeCipher(), now: monotonic },
					...{ encryptionKey: "", authenticationKey: "" },
					write: (line) => process.stderr.write(line),
				})
			: undefined,
		onReading: ({ meter }) => {
			process.stdout.write(`${values.json ? JSON.stringify(meter) : text(meter)}\n`);
			return true;
		},
		onRejected: (rejection) => process.stderr.write(`${JSON.stringify(rejection)}\n`),
	});
	return finish(command, conversation);
}
