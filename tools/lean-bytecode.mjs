// Makes XS's bytecode shorter without changing what it does: works on the lists of tools/bytecode.mjs, one function at a time.
// What XS's compiler writes, and what is done about it:
//
// - every variable, and every value that is only needed for a moment, gets a slot by an instruction, and loses it by another:
//   slots that no closure takes get fixed places behind those of closures, and need neither. This holds where no instruction
//   can read such a slot before one has written it, which is looked at along every path;
// - parameters are copied into variables: where nothing assigns to one, its argument is read itself;
// - what is written and never read, copied and dropped, or already on top of the stack, is not written, copied or fetched;
// - the value of a `switch` stays on the stack where a branch leads out of it: it is dropped (bytecode-balance.mjs), which is the
//   one thing here that is not about length;
// - branches to branches, tests of `!x`, `&&` and `||` inside of conditions lead where they end.
//
// A function with something in it that is not known here stays as it is, but for the length of its branches.

import { balanced } from "./bytecode-balance.mjs";
import { withIdioms, withoutDroppedTests, withoutKeptValues } from "./bytecode-idioms.mjs";
import { withoutClosing } from "./bytecode-iterators.mjs";
import { ENDS, indexesOf, isKnown, WRITES } from "./bytecode-paths.mjs";
import { numbered, scopesOf, slotsAreFound, withFixedSlots } from "./bytecode-slots.mjs";
import { withSharedTails } from "./bytecode-tails.mjs";
import { withoutCopies, withoutDeadWrites } from "./bytecode-values.mjs";

/** Put one value on the stack and do nothing else. */
const PURE = new Set(
	"ARGUMENT DUB FALSE GET_LOCAL INTEGER NULL NUMBER STRING SYMBOL THIS TRUE UNDEFINED".split(" "),
);

/** The module's instructions, made shorter; `list` is not changed. */
export function leanBytecode(list, options = {}) {
	const inner = list.map((each) => (each.body ? { ...each, body: leanBytecode(each.body, options) } : each));
	return leanFunction(balanced(copied(inner)), options);
}

function leanFunction(original, { closed = false }) {
	let list = withIdioms(copied(original));
	if (closed) list = withoutClosing(list);
	list = withoutKeptValues(list);
	if (!list[0]?.op.startsWith("BEGIN_STRICT") || !isKnown(list)) return withIdioms(original);
	const scopes = scopesOf(list);
	if (!scopes || !slotsAreFound(list, scopes)) return withIdioms(original);
	list = withFixedSlots(list, scopes);
	for (let before = ""; before !== wordsOf(list); ) {
		before = wordsOf(list);
		list = withArguments(list);
		list = straightened(list);
		list = withoutCopies(list);
		list = withoutDeadWrites(list);
		list = shortened(withoutUndefined(withoutDroppedTests(list)));
	}
	return numbered(straightened(withSharedTails(list)));
}

/** The list with instructions and labels of its own. */
function copied(list) {
	const labels = new Map();
	const own = (label) => {
		if (!labels.has(label)) labels.set(label, { op: "LABEL" });
		return labels.get(label);
	};
	return list.map((each) =>
		each.op === "LABEL" ? own(each) : each.to ? { ...each, to: own(each.to) } : { ...each },
	);
}

function wordsOf(list) {
	return list.map(({ op }) => op).join();
}

/** Parameters that nothing assigns to are read as arguments. */
function withArguments(list) {
	const writes = new Map();
	for (const each of list)
		if (each.of?.fixed && WRITES.has(each.op)) writes.set(each.of, [...(writes.get(each.of) ?? []), each]);
	const argument = new Map();
	list.forEach((each, index) => {
		if (each.op !== "ARGUMENT") return;
		const next = list[index + 1];
		if (
			next?.of?.fixed &&
			(next.op === "SET_LOCAL" || next.op === "PULL_LOCAL") &&
			writes.get(next.of).length === 1
		)
			argument.set(next.of, each);
	});
	if (argument.size === 0) return list;
	return list.map((each) =>
		each.op === "GET_LOCAL" && argument.has(each.of)
			? { op: "ARGUMENT", data: argument.get(each.of).data }
			: each,
	);
}

