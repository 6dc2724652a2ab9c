// The sessions that ask: rubbish comes in between, at any time, and afterwards a meter answers. Requests are few, every
// question of a person's has one answer, and the next poll is read. Inputs: a byte of options, then pieces that come
// during the dialogue, each behind its length and the time before it. Runs on XS, too.

import type { AskedMeter } from "../../host/meters/asked-meter.js";
import { Kamstrup382 } from "../../host/meters/kamstrup-382.js";
import { Kamstrup685382 } from "../../host/meters/kamstrup-685-382.js";
import { LandisGyrZmd, ZMD_PASSWORD } from "../../host/meters/landis-gyr-zmd.js";
import { multical403 } from "../../host/meters/multical-403.js";
import { iec62056 } from "../../protocols/iec62056/iec62056.js";
import { kmp } from "../../protocols/kmp/kmp.js";
import { kmp382 } from "../../protocols/kmp382/kmp382.js";
import type { Action, Protocol, Session } from "../../protocols/protocol.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import type { SettingValues } from "../../settings/setting.js";
import { openSession } from "./sessions.js";
import { Tape } from "./tape.js";
import { check, latin1, type Target, withOptions } from "./target.js";

const PASSWORD = "QZ81XK07";
const START = Date.UTC(2025, 0, 15, 12);
const OPTIONS = { seed: 1, start: START, solarWatts: 0 };
/** Pieces that come in between; their times are in units of 16 ms. */
const MOST_PIECES = 24;
const TIME_UNIT_MS = 16;
/** A poll that fails is tried again within a minute; mode C reads out for half a minute at 300 Bd. */
const LONGEST_MS = 600_000;
const MOST_EVENTS = 5000;

interface Arrangement {
	readonly name: string;
	readonly protocol: Protocol;
	readonly settings: (options: number) => SettingValues;
	readonly meter: (options: number) => AskedMeter;
	readonly questions: readonly string[];
	readonly work: Target["work"];
	readonly words: readonly string[];
	readonly pieces: readonly string[];
}

const ARRANGEMENTS: readonly Arrangement[] = [
	{
		name: "iec62056-dialogue",
		protocol: iec62056,
		// Readout of mode C or A, programming mode with and without password.
		settings: (options) => ({
			period: 60,
			dialogue: options & 2 ? "programming" : "readout",
			registers: "1.8.0 1.8.1 R2:F001",
			password: options & 4 ? ZMD_PASSWORD : "",
			wakeUp: (options & 8) !== 0,
		}),
		meter: (options) => (options & 3 ? new LandisGyrZmd(OPTIONS) : new Kamstrup382(OPTIONS)),
		questions: ["1.8.0", "R2:F001", ""],
		work: [200_000, 3000],
		words: [
			"/LGZ5ZMD3104407.B32\r\n",
			"/KAM 685-382-OK-15\r\n",
			"\x01P0\x02(1)\x03b",
			"\x06",
			"\x15",
			"\x02",
			"\x03",
			"\x04",
			"\x021.8.0(1*kWh)\x03\x20",
			"\x01B0\x03q",
		],
		pieces: [
			"/LGZ5ZMD3104407.B32\r\n",
			"\x01P0\x02(00000000)\x03`",
			"\x06",
			"\x15",
			"\x021.8.0(000123.4*kWh)\x04x",
			"/XYZ9ABC\r\n\x02",
		],
	},
	{
		name: "kmp-dialogue",
		protocol: kmp,
		settings: (options) => ({
			period: 60,
			registers: options & 2 ? "heat 99 348 1003" : "heat",
			eventStatus: (options & 4) !== 0,
		}),
		meter: () => multical403(OPTIONS),
		questions: ["60", "1003", "65535", ""],
		work: [80_000, 2000],
		words: ["\x40\x3f\x10", "\x80\x3f\x10", "\x0d", "\x06", "\x40\x3f\x01\x00\x04\x1b\xf9\x01\x26\x99\x0d"],
		pieces: [
			"\x40\x3f\x01\x00\x04\x1b\xf9\x01\x26\x99\x0d",
			"\x40\x3f\x02\x01\x23\x45\x67\xe9\x56\x0d",
			"\x06",
			"\x80\x3f\x01\x05\x8a\x0d",
		],
	},
	{
		name: "kmp382-dialogue",
		protocol: kmp382,
		settings: () => ({ period: 60 }),
		meter: () => new Kamstrup685382(OPTIONS),
		questions: ["90", "95", ""],
		work: [60_000, 2000],
		words: ["HFE90", "HFE95", "@FE9072\r", "\r", "00002348"],
		pieces: ["@FE9072\r", "HFE950100002348000023470000000196\r"],
	},
];

