// The line over a serial class that does every format itself and counts, as the ESP32's: what that is asked for, and
// what reaches the app. What Linux's and Node's classes do is tested on ptys (host-test/cli, host-test/e2e).

import type { SdkSerial, SerialOptions } from "../../hardware/sdk";
import { openSerialLine } from "../../hardware/serial-line";
import type { LineSettings } from "../../protocols/protocol";

class FakeUart implements SdkSerial {
	static readonly allFormats = true;
	static last: FakeUart;
	readonly configured: SerialOptions[] = [];
	readonly written: Uint8Array[] = [];
	waiting: Uint8Array[] = [];
	counters = { parity: 0, overflow: 0, framing: 0, breaks: 0 };
	closed = 0;

	readonly target: unknown;

	constructor(readonly options: SerialOptions) {
		this.target = options.target;
		FakeUart.last = this;
	}

	read(): ArrayBuffer | undefined {
		return this.waiting.shift()?.slice().buffer;
	}

	write(data: ArrayBuffer): void {
		this.written.push(new Uint8Array(data));
	}

	configure(options: SerialOptions): void {
		this.configured.push(options);
	}

	close(): void {
		this.closed++;
	}

	hears(...bytes: number[]): void {
		this.waiting.push(Uint8Array.from(bytes));
		this.options.onReadable?.call(this, bytes.length);
	}
}

jest.mock("meter-serial", () => ({ __esModule: true, default: FakeUartOf() }));

/** jest.mock runs before the class above is there. */
function FakeUartOf(): unknown {
	return new Proxy(class {}, {
		construct: (_, [options]) => new FakeUart(options as SerialOptions),
		get: (_, name) => Reflect.get(FakeUart, name),
	});
}

const MODE_C: LineSettings = {
	baud: 300,
	dataBits: 7,
	parity: "even",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
};
const PINS = { port: 1, receive: 16, transmit: 17 };

function open(settings: Partial<LineSettings> = {}, removeEcho = false) {
	const seen: number[] = [];
	const errors: string[] = [];
	const line = openSerialLine({
		port: "",
		pins: PINS,
		removeEcho,
		settings: { ...MODE_C, ...settings },
		onReadable: () => seen.push(...(line.read() ?? [])),
		onError: (reason) => errors.push(reason),
	});
	return { line, uart: FakeUart.last, seen, errors };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("pins, format and inversion reach the class as they are", () => {
	const { uart, line } = open({ dataBits: 8, stopBits: 2, invertReceive: true });
	expect(uart.options).toMatchObject({
		pins: PINS,
		baud: 300,
		dataBits: 8,
		parity: "even",
		stopBits: 2,
		invertReceive: true,
		invertTransmit: false,
	});
	expect(uart.options.device).toBeUndefined();
	// No parity bit is added to what the UART itself completes.
	line.write(Uint8Array.of(0x2f, 0x3f));
	expect(uart.written.map((bytes) => [...bytes])).toEqual([[0x2f, 0x3f]]);
});

test("7E1 is carried over 8N1, so that a character of wrong parity is known", () => {
	const { uart, line, seen } = open();
	expect(uart.options).toMatchObject({ dataBits: 8, parity: "none", stopBits: 1 });
	line.write(Uint8Array.of(0x2f, 0x3f));
	expect(uart.written.map((bytes) => [...bytes])).toEqual([[0xaf, 0x3f]]);
	// `/KAM`, whose M has a flipped bit.
	uart.hears(0xaf, 0x4b, 0x41, 0x4d ^ 0x08);
	expect(seen).toEqual([0x2f, 0x4b, 0x41, 0]);
	expect(line.counters).toMatchObject({ bytes: 4, parity: 1 });
});

test("what comes with a wrong parity that the UART has counted is dropped; where all is wrong, nothing", () => {
	const { uart, seen, line } = open({ dataBits: 8 });
	const heard = (parity: number) => {
		seen.length = 0;
		uart.counters = { ...uart.counters, parity };
		uart.hears(...Array(64).fill(0x55));
		return seen.length;
	};
	expect([heard(0), heard(1), heard(1), heard(9)]).toEqual([64, 0, 64, 0]);
	expect([heard(40), heard(80)]).toEqual([64, 64]);
	expect(line.counters).toMatchObject({ bytes: 384, parity: 80 });
});

test("new settings wait until all that was written has left, and a change of inversion alone is one", () => {
	const { uart, line } = open();
	line.write(Uint8Array.from([6, 0x30, 0x35, 0x30, 13, 10]));
	line.set({ ...MODE_C, baud: 9600 });
	expect(uart.configured).toHaveLength(0);
	// Six characters of 10 bits at 300 baud; then the UART says that the last stop bit has left.
	jest.advanceTimersByTime(205);
	expect(uart.configured).toHaveLength(0);
	uart.options.onWritable?.call(uart, 1024);
	expect(uart.configured.map(({ baud }) => baud)).toEqual([9600]);
	line.set({ ...MODE_C, baud: 9600, invertReceive: true });
	expect(uart.configured.map(({ invertReceive }) => invertReceive)).toEqual([false, true]);
	line.set({ ...MODE_C, baud: 9600, invertReceive: true });
	expect(uart.configured).toHaveLength(2);
});

test("the class's counts are the line's, with the bytes that were read", () => {
	const { uart, line } = open();
	uart.counters = { parity: 1, overflow: 2, framing: 3, breaks: 4 };
	// 7E1: neither has its parity bit, as it should.
	uart.hears(0x41, 0x42);
	expect(line.counters).toEqual({ bytes: 2, parity: 1, overflow: 2, framing: 3, breaks: 4 });
});

test("an echo is removed where that is asked for, and handed on where not", () => {
	for (const removeEcho of [false, true]) {
		const { uart, line, seen } = open({ baud: 2400 }, removeEcho);
		line.write(Uint8Array.from([1, 2, 3, 4]));
		jest.advanceTimersByTime(20);
		uart.hears(1, 2, 3, 4, 9, 8);
		expect(seen).toEqual(removeEcho ? [9, 8] : [1, 2, 3, 4, 9, 8]);
		expect(line.counters.bytes).toBe(6);
	}
});

test("settings that the UART refuses lose the line, with the reason", () => {
	const { uart, line, errors } = open();
	uart.options.onError?.call(uart, "the UART refuses these settings");
	expect(errors).toEqual(["the UART refuses these settings"]);
	expect(() => line.write(Uint8Array.of(1))).toThrow("closed");
});