/** Branches to branches, to what follows, over branches; what no path reaches. */
function straightened(list) {
	const indexes = indexesOf(list);
	const behind = (label) => {
		let index = indexes.get(label);
		while (list[index]?.op === "LABEL") index++;
		return list[index];
	};
	for (const each of list) {
		if (!each.to || each.op === "CATCH") continue;
		for (let hops = 0; hops < 10; hops++) {
			const next = behind(each.to);
			if (next?.op === "BRANCH" && next !== each) each.to = next.to;
			else break;
		}
	}
	const reached = reachable(list, indexes);
	let result = list.filter((_, index) => reached.has(index));
	result = result.flatMap((each, index) => {
		if (!each.to || !/^BRANCH(_ELSE|_IF)?$/.test(each.op)) return [each];
		let next = index + 1;
		while (result[next]?.op === "LABEL")
			if (result[next++] === each.to) return each.op === "BRANCH" ? [] : [{ op: "POP" }];
		return [each];
	});
	for (let index = 0; index + 2 < result.length; index++) {
		const [test, branch, label] = result.slice(index, index + 3);
		if (!/^BRANCH_(ELSE|IF)$/.test(test.op) || branch.op !== "BRANCH" || label !== test.to) continue;
		result[index] = { op: inverse(test.op), to: branch.to };
		result.splice(index + 1, 1);
	}
	const used = new Set(result.map(({ to }) => to));
	return result.filter((each) => each.op !== "LABEL" || used.has(each));
}

function inverse(op) {
	return op === "BRANCH_IF" ? "BRANCH_ELSE" : "BRANCH_IF";
}

function reachable(list, indexes) {
	const reached = new Set();
	const open = [0];
	while (open.length > 0) {
		const index = open.pop();
		if (reached.has(index) || index >= list.length) continue;
		reached.add(index);
		const { op, to } = list[index];
		if (to) open.push(indexes.get(to));
		if (!ENDS.has(op)) open.push(index + 1);
	}
	return reached;
}

/** Whether nothing but its caller, and an end, touches what a function gives back, and nothing in it catches. */
function isPlain(list) {
	return !list.some(({ op }) => /^(CATCH|AWAIT|YIELD|START_)/.test(op));
}

/** `return undefined`: a call begins with that. */
function withoutUndefined(list) {
	if (!isPlain(list)) return list;
	const leaves = ({ op }, index) => op === "UNDEFINED" && list[index + 1]?.op === "SET_RESULT";
	return list.filter(
		(each, index) => !leaves(each, index) && !(index > 0 && leaves(list[index - 1], index - 1)),
	);
}

/** Pairs and triples of instructions that are one. */
function shortened(list) {
	const result = [];
	for (const each of list) {
		result.push(each);
		while (shortenEnd(result));
	}
	return withDirectTests(result);
}

function shortenEnd(list) {
	const [before, last] = list.slice(-2);
	if (!last || !before) return false;
	const put = (count, ...fresh) => list.splice(list.length - count, count, ...fresh);
	if (last.op === "POP") {
		if (PURE.has(before.op)) return put(2);
		if (before.op === "SET_LOCAL") return put(2, { ...before, op: "PULL_LOCAL" });
		if (before.op === "SET_CLOSURE") return put(2, { ...before, op: "PULL_CLOSURE" });
	}
	if (before.op === "PULL_LOCAL" && before.of.fixed && last.op === "GET_LOCAL" && last.of === before.of)
		return put(2, { ...before, op: "SET_LOCAL" });
	if (before.op === "NOT" && /^BRANCH_(ELSE|IF)$/.test(last.op))
		return put(2, { op: inverse(last.op), to: last.to });
	if (before.op === "INTEGER" && last.op === "VOID") return put(2, { op: "UNDEFINED" });
	return false;
}

/** `DUB, BRANCH_x to a test` of the same value: leads where that test leads. */
function withDirectTests(list) {
	const indexes = indexesOf(list);
	const result = [...list];
	for (let index = 0; index + 2 < result.length; index++) {
		const [dub, test, pop] = result.slice(index, index + 3);
		if (dub.op !== "DUB" || !/^BRANCH_(ELSE|IF)$/.test(test.op) || pop.op !== "POP") continue;
		let behind = indexes.get(test.to);
		while (list[behind]?.op === "LABEL") behind++;
		const then = list[behind];
		if (then?.op === test.op) {
			result.splice(index, 3, { op: test.op, to: then.to });
		} else if (then?.op === inverse(test.op)) {
			let label = list[behind + 1];
			if (label?.op !== "LABEL") {
				label = { op: "LABEL" };
				result.splice(result.indexOf(then) + 1, 0, label);
			}
			const at = result.indexOf(dub);
			result.splice(at, 3, { op: test.op, to: label });
			return result;
		}
	}
	return result;
}
