// Things that XS's compiler says in more instructions than XS needs: each is known by its form, and means the same without
// looking at variables. Lists of tools/bytecode.mjs in, lists out; for modules' bodies as well as for functions.
import { depthsOf, ENDS, effectOf, indexesOf } from "./bytecode-paths.mjs";

const NOTHING = Buffer.from([0]);

/** Shorter forms that do not depend on what variables hold. */
export function withIdioms(list) {
	return withoutEmptyStrings(withGlobals(withBooleans(list)));
}

/** `!0` and `!1`, as terser writes them. */
function withBooleans(list) {
	return list.flatMap((each, index) => {
		if (each.op === "INTEGER" && list[index + 1]?.op === "NOT") return [{ op: each.n ? "FALSE" : "TRUE" }];
		return each.op === "NOT" && list[index - 1]?.op === "INTEGER" ? [] : [each];
	});
}

/** Globals are properties of the global object: no script declares others, for all of the firmware is modules. */
function withGlobals(list) {
	return list.map((each, index) => {
		if (each.op === "PROGRAM_REFERENCE" && isGet(list[index + 1], each)) return { op: "GLOBAL" };
		return isGet(each, list[index - 1]) ? { ...each, op: "GET_PROPERTY" } : each;
	});
}

function isGet(each, reference) {
	return (
		/^GET_(THIS_)?VARIABLE$/.test(each?.op) &&
		reference?.op === "PROGRAM_REFERENCE" &&
		reference.id === each.id
	);
}

/** Templates that begin, go on or end with a value: XS's compiler adds that to an empty string, and an empty string to it. */
function withoutEmptyStrings(list) {
	const dropped = new Set();
	const isEmpty = (each) => each?.op === "STRING" && each.data.equals(NOTHING);
	const isText = (index) => {
		const [before, each] = [list[index - 1], list[index]];
		return each?.op === "TO_STRING" || (each?.op === "ADD" && /^(STRING|TO_STRING)$/.test(before?.op));
	};
	let depths;
	list.forEach((each, index) => {
		if (!isEmpty(each)) return;
		if (list[index + 1]?.op === "ADD" && isText(index - 1)) {
			dropped.add(index).add(index + 1);
			return;
		}
		depths ??= depthsOf(list) ?? [];
		// What follows ends in TO_STRING and is added to this string, one above it on the stack.
		const depth = depths[index];
		let end = index + 1;
		while (end < list.length && (depths[end] ?? depth + 1) > depth && !isSum(end, depth)) end++;
		if (isSum(end, depth) && list[end - 1].op === "TO_STRING") dropped.add(index).add(end);
	});
	return dropped.size === 0 ? list : list.filter((_, index) => !dropped.has(index));

	function isSum(index, depth) {
		return list[index]?.op === "ADD" && depths[index] === depth + 2;
	}
}

/**
 * Values that are copied for what takes the copy, and dropped later: `const { a, b } = x` takes properties from one, and the
 * other is what the pattern would be worth. Properties are taken from what is no object as well, and from nothing at all
 * they cannot be.
 */
export function withoutKeptValues(list) {
	const dropped = new Set();
	let depths;
	list.forEach((each, index) => {
		if (each.op !== "DUB" || list[index + 1]?.op !== "TO_INSTANCE") return;
		depths ??= depthsOf(list) ?? [];
		const end = dropAfter(list, depths, index);
		if (end < 0) return;
		dropped.add(index).add(end);
		const [keep, get] = list.slice(index + 2);
		if (/^(SET|PULL)_LOCAL$/.test(keep.op) && get.op === "GET_PROPERTY") dropped.add(index + 1);
	});
	return dropped.size === 0 ? list : list.filter((_, index) => !dropped.has(index));
}

/** Where the value that the instruction at `start` copies is dropped, if nothing else is done with it; -1 where that is not sure. */
function dropAfter(list, depths, start) {
	const depth = depths[start];
	const inside = new Set();
	for (let at = start + 1; at < list.length; at++) {
		const each = list[at];
		if (depths[at] === undefined) return -1;
		if (each.op === "POP" && depths[at] === depth) {
			const labels = list.slice(start, at).filter(({ op }) => op === "LABEL");
			const outside = list.filter((other) => other.to && !inside.has(other));
			return outside.some(({ to }) => labels.includes(to)) ? -1 : at;
		}
		// A branch may lead on inside, but not out.
		if (each.to) {
			inside.add(each);
			const target = list.indexOf(each.to);
			if (target < start || depths[target] < depth) return -1;
		}
		const taken = /^BRANCH_(CHAIN|COALESCE)$/.test(each.op) ? 1 : (effectOf(each)?.[0] ?? Infinity);
		if (ENDS.has(each.op) || depths[at] - taken < depth) return -1;
	}
	return -1;
}

/** `DUB, BRANCH_x, POP` to a place where the value is dropped, too: `a && b();` needs no copy of `a`. In place. */
export function withoutDroppedTests(list) {
	const indexes = indexesOf(list);
	const edits = new Map();
	list.forEach((each, index) => {
		const [test, pop] = [list[index + 1], list[index + 2]];
		if (each.op !== "DUB" || !/^BRANCH_(ELSE|IF)$/.test(test?.op) || pop?.op !== "POP") return;
		let end = indexes.get(test.to);
		while (list[end]?.op === "LABEL") end++;
		if (list[end]?.op !== "POP") return;
		const label = edits.get(end)?.[1] ?? { op: "LABEL" };
		edits.set(end, [list[end], label]);
		edits
			.set(index, [])
			.set(index + 1, [{ op: test.op, to: label }])
			.set(index + 2, []);
	});
	return edits.size === 0 ? list : list.flatMap((each, index) => edits.get(index) ?? [each]);
}
