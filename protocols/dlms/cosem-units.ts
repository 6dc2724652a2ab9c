// Units of COSEM registers: the enumeration of scaler-unit (IEC 62056-6-2, table of units), and what an
// electricity object is measured in where a push carries no unit.

import type { Obis } from "../../readings/obis.js";
import { lookUp } from "../shared/table.js";

const UNITS = `
4 d
5 h
6 min
7 s
8 °
9 °C
13 m³
14 m³
15 m³/h
16 m³/h
19 L
20 kg
23 Pa
24 bar
25 J
26 J/h
27 W
28 VA
29 var
30 Wh
31 VAh
32 varh
33 A
35 V
38 Ω
44 Hz
45 imp/Wh
46 imp/varh
52 K
56 %
57 Ah
`;
const FIRST_PURE_NUMBER = 254;

/** Spelling of a scaler-unit's unit; empty for a pure number; `undefined` for codes that are not in the table. */
export function cosemUnit(code: number): string | undefined {
	return code === FIRST_PURE_NUMBER || code === FIRST_PURE_NUMBER + 1 ? "" : lookUp(UNITS, code);
}

/** What kind of quantity an electricity object (A = 1) is, as far as its unit goes. */
export type Measure = "power" | "energy" | "voltage" | "current" | "factor" | "frequency" | "angle" | "none";

const PHASE_GROUPS = 20;
const FIRST_PHASE_GROUP = 21;
const LAST_PHASE_GROUP = 80;
const NEUTRAL_CURRENT = 91;
const ANGLES = 81;

/** Group C without its phase: 1–20. */
function unphased(c: number): number {
	return c >= FIRST_PHASE_GROUP && c <= LAST_PHASE_GROUP ? ((c - 1) % PHASE_GROUPS) + 1 : c;
}

/** Measure by groups C and D (IEC 62056-61, tables 8 and 12). */
export function measureOf({ a, c, d }: Obis): Measure {
	if (a !== 1) return "none";
	if (c === ANGLES) return "angle";
	if (c === NEUTRAL_CURRENT) return d === 7 ? "current" : "none";
	const group = unphased(c);
	if (group <= 10 || (group >= 15 && group <= 20)) {
		if (d === 8 || d === 9 || d === 29) return "energy";
		return d >= 4 && d <= 7 ? "power" : "none";
	}
	if (d !== 7) return "none";
	if (group === 11) return "current";
	if (group === 12) return "voltage";
	if (group === 13) return "factor";
	return group === 14 ? "frequency" : "none";
}

/** Base unit of a measure: `W`, `varh`, `A`, …; empty for pure numbers. */
export function baseUnit(obis: Obis, measure: Measure): string {
	switch (measure) {
		case "power":
			return kind(obis, "W", "var", "VA");
		case "energy":
			return kind(obis, "Wh", "varh", "VAh");
		case "voltage":
			return "V";
		case "current":
			return "A";
		case "frequency":
			return "Hz";
		case "angle":
			return "°";
		default:
			return "";
	}
}

function kind({ c }: Obis, active: string, reactive: string, apparent: string): string {
	const group = unphased(c);
	if (group >= 3 && group <= 8) return reactive;
	return group === 9 || group === 10 ? apparent : active;
}
