// How current the page is, in one verdict: what the pill says, and the notice where something is wrong.

import { ago, duration } from "./format.js";
import type { Snapshot } from "./gateway.js";
import { texts } from "./texts.js";

export interface Freshness {
	readonly level: "live" | "waiting" | "old";
	/** A few words for the pill. */
	readonly pill: string;
	/** What is wrong and what it means; undefined when all is well. */
	readonly notice: string | undefined;
}

const words = texts.fresh;

/** The meter counts as silent after three missed readings, and never before half a minute. */
const MISSED_READINGS = 3;
const LEAST_SILENCE_MS = 30_000;
/** Short breaks of the link are not worth a notice. */
const LINK_GRACE_MS = 4000;

export function freshness({ link, since, picture, health }: Snapshot, now: number): Freshness {
	const age = picture.at === undefined ? undefined : (now - picture.at) / 1000;
	if (link === "lost" && now - since > LINK_GRACE_MS) {
		const values = age === undefined ? "" : words.valuesFrom(ago(age));
		const notice = `${words.unreachable(duration((now - since) / 1000))}${values}${words.trying}`;
		return { level: "old", pill: words.unreachablePill, notice };
	}
	if (age === undefined) {
		if (link !== "live") return { level: "waiting", pill: words.connecting, notice: undefined };
		const reason = health?.meter.reason;
		const why = reason ? words.lineClosed(reason) : words.listening;
		return { level: "waiting", pill: words.waiting, notice: words.noReading + why };
	}
	const patience = Math.max(LEAST_SILENCE_MS, (picture.interval ?? 0) * MISSED_READINGS);
	if (age * 1000 > patience) {
		const reason = health?.meter.reason ? words.line(health.meter.reason) : "";
		const notice = words.silent(duration(age)) + reason + words.lastValues;
		return { level: "old", pill: words.silentPill(duration(age)), notice };
	}
	return { level: "live", pill: ago(age), notice: undefined };
}
