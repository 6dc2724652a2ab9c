// Where paths of a function meet, or end alike: what all of two paths do last is there once, and one of them branches to it.
import { ENDS } from "./bytecode-paths.mjs";

/** What takes a slot, catches or starts is no part of a tail. */
const APART =
	/^(BEGIN|BRANCH$|CATCH|UNCATCH|LABEL|NEW_(CLOSURE|LOCAL|TEMPORARY)|RETRIEVE|RESERVE|START_|YIELD)/;
const BRANCH_BYTES = 2;

/** The list with one tail where two were alike; again until there is none. */
export function withSharedTails(list) {
	for (let result = list; ; ) {
		const next = withOneSharedTail(result);
		if (next === result) return result;
		result = next;
	}
}

function withOneSharedTail(list) {
	let best;
	for (const places of endsOf(list).values())
		for (let a = 0; a < places.length; a++)
			for (let b = a + 1; b < places.length; b++) {
				const { count, bytes } = sharedBefore(list, places[a], places[b]);
				// What branches anyway is the one that gives its tail up.
				const [from, to] = list[places[a]]?.op === "BRANCH" ? [places[a], places[b]] : [places[b], places[a]];
				const won = bytes - (list[from]?.op === "BRANCH" ? 0 : BRANCH_BYTES);
				if (won > (best?.won ?? 0)) best = { won, count, from, to };
			}
	if (!best) return list;
	const { count, from, to } = best;
	const label = { op: "LABEL" };
	return list.flatMap((each, index) => {
		if (index === from - count) return [{ op: "BRANCH", to: label }];
		if (index > from - count && index < from) return [];
		if (index === from && each.op === "BRANCH") return [];
		return index === to - count ? [label, each] : [each];
	});
}

/** The places behind paths' last instructions, by where these lead: to a label, or out by an instruction. */
function endsOf(list) {
	const ends = new Map();
	const note = (key, index) => ends.set(key, [...(ends.get(key) ?? []), index]);
	list.forEach(({ op, to }, index) => {
		if (op === "BRANCH") note(to, index);
		else if (ENDS.has(op)) note(op, index + 1);
		else if (op === "LABEL" && list[index - 1]?.op !== "LABEL" && !ENDS.has(list[index - 1]?.op))
			for (let at = index; list[at]?.op === "LABEL"; at++) note(list[at], index);
	});
	return ends;
}

/** How many instructions in front of two places are the same, and how many bytes these are, about. */
function sharedBefore(list, a, b) {
	let count = 0;
	let bytes = 0;
	for (; count < Math.abs(b - a); count++) {
		const [one, other] = [list[a - 1 - count], list[b - 1 - count]];
		if (!one || !other || APART.test(one.op) || !isSame(one, other)) break;
		bytes += bytesOf(one);
	}
	return { count, bytes };
}

function isSame(one, other) {
	if (one === other || one.op !== other.op || one.body || one.slot || other.slot) return false;
	if (one.id !== other.id || one.n !== other.n || one.of !== other.of || one.to !== other.to) return false;
	return isEqual(one.data, other.data) && isEqual(one.flags, other.flags);
}

function isEqual(one, other) {
	return one === other || Boolean(one && other?.equals(one));
}

function bytesOf({ op, id, n, of, to, data, flags }) {
	const operand = id !== undefined ? 2 : n !== undefined || of || to || op === "STRING" ? 1 : 0;
	return 1 + operand + (data?.length ?? 0) + (flags?.length ?? 0);
}
