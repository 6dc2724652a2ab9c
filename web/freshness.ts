// How current the page is, in one verdict: what the pill says, and the notice where something is wrong.

import { ago, duration } from "./format.js";
import type { Snapshot } from "./gateway.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

export interface Freshness {
	readonly level: "live" | "waiting" | "old";
	/** A few words for the pill. */
	readonly pill: string;
	/** What is wrong and what it means; undefined when all is well. */
	readonly notice: string | undefined;
}

/** The meter counts as silent after three missed readings, and never before half a minute. */
const MISSED_READINGS = 3;
const LEAST_SILENCE_MS = 30_000;
/** Short breaks of the link are not worth a notice. */
const LINK_GRACE_MS = 4000;

export function freshness({ link, since, picture, health }: Snapshot, now: number): Freshness {
	const age = picture.at === undefined ? undefined : (now - picture.at) / 1000;
	if (link === "lost" && now - since > LINK_GRACE_MS) {
		const notice = sentences(
			filled(texts.fresh.unreachable, { long: duration((now - since) / 1000) }),
			age !== undefined && filled(texts.fresh.valuesFrom, { when: ago(age) }),
			texts.fresh.trying,
		);
		return { level: "old", pill: texts.fresh.unreachablePill, notice };
	}
	if (age === undefined) {
		if (link !== "live") return { level: "waiting", pill: texts.fresh.connecting, notice: undefined };
		const reason = health?.meter.reason;
		const why = reason ? filled(texts.fresh.lineClosed, { reason }) : texts.fresh.listening;
		return { level: "waiting", pill: texts.fresh.waiting, notice: sentences(texts.fresh.noReading, why) };
	}
	const patience = Math.max(LEAST_SILENCE_MS, (picture.interval ?? 0) * MISSED_READINGS);
	if (age * 1000 > patience) {
		const reason = health?.meter.reason;
		const notice = sentences(
			filled(texts.fresh.silent, { long: duration(age) }),
			reason && filled(texts.fresh.line, { reason }),
			texts.fresh.lastValues,
		);
		return { level: "old", pill: filled(texts.fresh.silentPill, { long: duration(age) }), notice };
	}
	return { level: "live", pill: ago(age), notice: undefined };
}

function sentences(...texts: readonly (string | false | null | undefined)[]): string {
	return texts.filter(Boolean).join(" ");
}
