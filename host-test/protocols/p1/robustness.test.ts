// What noise, cuts and attacks do to P1's session: no exception, bounded memory, no wrong reading behind a CRC, and
// the next good telegram is read.

import { p1 } from "../../../protocols/p1/p1.js";
import { encodeTelegram } from "../../../protocols/p1/p1-encoder.js";
import { LARGEST_TELEGRAM } from "../../../protocols/p1/session.js";
import type { Cipher } from "../../../protocols/shared/cipher.js";
import { readingToJson } from "../../../readings/json.js";
import { checksums, cipher, decode, hex, joined, latin1, openSession, shown, sort } from "./support.js";

const LINES = [
	"1-3:0.2.8(50)",
	"0-0:1.0.0(220528150245S)",
	"0-0:96.1.1(4530303434)",
	"1-0:1.8.1(016366.258*kWh)",
	"1-0:2.7.0(02.857*kW)",
	"0-1:24.1.0(003)",
	"0-1:24.2.1(220528150000S)(00752.852*m3)",
];
const GOOD = encodeTelegram({ identification: "ISK5\\2M550T-1012", lines: LINES, crc: true }, checksums);
const PLAIN = encodeTelegram(
	{ identification: "KMP5 KA6U001", lines: LINES.slice(2), crc: false },
	checksums,
);
const json = (bytes: Uint8Array) => decode(bytes).readings.map((reading) => readingToJson(reading));
const [GOOD_JSON] = json(GOOD);

test("split at every byte boundary gives the same reading", () => {
	for (const telegram of [GOOD, PLAIN]) {
		const whole = json(telegram);
		expect(whole).toHaveLength(1);
		for (let cut = 0; cut <= telegram.length; cut++)
			expect(decode(telegram, {}, [cut]).readings.map((reading) => readingToJson(reading))).toEqual(whole);
	}
	const bytewise = decode(GOOD, {}, [...GOOD.keys()]);
	expect(bytewise.readings.map((reading) => readingToJson(reading))).toEqual([GOOD_JSON]);
});

test("no flipped bit of a telegram with CRC makes another reading, and the next telegram is read", () => {
	for (let bit = 0; bit < GOOD.length * 8; bit++) {
		const damaged = GOOD.slice();
		damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
		const readings = json(joined(damaged, GOOD));
		expect(readings.length === 1 || readings.length === 2).toBe(true);
		for (const reading of readings) expect(reading).toBe(GOOD_JSON);
	}
});

test("without CRC a flipped bit can slip through only as another legal character", () => {
	let slipped = 0;
	const [right] = json(PLAIN);
	for (let bit = 0; bit < PLAIN.length * 8; bit++) {
		const damaged = PLAIN.slice();
		const at = bit >> 3;
		damaged[at] = (damaged[at] as number) ^ (1 << (bit & 7));
		const [reading] = json(damaged);
		if (reading === undefined || reading === right) continue;
		slipped++;
		// Bit 7 and control characters are always seen; a 7E1 line sees every single bit by its parity.
		expect(damaged[at]).toBeGreaterThanOrEqual(0x0a);
		expect(damaged[at]).toBeLessThan(0x7f);
	}
	expect(slipped).toBeGreaterThan(0);
});

test("cut anywhere it gives no reading before its CRC is there, and the next telegram is read", () => {
	const mark = GOOD.lastIndexOf(0x21);
	for (let cut = 1; cut < GOOD.length; cut++) {
		const { readings } = decode(GOOD.subarray(0, cut));
		for (const reading of readings) expect(readingToJson(reading)).toBe(GOOD_JSON);
		if (cut <= mark) expect(readings).toEqual([]);
		expect(json(joined(GOOD.subarray(0, cut), latin1("\r\n"), GOOD)).at(-1)).toBe(GOOD_JSON);
		expect(json(joined(GOOD.subarray(cut), GOOD)).at(-1)).toBe(GOOD_JSON);
	}
});

test("two telegrams back to back, and noise between them", () => {
	expect(json(joined(GOOD, GOOD))).toEqual([GOOD_JSON, GOOD_JSON]);
	const noise = Uint8Array.of(0xff, 0xff, 0x00, 0xff);
	expect(json(joined(GOOD, latin1("  25818685\r\n"), noise, GOOD))).toEqual([GOOD_JSON, GOOD_JSON]);
});

