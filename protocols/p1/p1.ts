// P1 / DSMR: the consumer port of Dutch, Belgian, Luxembourg, Nordic, Hungarian and other meters. The descriptor only;
// framing is in session.ts, meaning in telegram.ts. Source: DSMR 5.0.2 P1 companion standard; see docs/protocols/p1.md.

import type { LineSettings, Protocol } from "../protocol.js";
import { P1Session } from "./session.js";

// DSMR 4 and later send 8N1; 2.2, 3.0 and EasyMeter 7E1. The port is an open collector: its signal is inverted.
const FAST = { baud: 115200, dataBits: 8, parity: "none", stopBits: 1, invertTransmit: false } as const;
const OLD = { baud: 9600, dataBits: 7, parity: "even", stopBits: 1, invertTransmit: false } as const;

const LINES: readonly [LineSettings, ...LineSettings[]] = [
	{ ...FAST, invertReceive: true },
	{ ...FAST, invertReceive: false },
	{ ...OLD, invertReceive: true },
	{ ...OLD, invertReceive: false },
];

export const p1: Protocol = {
	name: "p1",
	title: "P1 / DSMR",
	lines: LINES,
	settings: [
		{
			key: "encryptionKey",
			type: "text",
			label: "Encryption key",
			help: "32 hexadecimal digits from the grid company. Only meters that encrypt (Luxembourg, Poland, some Austrian) need it.",
			default: "",
			secret: true,
			format: "hex32",
		},
		{
			key: "authenticationKey",
			type: "text",
			label: "Authentication key",
			help: "32 hexadecimal digits, where the grid company gave one. Left empty, Luxembourg's public key is tried.",
			default: "",
			secret: true,
			format: "hex32",
		},
		{
			key: "dataRequest",
			type: "choice",
			default: "held",
			choices: [
				{ value: "held", label: "Held: the meter sends as often as it likes" },
				{ value: "pulsed", label: "Pulsed: one telegram at a time" },
			],
			label: "Data Request",
			help: "Where the board has a pin for it. Pulsed saves power, and spares a meter or a slow adapter that a telegram each second is too much for.",
		},
		{
			key: "dataRequestPeriod",
			type: "number",
			default: 60,
			least: 5,
			most: 3600,
			unit: "s",
			label: "Data Request period",
			help: "How often one telegram is asked for, where Data Request is pulsed.",
		},
	],
	open: (options) => new P1Session(options),
};
