// A line whose two ends are UARTs on one wire: an emulated meter at its settings, the program at those it chooses.
// Bytes of both are rendered to bits and sampled by the other end (uart-model.ts).

import type { Line, LineOptions } from "../../hardware/line";
import { carriesParity, ParityCheck, withParity } from "../../hardware/parity";
import { AskedLine } from "../../host/meters/asked-line";
import { AskedMeter } from "../../host/meters/asked-meter";
import { MeterLine } from "../../host/meters/meter-line";
import { characterBits, type PushMeter } from "../../host/meters/push-meter";
import type { LineSettings } from "../../protocols/protocol";
import type { FakeTime } from "../fake-timers";
import { type FramingPolicy, type Stretch, stretchesOf, UartReceiver } from "./uart-model";

export interface WireOptions {
	readonly time: FakeTime;
	readonly policy?: FramingPolicy;
	/** The meter's signal is inverted, as P1's open collector gives it. */
	readonly inverted?: boolean;
	/** How the meter really sends, where that is not its usual line. */
	readonly settings?: LineSettings;
	/** The optical head gives back what is sent. */
	readonly echo?: boolean;
	/** The program's UART takes no settings but 8N1, as the SDK's on Linux. */
	readonly alwaysEightNone?: boolean;
	/** Local milliseconds at which the meter begins. */
	readonly start?: number;
}

const MICROSECONDS = 1000;
/** Longer without a byte, and the wire was idle in between. */
const IDLE_CHARACTERS = 1.5;

/** Seven bits with parity come as eight from emulated meters, and go so from SerialLine: the same bits. */
function rendered(settings: LineSettings): LineSettings {
	return carriesParity(settings) ? { ...settings, dataBits: 8, parity: "none" } : settings;
}

/** A wire with, or without, a meter at its other end. */
export class Wire {
	/** Everything that the program sent, as it wrote it. */
	readonly sent: number[][] = [];
	/** Settings that the program opened or set. */
	readonly settings: LineSettings[] = [];
	opened = 0;
	/** While true, opening fails. */
	unplugged = false;
	#line: WiredLine | undefined;
	#push: MeterLine | undefined;
	#asked: AskedLine | undefined;
	#lastByteAt = 0;

	constructor(
		readonly options: WireOptions,
		readonly meter: PushMeter | undefined,
	) {
		const { time, start = 0 } = options;
		const sink = { write: (bytes: Uint8Array) => this.send(bytes) };
		const common = { sink, timers: time, now: time.now, start, speed: 1 };
		if (meter instanceof AskedMeter) this.#asked = new AskedLine({ ...common, meter });
		else if (meter) this.#push = new MeterLine({ ...common, meter });
	}

	openLine = (options: LineOptions): Line => {
		if (this.unplugged) throw new Error("cannot be opened: there is no such port");
		this.opened++;
		this.settings.push(options.settings);
		this.#line = new WiredLine(this, options);
		return this.#line;
	};

	get isInverted(): boolean {
		return this.options.inverted === true;
	}

	/** The meter's end sends these bytes; their last bit is on the wire now. */
	send(bytes: Uint8Array, as = this.meterSettings): void {
		const { time } = this.options;
		const settings = rendered(as);
		const characterMs = (characterBits(settings) * 1000) / settings.baud;
		const began = time.now() - bytes.length * characterMs;
		const idleMs = began - this.#lastByteAt;
		this.#lastByteAt = time.now();
		const idle: Stretch = { level: !this.isInverted, microseconds: idleMs * MICROSECONDS };
		const isIdle = idleMs > IDLE_CHARACTERS * characterMs;
		this.#line?.hear([...(isIdle ? [idle] : []), ...stretchesOf(bytes, settings, this.isInverted)]);
	}

