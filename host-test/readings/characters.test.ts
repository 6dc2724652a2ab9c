// The text helpers, and what was rewritten with them, against the regular expressions whose place they took: the pattern is
// the independent truth, and thousands of texts near it are asked of both.

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import "../../host/platform/globals";
import { sourceOf } from "../../app/updates";
import { isOwnHost, isOwnOrigin, targetOf } from "../../outputs/http/host";
import { linesOf } from "../../outputs/influx/line-protocol";
import { Template } from "../../outputs/webhook/template";
import { readCommand } from "../../protocols/iec62056/settings";
import {
	BLANKS,
	consistsOf,
	hasOffset,
	hasShape,
	indexOfAny,
	isDigits,
	isDotted,
	isHex,
	replaced,
	runs,
	words,
} from "../../readings/characters";
import { decimal } from "../../readings/decimal";
import type { Reading } from "../../readings/reading";
import { ReadingStore } from "../../readings/store";
import { fromHex } from "../../settings/hex";
import { isAddress, networkRule } from "../../settings/network";
import { looksLikeKey, problemWith, type SettingDescriptor } from "../../settings/setting";

/** Texts of these characters (or pieces) and, now and then, of any. */
function texts(pieces: readonly string[], maxLength = 40): fc.Arbitrary<string> {
	const near = fc.array(fc.constantFrom(...pieces), { maxLength }).map((chosen) => chosen.join(""));
	return fc.oneof(
		{ weight: 6, arbitrary: near },
		{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength }) },
	);
}

function agree(
	text: fc.Arbitrary<string>,
	ours: (text: string) => unknown,
	truth: (text: string) => unknown,
): void {
	fc.assert(
		fc.property(text, (given) => isDeepStrictEqual(ours(given), truth(given))),
		{ numRuns: 500 },
	);
}

const HEX = [..."0123456789abcdefABCDEF"];
const EDGES = [..."/:@[`{^-]\\ \t\n~\0", "\x7f", "\x80", "é", "\u00a0", "\ufeff", "😀", "İ", "K", "ſ"];

