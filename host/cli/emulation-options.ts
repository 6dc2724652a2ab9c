// The options of an emulated meter, the same for `emulate` and `run`.

import { findMeter, METERS, type MeterModel } from "../meters/meters.js";
import { positiveNumber, UsageError, wholeNumber } from "./command.js";

export const EMULATION_OPTIONS = {
	meter: { type: "string" },
	speed: { type: "string" },
	seed: { type: "string" },
	solar: { type: "string" },
	noise: { type: "string" },
} as const;

export const EMULATION_HELP = `  --speed N            the meter's time passes N times as fast (1)
  --seed N             another household; the same number gives the same days (1)
  --solar WATTS        with solar panels of that peak power (0)
  --noise RATE         a bad line: that share of bits is flipped and of bytes lost, with rubbish
                       between frames (0); 1e-4 is a poor line, 1e-3 hardly lets a frame through
`;

export interface Emulation {
	readonly speed: number;
	readonly seed: number;
	readonly solarWatts: number;
	/** Share of bits that are flipped on the line. */
	readonly noise: number;
}

const MOST_SPEED = 10_000;
const MOST_SEED = 0xffff_ffff;
const MOST_SOLAR_WATTS = 100_000;

type Given = { readonly [K in "meter" | "speed" | "seed" | "solar" | "noise"]?: string | undefined };

export function emulation({ speed, seed, solar, noise }: Given): Emulation {
	return {
		speed: speed === undefined ? 1 : positiveNumber("--speed", speed, MOST_SPEED),
		seed: seed === undefined ? 1 : wholeNumber("--seed", seed, 0, MOST_SEED),
		noise: noise === undefined ? 0 : share("--noise", noise),
		solarWatts: solar === undefined ? 0 : wholeNumber("--solar", solar, 0, MOST_SOLAR_WATTS),
	};
}

/** A number from 0 to 1, also as 1e-4. */
function share(option: string, text: string): number {
	const value = Number(text);
	if (!/^(\d+(\.\d*)?|\.\d+)(e-?\d+)?$/i.test(text) || value > 1)
		throw new UsageError(`${option} must be a share from 0 to 1, such as 1e-4`);
	return value;
}

export function meterNames(): string {
	return METERS.map(({ name }) => name).join(", ");
}

export function chosenMeter(name: string): MeterModel {
	const meter = findMeter(name);
	if (!meter) throw new UsageError(`unknown meter ${name}; there are ${meterNames()}`);
	return meter;
}
