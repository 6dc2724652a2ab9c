// The client's side of a TLS 1.2 handshake: ECDHE with AES-128-GCM and SHA-256, always a new one. Takes one step at a
// time, a message or a computation of its own, so that the gateway's other work goes on in between. Message after message
// must come in its order; what was not offered is refused. Source: RFC 5246, 7.4; RFC 8422; RFC 7627 (extended master
// secret), RFC 5746 (nothing is renegotiated), RFC 6066 (server's name, shorter records).

import { Digest, randomBytes } from "crypto-native";
import type { TlsOptions } from "../../outputs/network.js";
import { fromHex } from "../../settings/hex.js";
import { equal, joined, sized, uint } from "./bytes.js";
import {
	addressOf,
	type Certificate,
	decoded,
	isNamed,
	issuerOf,
	isTrusted,
	type Trust,
	trustOf,
} from "./certificates.js";
import { fail, TlsProblem } from "./problems.js";
import { CHANGE_CIPHER_SPEC, derived, HANDSHAKE, RecordCipher } from "./records.js";
import * as keys from "./signatures.js";

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const KEY_EXCHANGE = 12;
const CERTIFICATE_REQUEST = 13;
const HELLO_DONE = 14;
const CERTIFICATE_VERIFY = 15;
const CLIENT_KEY_EXCHANGE = 16;
const FINISHED = 20;
/** Not a message is due but a step of its own, the server's change of ciphers, or nothing more. */
const CHECK_CHAIN = 101;
const CHECK_KEY = 102;
const SHOW_KEY = 103;
const AGREE = 104;
const SIGN = 105;
const FINISH = 106;
const CHANGE = 107;
const OPEN = 108;

const VERSION = 0x0303;
const RANDOM = 32;
const MOST_SESSION_ID = 32;
const MASTER = 48;
const KEY = 16;
const SALT = 4;
const VERIFY_DATA = 12;
const MESSAGE_HEADER = 4;
/** Of a message from the server, which is its certificates, and of their number. */
const MOST_MESSAGE = 12_288;
const MOST_CERTIFICATES = 6;

const ECDHE_RSA = 0xc02f;
const ECDHE_ECDSA = 0xc02b;
/** No session, these two suites, no compression. */
const OFFER = "000004c02fc02b0100";
const NAMED_CURVE = 3;

/** The curves of signatures.ts; points uncompressed; RSA and ECDSA with SHA-256, 384, 512; records of at most 4 KB. */
const EXTENSIONS =
	"000a000600040017" +
	"0018000b00020100" +
	"000d000e000c040104030501050306010603" +
	"0001000104" +
	"00170000ff01000100";
const SERVER_NAME = 0;
const SHORTER_RECORDS = 1;
const CURVES = 10;
const POINT_FORMATS = 11;
const EXTENDED_MASTER = 23;
const RENEGOTIATION = 0xff01;
const UP_TO_4096 = 4;

/** Sends the inside of a record; what comes behind a change of ciphers is to be sealed. */
type Send = (type: number, bytes: Uint8Array) => void;

export class Handshake {
	readonly #host: string;
	readonly #trust: Trust;
	readonly #send: Send;
	/** Of all messages so far. */
	readonly #digest = new Digest("SHA256");
	readonly #random = new Uint8Array(randomBytes(RANDOM));
	/** The type of the message that must come next, or a step. */
	#due = SERVER_HELLO;
	/** Of the server's messages, what is not taken yet. */
	#input = new Uint8Array(0);
	#serverRandom = new Uint8Array(0);
	/** How the server's certificate signs. */
	#by = 0;
	#isExtended = false;
	/** The server's certificates, which of them is checked, and the first. */
	#chain: readonly Uint8Array[] = [];
	#depth = 0;
	#link: Certificate | undefined;
	#server: Certificate | undefined;
	/** The server's point, on its curve; what it has signed, and how. */
	#curve: keys.Curve | undefined;
	#point: keys.Point | undefined;
	#claim = new Uint8Array(0);
	#signature = new Uint8Array(0);
	#hash = 0;
	#secret = 0n;
	#master = new Uint8Array(0);
	#isSigner = false;
	/** The server has asked for a client certificate. */
	wantsCertificate = false;
	/** Seals what is sent behind the change of ciphers. */
	sealer: RecordCipher | undefined;
	#opener: RecordCipher | undefined;

	/** Throws words where the options cannot be used. */
	constructor(host: string, tls: TlsOptions, send: Send) {
		this.#host = host;
		this.#trust = trustOf(tls);
		this.#send = send;
	}

	/** Both sides have shown that they know the keys. */
	get isOpen(): boolean {
		return this.#due === OPEN;
	}

	/** The server has answered. */
	get hasHeard(): boolean {
		return this.#due !== SERVER_HELLO;
	}

	/** There is a certificate to show. */
	get hasCertificate(): boolean {
		return this.#trust.key !== undefined;
	}

