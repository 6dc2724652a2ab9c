// The line to the meter over the platform's serial class: the ESP32's own (serial/), on Linux the SDK's, on Node
// host/platform. Adds what they lack: 7E1 and 7O1 (carried over 8N1, so that each wrong character is known), a transmit queue, a change
// of settings, removal of echoes, and a clear reason where a port cannot be opened or is gone.
// Source: $MODDABLE/modules/io/serial/lin/serial.c. Eight data bits with parity, and inversion, need a class that
// honours them (the ESP32's; Node's but for inversion); the SDK's stays at 8N1.

import Serial from "meter-serial";
import type { LineSettings } from "../protocols/protocol.js";
import { Clock, timers } from "./clock.js";
import { EchoRemover } from "./echo.js";
import type { Line, LineCounters, LineOptions } from "./line.js";
import { carriesParity, ParityCheck, withParity } from "./parity.js";
import type { SdkSerial, SerialClass, SerialOptions } from "./sdk.js";
import { onError, onReadable, onWritable, type StreamOwner } from "./target.js";

const SerialPort: SerialClass = Serial;

/** Bytes that may wait to be sent: beyond this a write throws. The longest request of any protocol is far shorter. */
const TRANSMIT_QUEUE = 2048;
/** Bytes handed to the serial class at once; the SDK's takes at most 1,024. */
const TRANSMIT_PIECE = 1024;
/** Empty wake-ups in a row that mean the other end is gone: one alone may be a race between two openings. */
const EMPTY_WAKE_UPS = 3;
/** Longer than a scheduler's granularity: the last stop bit has surely left. */
const MARGIN_MS = 2;
const NOTHING = new Uint8Array(0);

/** Opens the line; throws with a reason where it cannot. */
export function openSerialLine(options: LineOptions): Line {
	return new SerialLine(options);
}

class SerialLine implements Line, StreamOwner {
	readonly #options: LineOptions;
	readonly #clock = new Clock();
	readonly #counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	readonly #parity = new ParityCheck();
	/** Made with the first write: most meters are only heard. */
	#queue = NOTHING;
	#queued = 0;
	#settings: LineSettings;
	#echo: EchoRemover | undefined;
	#serial: SdkSerial | undefined;
	#writable = true;
	#empty = 0;
	/** When the last byte written will have left the UART (this line's clock). */
	#sentAt = 0;
	/** Settings that wait until `#before` queued bytes, and all that was written, are on the wire. */
	#next: LineSettings | undefined;
	#before = 0;
	#timer: unknown;

	constructor(options: LineOptions) {
		this.#options = options;
		this.#settings = options.settings;
		if (options.removeEcho) this.#echo = new EchoRemover(TRANSMIT_QUEUE);
		this.#serial = this.#open();
	}

