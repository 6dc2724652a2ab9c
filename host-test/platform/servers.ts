// Servers on the loopback for the conformance cases: HTTP with its bad manners, HTTPS with each kind of certificate,
// mosquitto with TLS, and what only pretends to be one of them.

import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Certificates, makeCertificates, type Pair } from "./certificates";
import { hostileTls, TRICKS, type Trick } from "./hostile-tls";

export interface TlsSurroundings {
	readonly ca: string;
	readonly otherCa: string;
	readonly ellipticCa: string;
	/** The certificate of the server that has signed it itself. */
	readonly selfSigned: string;
	readonly client: Pair;
	readonly clientOfOtherCa: Pair;
	/** TCP ports of HTTPS servers. */
	readonly https: Readonly<Record<HttpsServer, number>>;
	/** TCP ports of mosquitto listeners; absent where it is not installed. */
	readonly mosquitto?: Readonly<Record<MosquittoListener, number>>;
	/** Accepts, and says nothing. */
	readonly silent: number;
	/** Hands on to a good server, but takes the signature off the key exchange. */
	readonly unsigned: number;
	/** Servers that break a rule each, with the good certificate, or an elliptic one where the trick is one of ECDSA. */
	readonly hostile: Readonly<Record<Trick, number>>;
}

export type HttpsServer =
	| "good"
	| "expired"
	| "otherName"
	| "ofOtherCa"
	| "chained"
	| "byServer"
	| "forged"
	| "elliptic"
	| "selfSigned"
	| "wantsCertificate"
	| "newestOnly";
export type MosquittoListener = "good" | "expired" | "otherName" | "wantsCertificate" | "password";

export interface Servers {
	readonly http: number;
	readonly tls: TlsSurroundings;
	close(): Promise<void>;
}

/** The answers of the HTTP and HTTPS servers, by path. */
const answer: RequestListener = (request, response) => {
	let length = 0;
	request.on("data", (bytes: Buffer) => {
		length += bytes.length;
	});
	request.on("end", () => {
		const { method, url, headers } = request;
		switch (url) {
			case "/echo":
				response.end(JSON.stringify({ method, length, host: headers.host, token: headers["x-token"] ?? "" }));
				return;
			case "/refuse":
				response.writeHead(422, { "content-type": "text/plain" }).end("not this time");
				return;
			case "/chunks":
				response.write("one ");
				response.write("two ");
				response.end("three");
				return;
			case "/endless":
				response.writeHead(200);
				for (let piece = 0; piece < 64; piece++) response.write("x".repeat(16_384));
				response.end();
				return;
			case "/nothing":
				response.writeHead(204).end();
				return;
			case "/half":
				response.writeHead(200, { "content-length": 100 }).write("half", () => response.destroy());
				return;
			case "/silence":
				return;
			default:
				response.writeHead(404).end();
		}
	});
};

export async function startServers(folder: string): Promise<Servers> {
	const certificates = makeCertificates(folder);
	const open: Server[] = [];
	const listen = async (server: Server) => {
		open.push(server);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return (server.address() as AddressInfo).port;
	};
	const https = ({ certificate, key }: Pair, options: ServerOptions = {}) =>
		listen(createHttpsServer({ cert: certificate, key, ...options }, answer));
	const mosquitto = await startMosquitto(folder, certificates);
	const hostile = {} as Record<Trick, number>;
	for (const trick of TRICKS) {
		const pair = trick.startsWith("ecdsa") ? certificates.elliptic : certificates.good;
		hostile[trick] = await listen(hostileTls(trick, pair));
	}
	const silent = createServer((socket) => socket.on("error", () => {}).resume());
	return {
		http: await listen(createHttpServer(answer)),
		tls: {
			ca: certificates.ca,
			otherCa: certificates.otherCa,
			ellipticCa: certificates.ellipticCa,
			selfSigned: certificates.selfSigned.certificate,
			client: certificates.client,
			clientOfOtherCa: certificates.clientOfOtherCa,
			https: {
				good: await https(certificates.good),
				expired: await https(certificates.expired),
				otherName: await https(certificates.otherName),
				ofOtherCa: await https(certificates.ofOtherCa),
				chained: await https(certificates.chained),
				byServer: await https(certificates.byServer),
				forged: await https(certificates.forged),
				elliptic: await https(certificates.elliptic),
				selfSigned: await https(certificates.selfSigned),
				wantsCertificate: await https(certificates.good, { requestCert: true, ca: certificates.ca }),
				newestOnly: await https(certificates.good, { minVersion: "TLSv1.3" }),
			},
			...(mosquitto ? { mosquitto: mosquitto.ports } : undefined),
			hostile,
			silent: await listen(silent),
			unsigned: await listen(
				unsigned(await https(certificates.good, { maxVersion: "TLSv1.2", ecdhCurve: "prime256v1" })),
			),
		},
		async close() {
			mosquitto?.process.kill();
			for (const server of open) {
				if ("closeAllConnections" in server)
					(server as { closeAllConnections(): void }).closeAllConnections();
				server.close();
			}
		},
	};
}

