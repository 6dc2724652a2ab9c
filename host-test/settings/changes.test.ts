// Changes from outside, and what of settings may be shown.

import "../../host/platform/globals";
import { changeSettings, type SettingRule, settingsView } from "../../settings/changes";
import { settingsForm } from "../../settings/form";
import { readSettings, type Settings } from "../../settings/schema";
import { SECTIONS } from "./example-sections";

const SECRET = "hunter2-hunter2";
const DEFAULTS = readSettings(SECTIONS, undefined).settings;
const CURRENT: Settings = {
	...DEFAULTS,
	mqtt: { ...DEFAULTS.mqtt, host: "broker.example", password: SECRET },
};
const changed = (patch: unknown, rules: readonly SettingRule[] = []) =>
	changeSettings(SECTIONS, CURRENT, patch, rules);

describe("a patch", () => {
	test("changes what it names and keeps the rest, secrets too", () => {
		expect(changed({ meter: { baud: 9600 } })).toEqual({
			settings: { ...CURRENT, meter: { ...CURRENT.meter, baud: 9600 } },
			restarts: { gateway: false, meter: true, outputs: [] },
		});
		expect(CURRENT.meter?.baud).toBe(0);
	});

	test("null brings back the default, and so clears a secret", () => {
		const { settings } = changed({ mqtt: { password: null, host: null } }) as { settings: Settings };
		expect(settings.mqtt).toMatchObject({ password: "", host: "" });
	});

	test.each([
		[{ meter: { note: "hello" } }, { gateway: false, meter: false, outputs: [] }],
		[{ mqtt: { retain: false, quality: "sure" } }, { gateway: false, meter: false, outputs: ["mqtt"] }],
		[{ network: { name: "attic" } }, { gateway: true, meter: false, outputs: [] }],
		[{ mqtt: { retain: true } }, { gateway: false, meter: false, outputs: [] }],
		[{}, { gateway: false, meter: false, outputs: [] }],
	])("%j restarts %j", (patch, restarts) => {
		expect(changed(patch)).toMatchObject({ restarts });
	});

	test("one value that does not fit, and nothing changes; every field is told its own reason", () => {
		expect(
			changed({ meter: { port: "x", baud: 1.5 }, mqtt: { host: "a b", quality: "twice", retain: 1 } }),
		).toEqual({
			problems: [
				{ setting: "meter.baud", problem: "must be a whole number" },
				{ setting: "mqtt.host", problem: "must be a host name or an address" },
				{ setting: "mqtt.quality", problem: "must be one of once, sure" },
				{ setting: "mqtt.retain", problem: "must be true or false" },
			],
		});
	});

	test.each([
		[[], "*", "must be a JSON object"],
		[null, "*", "must be a JSON object"],
		["text", "*", "must be a JSON object"],
		[{ nothing: {} }, "nothing", "is no section"],
		[{ meter: 1 }, "meter", "must be a JSON object"],
		[{ meter: { speed: 1 } }, "meter.speed", "is no setting"],
		[JSON.parse('{"__proto__":{"a":1}}'), "__proto__", "is no section"],
		[{ mqtt: { password: { set: true } } }, "mqtt.password", "must be text"],
		[{ mqtt: { key: SECRET } }, "mqtt.key", "must be 32 hexadecimal digits"],
		// A key pasted where a name belongs.
		[{ mqtt: { "00112233445566778899aabbccddeeff": 1 } }, "mqtt.?", "is no setting"],
		[{ "<script>": {} }, "?", "is no section"],
	])("%j is refused at %s: %s", (patch, setting, problem) => {
		expect(changed(patch)).toEqual({ problems: [{ setting, problem }] });
	});

	test("wrong all over: a bounded answer", () => {
		const patch = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`s${index}`, {}]));
		expect(changed(patch).problems?.length).toBe(32);
	});

	test("rules look across fields, at complete settings, once every value fits", () => {
		const rule: SettingRule = ({ mqtt }) =>
			mqtt?.password && !mqtt.host ? [{ setting: "mqtt.host", problem: "is needed with a password" }] : [];
		expect(changed({ mqtt: { host: "" } }, [rule])).toEqual({
			problems: [{ setting: "mqtt.host", problem: "is needed with a password" }],
		});
		expect(changed({ mqtt: { host: "", password: "" } }, [rule]).problems).toBeUndefined();
		expect(changed({ meter: { baud: -1 }, mqtt: { host: "" } }, [rule]).problems).toHaveLength(1);
	});
});

describe("what is shown", () => {
	test("a view has every value but the secrets, of which it says whether they are set", () => {
		expect(settingsView(SECTIONS, CURRENT)).toEqual({
			meter: CURRENT.meter,
			mqtt: { ...CURRENT.mqtt, password: { set: true }, key: { set: false } },
			network: CURRENT.network,
		});
	});

	test("a form has what each field needs", () => {
		const fields = settingsForm(SECTIONS, CURRENT).flatMap((section) => section.fields);
		const field = (key: string) => fields.find((each) => each.key === key);
		expect(field("baud")).toEqual({
			...{ key: "baud", type: "number", restarts: "meter" },
			...{ least: 0, most: 921600, unit: "Bd", default: 0, value: 0 },
		});
		expect(field("password")).toEqual({
			...{ key: "password", type: "text", restarts: "output" },
			...{ longest: 64, secret: { set: true } },
		});
		expect(field("key")).toMatchObject({ format: "hex32", longest: 255, secret: { set: false } });
		expect(field("quality")?.choices).toEqual(["once", "sure"]);
		expect(field("factor")).toMatchObject({ fractional: true, restarts: "output" });
		expect(field("name")).toMatchObject({ restarts: "gateway", value: "meterling" });
	});

	test("no secret in view, form or refusal", () => {
		const refusal = changed({ mqtt: { password: SECRET.repeat(9), key: SECRET } });
		for (const shown of [settingsView(SECTIONS, CURRENT), settingsForm(SECTIONS, CURRENT), refusal])
			expect(JSON.stringify(shown)).not.toContain(SECRET);
	});
});
