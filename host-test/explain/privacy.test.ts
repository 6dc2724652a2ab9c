// What a published dump must not hold: keys and passwords never, meter numbers not with --anonymous; and that the
// ciphered layers are explained as far as the keys allow.

import { nodeCipher } from "../../host/platform/cipher.js";
import { ascii, bytesOf, checksums, type Dump, dumpOf, hex, hexOf, row } from "./support.js";

const KEY = "000102030405060708090A0B0C0D0E0F";
const AUTHENTICATION_KEY = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
const KEYS = { encryptionKey: KEY, authenticationKey: AUTHENTICATION_KEY };
/** A Kamstrup list with a meter number of 16 digits. */
const NUMBER = "5706567275940841";
const PLAINTEXT =
	`0F00000000 00 0205 0A0E${Buffer.from("Kamstrup_V0001").toString("hex")} 0906 0101000005FF` +
	`0A10${Buffer.from(NUMBER).toString("hex")} 0906 0101010700FF 06 00000929`;
const TITLE = "4B414D4501349083";

/** General-glo-ciphering with a tag: PROTOCOLS.md 5.4. */
function ciphered(plaintext: Uint8Array): Uint8Array {
	const counter = "010F60A4";
	const aad = hex(`30${AUTHENTICATION_KEY}`);
	const sealed = nodeCipher().sealGcm(hex(KEY), hex(TITLE + counter), aad, plaintext);
	const length = 5 + sealed.length;
	return Uint8Array.from([...hex(`DB08${TITLE}81`), length, 0x30, ...hex(counter), ...sealed]);
}

/** Text without the columns' blanks and offsets, in which a key in rows of eight bytes could be found. */
function flat({ text, rows }: Dump): string {
	const bytes = rows.map((one) => one.bytes.replaceAll(" ", "")).join("");
	return `${bytes}\n${text.replace(/\s/g, "")}`.toUpperCase();
}

describe("ciphered messages", () => {
	const message = ciphered(hex(PLAINTEXT));

	it("are explained up to the ciphertext without a key", () => {
		const dump = dumpOf(message);
		expect(row(dump, "cipher", "system title")).toMatchObject({
			bytes: "4B 41 4D",
			meaning: "KAM: Kamstrup",
		});
		expect(row(dump, "cipher", "security").meaning).toBe(
			"0x30: suite 0, encrypted, authenticated (tag), unicast key",
		);
		expect(row(dump, "cipher", "invocation counter").meaning).toBe(`${0x010f60a4}`);
		expect(row(dump, "cipher", "tag").meaning).toBe("general-glo-ciphering");
		expect(row(dump, "cipher", "not opened").meaning).toContain("--encryption-key");
		expect(bytesOf(dump)).toBe(hexOf(message));
	});

	it("go on with their plaintext where the keys fit", () => {
		const dump = dumpOf(message, KEYS);
		expect(row(dump, "cipher", "opened").meaning).toBe("tag right");
		expect(dump.text).toMatch(/^\+00000 {2}0F .* data-notification$/m);
		expect(dump.text).toContain("1-1:1.7.0 power_import");
		expect(bytesOf(dump)).toBe(hexOf(message));
	});

	it("say that a key is wrong, without showing it", () => {
		const wrong = "00112233445566778899AABBCCDDEEFF";
		const dump = dumpOf(message, { encryptionKey: wrong, authenticationKey: AUTHENTICATION_KEY });
		expect(row(dump, "cipher", "not opened").meaning).toContain("WRONG KEY");
		expect(flat(dump)).not.toContain(wrong);
		expect(flat(dump)).not.toContain(AUTHENTICATION_KEY);
	});

	it("that are cut say how much is missing", () => {
		const dump = dumpOf(message.slice(0, 40), KEYS);
		expect(row(dump, "cipher", "ciphertext").meaning).toMatch(/CUT: \d+ of the message are missing/);
	});
});

