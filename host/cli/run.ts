// `meterling run` (`npm start`): the firmware's own entry on this computer, with an emulated meter and a broker where
// no real ones are given. Prepares the host platform, loads main.ts, and takes everything down again.

import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROVISION_FILE } from "../../settings/provision.js";
import { type LineEnd, tcpEnd } from "../meters/ends.js";
import { lineOf, type RunningLine } from "../meters/line-of-meter.js";
import { withNoise } from "../meters/noise.js";
import { CRASH_STATUS, configuration, RESTART_STATUS } from "../platform/configuration.js";
import "../platform/globals.js";
import { type Broker, freePortFrom, isPortFree, openBroker } from "./broker.js";
import { type Command, Exit } from "./command.js";
import { EMULATION_HELP, meterNames } from "./emulation-options.js";
import { underJournal } from "./journal.js";
import { localMilliseconds, monotonic, nodeTimers } from "./node-time.js";
import { protocolNames } from "./protocol-option.js";
import { type RunPlace, type RunPlan, runPlace, runPlan, type SettingsFile } from "./run-options.js";
import { interrupted } from "./shutdown.js";
import {
	FolderInUse,
	isOpenToOthers,
	leaveReset,
	openStateFolder,
	type StateFolder,
	takeReset,
} from "./state-folder.js";
import {
	laySettings,
	OWN_BROKER_HOST,
	over,
	type Stopgap,
	type StoredSettings,
	storedSettings,
} from "./stored-settings.js";
import {
	isStartedAgain,
	isSupervised,
	resetReason,
	runAgain,
	supervisedState,
	superviseElsewhere,
} from "./supervisor.js";
import { feedWatchdog } from "./watchdog.js";

/** The firmware's entry, as far as this program uses it. */
type App = typeof import("../../main.js")["app"];

const DEFAULT_HTTP_PORT = 8080;
const DEFAULT_MQTT_PORT = 1883;

const HELP = `Runs the whole gateway on this computer: reads a meter, serves a web page, an HTTP API and MQTT. Ctrl-C ends it.

Usage: meterling run [OPTIONS]
       npm start -- [OPTIONS]

Without options, to try it: an emulated Kamstrup Omnipower is read, an MQTT broker is started on this computer (port
${DEFAULT_MQTT_PORT} or the next free one), the page is on http://localhost:${DEFAULT_HTTP_PORT} or the next free port, and nothing is kept.

With --state, to stay: what was set in the page is kept in FOLDER and used at the next start; nothing is emulated
unless asked for. The first time the page leads through the set-up, on port ${DEFAULT_HTTP_PORT} unless told otherwise.

A real meter:
  --protocol NAME      what it speaks: ${protocolNames().join(", ")}
  --port PORT          /dev/ttyUSB0, or a device server: socket://host:port, rfc2217://host:port.
                       (A bare number is the page's port, as with --http-port.)
  --baud N             another speed than the protocol's usual one
  --format 8E1         other characters than the usual: data bits, parity, stop bits
  --encryption-key HEX, --authentication-key HEX
                       keys of a meter that encrypts: 32 hexadecimal digits each

An emulated meter, where no --port is given; with --state only where one of these is:
  --meter NAME         ${meterNames()}
${EMULATION_HELP}
Outputs:
  --http-port N        the page's port
  --mqtt URL           a broker: mqtt://[user:password@]host[:1883]

Other:
  --state FOLDER       keeps the gateway's name, settings and passwords there; otherwise they last until the end
  --config FILE        settings as JSON, by section. They come on top of the kept ones, options on top of both, each
                       time the program is started
  --provision FILE     a signed file of meterling provision: the gateway's first settings and admin password, taken once
  --provision-key FILE the public key that it must be signed with
  --supervised         ends with status ${RESTART_STATUS} to be started again, ${CRASH_STATUS} after a crash: for systemd and the like.
                       Otherwise it starts itself again
  -h, --help           this text

Options are seen by other users of this computer: keep keys and passwords in a --config file.

Examples:
  npm start
  npm start -- --protocol p1 --port /dev/ttyUSB0
  npm start -- --mqtt mqtt://homeassistant.local:1883 --speed 10
  meterling run --state /var/lib/meterling
`;

