// The contract of `meterling decode` (docs/command-line.md): what other programs rely on.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UsageError } from "../../host/cli/command";
import { decode } from "../../host/cli/decode";
import { fromContent } from "../../host/cli/input-file";

// DSMR 2.2 P1, 6.8: lines as that document prints them; no CRC in this version.
const TELEGRAM =
	"/KMP5 KA6U001585575011\r\n\r\n1-0:1.8.1(00913.000*kWh)\r\n0-0:96.14.0(0001)\r\n1-0:1.7.0(0000.25*kW)\r\n!\r\n";
const KEY = "00112233445566778899AABBCCDDEEFF";
const OTHER_KEY = "FFEEDDCCBBAA99887766554433221100";
/** General-glo-ciphering (PROTOCOLS.md 5.4) with Kamstrup's title, and a ciphertext that fits no key. */
const CIPHERED = `DB084B414D45013490831A30010F60A4${"5A".repeat(21)}`;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "meterling-decode-"));
});
afterEach(() => {
	jest.restoreAllMocks();
	rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

async function run(...args: string[]) {
	const out: string[] = [];
	const err: string[] = [];
	jest.spyOn(process.stdout, "write").mockImplementation((text) => out.push(`${text}`) > 0);
	jest.spyOn(process.stderr, "write").mockImplementation((text) => err.push(`${text}`) > 0);
	try {
		return { code: await decode.run(args), out: out.join(""), err: err.join("") };
	} finally {
		jest.restoreAllMocks();
	}
}

const lines = (text: string) => text.trimEnd().split("\n").filter(Boolean);

describe("readings", () => {
	test.each([
		["raw bytes", TELEGRAM],
		["hexadecimal text", Buffer.from(TELEGRAM).toString("hex")],
		["spaced upper-case hexadecimal with line breaks", spaced(TELEGRAM)],
	])("%s: one JSON line with the file first, digits kept, exit 0", async (_, content) => {
		const path = file("a.txt", content);
		const { code, out, err } = await run("--protocol", "p1", path);
		expect(code).toBe(0);
		expect(err).toBe("");
		expect(out.startsWith(`{"file":${JSON.stringify(path)},"protocol":"p1"`)).toBe(true);
		expect(out).toContain('"energy_import_t1":{"value":913.000,"unit":"kWh","obis":"1-0:1.8.1"}');
		expect(JSON.parse(out).quantities.power_import).toMatchObject({ value: 250, unit: "W" });
		expect(lines(out)).toHaveLength(1);
	});

	test("the protocol is found where none is named", async () => {
		const { code, out } = await run(file("a.txt", TELEGRAM));
		expect(code).toBe(0);
		expect(JSON.parse(out)).toMatchObject({ protocol: "p1" });
	});

	test("each file begins anew: halves in two files make no reading", async () => {
		const half = TELEGRAM.length >> 1;
		const paths = [file("1", TELEGRAM.slice(0, half)), file("2", TELEGRAM.slice(half))];
		expect(await run("--protocol", "p1", ...paths)).toMatchObject({ code: 1, out: "" });
	});

	test("many telegrams, with rubbish around them", async () => {
		const { out } = await run("--protocol", "p1", file("a", `\0!x/\r\n${TELEGRAM}noise\r\n${TELEGRAM}`));
		expect(lines(out)).toHaveLength(2);
	});

	test("standard input", () => {
		const command = resolve(__dirname, "../../host/cli/meterling.mjs");
		const result = spawnSync(process.execPath, [command, "decode", "-"], {
			input: TELEGRAM,
			encoding: "utf8",
		});
		expect(result).toMatchObject({ status: 0, stderr: "" });
		expect(JSON.parse(result.stdout)).toMatchObject({ file: "-", protocol: "p1" });
	});
});

describe("no reading", () => {
	test("a frame with a wrong checksum: exit 1, one JSON line on standard error", async () => {
		// PROTOCOLS.md 0: the smallest HDLC frame, its checksum's last bit changed.
		const path = file("a.hex", "7EA00802232193BD657E");
		const { code, out, err } = await run("--protocol", "dlms", path);
		expect({ code, out }).toEqual({ code: 1, out: "" });
		const rejection = JSON.parse(lines(err)[0] ?? "");
		expect(rejection).toMatchObject({ rejected: true, file: path, layer: "hdlc" });
		expect(Object.keys(rejection).slice(0, 2)).toEqual(["rejected", "file"]);
	});

	test.each([
		["empty", ""],
		["no-frame", "\x80"],
	])("a file without a frame is told too: %s", async (code, content) => {
		const result = await run("--protocol", "kmp382", file("a", Buffer.from(content, "latin1")));
		expect(result).toMatchObject({ code: 1, out: "" });
		expect(JSON.parse(result.err)).toMatchObject({ rejected: true, code });
	});

	test("an encrypted frame without a key says so, with the meter's title", async () => {
		const { code, err } = await run(file("a.hex", CIPHERED));
		expect(code).toBe(1);
		expect(JSON.parse(err)).toMatchObject({ layer: "ciphering", code: "key-needed" });
		expect(err).toContain("4B414D4501349083");
	});

	test("keys appear in no output", async () => {
		const keys = ["--encryption-key", KEY, "--authentication-key", OTHER_KEY];
		const { code, out, err } = await run(...keys, file("a.hex", CIPHERED));
		expect(code).toBe(1);
		expect(JSON.parse(err)).toMatchObject({ layer: "ciphering" });
		for (const key of [KEY, OTHER_KEY]) expect((out + err).toUpperCase()).not.toContain(key);
	});
});

describe("wrong usage", () => {
	test.each([
		[["--encryption-key", "0011SECRET"], /32 hexadecimal digits/],
		[["--protocol", "morse"], /morse.*p1/],
		[["--protcol", "p1"], /--protocol/],
		[["--protocol"], /needs a value/],
	])("%j", async (args, expected) => {
		const error = await run(...args).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(UsageError);
		expect(`${error}`).toMatch(expected);
		expect(`${error}`).not.toContain("SECRET");
		expect(`${error}`).not.toContain("\n");
	});

	test("an unreadable file: one line, exit 2, and the others are still decoded", async () => {
		const { code, out, err } = await run(join(folder, "missing"), file("a", TELEGRAM));
		expect(code).toBe(2);
		expect(lines(err)).toHaveLength(1);
		expect(err).toMatch(/missing.*no such file/);
		expect(lines(out)).toHaveLength(1);
	});
});

describe("raw or hexadecimal", () => {
	const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

	test.each([
		["7e a0", [0x7e, 0xa0]],
		["7EA0\r\n 08\t02\n", [0x7e, 0xa0, 0x08, 0x02]],
		["\xef\xbb\xbf7EA0", [0x7e, 0xa0]],
		["7 E A 0", [0x7e, 0xa0]],
	])("%j is text", (text, expected) => {
		expect([...fromContent(bytes(text))]).toEqual(expected);
	});

	test.each(["", " \r\n", "7EA", "@FE9072\r", "7E A0 0G", "\x7e\xa0", TELEGRAM])("%j is raw", (text) => {
		expect([...fromContent(bytes(text))]).toEqual([...bytes(text)]);
	});
});

const corpus = resolve(__dirname, "../../../shared/corpora/amsreader/cases");
const corpusTest = existsSync(corpus) ? test : test.skip;
corpusTest("40 files take less than a second (skipped where ../shared/corpora is absent)", () => {
	const files = readdirSync(corpus)
		.filter((name) => name.endsWith(".hex"))
		.slice(0, 40)
		.map((name) => join(corpus, name));
	const command = resolve(__dirname, "../../host/cli/meterling.mjs");
	spawnSync(process.execPath, [command, "--help"]);
	// The quickest of three: other tests share the computer.
	const took = [1, 2, 3].map(() => {
		const began = performance.now();
		expect(spawnSync(process.execPath, [command, "decode", ...files]).stdout.length).toBeGreaterThan(0);
		return performance.now() - began;
	});
	expect(Math.min(...took)).toBeLessThan(1000);
});

function spaced(text: string): string {
	const pairs = Buffer.from(text).toString("hex").toUpperCase().match(/../g) ?? [];
	return pairs.map((pair, index) => pair + (index % 16 === 15 ? "\r\n" : " ")).join("");
}
