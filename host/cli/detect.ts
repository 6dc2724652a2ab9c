// `meterling detect`: finds out what is on a line, tells step by step what it tries, and ends with a finding and the
// command to go on with.

import { Detector } from "../../detection/detector.js";
import type { Finding, FoundSettings } from "../../detection/finding.js";
import { findingText, resultText, stepText } from "../../detection/words.js";
import { openSerialLine } from "../../hardware/serial-line.js";
import type { LineSettings } from "../../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { SettingValues } from "../../settings/setting.js";
import { nodeCipher } from "../platform/cipher.js";
import "../platform/globals.js";
import { type Command, Exit, hexKey, parse } from "./command.js";
import { portProblem } from "./line-advice.js";
import { chosenLine, chosenPort } from "./line-options.js";
import { monotonic, nodeTimers } from "./node-time.js";
import { readingTable } from "./reading-table.js";
import { interrupted } from "./shutdown.js";

const HELP = `Finds out which meter is on a line: protocol, speed, parity, inversion. It listens first; only where nothing
is understood it asks, unless told not to. It takes a minute and a half on a silent line, five minutes at most.

Usage: meterling detect --port PORT [OPTIONS]

Options:
  --port PORT          /dev/ttyUSB0, or a device server: rfc2217://host:port, or socket://host:port,
                       whose speed cannot be changed from here: only protocols are told apart there
  --listen-only        sends nothing at all
  --encryption-key HEX, --authentication-key HEX
                       keys of a meter that encrypts: 32 hexadecimal digits each
  -h, --help           this text

Exit code: 0 found (a reading, or a meter whose key is missing or wrong), 1 nothing found, 2 wrong usage.

Examples:
  meterling detect --port /dev/ttyUSB0
  meterling detect --port /dev/ttyUSB0 --listen-only
`;

const OPTIONS = {
	port: { type: "string" },
	"listen-only": { type: "boolean" },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
} as const;

const MILLISECONDS = 1000;

export interface DetectPlan {
	readonly port: string;
	readonly listenOnly: boolean;
	/** A raw TCP port: its server keeps speed and parity. */
	readonly fixedLine: boolean;
	readonly settings: SettingValues;
}

export function detectPlan(args: readonly string[]): DetectPlan {
	const { values } = parse(args, OPTIONS);
	const port = chosenPort(values.port);
	return {
		port,
		listenOnly: values["listen-only"] === true,
		fixedLine: port.startsWith("socket://"),
		settings: {
			encryptionKey: hexKey("--encryption-key", values["encryption-key"]),
			authenticationKey: hexKey("--authentication-key", values["authentication-key"]),
		},
	};
}

async function detectMeter(args: readonly string[]): Promise<number> {
	const plan = detectPlan(args);
	const { detector, finding } = searched(plan);
	const found = await Promise.race([finding, interrupted().then(() => undefined)]);
	detector.close();
	if (!found) return Exit.NOTHING;
	tell(found, plan);
	return exitCode(found);
}

/** Searches, and prints each step on standard error as it comes. */
function searched({ port, listenOnly, fixedLine, settings }: DetectPlan) {
	let resolve: (finding: Finding) => void = () => {};
	const finding = new Promise<Finding>((done) => {
		resolve = done;
	});
	const detector = new Detector({
		port,
		protocols: PROTOCOLS,
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		settings,
		listenOnly,
		// The drivers of serial adapters know no inversion; a P1 cable inverts by itself.
		canInvert: false,
		fixedLine,
		openLine: openSerialLine,
		timers: nodeTimers,
		now: monotonic,
		onStep: (step) => {
			const text = step.result
				? `   ${resultText(step.result)}`
				: `${step.number}. ${stepText(step, fixedLine)}`;
			process.stderr.write(`${text}\n`);
		},
		onFinding: (found) => resolve(found),
	});
	const { silentMs, mostMs } = detector.time;
	const seconds = (ms: number) => Math.ceil(ms / MILLISECONDS);
	process.stderr.write(
		`${port}: about ${seconds(silentMs)} s on a silent line, ${seconds(mostMs)} s at most; Ctrl-C ends it\n`,
	);
	if (fixedLine)
		process.stderr.write(
			"the device server keeps its own speed and parity: only protocols are told apart here\n",
		);
	return { detector, finding };
}

function tell(finding: Finding, { port, fixedLine, settings }: DetectPlan): void {
	if (finding.kind === "lost") {
		process.stdout.write(`${portProblem(port, finding.reason)}\n`);
		return;
	}
	if (finding.kind === "reading") process.stdout.write(readingTable(finding.reading));
	process.stdout.write(`${findingText(finding, fixedLine)}\n`);
	const next = nextCommand(finding, port, settings, fixedLine);
	if (next !== undefined) process.stdout.write(`${next}\n`);
}

/** 0 where protocol and line are known. */
export function exitCode(finding: Finding): number {
	return "found" in finding ? Exit.OK : Exit.NOTHING;
}

/** The command to go on with; keys are never repeated, only where they belong. */
export function nextCommand(
	finding: Finding,
	port: string,
	settings: SettingValues,
	fixedLine: boolean,
): string | undefined {
	if (!("found" in finding)) return undefined;
	const { protocol, settings: line } = finding.found;
	const words = ["meterling read", "--protocol", protocol, "--port", port];
	const usual = findProtocol(protocol)?.lines[0];
	if (!fixedLine && usual?.baud !== line.baud) words.push("--baud", `${line.baud}`);
	if (!fixedLine && !readsAt(finding.found)) words.push("--format", characters(line));
	const needsKey = finding.kind === "key-needed" || finding.kind === "wrong-key";
	if (needsKey || settings.encryptionKey) words.push("--encryption-key", "KEY");
	if (settings.authenticationKey && finding.kind !== "wrong-authentication-key")
		words.push("--authentication-key", "KEY");
	return words.join(" ");
}

/** Whether `read`, told protocol and speed, opens that line. */
function readsAt({ protocol: name, settings }: FoundSettings): boolean {
	const protocol = findProtocol(name);
	if (!protocol) return false;
	const opened = chosenLine(protocol, `${settings.baud}`);
	return bits(opened) === bits(settings);
}

/** `8E1` and the like. */
function characters({ dataBits, parity, stopBits }: LineSettings): string {
	return `${dataBits}${parity === "none" ? "N" : parity === "even" ? "E" : "O"}${stopBits}`;
}

/** Seven bits with parity are eight without, as bits go; a second stop bit is no matter for reading. */
function bits({ dataBits, parity }: LineSettings): string {
	return dataBits === 7 || parity === "none" ? "8 none" : `8 ${parity}`;
}

export const detect: Command = {
	name: "detect",
	summary: "find out which meter is on a line",
	help: HELP,
	run: detectMeter,
};
