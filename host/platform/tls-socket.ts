// `tls-socket` on Node: a client's TLS connection over node:tls, used like the SDK's TCP class. Reasons are the words of
// hardware/tls; public roots are Node's.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { TlsProblem } from "../../hardware/tls/problems.js";
import TCP, { type TCPOptions } from "./tcp.js";

interface TlsOptions {
	readonly ca?: string;
	readonly certificate?: string;
	readonly privateKey?: string;
}

interface Stage {
	isSecure: boolean;
	isUsable: boolean;
}

/** Node's codes of what it finds wrong with a certificate (OpenSSL's X509_V_ERR_…), and of alerts. */
const WORDS: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: TlsProblem.EXPIRED,
	CERT_NOT_YET_VALID: TlsProblem.EARLY,
	ERR_TLS_CERT_ALTNAME_INVALID: TlsProblem.NAME,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: TlsProblem.UNKNOWN_CA,
	UNABLE_TO_GET_ISSUER_CERT: TlsProblem.UNKNOWN_CA,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TlsProblem.UNKNOWN_CA,
	SELF_SIGNED_CERT_IN_CHAIN: TlsProblem.UNKNOWN_CA,
	DEPTH_ZERO_SELF_SIGNED_CERT: TlsProblem.UNKNOWN_CA,
	CERT_SIGNATURE_FAILURE: TlsProblem.UNKNOWN_CA,
	INVALID_CA: TlsProblem.UNKNOWN_CA,
	INVALID_PURPOSE: TlsProblem.UNKNOWN_CA,
	ERR_SSL_WRONG_VERSION_NUMBER: TlsProblem.NOT_TLS,
	ERR_SSL_PACKET_LENGTH_TOO_LONG: TlsProblem.NOT_TLS,
	ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: TlsProblem.VERSION,
	ERR_SSL_UNSUPPORTED_PROTOCOL: TlsProblem.VERSION,
	ERR_SSL_WRONG_SIGNATURE_TYPE: TlsProblem.BROKEN,
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: TlsProblem.WANTED,
};
const USABLE = "usable";
const ALERT_MS = 100;
/** Alerts that a server sends because of the client's certificate, or of its absence. */
const ABOUT_CLIENT =
	/HANDSHAKE_FAILURE|ALERT_(BAD_|UNSUPPORTED_)?CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED/;

export default class TlsSocket extends TCP {
	/** Throws words where the certificates or the key cannot be used. */
	constructor(options: TCPOptions & { readonly host: string; readonly tls: TlsOptions }) {
		const { tls, host, address = host, port = 0 } = options;
		const secureContext = contextOf(tls);
		const stage: Stage = { isSecure: false, isUsable: false };
		super({
			...options,
			connect: {
				event: USABLE,
				open: (): Socket =>
					afterAlerts(
						connect({
							...{ host: address, port, secureContext, minVersion: "TLSv1.2" },
							...(isIP(host) ? undefined : { servername: host }),
						}),
						stage,
					),
				words: (error) => {
					const hasCertificate = tls.certificate !== undefined;
					// A server of Node's own says nothing: it closes right after it has seen the certificate.
					const sentAway = stage.isSecure && !stage.isUsable && hasCertificate;
					return words(error, hasCertificate) ?? (sentAway ? TlsProblem.REFUSED : undefined);
				},
			},
		});
	}
}

/**
 * In TLS 1.3 a server judges the client's certificate after the client believes that all is well. What is written until
 * then makes the server's end a reset, which swallows the alert that says why: so wait for its tickets, or a moment.
 */
function afterAlerts(socket: TLSSocket, stage: Stage): TLSSocket {
	const usable = () => {
		if (stage.isUsable || socket.destroyed) return;
		stage.isUsable = true;
		socket.emit(USABLE);
	};
	socket.once("secureConnect", () => {
		stage.isSecure = true;
		if (socket.getProtocol() !== "TLSv1.3") usable();
		else {
			socket.once("session", usable);
			setTimeout(usable, ALERT_MS).unref();
		}
	});
	return socket;
}

function contextOf({ ca, certificate, privateKey }: TlsOptions): SecureContext {
	if (ca !== undefined) readable(() => new X509Certificate(ca), TlsProblem.CA);
	if (certificate === undefined) return createSecureContext({ minVersion: "TLSv1.2", ...(ca && { ca }) });
	if (privateKey === undefined) throw new Error(TlsProblem.PAIR);
	const own = readable(() => new X509Certificate(certificate), TlsProblem.CERTIFICATE);
	const key = readable(() => createPrivateKey(privateKey), TlsProblem.KEY);
	if (!own.checkPrivateKey(key)) throw new Error(TlsProblem.KEY);
	return createSecureContext({
		minVersion: "TLSv1.2",
		cert: certificate,
		key: privateKey,
		...(ca && { ca }),
	});
}

function readable<T>(read: () => T, problem: string): T {
	try {
		return read();
	} catch {
		throw new Error(problem);
	}
}

/** `undefined` where TLS is not the reason. */
function words(error: Error, hasCertificate: boolean): string | undefined {
	const { code = "" } = error as { readonly code?: string };
	const known = WORDS[code];
	if (known !== undefined) return known;
	if (ABOUT_CLIENT.test(code)) return hasCertificate ? TlsProblem.REFUSED : TlsProblem.WANTED;
	// A system's error: ECONNRESET. Everything else is OpenSSL's.
	return code === "" || /^E[A-Z]+$/.test(code) ? undefined : `TLS: ${error.message}`;
}
