// The health report as the gateway sends it (app/health.ts), and what it means in a sentence.

import { duration } from "./format.js";

export interface HealthJson {
	readonly gateway: {
		readonly id: string;
		readonly version: string;
		readonly platform: string;
		readonly uptime: number;
	};
	readonly meter: {
		readonly protocol: string;
		readonly line: string;
		readonly since: number;
		readonly reason: string | null;
		readonly bytes?: number;
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
	readonly outputs: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
}

export interface Verdict {
	readonly good: boolean;
	readonly text: string;
}

/** The meter's line in words. */
export function lineVerdict({ line, since, reason, bytes }: HealthJson["meter"]): Verdict {
	if (line === "open") {
		const silent = bytes === 0;
		return { good: !silent, text: silent ? "Open, nothing heard yet" : `Open for ${duration(since)}` };
	}
	const why = reason ? `: ${reason}` : "";
	return { good: false, text: line === "opening" ? "Opening" : `Not open for ${duration(since)}${why}` };
}

/** One output in words; what it says of itself decides. */
export function outputVerdict(output: HealthJson["outputs"][number]): Verdict {
	const error = typeof output.lastError === "string" ? output.lastError : undefined;
	const since = typeof output.since === "number" ? ` for ${duration(output.since)}` : "";
	if (output.connected === true) return { good: true, text: `Connected${since}` };
	if (output.connected === false) return { good: false, text: `Not connected${error ? `: ${error}` : ""}` };
	if (output.listening === true) return { good: true, text: `Listening on port ${output.port}` };
	if (output.listening === false) return { good: false, text: error ?? "Not listening" };
	return { good: error === undefined, text: error ?? "On" };
}