async function runGateway(args: readonly string[]): Promise<number> {
	const place = runPlace(args);
	const ended = interrupted();
	let folder: StateFolder;
	try {
		folder = openStateFolder(place.stateFolder ?? supervisedState());
	} catch (error) {
		if (!(error instanceof FolderInUse)) throw error;
		process.stderr.write(`meterling run: ${error.message}\n`);
		return Exit.NOTHING;
	}
	try {
		layProvision(folder, place);
		return await runIn(folder, place.supervised, args, ended);
	} catch (error) {
		folder.release();
		throw error;
	}
}

/** Leaves the signed file for the firmware to judge and take; that is its business at a first start, and after each newer one. */
function layProvision({ path }: StateFolder, { provision, provisionKey }: RunPlace): void {
	configuration.provisionKey = provisionKey;
	if (provision && !isStartedAgain()) writeFileSync(join(path, PROVISION_FILE), provision, { mode: 0o600 });
}

async function runIn(
	folder: StateFolder,
	supervised: boolean,
	args: readonly string[],
	ended: Promise<void>,
): Promise<number> {
	if (supervised && !isSupervised()) superviseElsewhere(takeReset(folder));
	const stored = storedSettings(folder.path);
	const plan = runPlan(args, { ...stored, restarted: isStartedAgain() });
	const broker = plan.ownBroker ? await openBroker(DEFAULT_MQTT_PORT) : undefined;
	const emulated = await startEmulation(plan);
	const settings = await settingsFor(plan, stored, broker, emulated);
	laySettings(folder.path, settings, stopgapOf(broker, emulated));
	configuration.stateFolder = folder.path;
	configuration.resource = webResource;
	configuration.logLevels = underJournal();
	await announce(plan, over(plan.effective, settings), broker, emulated);
	if (isOpenToOthers(folder))
		process.stdout.write(`note   other users may look into ${folder.path}: chmod 700 closes it\n`);
	const restart = restartAsked();
	const { app } = await startFirmware();
	const watchdog = feedWatchdog();
	const orderly = await Promise.race([ended, restart]);
	if (orderly === undefined && app) await new Promise<void>((done) => app.close(done));
	watchdog?.close();
	emulated?.close();
	await broker?.close();
	const status = orderly === undefined ? Exit.OK : await startAgain(orderly, folder, ended);
	folder.release();
	// Sockets of clients that keep their end open must not hold up the end.
	process.exit(status);
}

/** What the firmware is to lay over the settings that it keeps. */
async function settingsFor(
	plan: RunPlan,
	stored: StoredSettings,
	broker: Broker | undefined,
	emulated: RunningEmulation | undefined,
): Promise<SettingsFile> {
	let settings = plan.settings;
	const add = (section: string, values: SettingsFile[string]) => {
		settings = over(settings, { [section]: values });
	};
	const { meter, mqtt, http, log } = plan.effective;
	const { stopgap } = stored;
	if (http?.port === undefined)
		add("http", { port: plan.anyHttpPort ? await freePortFrom(DEFAULT_HTTP_PORT) : DEFAULT_HTTP_PORT });
	// Browsers come by this computer's name, too; a name that the gateway does not know is refused.
	if (stored.settings === undefined && http?.hostNames === undefined)
		add("http", { hostNames: namesOfComputer(hostname()).join(",") });
	if (broker) add("mqtt", { host: OWN_BROKER_HOST, port: broker.port });
	// A stopgap of an earlier run that is none any more.
	else if (stopgap.broker !== undefined && mqtt?.host === "") add("mqtt", { host: "" });
	if (emulated) {
		const { protocol = "", settings: keys = {} } = plan.emulated ?? {};
		add("meter", { port: emulated.end.address });
		if (!isStartedAgain()) {
			add("meter", { protocol });
			settings = over({ [protocol]: keys }, settings);
		}
	} else if (stopgap.port !== undefined && meter?.port === "") add("meter", { port: "" });
	// A line for each reading would fill the system's journal; the page has them all.
	if (stored.settings === undefined && underJournal() && log?.enabled === undefined)
		add("log", { enabled: false });
	return settings;
}

