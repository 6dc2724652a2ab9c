// Auto-detection on a line that says anything, at any of its steps: it comes to one finding, in its time, and never sends
// before it has listened or where it may only listen.

import { Detector } from "../../detection/detector.js";
import type { Finding } from "../../detection/finding.js";
import { findingText, resultText, stepText } from "../../detection/words.js";
import type { Line, LineOptions } from "../../hardware/line.js";
import { PROTOCOLS } from "../../protocols/registry.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import { FakeClock } from "../outputs/fakes.js";
import { AUTHENTICATION_KEY, ENCRYPTION_KEY, sessionTargets } from "./sessions.js";
import { check, type Target, withOptions } from "./target.js";

const checksums = tableChecksums();
const PIECE = 90;
const PIECE_MS = 350;

export function detectionTarget(cipher: Cipher): Target {
	return {
		name: "detection",
		longest: 2500,
		work: [200_000, 6000],
		seeds: () =>
			sessionTargets(cipher).flatMap((target, index) =>
				target
					.seeds()
					.slice(0, 4)
					.map((seed) => withOptions((index * 37) & 0xff, seed.slice(1))),
			),
		run: (input) => search(cipher, input[0] ?? 0, input.subarray(1)),
	};
}

/** `options`: at which step the bytes come, whether it may ask, which keys it knows, and whether the line goes away. */
function search(cipher: Cipher, options: number, bytes: Uint8Array): void {
	const clock = new FakeClock();
	const findings: Finding[] = [];
	const said: string[] = [];
	const listenOnly = (options & 1) !== 0;
	let steps = 0;
	let doing = "";
	let sent = 0;
	let waiting: Uint8Array[] = [];
	let tell: LineOptions | undefined;
	const line: Line = {
		counters: { bytes: 0, parity: 0, overflow: 0, framing: 0 },
		read: () => waiting.shift(),
		write: () => {
			check(!listenOnly && doing === "ask", "sends while it listens");
			sent++;
		},
		set: () => {},
		close: () => {
			tell = undefined;
		},
	};
	const detector = new Detector({
		...{ port: "x", protocols: PROTOCOLS, checksums, cipher, listenOnly, canInvert: (options & 2) !== 0 },
		fixedLine: (options & 4) !== 0,
		settings: options & 8 ? { encryptionKey: ENCRYPTION_KEY, authenticationKey: AUTHENTICATION_KEY } : {},
		openLine(given) {
			tell = given;
			return line;
		},
		timers: clock,
		now: () => clock.now,
		onStep(step) {
			doing = step.doing;
			if (!step.result) steps++;
			said.push(stepText(step, false), step.result ? resultText(step.result) : "");
			if (!step.result && steps === 1 + ((options >> 5) % 6)) come();
		},
		onFinding: (finding) => findings.push(finding),
	});
	function come(): void {
		for (let at = 0, piece = 1; at < bytes.length; at += PIECE, piece++) {
			const part = bytes.slice(at, at + PIECE);
			clock.set(() => {
				if (!tell) return;
				waiting.push(part);
				tell.onReadable(part.length);
			}, piece * PIECE_MS);
		}
		if (options & 0x10)
			clock.set(() => {
				if (!tell) return;
				const { onError } = tell;
				tell = undefined;
				waiting = [];
				onError("unplugged");
			}, 1500);
	}
	const { mostMs } = detector.time;
	for (let turn = 0; turn < 400 && findings.length === 0; turn++) clock.advance(2000);
	check(findings.length === 1, `${findings.length} findings`);
	check(clock.now <= mostMs + 20_000, `took ${clock.now} ms of ${mostMs}`);
	check(steps <= 40 && sent <= 400, `${steps} steps, ${sent} questions`);
	clock.advance(60_000);
	check(findings.length === 1 && clock.pending === 0, "goes on after its finding");
	said.push(findingText(findings[0] as Finding));
	const text = said.join("\n").toUpperCase();
	check(!text.includes(ENCRYPTION_KEY) && !text.includes(AUTHENTICATION_KEY), "a key in its words");
	check(text.length < 40_000, "words without end");
}
