// One step's sessions: what arrives is given to every protocol that knows the line, and what they make of it is
// weighed. Sends nothing by itself: what a session wants sent or changed goes to its owner.

import type {
	Action,
	LineSettings,
	Protocol,
	Rejection,
	Session,
	SessionOptions,
} from "../protocols/protocol.js";
import type { Reading } from "../readings/reading.js";
import { Evidence } from "./evidence.js";
import type { Verdict } from "./finding.js";
import type { Step } from "./plan.js";

/** What a session's best fact says, best first. */
const RANKS: readonly Verdict[] = Object.freeze([
	"reading",
	"wrong-authentication-key",
	"wrong-key",
	"key-needed",
	"frames",
	"damaged",
]);
const MOST_REFUSALS = 4;
/** An envelope without a checksum may be damaged: one key that does not fit is no proof there. */
const WRONG_KEYS_WITHOUT_CHECKSUM = 2;
/** In percent: what a damaged telegram still has of text. */
const MOSTLY_TEXT = 80;
const TITLE_DIGITS = 16;

export interface Heard {
	readonly protocol: Protocol;
	readonly verdict: Verdict;
	readonly reading?: Reading;
	readonly rejection?: Rejection | undefined;
}

interface Voice {
	readonly protocol: Protocol;
	readonly session: Session;
	heard: Heard | undefined;
	wrongKeys: number;
	/** Monotonic ms; -1 where it waits for nothing. */
	wakeAt: number;
}

export interface HearingOwner {
	send(bytes: Uint8Array): void;
	set(settings: LineSettings): void;
}

export class Hearing {
	readonly evidence = new Evidence();
	readonly refusals: string[] = [];
	readonly #owner: HearingOwner;
	readonly #asks: boolean;
	readonly #voices: readonly Voice[];
	#unanswered = false;
	#sent = 0;

