// `meterling fleet`: many gateways in one process, each with its own MQTT connection, against a broker that is to be tried.

import "../platform/globals.js";
import { readFileSync } from "node:fs";
import { problemWithTopic } from "../../outputs/mqtt/topic.js";
import type { SettingValues } from "../../settings/setting.js";
import { fleetName } from "../fleet/fleet.js";
import { measure } from "../fleet/measurement.js";
import { isSound, report } from "../fleet/report.js";
import { configuration } from "../platform/configuration.js";
import { type Command, Exit, parse, positiveNumber, UsageError, wholeNumber } from "./command.js";
import { localMilliseconds } from "./node-time.js";
import { interrupted } from "./shutdown.js";

const HELP = `Plays many gateways against an MQTT broker and tells what they cost. Each has a household and a connection of
its own, and the MQTT client of the real gateway. Ctrl-C ends it sooner; all say goodbye.

Usage: meterling fleet --gateways N [OPTIONS]

Options:
  --gateways N           how many
  --broker HOST[:PORT]   the broker (127.0.0.1:1883; with --tls port 8883)
  --seconds S            how long is measured, once all are connected (60)
  --interval S           between two readings of a gateway (10)
  --ramp S               within which all are started, at random (a second for each 100)
  --qos 0|1|2            1 unless given: only what is acknowledged has a latency
  --topic TOPIC          must hold {gateway} (meterling/{gateway})
  --user NAME            may hold {gateway}
  --password-file FILE   its first line is the password of --user; without --user it has a line
                         NAME:PASSWORD for each gateway, which may be a file of meterling provision
  --tls, --ca FILE       encrypted; the only authority that is trusted (PEM)
  --json                 the figures as one line of JSON
  -h, --help             this text

Their names are meterling-000001, meterling-000002, … in hexadecimal digits. Do not play them against a broker with real
gateways on it: retained topics stay there.

Exit code 0: all were connected and nothing was lost; 1 otherwise.

Examples:
  mosquitto -p 1883 &
  meterling fleet --gateways 100
  meterling fleet --gateways 1000 --broker broker.lan --seconds 300 --json
`;

const OPTIONS = {
	gateways: { type: "string" },
	broker: { type: "string" },
	seconds: { type: "string" },
	interval: { type: "string" },
	ramp: { type: "string" },
	qos: { type: "string" },
	topic: { type: "string" },
	user: { type: "string" },
	"password-file": { type: "string" },
	tls: { type: "boolean" },
	ca: { type: "string" },
	json: { type: "boolean" },
} as const;

const LOOPBACK = "127.0.0.1";
const PORT = 1883;
const TLS_PORT = 8883;
const MOST_GATEWAYS = 50_000;
const MOST_SECONDS = 86_400;
const STARTS_PER_SECOND = 100;
const MOST_PORT = 65_535;
/** Files that this program has open besides its connections. */
const OTHER_FILES = 50;

async function playFleet(args: readonly string[]): Promise<number> {
	const { values } = parse(args, OPTIONS);
	if (values.gateways === undefined) throw new UsageError("--gateways is needed: how many?");
	const gateways = wholeNumber("--gateways", values.gateways, 1, MOST_GATEWAYS);
	const seconds = positiveNumber("--seconds", values.seconds ?? "60", MOST_SECONDS);
	const interval = positiveNumber("--interval", values.interval ?? "10", MOST_SECONDS);
	const ramp =
		values.ramp === undefined
			? gateways / STARTS_PER_SECOND
			: positiveNumber("--ramp", values.ramp, MOST_SECONDS);
	const { qos = "1", topic = "meterling/{gateway}", tls = false } = values;
	if (!["0", "1", "2"].includes(qos)) throw new UsageError("--qos must be 0, 1 or 2");
	const problem = problemWithTopic(topic);
	if (problem !== undefined) throw new UsageError(`--topic: ${problem}`);
	if (!topic.includes("{gateway}"))
		throw new UsageError("--topic must hold {gateway}, or all gateways would write to one topic");
	if (values.ca !== undefined && !tls) throw new UsageError("--ca is of use with --tls only");
	const { host, port } = brokerAt(values.broker ?? LOOPBACK, tls ? TLS_PORT : PORT);
	const credentials = credentialsOf(values.user, values["password-file"], gateways);
	const ca = values.ca === undefined ? "" : textOf(values.ca);
	requireFiles(gateways);
	const common: SettingValues = { host, port, topic, qos, homeAssistant: false, tls, ca };
	// Beside the figures a broker's refusal of one of a thousand gateways would be told a thousand times.
	configuration.log = () => {};
	if (!values.json)
		process.stdout.write(
			`${"fleet".padEnd(12)}${gateways.toLocaleString("en")} gateways to ${host}:${port}, a reading every ${interval} s each, QoS ${qos}\n`,
		);
	const figures = await measure({
		gateways,
		interval: interval * 1000,
		ramp: ramp * 1000,
		duration: seconds * 1000,
		settings: (number) => ({ ...common, ...credentials(number) }),
		localTime: localMilliseconds,
		interrupted: interrupted(),
	});
	process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : report(figures, qos));
	return isSound(figures) ? Exit.OK : Exit.NOTHING;
}

/** `host`, `host:port`, `[::1]:port`. */
function brokerAt(text: string, usual: number): { readonly host: string; readonly port: number } {
	const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:]+)\]|([\w.-]+))(?::(\d+))?$/.exec(text) ?? [];
	const host = bracketed ?? plain;
	if (host === undefined) throw new UsageError("--broker must look like HOST or HOST:PORT");
	return { host, port: port === undefined ? usual : wholeNumber("the broker's port", port, 1, MOST_PORT) };
}

type Credentials = (number: number) => { readonly user?: string; readonly password?: string };

/** User and password of each gateway; what is wrong is said without either. */
function credentialsOf(user: string | undefined, file: string | undefined, gateways: number): Credentials {
	const lines =
		file === undefined
			? []
			: textOf(file)
					.split("\n")
					.map((line) => line.replace(/\r$/, ""))
					.filter((line) => line !== "");
	if (user !== undefined) {
		if (file !== undefined && lines.length === 0) throw new UsageError(`${file} is empty`);
		const password = lines[0] === undefined ? {} : { password: lines[0] };
		return (number) => ({ user: user.split("{gateway}").join(fleetName(number)), ...password });
	}
	if (file === undefined) return () => ({});
	if (lines.length < gateways || lines.some((line) => line.indexOf(":") <= 0))
		throw new UsageError(
			`${file} must have a line NAME:PASSWORD for each of the ${gateways} gateways, or --user is needed`,
		);
	return (number) => {
		const line = lines[number - 1] as string;
		const colon = line.indexOf(":");
		return { user: line.slice(0, colon), password: line.slice(colon + 1) };
	};
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new UsageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
	}
}

/** Each connection is an open file; said before the first is opened. */
function requireFiles(gateways: number): void {
	const { userLimits } = process.report.getReport() as unknown as {
		readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
	};
	const limit = Number(userLimits?.open_files?.soft);
	const needed = gateways + OTHER_FILES;
	if (limit < needed)
		throw new UsageError(`only ${limit} files may be open here: ulimit -n ${needed}, or fewer gateways`);
}

export const fleet: Command = {
	name: "fleet",
	summary: "play many gateways against an MQTT broker and tell what they cost",
	help: HELP,
	run: playFleet,
};
