// KMP's unit codes. Source: Kamstrup 5512-447 chapter 5.1 and later registers' lists; where lists disagree
// (21, 25, 38) the newer reading is taken: W, var, K.

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

/** An unknown code keeps its number: `unit 91`. */
export function kmpUnit(code: number): KmpUnit {
	switch (code) {
		case 55:
			return { unit: "m³", power: 1 };
		case 56:
			return { unit: "t", power: 1 };
		case 57:
			return { unit: "GJ", power: 1 };
		case 0:
		case 51:
		case 59:
		case DATE_TIME_79:
		case CLOCK:
		case DATE:
		case LONG_DATE:
		case MONTH_DAY:
		case ASCII:
		case REAL_TIME_CLOCK:
		case REAL_TIME_CLOCK_Q:
		case DATE_TIME:
			return { unit: undefined, power: 0 };
		default:
			return { unit: unitText(code) ?? `unit ${code}`, power: 0 };
	}
}

function unitText(code: number): string | undefined {
	switch (code) {
		case 1:
			return "Wh";
		case 2:
			return "kWh";
		case 3:
			return "MWh";
		case 4:
			return "GWh";
		case 5:
			return "J";
		case 6:
			return "kJ";
		case 7:
			return "MJ";
		case 8:
			return "GJ";
		case 9:
			return "cal";
		case 10:
			return "kcal";
		case 11:
			return "Mcal";
		case 12:
			return "Gcal";
		case 13:
			return "varh";
		case 14:
			return "kvarh";
		case 15:
			return "Mvarh";
		case 16:
			return "Gvarh";
		case 17:
			return "VAh";
		case 18:
			return "kVAh";
		case 19:
			return "MVAh";
		case 20:
			return "GVAh";
		case 21:
			return "W";
		case 22:
			return "kW";
		case 23:
			return "MW";
		case 24:
			return "GW";
		case 25:
			return "var";
		case 26:
			return "kvar";
		case 27:
			return "Mvar";
		case 28:
			return "Gvar";
		case 29:
			return "VA";
		case 30:
			return "kVA";
		case 31:
			return "MVA";
		case 32:
			return "GVA";
		case 33:
			return "V";
		case 34:
			return "A";
		case 35:
			return "kV";
		case 36:
			return "kA";
		default:
			return otherUnitText(code);
	}
}

function otherUnitText(code: number): string | undefined {
	switch (code) {
		case 37:
			return "°C";
		case 38:
			return "K";
		case 39:
			return "L";
		case 40:
			return "m³";
		case 41:
			return "L/h";
		case 42:
			return "m³/h";
		case 43:
			return "m³·°C";
		case 44:
			return "t";
		case 45:
			return "t/h";
		case 46:
			return "h";
		case 52:
			return "bar";
		case 58:
			return "min";
		case 60:
			return "s";
		case 61:
			return "ms";
		case 62:
			return "d";
		case 65:
			return "imp/L";
		case 66:
			return "L/imp";
		case 85:
			return "%RH";
		case 86:
			return "%O₂";
		case 87:
			return "m/s";
		case 88:
			return "kJ/kg";
		case 89:
			return "pH";
		case 90:
			return "g/kg";
		default:
			return undefined;
	}
}
