// The options of `meterling run` as a plan: what to read, where to serve, which settings. Opens nothing.

import { readFileSync } from "node:fs";
import type { Protocol } from "../../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../../protocols/registry.js";
import type { SettingValue } from "../../settings/setting.js";
import { METERS, type MeterModel } from "../meters/meters.js";
import { hexKey, parse, UsageError, wholeNumber } from "./command.js";
import { chosenMeter, EMULATION_OPTIONS, type Emulation, emulation } from "./emulation-options.js";
import { chosenFormat } from "./line-options.js";
import { protocolNames } from "./protocol-option.js";

const OPTIONS = {
	...EMULATION_OPTIONS,
	protocol: { type: "string" },
	port: { type: "string" },
	baud: { type: "string" },
	format: { type: "string" },
	"http-port": { type: "string" },
	mqtt: { type: "string" },
	config: { type: "string" },
	state: { type: "string" },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
} as const;

/** A settings file's content: sections of values. */
export type SettingsFile = Record<string, Record<string, SettingValue>>;

export interface RunPlan {
	/** The meter to emulate, where there is no real one. */
	readonly emulated: MeterModel | undefined;
	readonly emulation: Emulation;
	/** From `--config`, with the options on top. */
	readonly settings: SettingsFile;
	/** Whether the settings name a broker; otherwise one is opened here. */
	readonly hasBroker: boolean;
	/** Whether an HTTP port was asked for; otherwise 8080 or the next free one. */
	readonly hasHttpPort: boolean;
	/** A folder that keeps the gateway's name and settings; a passing one otherwise. */
	readonly stateFolder: string | undefined;
}

const MOST_TCP_PORT = 65535;
const MOST_BAUD = 921_600;
const DEFAULT_MQTT_PORT = 1883;

export function runPlan(args: readonly string[]): RunPlan {
	const { values } = parse(args, OPTIONS);
	const settings = values.config === undefined ? {} : settingsFile(values.config);
	const isHttpPort = values.port !== undefined && /^\d+$/.test(values.port);
	const httpPort = values["http-port"] ?? (isHttpPort ? values.port : undefined);
	if (isHttpPort && values["http-port"] !== undefined)
		throw new UsageError("--port is a number here, so the page's port, which --http-port gives too");
	if (httpPort !== undefined)
		set(settings, "http", { port: wholeNumber("--http-port", httpPort, 1, MOST_TCP_PORT) });
	if (values.mqtt !== undefined) set(settings, "mqtt", mqttSettings(values.mqtt));
	if (values.port !== undefined && !isHttpPort) set(settings, "meter", { port: values.port });
	if (values.baud !== undefined)
		set(settings, "meter", { baud: wholeNumber("--baud", values.baud, 50, MOST_BAUD) });
	if (values.format !== undefined) set(settings, "meter", { format: chosenFormat(values.format) });
	if (values.protocol !== undefined)
		set(settings, "meter", { protocol: protocolNamed(values.protocol).name });
	setKeys(settings, values["encryption-key"], values["authentication-key"]);
	return {
		emulated: emulatedMeter(settings, values.meter),
		emulation: emulation(values),
		settings,
		hasBroker: Boolean(settings.mqtt?.host),
		hasHttpPort: settings.http?.port !== undefined,
		stateFolder: values.state,
	};
}

function protocolNamed(name: string): Protocol {
	const protocol = findProtocol(name);
	if (!protocol) throw new UsageError(`unknown protocol ${name}; known are ${protocolNames().join(", ")}`);
	return protocol;
}

/** Without a port a meter is emulated: the one that is named, or the first that speaks the protocol. */
function emulatedMeter(settings: SettingsFile, name: string | undefined): MeterModel | undefined {
	const { port, protocol } = settings.meter ?? {};
	if (port) {
		if (name !== undefined)
			throw new UsageError("--meter emulates one, --port reads a real one: give one of them");
		if (protocol === undefined)
			throw new UsageError(
				`--port needs --protocol: what does the meter speak? ${protocolNames().join(", ")}`,
			);
		return undefined;
	}
	if (name !== undefined) {
		const meter = chosenMeter(name);
		if (protocol !== undefined && protocol !== meter.protocol)
			throw new UsageError(`${meter.name} speaks ${meter.protocol}, not ${protocol}`);
		return meter;
	}
	const meter = protocol === undefined ? METERS[0] : METERS.find((model) => model.protocol === protocol);
	if (!meter) throw new UsageError(`no emulated meter speaks ${protocol}: give the real one's --port`);
	return meter;
}

/** `mqtt://[user:password@]host[:port]`; the message never repeats it. */
function mqttSettings(text: string): Record<string, SettingValue> {
	const wrong = "--mqtt must look like mqtt://[user:password@]host[:1883]";
	if (!text.startsWith("mqtt://") || !URL.canParse(text)) throw new UsageError(wrong);
	const { hostname, port, username, password, pathname, search } = new URL(text);
	if (hostname === "" || (pathname !== "" && pathname !== "/") || search !== "") throw new UsageError(wrong);
	try {
		return {
			host: hostname.replace(/^\[|\]$/g, ""),
			port: port === "" ? DEFAULT_MQTT_PORT : Number(port),
			...(username === "" ? {} : { user: decodeURIComponent(username) }),
			...(password === "" ? {} : { password: decodeURIComponent(password) }),
		};
	} catch {
		throw new UsageError(wrong);
	}
}

/** The keys go to each protocol that has such settings. */
function setKeys(
	settings: SettingsFile,
	encryption: string | undefined,
	authentication: string | undefined,
): void {
	const given = {
		encryptionKey: hexKey("--encryption-key", encryption),
		authenticationKey: hexKey("--authentication-key", authentication),
	};
	for (const { name, settings: descriptors } of PROTOCOLS)
		for (const { key } of descriptors)
			if ((key === "encryptionKey" || key === "authenticationKey") && given[key] !== "")
				set(settings, name, { [key]: given[key] });
}

function set(settings: SettingsFile, section: string, values: Record<string, SettingValue>): void {
	settings[section] = { ...settings[section], ...values };
}

/** The file's sections; which values fit is the app's to say. */
function settingsFile(path: string): SettingsFile {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		throw new UsageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
	}
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		// The parser's message quotes the text, which may hold a secret.
		throw new UsageError(`${path} is no valid JSON`);
	}
	const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
	if (!isRecord(parsed) || !Object.values(parsed as object).every(isRecord))
		throw new UsageError(`${path} must hold a JSON object of sections, such as {"mqtt":{"host":"…"}}`);
	return parsed as SettingsFile;
}