	constructor(step: Step, options: (protocol: Protocol) => SessionOptions, owner: HearingOwner) {
		this.#owner = owner;
		this.#asks = step.doing === "ask";
		this.#voices = step.protocols.map((protocol) => ({
			protocol,
			session: protocol.open(options(protocol)),
			heard: undefined,
			wrongKeys: 0,
			wakeAt: -1,
		}));
	}

	/** The best fact so far; of equals the protocol's that the registry has first. */
	get best(): Heard | undefined {
		for (const rank of RANKS) {
			const voice = this.#voices.find(({ heard }) => heard?.verdict === rank);
			if (voice) return voice.heard;
		}
		return undefined;
	}

	/** Nothing better is to come. */
	get isDecided(): boolean {
		const best = this.best;
		if (!best || best.verdict === "frames" || best.verdict === "damaged") return false;
		if (best.verdict !== "wrong-key" || best.rejection?.layer !== "p1") return true;
		return this.#voices.some(({ wrongKeys }) => wrongKeys >= WRONG_KEYS_WITHOUT_CHECKSUM);
	}

	/** The session that asked has given up. */
	get isUnanswered(): boolean {
		return this.#unanswered;
	}

	/** When `tick` is due; -1 where nobody waits. */
	get wakeAt(): number {
		let wake = -1;
		for (const { wakeAt } of this.#voices) {
			if (wakeAt >= 0 && (wake < 0 || wakeAt < wake)) wake = wakeAt;
		}
		return wake;
	}

	/** Bytes that are no echo: optical heads give back what is sent through them. */
	get foreignBytes(): number {
		return Math.max(0, this.evidence.bytes - this.#sent);
	}

	/** As many bytes came back as were sent, and no more. */
	get isEcho(): boolean {
		return this.#sent > 0 && this.evidence.bytes === this.#sent;
	}

	begin(now: number): void {
		for (const voice of this.#voices) this.#perform(voice, voice.session.tick(now));
	}

	receive(bytes: Uint8Array, now: number): void {
		this.evidence.add(bytes);
		// Seven bits with parity may arrive as eight: sessions whose meters send such text know.
		for (const voice of this.#voices) this.#perform(voice, voice.session.receive(bytes, now));
	}

	tick(now: number): void {
		for (const voice of this.#voices) {
			if (voice.wakeAt < 0 || voice.wakeAt > now) continue;
			voice.wakeAt = -1;
			this.#perform(voice, voice.session.tick(now));
		}
	}

	get verdict(): Verdict {
		const best = this.best;
		if (this.#asks) return best?.verdict ?? (this.foreignBytes > 0 ? "bytes" : "silent");
		const look = this.evidence.look;
		// Half the characters missing damages frames too.
		const parity = look === "parity-even" || look === "parity-odd";
		if (best && !(best.verdict === "damaged" && parity)) return best.verdict;
		switch (look) {
			case "silent":
				return "silent";
			case "text":
			case "text7e1":
			case "text7o1":
				return "text";
			case "inverted":
				return "inverted";
			case "parity-even":
			case "parity-odd":
				return "parity";
			default:
				return "bytes";
		}
	}

	#perform(voice: Voice, actions: readonly Action[]): void {
		for (const action of actions) {
			switch (action.do) {
				case "send":
					if (!this.#asks) break;
					this.#sent += action.bytes.length;
					this.#owner.send(action.bytes);
					break;
				case "setLine":
					if (this.#asks) this.#owner.set(action.settings);
					break;
				case "wakeAt":
					voice.wakeAt = action.time;
					break;
				case "reading":
					note(voice, { protocol: voice.protocol, verdict: "reading", reading: action.reading });
					break;
				case "rejected":
					this.#refused(voice, action.rejection);
			}
		}
	}

	#refused(voice: Voice, rejection: Rejection): void {
		if (rejection.code === "no-answer") {
			this.#unanswered = true;
			return;
		}
		const text = `${rejection.layer} ${rejection.code}`;
		if (this.refusals.length < MOST_REFUSALS && !this.refusals.includes(text)) this.refusals.push(text);
		const verdict = verdictOf(rejection, this.#asks);
		if (!verdict) return;
		// In a long stretch of rubbish there is a slash, and later an exclamation mark: no telegram.
		if (verdict === "damaged" && rejection.layer === "p1" && this.evidence.printablePercent < MOSTLY_TEXT)
			return;
		if (verdict === "wrong-key") voice.wrongKeys++;
		note(voice, { protocol: voice.protocol, verdict, rejection });
	}
}

/** Keeps the better fact; of equals the first. */
function note(voice: Voice, heard: Heard): void {
	if (voice.heard && RANKS.indexOf(voice.heard.verdict) <= RANKS.indexOf(heard.verdict)) return;
	voice.heard = heard;
}

/** What a refusal tells about the line; `undefined` where it may as well be rubbish. `asked`: it follows a question. */
function verdictOf({ layer, code, detail }: Rejection, asked: boolean): Verdict | undefined {
	const keyed = layer === "ciphering" || layer === "p1";
	if (keyed && isTitle(detail)) {
		if (code === "key-needed") return "key-needed";
		if (code === "wrong-key") return "wrong-key";
		if (layer === "ciphering" && code === "tag") return "wrong-authentication-key";
	}
	switch (layer) {
		// Layers that are looked at only where the frame around them was whole.
		case "llc":
		case "gbt":
		case "ciphering":
		case "apdu":
		case "list":
			return "frames";
		// Its header's checksum was right, its body's not. A wrong header may be any 7E.
		case "hdlc":
			return code === "fcs" ? "damaged" : undefined;
		case "mbus":
			return code === "control-information" ? "frames" : code === "checksum" ? "damaged" : undefined;
		case "p1":
			return code === "crc" || code === "parity" || code === "characters" ? "damaged" : undefined;
	}
	// Protocols that answer: without a question their short frames may be found in any text.
	if (!asked) return undefined;
	if (code === "crc" || code === "bcc" || code === "check") return "damaged";
	return code === "empty" || code === "command" || code === "length" || code === "meter-error"
		? "frames"
		: undefined;
}

/** A system title begins with its maker's three capital letters (IEC 62056-5-3, 4.3.4). */
function isTitle(detail: string | undefined): boolean {
	return detail?.length === TITLE_DIGITS && makerOf(detail) !== undefined;
}

/** `KAM` of `4B414D…`; `undefined` where the first three bytes are no capital letters. */
export function makerOf(systemTitle: string): string | undefined {
	let maker = "";
	for (let at = 0; at < 6; at += 2) {
		const letter = Number.parseInt(systemTitle.slice(at, at + 2), 16);
		if (!(letter >= 0x41 && letter <= 0x5a)) return undefined;
		maker += String.fromCharCode(letter);
	}
	return maker;
}
