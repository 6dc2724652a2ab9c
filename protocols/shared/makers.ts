// Makers by their three letters (FLAG Association): in identification lines, system titles, logical device names.

import { lookUp } from "./table.js";

const MAKERS = `
ACE Itron
ADN Aidon
AID Aidon
ELS Elster
EMH EMH
EMR Energomera
ESY EasyMeter
FLU Fluvius
ISE Iskraemeco
ISK Iskraemeco
ITR Itron
KAM Kamstrup
KFM Kaifa
KMP Kamstrup
LGB Landis+Gyr
LGF Landis+Gyr
LGY Landis+Gyr
LGZ Landis+Gyr
LUG Landis+Gyr
NES NES
SAG Sagemcom
SIE Siemens
XMX Xemex
`;

/** The maker's name; `undefined` for letters of grid companies and unknown ones. */
export function makerName(letters: string): string | undefined {
	return lookUp(MAKERS, letters);
}
