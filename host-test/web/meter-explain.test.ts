// The page's explainer: worked examples of PROTOCOLS.md by hand, and the corpora's frames against `meterling explain`, which
// is another program for the same bytes.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromContent } from "../../host/cli/input-file.js";
import { bytesOfHex, type Row } from "../../web/meter/cells.js";
import { explain } from "../../web/meter/explain.js";
import { ascii, checksums, dumpOf, hex } from "../explain/support.js";

/** The first of that field; members of containers are marked by dots. */
const field = (rows: readonly Row[], name: string) =>
	rows.find((row) => row.field.replace(/^(· )+/, "") === name);

/** Every byte is in one row, and in its place. */
function wholeness(bytes: Uint8Array): void {
	const rows = explain(bytes);
	expect(
		rows
			.map((row) => row.hex)
			.join(" ")
			.split(" ")
			.sort(),
	).toEqual([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).sort());
	for (const { at, hex: pairs } of rows) expect(bytes[at]).toBe(Number.parseInt(pairs, 16));
}

/** An HDLC frame around an information field, as PROTOCOLS.md 5.1 describes it. */
function hdlcFrame(addresses: string, info: string, format = 0xa000): Uint8Array {
	const length = 2 + hex(addresses).length + 1 + 2 + hex(info).length + 2 - 1;
	const head = [format >> 8, length, ...hex(addresses)];
	const hcs = checksums.x25(Uint8Array.from(head), 0, head.length);
	const body = [...head, hcs & 0xff, hcs >> 8, ...hex(info)];
	const fcs = checksums.x25(Uint8Array.from(body), 0, body.length);
	return Uint8Array.from([0x7e, ...body, fcs & 0xff, fcs >> 8, 0x7e]);
}

const PUSH =
	"E6E700 0F 00000000 0C 07E40101FF00030000FF8800 0203 0906 0101010700FF 06 00000929 0202 0FFF 161B";

describe("DLMS", () => {
	test("an SNRM and its check", () => {
		const rows = explain(hex("7E A0 08 02 23 21 93 BD 64 7E"));
		expect(field(rows, "FCS")).toMatchObject({ good: true, hex: "bd 64" });
		expect(field(rows, "destination")?.text).toBe("1,17");
		expect(field(rows, "source")?.text).toBe("16");
		wholeness(hex("7E A0 08 02 23 21 93 BD 64 7E"));
	});

	test("a push: code, value with the scaler of the wire, clock", () => {
		const frame = hdlcFrame("41 08 83 13", PUSH);
		const rows = explain(frame);
		expect(rows.filter(({ good }) => good === false)).toEqual([]);
		expect(field(rows, "date-time")?.text).toBe("2020-01-01 00:03:00");
		expect(field(rows, "octet-string")).toMatchObject({ text: "1-1:1.7.0.255", name: "power_import" });
		expect(field(rows, "uint32")).toMatchObject({ text: "2345 = 234.5 W", name: "power_import" });
		wholeness(frame);
	});

	test("a value over two segments", () => {
		const info = PUSH.replaceAll(" ", "");
		const both = Uint8Array.from([
			...hdlcFrame("41 08 83 03", info.slice(0, 68), 0xa800),
			...hdlcFrame("41 08 83 13", info.slice(68)),
		]);
		expect(field(explain(both), "uint32")?.text).toBe("2345 = 234.5 W");
		wholeness(both);
	});

	test("a changed byte: the check fails, the rest is still explained", () => {
		const frame = hdlcFrame("41 08 83 13", PUSH);
		frame[frame.length - 12] = 0x2a;
		const rows = explain(frame);
		expect(field(rows, "HCS")?.good).toBe(true);
		expect(field(rows, "FCS")?.good).toBe(false);
		expect(field(rows, "FCS")?.text).toMatch(/^[0-9a-f]+ ≠ [0-9a-f]+$/);
	});

	test("M-Bus", () => {
		const body = [0x53, 0xff, 0x10, 0x01, 0x67, ...hex(PUSH.slice(7))];
		const sum = body.reduce((total, byte) => total + byte, 0) & 0xff;
		const frame = Uint8Array.from([0x68, body.length, body.length, 0x68, ...body, sum, 0x16]);
		const rows = explain(frame);
		expect(field(rows, "checksum")?.good).toBe(true);
		expect(field(rows, "uint32")?.text).toBe("2345 = 234.5 W");
		wholeness(frame);
	});
});

