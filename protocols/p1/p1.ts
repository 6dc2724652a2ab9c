// P1 / DSMR: the consumer port of Dutch, Belgian, Luxembourg, Nordic, Hungarian and other meters. The descriptor only;
// framing is in session.ts, meaning in telegram.ts. Source: DSMR 5.0.2 P1 companion standard; see docs/protocols/p1.md.

import type { Protocol } from "../protocol.js";
import { linesOf } from "../shared/lines.js";
import { P1Session } from "./session.js";

export const p1: Protocol = {
	name: "p1",
	title: "P1 / DSMR",
	// DSMR 4 and later send 8N1; 2.2, 3.0 and EasyMeter 7E1. The port is an open collector: its signal is inverted.
	get lines() {
		return linesOf("115200 8N1 inverted, 115200 8N1, 9600 7E1 inverted, 9600 7E1");
	},
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
