// The line lent to another program: one writer, in its turn, on its own settings, and the gateway's polling afterwards.

import { MeterLink } from "../../app/meter-link";
import { LineTap } from "../../app/meter-tap";
import type { Line, LineOptions } from "../../hardware/line";
import type { TapListener, TapSettings } from "../../outputs/meter-tap";
import type { Action, LineSettings, Protocol, Session, SessionOptions } from "../../protocols/protocol";
import { FakeTime } from "../fake-timers";

const SETTINGS: LineSettings = {
	baud: 1200,
	dataBits: 8,
	parity: "none",
	stopBits: 2,
	invertReceive: true,
	invertTransmit: false,
};
const QUESTION = Uint8Array.of(1, 2, 3);
const PERIOD = 10_000;

class FakeLine implements Line {
	readonly counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	#waiting: Uint8Array | undefined;

	constructor(
		readonly options: LineOptions,
		readonly done: string[],
	) {}

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
		this.done.push(`write ${bytes.join(" ")}`);
	}

	set({ baud, invertReceive }: LineSettings): void {
		if (baud === 12_345) throw new Error("no such speed");
		this.done.push(`set ${baud} ${invertReceive ? "inverted" : ""}`.trim());
	}

	close(): void {}
}

/** A program on the tap, and what it heard. */
class Listener implements TapListener {
	readonly heard: number[] = [];
	readonly interruptions: string[] = [];

	bytes(bytes: Uint8Array): void {
		this.heard.push(...bytes);
	}

	interrupted(reason: string): void {
		this.interruptions.push(reason);
	}
}

/** A link whose session asks every ten seconds, or never, and notes what it hears. */
function harness(asks: boolean) {
	const time = new FakeTime();
	const done: string[] = [];
	const lines: FakeLine[] = [];
	const heard: number[] = [];
	let due = 0;
	const session: Session = {
		receive: (bytes) => {
			heard.push(...bytes);
			return [];
		},
		tick: (now): readonly Action[] => {
			if (!asks) return [];
			const wake = { do: "wakeAt", time: now < due ? due : now + PERIOD } as const;
			if (now < due) return [wake];
			due = now + PERIOD;
			return [{ do: "send", bytes: QUESTION }, wake];
		},
		end: () => [],
	};
	const protocol: Protocol = {
		name: "fake",
		title: "Fake",
		lines: [SETTINGS],
		settings: [],
		open: () => session,
	};
	const tap: LineTap = new LineTap(
		{
			get link() {
				return link;
			},
		},
		time,
		time.now,
	);
	const link: MeterLink = new MeterLink({
		protocol,
		session: {} as SessionOptions,
		port: "/dev/meter",
		settings: SETTINGS,
		timers: time,
		now: time.now,
		random: () => 0,
		log: () => {},
		owner: {
			openLine: (options) => {
				const line = new FakeLine(options, done);
				lines.push(line);
				return line;
			},
			onBytes: (bytes) => tap.heard(bytes),
			onSent: (bytes) => tap.sent(bytes.length),
			onInterrupted: (reason) => tap.interrupted(reason),
			onReading: () => {},
			onRejected: () => {},
		},
	});
	time.advance(0);
	return { time, done, heard, tap, link, line: () => lines.at(-1) as FakeLine };
}

