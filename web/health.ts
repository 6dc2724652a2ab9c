// The health report as the gateway sends it (app/health.ts), and what it means in a sentence.

import { duration } from "./format.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

export interface HealthJson {
	readonly gateway: {
		readonly id: string;
		readonly version: string;
		readonly platform: string;
		readonly uptime: number;
		readonly resetReason?: string;
		readonly crashes?: number;
		readonly lastCrash?: {
			readonly message: string;
			readonly where: string;
			readonly version: string;
		} | null;
		readonly mode?: string;
		readonly memory?: { readonly free: number | null; readonly lowest: number | null };
		/** Seconds. */
		readonly longestStall?: number;
	};
	readonly meter: {
		readonly protocol: string;
		readonly line: string;
		readonly since: number;
		readonly reason: string | null;
		/** The main fuse as set, amperes; 0: not known. */
		readonly fuse?: number;
		readonly opened?: number;
		readonly failures?: number;
		readonly bytes?: number;
		readonly parity?: number;
		readonly overflow?: number;
		readonly framing?: number;
		readonly breaks?: number;
	};
	readonly readings: { readonly count: number; readonly age: number | null };
	readonly rejected: {
		readonly count: number;
		readonly byLayer: readonly {
			readonly layer: string;
			readonly code: string;
			readonly count: number;
			readonly age: number;
		}[];
	};
	readonly warnings?: readonly { readonly code: string; readonly text: string; readonly since: number }[];
	readonly network?: NetworkJson;
	readonly outputs: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
}

export interface NetworkJson {
	readonly state: string;
	readonly since: number;
	readonly reason: string | null;
	readonly ssid: string | null;
	readonly address: string | null;
	readonly rssi: number | null;
	readonly channel: number | null;
	readonly accessPoint: boolean;
	readonly joins: number;
	readonly losses: number;
	readonly roams: number;
	readonly failures: number;
	readonly name: string;
	readonly time: { readonly source: string | null; readonly age: number | null };
}

export interface Verdict {
	readonly good: boolean;
	readonly text: string;
}

/** The meter's line in words. */
export function lineVerdict({ line, since, reason, bytes }: HealthJson["meter"]): Verdict {
	if (line === "open") {
		const silent = bytes === 0;
		return {
			good: !silent,
			text: silent ? texts.verdicts.nothingHeard : filled(texts.verdicts.openFor, { long: duration(since) }),
		};
	}
	if (line === "opening") return { good: false, text: texts.verdicts.opening };
	const notOpen = filled(texts.verdicts.notOpen, { long: duration(since) });
	return { good: false, text: reason ? `${notOpen}: ${reason}` : notOpen };
}

/** One output in words; what it says of itself decides. */
export function outputVerdict(output: HealthJson["outputs"][number]): Verdict {
	const error = typeof output.lastError === "string" ? output.lastError : undefined;
	if (output.connected === true) {
		const { since } = output;
		const { connected, connectedFor } = texts.verdicts;
		const text = typeof since === "number" ? filled(connectedFor, { long: duration(since) }) : connected;
		return { good: true, text };
	}
	if (output.connected === false)
		return { good: false, text: texts.verdicts.notConnected + (error ? `: ${error}` : "") };
	if (output.listening === true)
		return { good: true, text: filled(texts.verdicts.listening, { port: `${output.port}` }) };
	if (output.listening === false) return { good: false, text: error ?? texts.verdicts.notListening };
	return { good: error === undefined, text: error ?? texts.verdicts.on };
}

/** dBm from which a signal has 4, 3, 2 bars, or one; as app/portal/set-up.ts has them. */
const BARS = [-55, -65, -75, -85];

export function barsOf(rssi: number): number {
	return BARS.filter((limit) => rssi >= limit).length;
}