test("offsets of rejections count from the session's first byte", () => {
	const damaged = GOOD.slice();
	damaged[30] = 0x39;
	expect(decode(joined(latin1("xyz\r\n"), damaged)).rejections).toMatchObject([{ code: "crc", offset: 5 }]);
	const { rejections } = decode(joined(GOOD.subarray(0, 50), latin1("\r\n"), GOOD));
	expect(rejections).toMatchObject([{ code: "truncated", offset: 0 }]);
});

test("what is longer than the buffer is an overflow, and the next telegram is read", () => {
	const endless = latin1(`/KFM5X\r\n\r\n0-0:96.13.0(${"41".repeat(LARGEST_TELEGRAM)})\r\n!\r\n`);
	const { readings, rejections } = decode(joined(endless, GOOD));
	expect(rejections).toMatchObject([{ layer: "p1", code: "overflow" }]);
	expect(readings.map((reading) => readingToJson(reading))).toEqual([GOOD_JSON]);
});

test("a megabyte of random bytes: no reading, no exception, then a telegram is read", () => {
	let state = 0x2545f491;
	const random = new Uint8Array(1 << 20);
	for (let at = 0; at < random.length; at++) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		random[at] = state & 0xff;
	}
	const session = openSession({ encryptionKey: "00112233445566778899AABBCCDDEEFF" });
	const { readings, rejections } = sort(session.receive(random, 0));
	expect(readings).toEqual([]);
	expect(rejections.length).toBeLessThan(1000);
	// An envelope's length in the noise may swallow the first telegram or two, never more than the buffer.
	const repeated = joined(...Array.from({ length: 40 }, () => GOOD));
	const after = sort(session.receive(repeated, 0)).readings;
	expect(after.length).toBeGreaterThanOrEqual(38);
	for (const reading of after) expect(readingToJson(reading)).toBe(GOOD_JSON);
});

test("envelopes inside of envelopes without end cost no more than a few looks at each byte, and a telegram is read", () => {
	let deciphered = 0;
	const counting: Cipher = {
		...cipher,
		decryptGcm: (_key, _iv, ciphertext) => {
			deciphered += ciphertext.length;
			return ciphertext;
		},
	};
	const settings = { encryptionKey: "00112233445566778899AABBCCDDEEFF", authenticationKey: "" };
	const session = p1.open({ checksums, cipher: counting, settings });
	// Title, a length of 7,936 bytes, encrypted, a counter: and the next one begins.
	const nested = hex("DB084B414D0102030405821F002000000001");
	const line = joined(...Array.from({ length: 2000 }, () => nested));
	sort(session.receive(line, 0));
	expect(deciphered).toBeGreaterThan(0);
	expect(deciphered).toBeLessThan(20 * line.length);
	const repeated = joined(...Array.from({ length: 80 }, () => GOOD));
	const [last] = sort(session.receive(repeated, 0)).readings.slice(-1);
	expect(last && readingToJson(last)).toBe(GOOD_JSON);
});

test("with a right CRC an unreadable line is reported and costs no other value", () => {
	const telegram = encodeTelegram(
		{ identification: "KAM5", lines: ["1-0:1.7.0(00.100*kW)", "1-0:9(1)"], crc: true },
		checksums,
	);
	const { readings, rejections } = decode(telegram);
	expect(shown(readings[0], "power_import")).toBe("100 W");
	expect(rejections).toMatchObject([{ code: "malformed-line", actual: 1, detail: "1-0:9(1)" }]);
});

test("more objects than are kept are reported", () => {
	const lines = Array.from({ length: 300 }, (_, index) => `1-0:${100 + (index >> 5)}.${index & 31}.7(1)`);
	const { readings, rejections } = decode(
		encodeTelegram({ identification: "KAM5", lines, crc: true }, checksums),
	);
	expect(readings[0]?.quantities).toHaveLength(256);
	expect(rejections).toMatchObject([{ code: "too-many-objects", actual: 44 }]);
});

test("a telegram without leading zeros in its CRC is accepted", () => {
	for (let number = 0; number < 65536; number++) {
		const body = `/NWA-X\r\n\r\n0-0:96.7.21(${number})\r\n!`;
		const bytes = latin1(body);
		const crc = checksums.arc(bytes, 0, bytes.length);
		if (crc >= 0x1000) continue;
		expect(json(latin1(`${body}${crc.toString(16).toUpperCase()}\r\n`))).toHaveLength(1);
		return;
	}
	throw new Error("no telegram with a short CRC found");
});
