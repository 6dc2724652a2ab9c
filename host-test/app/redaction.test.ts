import { redacted, secretsOf } from "../../app/redaction";
import type { SettingSection } from "../../settings/schema";

const text = (key: string, secret: boolean) =>
	({ key, type: "text", default: "", label: key, help: "", secret }) as const;

const SECTIONS: readonly SettingSection[] = [
	{ name: "mqtt", title: "MQTT", settings: [text("user", false), text("password", true)] },
	{ name: "dlms", title: "DLMS", settings: [text("encryptionKey", true), text("authenticationKey", true)] },
];

describe("secrets of the settings", () => {
	test("are the values of secret settings, longest first, without what is too short to be one", () => {
		const settings = {
			mqtt: { user: "somebody", password: "abc" },
			dlms: { encryptionKey: "0011", authenticationKey: "00112233445566778899AABBCCDDEEFF" },
		};
		expect(secretsOf(SECTIONS, settings)).toEqual(["00112233445566778899AABBCCDDEEFF", "0011"]);
	});

	test("sections that are missing hold none", () => {
		expect(secretsOf(SECTIONS, {})).toEqual([]);
	});
});

describe("redaction", () => {
	test.each([
		["nothing to hide", "nothing to hide"],
		["hunter22", "(secret)"],
		["a hunter22 and hunter22.", "a (secret) and (secret)."],
		["HUNTER22 in capitals", "(secret) in capitals"],
		["hunter2 is shorter", "hunter2 is shorter"],
		[
			"İhunter22 after a letter that grows in lower case",
			"İ(secret) after a letter that grows in lower case",
		],
	])("%s", (line, safe) => {
		expect(redacted(line, ["hunter22"])).toBe(safe);
	});

	test("a secret that holds another goes as a whole", () => {
		expect(redacted("key 00112233", ["00112233", "0011"])).toBe("key (secret)");
	});

	test("characters that are special in patterns are plain", () => {
		expect(redacted("a.*b axxb", ["a.*b"])).toBe("(secret) axxb");
	});
});
