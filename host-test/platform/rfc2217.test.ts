// The RFC 2217 client against a scripted server (bytes of RFC 854 and RFC 2217) and against pyserial's server.

import { spawn, spawnSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { resolve } from "node:path";
import { openRfc2217, type Rfc2217Settings } from "../../host/platform/rfc2217";
import { TelnetDecoder } from "../../host/platform/telnet";

const SETTINGS: Rfc2217Settings = { baud: 300, dataBits: 7, parity: "even", stopBits: 1 };
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex").toUpperCase();

/** Answers of a server that sets what is asked. */
const BAUD_300 = bytes("FF FA 2C 65 00 00 01 2C FF F0");
const AGREED = Buffer.concat([BAUD_300, bytes("FFFA2C6607FFF0 FFFA2C6703FFF0 FFFA2C6801FFF0")]);

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that plays `script` with each connection. */
function listen(script: (socket: Socket) => void): Promise<number> {
	return new Promise((done) => {
		server = createServer(script).listen(0, "127.0.0.1", () => done((server?.address() as AddressInfo).port));
	});
}

/** A server that agrees to Com Port Control and answers the settings once they have all come. */
function agreeable(answer: Uint8Array, heard: (data: Uint8Array, socket: Socket) => void = () => {}) {
	return (socket: Socket) => {
		let all = "";
		let told = false;
		socket.on("error", () => {});
		socket.write(bytes("FF FD 2C"));
		socket.on("data", (data) => {
			if (told) return heard(data, socket);
			all += hex(data);
			// Purge of both buffers is the last thing that a client sends when it opens.
			if (!all.endsWith("FFFA2C0C03FFF0")) return;
			told = true;
			socket.write(answer);
			heard(bytes(all), socket);
		});
	};
}

test("offers binary Telnet and Com Port Control, then sets speed, data bits, parity and stop bits", async () => {
	let heard = "";
	const port = await listen(
		agreeable(AGREED, (data) => {
			heard += hex(data);
		}),
	);
	const stream = await openRfc2217("127.0.0.1", port, SETTINGS);
	stream.destroy();
	expect(heard.startsWith("FFFB00FFFD00FFFB03FFFD03FFFB2C")).toBe(true);
	expect(heard).toContain("FFFA2C010000012CFFF0FFFA2C0207FFF0FFFA2C0303FFF0FFFA2C0401FFF0");
});

test("data is the same both ways, FF included; a command split anywhere is none of it", async () => {
	let sent = "";
	let connection: Socket | undefined;
	const port = await listen(
		agreeable(AGREED, (data, socket) => {
			if (connection) sent += hex(data);
			connection = socket;
			if (sent === "01FFFF02")
				for (const byte of bytes("A0 FFFF FFF1 FFFA2C6B0FFFF0 B1")) socket.write(Uint8Array.of(byte));
		}),
	);
	const stream = await openRfc2217("127.0.0.1", port, SETTINGS);
	stream.write(bytes("01FF02"));
	let received = "";
	for await (const chunk of stream) {
		received += hex(chunk as Uint8Array);
		if (received.length >= 6) break;
	}
	expect(sent).toBe("01FFFF02");
	expect(received).toBe("A0FFB1");
});

test("a server that sets another speed than was asked for is an error that says so", async () => {
	const port = await listen(agreeable(bytes("FF FA 2C 65 00 00 25 80 FF F0")));
	await expect(openRfc2217("127.0.0.1", port, SETTINGS)).rejects.toThrow(
		"RFC 2217: the server refuses 300 Bd",
	);
});

test("a Telnet server without the option is an error that says so", async () => {
	const port = await listen((socket) => {
		socket.on("error", () => {});
		socket.write(bytes("FF FE 2C"));
	});
	await expect(openRfc2217("127.0.0.1", port, SETTINGS)).rejects.toThrow("does not know RFC 2217");
});

test("a server that closes before it agrees is an error", async () => {
	const port = await listen((socket) => socket.destroy());
	await expect(openRfc2217("127.0.0.1", port, SETTINGS)).rejects.toThrow("closed");
});

test("a subnegotiation without an end stays bounded", () => {
	const seen: number[] = [];
	const decoder = new TelnetDecoder({
		option: () => {},
		subnegotiation: (_, parameters) => seen.push(parameters.length),
	});
	expect(decoder.decode(bytes("FFFA2C"))).toHaveLength(0);
	for (let round = 0; round < 100; round++) decoder.decode(new Uint8Array(10_000));
	decoder.decode(bytes("FFF0"));
	expect(seen[0]).toBeLessThan(100);
	expect(decoder.decode(bytes("41"))).toEqual(bytes("41"));
});

// The environment of host-test/interop has pyserial.
const PYTHON = resolve(__dirname, "../../build/interop/bin/python");
const hasPyserial = spawnSync(PYTHON, ["-c", "import serial.rfc2217"]).status === 0;
const hasSocat = spawnSync("sh", ["-c", "command -v socat"]).status === 0;
const withPyserial = hasPyserial && hasSocat ? test : test.skip;

withPyserial(
	"pyserial's server takes the settings and passes every byte (else: pyserial or socat not installed)",
	async () => {
		const socat = spawn("socat", ["-d", "-d", "STDIO", "PTY,rawer"]);
		const pty = await firstMatch(socat.stderr, /PTY is (\S+)/);
		const python = spawn(PYTHON, [resolve(__dirname, "rfc2217-server.py"), pty]);
		try {
			let settings = "";
			let complaints = "";
			python.stderr.on("data", (text) => {
				complaints += text;
			});
			python.stdout.on("data", (text) => {
				settings += text;
			});
			const port = Number(await firstMatch(python.stdout, /port (\d+)/));
			const stream = await openRfc2217("127.0.0.1", port, {
				...SETTINGS,
				baud: 1200,
				dataBits: 8,
				parity: "none",
				stopBits: 2,
			});
			const every = Uint8Array.from({ length: 256 }, (_, index) => index);
			const echoed = collect(socat.stdout, every.length);
			stream.write(every);
			expect(await echoed).toEqual(Buffer.from(every));
			const received = collect(stream, every.length);
			socat.stdin.write(every);
			expect(await received).toEqual(Buffer.from(every));
			stream.destroy();
			expect(complaints).toBe("");
			expect(settings).toContain("set 1200 8 N 2");
		} finally {
			python.kill();
			socat.kill();
		}
	},
);

function firstMatch(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
	return new Promise((done) => {
		let text = "";
		stream.on("data", (part) => {
			text += part;
			const match = pattern.exec(text)?.[1];
			if (match) done(match);
		});
	});
}

function collect(stream: NodeJS.ReadableStream, length: number): Promise<Buffer> {
	return new Promise((done) => {
		let all = Buffer.alloc(0);
		stream.on("data", (part: Buffer) => {
			all = Buffer.concat([all, part]);
			if (all.length >= length) done(all);
		});
	});
}
