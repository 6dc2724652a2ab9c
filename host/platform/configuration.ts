// What the host decides before the firmware's own entry is loaded: where files live, and where the log goes.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface HostConfiguration {
	/** Folder of `embedded:storage/files`; made for this run where none is given. */
	stateFolder: string | undefined;
	/** Takes whole lines of the log. */
	log(line: string): void;
	/** Bytes of a resource that the firmware would carry in flash. */
	resource(name: string): Uint8Array | undefined;
}

export const configuration: HostConfiguration = {
	stateFolder: undefined,
	log: (line) => process.stdout.write(`${line}\n`),
	resource: () => undefined,
};

/** The state folder, made on first use where none was given. */
export function stateFolder(): string {
	configuration.stateFolder ??= mkdtempSync(join(tmpdir(), "meterling-"));
	return configuration.stateFolder;
}
