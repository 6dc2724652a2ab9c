// The conformance suite: what the firmware relies on, of the SDK's classes and of the host's alike. Plain cases with a
// callback for the result, so that the same module runs under jest and as an XS application. No test runner here.

import type { TlsSurroundings } from "../servers.js";
import { calendarCases } from "./calendar-cases.js";
import { checksumCases } from "./checksum-cases.js";
import { cipherCases } from "./cipher-cases.js";
import { digestCases } from "./digest-cases.js";
import { fileCases } from "./file-cases.js";
import { gcmCases } from "./gcm-cases.js";
import { httpCases } from "./http-cases.js";
import { letterCases } from "./letter-cases.js";
import { mqttCases } from "./mqtt-cases.js";
import { numberCases } from "./number-cases.js";
import { pinCases } from "./pin-cases.js";
import { requestCases } from "./request-cases.js";
import { serialCases } from "./serial-cases.js";
import { settingsCases } from "./settings-cases.js";
import { signatureCases } from "./signature-cases.js";
import { tcpCases } from "./tcp-cases.js";
import { tcpServerCases } from "./tcp-server-cases.js";
import { timerCases } from "./timer-cases.js";
import { tlsCases } from "./tls-cases.js";

/** What the cases meet in the world around them. */
export interface Surroundings {
	/** TCP port of an MQTT broker on 127.0.0.1. */
	readonly broker: number;
	/** A TCP port of 127.0.0.1 at which nothing listens. */
	readonly nobody: number;
	/** Two ends of a pty pair; absent where there is no socat. */
	readonly ptys?: readonly [string, string];
	/** TCP port of 127.0.0.1: a connection to it makes the pty pair vanish. */
	readonly vanish: number;
	/** TCP port of an HTTP server. */
	readonly http: number;
	readonly tls: TlsSurroundings;
}

export interface ConformanceCase {
	readonly name: string;
	/** Needs `ptys`. */
	readonly serial?: boolean;
	/** The SDK's own code fails it (how is said at the case); the firmware keeps away from it. */
	readonly notOnXs?: boolean;
	/** Calls `done` once: without a problem where all is as it should be. */
	run(surroundings: Surroundings, done: (problem?: string) => void): void;
}

export const CONFORMANCE: readonly ConformanceCase[] = [
	...timerCases,
	...calendarCases,
	...checksumCases,
	...cipherCases,
	...gcmCases,
	...digestCases,
	...signatureCases,
	...fileCases,
	...settingsCases,
	...tcpCases,
	...tcpServerCases,
	...httpCases,
	...requestCases,
	...tlsCases,
	...mqttCases,
	...pinCases,
	...letterCases,
	...numberCases,
	...serialCases,
];
