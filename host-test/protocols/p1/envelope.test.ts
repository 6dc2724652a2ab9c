// Encrypted P1 (Luxembourg's envelope, Poland's form with a clear identification line), sealed by Node's AES-GCM.

import { dataLine, encodeTelegram, sealTelegram } from "../../../protocols/p1/p1-encoder.js";
import { checksums, cipher, decode, hex, joined, latin1, shown } from "./support.js";

const EK = "0123456789ABCDEF0123456789ABCDEF";
const AK = "FFEEDDCCBBAA99887766554433221100";
const LUXEMBOURG_AK = "00112233445566778899AABBCCDDEEFF";
const TITLE = "534147677001BD54";
const TELEGRAM = encodeTelegram(
	{ identification: "SAG5", lines: [dataLine("1-0:1.8.0", "000025.653*kWh")], crc: true },
	checksums,
);

function sealed(authenticationKey: string, telegram = TELEGRAM): Uint8Array {
	return sealTelegram(
		telegram,
		{
			systemTitle: hex(TITLE),
			invocationCounter: 0x0005a8e3,
			encryptionKey: hex(EK),
			authenticationKey: hex(authenticationKey),
		},
		cipher,
	);
}
const energy = (bytes: Uint8Array, settings: Record<string, string>) =>
	decode(bytes, settings).readings.map((reading) => shown(reading, "energy_import"));

test("the envelope has the documented layout", () => {
	const bytes = Buffer.from(sealed(AK)).toString("hex").toUpperCase();
	const length = (TELEGRAM.length + 17).toString(16).toUpperCase().padStart(4, "0");
	expect(bytes.startsWith(`DB08${TITLE}82${length}300005A8E3`)).toBe(true);
});

test("opens with both keys, with Luxembourg's public authentication key unset, and by CRC where none fits", () => {
	expect(energy(sealed(AK), { encryptionKey: EK, authenticationKey: AK })).toEqual(["25.653 kWh"]);
	expect(energy(sealed(LUXEMBOURG_AK), { encryptionKey: EK })).toEqual(["25.653 kWh"]);
	expect(energy(sealed(AK), { encryptionKey: EK })).toEqual(["25.653 kWh"]);
});

test("says that a key is needed, and that a key is wrong, with the system title and no key", () => {
	expect(decode(sealed(AK)).rejections).toEqual([
		{ rejected: true, layer: "p1", code: "key-needed", offset: 0, detail: TITLE },
	]);
	const wrong: Record<string, string>[] = [
		{ encryptionKey: AK },
		{ encryptionKey: AK, authenticationKey: AK },
		{ encryptionKey: EK, authenticationKey: EK },
	];
	for (const settings of wrong) {
		const { readings, rejections } = decode(sealed(AK), settings);
		expect(readings).toEqual([]);
		expect(rejections).toEqual([
			{ rejected: true, layer: "p1", code: "wrong-key", offset: 0, detail: TITLE },
		]);
	}
});

test("encryption without authentication (security 20) is read by the telegram's CRC", () => {
	const iv = hex(`${TITLE}00000001`);
	const text = cipher.sealGcm(hex(EK), iv, new Uint8Array(0), TELEGRAM).subarray(0, TELEGRAM.length);
	const head = Uint8Array.of(0xdb, 8, ...hex(TITLE), 5 + text.length, 0x20, 0, 0, 0, 1);
	expect(energy(joined(head, text), { encryptionKey: EK })).toEqual(["25.653 kWh"]);
	// Who has an authentication key set wants it used: otherwise clearing one bit would switch the check off.
	const { readings, rejections } = decode(joined(head, text), { encryptionKey: EK, authenticationKey: AK });
	expect(readings).toEqual([]);
	expect(rejections).toMatchObject([{ code: "not-authenticated", detail: TITLE }]);
});

test("a clear identification line, and an envelope without tag byte and title behind it (Poland)", () => {
	const inner = TELEGRAM.subarray(0);
	const iv = hex("000000000000000000000007");
	const aad = hex(`30${AK}`);
	const text = cipher.sealGcm(hex(EK), iv, aad, inner);
	const length = text.length + 5;
	const envelope = joined(Uint8Array.of(0, 0x82, length >> 8, length & 255, 0x30, 0, 0, 0, 7), text);
	const stream = joined(latin1("/KFM5MA304\r\n\r\n"), envelope, latin1("!\r\n"), TELEGRAM);
	expect(energy(stream, { encryptionKey: EK, authenticationKey: AK })).toEqual(["25.653 kWh", "25.653 kWh"]);
});

test("split anywhere, any bit flipped, cut anywhere: no other value, and the next envelope is read", () => {
	const envelope = sealed(AK);
	const settings = { encryptionKey: EK, authenticationKey: AK };
	for (let cut = 0; cut < envelope.length; cut++) {
		const whole = decode(envelope, settings, [cut]).readings;
		expect(whole.map((reading) => shown(reading, "energy_import"))).toEqual(["25.653 kWh"]);
		expect(energy(joined(envelope.subarray(0, cut), envelope), settings).at(-1)).toBe("25.653 kWh");
	}
	for (let bit = 0; bit < envelope.length * 8; bit++) {
		const damaged = envelope.slice();
		damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
		expect([bit, ...energy(joined(damaged, envelope), settings)]).toEqual([bit, "25.653 kWh"]);
	}
});

test("an inner CRC that does not fit is rejected even when the tag does", () => {
	const edited = TELEGRAM.slice();
	edited[20] = (edited[20] as number) ^ 1;
	const { readings, rejections } = decode(sealed(AK, edited), { encryptionKey: EK, authenticationKey: AK });
	expect(readings).toEqual([]);
	expect(rejections).toMatchObject([{ layer: "p1", code: "crc" }]);
});

test("envelopes are found again in a line of text that noise began", () => {
	const stream = joined(latin1("/noise\r\nmore"), sealed(AK));
	expect(energy(stream, { encryptionKey: EK, authenticationKey: AK })).toEqual(["25.653 kWh"]);
});
