// The board's face: one light that says how it goes, one button. Takes pins and facts by injection; which pins these
// are is the board's knowledge, what a press does the app's.

import type { Board } from "../hardware/boards/board.js";
import type { InputPin, OutputPin, Pins } from "../hardware/pins.js";
import type { LogLevel, Timers } from "../outputs/output.js";
import { Button } from "./button.js";
import type { LineState } from "./health.js";
import { Led, type LedPattern } from "./led.js";

const LOOK_EVERY_MS = 500;
/** Longer than any meter's interval but for battery meters, which stay lit as `searching` in between. */
const READING_FRESH_MS = 3_600_000;

/** The pins; `undefined` where nothing is wired. */
export interface PanelWiring {
	readonly led: number | undefined;
	readonly ledActiveLow: boolean;
	/** Low when pressed, with the chip's own pull-up. */
	readonly button: number | undefined;
}

/** The board's light and button, where it has them. */
export function panelWiring(board: Board | undefined): PanelWiring {
	return {
		led: board?.pins.led,
		ledActiveLow: board?.activeLow.includes("led") ?? false,
		button: board?.pins.button,
	};
}

/** What the light is made of. */
export interface PanelFacts {
	/** The set-up network is open. */
	readonly portal: boolean;
	/** The known network is gone. */
	readonly offline: boolean;
	/** Not everything was started after several crashes. */
	readonly safeMode: boolean;
	readonly line: LineState["state"];
	/** Milliseconds since the newest reading. */
	readonly readingAge: number | undefined;
}

export interface PanelOptions {
	readonly pins: Pins;
	readonly wiring: PanelWiring;
	readonly timers: Timers;
	now(): number;
	log(line: string, level: LogLevel): void;
	readonly owner: PanelOwner;
}

export interface PanelOwner {
	panelFacts(): PanelFacts;
	/** The button was held for as long as that takes. */
	onFactoryReset(): void;
}

export class Panel {
	readonly #options: PanelOptions;
	#ledPin: OutputPin | undefined;
	#led: Led | undefined;
	#buttonPin: InputPin | undefined;
	#button: Button | undefined;
	#timer: unknown;

	constructor(options: PanelOptions) {
		this.#options = options;
		this.#openLed();
		this.#openButton();
		if (this.#led) this.#timer = options.timers.repeat(() => this.#look(), LOOK_EVERY_MS);
	}

	/** A reading came. */
	reading(): void {
		this.#led?.flash();
	}

	/** Shows a person which device this is; false where there is no light. */
	identify(): boolean {
		this.#led?.identify();
		return this.#led !== undefined;
	}

	close(): void {
		this.#options.timers.clear(this.#timer);
		this.#led?.close();
		this.#ledPin?.close();
		this.#button?.close();
		this.#buttonPin?.close();
	}

	#openLed(): void {
		const { pins, wiring, timers } = this.#options;
		if (wiring.led === undefined) return;
		try {
			const pin = pins.output(wiring.led, { invert: wiring.ledActiveLow });
			this.#ledPin = pin;
			this.#led = new Led({ write: (lit) => pin.write(lit), timers });
		} catch (error) {
			this.#told("LED", error);
		}
	}

	#openButton(): void {
		const { pins, wiring, timers, now, owner } = this.#options;
		if (wiring.button === undefined) return;
		try {
			const pin = pins.input(wiring.button, {
				pull: "up",
				invert: true,
				onChange: (pressed) => this.#button?.changed(pressed),
			});
			this.#buttonPin = pin;
			this.#button = new Button({
				timers,
				now,
				pressed: pin.value,
				onPress: () => void this.identify(),
				onWarning: (near) => this.#led?.warnOfReset(near),
				onReset: () => owner.onFactoryReset(),
			});
		} catch (error) {
			this.#told("button", error);
		}
	}

	/** A pin that cannot be had costs the light or the button, not the gateway. */
	#told(what: string, error: unknown): void {
		this.#options.log(`${what}: ${error instanceof Error ? error.message : error}`, "warning");
	}

	#look(): void {
		this.#led?.show(patternOf(this.#options.owner.panelFacts()));
	}
}

/** What is most worth saying. */
export function patternOf({ portal, offline, safeMode, line, readingAge }: PanelFacts): LedPattern {
	if (portal) return "portal";
	if (offline || safeMode || line === "waiting" || line === "off") return "error";
	return readingAge !== undefined && readingAge < READING_FRESH_MS ? "reading" : "searching";
}
