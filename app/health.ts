// What happened since the start, in numbers that a person can act on: the meter's line, rejected frames by layer and
// code, and what each output says of itself. Rendered as JSON on request; keeps no history and no secret.

import type { LineCounters } from "../hardware/line.js";
import type { OutputHealth } from "../outputs/output.js";
import type { Rejection } from "../protocols/protocol.js";
import type { TakePiece } from "../readings/json.js";
import type { ReadingStore } from "../readings/store.js";
import type { SettingValue } from "../settings/setting.js";
import type { Warning } from "./plausibility.js";
import type { SurvivalHealth } from "./survival.js";

/** Most distinct layer/code pairs that are told apart; later ones count in the sum only. */
const MOST_CODES = 48;

interface Tally {
	readonly layer: string;
	readonly code: string;
	count: number;
	last: Rejection;
	at: number;
}

/** State of the meter's line: what it is doing, since when, and why not if not. */
export interface LineState {
	state: "opening" | "open" | "waiting" | "off";
	since: number;
	reason: string | null;
	opened: number;
	failures: number;
}

/** The meter's line, for the report. */
export interface LineHealth {
	readonly state: LineState;
	readonly counters: LineCounters | undefined;
	readonly protocol: string;
	/** The main fuse as set, amperes. */
	readonly fuse?: SettingValue | undefined;
}

export type NamedHealth = readonly [name: string, health: OutputHealth];

/** Takes what outputs say of themselves, one after the other. */
export type TellHealth = (name: string, health: OutputHealth) => void;

/** What stays the same. */
export interface HealthFacts {
	readonly version: string;
	readonly platform: string;
	readonly gatewayId: string;
	readonly store: ReadingStore;
	/** Monotonic milliseconds. */
	now(): number;
}

/** Where the report gets its parts; times in monotonic milliseconds. */
export interface HealthSources {
	line(): LineHealth;
	outputs(tell: TellHealth): void;
	/** The gateway's own network, ready for JSON. */
	network(): object;
	/** How it started, how often it crashed, what memory is left. */
	survival(): SurvivalHealth;
	/** What a person should look at: unlikely values, settings that wear the meter. */
	warnings(): readonly Warning[];
}

export class Health {
	readonly #facts: HealthFacts;
	readonly #sources: HealthSources;
	readonly #started: number;
	readonly #tallies: Tally[] = [];
	#rejected = 0;

	constructor(facts: HealthFacts, sources: HealthSources) {
		this.#facts = facts;
		this.#sources = sources;
		this.#started = facts.now();
	}

	/** Counts a rejected frame. */
	rejected(rejection: Rejection): void {
		this.#rejected++;
		const { layer, code } = rejection;
		const at = this.#facts.now();
		const tally = this.#tallies.find((known) => known.layer === layer && known.code === code);
		if (tally) {
			tally.count++;
			tally.last = rejection;
			tally.at = at;
		} else if (this.#tallies.length < MOST_CODES)
			this.#tallies.push({ layer, code, count: 1, last: rejection, at });
	}

	/**
	 * The whole report as JSON text; ages and durations are seconds. Section by section, so that neither the objects of all nor
	 * all of the text are in memory at once.
	 */
	write(take: TakePiece): void {
		const { store, version, platform, gatewayId } = this.#facts;
		const now = this.#facts.now();
		const seconds = (from: number) => Math.round((now - from) / 100) / 10;
		const section = (name: string, value: unknown) => take(`,"${name}":`.concat(JSON.stringify(value)));
		const { state, counters, protocol, fuse } = this.#sources.line();
		const age = store.age(now);
		const gateway = {
			...{ id: gatewayId, version, platform, uptime: seconds(this.#started) },
			...this.#sources.survival(),
		};
		take('{"gateway":'.concat(JSON.stringify(gateway)));
		section("meter", {
			protocol,
			line: state.state,
			since: seconds(state.since),
			reason: state.reason,
			fuse,
			opened: state.opened,
			failures: state.failures,
			...counters,
		});
		section("readings", {
			count: store.count,
			age: age === undefined ? null : Math.round(age / 100) / 10,
			overflow: store.overflow,
		});
		section("rejected", {
			count: this.#rejected,
			byLayer: this.#tallies.map(({ layer, code, count, last, at }) => ({
				layer,
				code,
				count,
				age: seconds(at),
				last: { expected: last.expected, actual: last.actual, offset: last.offset, detail: last.detail },
			})),
		});
		section(
			"warnings",
			this.#sources.warnings().map((warning) => ({ ...warning, since: seconds(warning.since) })),
		);
		section("network", this.#sources.network());
		let before = ',"outputs":[';
		this.#sources.outputs((name, health) => {
			take(before.concat(JSON.stringify({ name, ...health })));
			before = ",";
		});
		take(before === "," ? "]}" : before.concat("]}"));
	}
}
