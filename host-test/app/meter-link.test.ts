import { MeterLink } from "../../app/meter-link";
import type { Line, LineOptions } from "../../hardware/line";
import type {
	Action,
	LineSettings,
	Protocol,
	Rejection,
	Session,
	SessionOptions,
} from "../../protocols/protocol";
import type { Reading } from "../../readings/reading";
import { FakeTime } from "../fake-timers";

const SETTINGS: LineSettings = {
	baud: 300,
	dataBits: 7,
	parity: "even",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
};
const FASTER: LineSettings = { ...SETTINGS, baud: 9600 };
const READING: Reading = { protocol: "fake", meter: {}, time: null, quantities: [], devices: [] };
const SESSION_OPTIONS = {} as SessionOptions;

/** A line that records what is done to it and is fed by the test. */
class FakeLine implements Line {
	readonly done: string[] = [];
	readonly counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	closed = 0;
	full = false;
	#waiting: Uint8Array | undefined;

	constructor(readonly options: LineOptions) {}

	deliver(...bytes: number[]): void {
		this.#waiting = Uint8Array.from(bytes);
		this.options.onReadable(bytes.length);
	}

	read(): Uint8Array | undefined {
		const bytes = this.#waiting;
		this.#waiting = undefined;
		return bytes;
	}

	write(bytes: Uint8Array): void {
		if (this.full) throw new Error("would overflow");
		this.done.push(`write ${bytes.join(" ")}`);
	}

	set(settings: LineSettings): void {
		this.done.push(`set ${settings.baud}`);
	}

	close(): void {
		this.closed++;
	}
}

function harness(session: Partial<Session>) {
	const time = new FakeTime();
	const lines: FakeLine[] = [];
	const log: string[] = [];
	const readings: Reading[] = [];
	const rejections: Rejection[] = [];
	let openFails: string | undefined;
	let sessions = 0;
	const none = (): readonly Action[] => [];
	const protocol: Protocol = {
		name: "fake",
		title: "Fake",
		lines: [SETTINGS],
		settings: [],
		open: () => {
			sessions++;
			return { receive: none, tick: none, end: none, ...session };
		},
	};
	const link = new MeterLink({
		protocol,
		session: SESSION_OPTIONS,
		port: "/dev/meter",
		settings: SETTINGS,
		timers: time,
		now: time.now,
		random: () => 0,
		log: (line) => log.push(line),
		owner: {
			openLine: (options) => {
				if (openFails) throw new Error(openFails);
				const line = new FakeLine(options);
				lines.push(line);
				return line;
			},
			onReading: (reading) => readings.push(reading),
			onRejected: (rejection) => rejections.push(rejection),
		},
	});
	return {
		link,
		time,
		lines,
		log,
		readings,
		rejections,
		sessions: () => sessions,
		failWith: (reason: string | undefined) => {
			openFails = reason;
		},
		line: () => lines.at(-1) as FakeLine,
	};
}

describe("the meter link", () => {
	test("opens the line outside its constructor and ticks the session once", () => {
		const ticks: number[] = [];
		const { time, lines, link } = harness({ tick: (now) => (ticks.push(now), []) });
		expect(lines).toHaveLength(0);
		time.advance(0);
		expect(lines.map(({ options }) => [options.port, options.settings])).toEqual([["/dev/meter", SETTINGS]]);
		expect(ticks).toEqual([0]);
		expect(link.state.state).toBe("open");
	});

	test("does in order what the session asks: send, set the line, hand on readings and rejections", () => {
		const rejection: Rejection = { rejected: true, layer: "x", code: "crc" };
		const test = harness({
			receive: (bytes) => [
				{ do: "send", bytes: Uint8Array.from(bytes) },
				{ do: "setLine", settings: FASTER },
				{ do: "reading", reading: READING },
				{ do: "rejected", rejection },
			],
		});
		test.time.advance(0);
		test.line().deliver(1, 2, 3);
		expect(test.line().done).toEqual(["write 1 2 3", "set 9600"]);
		expect(test.readings).toEqual([READING]);
		expect(test.rejections).toEqual([rejection]);
	});

	test("wakes the session when it asked for it, the latest wish only", () => {
		const ticks: number[] = [];
		const test = harness({
			tick: (now) => {
				ticks.push(now);
				return ticks.length === 1
					? [
							{ do: "wakeAt", time: now + 100 },
							{ do: "wakeAt", time: now + 700 },
						]
					: [];
			},
		});
		test.time.advance(5000);
		expect(ticks).toEqual([0, 700]);
	});

	test("tries again after 1, 2, 4 … 60 s when the port cannot be opened, and says why", () => {
		const test = harness({});
		test.failWith("no such file or directory");
		const attempts: number[] = [];
		for (let second = 0; second < 300; second++) {
			const before = test.link.state.failures;
			test.time.advance(second === 0 ? 0 : 1000);
			if (test.link.state.failures > before) attempts.push(second);
		}
		expect(attempts).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
		expect(test.link.state).toMatchObject({ state: "waiting", reason: "no such file or directory" });
		expect(test.log[0]).toBe("meter: /dev/meter: no such file or directory; next attempt in 1 s");
	});

	test("tells the log of a reason once, and again after bytes came or for another reason", () => {
		const test = harness({});
		test.time.advance(0);
		for (let attempt = 0; attempt < 3; attempt++) {
			test.line().options.onError("gone");
			test.time.advance(60_000);
		}
		expect(test.log).toHaveLength(1);
		test.line().options.onError("unplugged");
		test.time.advance(60_000);
		expect(test.log).toHaveLength(2);
		test.line().deliver(0x7e);
		test.line().options.onError("unplugged");
		expect(test.log).toHaveLength(3);
	});

	test("opens again with a fresh session when the line is lost (USB pulled)", () => {
		const test = harness({});
		test.time.advance(0);
		test.line().options.onError("device disconnected");
		expect(test.line().closed).toBe(1);
		expect(test.link.state).toMatchObject({ state: "waiting", reason: "device disconnected" });
		test.time.advance(1000);
		expect(test.lines).toHaveLength(2);
		expect(test.sessions()).toBe(2);
		expect(test.link.state).toMatchObject({ state: "open", reason: null, opened: 2, failures: 1 });
	});

	test("waits longer each time a line opens and dies without a byte, and 1 s again once bytes came", () => {
		const test = harness({});
		test.time.advance(0);
		test.line().options.onError("gone");
		test.time.advance(1000);
		test.line().options.onError("gone");
		test.time.advance(1000);
		expect(test.lines).toHaveLength(2);
		test.time.advance(1000);
		expect(test.lines).toHaveLength(3);
		test.line().deliver(0x7e);
		test.line().options.onError("gone");
		test.time.advance(1000);
		expect(test.lines).toHaveLength(4);
	});

	test("a write that finds no room is counted, and the line stays open", () => {
		const test = harness({ receive: () => [{ do: "send", bytes: Uint8Array.of(6) }] });
		test.time.advance(0);
		test.line().full = true;
		test.line().deliver(1);
		expect(test.rejections).toMatchObject([{ layer: "line", code: "write" }]);
		expect(test.link.state.state).toBe("open");
	});

	test("leaves no timer and no open line behind when it is closed", () => {
		const test = harness({ tick: (now) => [{ do: "wakeAt", time: now + 1000 }] });
		test.time.advance(0);
		test.link.close();
		expect(test.line().closed).toBe(1);
		expect(test.time.pending).toBe(0);
		expect(test.link.state.state).toBe("off");
	});
});
