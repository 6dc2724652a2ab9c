// `meterling get-serial`: the serial number of a Kamstrup meter, by KMP's GetSerialNo.

import { getSerialNo } from "../../protocols/kmp/commands.js";
import { readSerialNo } from "../../protocols/kmp/replies.js";
import type { Command } from "./command.js";
import { askKmp, KMP_COMMAND_OPTIONS } from "./kmp-command.js";

const HELP = `Asks a Kamstrup meter (MULTICAL, 382 L and J) for its serial number, by KMP, through an optical head.

Usage: meterling get-serial --port PORT [OPTIONS]

${KMP_COMMAND_OPTIONS}
Example:
  meterling get-serial --port /dev/ttyUSB0
`;

export const getSerial: Command = {
	name: "get-serial",
	summary: "ask a Kamstrup meter for its serial number (KMP)",
	help: HELP,
	run: (args) =>
		askKmp(args, {
			command: "get-serial",
			request: getSerialNo,
			understand: (bytes, length) => {
				const id = readSerialNo(bytes, length);
				return id === undefined ? undefined : { manufacturer: "Kamstrup", id };
			},
			text: (meter) => meter.id ?? "",
		}),
};