describe("a meter that is asked", () => {
	test("a writer waits for the answer to the gateway's question, which only the gateway hears", () => {
		const { time, done, heard, tap, line } = harness(true);
		const listener = new Listener();
		const client = tap.listen(listener);
		time.advance(100);
		expect(client.claim()).toBe(true);
		client.write(Uint8Array.of(7));
		// The echo of the head, then the answer in two pieces.
		line().deliver(...QUESTION);
		time.advance(500);
		line().deliver(40, 41);
		time.advance(150);
		line().deliver(42);
		time.advance(199);
		expect(done).toEqual(["write 1 2 3"]);
		time.advance(1);
		expect(done).toEqual(["write 1 2 3", "write 7"]);
		line().deliver(50);
		expect(heard).toEqual([...QUESTION, 40, 41, 42]);
		expect(listener.heard).toEqual([50]);
	});

	test("without an answer the writer waits two seconds", () => {
		const { time, done, tap } = harness(true);
		const client = tap.listen(new Listener());
		client.claim();
		client.write(Uint8Array.of(7));
		time.advance(1999);
		expect(done).toEqual(["write 1 2 3"]);
		time.advance(1);
		expect(done).toEqual(["write 1 2 3", "write 7"]);
	});

	test("polling stands back while the line is lent, and goes on at once afterwards", () => {
		const { time, done, tap, link } = harness(true);
		const client = tap.listen(new Listener());
		time.advance(5000);
		client.claim();
		time.advance(60_000);
		expect(done).toEqual(["write 1 2 3"]);
		expect([tap.isClaimed, link.sent]).toEqual([true, 3]);
		client.release();
		expect(done).toEqual(["write 1 2 3", "write 1 2 3"]);
		time.advance(PERIOD);
		expect(done).toHaveLength(3);
	});

	test("of two writers the second is refused until the first lets go, and is heard by nobody", () => {
		const { time, done, tap, line } = harness(true);
		const [first, second] = [new Listener(), new Listener()];
		const [one, two] = [tap.listen(first), tap.listen(second)];
		time.advance(5000);
		expect([one.claim(), two.claim(), one.claim()]).toEqual([true, false, true]);
		one.write(Uint8Array.of(7));
		two.write(Uint8Array.of(8));
		two.set({ ...SETTINGS, baud: 9600 });
		two.release();
		line().deliver(50);
		expect(done).toEqual(["write 1 2 3", "write 7"]);
		expect([first.heard, second.heard]).toEqual([[50], []]);
		one.close();
		expect(two.claim()).toBe(true);
	});

	test("a writer's settings hold for its turn; the wiring's inversion stays", () => {
		const { time, done, tap } = harness(true);
		const client = tap.listen(new Listener());
		time.advance(5000);
		client.claim();
		client.set({ baud: 9600, dataBits: 7, parity: "even", stopBits: 1 });
		expect(tap.settings).toMatchObject({ baud: 9600, dataBits: 7, parity: "even" });
		client.release();
		expect(done).toEqual(["write 1 2 3", "set 9600 inverted", "set 1200 inverted", ...done.slice(3)]);
		expect(tap.settings).toMatchObject({ baud: 1200 });
	});

	test("settings asked for while the gateway's answer is awaited wait as well", () => {
		const { time, done, tap } = harness(true);
		const client = tap.listen(new Listener());
		client.claim();
		client.set({ ...SETTINGS, baud: 2400 });
		client.write(Uint8Array.of(7));
		time.advance(2000);
		expect(done).toEqual(["write 1 2 3", "set 2400 inverted", "write 7"]);
	});

	test("what waits is bounded", () => {
		const { time, done, tap } = harness(true);
		const client = tap.listen(new Listener());
		client.claim();
		for (let count = 0; count < 100; count++) client.write(new Uint8Array(64).fill(count));
		time.advance(2000);
		expect(done).toHaveLength(1 + 512 / 64);
	});

	test("a line that is lost takes itself back, later, and tells", () => {
		const { time, tap, link } = harness(true);
		const listener = new Listener();
		const client = tap.listen(listener);
		time.advance(5000);
		client.claim();
		const odd: TapSettings = { ...SETTINGS, baud: 12_345 };
		client.set(odd);
		expect(listener.interruptions).toEqual([]);
		time.advance(0);
		expect(listener.interruptions).toEqual(["no such speed"]);
		expect(client.claim()).toBe(false);
		time.advance(2000);
		expect(listener.interruptions).toEqual(["no such speed", "open"]);
		expect(link.state.state).toBe("open");
		expect(client.claim()).toBe(true);
	});
});

describe("a meter that sends by itself", () => {
	test("everybody hears it, the gateway too while somebody writes", () => {
		const { heard, tap, line, done } = harness(false);
		const [first, second] = [new Listener(), new Listener()];
		const [one] = [tap.listen(first), tap.listen(second)];
		line().deliver(1);
		one?.claim();
		one?.write(Uint8Array.of(9));
		line().deliver(2);
		expect([heard, first.heard, second.heard]).toEqual([
			[1, 2],
			[1, 2],
			[1, 2],
		]);
		expect(done).toEqual(["write 9"]);
	});

	test("the gateway hears nothing while the line is set as somebody else wants it", () => {
		const { heard, tap, line } = harness(false);
		const client = tap.listen(new Listener());
		client.claim();
		client.set({ ...SETTINGS, baud: 300 });
		line().deliver(1);
		client.release();
		line().deliver(2);
		expect(heard).toEqual([2]);
	});
});
