// `meterling provision`: signed files that give many gateways their settings and passwords, from a table.

import "../platform/globals.js";
import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makePassword } from "../../access/password.js";
import { nativeDigests, systemRandomBytes } from "../../hardware/digests.js";
import { PBKDF2_ITERATIONS } from "../../settings/digests.js";
import { LONGEST_PROVISION } from "../../settings/provision.js";
import { isRecord } from "../../settings/schema.js";
import { type GivenSettings, gatewaysOf, type ProvisionedGateway } from "../provision/gateways.js";
import { newKeyPair, provisionFile, signingKey } from "../provision/provision-file.js";
import { readTable } from "../provision/table.js";
import { type Command, Exit, parse, positiveNumber, UsageError, wholeNumber } from "./command.js";
import { monotonic } from "./node-time.js";

const HELP = `Makes a signed file for each gateway of a fleet: its settings, its admin password, credentials of its own.

Usage: meterling provision --new-key FILE
       meterling provision --key FILE --in TABLE --out FOLDER [OPTIONS]

Options:
  --new-key FILE       makes a key pair: FILE, to be kept secret, and FILE.pub, for the gateways
  --key FILE           the private key that signs
  --in TABLE           CSV with a row for each gateway. Columns: gateway (a name such as meterling-a1b2c3, or
                       meterling-* for any), adminPassword, and settings such as mqtt.user. A cell "random" makes a
                       password, "@FILE" takes a file's text, an empty one leaves the setting alone
  --out FOLDER         takes NAME.json for each gateway, and passwords.csv with the passwords of all.
                       It must not exist yet
  --settings FILE      settings that all get, as JSON by section; the table's come on top
  --serial N           the files' serial number (seconds since 1970); a gateway takes none that is not newer
  --days N             how long the files can be used (90)
  -h, --help           this text

A gateway takes such a file where FILE.pub was built into it (METERLING_PROVISION_KEY), or with
meterling run --provision-key FILE.pub --provision NAME.json. docs/fleet.md tells the rest.

Examples:
  meterling provision --new-key fleet.key
  meterling provision --key fleet.key --in gateways.csv --settings common.json --out batch-7
`;

const OPTIONS = {
	"new-key": { type: "string" },
	key: { type: "string" },
	in: { type: "string" },
	out: { type: "string" },
	settings: { type: "string" },
	serial: { type: "string" },
	days: { type: "string" },
} as const;

const DAY_MS = 86_400_000;
const USUAL_DAYS = "90";
const MOST_DAYS = 3650;
const SECOND_MS = 1000;
/** Files and folders that hold secrets are their owner's alone. */
const SECRET = { mode: 0o600, flag: "wx" } as const;
const SECRET_FOLDER = 0o700;

function provisionGateways(args: readonly string[]): Promise<number> {
	const { values } = parse(args, OPTIONS);
	if (values["new-key"] !== undefined) makeKey(values["new-key"]);
	else {
		const { key, in: table, out } = values;
		if (key === undefined || table === undefined || out === undefined)
			throw new UsageError("--key, --in and --out are needed, or --new-key");
		const days = positiveNumber("--days", values.days ?? USUAL_DAYS, MOST_DAYS);
		const now = Date.now();
		const serial =
			values.serial === undefined
				? Math.floor(now / SECOND_MS)
				: wholeNumber("--serial", values.serial, 1, Number.MAX_SAFE_INTEGER);
		const private_ = signingKey(textOf(key));
		if (!private_) throw new UsageError(`${key} holds no P-256 private key (PEM)`);
		const common = values.settings === undefined ? {} : settingsIn(values.settings);
		const gateways = gatewaysIn(table, common);
		const expires = new Date(now + days * DAY_MS).toISOString();
		writeAll(out, gateways, (gateway) => fileOf(gateway, serial, expires, private_));
		process.stdout.write(
			`${gateways.length} files in ${out}, serial number ${serial}, to be used before ${expires}\n`,
		);
	}
	return Promise.resolve(Exit.OK);
}