describe("keys", () => {
	it("are hidden even where the recording itself holds them, as bytes or as text", () => {
		const bytes = Uint8Array.from([
			...ascii(`rubbish ${KEY.toLowerCase()} `),
			...hex(AUTHENTICATION_KEY),
			0x55,
		]);
		const dump = dumpOf(bytes, KEYS);
		expect(flat(dump)).not.toContain(KEY);
		expect(flat(dump)).not.toContain(AUTHENTICATION_KEY);
		expect(flat(dump)).not.toContain(hexOf(ascii(KEY.toLowerCase())));
		expect(dump.rows.map(({ offset }) => offset)).toEqual([0]);
	});

	it("stay hidden in a message that is opened with them", () => {
		const dump = dumpOf(ciphered(hex(PLAINTEXT)), KEYS);
		expect(flat(dump)).not.toContain(KEY);
		expect(flat(dump)).not.toContain(AUTHENTICATION_KEY);
	});
});

describe("--anonymous", () => {
	it("is asked for in the dump's second line where it is not given", () => {
		const [, second] = dumpOf(ascii("x")).text.split("\n");
		expect(second).toContain("METER NUMBERS ARE SHOWN");
		expect(second).toContain("--anonymous");
		expect(dumpOf(ascii("x"), { anonymous: true }).text).not.toContain("METER NUMBERS ARE SHOWN");
	});

	it("hides title and number of a ciphered meter in all layers, and leaves maker and values", () => {
		const dump = dumpOf(ciphered(hex(PLAINTEXT)), { ...KEYS, anonymous: true });
		expect(dump.text).toContain("KAM: Kamstrup");
		expect(dump.text).toContain("XXXXXXXXXXXXXXXX");
		expect(dump.text).toContain("Kamstrup_V0001");
		expect(dump.text).not.toContain(NUMBER);
		expect(flat(dump)).not.toContain(hexOf(ascii(NUMBER)));
		expect(flat(dump)).not.toContain(TITLE.slice(6));
	});

	it("keeps every byte's place", () => {
		const message = ciphered(hex(PLAINTEXT));
		const shown = bytesOf(dumpOf(message, { ...KEYS, anonymous: true }));
		expect(shown).toHaveLength(2 * message.length);
		expect(shown).toContain("XX");
	});

	it("hides the printed and the coded number of a P1 meter, its sub-meter and its identification", () => {
		const printed = "4530303334303036383130353136343136";
		const body = [
			"/KMP5 KA6U001585575011",
			"",
			`0-0:96.1.1(${printed})`,
			"0-1:24.1.0(003)",
			"0-1:96.1.0(4730303131)",
			"1-0:1.8.1(003808.351*kWh)",
			"!",
		].join("\r\n");
		const dump = dumpOf(ascii(`${body}\r\n`), { anonymous: true });
		for (const secret of [printed, "E0034006810516416", "001585575011", "4730303131", "G0011"])
			expect(dump.text).not.toContain(secret);
		expect(flat(dump)).not.toContain(hexOf(ascii(printed)));
		expect(dump.text).toContain("energy_import_t1: 3808.351 kWh");
	});

	it("hides checksums, which would let a number be guessed", () => {
		const content = hex("3F 02 01 23 45 67");
		const crc = checksums.xmodem(content, 0, content.length);
		const dump = dumpOf(Uint8Array.from([0x40, ...content, crc >> 8, crc & 0xff, 0x0d]), { anonymous: true });
		expect(row(dump, "kmp", "CRC")).toMatchObject({ bytes: "XX XX", meaning: "right" });
		expect(row(dump, "kmp", "serial number")).toMatchObject({ bytes: "XX XX XX XX", meaning: "XXXXXXXX" });
		expect(dump.text).not.toContain("19088743");
	});

	it("hides long numbers in rubbish and in lines that nobody understands", () => {
		const dump = dumpOf(
			ascii("meter 1234567890 said\r\n/KAM5 X\r\n1-0:1.8(99887766)\r\n1-0:1.8.1(1*kWh)\r\n!"),
			{
				protocol: "p1",
				anonymous: true,
			},
		);
		expect(flat(dump)).not.toContain(hexOf(ascii("1234567890")));
		expect(flat(dump)).not.toContain(hexOf(ascii("99887766")));
		expect(dump.text).not.toMatch(/1234567890|99887766/);
	});
});

describe("bytes of the wire", () => {
	it("cannot steer the terminal", () => {
		const dump = dumpOf(
			ascii("/KAM5\x1b[2J X\r\n\r\n1-0:1.8.1(1*kWh)\r\n0-0:96.13.0(\x1b[31mred)\r\n!\r\n"),
			{
				protocol: "p1",
			},
		);
		expect(dump.text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
	});
});
