// `meterling run` (`npm start`): the firmware's own entry on this computer, with an emulated meter and a broker where
// no real ones are given. Prepares the host platform, loads main.ts, and takes everything down again.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SETTINGS_FILE } from "../../settings/store.js";
import { type LineEnd, tcpEnd } from "../meters/ends.js";
import { lineOf, type RunningLine } from "../meters/line-of-meter.js";
import { withNoise } from "../meters/noise.js";
import { configuration } from "../platform/configuration.js";
import "../platform/globals.js";
import { type Broker, freePortFrom, openBroker } from "./broker.js";
import { type Command, Exit, UsageError } from "./command.js";
import { EMULATION_HELP, meterNames } from "./emulation-options.js";
import { localMilliseconds, monotonic, nodeTimers } from "./node-time.js";
import { protocolNames } from "./protocol-option.js";
import { type RunPlan, runPlan, type SettingsFile } from "./run-options.js";
import { interrupted } from "./shutdown.js";

const DEFAULT_HTTP_PORT = 8080;
const DEFAULT_MQTT_PORT = 1883;

const HELP = `Runs the whole gateway on this computer: reads a meter, serves a web page, an HTTP API and MQTT. Ctrl-C ends it.

Usage: meterling run [OPTIONS]
       npm start -- [OPTIONS]

Without options an emulated Kamstrup Omnipower is read, an MQTT broker is started on this computer (port ${DEFAULT_MQTT_PORT} or the
next free one), and the page is on http://localhost:${DEFAULT_HTTP_PORT} or the next free port.

A real meter:
  --protocol NAME      what it speaks: ${protocolNames().join(", ")}
  --port PORT          /dev/ttyUSB0, or a device server: socket://host:port, rfc2217://host:port.
                       (A bare number is the page's port, as with --http-port.)
  --baud N             another speed than the protocol's usual one
  --format 8E1         other characters than the usual: data bits, parity, stop bits
  --encryption-key HEX, --authentication-key HEX
                       keys of a meter that encrypts: 32 hexadecimal digits each

An emulated meter, where no --port is given:
  --meter NAME         ${meterNames()}
${EMULATION_HELP}
Outputs:
  --http-port N        the page's port
  --mqtt URL           a broker: mqtt://[user:password@]host[:1883]

Other:
  --config FILE        settings as JSON, by section; options come on top
  --state FOLDER       keeps the gateway's name and settings there; otherwise they last until the end
  -h, --help           this text

Options are seen by other users of this computer: keep keys and passwords in a --config file.

Examples:
  npm start
  npm start -- --protocol p1 --port /dev/ttyUSB0
  npm start -- --mqtt mqtt://homeassistant.local:1883 --speed 10
`;

async function runGateway(args: readonly string[]): Promise<number> {
	const plan = runPlan(args);
	const ended = interrupted();
	const { settings } = plan;
	const folder = stateFolder(plan);
	const broker = plan.hasBroker ? undefined : await openBroker(DEFAULT_MQTT_PORT);
	if (broker) settings.mqtt = { ...settings.mqtt, host: "127.0.0.1", port: broker.port };
	if (!plan.hasHttpPort) settings.http = { ...settings.http, port: await freePortFrom(DEFAULT_HTTP_PORT) };
	const emulated = await startEmulation(plan);
	if (emulated) {
		const { protocol = "", settings: keys } = plan.emulated ?? {};
		settings.meter = { ...settings.meter, port: emulated.end.address, protocol };
		settings[protocol] = { ...keys, ...settings[protocol] };
	}
	prepareHost(folder.path, settings);
	announce(plan, broker, emulated);
	const { app } = await import("../../main.js");
	await ended;
	await new Promise<void>((done) => app.close(done));
	emulated?.close();
	await broker?.close();
	folder.remove();
	// Sockets of clients that keep their end open must not hold up the end.
	process.exit(Exit.OK);
}

interface Folder {
	readonly path: string;
	remove(): void;
}

/** Only its owner may read it: the settings hold keys and passwords. */
function stateFolder({ stateFolder: given }: RunPlan): Folder {
	if (given === undefined) {
		const path = mkdtempSync(join(tmpdir(), "meterling-"));
		return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
	}
	try {
		mkdirSync(given, { recursive: true, mode: 0o700 });
	} catch (error) {
		throw new UsageError(`cannot make the folder ${given}: ${(error as NodeJS.ErrnoException).code}`);
	}
	return { path: given, remove: () => {} };
}

interface RunningEmulation {
	readonly end: LineEnd;
	readonly title: string;
	close(): void;
}

/** The meter's time begins when the gateway first opens its line, so that nothing is missed. */
async function startEmulation({ emulated, emulation }: RunPlan): Promise<RunningEmulation | undefined> {
	if (!emulated) return undefined;
	const { seed, solarWatts, speed, noise } = emulation;
	const start = localMilliseconds();
	const meter = emulated.make({ seed, start, solarWatts, longListFirst: true });
	let line: RunningLine | undefined;
	const end = await tcpEnd({
		host: "127.0.0.1",
		port: 0,
		onConnection: () => {
			const sink = withNoise({ sink: end, rate: noise, seed, now: monotonic });
			line ??= lineOf({ meter, sink, timers: nodeTimers, now: monotonic, start, speed });
		},
		onReceived: (bytes) => line?.receive(bytes),
	});
	const close = () => {
		line?.close();
		end.close();
	};
	return { end, title: meter.title, close };
}

function prepareHost(folder: string, settings: SettingsFile): void {
	try {
		writeFileSync(join(folder, SETTINGS_FILE), JSON.stringify(settings), { mode: 0o600 });
	} catch (error) {
		throw new UsageError(`cannot write to ${folder}: ${(error as NodeJS.ErrnoException).code}`);
	}
	configuration.stateFolder = folder;
	configuration.resource = webResource;
}

/** The built page's files; the bundle lies in dist/ beside web/. */
function webResource(name: string): Uint8Array | undefined {
	try {
		return readFileSync(fileURLToPath(new URL(`../web/dist/${basename(name)}`, import.meta.url)));
	} catch {
		return undefined;
	}
}

function announce(plan: RunPlan, broker: Broker | undefined, emulated: RunningEmulation | undefined): void {
	const { meter, http, mqtt } = plan.settings;
	const { speed } = plan.emulation;
	const pace = speed === 1 ? "" : `, ${speed} times as fast`;
	const source = emulated ? `emulated: ${emulated.title}${pace}` : `${meter?.protocol} on ${meter?.port}`;
	const host = `${mqtt?.host}`.includes(":") ? `[${mqtt?.host}]` : mqtt?.host;
	const lines = [
		`meter  ${source}`,
		`page   http://localhost:${http?.port}`,
		`mqtt   mqtt://${host}:${mqtt?.port ?? DEFAULT_MQTT_PORT}${broker ? " (broker of this program, for this computer only)" : ""}`,
		"end    Ctrl-C",
	];
	for (const line of lines) process.stdout.write(`${line}\n`);
}

export const run: Command = {
	name: "run",
	summary: "run the whole gateway on this computer; with an emulated meter unless --port names one",
	help: HELP,
	run: runGateway,
};
