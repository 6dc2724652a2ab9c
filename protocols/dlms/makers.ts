// Makers by the three letters that begin a system title or logical device name (DLMS User Association's FLAG list).

/** The maker's name; the letters themselves where it is not one of those that push lists come from. */
export function makerOf(bytes: Uint8Array, offset = 0): string | undefined {
	for (let index = offset; index < offset + 3; index++) {
		const letter = bytes[index] ?? 0;
		if (letter < 0x41 || letter > 0x5a) return undefined;
	}
	const letters = String.fromCharCode(
		bytes[offset] as number,
		bytes[offset + 1] as number,
		bytes[offset + 2] as number,
	);
	return makerName(letters) ?? letters;
}

/** The maker of a FLAG id. */
export function makerName(letters: string): string | undefined {
	switch (letters) {
		case "KAM":
			return "Kamstrup";
		case "KFM":
			return "Kaifa";
		case "AID":
			return "Aidon";
		case "ISK":
		case "ISE":
			return "Iskraemeco";
		case "LGZ":
		case "LGF":
			return "Landis+Gyr";
		case "SAG":
			return "Sagemcom";
		case "ELS":
			return "Elster";
		case "EMR":
			return "Energomera";
		case "NES":
			return "NES";
		default:
			return undefined;
	}
}