describe("KMP", () => {
	test("a register with its sign, exponent and unit", () => {
		// Energy E1 (60) in MWh (3), four bytes, 0x43: thousandths.
		const frame = hex("40 3F 10 00 3C 03 04 43 00 00 FB A3");
		const crc = checksums.xmodem(frame, 1, frame.length);
		const whole = Uint8Array.from([...frame, crc >> 8, crc & 0xff, 0x0d]);
		const rows = explain(whole);
		expect(field(rows, "register")).toMatchObject({ text: "60", name: "heat_energy" });
		expect(field(rows, "value")).toMatchObject({
			text: "64.419 MWh",
			name: "heat_energy",
			hex: "00 00 fb a3",
		});
		expect(field(rows, "CRC")?.good).toBe(true);
		wholeness(whole);
	});

	test("an escaped byte is one byte, shown as two", () => {
		// 1B F2 stands for 0D (chapter 3.2): register 13.
		const rows = explain(hex("80 3F 10 01 00 1B F2 00 00 0D"));
		expect(field(rows, "register")).toMatchObject({ text: "13", hex: "00 1b f2" });
	});
});

describe("characters", () => {
	test("P1: name, value, unit, and the CRC of the DSMR 5 example", () => {
		const body =
			"/ISk5\\2MT382-1000\r\n\r\n1-0:1.8.1(000001.234*kWh)\r\n0-1:24.2.1(101209112500W)(12785.123*m3)\r\n!";
		const bytes = ascii(body);
		const check = checksums.arc(bytes, 0, bytes.length).toString(16).toUpperCase().padStart(4, "0");
		const frame = ascii(`${body}${check}\r\n`);
		const rows = explain(frame);
		expect(field(rows, "1-0:1.8.1")).toMatchObject({
			layer: "P1",
			text: "000001.234 kWh",
			name: "energy_import_t1",
		});
		expect(field(rows, "0-1:24.2.1")).toMatchObject({ text: "101209112500W, 12785.123 m3" });
		expect(field(rows, "CRC")?.good).toBe(true);
		wholeness(frame);
		const wrong = ascii(`${body.replace("1.234", "1.235")}${check}\r\n`);
		expect(field(explain(wrong), "CRC")?.good).toBe(false);
	});

	test("IEC 62056-21: data sets and the block check", () => {
		const block = "0.0(12345678)\r\n1.8.0(0012345.6*kWh)\r\n6.8(0123.4*MWh)\r\n!\r\n\x03";
		const bcc = [...block].reduce((sum, letter) => sum ^ letter.charCodeAt(0), 0);
		const frame = ascii(`/KAM5\\@MC601\r\n\x02${block}${String.fromCharCode(bcc)}`);
		const rows = explain(frame);
		expect(field(rows, "1.8.0")).toMatchObject({
			layer: "IEC 62056-21",
			text: "0012345.6 kWh",
			name: "energy_import",
		});
		expect(field(rows, "6.8")?.name).toBe("heat_energy");
		expect(field(rows, "BCC")?.good).toBe(true);
		wholeness(frame);
	});
});

interface Case {
	readonly id: string;
	readonly file: string;
	readonly protocol: string;
	readonly kind: string;
}

/** A frame ring holds no more (app/frame-ring.ts). */
const LONGEST = 4096;
const CORPORA = join(__dirname, "../../../shared/corpora");
const LIST = join(CORPORA, "normalized.json");
const present = existsSync(LIST);
if (!present)
	process.stdout.write(`corpora are not at ${CORPORA}: the page's explainer is not held against them\n`);