	/** A port that is opened again for new settings begins to count anew, but for `bytes` and 7E1's parity. */
	get counters(): LineCounters {
		const port = this.#serial?.counters ?? this.#counters;
		return { ...port, bytes: this.#counters.bytes, parity: this.#parity.wrong + port.parity };
	}

	read(): Uint8Array | undefined {
		const buffer = this.#serial?.read();
		if (!buffer || buffer.byteLength === 0) return undefined;
		const bytes = new Uint8Array(buffer);
		this.#counters.bytes += bytes.length;
		if (carriesParity(this.#settings)) this.#parity.strip(bytes, this.#settings.parity);
		else if (!this.#parity.believes(bytes.length, this.#serial?.counters?.parity ?? 0)) return undefined;
		if (!this.#echo) return bytes;
		const others = this.#echo.received(bytes, this.#clock.now());
		return others.length > 0 ? others : undefined;
	}

	write(bytes: Uint8Array): void {
		if (!this.#serial) throw new Error("the line is closed");
		if (bytes.length > TRANSMIT_QUEUE - this.#queued) throw new Error("the transmit queue is full");
		if (this.#queue.length === 0) this.#queue = new Uint8Array(TRANSMIT_QUEUE);
		this.#queue.set(bytes, this.#queued);
		this.#queued += bytes.length;
		try {
			this.#send();
		} catch (error) {
			this.#queued -= bytes.length;
			throw error;
		}
	}

	/** A later call replaces settings that still wait. */
	set(settings: LineSettings): void {
		if (!this.#serial) throw new Error("the line is closed");
		if (!this.#next) this.#before = this.#queued;
		this.#next = settings;
		this.#change();
	}

	close(): void {
		timers.clear(this.#timer);
		this.#timer = undefined;
		this.#next = undefined;
		this.#serial?.close();
		this.#serial = undefined;
	}

	#open(): SdkSerial {
		try {
			return new SerialPort(this.#serialOptions());
		} catch (error) {
			throw new Error(`cannot be opened: ${error instanceof Error ? error.message : error}`);
		}
	}

	#serialOptions(): SerialOptions {
		const { baud, dataBits, parity, stopBits, invertReceive, invertTransmit } = this.#settings;
		const coded = carriesParity(this.#settings);
		const { port, pins } = this.#options;
		return {
			...(port === "" ? undefined : { device: port }),
			...(pins && { pins }),
			baud,
			dataBits: coded ? 8 : dataBits,
			parity: coded ? "none" : parity,
			stopBits,
			invertReceive,
			invertTransmit,
			format: "buffer",
			...{ target: this, onReadable, onWritable, onError },
		};
	}

	onReadable(count: number, serial: object): void {
		// An opening that has been replaced by one with other settings says nothing any more.
		if (serial !== this.#serial) return;
		if (count === 0) {
			// Linux wakes without a byte when the other end has gone.
			this.#empty++;
			if (this.#empty >= EMPTY_WAKE_UPS) this.#lost("the port is gone", true);
			return;
		}
		this.#empty = 0;
		try {
			this.#options.onReadable(count);
		} catch (error) {
			told(error);
		}
	}

	onWritable(_count: number, serial: object): void {
		if (serial !== this.#serial) return;
		this.#writable = true;
		try {
			this.#send();
			this.#change();
		} catch (error) {
			this.#lost(error instanceof Error ? error.message : `${error}`, true);
			return;
		}
		if (this.#queued > 0 || !this.#serial) return;
		try {
			this.#options.onWritable?.(TRANSMIT_QUEUE);
		} catch (error) {
			told(error);
		}
	}

	onError(reason: unknown, serial: object): void {
		if (serial === this.#serial) this.#lost(typeof reason === "string" ? reason : "the port is gone");
	}

	/** The serial class closes itself after `onError`; closing it there too would free it twice on Linux. */
	#lost(reason: string, close = false): void {
		if (!this.#serial) return;
		if (!close) this.#serial = undefined;
		this.close();
		try {
			this.#options.onError(reason);
		} catch (error) {
			told(error);
		}
	}

	/** Hands on what waits, as far as the settings that it was written under hold and the serial class is ready. */
	#send(): void {
		const waiting = this.#next ? this.#before : this.#queued;
		if (!this.#serial || !this.#writable || waiting === 0) return;
		const length = Math.min(waiting, TRANSMIT_PIECE);
		const { baud, dataBits, parity, stopBits } = this.#settings;
		const piece = this.#queue.slice(0, length);
		const wire = carriesParity(this.#settings) ? withParity(piece, parity) : piece;
		this.#serial.write(wire.buffer as ArrayBuffer);
		this.#writable = false;
		this.#queue.copyWithin(0, length, this.#queued);
		this.#queued -= length;
		if (this.#next) this.#before -= length;
		const bits = 1 + dataBits + (parity === "none" ? 0 : 1) + stopBits;
		this.#sentAt = Math.max(this.#sentAt, this.#clock.now()) + (length * bits * 1000) / baud;
		this.#echo?.sent(piece, this.#sentAt, (bits * 1000) / baud);
	}

	/** Takes the waiting settings once all that was written before them is on the wire. */
	#change(): void {
		if (!this.#next || this.#before > 0 || !this.#writable || this.#timer !== undefined) return;
		const wait = this.#sentAt - this.#clock.now();
		if (wait > 0) {
			this.#timer = timers.set(() => {
				this.#timer = undefined;
				try {
					this.#change();
				} catch (error) {
					this.#lost(error instanceof Error ? error.message : `${error}`, true);
				}
			}, wait + MARGIN_MS);
			return;
		}
		const settings = this.#next;
		this.#next = undefined;
		this.#apply(settings);
		this.#send();
	}

	#apply(settings: LineSettings): void {
		const before = this.#serialOptions();
		this.#settings = settings;
		const after = this.#serialOptions();
		const serial = this.#serial;
		const { baud, dataBits, parity, stopBits, invertReceive, invertTransmit } = after;
		const same =
			baud === before.baud &&
			dataBits === before.dataBits &&
			parity === before.parity &&
			stopBits === before.stopBits &&
			(!SerialPort.allFormats ||
				(invertReceive === before.invertReceive && invertTransmit === before.invertTransmit));
		if (same || !serial) return;
		if (serial.configure) serial.configure(after);
		else {
			// Opened again before the old one is closed, so that a pty's other end never sees it hang up.
			this.#serial = this.#open();
			serial.close();
		}
		this.#writable = true;
	}
}

/** The SDK's class swallows exceptions of its callbacks. */
function told(error: unknown): void {
	trace(`line: ${error}\n`);
}
