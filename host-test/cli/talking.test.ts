// `meterling read`, `get-serial` and `get-type` with a meter on a TCP port that answers with the frames that Kamstrup's
// document prints (5512-447), and what they advise where it does not answer.

import { type AddressInfo, createServer, type Server } from "node:net";
import type { Command } from "../../host/cli/command";
import { UsageError } from "../../host/cli/command";
import { getSerial } from "../../host/cli/get-serial";
import { getType } from "../../host/cli/get-type";
import { EchoWatch, portProblem, rejectionAdvice, silenceAdvice } from "../../host/cli/line-advice";
import { chosenLine, chosenPort } from "../../host/cli/line-options";
import { read } from "../../host/cli/read";
import { findProtocol } from "../../protocols/registry";

const bytes = (text: string) => Buffer.from(text.replace(/\s/g, ""), "hex");

/** CID of a request and its reply. */
const REPLIES: Readonly<Record<number, Buffer>> = {
	1: bytes("40 3F 01 00 04 1B F9 01 26 99 0D"),
	2: bytes("40 3F 02 01 23 45 67 E9 56 0D"),
};

let server: Server | undefined;
afterEach(() => {
	jest.restoreAllMocks();
	server?.close();
	server = undefined;
});

/** A meter under an optical head that gives back what is sent; `port` is what --port takes. */
function meter({ answers = true, echo = true } = {}): Promise<string> {
	return new Promise((done) => {
		server = createServer((socket) => {
			socket.on("error", () => {});
			socket.on("data", (request) => {
				if (echo) socket.write(request);
				const reply = REPLIES[request[2] ?? 0];
				if (answers && reply) socket.write(reply);
			});
		}).listen(0, "127.0.0.1", () => done(`socket://127.0.0.1:${(server?.address() as AddressInfo).port}`));
	});
}

async function run(command: Command, ...args: string[]) {
	let out = "";
	let err = "";
	jest.spyOn(process.stdout, "write").mockImplementation((text) => (out += `${text}`) !== "");
	jest.spyOn(process.stderr, "write").mockImplementation((text) => (err += `${text}`) !== "");
	const code = await command.run(args);
	jest.restoreAllMocks();
	return { code, out, err };
}

describe("a meter that answers", () => {
	test("get-serial prints the number, the echo notwithstanding", async () => {
		expect(await run(getSerial, "--port", await meter())).toEqual({ code: 0, out: "19088743\n", err: "" });
	});

	test("get-type prints type and revision; --json an object", async () => {
		const port = await meter({ echo: false });
		expect((await run(getType, "--port", port)).out).toBe("MULTICAL 601 Pt100 F1\n");
		const { out } = await run(getType, "--port", port, "--json");
		expect(JSON.parse(out)).toEqual({ manufacturer: "Kamstrup", model: "MULTICAL 601 Pt100 F1" });
	});

	test("-v shows both directions in hexadecimal with their layers, on standard error", async () => {
		const { out, err } = await run(getSerial, "--port", await meter(), "-v");
		expect(out).toBe("19088743\n");
		expect(err).toMatch(/sent 6 bytes\n\s+80 +kmp/);
		expect(err).toMatch(/01 23 45 67 +kmp +serial number 19088743/);
	});
});

describe("one that does not", () => {
	test("nothing but the echo: said so, exit 1", async () => {
		const { code, out, err } = await run(
			getSerial,
			"--port",
			await meter({ answers: false }),
			"--timeout",
			"0.3",
		);
		expect({ code, out }).toEqual({ code: 1, out: "" });
		expect(err).toMatch(/^meterling get-serial: only the echo .*\n$/);
	});

	test("silence: the head and the speed are named", async () => {
		const port = await meter({ answers: false, echo: false });
		const { code, err } = await run(read, "--protocol", "kmp", "--port", port, "--timeout", "0.3");
		expect(code).toBe(1);
		expect(err).toMatch(/^meterling read: no answer at 1200 Bd: .*--baud.*\n$/);
	});

	test("a port that is not there", async () => {
		const { code, err } = await run(getType, "--port", "/dev/no-such-port");
		expect(code).toBe(1);
		expect(err).toMatch(/no-such-port: .*no such port; is it plugged in\?/);
	});
});

describe("wrong usage", () => {
	test.each([
		[
			"nine registers",
			read,
			["--protocol", "kmp", "--port", "x", ...Array(9).fill(["--register", "60"]).flat()],
			/8 times/,
		],
		[
			"a register where there are none",
			read,
			["--protocol", "p1", "--port", "x", "--register", "60"],
			/not for p1/,
		],
		["no port", getSerial, [], /--port is needed/],
		["an unknown scheme", getType, ["--port", "telnet://host:1"], /rfc2217:\/\/host:port/],
	])("%s", async (_, command, args, message) => {
		await expect(async () => command.run(args as string[])).rejects.toThrow(UsageError);
		await expect(async () => command.run(args as string[])).rejects.toThrow(message);
	});
});

test.each([
	"/dev/ttyUSB0",
	"COM3",
	"socket://10.0.0.2:4001",
	"rfc2217://ser2net.local:2217",
	"socket://[::1]:1",
])("%s is a port", (port) => expect(chosenPort(port)).toBe(port));

test("a speed chooses the protocol's line of that speed: P1 at 9600 Bd is 7E1", () => {
	const p1 = findProtocol("p1");
	if (!p1) throw new Error("no p1");
	expect(chosenLine(p1, "9600")).toMatchObject({ baud: 9600, dataBits: 7, parity: "even" });
	expect(chosenLine(p1, undefined)).toMatchObject({ baud: 115200, dataBits: 8 });
});

describe("advice", () => {
	const quiet = { sent: 0, received: 0, echoOnly: false, baud: 2400, rejection: undefined, refused: 0 };

	test.each([
		[{}, /not one byte/],
		[{ sent: 6 }, /no answer at 2400 Bd.*right way up/],
		[{ sent: 6, received: 6, echoOnly: true }, /only the echo/],
		[{ received: 80 }, /80 bytes but no frame.*--protocol and --baud/],
		[
			{ received: 80, refused: 3, rejection: { rejected: true, layer: "hdlc", code: "fcs" } },
			/3 frames were refused/,
		],
		[
			{
				received: 80,
				refused: 1,
				rejection: { rejected: true, layer: "ciphering", code: "wrong-key", detail: "4B414D45" },
			},
			/does not fit \(4B414D45\): a wrong key, not a wrong line/,
		],
	] as const)("%j", (progress, expected) => {
		expect(silenceAdvice({ ...quiet, ...progress })).toMatch(expected);
	});

	test("a missing permission names the group", () => {
		expect(portProblem("/dev/ttyUSB0", "this user may not use it")).toContain("dialout");
	});

	test("an unknown APDU is no question of keys", () => {
		expect(rejectionAdvice({ rejected: true, layer: "apdu", code: "tag" })).toBeUndefined();
	});

	test("an echo is an echo while every byte is the one that was sent", () => {
		const watch = new EchoWatch();
		watch.send(bytes("803F02"));
		watch.receive(bytes("803F"));
		expect(watch.echoOnly).toBe(true);
		watch.receive(bytes("0240"));
		expect(watch.echoOnly).toBe(false);
	});
});
