// Watches readings for values that physics makes unlikely: slips of scaling that the wire does not say, counters that
// fall. It warns in health and never alters a value. Memory is bounded; time is an argument.

import { compare, type Decimal, toText } from "../readings/decimal.js";
import { findQuantity, type Quantity, type Reading } from "../readings/reading.js";

/** Something a person should look at. */
export interface Warning {
	readonly code:
		| "voltage"
		| "frequency"
		| "both-directions"
		| "power-beyond-current"
		| "counter-fell"
		/** The line's own troubles: line-hints.ts, port-power.ts. */
		| "line"
		| "stopped"
		| "safe-mode"
		/** No price is known: prices.ts. */
		| "price"
		| "setting";
	/** The quantity's name; null for a setting. */
	readonly quantity: string | null;
	/** Its value and unit as read; null for a setting. */
	readonly value: string | null;
	/** What it means, in a sentence. */
	readonly text: string;
	/** Monotonic milliseconds since which it holds, or at which it happened. */
	readonly since: number;
}

const LEAST_VOLTS = 100;
const MOST_VOLTS = 300;
/** 50 and 60 Hz nets and what they ever leave their nominal value by. */
const LEAST_HERTZ = 45;
const MOST_HERTZ = 65;
/** Below this, import and export at once may be a change of direction inside the meter's interval. */
const BOTH_DIRECTIONS_W = 500;
/** Below this, currents in whole amperes say nothing about powers. */
const LEAST_COMPARED_W = 500;
const MOST_POWER_RATIO = 3;
/** A fall is an event: it is told for a day. */
const FALL_SHOWN_MS = 86_400_000;
const MOST_WARNINGS = 16;
const MOST_COUNTERS = 32;
const PHASES = 3;

interface Counter {
	/** M-Bus channel of a sub-meter, 0 for the meter itself. */
	readonly channel: number;
	readonly name: string;
	value: Decimal;
	unit: string | undefined;
}

export class Plausibility {
	readonly #standing: readonly Warning[];
	readonly #counters: Counter[] = [];
	/** Whose counters these are. */
	#meter: string | undefined;
	#warnings: Warning[] = [];

	/** `standing`: warnings that come from settings and hold as long as the gateway runs. */
	constructor(standing: readonly string[], now: number) {
		this.#standing = standing.map((text) => ({
			...({ code: "setting", quantity: null, value: null } as const),
			...{ text, since: now },
		}));
	}

	/** What holds now, settings first. */
	warnings(now: number): readonly Warning[] {
		this.#warnings = this.#warnings.filter(
			({ code, since }) => code !== "counter-fell" || now - since < FALL_SHOWN_MS,
		);
		return [...this.#standing, ...this.#warnings];
	}

	/** Looks at a reading; warnings of values that are right again end. */
	check(reading: Reading, now: number): void {
		for (const quantity of reading.quantities) this.#checkRange(quantity, now);
		this.#checkDirections(reading, now);
		this.#checkPower(reading, now);
		// Records of a log are older than what is known.
		if (reading.meter.list?.startsWith("log ") === true) return;
		this.#checkCounters(reading, now);
	}

	#checkRange(quantity: Quantity, now: number): void {
		const { name, value } = quantity;
		if (typeof value === "string") return;
		if (name === "voltage_l1" || name === "voltage_l2" || name === "voltage_l3") {
			const volts = approximately(value);
			// Exactly 0: a phase that is not connected, as in three-wire and single-phase installations.
			const wrong = volts !== 0 && (volts < LEAST_VOLTS || volts > MOST_VOLTS);
			this.#hold("voltage", wrong, quantity, now, VOLTAGE_TEXT);
		} else if (name === "frequency") {
			const hertz = approximately(value);
			this.#hold("frequency", hertz < LEAST_HERTZ || hertz > MOST_HERTZ, quantity, now, FREQUENCY_TEXT);
		}
	}

	#checkDirections(reading: Reading, now: number): void {
		const imported = findQuantity(reading, "power_import");
		const exported = findQuantity(reading, "power_export");
		if (!imported || !exported) return;
		const wrong = watts(imported) > BOTH_DIRECTIONS_W && watts(exported) > BOTH_DIRECTIONS_W;
		this.#hold("both-directions", wrong, exported, now, DIRECTIONS_TEXT);
	}

	/** The sum of U × I over all phases against the power; only where every phase has both. */
	#checkPower(reading: Reading, now: number): void {
		const imported = findQuantity(reading, "power_import");
		if (!imported) return;
		const exported = findQuantity(reading, "power_export");
		const power = Math.abs(watts(imported) - (exported ? watts(exported) : 0));
		let apparent = 0;
		let phases = 0;
		for (let phase = 1; phase <= PHASES; phase++) {
			const voltage = findQuantity(reading, voltageName(phase))?.value;
			const current = findQuantity(reading, currentName(phase))?.value;
			if (voltage === undefined && current === undefined) continue;
			if (voltage === undefined || current === undefined) return;
			if (typeof voltage === "string" || typeof current === "string") return;
			// A current may be more than it shows by one of its last digit.
			apparent += approximately(voltage) * (Math.abs(approximately(current)) + 10 ** current.exponent);
			phases++;
		}
		if (phases === 0) return;
		const wrong = power > LEAST_COMPARED_W && power > MOST_POWER_RATIO * apparent;
		const larger = exported && watts(exported) > watts(imported) ? exported : imported;
		this.#hold("power-beyond-current", wrong, larger, now, POWER_TEXT);
	}

	#checkCounters(reading: Reading, now: number): void {
		const { id } = reading.meter;
		// Another meter's counters are no fall of this one's: lists without a number belong to whoever came before.
		if (id !== undefined && this.#meter !== undefined && id !== this.#meter) this.#counters.length = 0;
		this.#meter = id ?? this.#meter;
		for (const quantity of reading.quantities) this.#checkCounter(0, quantity, now);
		for (const device of reading.devices)
			for (const quantity of device.quantities) this.#checkCounter(device.channel ?? -1, quantity, now);
	}

	#checkCounter(channel: number, quantity: Quantity, now: number): void {
		const { name, value, unit } = quantity;
		if (typeof value === "string" || !isCounter(name)) return;
		const known = this.#counters.find((one) => one.channel === channel && one.name === name);
		if (!known) {
			if (this.#counters.length < MOST_COUNTERS) this.#counters.push({ channel, name, value, unit });
			return;
		}
		if (known.unit === unit && compare(value, known.value) < 0) {
			const before = quantityText(known.value, unit);
			this.#end("counter-fell", name);
			this.#add({ code: "counter-fell", ...told(quantity), text: fallText(before), since: now });
		}
		known.value = value;
		known.unit = unit;
	}

	/** A warning begins, goes on with its new value, or ends. */
	#hold(code: Warning["code"], wrong: boolean, quantity: Quantity, now: number, text: string): void {
		const known = this.#warnings.find((one) => one.code === code && sameQuantity(one, code, quantity.name));
		if (!wrong && !known) return;
		if (known) this.#end(code, known.quantity);
		if (wrong) this.#add({ code, ...told(quantity), text, since: known?.since ?? now });
	}

	#end(code: Warning["code"], quantity: string | null): void {
		this.#warnings = this.#warnings.filter((one) => one.code !== code || one.quantity !== quantity);
	}

	#add(warning: Warning): void {
		if (this.#warnings.length < MOST_WARNINGS) this.#warnings.push(warning);
	}
}

