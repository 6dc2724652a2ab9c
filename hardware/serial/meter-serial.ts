// The serial class of the ESP32, in C (meter-serial.c over meter-uart.h): a receive ring of 4 KB that no blocked main loop
// overruns in 366 ms at 115200 baud, all formats and inversions by hardware, and counts of what went wrong.
// The SDK's own class has none of these. Loaded on the ESP32 only; elsewhere `meter-serial` is the SDK's or Node's.
//
// Callbacks come from the main loop, one after another, never from inside a method, and none after `close`:
// - onReadable(count): bytes wait. Not again for the same bytes, so read until `undefined`; what `read` leaves (it
//   gives at most 2,048 at once) is told by another call.
// - onWritable(count): all that was written has left the wire with its last stop bit, and settings that waited hold.
// - onError(reason): the chip refused new settings. The class has closed itself.
// An exception of a callback ends the machine, as in the SDK's classes: callers catch their own.

import type { LineCounters } from "../line.js";
import type { SerialOptions } from "../sdk.js";

/** What a message tells: `UART_TELLS_…` in uart-policy.h. */
const READABLE = 0b001;
const WRITABLE = 0b010;
const REFUSED = 0b100;
/** `UART_POLICY_TRANSMIT` in uart-policy.h. */
const TRANSMIT_QUEUE = 1024;
const NO_PIN = -1;
const INVERT_RECEIVE = 0b01;
const INVERT_TRANSMIT = 0b10;

type Format = [baud: number, dataBits: number, parity: number, stopBits: number, inversion: number];

function formatOf(options: SerialOptions): Format {
	const { baud, dataBits = 8, parity = "none", stopBits = 1, invertReceive, invertTransmit } = options;
	const inversion = (invertReceive ? INVERT_RECEIVE : 0) | (invertTransmit ? INVERT_TRANSMIT : 0);
	return [baud, dataBits, parity === "even" ? 1 : parity === "odd" ? 2 : 0, stopBits, inversion];
}

export default class MeterSerial extends Native("xs_meter_serial_destructor") {
	/** It does every format and inversion. */
	static readonly allFormats = true;

	readonly target: unknown;
	readonly #options: SerialOptions;
	#closed = true;

	/** Throws where the pins or the UART are in use or cannot be so. One may be open. */
	constructor(options: SerialOptions) {
		super();
		this.#options = options;
		this.target = options.target;
		const { pins } = options;
		if (!pins) throw new Error("no pins are set");
		const { port, receive = NO_PIN, transmit = NO_PIN } = pins;
		const [baud, dataBits, parity, stopBits, inversion] = formatOf(options);
		native("xs_meter_serial_open").call(
			this,
			port,
			receive,
			transmit,
			baud,
			dataBits,
			parity,
			stopBits,
			inversion,
		);
		this.#closed = false;
	}

	/** Everything that waits, at most 2,048 bytes, or `undefined`. */
	read(): ArrayBuffer | undefined {
		return this.#closed ? undefined : this.readRing();
	}

	/** Takes all bytes or throws; never waits. At most 1,024 may be on their way. */
	write(data: ArrayBuffer): void {
		if (this.#closed) throw new Error("closed");
		this.queue(data);
	}

	/** New format, once all that was written before is on the wire; never waits. Bytes received before stay. */
	configure(options: SerialOptions): void {
		if (this.#closed) throw new Error("closed");
		const [baud, dataBits, parity, stopBits, inversion] = formatOf(options);
		this.format(baud, dataBits, parity, stopBits, inversion);
	}

	/** Since opening; all but `overflow` are lower bounds (uart-policy.h). */
	get counters(): Omit<LineCounters, "bytes"> {
		if (this.#closed) return { parity: 0, overflow: 0, framing: 0, breaks: 0 };
		return {
			parity: this.count(1),
			overflow: this.count(0),
			framing: this.count(2),
			breaks: this.count(3),
		};
	}

	/** What is unsent or unread is void. Twice is fine. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.free();
	}

	/** Called by meter-serial.c, from the main loop. */
	deliver(tells: number, count: number): void {
		const { onReadable, onWritable, onError } = this.#options;
		if (tells & REFUSED) {
			this.close();
			onError?.call(this, "the UART refuses these settings");
			return;
		}
		if (tells & READABLE && count > 0) onReadable?.call(this, count);
		if (tells & WRITABLE && !this.#closed) onWritable?.call(this, TRANSMIT_QUEUE);
	}

	// The natives, each a function without any other code, as xsc wants them.

	private readRing(): ArrayBuffer | undefined {
		return native("xs_meter_serial_read").call(this) as ArrayBuffer | undefined;
	}

	private queue(data: ArrayBuffer): void {
		native("xs_meter_serial_write").call(this, data);
	}

	private format(baud: number, dataBits: number, parity: number, stopBits: number, inversion: number): void {
		native("xs_meter_serial_configure").call(this, baud, dataBits, parity, stopBits, inversion);
	}

	private count(which: number): number {
		return native("xs_meter_serial_count").call(this, which) as number;
	}

	private free(): void {
		native("xs_meter_serial_close").call(this);
	}
}
