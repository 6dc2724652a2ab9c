// `meterling get-type`: the type and software revision of a Kamstrup meter, by KMP's GetType.

import { getType as typeRequest } from "../../protocols/kmp/commands.js";
import { readType } from "../../protocols/kmp/replies.js";
import type { Command } from "./command.js";
import { askKmp, KMP_COMMAND_OPTIONS } from "./kmp-command.js";

const HELP = `Asks a Kamstrup meter (MULTICAL, 382 L and J) for its type and software revision, by KMP, through an optical head.

Usage: meterling get-type --port PORT [OPTIONS]

${KMP_COMMAND_OPTIONS}
Example:
  meterling get-type --port /dev/ttyUSB0
`;

export const getType: Command = {
	name: "get-type",
	summary: "ask a Kamstrup meter for its type and software revision (KMP)",
	help: HELP,
	run: (args) =>
		askKmp(args, {
			command: "get-type",
			request: typeRequest,
			understand: (bytes, length) => {
				const model = readType(bytes, length);
				return model === undefined ? undefined : { manufacturer: "Kamstrup", model };
			},
			text: (meter) => meter.model ?? "",
		}),
};
