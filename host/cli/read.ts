// `meterling read`: readings from a meter on a serial line or a device server, for a person or as JSON lines.

import type { Line } from "../../hardware/line.js";
import { openSerialLine } from "../../hardware/serial-line.js";
import type { Action, LineSettings, Protocol, Session } from "../../protocols/protocol.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { toText } from "../../readings/decimal.js";
import { readingToJson } from "../../readings/json.js";
import type { Quantity, Reading } from "../../readings/reading.js";
import { defaultValues } from "../../settings/setting.js";
import { nodeCipher } from "../platform/cipher.js";
import "../platform/globals.js";
import { type Command, Exit, hexKey, parse, positiveNumber, UsageError, wholeNumber } from "./command.js";
import { monotonic } from "./node-time.js";
import { chosenProtocol, protocolNames } from "./protocol-option.js";
import { interrupted } from "./shutdown.js";

const HELP = `Reads a meter on a line and prints what it says.

Usage: meterling read --protocol NAME --port PORT [OPTIONS]

Options:
  --protocol NAME      ${protocolNames().join(", ")}
  --port PORT          /dev/ttyUSB0, or socket://host:port of a device server
  --baud N             another speed than the protocol's usual one
  --register N         a register to ask for, in protocols that ask by number; may be repeated
  --encryption-key HEX, --authentication-key HEX
                       keys of a meter that encrypts: 32 hexadecimal digits each
  --count N            ends after N readings (1); 0 goes on until Ctrl-C
  --timeout SECONDS    gives up where no reading comes for so long (60)
  --json               one JSON object a line in place of a table
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
	register: { type: "string", multiple: true },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
	count: { type: "string" },
	timeout: { type: "string" },
	json: { type: "boolean" },
} as const;

const MOST_BAUD = 921_600;
const MOST_COUNT = 1_000_000;
const MOST_TIMEOUT_S = 86_400;
const MOST_REGISTER = 65_535;
const DEFAULT_TIMEOUT_S = 60;
const MILLISECONDS = 1000;

interface ReadPlan {
	readonly protocol: Protocol;
	readonly port: string;
	readonly settings: LineSettings;
	readonly session: Session;
	readonly count: number;
	readonly timeoutMs: number;
	readonly json: boolean;
}

function readPlan(args: readonly string[]): ReadPlan {
	const { values } = parse(args, OPTIONS);
	if (values.protocol === undefined)
		throw new UsageError(`--protocol is needed: ${protocolNames().join(", ")}`);
	if (values.port === undefined) throw new UsageError("--port is needed: /dev/ttyUSB0 or socket://host:port");
	const protocol = chosenProtocol(values.protocol);
	if (!protocol)
		throw new UsageError(`--protocol auto is for files; name one of ${protocolNames().join(", ")}`);
	if (values.port.includes("://") && !values.port.startsWith("socket://"))
		throw new UsageError("--port is a device or socket://host:port");
	const { baud, count, timeout, register = [] } = values;
	const usual = protocol.lines[0];
	const registers = register.map((text) => wholeNumber("--register", text, 0, MOST_REGISTER));
	if (registers.length > 0 && !protocol.settings.some(({ key }) => key === "registers"))
		throw new UsageError(`--register is not for ${protocol.name}`);
	const session = protocol.open({
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		settings: {
			...defaultValues(protocol.settings),
			encryptionKey: hexKey("--encryption-key", values["encryption-key"]),
			authenticationKey: hexKey("--authentication-key", values["authentication-key"]),
			...(registers.length > 0 ? { registers: registers.join(" ") } : {}),
		},
	});
	return {
		protocol,
		port: values.port,
		settings: baud === undefined ? usual : { ...usual, baud: wholeNumber("--baud", baud, 50, MOST_BAUD) },
		session,
		count: count === undefined ? 1 : wholeNumber("--count", count, 0, MOST_COUNT),
		timeoutMs:
			(timeout === undefined ? DEFAULT_TIMEOUT_S : positiveNumber("--timeout", timeout, MOST_TIMEOUT_S)) *
			MILLISECONDS,
		json: values.json === true,
	};
}

async function readMeter(args: readonly string[]): Promise<number> {
	const reader = new Reader(readPlan(args));
	const ended = interrupted().then(() => undefined);
	const problem = await Promise.race([reader.done, ended]);
	reader.close();
	if (problem === undefined) return Exit.OK;
	process.stderr.write(`meterling read: ${problem}\n`);
	return Exit.NOTHING;
}

/** One session on one line; `done` resolves with the problem, or with nothing when all readings came. */
class Reader {
	readonly done: Promise<string | undefined>;
	readonly #plan: ReadPlan;
	#finish: (problem: string | undefined) => void = () => {};
	#line: Line | undefined;
	#wake: NodeJS.Timeout | undefined;
	#deadline: NodeJS.Timeout | undefined;
	#left: number;
	#bytes = 0;
	#refused = 0;

	constructor(plan: ReadPlan) {
		this.#plan = plan;
		this.#left = plan.count;
		this.done = new Promise((finish) => {
			this.#finish = finish;
		});
		try {
			this.#line = openSerialLine({
				port: plan.port,
				settings: plan.settings,
				onReadable: () => this.#receive(),
				onError: (reason) => this.#finish(`${plan.port}: ${reason}`),
			});
		} catch (error) {
			this.#finish(`${plan.port} ${(error as Error).message}`);
			return;
		}
		this.#await();
		this.#act(plan.session.tick(monotonic()));
	}

	close(): void {
		clearTimeout(this.#wake);
		clearTimeout(this.#deadline);
		this.#line?.close();
	}

	#await(): void {
		clearTimeout(this.#deadline);
		this.#deadline = setTimeout(() => this.#finish(this.#silence()), this.#plan.timeoutMs);
	}

	/** What to look at next, by how far the bytes came. */
	#silence(): string {
		const seconds = this.#plan.timeoutMs / MILLISECONDS;
		if (this.#bytes === 0) return `not one byte in ${seconds} s: is the meter's port switched on and wired?`;
		if (this.#refused === 0)
			return `${this.#bytes} bytes but no frame in ${seconds} s: is it the right --protocol and --baud?`;
		return `no good frame in ${seconds} s, ${this.#refused} refused: see above`;
	}

	#receive(): void {
		const bytes = this.#line?.read();
		if (!bytes) return;
		this.#bytes += bytes.length;
		this.#act(this.#plan.session.receive(bytes, monotonic()));
	}

	#act(actions: readonly Action[]): void {
		for (const action of actions) {
			switch (action.do) {
				case "send":
					this.#line?.write(action.bytes);
					break;
				case "setLine":
					this.#line?.set(action.settings);
					break;
				case "wakeAt":
					clearTimeout(this.#wake);
					this.#wake = setTimeout(
						() => this.#act(this.#plan.session.tick(monotonic())),
						Math.max(0, action.time - monotonic()),
					);
					break;
				case "rejected":
					this.#refused++;
					process.stderr.write(`${JSON.stringify(action.rejection)}\n`);
					break;
				case "reading":
					this.#print(action.reading);
			}
		}
	}

	#print(reading: Reading): void {
		if (this.#plan.count > 0 && this.#left === 0) return;
		process.stdout.write(this.#plan.json ? `${readingToJson(reading)}\n` : readingTable(reading));
		this.#await();
		this.#left--;
		if (this.#left === 0) this.#finish(undefined);
	}
}

/** A reading for people: who and when, then a line for each quantity, values under each other. */
export function readingTable({ meter, time, quantities, devices }: Reading): string {
	const who = [meter.manufacturer, meter.model, meter.id].filter((part) => part !== undefined).join(" ");
	const lines = [`${who || "meter"}  ${time ?? "no time"}`, ...quantityLines(quantities)];
	for (const device of devices)
		lines.push(
			`${device.kind} ${device.id ?? ""}  ${device.time ?? "no time"}`,
			...quantityLines(device.quantities),
		);
	return `${lines.join("\n")}\n\n`;
}

function quantityLines(quantities: readonly Quantity[]): string[] {
	const values = quantities.map(({ value }) => (typeof value === "string" ? value : toText(value)));
	const nameWidth = Math.max(0, ...quantities.map(({ name }) => name.length));
	const numbers = values.filter((_, index) => typeof quantities[index]?.value !== "string");
	const valueWidth = Math.max(0, ...numbers.map((value) => value.length));
	return quantities.map(({ name, unit = "" }, index) =>
		`  ${name.padEnd(nameWidth)}  ${(values[index] as string).padStart(valueWidth)} ${unit}`.trimEnd(),
	);
}

export const read: Command = {
	name: "read",
	summary: "read a meter on a serial line or a device server",
	help: HELP,
	run: readMeter,
};
