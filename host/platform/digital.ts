// The SDK's `embedded:io/digital` (ECMA-419, Digital class) over emulated pins. Without them there are no pins here, and
// it says so, as the class that stands in on XS for Linux does.

import { configuration } from "./configuration.js";
import type { EmulatedPins } from "./emulated-pins.js";

interface DigitalOptions {
	readonly pin: number;
	readonly mode: number;
	readonly activeLow?: boolean;
	readonly initialValue?: number;
	readonly edge?: number;
	onReadable?(this: Digital): void;
}

export default class Digital {
	static readonly Input = 0;
	static readonly InputPullUp = 1;
	static readonly InputPullDown = 2;
	static readonly Output = 8;
	static readonly Rising = 1;
	static readonly Falling = 2;

	readonly #pins: EmulatedPins;
	readonly #options: DigitalOptions;
	#closed = false;
	/** A call is on its way: edges until then are told by it too. */
	#telling = false;

	constructor(options: DigitalOptions) {
		const { pins } = configuration;
		if (!pins) throw new Error("no pins here");
		const { pin, mode, activeLow = false, initialValue = 0, edge = 0, onReadable } = options;
		const input = mode !== Digital.Output;
		if (input && onReadable && edge === 0) throw new RangeError("invalid edges");
		pins.take(pin);
		this.#pins = pins;
		this.#options = options;
		if (!input) pins.drive(pin, (initialValue !== 0) !== activeLow);
		else if (mode !== Digital.Input) pins.pull(pin, mode === Digital.InputPullUp);
		if (input && onReadable) pins.watch(pin, (level) => this.#edge(level));
	}

	read(): 0 | 1 {
		if (this.#closed) throw new Error("closed");
		const { pin, mode, activeLow = false } = this.#options;
		if (mode === Digital.Output) throw new Error("can't read output");
		return this.#pins.level(pin) !== activeLow ? 1 : 0;
	}

	write(value: number): void {
		if (this.#closed) throw new Error("closed");
		const { pin, mode, activeLow = false } = this.#options;
		if (mode !== Digital.Output) throw new Error("can't write input");
		this.#pins.drive(pin, (value !== 0) !== activeLow);
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#pins.release(this.#options.pin);
	}

	#edge(level: boolean): void {
		const { activeLow = false, edge = 0, onReadable } = this.#options;
		const wanted = level !== activeLow ? Digital.Rising : Digital.Falling;
		if ((edge & wanted) === 0 || this.#telling) return;
		this.#telling = true;
		queueMicrotask(() => {
			this.#telling = false;
			if (!this.#closed) onReadable?.call(this);
		});
	}
}
