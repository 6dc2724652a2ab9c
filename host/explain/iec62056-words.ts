// Words for the characters of IEC 62056-21's option selection and commands (clauses 6.3.3 to 6.3.13).

/** MULTICAL's tables: 1 to 9, B, C, D, J. */
export function isTableName(character: number): boolean {
	return "123456789BCDJ".includes(String.fromCharCode(character));
}

export function selectionWords(mode: string | undefined): string {
	switch (mode) {
		case "0":
			return "readout";
		case "1":
			return "programming mode";
		case "2":
			return "binary mode (HDLC)";
		default:
			return "maker's own mode";
	}
}

export function commandWords(name: string): string {
	switch (name[0]) {
		case "P":
			return name === "P0" ? "operand of a password" : "password";
		case "R":
			return "read";
		case "W":
			return "write";
		case "B":
			return "break: ends the dialogue";
		default:
			return "maker's own";
	}
}
