// Registers of the emulated MULTICAL 403 and 603, with the formats that real replies show (a 403's temperatures and
// power have two bytes) or, where no reply was seen, the four bytes that the document names.
// Source: Kamstrup 5512-447 chapter 5.2; captures of a MULTICAL 403.

import { encodeValue } from "../../protocols/kmp/register-value.js";
import { decimal } from "../../readings/decimal.js";
import type { Extreme, Extremes } from "./heat-extremes.js";
import type { MulticalRegister, MulticalState } from "./multical.js";

/** Unit codes of chapter 5.1. */
const Unit = Object.freeze({
	none: 0,
	wattHours: 1,
	megawattHours: 3,
	kilowatts: 22,
	celsius: 37,
	kelvin: 38,
	cubicMetres: 40,
	litresPerHour: 41,
	cubicMetresCelsius: 43,
	hours: 46,
	clock: 47,
	date: 48,
	monthDay: 50,
	dateAndTime: 79,
} as const);

const WATT_SECONDS_OF_WH = 3600;
const MILLILITRES_OF_LITRE = 1000;
const HUNDREDTHS_OF_CUBIC_METRE_DEGREE = 100_000_000;
const SECONDS_OF_HOUR = 3600;
/** A long register, and the short one of MULTICAL 403 temperatures, flow and power. */
const LONG = 4;
const SHORT = 2;

function number(
	register: number,
	unit: number,
	length: number,
	exponent: number,
	value: (state: MulticalState) => number,
): MulticalRegister {
	return { register, value: (state) => encodeValue(unit, length, decimal(value(state), exponent)) };
}

function constant(register: number, value: number, unit: number = Unit.none): MulticalRegister {
	return number(register, unit, LONG, 0, () => value);
}

/** kW in tenths, as the display shows them. */
const tenthsOfKilowatt = (watts: number) => Math.floor(watts / 100);
const litresPerHour = (millilitresPerSecond: number) =>
	Math.floor((millilitresPerSecond * SECONDS_OF_HOUR) / MILLILITRES_OF_LITRE);

/** What both models have. */
export function commonRegisters(serial: number): readonly MulticalRegister[] {
	return [
		number(60, Unit.megawattHours, LONG, -3, ({ heat }) =>
			Math.floor(heat.counters.energy / WATT_SECONDS_OF_WH / 1000),
		),
		constant(63, 0, Unit.megawattHours),
		number(68, Unit.cubicMetres, LONG, -2, ({ heat }) =>
			Math.floor(heat.counters.volume / MILLILITRES_OF_LITRE / 10),
		),
		number(74, Unit.litresPerHour, SHORT, 0, ({ heat }) => litresPerHour(heat.flow)),
		number(80, Unit.kilowatts, SHORT, -1, ({ heat }) => tenthsOfKilowatt(heat.power)),
		number(86, Unit.celsius, SHORT, -2, ({ heat }) => heat.supply),
		number(87, Unit.celsius, SHORT, -2, ({ heat }) => heat.return),
		number(89, Unit.kelvin, SHORT, -2, ({ heat }) => heat.supply - heat.return),
		number(97, Unit.cubicMetresCelsius, LONG, 0, ({ heat }) =>
			Math.floor(heat.counters.supplySum / HUNDREDTHS_OF_CUBIC_METRE_DEGREE),
		),
		number(110, Unit.cubicMetresCelsius, LONG, 0, ({ heat }) =>
			Math.floor(heat.counters.returnSum / HUNDREDTHS_OF_CUBIC_METRE_DEGREE),
		),
		constant(84, 0, Unit.cubicMetres),
		constant(85, 0, Unit.cubicMetres),
		constant(98, 1_231, Unit.monthDay),
		constant(99, 0),
		constant(113, 2),
		...extremeRegisters(123, ({ extremes }) => extremes.year),
		...extremeRegisters(138, ({ extremes }) => extremes.month),
		...meanRegisters(146, ({ extremes }) => extremes.year),
		...meanRegisters(149, ({ extremes }) => extremes.month),
		constant(175, 0, Unit.hours),
		number(266, Unit.wattHours, LONG, 1, ({ heat }) =>
			Math.floor(heat.counters.energy / WATT_SECONDS_OF_WH / 10),
		),
		constant(1001, serial),
		number(1002, Unit.clock, LONG, 0, ({ clock }) => clockDigits(clock)),
		number(1003, Unit.date, LONG, 0, ({ clock }) => dateDigits(clock)),
		number(1004, Unit.hours, LONG, 0, ({ hours }) => hours),
		constant(1010, serial),
	];
}

