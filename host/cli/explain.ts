// `meterling explain`: a recording as an annotated hexadecimal dump, for a bug report about a meter that nobody knows.

import { tableChecksums } from "../../protocols/shared/checksums.js";
import { type ExplainOptions, explainBytes } from "../explain/explain.js";
import { render } from "../explain/render.js";
import { nodeCipher } from "../platform/cipher.js";
import { type Command, Exit, hexKey, parse, UsageError } from "./command.js";
import { readInput, STANDARD_INPUT } from "./input-file.js";
import { chosenProtocol, protocolNames } from "./protocol-option.js";

const HELP = `Prints recorded bytes of a meter as an annotated hexadecimal dump: each byte with its layer, field and meaning.
Made for bug reports about meters that meterling does not read yet.

Usage: meterling explain [OPTIONS] [FILE|-]

The file holds raw bytes or hexadecimal text; which of the two is told by its content. Offsets count bytes, not
digits. Without a file, or with -, standard input is read. Damaged frames are explained as far as they go, with the
check that fails; bytes that belong to no frame are shown as rubbish.

Options:
  --protocol NAME            auto (the default), ${protocolNames().join(", ")}
  --encryption-key HEX       the meter's encryption key: the plaintext is explained too
  --authentication-key HEX   its authentication key, where there is one
  --anonymous                meter numbers and checksums become X, in bytes and in values
  -h, --help                 this text

Keys and passwords never appear in the dump. Meter numbers do, unless --anonymous is given: use it for everything
that you publish, and look through the result, for no program knows every field of an unknown meter.

Exit code: 0 something was recognised, 1 nothing was, 2 wrong usage or an unreadable file.

Examples:
  meterling explain push.hex
  meterling explain --anonymous --encryption-key 00112233445566778899AABBCCDDEEFF push.hex > report.txt
`;

const OPTIONS = {
	protocol: { type: "string" },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
	anonymous: { type: "boolean" },
} as const;

async function explainFile(args: readonly string[]): Promise<number> {
	const { values, positionals } = parse(args, OPTIONS, true);
	const [file = STANDARD_INPUT, second] = positionals;
	if (second !== undefined) throw new UsageError(`one file at a time; unexpected argument ${second}`);
	const protocol = chosenProtocol(values.protocol ?? "auto");
	const options: ExplainOptions = {
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		encryptionKey: hexKey("--encryption-key", values["encryption-key"]),
		authenticationKey: hexKey("--authentication-key", values["authentication-key"]),
		anonymous: values.anonymous === true,
	};
	const explained = explainBytes(readInput(file), protocol, options);
	process.stdout.write(`${render(explained).join("\n")}\n`);
	return explained.explanation.isRecognised ? Exit.OK : Exit.NOTHING;
}

export const explain: Command = {
	name: "explain",
	summary: "explain recorded bytes as an annotated hexadecimal dump",
	help: HELP,
	run: explainFile,
};
