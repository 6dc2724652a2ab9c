// What a household switches on over a day: a plan of uses, drawn anew for each day from the seed.
// Invented, but in the usual sizes; no measured data of anybody's home.

import { Random } from "./random.js";

/** One use: from `start` to `end` (seconds of the day), on for `onSeconds` of each `cycleSeconds`. */
export interface Use {
	readonly name: string;
	readonly start: number;
	readonly end: number;
	/** Watts on each phase while it is on. */
	readonly watts: readonly [number, number, number];
	readonly cycleSeconds: number;
	readonly onSeconds: number;
	/** Reactive power as a share of the active: positive for motors, negative for electronics. */
	readonly reactiveShare: number;
	/** How far the watts wander from second to second, as a share: little for a kettle, much for chargers and computers. */
	readonly wander: number;
}

const WANDER_OF_MACHINES = 0.015;
const WANDER_OF_ELECTRONICS = 0.12;

export const SECONDS_OF_HOUR = 3600;
export const SECONDS_OF_DAY = 86400;

/** What the household has. */
export interface Equipment {
	/** A heat pump; without one it heats with gas. */
	readonly heatPump: boolean;
}

/** All uses of one day (`day`: days since 1970 in local time). */
export function planDay(seed: number, day: number, { heatPump }: Equipment): readonly Use[] {
	const random = new Random(seed, day);
	const uses: Use[] = [
		cycling("fridge", [85, 0, 0], 2700, random.whole(780, 1020), 0.6, random),
		cycling("freezer", [0, 70, 0], 3300, random.whole(1100, 1400), 0.6, random),
		always("standby", [55, 40, 30], -0.2),
	];
	for (const hour of [6.6, 10.2, 15.1, 20.3]) {
		const start = around(hour, 0.6, random);
		uses.push(steady("kettle", start, start + random.whole(130, 210), [0, 2000, 0], 0));
	}
	cooking(uses, random);
	evening(uses, random);
	if (random.chance(0.5)) washing(uses, "washing machine", around(random.between(9, 14), 0.5, random), 2);
	if (random.chance(0.7)) washing(uses, "dishwasher", around(19.5, 0.7, random), 0);
	if (heatPump) {
		const on = Math.round(1800 * shareOfHeating(day, random));
		uses.push(cycling("heat pump", [620, 620, 620], 1800, on, 0.35, random));
	}
	return uses;
}

function cooking(uses: Use[], random: Random): void {
	const start = around(17.2, 0.7, random);
	const heated = start + random.whole(480, 660);
	uses.push(steady("oven heating up", start, heated, [0, 0, 2300], 0));
	uses.push(switched("oven", heated, heated + random.whole(1500, 3000), [0, 0, 2300], 90, 32, 0));
	const hob = start + random.whole(300, 1500);
	uses.push(switched("hob", hob, hob + random.whole(900, 1800), [1500, 0, 0], 24, 13, 0));
	const breakfast = around(7, 0.4, random);
	uses.push(switched("toaster", breakfast, breakfast + random.whole(150, 240), [0, 900, 0], 60, 60, 0));
}

function evening(uses: Use[], random: Random): void {
	const dusk = around(17, 0.8, random);
	const bed = around(22.8, 0.6, random);
	uses.push(steady("lights", dusk, bed, [60, 45, 70], -0.1));
	uses.push(steady("television", around(19, 0.6, random), bed, [0, 0, 115], -0.15));
	const morning = around(6.3, 0.4, random);
	uses.push(steady("morning lights", morning, morning + random.whole(3000, 6000), [40, 60, 20], -0.1));
}

/** Heats water at first, then turns. */
function washing(uses: Use[], name: string, start: number, phase: 0 | 2): void {
	const on = (watts: number): [number, number, number] => (phase === 0 ? [watts, 0, 0] : [0, 0, watts]);
	uses.push(steady(`${name} heating`, start, start + 900, on(1950), 0));
	uses.push(switched(name, start + 900, start + 4500, on(230), 20, 14, 0.5));
}

/** 0.15 in July to 0.75 in January, a little different each day. */
function shareOfHeating(day: number, random: Random): number {
	const season = Math.cos(((day % 365.25) / 365.25) * 2 * Math.PI);
	return 0.45 + 0.27 * season + random.between(-0.05, 0.05);
}

/** Seconds of the day near an hour, up to `spread` hours off. */
function around(hour: number, spread: number, random: Random): number {
	return Math.round((hour + random.between(-spread, spread)) * SECONDS_OF_HOUR);
}

type Watts = Use["watts"];

function cycling(name: string, watts: Watts, cycle: number, on: number, share: number, random: Random): Use {
	return switched(name, -random.whole(0, cycle), SECONDS_OF_DAY, watts, cycle, on, share);
}

function always(name: string, watts: Watts, share: number): Use {
	return { ...steady(name, 0, SECONDS_OF_DAY, watts, share), wander: WANDER_OF_ELECTRONICS };
}

function steady(name: string, start: number, end: number, watts: Watts, share: number): Use {
	return switched(name, start, end, watts, 1, 1, share);
}

function switched(
	name: string,
	start: number,
	end: number,
	watts: Watts,
	cycleSeconds: number,
	onSeconds: number,
	reactiveShare: number,
): Use {
	return { name, start, end, watts, cycleSeconds, onSeconds, reactiveShare, wander: WANDER_OF_MACHINES };
}

/** Whether the use draws power at that second of its day. */
export function isOn({ start, end, cycleSeconds, onSeconds }: Use, second: number): boolean {
	return second >= start && second < end && (second - start) % cycleSeconds < onSeconds;
}
