// `meterling decode`: files in, one JSON line a reading out. A contract that other programs call: see
// docs/command-line.md before changing a name here.

import type { Protocol, Rejection } from "../../protocols/protocol.js";
import { PROTOCOLS } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { readingToJson } from "../../readings/json.js";
import { nodeCipher } from "../platform/cipher.js";
import { type Command, Exit, hexKey, parse, UsageError } from "./command.js";
import { type DecodeOptions, decodeAuto, decodeWith, type Outcome } from "./decode-bytes.js";
import { readInput, STANDARD_INPUT } from "./input-file.js";
import { chosenProtocol, protocolNames } from "./protocol-option.js";

const HELP = `Decodes recorded bytes of a meter and prints each reading as one line of JSON.

Usage: meterling decode [OPTIONS] [FILE…|-]

Files hold raw bytes or hexadecimal text; which of the two is told by their content. Without a file, or with -,
standard input is read. Each file is a recording of its own: it may hold many frames, a message without its outer
frame, and rubbish around them.

Options:
  --protocol NAME            auto (the default), ${protocolNames().join(", ")}
  --encryption-key HEX       the meter's encryption key: 32 hexadecimal digits
  --authentication-key HEX   its authentication key, where there is one
  -h, --help                 this text

Readings go to standard output. Each frame that was refused is one line of JSON on standard error, with the layer
that refused it and why.

Exit code: 0 at least one reading, 1 none, 2 wrong usage or an unreadable file.

Examples:
  meterling decode telegram.txt
  meterling decode --protocol dlms --encryption-key 00112233445566778899AABBCCDDEEFF push.hex
  xxd -p capture.bin | meterling decode -
`;

const OPTIONS = {
	protocol: { type: "string" },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
} as const;

async function decodeFiles(args: readonly string[]): Promise<number> {
	const { values, positionals } = parse(args, OPTIONS, true);
	const protocol = chosenProtocol(values.protocol ?? "auto");
	const options: DecodeOptions = {
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		encryptionKey: hexKey("--encryption-key", values["encryption-key"]),
		authenticationKey: hexKey("--authentication-key", values["authentication-key"]),
	};
	let found = false;
	let unreadable = false;
	for (const file of positionals.length === 0 ? [STANDARD_INPUT] : positionals) {
		let bytes: Uint8Array;
		try {
			bytes = readInput(file);
		} catch (error) {
			if (!(error instanceof UsageError)) throw error;
			process.stderr.write(`meterling decode: ${error.message}\n`);
			unreadable = true;
			continue;
		}
		if (print(file, decodeOne(protocol, bytes, options), bytes.length)) found = true;
	}
	if (unreadable) return Exit.USAGE;
	return found ? Exit.OK : Exit.NOTHING;
}

function decodeOne(protocol: Protocol | undefined, bytes: Uint8Array, options: DecodeOptions) {
	return protocol ? decodeWith(protocol, bytes, options) : decodeAuto(PROTOCOLS, bytes, options);
}

/** Whether there was a reading to print. */
function print(file: string, outcome: Outcome | undefined, length: number): boolean {
	const { readings = [], rejections = [], protocol } = outcome ?? {};
	const member = `"file":${JSON.stringify(file)},`;
	for (const reading of readings) process.stdout.write(`${readingToJson(reading, member)}\n`);
	for (const rejection of rejections) process.stderr.write(`${rejectionToJson(file, rejection, protocol)}\n`);
	if (readings.length === 0 && rejections.length === 0) {
		const nothing: Rejection = { rejected: true, layer: "file", code: length === 0 ? "empty" : "no-frame" };
		process.stderr.write(`${rejectionToJson(file, nothing, undefined)}\n`);
	}
	return readings.length > 0;
}

function rejectionToJson(file: string, rejection: Rejection, protocol: Protocol | undefined): string {
	const { rejected, layer, code, offset, expected, actual, detail } = rejection;
	return JSON.stringify({
		...{ rejected, file, layer, code, offset, expected, actual, detail },
		protocol: protocol?.name,
	});
}

export const decode: Command = {
	name: "decode",
	summary: "decode recorded bytes or a hexadecimal dump into JSON",
	help: HELP,
	run: decodeFiles,
};
