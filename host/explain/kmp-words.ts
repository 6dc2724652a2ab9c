// KMP commands and registers in words. Source: Kamstrup 5512-447 chapters 5 and 6, and docs/protocols/kmp.md.

import { registerName } from "../../protocols/kmp/registers.js";

export const PUT_REGISTER = 0x11;
export const CLEAR_EVENT_STATUS = 0x9c;

/** `GetRegister`; `undefined` for a command that no document lists. */
export function commandName(cid: number): string | undefined {
	switch (cid) {
		case 0x01:
			return "GetType";
		case 0x02:
			return "GetSerialNo";
		case 0x09:
			return "SetClock";
		case 0x10:
			return "GetRegister";
		case PUT_REGISTER:
			return "PutRegister";
		case 0x9b:
			return "GetEventStatus";
		case CLEAR_EVENT_STATUS:
			return "ClearEventStatus";
		case 0xa0:
			return "GetLogTimePresent";
		case 0xa1:
			return "GetLogLastPresent";
		case 0xa2:
			return "GetLogIDPresent";
		case 0xa3:
			return "GetLogTimePast";
		default:
			return undefined;
	}
}

/** The destination; `undefined` for one that no document lists. */
export function destinationName(address: number): string | undefined {
	switch (address) {
		case 0x3f:
			return "the meter";
		case 0x7f:
			return "logger of the top module";
		case 0xbf:
			return "logger of the base module";
		default:
			return undefined;
	}
}

/** Registers that hold a number by which a meter or its owner can be told, bus addresses included. */
const IDENTITIES: ReadonlySet<number> = new Set([
	104, 112, 114, 157, 158, 171, 172, 184, 185, 218, 219, 347, 1001, 1010,
]);

export function isIdentityRegister(register: number): boolean {
	return IDENTITIES.has(register);
}

/** Words for registers without a canonical name. */
const REGISTERS: ReadonlyMap<number, string> = new Map([
	[61, "energy E4"],
	[62, "energy E5"],
	[64, "tariff TA2"],
	[65, "tariff TA3"],
	[66, "tariff limit TL2"],
	[67, "tariff limit TL3"],
	[69, "volume V2"],
	[72, "mass M1"],
	[73, "mass M2"],
	[75, "flow 2"],
	[84, "pulse input A1"],
	[85, "pulse input B1"],
	[88, "temperature T3"],
	[91, "pressure P1"],
	[92, "pressure P2"],
	[94, "energy E2"],
	[95, "energy E6"],
	[96, "energy E7"],
	[97, "energy E8 (m³·T1)"],
	[98, "target date"],
	[99, "info code"],
	[104, "meter number of input B"],
	[110, "energy E9 (m³·T2)"],
	[112, "customer number, high digits"],
	[113, "info event counter"],
	[114, "meter number of input A"],
	[122, "temperature T4"],
	[152, "program number"],
	[153, "configuration 1"],
	[154, "software checksum"],
	[155, "high-resolution reading"],
	[168, "configuration 2"],
	[175, "error hours"],
	[234, "litres a pulse, input A"],
	[235, "litres a pulse, input B"],
	[346, "module software"],
	[347, "customer number"],
	[348, "date and time"],
	[369, "info bits"],
	[404, "meter type"],
	[1001, "serial number"],
	[1002, "time"],
	[1003, "date"],
	[1005, "software"],
	[1010, "customer number, low digits"],
	[1032, "operating mode"],
]);

/** `86 temperature_supply`. */
export function registerWords(register: number): string {
	return `${register} ${registerName(register) ?? REGISTERS.get(register) ?? "(no known meaning)"}`;
}
