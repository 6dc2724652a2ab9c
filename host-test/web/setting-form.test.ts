// What is typed into the form of settings, as a patch or as reasons why not.
import { type FormField, type FormSection, hexDigits, patchOf, problemsOf } from "../../web/setting-form.js";

const common = { help: "", restarts: "gateway" } as const;
const FIELDS: readonly FormField[] = [
	{
		...common,
		key: "host",
		type: "text",
		label: "Broker",
		format: "host",
		longest: 255,
		value: "",
		default: "",
	},
	{
		...common,
		key: "port",
		type: "number",
		label: "Port",
		least: 1,
		most: 65535,
		value: 1883,
		default: 1883,
	},
	{
		...common,
		key: "factor",
		type: "number",
		label: "Factor",
		least: 0,
		most: 9,
		fractional: true,
		value: 1,
	},
	{ ...common, key: "retain", type: "switch", label: "Retain", value: true, default: true },
	{ ...common, key: "password", type: "text", label: "Password", longest: 64, secret: { set: true } },
	{ ...common, key: "encryptionKey", type: "text", label: "Key", format: "hex32", secret: { set: false } },
];
const FORM: readonly FormSection[] = [{ name: "mqtt", title: "MQTT", fields: FIELDS }];
const KEY = "00112233445566778899AABBCCDDEEFF";

test("what is not touched, or typed as it was, is no change", () => {
	expect(patchOf(FORM, {})).toEqual({ patch: {}, changes: 0, problems: {} });
	expect(patchOf(FORM, { "mqtt.port": "1883", "mqtt.retain": true, "mqtt.host": "" })).toMatchObject({
		patch: {},
		changes: 0,
	});
});

test("texts, numbers, switches", () => {
	const entries = {
		"mqtt.host": "broker.local",
		"mqtt.port": "8883",
		"mqtt.retain": false,
		"mqtt.factor": "0,5",
	};
	expect(patchOf(FORM, entries)).toEqual({
		patch: { mqtt: { host: "broker.local", port: 8883, retain: false, factor: 0.5 } },
		changes: 4,
		problems: {},
	});
});

test("secrets are replaced, or cleared with null; keys lose what sets their digits apart", () => {
	const entries = {
		"mqtt.password": { clear: true },
		"mqtt.encryptionKey": { replace: "00:11:22:33 44:55:66:77 88-99-AA-BB CC.DD.EE.FF\n" },
	} as const;
	expect(patchOf(FORM, entries).patch).toEqual({ mqtt: { password: null, encryptionKey: KEY } });
	expect(hexDigits(" 00 11-22:33.44 ")).toBe("0011223344");
});

test.each([
	["mqtt.port", "", "must be a number"],
	["mqtt.port", "many", "must be a number"],
	["mqtt.port", "1.5", "must be a whole number"],
	["mqtt.port", "0", "must be from 1 to 65535"],
	["mqtt.port", "65536", "must be from 1 to 65535"],
	["mqtt.factor", "10", "must be from 0 to 9"],
	["mqtt.host", "mqtt://broker", "must be a host name or an address"],
	["mqtt.host", "h".repeat(256), "must have at most 255 characters"],
	["mqtt.encryptionKey", { replace: KEY.slice(1) }, "must be 32 digits from 0 to 9 and a to f"],
	["mqtt.encryptionKey", { replace: `${KEY.slice(1)}G` }, "must be 32 digits from 0 to 9 and a to f"],
] as const)("%s = %j is refused: %s", (name, entry, problem) => {
	expect(patchOf(FORM, { [name]: entry }).problems).toEqual({ [name]: problem });
});

test("the gateway's reasons by field, several for one together", () => {
	const list = [
		{ setting: "network.address", problem: "must be four numbers" },
		{ setting: "network.netmask", problem: "is needed" },
		{ setting: "network.address", problem: "is taken" },
	];
	expect(problemsOf(list)).toEqual({
		"network.address": "must be four numbers; is taken",
		"network.netmask": "is needed",
	});
});
