// Auto-detection of the meter for the page: runs on the device's own line while the page asks how far it is, and
// tries a key on what the line has sent. The meter link lets go of the line meanwhile.

import { Detector } from "../../detection/detector.js";
import type { Finding, StepReport } from "../../detection/finding.js";
import { Hearing } from "../../detection/hearing.js";
import { findingText, lineText, resultText, stepText } from "../../detection/words.js";
import type { Timers } from "../../outputs/output.js";
import type { LineSettings, Protocol } from "../../protocols/protocol.js";
import type { Checksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import { defaultValues, type SettingValues } from "../../settings/setting.js";
import { LineCapture, type PortOpener } from "./line-capture.js";

export interface MeterSearchOptions {
	readonly port: string;
	readonly protocols: readonly Protocol[];
	/** What the settings name: its frames are what a key is tried on where nothing was searched. */
	readonly configured: string;
	readonly checksums: Checksums;
	readonly cipher: Cipher;
	readonly canInvert: boolean;
	readonly timers: Timers;
	now(): number;
	readonly owner: MeterSearchOwner;
}

export interface MeterSearchOwner extends PortOpener {
	/** The meter link lets go of the line, or takes it again. */
	pauseMeter(paused: boolean): void;
}

/** One step in words. */
export interface SearchStep {
	readonly text: string;
	readonly result: string | null;
}

/** What was found, as settings to save; `kind` is `detection/finding.ts`'s. */
export interface SearchFinding {
	readonly kind: Finding["kind"];
	readonly text: string;
	readonly protocol: string | null;
	readonly baud: number | null;
	/** `8N1` and the like. */
	readonly format: string | null;
	readonly inverted: boolean;
	readonly needsKey: boolean;
}

export interface SearchReport {
	readonly state: "idle" | "running" | "done";
	/** Since the start; how long it takes at most. */
	readonly seconds: number;
	readonly mostSeconds: number;
	readonly steps: readonly SearchStep[];
	readonly finding: SearchFinding | null;
}

export type KeyVerdict =
	| "opens"
	| "does-not-open"
	| "authentication-key-does-not-fit"
	| "not-encrypted"
	| "no-frame";

const MILLISECONDS = 1000;

export class MeterSearch {
	readonly capture = new LineCapture();
	readonly #options: MeterSearchOptions;
	#detector: Detector | undefined;
	#startedAt = 0;
	#endedAt = 0;
	#mostSeconds = 0;
	#steps: SearchStep[] = [];
	#finding: SearchFinding | null = null;

	constructor(options: MeterSearchOptions) {
		this.#options = options;
	}

	get report(): SearchReport {
		const running = this.#detector !== undefined;
		const state = running ? "running" : this.#endedAt > 0 ? "done" : "idle";
		const until = running ? this.#options.now() : this.#endedAt;
		return {
			state,
			seconds: Math.round((until - this.#startedAt) / MILLISECONDS),
			mostSeconds: this.#mostSeconds,
			steps: this.#steps,
			finding: this.#finding,
		};
	}

	/** Begins anew. `keys`: the person's, for meters that encrypt. `port`: where to look, if not where the settings say. */
	start(listenOnly: boolean, keys: SettingValues, port = this.#options.port): void {
		this.#detector?.close();
		const { protocols, checksums, cipher, canInvert, timers, now, owner } = this.#options;
		owner.pauseMeter(true);
		this.capture.enable(true);
		this.#steps = [];
		this.#finding = null;
		this.#startedAt = now();
		this.#endedAt = 0;
		const fixedLine = port.startsWith("socket://");
		const detector = new Detector({
			...{
				port,
				protocols,
				checksums,
				cipher,
				settings: keys,
				listenOnly,
				canInvert,
				fixedLine,
				timers,
				now,
			},
			openLine: (options) => this.capture.open(owner, options),
			onStep: (step) => this.#noted(step, fixedLine),
			onFinding: (finding) => this.#found(finding, fixedLine),
		});
		this.#detector = detector;
		this.#mostSeconds = Math.ceil(detector.time.mostMs / MILLISECONDS);
	}

	/** Ends it; the meter is read again as the settings say. */
	stop(): void {
		if (!this.#detector) return;
		this.#detector.close();
		this.#ended();
	}

	/** Whether the keys open what the line has sent last. Takes some milliseconds; sends nothing. */
	checkKey(keys: SettingValues): KeyVerdict {
		const bytes = this.capture.bytes;
		const name = this.#finding?.protocol ?? this.#options.configured;
		const protocol = this.#options.protocols.find((each) => each.name === name);
		if (!protocol || bytes.length === 0) return "no-frame";
		if (this.#heard(protocol, bytes, {}) === "reading") return "not-encrypted";
		switch (this.#heard(protocol, bytes, keys)) {
			case "reading":
				return "opens";
			case "wrong-authentication-key":
				return "authentication-key-does-not-fit";
			case "wrong-key":
				return "does-not-open";
			default:
				return "no-frame";
		}
	}

	close(): void {
		this.#detector?.close();
		this.#detector = undefined;
		this.capture.enable(false);
	}

	#heard(protocol: Protocol, bytes: Uint8Array, keys: SettingValues): string {
		const { checksums, cipher } = this.#options;
		const settings = { ...defaultValues(protocol.settings), period: 0, ...keys };
		const step = {
			...{ doing: "listen" as const, settings: protocol.lines[0], protocols: [protocol] },
			...{ mostMs: 0, afterBytes: false },
		};
		const hearing = new Hearing(step, () => ({ checksums, cipher, settings }), {
			send: () => {},
			set: () => {},
		});
		hearing.begin(0);
		hearing.receive(bytes, 0);
		return hearing.best?.verdict ?? "";
	}

	#noted(step: StepReport, fixedLine: boolean): void {
		const text = stepText(step, fixedLine);
		if (!step.result) this.#steps = [...this.#steps, { text, result: null }];
		else this.#steps = [...this.#steps.slice(0, -1), { text, result: resultText(step.result) }];
	}

	#found(finding: Finding, fixedLine: boolean): void {
		const found = "found" in finding ? finding.found : undefined;
		const line = found?.settings;
		this.#finding = {
			kind: finding.kind,
			text: findingText(finding, fixedLine),
			protocol: found?.protocol ?? null,
			baud: line?.baud ?? null,
			format: line ? characters(line) : null,
			inverted: line?.invertReceive ?? false,
			needsKey: finding.kind === "key-needed" || finding.kind === "wrong-key",
		};
		this.#ended();
	}

	#ended(): void {
		this.#detector = undefined;
		this.#endedAt = this.#options.now();
		this.#options.owner.pauseMeter(false);
	}
}

/** `8N1` of `2400 8N1 inverted`. */
function characters(settings: LineSettings): string {
	return lineText(settings).split(" ")[1] ?? "";
}
