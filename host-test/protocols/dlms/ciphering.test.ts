// General-glo-ciphering (IEC 62056-5-3; PROTOCOLS.md 5.4): the Green Book's vector, security control 20, 21 and 30,
// with and without authentication key, wrong keys, replay.

import { Ciphering } from "../../../protocols/dlms/ciphering.js";
import { dlms } from "../../../protocols/dlms/dlms.js";
import { sealed } from "../../../protocols/dlms/encode/frames.js";
import { framed, KAMSTRUP_10_S, KAMSTRUP_HOURLY } from "./frames.js";
import { decode, hex, joined, nodeCipher, options, readings, rejections, valueOf } from "./support.js";

const EK = "000102030405060708090A0B0C0D0E0F";
const AK = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
const TITLE = hex("4D4D4D0000BC614E");
const sealing = {
	cipher: nodeCipher,
	encryptionKey: hex(EK),
	authenticationKey: hex(AK),
	systemTitle: TITLE,
	invocationCounter: 0x01234567,
};

describe("the Green Book's vector", () => {
	const plaintext = hex("C0010000080000010000FF0200");
	const ciphered = hex(
		"DB 08 4D4D4D0000BC614E 1E 30 01234567 411312FF935A47566827C467BC 7D825C3BE4A77C3FCC056B6B",
	);

	it("is what the encoder seals", () => {
		expect(sealed(plaintext, sealing)).toEqual(ciphered);
	});

	it("opens, tag checked", () => {
		const ciphering = new Ciphering({
			cipher: nodeCipher,
			encryptionKey: hex(EK),
			authenticationKey: hex(AK),
			refuseReplay: false,
		});
		expect(ciphering.open(ciphered, 0, ciphered.length)).toMatchObject({
			plaintext,
			authentic: true,
			counter: 0x01234567,
			systemTitle: TITLE,
		});
	});
});

const keys = { encryptionKey: EK, authenticationKey: AK };
const powers = (bytes: Uint8Array, settings = {}) =>
	readings(decode(bytes, settings)).map((reading) => valueOf(reading, "power_import"));
const problem = (bytes: Uint8Array, settings = {}) => {
	const actions = decode(bytes, settings);
	expect(readings(actions)).toEqual([]);
	return rejections(actions);
};

describe("a sealed list", () => {
	const authenticated = framed(sealed(KAMSTRUP_10_S, sealing));
	const { authenticationKey, ...encryption } = sealing;
	const encrypted = framed(sealed(KAMSTRUP_10_S, encryption));
	const suite1 = framed(sealed(KAMSTRUP_10_S, { ...encryption, suite: 1 }));
	const detail = "4D4D4D0000BC614E";

	it("is read with both keys, and with the encryption key alone", () => {
		expect(authenticationKey).toHaveLength(16);
		expect(powers(authenticated, keys)).toEqual(["3771 W"]);
		expect(powers(authenticated, { encryptionKey: EK })).toEqual(["3771 W"]);
	});

	it("is read with security control 20 and 21, which have no tag", () => {
		expect(encrypted[23]).toBe(0x20);
		expect(suite1[23]).toBe(0x21);
		expect(powers(encrypted, keys)).toEqual(["3771 W"]);
		expect(powers(suite1, { encryptionKey: EK })).toEqual(["3771 W"]);
	});

	it("asks for a key, naming the system title, where there is none", () => {
		expect(problem(authenticated)).toMatchObject([{ layer: "ciphering", code: "key-needed", detail }]);
		expect(problem(encrypted)).toMatchObject([{ layer: "ciphering", code: "key-needed", detail }]);
	});

	it("says that a key is wrong, and never shows it", () => {
		const encryptionKey = "000102030405060708090A0B0C0D0E10";
		for (const settings of [{ encryptionKey }, { encryptionKey, authenticationKey: AK }]) {
			for (const bytes of [authenticated, encrypted]) {
				const rejected = problem(bytes, settings);
				expect(rejected).toMatchObject([{ layer: "ciphering", code: "wrong-key", detail }]);
				expect(JSON.stringify(rejected)).not.toContain(encryptionKey);
			}
		}
	});

	it("says that the tag does not fit where only the authentication key is wrong", () => {
		expect(problem(authenticated, { encryptionKey: EK, authenticationKey: EK })).toMatchObject([
			{ layer: "ciphering", code: "tag", detail },
		]);
	});

	it("is refused where a byte was changed behind the tag's back", () => {
		const apdu = sealed(KAMSTRUP_10_S, sealing);
		apdu[100] = (apdu[100] as number) ^ 1;
		expect(problem(framed(apdu), keys)).toMatchObject([{ code: "tag" }]);
	});

	it("is refused with a suite or compression that nobody here can open", () => {
		for (const [control, code] of [
			[0x32, "suite"],
			[0xb0, "compressed"],
		] as const) {
			const apdu = sealed(KAMSTRUP_10_S, sealing);
			apdu[12] = control;
			expect(problem(framed(apdu), keys)).toMatchObject([{ layer: "ciphering", code, detail }]);
		}
	});

	it("is refused, not misread, cut anywhere", () => {
		const apdu = sealed(KAMSTRUP_10_S, sealing);
		for (let end = 1; end < apdu.length; end++)
			for (const actions of [
				dlms.decodeFragment?.(apdu.subarray(0, end), options(keys)),
				dlms.decodeFragment?.(apdu.subarray(0, end), options({ encryptionKey: EK })),
			])
				expect(readings(actions ?? [])).toEqual([]);
	});
});

describe("the invocation counter", () => {
	const message = (invocationCounter: number, apdu = KAMSTRUP_10_S) =>
		framed(sealed(apdu, { ...sealing, invocationCounter }));

	it("may stand still or fall by default", () => {
		expect(powers(joined(message(5), message(5), message(4)), keys)).toHaveLength(3);
	});

	it("must grow where replays are refused", () => {
		const actions = decode(joined(message(5), message(5), message(4), message(6, KAMSTRUP_HOURLY)), {
			...keys,
			refuseReplay: true,
		});
		expect(readings(actions).map((reading) => valueOf(reading, "power_import"))).toEqual([
			"3771 W",
			"10050 W",
		]);
		expect(rejections(actions)).toMatchObject([
			{ code: "replay", expected: 6, actual: 5 },
			{ code: "replay", expected: 6, actual: 4 },
		]);
	});

	it("is not raised by a message that is refused", () => {
		const forged = sealed(KAMSTRUP_10_S, { ...sealing, invocationCounter: 900 });
		forged[60] = (forged[60] as number) ^ 0x40;
		const actions = decode(joined(message(5), framed(forged), message(6)), { ...keys, refuseReplay: true });
		expect(readings(actions)).toHaveLength(2);
	});

	it("is kept for each system title", () => {
		const other = framed(
			sealed(KAMSTRUP_10_S, { ...sealing, systemTitle: hex("4B414D4501349083"), invocationCounter: 1 }),
		);
		expect(powers(joined(message(5), other, message(6)), { ...keys, refuseReplay: true })).toHaveLength(3);
	});
});