	/** What the program wrote, sampled by the meter when its last bit has arrived. */
	heard(bytes: Uint8Array, as: LineSettings): void {
		this.sent.push([...bytes]);
		const asked = this.#asked;
		const { time, echo = false } = this.options;
		const settings = rendered(as);
		const wire = carriesParity(as) ? withParity(bytes, as.parity) : bytes.slice();
		const sendingMs = (bytes.length * characterBits(settings) * 1000) / settings.baud;
		if (echo) time.set(() => this.send(wire, settings), sendingMs);
		const received: number[] = [];
		const uart = new UartReceiver(rendered(this.meterSettings), "keep", (byte) => received.push(byte));
		for (const stretch of stretchesOf(wire, settings, false)) uart.push(stretch);
		uart.push({ level: true, microseconds: 100 * MICROSECONDS });
		time.set(() => asked?.receive(Uint8Array.from(received)), sendingMs);
	}

	get meterSettings(): LineSettings {
		const settings = this.options.settings ?? this.meter?.line;
		if (!settings) throw new Error("no meter and no settings");
		return settings;
	}

	/** The plug is pulled. */
	unplug(): void {
		this.unplugged = true;
		this.#line?.lose("the port is gone");
	}

	/** A short loss: the port is there again at once. */
	jolt(): void {
		this.#line?.lose("the port is gone");
	}

	close(): void {
		this.#push?.close();
		this.#asked?.close();
	}
}

class WiredLine implements Line {
	readonly #wire: Wire;
	readonly #options: LineOptions;
	#settings: LineSettings;
	#uart: UartReceiver;
	#waiting: number[] = [];
	#closed = false;
	#sentAt = 0;
	readonly #parity = new ParityCheck();
	readonly #before = { bytes: 0, parity: 0, overflow: 0, framing: 0 };

	constructor(wire: Wire, options: LineOptions) {
		this.#wire = wire;
		this.#options = options;
		this.#settings = options.settings;
		this.#uart = this.#receiver();
	}

	get counters() {
		const { bytes, parity, overflow, framing } = this.#uart.counters;
		const before = this.#before;
		return {
			bytes: before.bytes + bytes,
			parity: before.parity + parity + this.#parity.wrong,
			overflow: before.overflow + overflow,
			framing: before.framing + framing,
		};
	}

	read(): Uint8Array | undefined {
		if (this.#waiting.length === 0) return undefined;
		const bytes = Uint8Array.from(this.#waiting);
		this.#waiting = [];
		if (carriesParity(this.#settings)) this.#parity.strip(bytes, this.#settings.parity);
		return bytes;
	}

	write(bytes: Uint8Array): void {
		const { time } = this.#wire.options;
		const { baud } = this.#settings;
		const sendingMs = (bytes.length * characterBits(this.#settings) * 1000) / baud;
		this.#sentAt = Math.max(time.now(), this.#sentAt) + sendingMs;
		this.#wire.heard(bytes, this.#settings);
	}

	set(settings: LineSettings): void {
		const { time } = this.#wire.options;
		this.#wire.settings.push(settings);
		const change = () => {
			if (this.#closed) return;
			const { bytes, parity, overflow, framing } = this.#uart.counters;
			this.#before.bytes += bytes;
			this.#before.parity += parity;
			this.#before.overflow += overflow;
			this.#before.framing += framing;
			this.#settings = settings;
			this.#uart = this.#receiver();
		};
		if (this.#sentAt > time.now()) time.set(change, this.#sentAt - time.now());
		else change();
	}

	close(): void {
		this.#closed = true;
	}

	hear(stretches: readonly Stretch[]): void {
		if (this.#closed) return;
		for (const stretch of stretches) this.#uart.push(stretch);
		// The last stop bit of a burst is followed by a level that stays: enough of it to be sampled.
		if (this.#waiting.length > 0) this.#options.onReadable(this.#waiting.length);
	}

	lose(reason: string): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#options.onError(reason);
	}

	#receiver(): UartReceiver {
		const { policy = "drop", alwaysEightNone = false } = this.#wire.options;
		const settings: LineSettings = alwaysEightNone
			? { ...this.#settings, dataBits: 8, parity: "none", stopBits: 1 }
			: rendered(this.#settings);
		const uart = new UartReceiver(settings, policy, (byte) => this.#waiting.push(byte));
		// The wire as it is when the port is opened: high, or low all the time.
		uart.push({ level: !this.#wire.isInverted, microseconds: 50 * MICROSECONDS });
		return uart;
	}
}
