// TLS of `request` and `connectMqtt`: real servers with good and bad certificates. That the words say which.

import { network } from "../../../hardware/network.js";
import { TlsProblem } from "../../../hardware/tls/problems.js";
import { MqttOperation, type TlsOptions } from "../../../outputs/network.js";
import type { Trick } from "../hostile-tls.js";
import type { HttpsServer, MosquittoListener, TlsSurroundings } from "../servers.js";
import { bytesOf, differs, textOf } from "./bytes.js";
import type { ConformanceCase, Surroundings } from "./conformance.js";

type Options = (tls: TlsSurroundings) => TlsOptions;

const ownCa: Options = ({ ca }) => ({ ca });
const withClient: Options = ({ ca, client }) => ({
	ca,
	certificate: client.certificate,
	privateKey: client.key,
});
const withOtherClient: Options = ({ ca, clientOfOtherCa }) => ({
	ca,
	certificate: clientOfOtherCa.certificate,
	privateKey: clientOfOtherCa.key,
});

const IN_TIME_MS = 4000;
const ON_NODE = "process" in globalThis;
/** How the port's number is left out of what is compared. */
const SILENT = "localhost:# does not answer with TLS";
/** Node's TLS is let go by the server, which sees what was changed. */
const NO_ANSWER = "the server closed the connection before its answer";

/** Asks an HTTPS server; `expected` undefined: it answers, else the problem, or one of several. */
function https(
	name: string,
	server: HttpsServer | "silent" | "unsigned" | "http",
	tls: Options,
	expected: readonly string[] = [],
	host = "localhost",
	timeout = IN_TIME_MS,
): ConformanceCase {
	return {
		name: `tls: https: ${name}`,
		run(world, done) {
			const { silent, unsigned, https } = world.tls;
			const port = { ...https, silent, unsigned, http: world.http }[server];
			network.request({
				...{ method: "POST", host, port, path: "/echo", headers: [], timeout, tls: tls(world.tls) },
				body: [bytesOf("x".repeat(5000))],
				onEnd({ status, problem, text }) {
					if (expected.length > 0)
						return done(
							expected.includes((problem ?? "").replace(`:${port} `, ":# "))
								? differs("the status", status, 0)
								: `the problem is ${problem} (${status}), not ${expected[0]}`,
						);
					done(
						differs("the problem", problem, undefined) ??
							differs("the status", status, 200) ??
							differs("the length", text.indexOf('"length":5000') > 0, true),
					);
				},
			});
		},
	};
}

/** Asks a server that breaks a rule: on the device's own TLS in these words, Node's OpenSSL has others. */
function hostile(name: string, trick: Trick, expected?: string): ConformanceCase {
	return {
		name: `tls: hostile: ${name}`,
		run(world, done) {
			const { ca, ellipticCa, hostile } = world.tls;
			network.request({
				...{
					method: "POST",
					host: "localhost",
					port: hostile[trick],
					path: "/",
					headers: [],
					timeout: IN_TIME_MS,
				},
				tls: { ca: trick.startsWith("ecdsa") ? ellipticCa : ca },
				body: [bytesOf("x".repeat(5000))],
				onEnd({ status, problem }) {
					if (expected === undefined) done(problem ?? differs("the status", status, 200));
					else if (ON_NODE) done(problem === undefined ? "it has an answer" : undefined);
					else done(differs("the problem", problem, expected));
				},
			});
		},
	};
}

interface Login {
	readonly user?: string;
	readonly password?: string;
}

/** Subscribes and publishes at mosquitto; `expected`: the problem instead. */
function mosquitto(
	name: string,
	listener: MosquittoListener,
	tls: Options,
	expected?: string,
	login: Login = {},
): ConformanceCase {
	return {
		name: `tls: mosquitto: ${name}`,
		run(world: Surroundings, done) {
			const port = world.tls.mosquitto?.[listener];
			// Without mosquitto there is nothing to check against.
			if (port === undefined) return done();
			const topic = `tls/${listener}`;
			const length = 9000;
			let left = 0;
			let heard = "";
			const client = network.connectMqtt({
				...{ host: "localhost", port, id: `tls-${Math.floor(Math.random() * 1e9)}`, keepAlive: 60_000 },
				...{ tls: tls(world.tls), ...(login.user === undefined ? undefined : { user: login.user }) },
				...(login.password === undefined ? undefined : { password: bytesOf(login.password) }),
				onControl({ operation }) {
					if (operation === MqttOperation.CONNACK) {
						if (expected !== undefined) return done(`connected, where "${expected}" was expected`);
						this.write(null, { operation: MqttOperation.SUBSCRIBE, items: [{ topic }] });
					}
					if (operation === MqttOperation.SUBACK) {
						left = length - 7;
						this.write(bytesOf("begins "), { topic, byteLength: length });
					}
				},
				onWritable(count) {
					const piece = Math.min(count, left);
					left -= piece;
					if (piece > 0) this.write(new Uint8Array(piece).fill(0x78));
				},
				onReadable(count) {
					heard += textOf(this.read(count) ?? new ArrayBuffer(0));
					if (heard.length < length) return;
					client.close();
					done(
						differs("the length", heard.length, length) ??
							differs("its start", heard.slice(0, 8), "begins x"),
					);
				},
				onError: (reason) =>
					done(expected === undefined ? `${reason}` : differs("the reason", reason, expected)),
			});
		},
	};
}

const { BROKEN, FAULT, FORGED, VERSION } = TlsProblem;
const { EXPIRED, NAME, UNKNOWN_CA, WANTED, REFUSED, NOT_TLS, CA, CERTIFICATE, KEY, PAIR } = TlsProblem;

