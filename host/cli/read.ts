// `meterling read`: readings from a meter on a serial line or a device server, for a person or as JSON lines.

import { MOST_IN_REQUEST } from "../../protocols/kmp/commands.js";
import type { LineSettings, Protocol, SessionOptions } from "../../protocols/protocol.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { readingToJson } from "../../readings/json.js";
import { defaultValues } from "../../settings/setting.js";
import { nodeCipher } from "../platform/cipher.js";
import "../platform/globals.js";
import { type Command, hexKey, parse, UsageError, wholeNumber } from "./command.js";
import { Conversation } from "./conversation.js";
import { FrameTrace } from "./frame-trace.js";
import { chosenLine, chosenPort, chosenTimeoutMs, finish } from "./line-options.js";
import { monotonic } from "./node-time.js";
import { chosenProtocol, protocolNames } from "./protocol-option.js";
import { readingTable } from "./reading-table.js";

const HELP = `Reads a meter on a line and prints what it says.

Usage: meterling read --protocol NAME --port PORT [OPTIONS]

Options:
  --protocol NAME      ${protocolNames().join(", ")}
  --port PORT          /dev/ttyUSB0, or a device server: socket://host:port for a raw TCP port,
                       rfc2217://host:port for one whose speed and parity are set from here
  --baud N             another speed than the protocol's usual one
  --format 8E1         other characters than the usual: data bits, parity, stop bits
  --register N         a register to ask for, in protocols that ask by number; up to ${MOST_IN_REQUEST} times
  --encryption-key HEX, --authentication-key HEX
                       keys of a meter that encrypts: 32 hexadecimal digits each
  --count N            ends after N readings (1); 0 goes on until Ctrl-C
  --timeout SECONDS    gives up where no reading comes for so long (60)
  --json               one JSON object a line in place of a table
  -v, --verbose        shows what is sent and received in hexadecimal, taken apart (on standard error)
  -h, --help           this text

Exit code: 0 all readings came, 1 the port or the meter did not answer, 2 wrong usage.

Examples:
  meterling read --protocol p1 --port /dev/ttyUSB0
  meterling read --protocol dlms --port socket://192.168.1.20:4001 --json --count 0
  meterling read --protocol kmp --port /dev/ttyUSB0 --register 60 --register 68
`;

const OPTIONS = {
	protocol: { type: "string" },
	port: { type: "string" },
	baud: { type: "string" },
	format: { type: "string" },
	register: { type: "string", multiple: true },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
	count: { type: "string" },
	timeout: { type: "string" },
	json: { type: "boolean" },
	verbose: { type: "boolean", short: "v" },
} as const;

const MOST_COUNT = 1_000_000;
const MOST_REGISTER = 65_535;
const DEFAULT_TIMEOUT_S = 60;

interface ReadPlan {
	readonly protocol: Protocol;
	readonly port: string;
	readonly settings: LineSettings;
	readonly options: SessionOptions;
	readonly count: number;
	readonly timeoutMs: number;
	readonly json: boolean;
	readonly verbose: boolean;
}

function readPlan(args: readonly string[]): ReadPlan {
	const { values } = parse(args, OPTIONS);
	if (values.protocol === undefined)
		throw new UsageError(`--protocol is needed: ${protocolNames().join(", ")}`);
	const port = chosenPort(values.port);
	const protocol = chosenProtocol(values.protocol);
	if (!protocol)
		throw new UsageError(`--protocol auto is for files; name one of ${protocolNames().join(", ")}`);
	const { baud, format, count, timeout, register = [] } = values;
	const registers = register.map((text) => wholeNumber("--register", text, 0, MOST_REGISTER));
	if (registers.length > MOST_IN_REQUEST)
		throw new UsageError(`--register may be given ${MOST_IN_REQUEST} times: so many fit into one request`);
	if (registers.length > 0 && !protocol.settings.some(({ key }) => key === "registers"))
		throw new UsageError(`--register is not for ${protocol.name}`);
	const options: SessionOptions = {
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		settings: {
			...defaultValues(protocol.settings),
			encryptionKey: hexKey("--encryption-key", values["encryption-key"]),
			authenticationKey: hexKey("--authentication-key", values["authentication-key"]),
			...(registers.length > 0 ? { registers: registers.join(" ") } : {}),
		},
	};
	return {
		protocol,
		port,
		settings: chosenLine(protocol, baud, format),
		options,
		count: count === undefined ? 1 : wholeNumber("--count", count, 0, MOST_COUNT),
		timeoutMs: chosenTimeoutMs(timeout, DEFAULT_TIMEOUT_S),
		json: values.json === true,
		verbose: values.verbose === true,
	};
}

async function readMeter(args: readonly string[]): Promise<number> {
	const { protocol, port, settings, options, count, timeoutMs, json, verbose } = readPlan(args);
	let left = count;
	const { settings: values } = options;
	const conversation = new Conversation({
		port,
		settings,
		session: protocol.open(options),
		timeoutMs,
		trace: verbose
			? new FrameTrace({
					...{ protocol, checksums: options.checksums, cipher: options.cipher, now: monotonic },
					encryptionKey: `${values.encryptionKey ?? ""}`,
					authenticationKey: `${values.authenticationKey ?? ""}`,
					write: (text) => process.stderr.write(text),
				})
			: undefined,
		onReading: (reading) => {
			process.stdout.write(json ? `${readingToJson(reading)}\n` : readingTable(reading));
			left--;
			return left === 0;
		},
		onRejected: (rejection) => process.stderr.write(`${JSON.stringify(rejection)}\n`),
	});
	return finish("read", conversation);
}

export const read: Command = {
	name: "read",
	summary: "read a meter on a serial line or a device server",
	help: HELP,
	run: readMeter,
};
