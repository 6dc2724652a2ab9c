// A TLS 1.2 server that is written out step by step (RFC 5246, ECDHE on P-256 with AES-128-GCM), so that it can break one
// rule at a time. Without a trick it is a right one, which OpenSSL talks to as well. For tests only.

import {
	constants,
	createCipheriv,
	createDecipheriv,
	createECDH,
	createHash,
	createHmac,
	createPrivateKey,
	privateEncrypt,
	randomBytes,
	sign,
} from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Pair } from "./certificates";

/** What it does wrong; "none" and "splits", which cuts messages into records of one byte, are right. */
export const TRICKS = [
	"none",
	"splits",
	"rsaPadding",
	"ecdsaZero",
	"ecdsaOrder",
	"otherSignature",
	"offCurve",
	"otherOrder",
	"certificateTwice",
	"earlyChange",
	"noKeyExchange",
	"earlyData",
	"badFinished",
	"plainFinished",
	"olderVersion",
	"otherSuite",
	"otherExtension",
	"compression",
	"longRecord",
	"longMessage",
	"changedData",
	"repeatedData",
	"longData",
	"negotiatesAgain",
] as const;
export type Trick = (typeof TRICKS)[number];

const ALERT = 21;
const HANDSHAKE = 22;
const CHANGE = 20;
const DATA = 23;
const BODY_LENGTH = 5000;
const P256_ORDER = "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

const uint = (value: number, size: number) => Buffer.from(value.toString(16).padStart(2 * size, "0"), "hex");
const sized = (size: number, bytes: Buffer) => Buffer.concat([uint(bytes.length, size), bytes]);
const hmac = (key: Buffer, bytes: Buffer) => createHmac("sha256", key).update(bytes).digest();

/** RFC 5246, 5. */
function prf(secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
	const start = Buffer.concat([Buffer.from(label), seed]);
	let link = start;
	let result: Buffer = Buffer.alloc(0);
	while (result.length < length) {
		link = hmac(secret, link);
		result = Buffer.concat([result, hmac(secret, Buffer.concat([link, start]))]);
	}
	return result.subarray(0, length);
}

export function hostileTls(trick: Trick, pair: Pair): Server {
	return createServer((socket) => {
		socket.on("error", () => {});
		serve(socket, trick, pair);
	});
}

