// What the host decides before the firmware's own entry is loaded: where files live, and where the log goes.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatedPins } from "./emulated-pins.js";

/**
 * Exit statuses that ask whoever started the program to start it again, as the chip would: after a restart that was
 * asked for, and after a crash. EX_TEMPFAIL and EX_SOFTWARE of sysexits.h; hardware/system/system-native.c has them too.
 */
export const RESTART_STATUS = 75;
export const CRASH_STATUS = 70;

interface HostConfiguration {
	/** Folder of `embedded:storage/files`; made for this run where none is given. */
	stateFolder: string | undefined;
	/** Pins that tests and emulated meters reach; `undefined`: a computer without any. */
	pins: EmulatedPins | undefined;
	/** Key of provisioning files: 130 hexadecimal digits. */
	provisionKey: string | undefined;
	/** Lines of the log begin with their severity, as systemd's journal wants it. */
	logLevels: boolean;
	/** Takes whole lines of the log. */
	log(line: string): void;
	/** Ends the firmware so that it starts again; `orderly`: asked for, otherwise it crashed. */
	restart(orderly: boolean): void;
	/** Bytes of a resource that the firmware would carry in flash. */
	resource(name: string): Uint8Array | undefined;
}

export const configuration: HostConfiguration = {
	stateFolder: undefined,
	pins: undefined,
	provisionKey: undefined,
	logLevels: false,
	log: (line) => process.stdout.write(`${line}\n`),
	restart: (orderly) => process.exit(orderly ? RESTART_STATUS : CRASH_STATUS),
	resource: () => undefined,
};

/** The state folder, made on first use where none was given. */
export function stateFolder(): string {
	configuration.stateFolder ??= mkdtempSync(join(tmpdir(), "meterling-"));
	return configuration.stateFolder;
}
