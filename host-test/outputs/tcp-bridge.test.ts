// The TCP bridge on fakes: telegrams for many readers, the line for one writer at a time, RFC 2217, who may connect, and
// what slow, silent and hostile programs cost. Real programs talk to it in host-test/e2e.

import type { MeterTap, Tap, TapListener, TapSettings } from "../../outputs/meter-tap";
import type { Output } from "../../outputs/output";
import { isAllowed, wrongEntry } from "../../outputs/tcp-bridge/allow-list";
import { tcpBridge } from "../../outputs/tcp-bridge/tcp-bridge";
import type { Reading } from "../../readings/reading";
import type { SettingValues } from "../../settings/setting";
import { Bench, type FakeTcpConnection } from "./fakes";

const TELEGRAM_PORT = 2001;
const RAW_PORT = 2002;
const RFC2217_PORT = 2003;
const LINE: TapSettings = { baud: 1200, dataBits: 8, parity: "none", stopBits: 2 };

/** The meter's line as the app lends it: one holder, everything written down. */
class FakeMeterTap implements MeterTap {
	settings: TapSettings | undefined = LINE;
	readonly done: string[] = [];
	readonly listeners: TapListener[] = [];
	#holder: Tap | undefined;

	listen(listener: TapListener): Tap {
		this.listeners.push(listener);
		const tap: Tap = {
			claim: () => {
				if (!this.settings || (this.#holder && this.#holder !== tap)) return false;
				if (!this.#holder) this.done.push("claim");
				this.#holder = tap;
				return true;
			},
			release: () => {
				if (this.#holder !== tap) return;
				this.#holder = undefined;
				this.settings = LINE;
				this.done.push("release");
			},
			write: (bytes) => {
				if (this.#holder === tap) this.done.push(`write ${[...bytes].join(" ")}`);
			},
			set: (settings) => {
				if (this.#holder !== tap) return;
				this.settings = settings;
				const { baud, dataBits, parity, stopBits } = settings;
				this.done.push(`set ${baud} ${dataBits} ${parity} ${stopBits}`);
			},
			close: () => {
				tap.release();
				this.listeners.splice(this.listeners.indexOf(listener), 1);
			},
		};
		return tap;
	}

	hear(...bytes: number[]): void {
		for (const listener of this.listeners.slice()) listener.bytes(Uint8Array.from(bytes));
	}
}

const reading = (protocol: string): Reading => ({
	protocol,
	meter: {},
	time: null,
	quantities: [],
	devices: [],
});

function harness(settings: SettingValues = {}, protocol = "dlms") {
	const bench = new Bench();
	const ports = { telegramPort: TELEGRAM_PORT, rawPort: RAW_PORT, rfc2217Port: RFC2217_PORT };
	const meterTap = new FakeMeterTap();
	let telegrams = 0;
	const output = tcpBridge.open({
		...bench.context(tcpBridge.settings, { ...ports, ...settings }),
		meterTap,
		telegram: () => (telegrams === 0 ? undefined : new TextEncoder().encode(`/T${telegrams}\r\n!\r\n`)),
	}) as Output;
	return {
		bench,
		clock: bench.clock,
		output,
		meterTap,
		connect: (port: number, address = "192.168.1.50", room = 4096) =>
			bench.network.connectTcp(address, port, room),
		read: () => {
			telegrams++;
			bench.store.add(reading(protocol), bench.clock.now);
			output.reading(reading(protocol));
		},
	};
}

describe("where it listens", () => {
	test("nowhere, as long as no port is set", () => {
		const bench = new Bench();
		expect(tcpBridge.open(bench.context(tcpBridge.settings, {}))).toBeUndefined();
		expect(bench.network.tcpServers).toEqual([]);
	});

	test("on each port that is, until it is closed", () => {
		const { bench, output } = harness({ rawPort: 0 });
		expect(bench.network.tcpServers.map(({ port }) => port)).toEqual([TELEGRAM_PORT, RFC2217_PORT]);
		output.close(() => {});
		expect(bench.network.tcpServers).toEqual([]);
		expect(bench.clock.pending).toBe(0);
	});
});

describe("who may connect", () => {
	test.each([
		["192.168.1.20", "", true],
		["10.1.2.3", "", true],
		["172.31.255.255", "", true],
		["172.32.0.1", "", false],
		["169.254.7.7", "", true],
		["127.0.0.1", "", true],
		["::1", "", true],
		["::ffff:192.168.1.20", "", true],
		["::ffff:8.8.8.8", "", false],
		["8.8.8.8", "", false],
		["fe80::1", "", false],
		["", "", false],
		["192.168.1.20", "192.168.1.20", true],
		["192.168.1.21", "192.168.1.20", false],
		["127.0.0.1", "192.168.1.20", false],
		["192.168.1.21", "10.0.0.1, 192.168.1.0/24", true],
		["192.168.2.21", "10.0.0.1  192.168.1.0/24", false],
		["255.255.255.255", "0.0.0.0/0", true],
		["203.0.113.9", "203.0.113.8/31", true],
		["203.0.113.10", "203.0.113.8/31", false],
		["10.0.0.1", "nonsense", false],
		["10.0.0.1", "10.0.0.1/33", false],
	])("%s with the list '%s': %s", (address, list, allowed) => {
		expect(isAllowed(address, list)).toBe(allowed);
	});

	test("a port that is taken is tried again", () => {
		const bench = new Bench();
		bench.network.portTaken = true;
		const output = tcpBridge.open(bench.context(tcpBridge.settings, { telegramPort: TELEGRAM_PORT }));
		expect(output?.health()).toMatchObject({ state: "failed", problem: "port 2001: address in use" });
		bench.clock.advance(120_000);
		expect(bench.log).toHaveLength(1);
		bench.network.portTaken = false;
		bench.clock.advance(30_000);
		expect(output?.health()).toMatchObject({ state: "listening", problem: null });
	});

	test("a wrong entry is named", () => {
		expect(wrongEntry("10.0.0.1/8, 10.0.0.256")).toBe("10.0.0.256");
		expect(wrongEntry("")).toBeUndefined();
	});

	test("a stranger is turned away, and told once", () => {
		const { connect, output, bench } = harness({ allow: "192.168.1.50" });
		for (let count = 0; count < 20; count++) expect(connect(RAW_PORT, "192.168.1.51").closed).toBe(true);
		expect(connect(RAW_PORT).closed).toBe(false);
		expect(output.health()).toMatchObject({ refused: 20, clients: 1 });
		expect(bench.log.filter((line) => line.includes("192.168.1.51"))).toHaveLength(1);
	});

	test("four programs at a time on all ports together; a place is free when one leaves", () => {
		const { connect, output } = harness();
		const ports = [TELEGRAM_PORT, TELEGRAM_PORT, RAW_PORT, RFC2217_PORT];
		const [first, ...others] = ports.map((port) => connect(port));
		expect(others.some(({ closed }) => closed)).toBe(false);
		expect(connect(TELEGRAM_PORT).closed).toBe(true);
		first?.leave();
		expect(connect(RAW_PORT).closed).toBe(false);
		for (const client of others) client.leave();
		expect(output.health()).toMatchObject({ clients: 1, refused: 1 });
	});
});

describe("telegrams", () => {
	test("each reader gets each telegram as it comes", () => {
		const { connect, read, output } = harness({}, "p1");
		const readers = [connect(TELEGRAM_PORT), connect(TELEGRAM_PORT)];
		read();
		read();
		expect(readers.map(({ text }) => text)).toEqual(Array(2).fill("/T1\r\n!\r\n/T2\r\n!\r\n"));
		expect(output.health()).toMatchObject({ telegrams: 4, lostTelegrams: 0 });
	});

	test("a slow reader loses whole telegrams, never half of one, and holds up nobody", () => {
		const { connect, read, output } = harness({}, "p1");
		const slow = connect(TELEGRAM_PORT, "192.168.1.50", 3);
		const quick = connect(TELEGRAM_PORT);
		for (let count = 0; count < 5; count++) read();
		expect(slow.text).toBe("/T1");
		slow.open(4);
		slow.open(100);
		read();
		expect(slow.text).toBe("/T1\r\n!\r\n/T6\r\n!\r\n");
		expect(quick.text).toBe([1, 2, 3, 4, 5, 6].map((number) => `/T${number}\r\n!\r\n`).join(""));
		expect(output.health()).toMatchObject({ lostTelegrams: 4 });
	});

	test("a reader that takes nothing for two minutes is gone", () => {
		const { connect, read, clock, output } = harness({}, "p1");
		const dead = connect(TELEGRAM_PORT, "192.168.1.50", 0);
		for (let second = 0; second <= 130; second += 10) {
			read();
			clock.advance(10_000);
		}
		expect(dead.closed).toBe(true);
		expect(output.health()).toMatchObject({ clients: 0 });
	});

	test("a made telegram is told to a new reader at once, a P1 meter's is not", () => {
		const made = harness();
		made.read();
		expect(made.connect(TELEGRAM_PORT).text).toBe("/T1\r\n!\r\n");
		const true1 = harness({}, "p1");
		true1.read();
		expect(true1.connect(TELEGRAM_PORT).text).toBe("");
	});

	test("at an interval: a made one again and again until the meter is silent for too long, a P1 meter's once", () => {
		const made = harness({ telegramInterval: 10 });
		const reader = made.connect(TELEGRAM_PORT);
		made.read();
		made.clock.advance(60_000);
		made.read();
		expect(reader.text).toBe("/T1\r\n!\r\n".repeat(6));
		made.clock.advance(24 * 3600_000);
		// Asked each minute: five minutes without an answer are too many.
		expect(reader.text).toBe("/T1\r\n!\r\n".repeat(6) + "/T2\r\n!\r\n".repeat(30));
		const true1 = harness({ telegramInterval: 10 }, "p1");
		const other = true1.connect(TELEGRAM_PORT);
		for (let second = 0; second < 20; second++) {
			true1.read();
			true1.clock.advance(1000);
		}
		true1.clock.advance(60_000);
		expect(other.text).toBe("/T10\r\n!\r\n/T20\r\n!\r\n");
	});

	test("what a reader sends is not for the meter", () => {
		const { connect, meterTap } = harness();
		connect(TELEGRAM_PORT).send("AT\r\n");
		expect(meterTap.done).toEqual([]);
	});
});

describe("the meter's line", () => {
	test("bytes pass both ways as they are", () => {
		const { connect, meterTap } = harness();
		const client = connect(RAW_PORT);
		client.send(Uint8Array.of(0x80, 0xff, 0xff, 0x0d));
		meterTap.hear(0x40, 0xff, 0x0d);
		expect(meterTap.done).toEqual(["claim", "write 128 255 255 13"]);
		expect(client.writes.map((bytes) => [...bytes])).toEqual([[0x40, 0xff, 0x0d]]);
	});

	test("the gateway has its line back when the writer and the meter have been silent for so long", () => {
		const { connect, meterTap, clock, output } = harness({ resumeAfter: 5 });
		const client = connect(RAW_PORT);
		client.send("a");
		expect(output.health()).toMatchObject({ writer: "192.168.1.50" });
		clock.advance(4000);
		client.send("b");
		clock.advance(4000);
		meterTap.hear(1);
		clock.advance(4999);
		expect(meterTap.done).toEqual(["claim", "write 97", "write 98"]);
		clock.advance(1);
		expect(meterTap.done.at(-1)).toBe("release");
		expect(output.health()).toMatchObject({ writer: null });
	});

	test("or when the writer leaves", () => {
		const { connect, meterTap, clock } = harness();
		const client = connect(RAW_PORT);
		client.send("a");
		client.leave();
		expect(meterTap.done).toEqual(["claim", "write 97", "release"]);
		expect(meterTap.listeners).toEqual([]);
		expect(clock.pending).toBe(0);
	});

	test("one writer at a time; the other's bytes are counted and go nowhere", () => {
		const { connect, meterTap, output } = harness();
		const [first, second] = [connect(RAW_PORT), connect(RFC2217_PORT)];
		first.send("a");
		second.send("bcd");
		expect(meterTap.done).toEqual(["claim", "write 97"]);
		expect(output.health()).toMatchObject({ ignoredBytes: 3 });
		first.leave();
		second.send("e");
		expect(meterTap.done.slice(2)).toEqual(["release", "claim", "write 101"]);
	});

	test("a line that was lost is nobody's until it is asked for again", () => {
		const { connect, meterTap, output } = harness();
		const client = connect(RAW_PORT);
		client.send("a");
		for (const listener of meterTap.listeners) listener.interrupted("gone");
		expect(output.health()).toMatchObject({ writer: null });
		meterTap.settings = undefined;
		client.send("b");
		meterTap.settings = LINE;
		client.send("c");
		expect(meterTap.done).toEqual(["claim", "write 97", "release", "claim", "write 99"]);
	});

	test("who does not take the meter's bytes is shown the door", () => {
		const { connect, meterTap, output } = harness();
		const stalled = connect(RAW_PORT, "192.168.1.50", 4);
		const other = connect(RAW_PORT);
		meterTap.hear(1, 2, 3);
		meterTap.hear(4, 5, 6);
		expect([stalled.closed, other.writes.length]).toEqual([true, 2]);
		expect(output.health()).toMatchObject({ clients: 1 });
	});
});

describe("RFC 2217", () => {
	const [IAC, SB, SE, WILL, DO, DONT, WONT] = [255, 250, 240, 251, 253, 254, 252] as const;
	const COM_PORT = 44;
	const sub = (...content: number[]) => Uint8Array.of(IAC, SB, COM_PORT, ...content, IAC, SE);
	const answers = (client: FakeTcpConnection) => client.writes.map((bytes) => [...bytes]);
	/** An answer of the gateway: command and 100, and its value. */
	const answer = (command: number, ...value: number[]) => [...sub(command + 100, ...value)];

	test("agrees to binary, suppressed go-ahead and the COM port, and to nothing else", () => {
		const { connect } = harness();
		const client = connect(RFC2217_PORT);
		client.send(Uint8Array.of(IAC, WILL, COM_PORT, IAC, DO, 0, IAC, WILL, 3, IAC, DO, 1, IAC, WILL, 31));
		client.send(Uint8Array.of(IAC, WONT, 3, IAC, DONT, 0));
		expect(answers(client)).toEqual([
			[IAC, DO, COM_PORT],
			[IAC, WILL, 0],
			[IAC, DO, 3],
			[IAC, WONT, 1],
			[IAC, DONT, 31],
		]);
	});

	test("tells the line's settings, sets them, and lets them go with the writer", () => {
		const { connect, meterTap, clock } = harness({ resumeAfter: 5 });
		const client = connect(RFC2217_PORT);
		client.send(sub(1, 0, 0, 0, 0));
		client.send(sub(2, 0));
		expect(answers(client)).toEqual([answer(1, 0, 0, 4, 176), answer(2, 8)]);
		expect(meterTap.done).toEqual([]);
		client.writes.length = 0;
		// 300 Bd 7E1.
		client.send(sub(1, 0, 0, 1, 44));
		client.send(sub(2, 7));
		client.send(sub(3, 3));
		client.send(sub(4, 1));
		expect(answers(client)).toEqual([answer(1, 0, 0, 1, 44), answer(2, 7), answer(3, 3), answer(4, 1)]);
		expect(meterTap.done).toEqual([
			"claim",
			"set 300 8 none 2",
			"set 300 7 none 2",
			"set 300 7 even 2",
			"set 300 7 even 1",
		]);
		clock.advance(5000);
		expect(meterTap.done.at(-1)).toBe("release");
		client.send("a");
		expect(meterTap.done.slice(-3)).toEqual(["claim", "set 300 7 even 1", "write 97"]);
	});

	test("settings that the line has already are no reason to stand back", () => {
		const { connect, meterTap } = harness();
		const client = connect(RFC2217_PORT);
		client.send(sub(1, 0, 0, 4, 176));
		client.send(sub(4, 2));
		expect(meterTap.done).toEqual([]);
		expect(answers(client)).toEqual([answer(1, 0, 0, 4, 176), answer(4, 2)]);
	});

	test("a second writer is told the settings as they are; odd speeds and sizes are not taken", () => {
		const { connect, meterTap } = harness();
		connect(RAW_PORT).send("a");
		const client = connect(RFC2217_PORT);
		client.send(sub(1, 0, 0, 37, 128));
		expect(answers(client)).toEqual([answer(1, 0, 0, 4, 176)]);
		const other = harness();
		const alone = other.connect(RFC2217_PORT);
		alone.send(sub(1, 0, 0, 48, 57));
		alone.send(sub(2, 5));
		alone.send(sub(3, 5));
		expect(answers(alone)).toEqual([answer(1, 0, 0, 4, 176), answer(2, 8), answer(3, 1)]);
		expect([meterTap.done, other.meterTap.done]).toEqual([["claim", "write 97"], []]);
	});

	test("data with escaped bytes pass both ways, a command in pieces too", () => {
		const { connect, meterTap } = harness();
		const client = connect(RFC2217_PORT);
		for (const byte of [1, IAC, IAC, 2, ...sub(5, 8), 3]) client.send(Uint8Array.of(byte));
		meterTap.hear(7, IAC, 8);
		expect(meterTap.done).toEqual(["claim", "write 1", "write 255", "write 2", "write 3"]);
		expect(answers(client)).toEqual([answer(5, 8), [7, IAC, IAC, 8]]);
	});

	test("flow control, break and modem lines: what there is not, it says", () => {
		const { connect } = harness();
		const client = connect(RFC2217_PORT);
		for (const value of [0, 3, 4, 5, 7, 8, 10, 12]) client.send(sub(5, value));
		client.send(sub(12, 3));
		expect(answers(client)).toEqual([
			...[1, 1, 6, 6, 8, 8, 11, 12].map((value) => answer(5, value)),
			answer(12, 3),
		]);
	});

	test("endless, empty and unknown subnegotiations do no harm", () => {
		const { connect, meterTap } = harness();
		const client = connect(RFC2217_PORT);
		client.send(Uint8Array.of(IAC, SB, COM_PORT, 0, ...new Uint8Array(10_000).fill(65), IAC, SE));
		client.send(Uint8Array.of(IAC, SB, IAC, SE, IAC, SB, COM_PORT, IAC, SE, IAC, SB, 24, 1, IAC, SE));
		client.send(sub(77, 1));
		client.send("x");
		expect(answers(client)).toEqual([answer(0, ...Buffer.from("Meterling"))]);
		expect(meterTap.done).toEqual(["claim", "write 120"]);
	});

	test("what is answered before the network takes bytes is kept", () => {
		const { connect } = harness();
		const client = connect(RFC2217_PORT, "192.168.1.50", 0);
		client.send(Uint8Array.of(IAC, WILL, COM_PORT));
		expect(client.writes).toEqual([]);
		client.open(100);
		expect(answers(client)).toEqual([[IAC, DO, COM_PORT]]);
	});
});