/** `pi.lan`: as it is, short, and as mDNS has it. */
function namesOfComputer(name: string): readonly string[] {
	const [short = ""] = name.toLowerCase().split(".");
	return [...new Set([name.toLowerCase(), short, `${short}.local`])];
}

function stopgapOf(broker: Broker | undefined, emulated: RunningEmulation | undefined): Stopgap {
	return {
		...(emulated ? { port: emulated.end.address } : {}),
		...(broker ? { broker: broker.port } : {}),
	};
}

/** Resolves when the firmware asks for a restart, which has closed what it had open: `false` after a crash. */
function restartAsked(): Promise<boolean> {
	return new Promise((done) => {
		configuration.restart = done;
	});
}

/** Errors that nobody caught go where XS would take them; one that the firmware does not take in hand ends the program. */
async function startFirmware(): Promise<{ readonly app?: App }> {
	process.on("uncaughtException", (error, origin) => {
		const message = origin === "unhandledRejection" ? "unhandled rejection" : "unhandled exception";
		if (inHand(message, error)) return;
		console.error(error);
		process.exit(CRASH_STATUS);
	});
	try {
		return await import("../../main.js");
	} catch (error) {
		if (inHand("unhandled exception", error)) return {};
		throw error;
	}
}

function inHand(message: string, exception: unknown): boolean {
	const { abort } = globalThis as { abort?: (message: string, exception: unknown) => unknown };
	return abort?.(message, exception) === false;
}

function startAgain(orderly: boolean, folder: StateFolder, ended: Promise<void>): Promise<number> {
	if (!isSupervised()) return runAgain(orderly, folder.path, ended);
	// For a service manager, which hands no reason down; this program's own does.
	if (supervisedState() === undefined) leaveReset(folder, resetReason(orderly));
	return Promise.resolve(orderly ? RESTART_STATUS : CRASH_STATUS);
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

/** The built page's files; the bundle lies in dist/ beside web/. */
function webResource(name: string): Uint8Array | undefined {
	try {
		return readFileSync(fileURLToPath(new URL(`../web/dist/${basename(name)}`, import.meta.url)));
	} catch {
		return undefined;
	}
}

async function announce(
	plan: RunPlan,
	{ meter, http, mqtt }: SettingsFile,
	broker: Broker | undefined,
	emulated: RunningEmulation | undefined,
): Promise<void> {
	const { speed } = plan.emulation;
	const pace = speed === 1 ? "" : `, ${speed} times as fast`;
	const real = meter?.port
		? `${meter.protocol} on ${meter.port}`
		: "none yet: choose it in the page, or have one emulated with --meter";
	const source = emulated ? `emulated: ${emulated.title}${pace}` : real;
	const lines = [`meter  ${source}`, `page   ${await pageText(Number(http?.port))}`];
	if (mqtt?.host) {
		const host = `${mqtt.host}`.includes(":") ? `[${mqtt.host}]` : mqtt.host;
		const own = broker ? " (broker of this program, for this computer only)" : "";
		lines.push(`mqtt   mqtt://${host}:${mqtt.port ?? DEFAULT_MQTT_PORT}${own}`);
	}
	if (!isSupervised()) lines.push("end    Ctrl-C");
	for (const line of lines) process.stdout.write(`${line}\n`);
}

/** Where the page is. The firmware waits for a port that is taken; a person should know at once why nothing comes. */
async function pageText(port: number): Promise<string> {
	if (port === 0) return "none: its port is set to 0";
	if (await isPortFree(port)) return `http://localhost:${port}`;
	return `port ${port} is taken, or not allowed: another with --http-port, or end what has it`;
}

export const run: Command = {
	name: "run",
	summary: "run the whole gateway on this computer; with an emulated meter unless --port or --state is given",
	help: HELP,
	run: runGateway,
};
