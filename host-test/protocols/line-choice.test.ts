import { dlms } from "../../protocols/dlms/dlms";
import { chooseLine } from "../../protocols/line-choice";
import { p1 } from "../../protocols/p1/p1";

describe("the line that a person chooses", () => {
	// Speeds and characters: PROTOCOLS.md 1.2 (P1) and 9 (HAN: 8N1 or 8E1, sources disagree).
	test("is the protocol's usual one where nothing is said", () => {
		expect(chooseLine(p1, undefined, undefined)).toMatchObject({ baud: 115200, dataBits: 8, parity: "none" });
	});

	test("is the protocol's own line of a speed: P1 at 9600 Bd is 7E1", () => {
		expect(chooseLine(p1, 9600, undefined)).toMatchObject({
			baud: 9600,
			dataBits: 7,
			parity: "even",
			stopBits: 1,
		});
	});

	test("is the usual line at a speed that the protocol does not know", () => {
		expect(chooseLine(p1, 19200, undefined)).toMatchObject({ baud: 19200, dataBits: 8, parity: "none" });
	});

	test.each([
		["8E1", { dataBits: 8, parity: "even", stopBits: 1 }],
		["8N2", { dataBits: 8, parity: "none", stopBits: 2 }],
		["7O1", { dataBits: 7, parity: "odd", stopBits: 1 }],
	])("takes the characters %s at the usual speed", (format, characters) => {
		expect(chooseLine(dlms, undefined, format)).toMatchObject({ baud: 2400, ...characters });
	});
});