/** The device trusts no public roots of its own: it says that instead. */
const NOT_PUBLIC = [UNKNOWN_CA, TlsProblem.NO_ROOTS];

export const tlsCases: readonly ConformanceCase[] = [
	https("own CA, by name", "good", ownCa),
	https("own CA, by address", "good", ownCa, [], "127.0.0.1"),
	https("a session again after the first", "good", ownCa),
	https("an intermediate CA is sent along", "chained", ownCa),
	https("keys on P-256", "elliptic", ({ ellipticCa }) => ({ ca: ellipticCa })),
	https("the certificate has expired", "expired", ownCa, [EXPIRED]),
	https("the certificate names another host", "otherName", ownCa, [NAME]),
	https("the certificate names another address", "otherName", ownCa, [NAME], "127.0.0.1"),
	https("the certificate is of another CA", "ofOtherCa", ownCa, [UNKNOWN_CA]),
	https("no own CA: public roots do not vouch for it", "good", () => ({}), NOT_PUBLIC),
	https("a certificate signed by itself is its own CA", "selfSigned", ({ selfSigned }) => ({
		ca: selfSigned,
	})),
	https("a certificate signed by itself, and another CA", "selfSigned", ownCa, [UNKNOWN_CA]),
	https("by an intermediate that is no CA", "byServer", ownCa, [UNKNOWN_CA]),
	https("a forged certificate before a good one", "forged", ownCa, [UNKNOWN_CA, TlsProblem.BROKEN]),
	https("a key exchange without signature", "unsigned", ownCa, [TlsProblem.BROKEN, NO_ANSWER]),
	https("the server wants a client certificate, and there is none", "wantsCertificate", ownCa, [WANTED]),
	https("the client certificate is taken", "wantsCertificate", withClient),
	https("the client certificate is of another CA", "wantsCertificate", withOtherClient, [REFUSED, NO_ANSWER]),
	https("the server does not speak TLS", "http", ownCa, [NOT_TLS]),
	https("the server accepts and never answers", "silent", ownCa, [SILENT], "localhost", 400),
	https("the CA is no certificate", "good", () => ({ ca: "hello" }), [CA]),
	https("the CA is cut", "good", ({ ca }) => ({ ca: ca.slice(0, 500) }), [CA]),
	https("the client certificate is none", "good", ({ ca }) => ({ ca, certificate: "x", privateKey: "y" }), [
		CERTIFICATE,
	]),
	https(
		"the client's key is none",
		"good",
		({ ca, client }) => ({ ca, certificate: client.certificate, privateKey: "y" }),
		[KEY],
	),
	https(
		"the client's key is another one",
		"good",
		({ ca, client, clientOfOtherCa }) => ({
			...{ ca, certificate: client.certificate, privateKey: clientOfOtherCa.key },
		}),
		[KEY],
	),
	https(
		"the client's key is missing",
		"good",
		({ ca, client }) => ({ ca, certificate: client.certificate }),
		[PAIR],
	),
	hostile("none at all: the scripted server is a right one", "none"),
	hostile("messages in records of one byte each", "splits"),
	hostile("RSA: short padding, and rubbish behind the digest", "rsaPadding", BROKEN),
	hostile("RSA: the signature of something else", "otherSignature", BROKEN),
	hostile("ECDSA: r and s are 0", "ecdsaZero", BROKEN),
	hostile("ECDSA: s is the order of the curve", "ecdsaOrder", BROKEN),
	hostile("ECDH: the point is not on the curve", "offCurve", BROKEN),
	hostile("the key exchange comes behind the end of the hello", "otherOrder", FAULT),
	hostile("there is no key exchange", "noKeyExchange", FAULT),
	hostile("the certificate comes twice", "certificateTwice", FAULT),
	hostile("ciphers change before keys are agreed on", "earlyChange", FAULT),
	hostile("data comes before hands are shaken", "earlyData", FAULT),
	hostile("the proof at the end is wrong", "badFinished", FORGED),
	hostile("the proof at the end is not encrypted", "plainFinished", FAULT),
	hostile("an older version of TLS", "olderVersion", VERSION),
	hostile("a cipher that was not offered", "otherSuite", VERSION),
	hostile("an extension that was not offered", "otherExtension", FAULT),
	hostile("compression", "compression", FAULT),
	hostile("a record that is too long", "longRecord", FAULT),
	hostile("a message that is too long", "longMessage", FAULT),
	hostile("a record was changed on the way", "changedData", FORGED),
	hostile("a record comes twice", "repeatedData", FORGED),
	hostile("a sealed record that is too long", "longData", FAULT),
	...(ON_NODE ? [] : [hostile("the server wants to negotiate again", "negotiatesAgain", FAULT)]),
	mosquitto("own CA; 9000 bytes there and back", "good", ownCa),
	mosquitto("user and password", "password", ownCa, undefined, {
		user: "meter",
		password: "open sesame",
	}),
	mosquitto("wrong password", "password", ownCa, "not authorised", { user: "meter", password: "x" }),
	mosquitto("client certificate", "wantsCertificate", withClient),
	mosquitto("client certificate wanted, and there is none", "wantsCertificate", ownCa, WANTED),
	mosquitto("client certificate of another CA", "wantsCertificate", withOtherClient, REFUSED),
	mosquitto("expired", "expired", ownCa, EXPIRED),
	mosquitto("another name", "otherName", ownCa, NAME),
	mosquitto("unknown CA", "good", ({ otherCa }) => ({ ca: otherCa }), UNKNOWN_CA),
];
