import type { Protocol } from "../../protocols/protocol";
import { readSettings, settingSections } from "../../settings/schema";
import { problemWith, type SettingDescriptor } from "../../settings/setting";

const LINE = {
	baud: 2400,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
} as const;
const KEY: SettingDescriptor = {
	key: "encryptionKey",
	type: "text",
	secret: true,
	format: "hex32",
	default: "",
	label: "Key",
	help: "From the grid operator.",
};
const protocol: Protocol = {
	name: "han",
	title: "HAN",
	lines: [LINE],
	settings: [KEY],
	open: () => {
		throw new Error("not opened here");
	},
};
const sections = settingSections([protocol], []);

describe("settings", () => {
	test("are complete without a file", () => {
		const { settings, problems } = readSettings(sections, undefined);
		expect(problems).toEqual([]);
		expect(settings.meter).toMatchObject({ port: "", baud: 0 });
		expect(settings.han).toEqual({ encryptionKey: "" });
	});

	test("take what fits, and report and replace what does not", () => {
		const { settings, problems } = readSettings(sections, {
			meter: { protocol: "han", baud: 1e9, colour: "red" },
			han: { encryptionKey: "00112233445566778899AABBCCDDEEFF" },
			fridge: {},
		});
		expect(settings.meter).toMatchObject({ protocol: "han", baud: 0 });
		expect(settings.han).toEqual({ encryptionKey: "00112233445566778899AABBCCDDEEFF" });
		expect(problems).toEqual([
			{ setting: "fridge", problem: "is no section" },
			{ setting: "meter.baud", problem: "must be from 0 to 921600" },
			{ setting: "meter.colour", problem: "is no setting" },
		]);
	});

	test("a refused secret is never repeated in the problem", () => {
		const { problems } = readSettings(sections, { han: { encryptionKey: "my-secret-but-too-short" } });
		expect(problems).toEqual([{ setting: "han.encryptionKey", problem: "must be 32 hexadecimal digits" }]);
	});

	test.each([null, 7, "text", [1]])("a file that holds %j leaves every default in force", (file) => {
		const { settings, problems } = readSettings(sections, file);
		expect(settings.meter).toMatchObject({ baud: 0 });
		expect(problems).toEqual([{ setting: "*", problem: "must be a JSON object" }]);
	});

	test.each([
		[{ key: "a", label: "", help: "", type: "switch", default: true }, "yes", "must be true or false"],
		[
			{ key: "a", label: "", help: "", type: "number", default: 1, least: 0, most: 9 },
			1.5,
			"must be a whole number",
		],
		[
			{ key: "a", label: "", help: "", type: "number", default: 1, least: 0, most: 9 },
			Number.NaN,
			"must be a number",
		],
		[
			{ key: "a", label: "", help: "", type: "text", default: "", longest: 3 },
			"four",
			"must have at most 3 characters",
		],
		[
			{ key: "a", label: "", help: "", type: "text", default: "", format: "host" },
			"a b",
			"must be a host name or an address",
		],
		[
			{ key: "a", label: "", help: "", type: "choice", default: "x", choices: [{ value: "x", label: "X" }] },
			"y",
			"must be one of x",
		],
	] as [SettingDescriptor, unknown, string][])("%j refuses %j: %s", (descriptor, value, problem) => {
		expect(problemWith(descriptor, value)).toBe(problem);
	});
});
