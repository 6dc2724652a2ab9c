// Files that people and services send: settings (readable and sealed), patches of settings, history, price lists,
// provisioning, firmware.

import { SECTIONS } from "../../app/sections.js";
import { UpdateReceiver } from "../../firmware/receiver.js";
import { nodeCipher } from "../../host/platform/cipher.js";
import { PriceList } from "../../readings/cost/price-list.js";
import { MOST_PRICE, MOST_QUARTERS } from "../../readings/cost/price-table.js";
import { placeOf } from "../../readings/history/channel.js";
import { Import } from "../../readings/history/import.js";
import { exportLines } from "../../readings/history/text.js";
import { changeSettings, type SettingChange } from "../../settings/changes.js";
import { costRule } from "../../settings/cost.js";
import type { Digests } from "../../settings/digests.js";
import { networkRule } from "../../settings/network.js";
import { zoneOffsets } from "../../settings/posix-time-zone.js";
import { readProvision } from "../../settings/provision.js";
import { readSettings, type Settings } from "../../settings/schema.js";
import { problemWith } from "../../settings/setting.js";
import { exportSettings, exportWithSecrets, importSettings } from "../../settings/transfer.js";
import { imageOf, updateFile } from "../firmware/update-files.js";
import { COPENHAGEN, counter, MemoryFiles, openHistory, reading } from "../readings/history/storage.js";
import { check, hexOf, latin1, type Target, withOptions } from "./target.js";
import { textOf, utf8Of } from "./web.js";

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, "utf8"));
const RULES = [costRule, networkRule];
const PASSPHRASE = "correct horse battery staple";
const SECRET = "QZ81XK07-secret";
const DEFAULTS = readSettings(SECTIONS, undefined).settings;
/** A gateway with secrets of its own. */
const CURRENT: Settings = {
	...DEFAULTS,
	mqtt: { ...DEFAULTS.mqtt, host: "broker.example", user: "me", password: SECRET },
	network: { ...DEFAULTS.network, ssid: "Home", password: SECRET },
};
/** As long as it takes to make a key is not what is tried here. */
const quick: Digests = {
	sha256: (bytes) => bytes.slice(0, 32),
	hmacSha256: (key) => key.slice(),
	pbkdf2Sha256: (password, salt, iterations, length) => {
		check(iterations >= 1 && iterations <= 50_000, `${iterations} iterations`);
		return Uint8Array.from(
			{ length },
			(_, index) => (password[index % password.length] ?? 0) ^ (salt[index % salt.length] ?? 0),
		);
	},
};
const cipher = nodeCipher();
const sealing = { cipher, digests: quick, randomBytes: (count: number) => new Uint8Array(count).fill(7) };

/** Every value fits its setting, nothing is missing, and no secret is told. */
function judge(change: SettingChange | ReturnType<typeof importSettings>): void {
	if (change.problems) {
		check(change.problems.length > 0 && change.problems.length <= 33, `${change.problems.length} problems`);
		const text = JSON.stringify(change.problems);
		check(!text.includes(SECRET), "a secret in a problem");
		check(text.length < 8000, "problems beyond all bounds");
		return;
	}
	for (const { name, settings } of SECTIONS) {
		for (const descriptor of settings) {
			const wrong = problemWith(descriptor, change.settings[name]?.[descriptor.key]);
			check(wrong === undefined, `${name}.${descriptor.key} ${wrong}`);
		}
	}
	const names = Object.keys(change.settings);
	check(
		names.every((name) => SECTIONS.some((section) => section.name === name)),
		`sections ${names}`,
	);
	// What is kept is read again as it is.
	const again = readSettings(SECTIONS, JSON.parse(JSON.stringify(change.settings)));
	check(
		JSON.stringify(again.settings) === JSON.stringify(readSettings(SECTIONS, change.settings).settings),
		"another one is read",
	);
}

const JSON_WORDS = [
	'{"',
	'":',
	'},"',
	"}",
	"null",
	"true",
	"[]",
	"1e999",
	"-0",
	'"\\u0000"',
	'"__proto__":',
	'"constructor":',
	'"settings":',
	'"mqtt":',
	'"network":',
	'"meter":',
	'"cost":',
	'"version":1',
	'"secrets":',
	'"kind":"meterling settings"',
	'"format":1',
];

