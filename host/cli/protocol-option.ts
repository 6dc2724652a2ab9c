// The option `--protocol`, the same for every command that has it.

import type { Protocol } from "../../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../../protocols/registry.js";
import { UsageError } from "./command.js";

/** Names of all protocols, in the registry's order. */
export function protocolNames(): readonly string[] {
	return PROTOCOLS.map(({ name }) => name);
}

/** The protocol of that name, `undefined` for `auto`. */
export function chosenProtocol(name: string): Protocol | undefined {
	if (name === "auto") return undefined;
	const protocol = findProtocol(name);
	if (!protocol)
		throw new UsageError(`unknown protocol ${name}; known are auto, ${protocolNames().join(", ")}`);
	return protocol;
}