/** What the 603 has besides: a second flow sensor's and cooling's counters, third temperature, date and time in one. */
export function registersOf603(): readonly MulticalRegister[] {
	return [
		...[61, 62, 94, 95, 96].map((register) => constant(register, 0, Unit.megawattHours)),
		...[64, 65].map((register) => constant(register, 0, Unit.megawattHours)),
		...[66, 67].map((register) => constant(register, 0, Unit.megawattHours)),
		constant(69, 0, Unit.cubicMetres),
		constant(75, 0, Unit.litresPerHour),
		constant(112, 0),
		constant(152, 1_234_567),
		constant(153, 42_611),
		constant(168, 141_100),
		number(239, Unit.cubicMetres, LONG, -3, ({ heat }) =>
			Math.floor(heat.counters.volume / MILLILITRES_OF_LITRE),
		),
		constant(267, 0, Unit.wattHours),
		{ register: 348, value: ({ clock }) => dateAndTime(clock) },
		constant(369, 0),
		number(398, Unit.celsius, SHORT, -1, ({ heat }) => Math.floor(heat.supply / 10)),
		number(399, Unit.celsius, SHORT, -1, ({ heat }) => Math.floor(heat.return / 10)),
		number(400, Unit.kelvin, SHORT, -1, ({ heat }) => Math.floor((heat.supply - heat.return) / 10)),
		constant(1005, 61_141),
	];
}

/** Eight registers from `first`: date and value of most and least flow, then of power (123 year, 138 month). */
function extremeRegisters(
	first: number,
	period: (state: MulticalState) => Extremes,
): readonly MulticalRegister[] {
	const pair = (register: number, flow: boolean, extreme: (extremes: Extremes) => Extreme) => [
		number(register, Unit.date, LONG, 0, (state) => dateDigits(extreme(period(state)).second)),
		flow
			? number(register + 1, Unit.litresPerHour, LONG, 0, (state) => extreme(period(state)).value)
			: number(register + 1, Unit.kilowatts, LONG, -1, (state) =>
					tenthsOfKilowatt(extreme(period(state)).value),
				),
	];
	return [
		...pair(first, true, ({ flowMost }) => flowMost),
		...pair(first + 2, true, ({ flowLeast }) => flowLeast),
		...pair(first + 4, false, ({ powerMost }) => powerMost),
		...pair(first + 6, false, ({ powerLeast }) => powerLeast),
	];
}

/** Volume-weighted mean temperatures since the period began. */
function meanRegisters(
	first: number,
	period: (state: MulticalState) => Extremes,
): readonly MulticalRegister[] {
	const mean = (register: number, sum: "supplySum" | "returnSum") =>
		number(register, Unit.celsius, LONG, -2, (state) => {
			const { since } = period(state);
			const { counters } = state.heat;
			const volume = counters.volume - since.volume;
			return volume === 0 ? 0 : Math.floor((counters[sum] - since[sum]) / volume);
		});
	return [mean(first, "supplySum"), mean(first + 1, "returnSum")];
}

function parts(second: number): readonly [number, number, number, number, number, number] {
	const date = new Date(second * 1000);
	return [
		date.getUTCFullYear() % 100,
		date.getUTCMonth() + 1,
		date.getUTCDate(),
		date.getUTCHours(),
		date.getUTCMinutes(),
		date.getUTCSeconds(),
	];
}

/** YYMMDD */
function dateDigits(second: number): number {
	const [year, month, day] = parts(second);
	return year * 10_000 + month * 100 + day;
}

/** hhmmss */
function clockDigits(second: number): number {
	const [, , , hour, minute, seconds] = parts(second);
	return hour * 10_000 + minute * 100 + seconds;
}

/** Eight bytes: YY MM DD hh mm ss, weekday, info. */
function dateAndTime(second: number): Uint8Array {
	const weekday = new Date(second * 1000).getUTCDay() || 7;
	return Uint8Array.of(Unit.dateAndTime, 8, 0, ...parts(second), weekday, 0);
}