const settingsImport: Target = {
	name: "settings-import",
	longest: 20_000,
	work: [30_000, 300],
	words: JSON_WORDS,
	seeds: () => {
		const plain = exportSettings(SECTIONS, CURRENT);
		const sealed = exportWithSecrets(SECTIONS, CURRENT, PASSPHRASE, sealing).text ?? "";
		const { settings } = JSON.parse(plain);
		const some = JSON.stringify({ mqtt: settings.mqtt, meter: settings.meter, network: settings.network });
		const { secrets } = JSON.parse(sealed);
		return [
			withOptions(0, utf8(JSON.stringify({ ...JSON.parse(plain), settings: { mqtt: settings.mqtt } }))),
			withOptions(0, utf8(JSON.stringify({ ...JSON.parse(plain), settings: {}, secrets }))),
			withOptions(1, utf8(some)),
			withOptions(2, utf8('{"mqtt":{"password":"another"},"network":{"password":"one more"}}')),
			withOptions(4, utf8(some)),
		];
	},
	run(input) {
		const options = input[0] ?? 0;
		judge(
			importSettings(SECTIONS, CURRENT, fileOf(options & 3, input.slice(1)), {
				...{ cipher, digests: quick, rules: RULES, leaveSecrets: (options & 4) !== 0 },
				...(options & 8 ? {} : { passphrase: PASSPHRASE }),
			}),
		);
	},
};

/** The file itself, or one around these settings, or one that has these secrets rightly sealed. */
function fileOf(form: number, bytes: Uint8Array): Uint8Array {
	if (form === 0) return bytes;
	if (form === 1)
		return utf8(`{"kind":"meterling settings","format":1,"version":1,"settings":${utf8Of(bytes)}}`);
	const plain = { kind: "meterling settings", format: 1, version: 1, settings: {} };
	const salt = new Uint8Array(16).fill(7);
	const iv = new Uint8Array(12).fill(7);
	const key = quick.pbkdf2Sha256(utf8(PASSPHRASE), salt, 10_000, 16);
	const bound = utf8(JSON.stringify([plain.kind, plain.format, plain.version, plain.settings]));
	const data = cipher.sealGcm(key, iv, bound, bytes);
	const secrets = {
		kdf: "PBKDF2-HMAC-SHA-256",
		iterations: 10_000,
		salt: hexOf(salt),
		cipher: "AES-128-GCM",
		iv: hexOf(iv),
		data: hexOf(data),
	};
	return utf8(JSON.stringify({ ...plain, secrets }));
}

const settingsPatch: Target = {
	name: "settings-patch",
	longest: 4000,
	work: [60_000, 300],
	words: JSON_WORDS,
	seeds: () => [
		utf8('{"mqtt":{"host":"b","port":1884,"password":"x","qos":"1"},"meter":{"protocol":"p1"}}'),
		utf8('{"network":{"ssid":"å","password":null,"mode":"static","address":"192.168.1.2"}}'),
		utf8(
			'{"p1":{"encryptionKey":"00112233445566778899aabbccddeeff"},"http":{"port":80.5},"cost":{"model":"market"}}',
		),
		...SECTIONS.map(({ name, settings }) =>
			utf8(
				JSON.stringify({
					[name]: Object.fromEntries(settings.slice(0, 12).map(({ key, default: value }) => [key, value])),
				}),
			),
		),
	],
	run(input) {
		let patch: unknown;
		try {
			patch = JSON.parse(utf8Of(input));
		} catch {
			return;
		}
		judge(changeSettings(SECTIONS, CURRENT, patch, RULES));
		// A damaged file of settings still gives complete ones.
		const { settings } = readSettings(SECTIONS, patch);
		judge({ settings, restarts: { gateway: false, meter: false, outputs: [] } });
	},
};

function sampleHistory(): string {
	const history = openHistory(new MemoryFiles());
	const start = Date.UTC(2025, 1, 1) / 1000;
	for (let hour = 0; hour < 60; hour++) {
		const gas = {
			kind: "gas",
			id: "G",
			channel: 1,
			time: null,
			quantities: [counter("gas_volume", 5000 + hour * 11, "m³")],
		};
		history.reading(
			reading(
				null,
				[counter("energy_import", 7_000_000 + hour * 900), counter("energy_export", hour * 40)],
				[gas],
			),
			start + hour * 3600,
			start + hour * 3600,
		);
	}
	return exported(history);
}

function exported(history: ReturnType<typeof openHistory>): string {
	let text = "";
	const pieces = exportLines(history);
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) text += piece;
	return text;
}

