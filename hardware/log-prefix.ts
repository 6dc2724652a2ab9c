// How urgent a line of the log is, in front of it, where whatever takes standard output reads that (systemd's journal:
// sd-daemon(3)). On a serial console lines have none.

import config from "mc/config";
import type { LogLevel } from "../outputs/output.js";

/** One line to the log. */
export function logLine(line: string, level?: LogLevel): void {
	trace(`${linePrefix(level)}${line}\n`);
}

/** One line to the serial console or standard output, as it is. */
export function printLine(line: string): void {
	trace(`${line}\n`);
}

/** `<3>` to `<7>`, the severities of RFC 5424, section 6.2.1; empty where nobody asks for them. */
function linePrefix(level: LogLevel = "info"): string {
	const { logLevels } = config as { readonly logLevels?: boolean };
	if (logLevels !== true) return "";
	switch (level) {
		case "error":
			return "<3>";
		case "warning":
			return "<4>";
		case "info":
			return "<6>";
		default:
			return "<7>";
	}
}