	begin(): void {
		const host = new Uint8Array(ArrayBuffer.fromString(this.#host));
		const name = addressOf(this.#host)
			? new Uint8Array(0)
			: joined(Uint8Array.of(0, 0), sized(2, sized(2, joined(Uint8Array.of(0), sized(2, host)))));
		this.#say(
			CLIENT_HELLO,
			joined(
				Uint8Array.of(VERSION >> 8, VERSION),
				this.#random,
				fromHex(OFFER) as Uint8Array,
				sized(2, joined(name, fromHex(EXTENSIONS) as Uint8Array)),
			),
		);
	}

	/** The inside of a record, behind what has come. */
	take(bytes: Uint8Array): void {
		this.#input = joined(this.#input, bytes);
	}

	/** The server has changed its ciphers: this one opens what comes now. */
	changed(): RecordCipher {
		if (this.#due !== CHANGE || this.#input.length > 0) fail(TlsProblem.FAULT);
		this.#due = FINISHED;
		return this.#opener as RecordCipher;
	}

	/** Takes one step; false where that waits for the server. Throws words where the server is not to be trusted. */
	advance(): boolean {
		const curve = this.#curve as keys.Curve;
		const server = this.#server as Certificate;
		switch (this.#due) {
			case CHECK_CHAIN:
				this.#checkLink();
				break;
			case CHECK_KEY: {
				const key = server.key as keys.PublicKey;
				if (!keys.isSigned(this.#claim, this.#signature, key, this.#hash, this.#by)) fail(TlsProblem.BROKEN);
				this.#due = HELLO_DONE;
				break;
			}
			case SHOW_KEY:
				this.#secret = keys.secretOf(curve);
				if (this.wantsCertificate) {
					const own = this.#isSigner ? this.#trust.own : [];
					this.#say(CERTIFICATE, sized(3, joined(...own.map(({ bytes }) => sized(3, bytes)))));
				}
				this.#say(CLIENT_KEY_EXCHANGE, sized(1, keys.shownPoint(curve, this.#secret)));
				this.#due = AGREE;
				break;
			case AGREE:
				this.#agree(keys.shared(curve, this.#secret, this.#point as keys.Point));
				this.#due = this.#isSigner ? SIGN : FINISH;
				break;
			case SIGN: {
				const signature = keys.signed(this.#hashed(), this.#trust.key as keys.PrivateKey);
				this.#say(CERTIFICATE_VERIFY, joined(Uint8Array.of(keys.SHA256, keys.BY_RSA), sized(2, signature)));
				this.#due = FINISH;
				break;
			}
			case FINISH:
				this.#send(CHANGE_CIPHER_SPEC, Uint8Array.of(1));
				this.#say(FINISHED, this.#proof("client finished"));
				this.#due = CHANGE;
				break;
			default:
				return this.#nextMessage();
		}
		return true;
	}

	#nextMessage(): boolean {
		const end = MESSAGE_HEADER + uint(this.#input, 1, 3);
		if (end > MOST_MESSAGE) fail(TlsProblem.FAULT);
		// NaN: not even the length is there.
		if (!(end <= this.#input.length)) return false;
		const message = this.#input.slice(0, end);
		this.#input = this.#input.slice(end);
		const type = message[0];
		const body = message.subarray(MESSAGE_HEADER);
		const isRequest = type === CERTIFICATE_REQUEST && this.#due === HELLO_DONE && !this.wantsCertificate;
		if (type !== this.#due && !isRequest) fail(TlsProblem.FAULT);
		if (type === FINISHED) {
			if (!equal(body, this.#proof("server finished"))) fail(TlsProblem.FORGED);
			this.#due = OPEN;
		}
		this.#digest.write(message);
		switch (type) {
			case SERVER_HELLO:
				this.#serverHello(body);
				break;
			case CERTIFICATE:
				this.#certificates(body);
				break;
			case KEY_EXCHANGE:
				this.#keyExchange(body);
				break;
			case CERTIFICATE_REQUEST:
				this.#request(body);
				break;
			case HELLO_DONE:
				if (body.length > 0) fail(TlsProblem.FAULT);
				this.#due = SHOW_KEY;
				break;
		}
		return true;
	}

	/** RFC 5246, 7.4.1.3. */
	#serverHello(body: Uint8Array): void {
		const session = body[2 + RANDOM] as number;
		const at = 2 + RANDOM + 1 + session;
		const suite = uint(body, at, 2);
		if (uint(body, 0, 2) !== VERSION || (suite !== ECDHE_RSA && suite !== ECDHE_ECDSA))
			fail(TlsProblem.VERSION);
		if (session > MOST_SESSION_ID || body[at + 2] !== 0) fail(TlsProblem.FAULT);
		this.#by = suite === ECDHE_RSA ? keys.BY_RSA : keys.BY_ECDSA;
		this.#serverRandom = body.slice(2, 2 + RANDOM);
		let next = at + 3;
		if (next < body.length) {
			next += 2;
			if (next + uint(body, next - 2, 2) !== body.length) fail(TlsProblem.FAULT);
		}
		while (next < body.length) {
			const type = uint(body, next, 2);
			const length = uint(body, next + 2, 2);
			next += 4 + length;
			// Only values of one byte are looked at.
			const value = body[next - 1];
			let isFine = type === SERVER_NAME || type === CURVES || type === POINT_FORMATS;
			if (type === EXTENDED_MASTER) isFine = this.#isExtended = length === 0;
			if (type === RENEGOTIATION) isFine = length === 1 && value === 0;
			if (type === SHORTER_RECORDS) isFine = length === 1 && value === UP_TO_4096;
			if (!isFine || !(next <= body.length)) fail(TlsProblem.FAULT);
		}
		this.#due = CERTIFICATE;
	}

	/** RFC 5246, 7.4.2. */
	#certificates(body: Uint8Array): void {
		const chain: Uint8Array[] = [];
		if (3 + uint(body, 0, 3) !== body.length) fail(TlsProblem.FAULT);
		for (let at = 3; at < body.length; ) {
			const from = at + 3;
			at = from + uint(body, at, 3);
			if (!(at <= body.length) || chain.length === MOST_CERTIFICATES) fail(TlsProblem.BROKEN);
			chain.push(body.subarray(from, at));
		}
		const server = decoded(chain[0] ?? fail(TlsProblem.BROKEN));
		const { key, serves } = server;
		if (!key || !serves || (key.curve ? keys.BY_ECDSA : keys.BY_RSA) !== this.#by) fail(TlsProblem.BROKEN);
		this.#chain = chain;
		this.#link = server;
		this.#server = server;
		this.#due = CHECK_CHAIN;
	}

	/** One signature of the chain. */
	#checkLink(): void {
		const link = this.#link as Certificate;
		if (!isTrusted(link, this.#depth, this.#trust)) {
			this.#link = issuerOf(link, this.#depth, this.#chain[this.#depth + 1]);
			this.#depth++;
			return;
		}
		if (!isNamed(this.#server as Certificate, this.#host)) fail(TlsProblem.NAME);
		this.#chain = [];
		this.#link = undefined;
		this.#due = KEY_EXCHANGE;
	}

	/** RFC 8422, 5.4. */
	#keyExchange(body: Uint8Array): void {
		const curve = keys.curveOf(uint(body, 1, 2));
		const at = 4 + (body[3] as number);
		if (body[0] !== NAMED_CURVE || !curve || at + 4 + uint(body, at + 2, 2) !== body.length)
			fail(TlsProblem.BROKEN);
		this.#curve = curve;
		this.#point = keys.pointOf(curve, body.subarray(4, at));
		this.#hash = body[at] as number;
		if (body[at + 1] !== this.#by) fail(TlsProblem.BROKEN);
		this.#claim = joined(this.#random, this.#serverRandom, body.subarray(0, at));
		this.#signature = body.slice(at + 4);
		this.#due = CHECK_KEY;
	}

	/** RFC 5246, 7.4.4: kinds of keys, algorithms, names of CAs. */
	#request(body: Uint8Array): void {
		const at = 1 + (body[0] as number);
		const end = at + 2 + uint(body, at, 2);
		if (end + 2 + uint(body, end, 2) !== body.length) fail(TlsProblem.FAULT);
		for (let each = at + 2; each < end; each += 2)
			if (body[each] === keys.SHA256 && body[each + 1] === keys.BY_RSA) this.#isSigner = this.hasCertificate;
		this.wantsCertificate = true;
	}

	/** RFC 5246, 8.1 and 6.3; RFC 7627, 4. */
	#agree(premaster: Uint8Array): void {
		const server = this.#serverRandom;
		const [label, seed] = this.#isExtended
			? ["extended master secret", this.#hashed()]
			: ["master secret", joined(this.#random, server)];
		this.#master = derived(premaster, label, seed, MASTER);
		const block = derived(this.#master, "key expansion", joined(server, this.#random), 2 * (KEY + SALT));
		const salts = block.subarray(2 * KEY);
		this.sealer = new RecordCipher(block.subarray(0, KEY), salts.subarray(0, SALT));
		this.#opener = new RecordCipher(block.subarray(KEY, 2 * KEY), salts.subarray(SALT));
		this.#secret = 0n;
	}

	/** RFC 5246, 7.4.9. */
	#proof(label: string): Uint8Array {
		return derived(this.#master, label, this.#hashed(), VERIFY_DATA);
	}

	#hashed(): Uint8Array {
		return new Uint8Array(this.#digest.result());
	}

	#say(type: number, body: Uint8Array): void {
		const message = joined(Uint8Array.of(type), sized(3, body));
		this.#digest.write(message);
		this.#send(HANDSHAKE, message);
	}
}
