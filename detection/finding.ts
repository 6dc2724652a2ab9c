// What auto-detection tells: each step as it goes, and the one finding at its end. Facts; words.ts makes sentences.

import type { LineSettings } from "../protocols/protocol.js";
import type { Reading } from "../readings/reading.js";

/** What one step came to. `lost`: the line went away. */
export type Verdict =
	| "reading"
	| "key-needed"
	| "wrong-key"
	| "wrong-authentication-key"
	| "frames"
	| "damaged"
	| "text"
	| "inverted"
	| "parity"
	| "bytes"
	| "silent"
	| "lost";

/** A step that begins, or, with `result`, has ended. */
export interface StepReport {
	/** Counted from 1, over the steps that are really taken. */
	readonly number: number;
	readonly doing: "listen" | "ask";
	/** Names of the protocols that hear the bytes. */
	readonly protocols: readonly string[];
	readonly settings: LineSettings;
	/** Longest time it takes. */
	readonly mostSeconds: number;
	readonly result?: StepResult;
}

export interface StepResult {
	readonly verdict: Verdict;
	readonly seconds: number;
	readonly bytes: number;
	/** Characters that the line counted as wrong. */
	readonly parityErrors: number;
	readonly framingErrors: number;
	/** In percent: how much of it could be text of seven bits. */
	readonly printablePercent: number;
	/** Refused frames as `layer code`, each once, the first few. */
	readonly refusals: readonly string[];
}

/** What to save: protocol, and how the line is set. */
export interface FoundSettings {
	readonly protocol: string;
	readonly settings: LineSettings;
}

/** The end. Where `found` is there, protocol and line are known, though a key may be missing. */
export type Finding =
	| {
			readonly kind: "reading";
			readonly found: FoundSettings;
			readonly reading: Reading;
			readonly asked: boolean;
	  }
	/** `systemTitle`: 16 hexadecimal digits; `maker`: its first three letters. */
	| {
			readonly kind: "key-needed" | "wrong-key" | "wrong-authentication-key";
			readonly found: FoundSettings;
			readonly systemTitle: string;
			readonly maker: string;
	  }
	/** Whole frames come, but nothing in them is understood; `refusal` is `layer code`. */
	| { readonly kind: "frames"; readonly found: FoundSettings; readonly refusal: string }
	/** Frames come whose checksum is wrong. */
	| { readonly kind: "damaged"; readonly found: FoundSettings; readonly refusal: string }
	/** Text that no protocol understands: a meter of another kind, or a terminal. */
	| { readonly kind: "text"; readonly settings: LineSettings }
	/** Text shows when the signal is turned round. */
	| { readonly kind: "inverted"; readonly settings: LineSettings }
	/** `suggested`: with which parity it should be tried. */
	| { readonly kind: "parity"; readonly settings: LineSettings; readonly suggested: LineSettings }
	/** Bytes come, at no setting a frame. */
	| { readonly kind: "noise"; readonly bytes: number }
	/** `echo`: what was sent came back, as optical heads do, and nothing else. */
	| { readonly kind: "silent"; readonly asked: boolean; readonly echo: boolean }
	| { readonly kind: "lost"; readonly reason: string };