/** Whatever was imported, counting goes on. */
function goesOn(history: ReturnType<typeof openHistory>): void {
	const start = Math.max(history.latest.time, Date.UTC(2026, 0, 1) / 1000);
	if (start > Date.UTC(2090, 0, 1) / 1000) return;
	for (const [hours, count] of [
		[1, 900_000_000],
		[2, 900_000_500],
	] as const) {
		const time = start + hours * 3600;
		history.reading(reading(null, [counter("energy_import", count)], [], "meter-9"), time, time);
	}
	const place = placeOf(history.channels, "energy_import", "kWh", "meter", 0);
	if (place < 0) return;
	const counted = history.latest.counters[place] as number;
	check(Number.isFinite(counted) && counted >= 0, `counts ${counted} after an import`);
}

const historyImport: Target = {
	name: "history-import",
	longest: 9000,
	work: [30_000, 1500],
	words: [
		"channel,",
		"hour,2025-02-01T00:00:00Z,",
		"day,",
		"month,",
		",,",
		"!",
		"\n",
		"meterling-history,2\n",
		"energy_import",
		"kWh",
		"9007199254740993",
		"-1",
		"1e9",
		"0.0001",
	],
	seeds: () => {
		const lines = sampleHistory().split("\n");
		return [
			lines.join("\n"),
			lines.slice(0, 9).join("\r\n"),
			[...lines.slice(0, 5), ...lines.slice(-9)].join("\n"),
		].map((text) => withOptions(0, utf8(text)));
	},
	run(input) {
		const bytes = input.subarray(1);
		const take = (size: number) => {
			const files = new MemoryFiles();
			const history = openHistory(files);
			const running = new Import(history);
			for (let at = 0; at < bytes.length; at += size) running.take(bytes.slice(at, at + size));
			const told = running.end();
			check(told.samples >= 0 && (told.problem ?? "").length < 200, "what is told is beyond all bounds");
			check(files.blocks <= 128, `${files.blocks} blocks of flash`);
			const text = exported(history);
			// What was taken in is there after a restart.
			const after = exported(openHistory(files));
			check(after === text || told.samples === 0, "after a restart there is something else");
			goesOn(history);
			return { told: JSON.stringify(told), text, ok: told.problem === undefined };
		};
		const { told, text, ok } = take(Math.max(1, bytes.length));
		if ((input[0] ?? 0) & 1)
			check(take(1 + ((input[0] ?? 0) >> 2)).text === text, "in pieces it takes something else");
		if (!ok) return;
		const again = openHistory(new MemoryFiles());
		const running = new Import(again);
		running.take(utf8(text));
		const { problem } = running.end();
		check(problem === undefined, `its own export is refused: ${problem} (${told})`);
		check(exported(again) === text, "its own export is another one");
	},
};

const zone = zoneOffsets(COPENHAGEN);
const NOW = Date.UTC(2025, 9, 2, 8) / 1000;
const prices: Target = {
	name: "prices",
	longest: 6000,
	work: [30_000, 800],
	words: [
		'{"NOK_per_kWh":',
		'"time_start":"2025-10-02T00:00:00+02:00"',
		'"time_end":',
		'"price":',
		'"prices":[',
		'"step":15',
		'"start":',
		'"currency":"NOK"',
		'"unit":"NOK/MWh"',
		"null",
		"1e308",
		"-1e-9",
		"<Period>",
		"</Period>",
		"<Point><position>",
		"<price.amount>",
		"</price.amount></Point>",
		"<resolution>PT15M</resolution>",
		"<!DOCTYPE",
		"<?xml",
		"/>",
	],
	seeds: () =>
		[
			'[{"NOK_per_kWh":1.35,"EUR_per_kWh":0.1,"EXR":11.7,"time_start":"2025-10-02T00:00:00+02:00","time_end":"2025-10-02T01:00:00+02:00"},{"NOK_per_kWh":-0.01,"time_start":"2025-10-02T01:00:00+02:00","time_end":"2025-10-02T01:15:00+02:00"}]',
			'{"currency":"NOK","unit":"NOK/MWh","prices":[{"start":"2025-10-02T00:00:00+02:00","end":"2025-10-02T01:00:00+02:00","price":412.5}]}',
			'{"start":"2025-10-02T00:00:00+02:00","step":15,"prices":[1.35,1.3,null,2]}',
			'<?xml version="1.0"?><Publication_MarketDocument><TimeSeries><currency_Unit.name>NOK</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name><Period><timeInterval><start>2025-10-01T22:00Z</start><end>2025-10-02T22:00Z</end></timeInterval><resolution>PT60M</resolution><Point><position>1</position><price.amount>41.5</price.amount></Point><Point><position>4</position><price.amount>-3</price.amount></Point></Period></TimeSeries></Publication_MarketDocument>',
		].map((text) => withOptions(0, latin1(text))),
	run(input) {
		const bytes = input.subarray(1);
		const read = (size: number) => {
			const list = new PriceList("NOK", zone, (input[0] ?? 0) & 0x10 ? undefined : NOW);
			for (let at = 0; at < bytes.length; at += size) list.take(bytes.slice(at, at + size));
			const problem = list.finish();
			check((problem ?? "").length < 100, "a problem beyond all bounds");
			let text = `${problem}`;
			if (problem !== undefined) return text;
			const { first } = list.table;
			for (let quarter = first; quarter < first + MOST_QUARTERS; quarter++) {
				const price = list.table.at(quarter);
				check(!(Math.abs(price) > MOST_PRICE), `a price of ${price}`);
				text += ` ${price}`;
			}
			check(list.count > 0, "no price, and no problem");
			return text;
		};
		check(
			read(1 + ((input[0] ?? 0) & 15)) === read(Math.max(1, bytes.length)),
			"in pieces it says something else",
		);
	},
};

