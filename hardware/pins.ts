// Digital pins: outputs that are on or off, inputs that tell changes. Over the SDK's `embedded:io/digital`, which the
// ESP32 has; XS on Linux has a stand-in that refuses, and Node one that tests and emulated meters reach.
// Source: $MODDABLE/modules/io/digital. Which pins may be used for what is the boards' knowledge, not this file's.

import Digital from "embedded:io/digital";
import type { DigitalClass, DigitalOptions, SdkDigital } from "./sdk.js";

const DigitalPin = Digital as unknown as DigitalClass;

export interface OutputOptions {
	/** On is low: a transistor between pin and line turns the signal round. */
	readonly invert?: boolean;
	/** Level from the first moment; off where absent. */
	readonly initial?: boolean;
}

export interface OutputPin {
	write(on: boolean): void;
	/** Lets go: the pin floats, and what hangs on it takes its idle level. Twice is fine. */
	close(): void;
}

export type Pull = "up" | "down" | "none";

export interface InputOptions {
	readonly pull?: Pull;
	/** On is low: a contact or an optocoupler pulls the pin to ground. */
	readonly invert?: boolean;
	/**
	 * After one or more changes, never from inside `input`; `on` is the level when it is called. Changes that follow each
	 * other faster than the main loop turns are one call: who counts fast pulses needs `device.openPulses`.
	 */
	onChange?(on: boolean): void;
}

export interface InputPin {
	readonly value: boolean;
	close(): void;
}

/** Throw with a reason where there is no such pin, or it is in use, or cannot do that. */
export interface Pins {
	output(pin: number, options?: OutputOptions): OutputPin;
	input(pin: number, options?: InputOptions): InputPin;
}

export const digitalPins: Pins = {
	output: (pin, options = {}) => new DigitalOutput(pin, options),
	input: (pin, options = {}) => new DigitalInput(pin, options),
};

class DigitalOutput implements OutputPin {
	#digital: SdkDigital | undefined;

	constructor(pin: number, { invert = false, initial = false }: OutputOptions) {
		const initialValue = initial ? 1 : 0;
		this.#digital = open({ pin, mode: DigitalPin.Output, activeLow: invert, initialValue });
	}

	write(on: boolean): void {
		this.#digital?.write(on ? 1 : 0);
	}

	close(): void {
		this.#digital?.close();
		this.#digital = undefined;
	}
}

class DigitalInput implements InputPin {
	#digital: SdkDigital | undefined;

	constructor(pin: number, { pull = "none", invert = false, onChange }: InputOptions) {
		const mode = modeOf(pull);
		const watching = onChange && {
			edge: DigitalPin.Rising | DigitalPin.Falling,
			// A change that was on its way when the pin was closed is not told.
			onReadable: () => {
				if (this.#digital) onChange(this.value);
			},
		};
		this.#digital = open({ pin, mode, activeLow: invert, ...watching });
	}

	get value(): boolean {
		return this.#digital?.read() === 1;
	}

	close(): void {
		this.#digital?.close();
		this.#digital = undefined;
	}
}

function modeOf(pull: Pull): number {
	switch (pull) {
		case "up":
			return DigitalPin.InputPullUp;
		case "down":
			return DigitalPin.InputPullDown;
		case "none":
			return DigitalPin.Input;
	}
}

function open(options: DigitalOptions): SdkDigital {
	try {
		return new DigitalPin(options);
	} catch (error) {
		throw new Error(`pin ${options.pin}: ${error instanceof Error ? error.message : error}`);
	}
}
