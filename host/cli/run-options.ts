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
import { over, type StoredSettings } from "./stored-settings.js";

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
	supervised: { type: "boolean" },
	provision: { type: "string" },
	"provision-key": { type: "string" },
	"encryption-key": { type: "string" },
	"authentication-key": { type: "string" },
} as const;

/** A settings file's content: sections of values. */
export type SettingsFile = Record<string, Record<string, SettingValue>>;

export interface RunPlan {
	/** The meter to emulate; `undefined`: a real one, or none yet. */
	readonly emulated: MeterModel | undefined;
	readonly emulation: Emulation;
	/** What to lay over the stored settings: `--config`, with the options on top; nothing after a restart. */
	readonly settings: SettingsFile;
	/** The stored settings with `settings` on top: what the gateway will start with, as far as it is known here. */
	readonly effective: SettingsFile;
	/** A broker of this program's own is needed. */
	readonly ownBroker: boolean;
	/** The page takes another port where its own is taken: nobody has chosen one, and nobody relies on one. */
	readonly anyHttpPort: boolean;
}

/** What is told before the state folder is opened. */
export interface RunPlace {
	/** A folder that keeps the gateway's name and settings; a passing one otherwise. */
	readonly stateFolder: string | undefined;
	/** Whoever started this program starts it again when it ends with the statuses for that. */
	readonly supervised: boolean;
	/** A signed file that sets the gateway up. */
	readonly provision: Uint8Array | undefined;
	/** The key that such files must be signed with: 130 hexadecimal digits. */
	readonly provisionKey: string | undefined;
}

/** What was there before this start. */
export interface Before extends StoredSettings {
	/** The gateway itself asked for this start: what was set meanwhile counts, not the options of then. */
	readonly restarted: boolean;
}

const NOTHING_BEFORE: Before = Object.freeze({ settings: undefined, stopgap: {}, restarted: false });

const MOST_TCP_PORT = 65535;
const MOST_BAUD = 921_600;
const DEFAULT_MQTT_PORT = 1883;

export function runPlace(args: readonly string[]): RunPlace {
	const { values } = parse(args, OPTIONS);
	const keyFile = values["provision-key"];
	const provisionKey = keyFile === undefined ? undefined : publicKeyIn(keyFile);
	if (values.provision !== undefined && provisionKey === undefined)
		throw new UsageError("--provision needs --provision-key: which key must the file be signed with?");
	return {
		stateFolder: values.state,
		supervised: values.supervised === true,
		provision: values.provision === undefined ? undefined : bytesOf(values.provision),
		provisionKey,
	};
}

export function runPlan(args: readonly string[], before: Before = NOTHING_BEFORE): RunPlan {
	const { values } = parse(args, OPTIONS);
	const given = givenSettings(values);
	const { meter, speed, seed, solar, noise } = values;
	const isAsked = [meter, speed, seed, solar, noise].some((option) => option !== undefined);
	const goesOn = before.restarted && before.settings !== undefined;
	const effective = over(before.settings ?? {}, goesOn ? {} : given);
	const model = emulatedMeter(given, meter, effective.meter?.protocol);
	const keeps = values.state !== undefined;
	/** A gateway that keeps its settings reads what they say, and nothing made up that nobody asked for. */
	const wanted = keeps ? isAsked && (meter !== undefined || !effective.meter?.port) : true;
	const emulated = (goesOn ? before.stopgap.port !== undefined : wanted) ? model : undefined;
	return {
		emulated,
		emulation: emulation(values),
		settings: goesOn ? {} : given,
		effective,
		ownBroker: goesOn
			? before.stopgap.broker !== undefined
			: !effective.mqtt?.host && (!keeps || emulated !== undefined),
		anyHttpPort: effective.http?.port === undefined && (!keeps || emulated !== undefined),
	};
}

/** `--config`, with the options on top. */
function givenSettings(values: ReturnType<typeof parse<typeof OPTIONS>>["values"]): SettingsFile {
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
	return settings;
}

function protocolNamed(name: string): Protocol {
	const protocol = findProtocol(name);
	if (!protocol) throw new UsageError(`unknown protocol ${name}; known are ${protocolNames().join(", ")}`);
	return protocol;
}

/** The meter to emulate where one is: the one that is named, or the first that speaks the protocol. None where a port is given. */
function emulatedMeter(
	{ meter = {} }: SettingsFile,
	name: string | undefined,
	stored: SettingValue | undefined,
): MeterModel | undefined {
	const { port, protocol } = meter;
	if (port) {
		if (name !== undefined)
			throw new UsageError("--meter emulates one, --port reads a real one: give one of them");
		if (stored === undefined)
			throw new UsageError(
				`--port needs --protocol: what does the meter speak? ${protocolNames().join(", ")}`,
			);
		return undefined;
	}
	if (name !== undefined) {
		const model = chosenMeter(name);
		if (protocol !== undefined && protocol !== model.protocol)
			throw new UsageError(`${model.name} speaks ${model.protocol}, not ${protocol}`);
		return model;
	}
	const model = protocol === undefined ? METERS[0] : METERS.find((each) => each.protocol === protocol);
	if (!model) throw new UsageError(`no emulated meter speaks ${protocol}: give the real one's --port`);
	return model;
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

function bytesOf(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new UsageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
	}
}

/** A public key as `meterling provision --new-key` writes it. */
function publicKeyIn(path: string): string {
	const key = Buffer.from(bytesOf(path)).toString("utf8").trim();
	if (!/^04[0-9a-f]{128}$/.test(key))
		throw new UsageError(
			`${path} must hold a public key of 130 hexadecimal digits, as provision --new-key writes it`,
		);
	return key;
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