export function conversationTargets(cipher: Cipher): readonly Target[] {
	return ARRANGEMENTS.map((arrangement) => {
		const { name, work, words } = arrangement;
		return {
			name,
			longest: 600,
			work,
			words,
			seeds: () => {
				const disturbance = (at: number) =>
					arrangement.pieces.flatMap((text) => [text.length, at, ...latin1(text)]);
				return [0, 1, 2, 6, 10, 0x11, 0x22, 0x36].flatMap((options) => [
					withOptions(options, new Uint8Array(0)),
					withOptions(options, Uint8Array.from(disturbance(options))),
					withOptions(options, Uint8Array.from(disturbance(200))),
				]);
			},
			run: (input) => new Conversation(arrangement, cipher, input).run(),
		};
	});
}

/** Session and meter on one line, by a clock of its own. */
class Conversation {
	readonly #arrangement: Arrangement;
	readonly #options: number;
	readonly #session: Session;
	readonly #meter: AskedMeter;
	readonly #tape = new Tape([PASSWORD], 20_000);
	/** What is under way to the session, in the order of time. */
	readonly #coming: { readonly at: number; readonly bytes: Uint8Array }[] = [];
	#now = 1000;
	#isDeaf = false;
	#asked = 0;

	constructor(arrangement: Arrangement, cipher: Cipher, input: Uint8Array) {
		const options = input[0] ?? 0;
		this.#arrangement = arrangement;
		this.#options = options;
		this.#session = openSession(arrangement.protocol, cipher, arrangement.settings(options));
		this.#meter = arrangement.meter(options);
		let at = 1;
		let time = this.#now;
		for (let piece = 0; piece < MOST_PIECES && at + 2 < input.length; piece++) {
			const length = Math.max(1, input[at] as number);
			time += (input[at + 1] as number) * TIME_UNIT_MS;
			this.#put(time, input.slice(at + 2, at + 2 + length));
			at += 2 + length;
		}
	}

	run(): void {
		// First nobody answers (or the meter does, among the rubbish); then only the meter does.
		this.#isDeaf = (this.#options & 0x10) !== 0;
		this.#take(this.#session.tick(this.#now));
		if (this.#options & 0x20) this.#ask();
		this.#pass(() => this.#coming.length === 0);
		this.#isDeaf = false;
		const { readings } = this.#tape;
		const mark = this.#now;
		this.#pass(() => this.#tape.readings > readings && this.#tape.answers === this.#asked);
		check(this.#tape.readings > readings, "the next poll is not read");
		check(this.#tape.answers === this.#asked, `${this.#asked} questions, ${this.#tape.answers} answers`);
		check(this.#now - mark <= LONGEST_MS, "the next poll came late");
		// A request a second is the most that any of them may send.
		check(this.#tape.sent.length <= 40 + (this.#now / 1000) * 3, `${this.#tape.sent.length} requests`);
		this.#take(this.#session.end(this.#now));
	}

	#ask(): void {
		const { questions } = this.#arrangement;
		const question = questions[this.#options >> 6] ?? "";
		const result = this.#session.ask?.(question, this.#now);
		if (typeof result === "string" || result === undefined) return;
		if (question !== "") this.#asked++;
		this.#take(result);
	}

	/** Time goes on from event to event. */
	#pass(isOver: () => boolean): void {
		const end = this.#now + LONGEST_MS;
		for (let event = 0; event < MOST_EVENTS && this.#now < end && !isOver(); event++) {
			const [next] = this.#coming;
			const { wakeAt } = this.#tape;
			if (next && (wakeAt < 0 || next.at <= wakeAt)) {
				this.#coming.shift();
				this.#now = Math.max(this.#now, next.at);
				this.#tape.fed += next.bytes.length;
				this.#take(this.#session.receive(next.bytes, this.#now));
			} else {
				check(wakeAt >= 0, "it asks no more");
				this.#now = Math.max(this.#now, wakeAt);
				this.#tape.wakeAt = -1;
				this.#take(this.#session.tick(this.#now));
			}
		}
	}

	#take(actions: readonly Action[]): void {
		this.#tape.take(actions);
		for (const action of actions) {
			if (action.do !== "send" || this.#isDeaf) continue;
			let at = this.#now;
			for (const answer of this.#meter.heard(action.bytes, START + this.#now)) {
				at += answer.afterMs;
				this.#put(at, answer.bytes);
			}
		}
	}

	#put(at: number, bytes: Uint8Array): void {
		let place = this.#coming.length;
		while (place > 0 && (this.#coming[place - 1]?.at as number) > at) place--;
		this.#coming.splice(place, 0, { at, bytes });
	}
}