(present ? describe : describe.skip)("the corpora, held against `meterling explain`", () => {
	const { cases } = present ? (JSON.parse(readFileSync(LIST, "utf8")) as { cases: Case[] }) : { cases: [] };

	test("the same values in the same places", () => {
		let compared = 0;
		let files = 0;
		const different: unknown[] = [];
		for (const one of cases.filter(
			({ file, kind }) => kind === "reading" && existsSync(join(CORPORA, file)),
		)) {
			const bytes = fromContent(new Uint8Array(readFileSync(join(CORPORA, one.file))));
			if (bytes.length > LONGEST) continue;
			const dump = dumpOf(bytes, { protocol: one.protocol });
			// The page gets frames, not noise or messages without frames.
			const [first] = dump.rows;
			if (!dump.recognised || !first || /^(llc|apdu|gbt|-)$/.test(first.layer)) continue;
			if (dump.text.includes("leniency")) continue;
			if (dump.rows.some(({ field: name }) => name === "rubbish")) continue;
			const rows = explain(bytes);
			files++;
			for (const theirs of dump.rows) {
				const pairs = wanted(theirs);
				if (!pairs) continue;
				const covers = ({ at, hex: own }: Row) =>
					at <= theirs.offset && theirs.offset < at + own.split(" ").length;
				const ours = rows.find(({ at }) => at === theirs.offset) ?? rows.find(covers);
				compared++;
				if (!ours || !pairs(ours))
					different.push(
						`${one.file}: ${theirs.field} at ${theirs.offset} is ${theirs.meaning}, not ${JSON.stringify(ours)}`,
					);
			}
		}
		process.stdout.write(
			`page's explainer: ${compared} rows of ${files} captures as meterling explain has them\n`,
		);
		expect(different.slice(0, 25)).toEqual([]);
		expect([different.length, files > 20, compared > 1000]).toEqual([0, true, true]);
	});

	/** What ours must say where theirs says this; `undefined` for what only one of them tells. */
	function wanted({ layer, field: name, meaning }: { layer: string; field: string; meaning: string }) {
		const plain = (text: string) => text.replace(/[\s"]/g, "");
		switch (`${layer} ${name.trim()}`) {
			case "hdlc HCS":
			case "hdlc FCS":
			case "mbus checksum":
			case "kmp CRC":
			case "p1 CRC":
			case "62056-21 BCC":
				return meaning.startsWith("none")
					? undefined
					: (row: Row) => row.good === meaning.startsWith("right");
			case "cipher invocation counter":
				return (row: Row) => row.text === meaning;
			case "kmp value":
				// Dates and characters are left as they are.
				return /[:"]|^\d{4}-/.test(meaning) ? undefined : (row: Row) => plain(row.text) === plain(meaning);
			case "axdr uint32":
			case "axdr uint16":
			case "axdr int32":
			case "axdr int16":
				return (row: Row) => plain(row.text) === plain(meaning.replace(/\(.*/, ""));
		}
		if ((layer === "p1" || layer === "62056-21") && /^[\d-]*:?[\dCFL]+\.\d/.test(name)) {
			const [, quantity] = /^([a-z][a-z0-9]*(?:_[a-z0-9]+)+): /.exec(meaning) ?? [];
			return (row: Row) =>
				row.field.startsWith(name.replace("…", "")) && (!quantity || row.name === quantity);
		}
		return undefined;
	}
});

test("whatever comes ends, and holds every byte", () => {
	let state = 7;
	const random = () => {
		state = (state * 1103515245 + 12345) & 0x7fffffff;
		return state >> 16;
	};
	for (let turn = 0; turn < 400; turn++) {
		const first = [0x7e, 0x68, 0xdb, 0x40, 0x48, 0x80, 0xf5, 0x2f, 0x02][turn % 9] as number;
		const bytes = Uint8Array.from([first, ...Array.from({ length: random() % 90 }, () => random() & 0xff)]);
		expect(explain(bytes).every(({ at }) => at < bytes.length)).toBe(true);
	}
	expect(bytesOfHex("7ea0")).toEqual(Uint8Array.of(0x7e, 0xa0));
});
