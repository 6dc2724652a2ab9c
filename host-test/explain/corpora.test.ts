// The dump of every capture that other projects published (read in place, never copied): each byte appears once, lines
// stay within 100 columns, and neither keys nor, when asked for, meter numbers are in it.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromContent } from "../../host/cli/input-file.js";
import { bytesOf, dumpOf, type Given, hexOf } from "./support.js";

interface Case {
	readonly id: string;
	readonly file: string;
	readonly protocol: string;
	readonly kind: string;
	readonly options?: { readonly encryption_key?: string; readonly authentication_key?: string };
	readonly meter_id?: readonly string[] | string;
}

const CORPORA = join(__dirname, "../../../shared/corpora");
const LIST = join(CORPORA, "normalized.json");
const present = existsSync(LIST);
if (!present) process.stdout.write(`corpora are not at ${CORPORA}: their dumps are not tested\n`);
const cases: readonly Case[] = present
	? (JSON.parse(readFileSync(LIST, "utf8")) as { cases: Case[] }).cases.filter(({ file }) =>
			existsSync(join(CORPORA, file)),
		)
	: [];

const contentOf = ({ file }: Case) => fromContent(new Uint8Array(readFileSync(join(CORPORA, file))));
const givenFor = ({ options }: Case): Given => ({
	encryptionKey: options?.encryption_key ?? "",
	authenticationKey: options?.authentication_key ?? "",
});
const check = present ? it : it.skip;

describe("dumps of the corpora", () => {
	check("show every byte of the input once, in order", () => {
		for (const one of cases) {
			const bytes = contentOf(one);
			expect({ file: one.file, bytes: bytesOf(dumpOf(bytes, givenFor(one))) }).toEqual({
				file: one.file,
				bytes: hexOf(bytes),
			});
		}
	});

	check("stay within 100 columns", () => {
		for (const one of cases) {
			const { text } = dumpOf(contentOf(one), givenFor(one));
			const tooLong = text.split("\n").filter((line) => line.length > 100);
			expect({ file: one.file, tooLong }).toEqual({ file: one.file, tooLong: [] });
		}
	});

	check("never show a key", () => {
		for (const one of cases) {
			const { encryptionKey = "", authenticationKey = "" } = givenFor(one);
			const flat = dumpOf(contentOf(one), givenFor(one)).text.replace(/\s/g, "").toUpperCase();
			for (const key of [encryptionKey, authenticationKey].filter((text) => text !== ""))
				expect({ file: one.file, shown: flat.includes(key.toUpperCase()) }).toEqual({
					file: one.file,
					shown: false,
				});
		}
	});

	check("recognise something in every capture that holds a reading", () => {
		const blind = cases.filter(
			(one) => one.kind === "reading" && !dumpOf(contentOf(one), givenFor(one)).recognised,
		);
		expect(blind.map(({ file }) => file)).toEqual([]);
	});

	check("hide the meter's number with --anonymous, in values and in bytes", () => {
		for (const one of cases) {
			const ids = [one.meter_id ?? []].flat().filter((id) => id.length >= 6 && !/^(.)\1*$/.test(id));
			if (ids.length === 0) continue;
			const { text } = dumpOf(contentOf(one), { ...givenFor(one), anonymous: true });
			// The bytes of all lines, those of plaintexts (offsets with a +) included.
			const dumped = text.split("\n").filter((line) => /^[+0-9A-F]{6} /.test(line));
			const bytes = dumped.map((line) => line.slice(8, 33).replaceAll(" ", "")).join("");
			for (const id of ids) {
				const shown = text.includes(id) || bytes.includes(hexOf(Buffer.from(id)));
				expect({ file: one.file, id, shown }).toEqual({ file: one.file, id, shown: false });
			}
		}
	});
});