function makeKey(path: string): void {
	const { privateKey, publicKey } = newKeyPair();
	write(path, privateKey);
	write(`${path}.pub`, `${publicKey}\n`);
	process.stdout.write(
		`${path} is the private key: keep it secret and do not lose it. ${path}.pub is for the gateways.\n`,
	);
}

function gatewaysIn(path: string, common: GivenSettings): readonly ProvisionedGateway[] {
	const rows = readTable(textOf(path));
	if (typeof rows === "string") throw new UsageError(`${path} ${rows}`);
	const file = (name: string) => {
		try {
			return readFileSync(resolve(dirname(path), name), "utf8");
		} catch {
			return undefined;
		}
	};
	const gateways = gatewaysOf(rows, { common, file });
	if (typeof gateways === "string") throw new UsageError(`${path}: ${gateways}`);
	return gateways;
}

function fileOf(
	{ name, settings, adminPassword }: ProvisionedGateway,
	serial: number,
	expires: string,
	key: KeyObject,
): string {
	const surroundings = { digests: nativeDigests, randomBytes: systemRandomBytes, now: monotonic };
	const password =
		adminPassword === "" ? {} : { password: makePassword(adminPassword, surroundings, PBKDF2_ITERATIONS) };
	const text = provisionFile({ serial, for: name, expires, settings, ...password }, key);
	if (Buffer.byteLength(text) > LONGEST_PROVISION)
		throw new UsageError(
			`the file of ${name} would be longer than the ${LONGEST_PROVISION} bytes that a gateway takes`,
		);
	return text;
}

/** All files are made before the first is written. */
function writeAll(
	folder: string,
	gateways: readonly ProvisionedGateway[],
	textFor: (gateway: ProvisionedGateway) => string,
): void {
	if (existsSync(folder)) throw new UsageError(`${folder} is there already: name another folder`);
	const files = gateways.map(
		(gateway) => [`${gateway.name.replace("*", "any")}.json`, textFor(gateway)] as const,
	);
	try {
		mkdirSync(folder, { recursive: true, mode: SECRET_FOLDER });
	} catch (error) {
		throw new UsageError(`cannot make ${folder}: ${(error as NodeJS.ErrnoException).code}`);
	}
	for (const [name, text] of files) write(join(folder, name), text);
	write(join(folder, "passwords.csv"), passwords(gateways));
}

/** What people and brokers must know, and the files do not tell. */
function passwords(gateways: readonly ProvisionedGateway[]): string {
	const rows = gateways.map(({ name, settings, adminPassword }) =>
		[name, adminPassword, settings.mqtt?.user, settings.mqtt?.password].map(cellOf).join(","),
	);
	return `gateway,adminPassword,mqtt.user,mqtt.password\n${rows.join("\n")}\n`;
}

function cellOf(value: unknown): string {
	const text = value === undefined ? "" : `${value}`;
	return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function settingsIn(path: string): GivenSettings {
	let parsed: unknown;
	try {
		parsed = JSON.parse(textOf(path));
	} catch (error) {
		if (error instanceof UsageError) throw error;
		// The parser's message quotes the text, which may hold a secret.
		throw new UsageError(`${path} is no valid JSON`);
	}
	if (!isRecord(parsed) || !Object.values(parsed).every(isRecord))
		throw new UsageError(`${path} must hold a JSON object of sections, such as {"mqtt":{"host":"…"}}`);
	return parsed as GivenSettings;
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new UsageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
	}
}

/** Never over a file that is there: it may be a key. */
function write(path: string, text: string): void {
	try {
		writeFileSync(path, text, SECRET);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new UsageError(code === "EEXIST" ? `${path} is there already` : `cannot write ${path}: ${code}`);
	}
}

export const provision: Command = {
	name: "provision",
	summary: "make signed files that set up many gateways",
	help: HELP,
	run: provisionGateways,
};
