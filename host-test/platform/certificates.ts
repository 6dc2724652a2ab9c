// Certificates for the tests of TLS, made by openssl: two CAs and what a server or a client may show.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Pair {
	/** PEM: the certificate, and what of its chain is sent with it. */
	readonly certificate: string;
	/** PEM, PKCS#8. */
	readonly key: string;
}

export interface Certificates {
	/** The CA that the tests trust. */
	readonly ca: string;
	/** One that they do not. */
	readonly otherCa: string;
	readonly good: Pair;
	readonly expired: Pair;
	readonly otherName: Pair;
	readonly ofOtherCa: Pair;
	/** By an intermediate CA, which is sent along. */
	readonly chained: Pair;
	/** By an intermediate that is no CA: a server's certificate of the same CA. */
	readonly byServer: Pair;
	/** Made by nobody, with the good certificate sent behind it. */
	readonly forged: Pair;
	/** With keys on P-256. */
	readonly elliptic: Pair;
	/** PEM of the CA of `elliptic`. */
	readonly ellipticCa: string;
	/** Signed by itself: it is its own CA. */
	readonly selfSigned: Pair;
	readonly client: Pair;
	readonly clientOfOtherCa: Pair;
}

const RSA = ["rsa:2048"];
const P256 = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
const HERE = "subjectAltName=DNS:localhost,IP:127.0.0.1";
const ELSEWHERE = "subjectAltName=DNS:broker.example,DNS:*.elsewhere.example,IP:192.0.2.1";

/** Made in that folder, in about two seconds. */
export function makeCertificates(folder: string): Certificates {
	const at = (name: string) => join(folder, name);
	const read = (name: string) => readFileSync(at(name), "utf8");
	const openssl = (...words: string[]) => execFileSync("openssl", words, { stdio: "pipe" });
	const ca = (name: string, key = RSA, ...more: string[]) =>
		openssl(
			...["req", "-x509", "-nodes", "-newkey", ...key, "-keyout", at(`${name}.key`)],
			...["-out", at(`${name}.pem`), "-subj", `/CN=${name}`, "-days", "30", ...more],
		);
	const pair = (name: string, by: string, extensions: string, days = 30, key = RSA): Pair => {
		const request = ["req", "-nodes", "-newkey", ...key, "-keyout", at(`${name}.key`)];
		openssl(...request, "-out", at(`${name}.csr`), "-subj", `/CN=${name}`);
		writeFileSync(at(`${name}.ext`), `${extensions}\n`);
		openssl(
			...["x509", "-req", "-in", at(`${name}.csr`), "-out", at(`${name}.pem`), "-days", `${days}`],
			...[
				"-CA",
				at(`${by}.pem`),
				"-CAkey",
				at(`${by}.key`),
				"-CAcreateserial",
				"-extfile",
				at(`${name}.ext`),
			],
		);
		return { certificate: read(`${name}.pem`), key: read(`${name}.key`) };
	};
	const behind = ({ certificate, key }: Pair, next: string): Pair => ({
		certificate: certificate + next,
		key,
	});
	ca("ca");
	ca("other-ca");
	ca("elliptic-ca", P256);
	ca("self-signed", RSA, "-addext", HERE);
	const good = pair("good", "ca", HERE);
	const between = pair("between", "ca", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign");
	return {
		ca: read("ca.pem"),
		otherCa: read("other-ca.pem"),
		good,
		expired: pair("expired", "ca", HERE, -1),
		otherName: pair("other-name", "ca", ELSEWHERE),
		ofOtherCa: pair("of-other-ca", "other-ca", HERE),
		chained: behind(pair("chained", "between", HERE), between.certificate),
		byServer: behind(pair("by-server", "good", HERE), good.certificate),
		forged: behind(pair("forged", "other-ca", HERE), good.certificate),
		elliptic: pair("elliptic", "elliptic-ca", HERE, 30, P256),
		ellipticCa: read("elliptic-ca.pem"),
		selfSigned: { certificate: read("self-signed.pem"), key: read("self-signed.key") },
		client: pair("client", "ca", "extendedKeyUsage=clientAuth"),
		clientOfOtherCa: pair("client-of-other-ca", "other-ca", "extendedKeyUsage=clientAuth"),
	};
}
