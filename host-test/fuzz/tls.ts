// What a TLS server may send: certificates as they are, and the flight of a handshake in records, behind a client whose
// random bytes are always the same, so that a right flight can be made beforehand. Nothing escapes but what TLS's own
// words say, and nothing is trusted that should not be. The arithmetic of curves, which is the SDK's C, is not in it.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { decoded, isNamed, isTrusted } from "../../hardware/tls/certificates.js";
import { Handshake } from "../../hardware/tls/handshake.js";
import { TlsProblem } from "../../hardware/tls/problems.js";

import { check, fromHex, latin1, type Target, withOptions } from "./target.js";

const HOST = "broker.example";
const WORDS: readonly string[] = Object.values(TlsProblem);
/** Client random in the ClientHello: what `randomBytes` of the fuzzer's crypto-native gives. */
const CLIENT_RANDOM = new Uint8Array(32).fill(0x11);
const SERVER_RANDOM = new Uint8Array(32).fill(0x22);

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const sized = (size: number, bytes: Uint8Array) =>
	joined(
		Uint8Array.from({ length: size }, (_, at) => bytes.length >> (8 * (size - 1 - at))),
		bytes,
	);
const message = (type: number, body: Uint8Array) => joined(Uint8Array.of(type), sized(3, body));

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
	const inside = joined(...parts);
	const { length } = inside;
	const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return joined(Uint8Array.of(tag, ...head), inside);
}

const SHA256_RSA = der(0x30, fromHex("06092a864886f70d01010b0500"));
const NAME = der(0x30, der(0x31, der(0x30, fromHex("0603550403"), der(0x0c, latin1("fuzz")))));

/** A certificate for HOST that has issued itself (RFC 5280, 4.1). */
function certificate(key: KeyObject): Uint8Array {
	const names = der(0x30, der(0x82, latin1(HOST)), der(0x87, Uint8Array.of(192, 168, 1, 2)));
	const constraints = der(0x30, fromHex("0101ff020101"));
	const extension = (id: string, value: Uint8Array, critical = false) =>
		der(0x30, fromHex(id), ...(critical ? [fromHex("0101ff")] : []), der(0x04, value));
	const tbs = der(
		0x30,
		fromHex("a003020102020107"),
		SHA256_RSA,
		NAME,
		der(0x30, der(0x17, latin1("250101000000Z")), der(0x18, latin1("20990101000000Z"))),
		NAME,
		new Uint8Array(createPublicKey(key).export({ type: "spki", format: "der" })),
		der(
			0xa3,
			der(
				0x30,
				extension("0603551d11", names),
				extension("0603551d13", constraints, true),
				extension("0603551d25", der(0x30, fromHex("06082b06010505070301"))),
			),
		),
	);
	return der(0x30, tbs, SHA256_RSA, der(0x03, Uint8Array.of(0), new Uint8Array(sign("sha256", tbs, key))));
}

let made: { readonly key: KeyObject; readonly bytes: Uint8Array } | undefined;
function server() {
	made ??= (() => {
		const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const key = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
		return { key, bytes: certificate(key) };
	})();
	return made;
}

/** ServerHello, Certificate, ServerKeyExchange, CertificateRequest, ServerHelloDone. */
function flight(asks: boolean): Uint8Array {
	const { key, bytes } = server();
	const hello = joined(
		fromHex("0303"),
		SERVER_RANDOM,
		fromHex("00c02f00"),
		sized(2, fromHex("ff0100010000170000")),
	);
	const params = joined(fromHex("030017"), sized(1, fromHex(`04${POINT}`)));
	const signature = new Uint8Array(sign("sha256", joined(CLIENT_RANDOM, SERVER_RANDOM, params), key));
	return joined(
		message(2, hello),
		message(11, sized(3, sized(3, bytes))),
		message(12, joined(params, fromHex("0401"), sized(2, signature))),
		...(asks ? [message(13, joined(fromHex("0101"), sized(2, fromHex("0401")), fromHex("0000")))] : []),
		message(14, new Uint8Array(0)),
	);
}
/** A ServerHello with an extension that claims 64 KB. */
const CLAIMING = joined(fromHex("0303"), SERVER_RANDOM, fromHex("00c02f00"), sized(2, fromHex("0000ffff")));
/** P-256's generator (SEC 2, 2.4.2): a point that is on the curve. */
const POINT =
	"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
	"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/** Runs what may end with one of TLS's own words; true where it did not. */
function words(run: () => void): boolean {
	try {
		run();
		return true;
	} catch (error) {
		const { message: text } = error as Error;
		if (!WORDS.includes(text)) throw error;
		return false;
	}
}

const certificates: Target = {
	name: "tls-certificates",
	fleeting: true,
	longest: 2500,
	work: [3000, 60],
	words: [
		"\x30\x82\x01\x00",
		"\x02\x01\x00",
		"\x06\x03\x55\x1d\x13",
		"\x06\x03\x55\x1d\x0f",
		"\x03\x02\x02\x04",
		"\x01\x01\xff",
		"\x82\x0ebroker.example",
		"\x82\x09*.example",
		"\x87\x04\xc0\xa8\x01\x02",
		"\x17\x0d250101000000Z",
		"\x30\x80",
		"\x02\x84",
	],
	seeds: () => [server().bytes],
	run(input) {
		words(() => {
			const one = decoded(input);
			check(one.reach >= -1 && Number.isFinite(one.reach), `reaches ${one.reach}`);
			const { key } = one;
			if (key && !key.curve)
				check(key.size >= 256 && key.size <= 512 && key.exponent > 1n, "a key beyond all bounds");
			for (const host of [HOST, "www.example", "192.168.1.2", "."]) isNamed(one, host);
			// Only what is the anchor, or was signed by it, is trusted.
			const right = server().bytes;
			const same = input.length === right.length && input.every((byte, at) => byte === right[at]);
			words(() => {
				const trusted = isTrusted(one, 0, { anchors: [decoded(right)], own: [], key: undefined });
				check(!trusted || same, "a certificate is trusted that nobody has signed");
			});
		});
	},
};

const handshake: Target = {
	name: "tls-handshake",
	fleeting: true,
	longest: 4000,
	work: [6000, 200],
	words: [
		"\x02\x00\x00",
		"\x0b\x00",
		"\x0c\x00",
		"\x0d\x00\x00\x08",
		"\x0e\x00\x00\x00",
		"\x14\x00\x00\x0c",
		"\xc0\x2f\x00",
		"\xc0\x2b\x00",
		"\x00\x17\x00\x00",
		"\xff\x01\x00\x01\x00",
		"\x03\x00\x17\x41\x04",
		"\x04\x01\x01\x00",
	],
	seeds: () => [
		withOptions(0, flight(false)),
		withOptions(3, flight(true)),
		withOptions(15, message(2, CLAIMING)),
	],
	run(input) {
		const bytes = input.subarray(1);
		const { bytes: anchor } = server();
		const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(anchor).toString("base64")}\n-----END CERTIFICATE-----\n`;
		let sent = 0;
		const client = new Handshake(HOST, { ca: pem }, (_, piece) => {
			sent += piece.length;
		});
		client.begin();
		const size = 1 + ((input[0] ?? 0) & 15) * 200;
		words(() => {
			for (let at = 0; at < bytes.length; at += size) {
				client.take(bytes.slice(at, at + size));
				for (let step = 0; client.advance(); step++) check(step < 60, "steps without end");
			}
		});
		check(!client.isOpen, "open without the server's proof");
		check(sent < 2000, `${sent} bytes are sent`);
	},
};

export const TLS_TARGETS: readonly Target[] = [certificates, handshake];