describe("sets", () => {
	test.each([
		["A-Za-z0-9_", /^[\w]*$/],
		["a-zA-Z0-9_.-", /^[\w.-]*$/],
		["a-zA-Z0-9_!#$%&'*+.^`|~-", /^[\w!#$%&'*+.^`|~-]*$/],
		["0-9A-Za-z.:*&-", /^[0-9A-Za-z.:*&-]*$/],
		["0-9a-f:.", /^[0-9a-f:.]*$/],
		["!-~", /^[!-~]*$/],
		[" -~", /^[ -~]*$/],
		[BLANKS, /^\s*$/],
		[`^${BLANKS}`, /^\S*$/],
		["^\0-\x1f\x7f", /^[^\0-\x1f\x7f]*$/],
	])("%j has the characters that its pattern has, of all there are", (set, pattern) => {
		const different = [];
		const isTurned = set.startsWith("^");
		for (let code = 0; code <= 0xffff; code++) {
			const character = String.fromCharCode(code);
			const has = isTurned ? indexOfAny(character, set) === 0 : consistsOf(character, set);
			if (has !== pattern.test(character)) different.push(code);
		}
		expect(different).toEqual([]);
	});

	test("of a text the first that has it, from the start asked for, and each of them", () => {
		expect([
			indexOfAny("host/a?b", "/?#"),
			indexOfAny("host/a?b", "/?#", 5),
			indexOfAny("host", "/?#"),
		]).toEqual([4, 6, -1]);
		const near = texts([..."ab/?#", ...EDGES]);
		agree(
			near,
			(text) => indexOfAny(text, "/?#"),
			(text) => text.search(/[/?#]/),
		);
		agree(
			near,
			(text) => consistsOf(text, "a-z"),
			(text) => /^[a-z]*$/.test(text),
		);
	});
});

describe("helpers", () => {
	test("digits", () => {
		const near = texts([..."0123456789", ...EDGES], 8);
		agree(
			near,
			(text) => isDigits(text, 5),
			(text) => /^\d{1,5}$/.test(text),
		);
		agree(texts(HEX, 8), isHex, (text) => /^[0-9a-f]+$/i.test(text));
		agree(texts([...HEX, ...EDGES], 8), isHex, (text) => /^[0-9a-f]+$/i.test(text));
	});

	test("four numbers with points", () => {
		const near = texts(["1", "0", "255", "19", ".", ".", "..", "1234", "a"], 8);
		const four = fc.tuple(near, near, near, near).map((parts) => parts.join("."));
		for (const text of [near, four, fc.ipV4()]) {
			agree(text, isDotted, (given) => /^\d{1,3}(\.\d{1,3}){3}$/.test(given));
			agree(text, isAddress, (given) => {
				const parts = given.split(".");
				return (
					parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
				);
			});
		}
	});

	test("shapes of times and names", () => {
		const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
		const damaged = fc
			.tuple(time, fc.nat(24), fc.constantFrom("", "0", "9", "T", ":", "-", "x", "+"))
			.map(([text, at, by]) => text.slice(0, at).concat(by, text.slice(at + 1)));
		agree(
			damaged,
			(text) => hasShape(text, "20##-##-##T##:##:##"),
			(text) => /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text),
		);
		agree(
			texts(["DSMR ", "5", ".", "0", "d"], 6),
			(text) => hasShape(text, "DSMR #.#"),
			(text) => /^DSMR \d\.\d/.test(text),
		);
		const offset = texts(["12:00", "+", "-", "0", "01", ":", "00", "Z", "z"], 8);
		agree(offset, hasOffset, (text) => /(?:Z|[+-]\d\d:?\d\d)$/.test(text));
	});

	test("replacing, parting", () => {
		const near = texts([..."ab ,=;", ...EDGES], 20);
		agree(
			near,
			(text) => replaced(text, " ,=", "\\", true),
			(text) => text.replace(/[ ,=]/g, "\\$&"),
		);
		agree(
			near,
			(text) => replaced(text, "^A-Za-z0-9_-", "_"),
			(text) => text.replace(/[^\w-]/g, "_"),
		);
		agree(
			near,
			(text) => replaced(text, "\0-\x1f\x7f", " "),
			(text) => text.replace(/[\0-\x1f\x7f]/g, " "),
		);
		agree(
			near,
			(text) => runs(text, "A-Za-z0-9"),
			(text) => text.match(/[A-Za-z0-9]+/g) ?? [],
		);
		agree(
			near,
			(text) => runs(text, "^a-z"),
			(text) => text.match(/[^a-z]+/g) ?? [],
		);
		agree(near, words, (text) => text.split(/[\s,;]+/).filter((word) => word !== ""));
		agree(
			near,
			(text) => runs(text, " -~").join(" ").trim(),
			(text) => text.replace(/[^ -~]+/g, " ").trim(),
		);
	});
});

describe("what was rewritten with them", () => {
	test("pairs of hexadecimal digits", () => {
		const truth = (text: string) =>
			text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text) ? [...Buffer.from(text, "hex")] : undefined;
		for (const near of [texts(HEX), texts([...HEX, ...HEX, ..."g/:@G`", "é"], 6)])
			agree(near, (text) => fromHex(text) && [...(fromHex(text) ?? [])], truth);
	});

	test("a meter's key, however it is set apart", () => {
		const separators = fc.array(fc.constantFrom(" ", ":", "-", ".", "\t", "\u00a0"), { maxLength: 2 });
		const pair = fc.constantFrom("00", "a5", "FF", "9e");
		const key = fc
			.array(
				fc.tuple(
					pair,
					separators.map((chosen) => chosen.join("")),
				),
				{ minLength: 15, maxLength: 17 },
			)
			.map((pairs) => pairs.flat().join(""));
		const damaged = fc
			.tuple(key, fc.nat(40), fc.constantFrom("", " ", ":", "a", "g"))
			.map(([text, at, by]) => text.slice(0, at).concat(by, text.slice(at + 1)));
		const truth = (text: string) => text.length >= 32 && /^(?:[0-9a-f]{2}[\s:.-]*){16}$/i.test(text.trim());
		for (const text of [key, damaged, texts(HEX, 34)]) agree(text, looksLikeKey, truth);
	});

	test("an address in the settings", () => {
		const near = texts(
			["http", "HTTPS", "udp", "ftp", "://", ":", "/", "host", ":80", "?", "#", "@", " ", "a"],
			10,
		);
		const whole = fc
			.tuple(fc.constantFrom("http://", "Https://", "udp://", "x"), near)
			.map(([a, b]) => a + b);
		const url: SettingDescriptor = {
			type: "text",
			format: "url",
			secret: true,
			key: "",
			default: "",
			label: "",
			help: "",
		};
		for (const text of [near, whole])
			agree(
				text,
				(given) => problemWith(url, given) === undefined,
				(given) => given === "" || /^(https?|udp):\/\/[^\s/?#@]+([/?][^\s#]*)?$/i.test(given),
			);
	});

	test("the gateway's own name in the network", () => {
		const truth = (name: string) => /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/i.test(name);
		agree(
			texts(["a", "Z", "9", "-", "_", "."], 5),
			(hostName) =>
				networkRule({ network: { hostName } }).every(({ setting }) => setting !== "network.hostName"),
			truth,
		);
	});

	test("host and port of a request", () => {
		const authority = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;
		const near = texts(["[", "]", ":", "::1", "a", "Host", ".", "80", "123456", "-", "_", "/", "é"], 7);
		agree(
			near,
			(text) => isOwnOrigin(`http://${text}`, text),
			(text) => authority.test(text.toLowerCase()),
		);
		agree(
			near,
			(text) =>
				isOwnHost(text, [authority.exec(text.toLowerCase())?.[1]?.replace(/\.$/, "") ?? "none"], false),
			(text) => authority.test(text.toLowerCase()),
		);
		agree(
			texts(["a", "/", "?", "#", "b"], 6),
			(text) => targetOf(`http://${text}`).host,
			(text) => /^[^/?#]*/.exec(text)?.[0],
		);
	});

	test("where an update is fetched from", () => {
		const shape = /^http:\/\/([A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?(\/[!-~]*)$/;
		const near = texts(["host", "1.2", "-", ":", "80", "123456", "/", "a.bin", "@", "?", " ", "é"], 8);
		const long = fc.nat(6).map((more) => `${"a".repeat(250 + more)}/x`);
		for (const text of [near, long, near.map((end) => `host:8080/${end}`)])
			agree(
				text.map((rest) => `http://${rest}`),
				sourceOf,
				(given) => {
					const [, host = "", port = "80", path = ""] = shape.exec(given) ?? [];
					return host === "" ? undefined : { host, port: Number(port), path };
				},
			);
		expect(sourceOf("https://host/a")).toBeUndefined();
	});

	test("a webhook's placeholders", () => {
		const reading: Reading = { protocol: "p1", meter: {}, time: null, quantities: [], devices: [] };
		const store = new ReadingStore();
		const shown = (text: string) =>
			new Template(text, true, "gw")
				.parts(reading, store)
				.map((part) => Buffer.from(part).toString())
				.join("");
		agree(
			texts(["{", "}", "{a}", "a", "1", "_", ".x", ":*-", " ", "{{", "é"], 10).map((text) =>
				text.toWellFormed(),
			),
			shown,
			(text) => text.replace(/\{([a-z0-9][\w.:*-]*)\}/gi, "null"),
		);
	});

	test("what programming mode asks for", () => {
		agree(
			texts(["R", "W", "1", "2", ":", "F001", "1.8.0", "(", ")"], 6),
			(word) => readCommand(word).command.concat(" ", readCommand(word).data),
			(word) => {
				const [, command = "R1", rest = word] = /^([RW]\d):(.+)$/s.exec(word) ?? [];
				return `${command.startsWith("R") ? command : "R1"} ${rest.includes("(") ? rest : `${rest}()`}`;
			},
		);
	});

	test("keys, units and texts of line protocol", () => {
		const near = texts(["a", "kWh", "m³", "²", " ", ",", "=", "\\", '"', "/", "·°", "\n", "\x7f", "é"], 6);
		const printable = (text: string) => text.replace(/[\0-\x1f\x7f]/g, " ");
		const name = (text: string) => printable(text).replace(/\\/g, "/").replace(/[ ,=]/g, "\\$&");
		const unitEnd = (unit: string) =>
			unit
				.replaceAll("³", "3")
				.replaceAll("²", "2")
				.replace(/[^A-Za-z0-9]+/g, "_")
				.replace(/^_/, "");
		fc.assert(
			fc.property(near, near, near, (key, unit, text) => {
				const [k, u, t] = [key.toWellFormed(), unit.toWellFormed(), text.toWellFormed()];
				const quantities = [
					{ name: k, value: decimal(7), unit: u },
					{ name: k, value: t },
				];
				const reading: Reading = { protocol: "p1", meter: {}, time: null, quantities, devices: [] };
				const lines = linesOf(reading, { measurement: "m", gateway: "g", texts: true, wallTime: undefined });
				expect(lines.map((line) => Buffer.from(line).toString()).join("")).toBe(
					`m,device=main,gateway=g ${name(`${k}_${unitEnd(u)}`)}=7,${name(k)}="${printable(t).replace(/["\\]/g, "\\$&")}"\n`,
				);
			}),
			{ numRuns: 500 },
		);
	});
});
