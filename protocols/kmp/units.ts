// KMP's unit codes. Source: Kamstrup 5512-447 chapter 5.1 and later registers' lists; where lists disagree
// (21, 25, 38) the newer reading is taken: W, var, K.

import { lookUp } from "../shared/table.js";

/** Codes whose number is a time or a date in decimal digits. */
export const CLOCK = 47;
export const DATE = 48;
export const LONG_DATE = 49;
export const MONTH_DAY = 50;
/** Characters. */
export const ASCII = 54;
/** Codes of binary dates with time: YY MM DD hh mm ss, then weekday and info. */
export const REAL_TIME_CLOCK = 53;
export const REAL_TIME_CLOCK_Q = 63;
export const DATE_TIME = 64;
export const DATE_TIME_79 = 79;

/** Unit text of a code, and the power of ten where the code means "times ten". Code 0 and 51 are pure numbers. */
export interface KmpUnit {
	readonly unit: string | undefined;
	readonly power: number;
}

/** `-`: times, dates, characters and pure numbers; `10 m³` counts tens. */
const UNITS = `
0 -
1 Wh
2 kWh
3 MWh
4 GWh
5 J
6 kJ
7 MJ
8 GJ
9 cal
10 kcal
11 Mcal
12 Gcal
13 varh
14 kvarh
15 Mvarh
16 Gvarh
17 VAh
18 kVAh
19 MVAh
20 GVAh
21 W
22 kW
23 MW
24 GW
25 var
26 kvar
27 Mvar
28 Gvar
29 VA
30 kVA
31 MVA
32 GVA
33 V
34 A
35 kV
36 kA
37 °C
38 K
39 L
40 m³
41 L/h
42 m³/h
43 m³·°C
44 t
45 t/h
46 h
47 -
48 -
49 -
50 -
51 -
52 bar
53 -
54 -
55 10 m³
56 10 t
57 10 GJ
58 min
59 -
60 s
61 ms
62 d
63 -
64 -
65 imp/L
66 L/imp
79 -
85 %RH
86 %O₂
87 m/s
88 kJ/kg
89 pH
90 g/kg
`;
const TENS = "10 ";
const NO_UNIT = "-";

/** An unknown code keeps its number: `unit 91`. */
export function kmpUnit(code: number): KmpUnit {
	const unit = lookUp(UNITS, code) ?? `unit ${code}`;
	if (unit.startsWith(TENS)) return { unit: unit.slice(TENS.length), power: 1 };
	return { unit: unit === NO_UNIT ? undefined : unit, power: 0 };
}
