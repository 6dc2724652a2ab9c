// Ciphered messages at their edges: general-ciphering, authentication without encryption, none of both, damaged envelopes,
// counters of several meters, nonsense behind a right key. From IEC 62056-5-3, 9.2.7 and 9.3.5; sealed by OpenSSL here.

import { Ciphering } from "../../../protocols/dlms/ciphering.js";
import { dlms } from "../../../protocols/dlms/dlms.js";
import { sealed } from "../../../protocols/dlms/encode/frames.js";
import { framed, KAMSTRUP_10_S } from "./frames.js";
import { decode, hex, joined, nodeCipher, options, readings, rejections } from "./support.js";

const EK = "000102030405060708090A0B0C0D0E0F";
const AK = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
const TITLE = "4D4D4D0000BC614E";
const IC = "01234567";
const PLAIN = hex("0F40000000 00 02 01 11 05");
const IV = hex(`${TITLE}${IC}`);

function opening(authenticated = true, refuseReplay = false) {
	return new Ciphering({
		cipher: nodeCipher,
		encryptionKey: hex(EK),
		authenticationKey: authenticated ? hex(AK) : undefined,
		refuseReplay,
	});
}
/** Opened between other bytes, so that none of them may count. */
function opened(apdu: Uint8Array, ciphering = opening()) {
	const bytes = joined(hex("FFFFFF"), apdu, hex("FFFF"));
	return ciphering.open(bytes, 3, 3 + apdu.length);
}
const glo = (payload: Uint8Array, title = TITLE) =>
	joined(
		hex(`DB ${(title.length / 2).toString(16).padStart(2, "0")} ${title}`),
		Uint8Array.of(payload.length),
		payload,
	);
const payload = (control: string, ...rest: Uint8Array[]) => joined(hex(`${control} ${IC}`), ...rest);

describe("general-ciphering", () => {
	// transaction-id, originator, recipient, date-time, other-information: all of them are authenticated.
	const FIELDS = hex(`08 0000000000000001 08 ${TITLE} 08 4B414D0000000001 00 00`);
	const sealedWith = (keyInfo: string) => {
		const text = nodeCipher.sealGcm(hex(EK), IV, joined(hex(`30 ${AK}`), FIELDS), PLAIN);
		const body = payload("30", text);
		return joined(hex("DD"), FIELDS, hex(keyInfo), Uint8Array.of(body.length), body);
	};

	test.each(["00", "01 00 00", "01 00 01"])(
		"with key-info %s is opened, who sent it being the originator",
		(keyInfo) =>
			expect(opened(sealedWith(keyInfo))).toEqual({
				plaintext: PLAIN,
				authentic: true,
				systemTitle: hex(TITLE),
				counter: 0x01234567,
			}),
	);

	test("with a key that would have to be agreed on is refused", () => {
		expect(opened(sealedWith("01 02 00"))).toEqual({ code: "key-info", actual: 2 });
		expect(opened(sealedWith("01 01 00"))).toEqual({ code: "key-info", actual: 1 });
	});

	test("cut short is refused; with other information than was authenticated its tag is wrong", () => {
		const whole = sealedWith("00");
		for (let length = 1; length < whole.length; length++)
			expect(opening().open(whole.subarray(0, length), 0, length)).toHaveProperty("code");
		const changed = whole.slice();
		changed[3] = 1;
		expect(opened(changed)).toMatchObject({ code: "tag" });
	});
});

describe("what protects a message", () => {
	test("a tag without encryption: it is checked over the text", () => {
		const sealing = nodeCipher.sealGcm(hex(EK), IV, joined(hex(`10 ${AK}`), PLAIN), new Uint8Array(0));
		expect(opened(glo(payload("10", PLAIN, sealing)))).toMatchObject({ plaintext: PLAIN, authentic: true });
		const changed = PLAIN.slice();
		changed[9] = 6;
		expect(opened(glo(payload("10", changed, sealing)))).toEqual({ code: "tag", detail: TITLE });
		expect(opened(glo(payload("10", PLAIN, sealing)), opening(false))).toMatchObject({
			plaintext: PLAIN,
			authentic: false,
		});
	});

	test("nothing at all: the text stands there, and nobody vouches for it", () => {
		expect(opened(glo(payload("00", PLAIN)))).toMatchObject({ plaintext: PLAIN, authentic: false });
		expect(opened(glo(payload("00", hex("C401"))))).toMatchObject({
			plaintext: hex("C401"),
			authentic: false,
		});
	});

	test("encryption alone vouches for nothing either", () => {
		const text = nodeCipher.sealGcm(hex(EK), IV, new Uint8Array(0), PLAIN).subarray(0, PLAIN.length);
		expect(opened(glo(payload("20", text)))).toMatchObject({ plaintext: PLAIN, authentic: false });
	});

	test("general-ded-ciphering is opened as general-glo-ciphering is", () => {
		const apdu = glo(payload("00", PLAIN));
		apdu[0] = 0xdc;
		expect(opened(apdu)).toMatchObject({ plaintext: PLAIN });
		expect(readings(dlms.decodeFragment?.(apdu, options()) ?? [])).toHaveLength(1);
	});
});