const provisionFile: Target = {
	name: "provision",
	longest: 3000,
	work: [20_000, 200],
	words: [
		...JSON_WORDS,
		'{"signature":"',
		'","provision":',
		'"serial":7',
		'"for":"meterling-*"',
		'"expires":"2027-01-01T00:00:00Z"',
	],
	seeds: () => {
		const body =
			'{"kind":"meterling provision","format":1,"serial":7,"for":"meterling-*","expires":"2027-01-01T00:00:00Z","settings":{"mqtt":{"host":"b"}},"password":null}';
		return [
			withOptions(0, latin1(`{"signature":"${"ab".repeat(64)}","provision":${body}}\n`)),
			withOptions(1, latin1(body)),
		];
	},
	run(input) {
		const options = input[0] ?? 0;
		const bytes = input.slice(1);
		const file =
			options & 1
				? Uint8Array.from([...latin1(`{"signature":"${"ab".repeat(64)}","provision":`), ...bytes, 0x7d])
				: bytes;
		let verified = "";
		const result = readProvision(file, {
			publicKey: new Uint8Array(65),
			verify: (signature, message) => {
				check(signature.length === 64, "a signature of another length");
				verified = textOf(message);
				return (options & 2) === 0;
			},
			gatewayId: "meterling-a1b2c3",
			wallTime: options & 4 ? undefined : Date.UTC(2026, 5, 1),
			taken: 3,
		});
		if (typeof result === "string")
			check(result.length > 0 && result.length < 200, "a reason beyond all bounds");
		else {
			check(
				verified !== "" && textOf(file).includes(verified) && (options & 2) === 0,
				"taken without a signature",
			);
			check(result.serial > 3, "an old one is taken");
			judge(changeSettings(SECTIONS, CURRENT, result.settings, RULES));
		}
	},
};

const updateFiles: Target = {
	name: "update-file",
	longest: 3000,
	work: [20_000, 200],
	words: [
		"METERLNG",
		'"version":"9.9.9"',
		'"board":"esp32-devkit"',
		'"chip":"esp32"',
		'"size":',
		'"sha256":"',
		"{",
		"}",
		"-1",
		"1e99",
	],
	seeds: () => [
		withOptions(0, updateFile(imageOf(300))),
		withOptions(0x21, updateFile(imageOf(64), { board: "other" })),
	],
	run(input) {
		const options = input[0] ?? 0;
		const bytes = input.slice(1);
		let written = 0;
		let finished = false;
		const slot = {
			size: 2000,
			open: () => slot,
			write: (piece: Uint8Array) => {
				written += piece.length;
			},
			finish: () => {
				finished = true;
			},
			abandon: () => {},
		};
		const receiver = new UpdateReceiver({
			...{
				publicKey: new Uint8Array(65),
				verify: () => (options & 1) === 0,
				chip: "esp32",
				board: "esp32-devkit",
				slots: slot,
			},
			startSha256: () => ({ write: () => {}, finish: () => new Uint8Array(32) }),
		});
		const size = 1 + (options >> 4) * 40;
		for (let at = 0; at < bytes.length; at += size) receiver.take(bytes.slice(at, at + size));
		const taken = receiver.end();
		check(
			taken === finished && taken === (receiver.problem === undefined),
			"started, or not, against its own word",
		);
		check((options & 1) === 0 || written === 0, "written without a signature");
		check(written <= slot.size && receiver.detail.length < 300, "more than the slot holds");
		check(receiver.progress >= 0 && receiver.progress <= 1, `progress ${receiver.progress}`);
	},
};

export const FILE_TARGETS: readonly Target[] = [
	settingsImport,
	settingsPatch,
	historyImport,
	prices,
	provisionFile,
	updateFiles,
];