function serve(socket: Socket, trick: Trick, { certificate, key }: Pair): void {
	const isElliptic = createPrivateKey(key).asymmetricKeyType === "ec";
	const mine = createECDH("prime256v1");
	const serverRandom = randomBytes(32);
	let clientRandom: Buffer = Buffer.alloc(0);
	let transcript: Buffer = Buffer.alloc(0);
	let master: Buffer = Buffer.alloc(0);
	let keys: Buffer = Buffer.alloc(0);
	let [opened, sealed] = [0, 0];
	let isChanged = false;
	let heard = 0;
	let input: Buffer = Buffer.alloc(0);

	const record = (type: number, inside: Buffer, length = inside.length) =>
		socket.write(Buffer.concat([Buffer.from([type, 3, 3]), uint(length, 2), inside]));
	const message = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type]), sized(3, body)]);
	const say = (type: number, body: Buffer) => {
		const bytes = message(type, body);
		transcript = Buffer.concat([transcript, bytes]);
		if (trick !== "splits") record(HANDSHAKE, bytes);
		else for (const byte of bytes) record(HANDSHAKE, Buffer.from([byte]));
	};
	const about = (number: number, type: number, length: number) =>
		Buffer.concat([uint(number, 8), Buffer.from([type, 3, 3]), uint(length, 2)]);
	const seal = (type: number, plain: Buffer, change = 0) => {
		const nonce = uint(sealed, 8);
		const iv = Buffer.concat([keys.subarray(36, 40), nonce]);
		const cipher = createCipheriv("aes-128-gcm", keys.subarray(16, 32), iv);
		cipher.setAAD(about(sealed++, type, plain.length));
		const inside = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
		inside[8] = (inside[8] as number) ^ change;
		record(type, inside);
		return inside;
	};
	const open = (type: number, inside: Buffer) => {
		const iv = Buffer.concat([keys.subarray(32, 36), inside.subarray(0, 8)]);
		const decipher = createDecipheriv("aes-128-gcm", keys.subarray(0, 16), iv);
		decipher.setAAD(about(opened++, type, inside.length - 24));
		decipher.setAuthTag(inside.subarray(-16));
		return Buffer.concat([decipher.update(inside.subarray(8, -16)), decipher.final()]);
	};
	const proof = (label: string) => prf(master, label, createHash("sha256").update(transcript).digest(), 12);

	function flight(): void {
		if (trick === "longRecord") return void record(HANDSHAKE, Buffer.alloc(16_385));
		if (trick === "longMessage") return void record(HANDSHAKE, Buffer.from([2, 0x20, 0, 0]));
		// Renegotiation is known (RFC 5746); ALPN (RFC 7301) is what nobody has asked for.
		const extensions = Buffer.from(
			trick === "otherExtension" ? "ff01000100001000050003026832" : "ff01000100",
			"hex",
		);
		const version = trick === "olderVersion" ? 0x0302 : 0x0303;
		const suite = trick === "otherSuite" ? 0x003c : isElliptic ? 0xc02b : 0xc02f;
		const compression = trick === "compression" ? 1 : 0;
		const hello = [uint(version, 2), serverRandom, Buffer.from([0]), uint(suite, 2), uint(compression, 1)];
		say(2, Buffer.concat([...hello, sized(2, extensions)]));
		const chain = certificate
			.split("-----BEGIN CERTIFICATE-----")
			.slice(1)
			.map((text) => sized(3, Buffer.from(text.split("-----")[0] as string, "base64")));
		if (trick === "earlyChange") record(CHANGE, Buffer.from([1]));
		if (trick === "earlyData") record(DATA, Buffer.from("HTTP/1.1 200 OK\r\n\r\n"));
		say(11, sized(3, Buffer.concat(chain)));
		if (trick === "certificateTwice") say(11, sized(3, Buffer.concat(chain)));
		const point = mine.generateKeys();
		if (trick === "offCurve") point[64] = (point[64] as number) ^ 1;
		const params = Buffer.concat([Buffer.from([3, 0, 23]), sized(1, point)]);
		const exchange = () =>
			say(12, Buffer.concat([params, Buffer.from([4, isElliptic ? 3 : 1]), sized(2, signature(params))]));
		if (trick !== "otherOrder" && trick !== "noKeyExchange") exchange();
		say(14, Buffer.alloc(0));
		if (trick === "otherOrder") exchange();
	}

	function signature(params: Buffer): Buffer {
		const claim = Buffer.concat([clientRandom, serverRandom, params]);
		if (trick === "ecdsaZero") return Buffer.from("3006020100020100", "hex");
		const digest = createHash("sha256").update(claim).digest();
		if (trick === "ecdsaOrder") {
			// s = n, where s = 0 is forbidden and the remainder is the same.
			return Buffer.from(`3026020101${"0221"}${P256_ORDER}`, "hex");
		}
		if (trick === "rsaPadding") {
			// Too little padding, and rubbish behind the digest (Bleichenbacher, 2006).
			const info = Buffer.from("3031300d060960864801650304020105000420", "hex");
			const start = Buffer.concat([Buffer.from("0001ffffffffffffffff00", "hex"), info, digest]);
			const block = Buffer.concat([start, Buffer.alloc(256 - start.length, 0x55)]);
			return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
		}
		if (trick === "otherSignature") return sign("sha256", Buffer.concat([claim, claim]), key);
		return sign("sha256", claim, key);
	}

	function agreed(body: Buffer): void {
		const secret = mine.computeSecret(body.subarray(1));
		master = prf(secret, "master secret", Buffer.concat([clientRandom, serverRandom]), 48);
		keys = prf(master, "key expansion", Buffer.concat([serverRandom, clientRandom]), 40);
	}

	function finish(plain: Buffer): void {
		// The client's proof is checked here, too.
		if (!plain.equals(message(20, proof("client finished")))) return void socket.destroy();
		transcript = Buffer.concat([transcript, plain]);
		const verify = proof("server finished");
		if (trick === "badFinished") verify[11] = (verify[11] as number) ^ 1;
		if (trick === "plainFinished") return void record(HANDSHAKE, message(20, verify));
		record(CHANGE, Buffer.from([1]));
		seal(HANDSHAKE, message(20, verify));
	}

	function data(plain: Buffer): void {
		heard += plain.length;
		const head = plain.indexOf("\r\n\r\n");
		if (head >= 0) heard = plain.length - head - 4;
		if (heard < BODY_LENGTH) return;
		const text = `{"length":${heard}}`;
		const [start, end] = [
			Buffer.from("HTTP/1.1 200 OK\r\n"),
			Buffer.from(`content-length: ${text.length}\r\n\r\n${text}`),
		];
		if (trick === "negotiatesAgain") seal(HANDSHAKE, message(0, Buffer.alloc(0)));
		if (trick === "longData") seal(DATA, Buffer.alloc(16_385));
		const first = seal(DATA, start, trick === "changedData" ? 1 : 0);
		if (trick === "repeatedData") record(DATA, first);
		else seal(DATA, end);
	}

	function take(type: number, inside: Buffer): void {
		if (type === ALERT) return void socket.destroy();
		if (type === CHANGE) {
			isChanged = true;
			return;
		}
		if (isChanged) {
			const plain = open(type, inside);
			if (type === HANDSHAKE) finish(plain);
			else if (type === DATA) data(plain);
			else socket.destroy();
			return;
		}
		transcript = Buffer.concat([transcript, inside]);
		if (inside[0] === 1) {
			clientRandom = inside.subarray(6, 38);
			flight();
		} else if (inside[0] === 16) agreed(inside.subarray(4));
	}

	socket.on("data", (bytes: Buffer) => {
		input = Buffer.concat([input, bytes]);
		while (input.length >= 5 && input.length >= 5 + input.readUInt16BE(3)) {
			const end = 5 + input.readUInt16BE(3);
			const inside = input.subarray(5, end);
			const type = input[0] as number;
			input = input.subarray(end);
			try {
				take(type, inside);
			} catch {
				socket.destroy();
			}
		}
	});
}
