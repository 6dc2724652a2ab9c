// Settings as a file to take along.

import { createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { nativeCipher } from "../../hardware/cipher";
import { nativeDigests, systemRandomBytes } from "../../hardware/digests";
import "../../host/platform/globals";
import { movedSetting } from "../../settings/migrations";
import { readSettings, type Settings } from "../../settings/schema";
import {
	exportSettings,
	exportWithSecrets,
	type ImportOptions,
	importSettings,
	LONGEST_EXPORT,
} from "../../settings/transfer";
import { SECTIONS } from "./example-sections";

const PASSWORD = "hunter2-å€";
const KEY = "00112233445566778899aabbccddeeff";
const PASSPHRASE = "correct horse battery staple";
const DEFAULTS = readSettings(SECTIONS, undefined).settings;
const SETTINGS: Settings = {
	meter: { port: "/dev/ttyUSB0", baud: 9600, note: "loft" },
	mqtt: { ...DEFAULTS.mqtt, host: "broker.example", password: PASSWORD, key: KEY, factor: 0.1 },
	network: { name: "loft" },
};
const device = { cipher: nativeCipher, digests: nativeDigests };
const sealing = { ...device, randomBytes: systemRandomBytes };
const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
const imported = (text: string, options: Partial<ImportOptions> = {}, current = DEFAULTS) =>
	importSettings(SECTIONS, current, bytes(text), { ...device, ...options });
const problemOf = (text: string, options?: Partial<ImportOptions>) => {
	const { problems = [] } = imported(text, options);
	expect(problems).toHaveLength(1);
	expect(problems[0]?.setting).toBe("file");
	return problems[0]?.problem;
};

const sealed = exportWithSecrets(SECTIONS, SETTINGS, PASSPHRASE, sealing).text ?? "";
const changedFile = (change: (file: Record<string, any>) => void, text = sealed) => {
	const file = JSON.parse(text);
	change(file);
	return JSON.stringify(file);
};

describe("without secrets", () => {
	const plain = exportSettings(SECTIONS, SETTINGS);

	test("none is in the file, nor a sign of them", () => {
		expect(plain).toContain("broker.example");
		for (const sign of [PASSWORD, KEY, "password", "secrets"]) expect(plain).not.toContain(sign);
	});

	test("on another gateway: everything but its own secrets", () => {
		const current = { ...DEFAULTS, mqtt: { ...DEFAULTS.mqtt, password: "its own" } };
		const { settings, unknown, restarts } = imported(plain, {}, current) as any;
		expect(settings).toEqual({ ...SETTINGS, mqtt: { ...SETTINGS.mqtt, password: "its own", key: "" } });
		expect(unknown).toEqual([]);
		expect(restarts).toEqual({ gateway: true, meter: true, outputs: ["mqtt"] });
	});

	test("what this firmware does not know is told and left out; what does not fit is refused", () => {
		const odd = changedFile((file) => {
			file.settings.mqtt.colour = "red";
			file.settings.zigbee = { channel: 1 };
		}, plain);
		expect(imported(odd)).toMatchObject({ unknown: ["mqtt.colour", "zigbee"] });
		const wrong = changedFile((file) => {
			file.settings.meter.baud = "fast";
		}, plain);
		expect(imported(wrong)).toEqual({ problems: [{ setting: "meter.baud", problem: "must be a number" }] });
	});
});

describe("with secrets", () => {
	test("all comes back with the passphrase, however the file was laid out", () => {
		for (const text of [sealed, JSON.stringify(JSON.parse(sealed), null, 8)])
			expect(imported(text, { passphrase: PASSPHRASE })).toMatchObject({ settings: SETTINGS, unknown: [] });
	});

	test("opens with any PBKDF2 and AES-GCM as the documentation says", () => {
		const { secrets, kind, format, version, settings } = JSON.parse(sealed);
		const key = pbkdf2Sync(PASSPHRASE, Buffer.from(secrets.salt, "hex"), secrets.iterations, 16, "sha256");
		const data = Buffer.from(secrets.data, "hex");
		const opener = createDecipheriv("aes-128-gcm", key, Buffer.from(secrets.iv, "hex"), {
			authTagLength: 12,
		});
		opener.setAAD(Buffer.from(JSON.stringify([kind, format, version, settings])));
		opener.setAuthTag(data.subarray(-12));
		const text = Buffer.concat([opener.update(data.subarray(0, -12)), opener.final()]).toString();
		expect(JSON.parse(text)).toEqual({ mqtt: { password: PASSWORD, key: KEY } });
	});

	test("no secret and no passphrase in the file; nothing alike in two files", () => {
		for (const secret of [PASSWORD, KEY, PASSPHRASE]) {
			expect(sealed).not.toContain(secret);
			expect(sealed).not.toContain(Buffer.from(secret).toString("hex"));
		}
		const again = JSON.parse(exportWithSecrets(SECTIONS, SETTINGS, PASSPHRASE, sealing).text ?? "").secrets;
		const first = JSON.parse(sealed).secrets;
		for (const part of ["salt", "iv", "data"]) expect(again[part]).not.toBe(first[part]);
	});

	test("without its passphrase, with another, or with a readable part that was changed: closed", () => {
		expect(problemOf(sealed)).toBe("holds secrets: its passphrase is needed");
		const wrong = "does not open: the passphrase is wrong, or the file was changed";
		expect(problemOf(sealed, { passphrase: `${PASSPHRASE}!` })).toBe(wrong);
		const redirected = changedFile((file) => {
			file.settings.mqtt.host = "evil.example";
		});
		expect(problemOf(redirected, { passphrase: PASSPHRASE })).toBe(wrong);
		const flipped = changedFile((file) => {
			file.secrets.data = (file.secrets.data[0] === "0" ? "1" : "0") + file.secrets.data.slice(1);
		});
		expect(problemOf(flipped, { passphrase: PASSPHRASE })).toBe(wrong);
	});

	test("the secrets may be left", () => {
		const { settings } = imported(sealed, { leaveSecrets: true }) as { settings: Settings };
		expect(settings.mqtt).toMatchObject({ host: "broker.example", password: "", key: "" });
	});

	test("a short passphrase seals nothing", () => {
		expect(exportWithSecrets(SECTIONS, SETTINGS, "short", sealing)).toEqual({
			problem: "the passphrase must have at least 10 characters",
		});
	});
});

describe("files that are none", () => {
	const UNKNOWN = "seals its secrets in a way that this version does not know";
	const DAMAGED = "has damaged secrets";

	test("cut short at every byte", () => {
		for (let length = 0; length < sealed.length; length += 7)
			expect(problemOf(sealed.slice(0, length), { passphrase: PASSPHRASE })).toBe(
				"is no whole JSON: it may have been cut short",
			);
	});

	test.each<[string, string]>([
		["null", "holds no exported settings"],
		["[]", "holds no exported settings"],
		['{"meter":{"port":"x"}}', "holds no exported settings"],
		['{"kind":"meterling settings","format":1,"version":0,"settings":{}}', "holds no exported settings"],
		['{"kind":"meterling settings","format":1,"version":1,"settings":[]}', "holds no exported settings"],
		[" ".repeat(LONGEST_EXPORT + 1), `is longer than ${LONGEST_EXPORT} bytes`],
	])("%.60j: %s", (text, problem) => {
		expect(problemOf(text)).toBe(problem);
	});

	test.each(["format", "version"])("of a newer %s", (what) => {
		const newer = changedFile((file) => {
			file[what]++;
		});
		expect(problemOf(newer, { passphrase: PASSPHRASE })).toBe(
			"was written by a newer version: update this gateway first",
		);
	});

	test.each<[string, (secrets: Record<string, unknown>) => unknown, string]>([
		["another cipher", (secrets) => (secrets.cipher = "ROT13"), UNKNOWN],
		["rounds that would take minutes", (secrets) => (secrets.iterations = 1e9), UNKNOWN],
		["no rounds", (secrets) => (secrets.iterations = 0), UNKNOWN],
		["a short salt", (secrets) => (secrets.salt = "00"), DAMAGED],
		["an IV that is no hexadecimal", (secrets) => (secrets.iv = "zz".repeat(12)), DAMAGED],
		["data without a tag", (secrets) => (secrets.data = "00"), DAMAGED],
		["data that is no text", (secrets) => (secrets.data = 7), DAMAGED],
	])("secrets with %s", (_title, change, problem) => {
		expect(
			problemOf(
				changedFile(({ secrets }) => void change(secrets)),
				{ passphrase: PASSPHRASE },
			),
		).toBe(problem);
	});

	test("rubbish of any kind is refused in words that repeat nothing of it", () => {
		for (let round = 0; round < 50; round++) {
			const result = importSettings(SECTIONS, DEFAULTS, randomBytes(round * 8), device);
			expect(result.problems).toHaveLength(1);
		}
	});
});

test("a file of an older version comes through the steps since, sealed secrets too", () => {
	const steps = [(settings: any) => movedSetting(settings, ["mqtt", "password"], ["mqtt", "secret"])];
	const sections = [
		{
			name: "mqtt",
			title: "",
			settings: [
				{ key: "secret", type: "text", secret: true, default: "", label: "", help: "" } as const,
				...(SECTIONS[1]?.settings.filter(({ key }) => key !== "password") ?? []),
			],
		},
	];
	const current = readSettings(sections, undefined).settings;
	const result = importSettings(sections, current, bytes(sealed), {
		...device,
		passphrase: PASSPHRASE,
		migrations: steps,
	}) as any;
	expect(result.settings.mqtt).toMatchObject({ secret: PASSWORD, key: KEY, host: "broker.example" });
	expect(result.unknown).toEqual(["meter", "network"]);
});