/** Between client and server; in the key exchange of TLS 1.2 the algorithms become "none" and "anonymous". */
function unsigned(port: number): Server {
	return createServer((client) => {
		const server = connect(port, "127.0.0.1");
		client.pipe(server);
		server.on("data", (bytes: Buffer) => client.write(withoutSignature(bytes)));
		server.on("end", () => client.end());
		for (const socket of [client, server])
			socket.on("error", () => {
				client.destroy();
				server.destroy();
			});
	});
}

/** RFC 5246, 7.4.3 and RFC 8422, 5.4: type 12, length, curve type 3, curve, point's length and point, then the two. */
function withoutSignature(bytes: Buffer): Buffer {
	const changed = Buffer.from(bytes);
	const at = changed.indexOf(Buffer.from([0x03, 0x00, 0x17, 0x41, 0x04]));
	if (at > 0) changed.fill(0, at + 4 + 0x41, at + 4 + 0x41 + 2);
	return changed;
}

async function startMosquitto(
	folder: string,
	{ good, expired, otherName }: Certificates,
): Promise<
	{ readonly process: ChildProcess; readonly ports: Record<MosquittoListener, number> } | undefined
> {
	const ports = { good: 0, expired: 0, otherName: 0, wantsCertificate: 0, password: 0 };
	const pairs = { good, expired, otherName, wantsCertificate: good, password: good };
	const lines = ["per_listener_settings true", "log_dest none", `user ${userInfo().username}`];
	for (const name of Object.keys(ports) as MosquittoListener[]) {
		ports[name] = await freePort();
		const [certificate, key] = [join(folder, `${name}-m.pem`), join(folder, `${name}-m.key`)];
		writeFileSync(certificate, pairs[name].certificate);
		writeFileSync(key, pairs[name].key);
		lines.push(`listener ${ports[name]} 127.0.0.1`, `certfile ${certificate}`, `keyfile ${key}`);
		if (name === "wantsCertificate")
			lines.push(
				`cafile ${join(folder, "ca.pem")}`,
				"require_certificate true",
				"use_identity_as_username true",
			);
		if (name === "password")
			lines.push("allow_anonymous false", `password_file ${join(folder, "passwords")}`);
		else lines.push("allow_anonymous true");
	}
	// user meter, password "open sesame" (mosquitto_passwd -b)
	writeFileSync(join(folder, "passwords"), "meter:open sesame\n");
	const hashed = spawn("mosquitto_passwd", ["-U", join(folder, "passwords")], { stdio: "ignore" });
	const failed = await new Promise<boolean>((resolve) => {
		hashed.once("error", () => resolve(true));
		hashed.once("exit", () => resolve(false));
	});
	if (failed) return undefined;
	const file = join(folder, "mosquitto.conf");
	writeFileSync(file, `${lines.join("\n")}\n`);
	const mosquitto = spawn("mosquitto", ["-c", file], { stdio: "ignore" });
	const missing = await Promise.race([
		new Promise<boolean>((resolve) => mosquitto.once("error", () => resolve(true))),
		answers(ports.password).then(() => false),
	]);
	return missing ? undefined : { process: mosquitto, ports };
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** Until something listens there. */
async function answers(port: number): Promise<void> {
	for (let tries = 0; tries < 100; tries++) {
		const up = await new Promise<boolean>((resolve) => {
			const socket = connect(port, "127.0.0.1");
			socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
			socket.once("connect", () => socket.destroy());
		});
		if (up) return;
		await wait(50);
	}
	throw new Error("mosquitto does not listen");
}
