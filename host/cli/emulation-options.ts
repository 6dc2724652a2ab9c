// The options of an emulated meter, the same for `emulate` and `run`.

import { findMeter, METERS, type MeterModel } from "../meters/meters.js";
import { positiveNumber, UsageError, wholeNumber } from "./command.js";

export const EMULATION_OPTIONS = {
	meter: { type: "string" },
	speed: { type: "string" },
	seed: { type: "string" },
	solar: { type: "string" },
} as const;

export const EMULATION_HELP = `  --speed N            the meter's time passes N times as fast (1)
  --seed N             another household; the same number gives the same days (1)
  --solar WATTS        with solar panels of that peak power (0)
`;

export interface Emulation {
	readonly speed: number;
	readonly seed: number;
	readonly solarWatts: number;
}

const MOST_SPEED = 10_000;
const MOST_SEED = 0xffff_ffff;
const MOST_SOLAR_WATTS = 100_000;

type Given = { readonly [K in "meter" | "speed" | "seed" | "solar"]?: string | undefined };

export function emulation({ speed, seed, solar }: Given): Emulation {
	return {
		speed: speed === undefined ? 1 : positiveNumber("--speed", speed, MOST_SPEED),
		seed: seed === undefined ? 1 : wholeNumber("--seed", seed, 0, MOST_SEED),
		solarWatts: solar === undefined ? 0 : wholeNumber("--solar", solar, 0, MOST_SOLAR_WATTS),
	};
}

export function meterNames(): string {
	return METERS.map(({ name }) => name).join(", ");
}

export function chosenMeter(name: string): MeterModel {
	const meter = findMeter(name);
	if (!meter) throw new UsageError(`unknown meter ${name}; there are ${meterNames()}`);
	return meter;
}
