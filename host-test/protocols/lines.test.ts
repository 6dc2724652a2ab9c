// The lines on which each protocol is tried, in that order: the usual one first. From the makers' documents and the national
// rules (docs/protocols): P1 115200 8N1 inverted by its open collector, DSMR 2.2 at 9600 7E1; Kamstrup KMP 1200 8N2, 382 L
// and J 9600 8N1; 685-382 1200 8E2; IEC 62056-21 300 7E1, pushed by some faster; HAN-NVE 2400 Bd, HAN in Sweden 115200.

import { findProtocol, PROTOCOLS } from "../../protocols/registry";

test.each([
	["dlms", "2400 8N1, 2400 8E1, 115200 8N1, 9600 8N1"],
	["p1", "115200 8N1 inverted, 115200 8N1, 9600 7E1 inverted, 9600 7E1"],
	["iec62056", "300 7E1, 9600 7E1, 2400 7E1, 1200 7E1, 4800 7E1, 19200 7E1"],
	["kmp", "1200 8N2, 9600 8N1, 2400 8N2, 1200 8N1, 2400 8N1"],
	["kmp382", "1200 8E2, 1200 8E1"],
])("%s", (name, expected) => {
	const lines = findProtocol(name)?.lines.map(
		({ baud, dataBits, parity, stopBits, invertReceive }) =>
			`${baud} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}${invertReceive ? " inverted" : ""}`,
	);
	expect(lines?.join(", ")).toBe(expected);
});

test("every protocol is found by its name, in the order of detection; another name is none", () => {
	expect(PROTOCOLS.map(({ name }) => name)).toEqual(["dlms", "p1", "iec62056", "kmp", "kmp382", "pulse"]);
	for (const protocol of PROTOCOLS) expect(findProtocol(protocol.name)).toBe(protocol);
	expect(findProtocol("")).toBeUndefined();
});