const VOLTAGE_TEXT =
	"A phase voltage outside 100 to 300 V: scaled wrongly by a power of ten, or measured behind a voltage transformer.";
const FREQUENCY_TEXT = "No grid runs at that frequency: it is probably scaled wrongly.";
const DIRECTIONS_TEXT =
	"Much import and export at once: the meter counts each phase for itself, or one of the two is something else.";
const POWER_TEXT =
	"More than three times what voltages and currents can carry: power is scaled wrongly, or the ratio of current transformers is in it but not in the currents.";

function fallText(before: string): string {
	return `A counter fell from ${before}: the meter was exchanged or reset, or its scaling has changed.`;
}

/** Only voltages have one warning for each quantity; the power that a warning shows may change its direction. */
function sameQuantity(warning: Warning, code: Warning["code"], name: string): boolean {
	return code !== "voltage" || warning.quantity === name;
}

function told({ name, value, unit }: Quantity): { readonly quantity: string; readonly value: string } {
	return { quantity: name, value: typeof value === "string" ? value : quantityText(value, unit) };
}

function quantityText(value: Decimal, unit: string | undefined): string {
	return unit === undefined ? toText(value) : `${toText(value)} ${unit}`;
}

/** Near enough to compare with a limit, and cheaper than by text. */
function approximately({ mantissa, exponent }: Decimal): number {
	return Number(mantissa) * 10 ** exponent;
}

function watts({ value, unit }: Quantity): number {
	return typeof value === "string" || unit !== "W" ? 0 : approximately(value);
}

/** Totals that only ever grow: energies and volumes. */
function isCounter(name: string): boolean {
	return (
		name.startsWith("energy_") ||
		name.startsWith("reactive_energy_") ||
		name === "heat_energy" ||
		name === "cooling_energy" ||
		name === "heat_volume" ||
		name === "gas_volume" ||
		name === "water_volume"
	);
}

function voltageName(phase: number): string {
	return phase === 1 ? "voltage_l1" : phase === 2 ? "voltage_l2" : "voltage_l3";
}

function currentName(phase: number): string {
	return phase === 1 ? "current_l1" : phase === 2 ? "current_l2" : "current_l3";
}
