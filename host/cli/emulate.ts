// `meterling emulate`: an emulated meter on a pty, a TCP port or an existing device, until Ctrl-C.

import { deviceEnd, type LineEnd, LineEndError, ptyEnd, tcpEnd } from "../meters/ends.js";
import { lineOf, type RunningLine } from "../meters/line-of-meter.js";
import { withNoise } from "../meters/noise.js";
import type { PushMeter } from "../meters/push-meter.js";
import { type Command, Exit, parse, UsageError, wholeNumber } from "./command.js";
import {
	chosenMeter,
	EMULATION_HELP,
	EMULATION_OPTIONS,
	emulation,
	meterNames,
} from "./emulation-options.js";
import { localMilliseconds, monotonic, nodeTimers } from "./node-time.js";
import { interrupted } from "./shutdown.js";

const HELP = `Plays a meter on a line, at the pace of the real one, until Ctrl-C.

Usage: meterling emulate --meter NAME [OPTIONS]

Options:
  --meter NAME         ${meterNames()}
  --port PTY           a new pty (the default; needs socat); its path is printed
  --port tcp://:4001   listens on that TCP port of this computer; 0 takes a free one.
                       tcp://0.0.0.0:4001 lets other computers in
  --port /dev/NAME     an existing serial device or pty
  --echo               gives back what it hears, as an optical head does
${EMULATION_HELP}  -h, --help           this text

Meters that send seven data bits with parity do so as eight bits, parity in bit 7: on a wire that is the same.

Examples:
  meterling emulate --meter kamstrup-omnipower
  meterling emulate --meter multical-403 --echo
  meterling emulate --meter kamstrup-162 --port tcp://:4001 --speed 10
  meterling run --protocol p1 --port socket://127.0.0.1:4001
`;

const OPTIONS = { ...EMULATION_OPTIONS, port: { type: "string" }, echo: { type: "boolean" } } as const;
const MOST_TCP_PORT = 65535;
const LOOPBACK = "127.0.0.1";

async function emulateMeter(args: readonly string[]): Promise<number> {
	const { values } = parse(args, OPTIONS);
	if (values.meter === undefined) throw new UsageError(`--meter is needed: ${meterNames()}`);
	const model = chosenMeter(values.meter);
	const { speed, seed, solarWatts, noise } = emulation(values);
	const start = localMilliseconds();
	const meter = model.make({ seed, start, solarWatts });
	const end = openEnd(values.port ?? "PTY", meter);
	let fail: (reason: string) => void = () => {};
	let line: RunningLine | undefined;
	const failed = new Promise<string>((done) => {
		fail = done;
	});
	let sink: LineEnd;
	try {
		sink = await end(fail, (bytes) => line?.receive(bytes));
	} catch (error) {
		if (!(error instanceof LineEndError)) throw error;
		process.stderr.write(`meterling emulate: ${error.message}\n`);
		return Exit.NOTHING;
	}
	process.stdout.write(`${meter.title}\nreads as --protocol ${meter.protocol} on ${sink.address}\n`);
	const wire = withNoise({ sink, rate: noise, seed, now: monotonic });
	const echo = values.echo ?? false;
	line = lineOf({ meter, sink: wire, timers: nodeTimers, now: monotonic, start, speed, echo });
	const reason = await Promise.race([interrupted().then(() => undefined), failed]);
	line.close();
	sink.close();
	if (reason === undefined) return Exit.OK;
	process.stderr.write(`meterling emulate: ${reason}\n`);
	return Exit.NOTHING;
}

type Opening = (
	onError: (reason: string) => void,
	onReceived: (bytes: Uint8Array) => void,
) => Promise<LineEnd>;

/** How that `--port` is opened; throws a `UsageError` where it is none. */
function openEnd(port: string, meter: PushMeter): Opening {
	if (port.toUpperCase() === "PTY") return ptyEnd;
	if (port.startsWith("tcp://")) {
		const [, host = "", number = ""] = /^tcp:\/\/([\w.-]*):(\d+)$/.exec(port) ?? [];
		if (number === "") throw new UsageError("--port tcp:// wants a number, as in tcp://:4001");
		const tcpPort = wholeNumber("the TCP port", number, 0, MOST_TCP_PORT);
		return (_, onReceived) => tcpEnd({ host: host || LOOPBACK, port: tcpPort, onReceived });
	}
	if (port.includes("://")) throw new UsageError("--port is PTY, tcp://:PORT or the path of a device");
	return (onError, onReceived) => deviceEnd(port, meter.line, onError, onReceived);
}

export const emulate: Command = {
	name: "emulate",
	summary: "play a meter on a pty, a TCP port or a serial device",
	help: HELP,
	run: emulateMeter,
};