describe("a damaged envelope", () => {
	test.each([
		[
			"another title's length",
			glo(payload("30", PLAIN), "4D4D4D0000BC61"),
			{ code: "title", expected: 8, actual: 7 },
		],
		["a title beyond its end", hex("DB 08 4D4D"), { code: "truncated" }],
		["no counter", glo(hex("30 012345")), { code: "truncated", expected: 5, actual: 4 }],
		["no room for its tag", glo(payload("30", new Uint8Array(11))), { code: "truncated", detail: TITLE }],
		[
			"a suite that nobody here can open",
			glo(payload("32", PLAIN)),
			{ code: "suite", actual: 2, detail: TITLE },
		],
		["the highest suite", glo(payload("2F", PLAIN)), { code: "suite", actual: 15, detail: TITLE }],
		["compression", glo(payload("A0", PLAIN)), { code: "compressed", detail: TITLE }],
	])("with %s is told as that", (_name, apdu, problem) => expect(opened(apdu)).toEqual(problem));

	test("with nothing but a tag it is empty, which is no notification", () =>
		expect(
			opened(glo(payload("30", nodeCipher.sealGcm(hex(EK), IV, hex(`30${AK}`), new Uint8Array(0))))),
		).toMatchObject({
			authentic: true,
			plaintext: new Uint8Array(0),
		}));
});

test("counters of four meters are remembered, the one that is known longest goes first", () => {
	const ciphering = opening(true, true);
	const accept = (meter: number, counter: number) =>
		ciphering.accept({
			systemTitle: hex(`4B414D000000000${meter}`),
			counter,
			plaintext: PLAIN,
			authentic: true,
		});
	const last = (meter: number) => {
		const problem = ciphering.open(glo(joined(hex("0000000000"), PLAIN), `4B414D000000000${meter}`), 0, 30);
		return "code" in problem ? problem.expected : 0;
	};
	for (const meter of [1, 2, 3, 4]) accept(meter, 10 * meter);
	accept(1, 5);
	expect([1, 2, 3, 4].map(last)).toEqual([11, 21, 31, 41]);
	accept(1, 15);
	accept(5, 50);
	expect([2, 3, 4, 5].map(last)).toEqual([21, 31, 41, 51]);
	expect(ciphering.open(glo(joined(hex("0000000000"), PLAIN), "4B414D0000000001"), 0, 30)).not.toHaveProperty(
		"code",
	);
});

describe("nonsense behind a key", () => {
	const seal = { cipher: nodeCipher, encryptionKey: hex(EK), systemTitle: hex(TITLE), invocationCounter: 1 };
	const nonsense = hex("0F40000000 00 07 01");
	test("means another key where no tag was checked", () => {
		const [problem] = rejections(
			decode(joined(hex("00"), framed(sealed(nonsense, seal))), { encryptionKey: EK }),
		);
		expect(problem).toEqual({
			rejected: true,
			layer: "ciphering",
			code: "wrong-key",
			offset: 1,
			detail: TITLE,
		});
	});

	test("is the meter's own where one was", () => {
		const keys = { encryptionKey: EK, authenticationKey: AK };
		const bytes = framed(sealed(nonsense, { ...seal, authenticationKey: hex(AK) }));
		expect(rejections(decode(bytes, keys))).toMatchObject([{ layer: "apdu", code: "type" }]);
	});

	test("raises no counter", () => {
		const keys = { encryptionKey: EK, authenticationKey: AK, refuseReplay: true };
		const both = { ...seal, authenticationKey: hex(AK) };
		const bytes = joined(
			framed(sealed(nonsense, { ...both, invocationCounter: 9 })),
			framed(sealed(KAMSTRUP_10_S, { ...both, invocationCounter: 5 })),
		);
		expect(readings(decode(bytes, keys))).toHaveLength(1);
	});
});

test("a meter whose list does not name its maker has the one of its system title", () => {
	const list = hex("0F40000000 00 02 01 11 05");
	const maker = (title: string) => {
		const apdu = sealed(list, {
			cipher: nodeCipher,
			encryptionKey: hex(EK),
			systemTitle: hex(title),
			invocationCounter: 1,
		});
		return readings(decode(framed(apdu), { encryptionKey: EK }))[0]?.meter.manufacturer;
	};
	expect([maker("4B414D0000000001"), maker("5151510000000001"), maker("0051510000000001")]).toEqual([
		"Kamstrup",
		"QQQ",
		undefined,
	]);
});

describe("a notification that is none", () => {
	const problem = (text: string) => rejections(decode(joined(hex("00"), framed(hex(text)))))[0];
	test.each([
		["C401", { layer: "apdu", code: "tag", expected: 0x0f, actual: 0xc4 }],
		["0F4000", { layer: "apdu", code: "truncated" }],
		["0F40000000 0B 00", { layer: "apdu", code: "date-time" }],
		["0F40000000 00 02 01 07", { layer: "apdu", code: "type", actual: 8 }],
		["0F40000000 00 02 02 11 01", { layer: "apdu", code: "truncated", actual: 10 }],
		["0F40000000 00 02 01 11 01 00", { layer: "apdu", code: "trailing", expected: 10, actual: 11 }],
		["0F40000000 00 02 00", { layer: "list", code: "empty" }],
	])("%s", (text, facts) => expect(problem(text)).toEqual({ rejected: true, offset: 1, ...facts }));
});
