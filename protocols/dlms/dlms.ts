// DLMS push of HAN and customer ports (IEC 62056-7-5, NVE/Energi Norge, Oesterreichs Energie, Swiss VSE): the meter
// sends lists unasked, over HDLC or M-Bus, plain or ciphered. Not DLMS as a client: nothing is ever asked.

import type { Protocol } from "../protocol.js";
import { linesOf } from "../shared/lines.js";
import { decodeFragment } from "./fragment.js";
import { DlmsSession } from "./session.js";

export const dlms: Protocol = Object.freeze({
	name: "dlms",
	title: "HAN / DLMS push",
	get lines() {
		return linesOf("2400 8N1, 2400 8E1, 115200 8N1, 9600 8N1");
	},
	settings: [
		{
			key: "encryptionKey",
			type: "text",
			format: "hex32",
			secret: true,
			default: "",
			label: "Encryption key",
			help: "32 hexadecimal digits from your grid company (GPK60 or GUEK). Leave empty where the meter sends plain data.",
		},
		{
			key: "authenticationKey",
			type: "text",
			format: "hex32",
			secret: true,
			default: "",
			label: "Authentication key",
			help: "32 hexadecimal digits (GPK61 or GAK). Without it encrypted data are read, but not proved to come from the meter.",
		},
		{
			key: "kamstrupEnergyScale",
			type: "choice",
			default: "auto",
			choices: [
				{ value: "auto", label: "Automatic (10 Wh)" },
				{ value: "10", label: "10 Wh" },
				{ value: "1", label: "1 Wh" },
			],
			label: "Kamstrup counters count in",
			help: "Kamstrup's list does not say it. If counters are ten times those on the meter's display, choose 1 Wh.",
		},
		{
			key: "transformerRatio",
			type: "number",
			default: 1,
			least: 1,
			most: 100000,
			label: "Transformer ratio",
			help: "For meters on current transformers that send secondary values: currents, powers and counters are multiplied by this.",
		},
		{
			key: "refuseReplay",
			type: "switch",
			default: false,
			label: "Refuse repeated messages",
			help: "Encrypted messages whose counter does not grow are refused. Leave off unless someone could play old messages to the port.",
		},
	],
	open: (options) => new DlmsSession(options),
	decodeFragment,
} satisfies Protocol);
