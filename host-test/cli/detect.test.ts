// `meterling detect`: its options, the command it tells to go on with, its exit codes, and a device server on loopback.

import { type AddressInfo, createServer, type Server } from "node:net";
import type { Finding } from "../../detection/finding";
import { UsageError } from "../../host/cli/command";
import { detect, detectPlan, exitCode, nextCommand } from "../../host/cli/detect";
import { Dsmr5 } from "../../host/meters/dsmr5";
import { KamstrupOmnipowerEncrypted } from "../../host/meters/kamstrup-omnipower-encrypted";
import type { LineSettings } from "../../protocols/protocol";
import type { Reading } from "../../readings/reading";

const START = Date.UTC(2026, 0, 15, 12, 0, 0);
const METER = { seed: 1, start: START, solarWatts: 0 };
const KEY = "000102030405060708090A0B0C0D0E0F";
const READING: Reading = { protocol: "p1", meter: {}, time: null, quantities: [], devices: [] };
const EIGHT_N_ONE: LineSettings = {
	baud: 2400,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
};

let server: Server | undefined;
afterEach(() => {
	jest.restoreAllMocks();
	server?.close();
	server = undefined;
});

/** A device server that sends these bytes to whoever connects; its address for --port. */
function sending(bytes: Uint8Array): Promise<string> {
	return new Promise((done) => {
		server = createServer((socket) => {
			socket.on("error", () => {});
			socket.write(bytes);
		}).listen(0, "127.0.0.1", () => done(`socket://127.0.0.1:${(server?.address() as AddressInfo).port}`));
	});
}

async function run(...args: string[]) {
	let out = "";
	let err = "";
	jest.spyOn(process.stdout, "write").mockImplementation((text) => (out += `${text}`) !== "");
	jest.spyOn(process.stderr, "write").mockImplementation((text) => (err += `${text}`) !== "");
	const code = await detect.run(args);
	jest.restoreAllMocks();
	return { code, out, err };
}

describe("options", () => {
	test("a device may be set, a raw TCP port may not", () => {
		expect(detectPlan(["--port", "/dev/ttyUSB0"])).toMatchObject({ listenOnly: false, fixedLine: false });
		expect(detectPlan(["--port", "rfc2217://h:1", "--listen-only"])).toMatchObject({
			listenOnly: true,
			fixedLine: false,
		});
		expect(detectPlan(["--port", "socket://h:1"]).fixedLine).toBe(true);
	});

	test.each([[[]], [["--port", "udp://h:1"]], [["--port", "/dev/x", "--encryption-key", "12"]]])(
		"%j is refused",
		(args) => {
			expect(() => detectPlan(args)).toThrow(UsageError);
		},
	);
});

describe("the command to go on with", () => {
	const next = (finding: Finding, settings = {}) => nextCommand(finding, "/dev/ttyUSB0", settings, false);
	const reading = (protocol: string, settings: LineSettings): Finding => ({
		kind: "reading",
		found: { protocol, settings },
		reading: READING,
		asked: false,
	});

	test("names the speed only where it is not the usual one", () => {
		expect(next(reading("dlms", EIGHT_N_ONE))).toBe("meterling read --protocol dlms --port /dev/ttyUSB0");
		const old: LineSettings = { ...EIGHT_N_ONE, baud: 9600, dataBits: 7, parity: "even" };
		expect(next(reading("p1", old))).toBe("meterling read --protocol p1 --port /dev/ttyUSB0 --baud 9600");
	});

	test("has a place for a key, never the key", () => {
		const found = { protocol: "dlms", settings: EIGHT_N_ONE };
		const needed: Finding = { kind: "key-needed", found, systemTitle: "4B414D4501349083", maker: "KAM" };
		expect(next(needed)).toMatch(/--encryption-key KEY$/);
		expect(next({ ...needed, kind: "wrong-key" }, { encryptionKey: KEY })).toMatch(/--encryption-key KEY$/);
	});

	test("names the characters where they are not the protocol's usual ones", () => {
		expect(next(reading("dlms", { ...EIGHT_N_ONE, parity: "even" }))).toBe(
			"meterling read --protocol dlms --port /dev/ttyUSB0 --format 8E1",
		);
	});

	test("there is none where nothing was found", () => {
		expect(next({ kind: "silent", asked: true, echo: false })).toBeUndefined();
		expect(exitCode({ kind: "silent", asked: true, echo: false })).toBe(1);
		expect(exitCode(reading("p1", EIGHT_N_ONE))).toBe(0);
	});
});

describe("a device server", () => {
	test("with a DSMR 5 meter: reading, finding, command; only protocols are told apart", async () => {
		const port = await sending(new Dsmr5(METER).telegram(START + 10_000));
		const { code, out, err } = await run("--port", port);
		expect(code).toBe(0);
		expect(out).toContain("power_import");
		expect(out).toMatch(/^found: p1$/m);
		expect(out).toContain(`meterling read --protocol p1 --port ${port}\n`);
		expect(err).toContain("only protocols are told apart");
		expect(err).toMatch(/^1\. listening for dlms, p1, iec62056, kmp, kmp382, pulse, up to 13 s$/m);
	});

	test("with an encrypted HAN meter: a key is needed, or does not fit", async () => {
		const port = await sending(new KamstrupOmnipowerEncrypted(METER).telegram(START + 10_000));
		const without = await run("--port", port);
		expect(without.code).toBe(0);
		expect(without.out).toContain("encrypted frames from Kamstrup 4B414D4501349083: a key is needed");
		const wrong = await run("--port", port, "--encryption-key", KEY);
		expect(wrong.code).toBe(0);
		expect(wrong.out).toContain("key does not fit: wrong key, not a wrong line");
		expect(wrong.out + wrong.err).not.toContain(KEY);
	});

	test("a port that is not there", async () => {
		const { code, out } = await run("--port", "/dev/no-such-meter");
		expect(code).toBe(1);
		expect(out).toContain("is it plugged in?");
	});
});
