// What XS's compiler leaves on the stack: where a labelled `break`, or `continue`, leaves a `switch`, the value that is switched on
// stays (xsCode.c, fxBreakContinueNodeCode), until the function ends. In a loop over bytes that is the end of a stack of 512
// slots, and of the firmware. Where such a path meets another one, what it has too much is dropped here.
import { depthsBehind, depthsOf, effectOf, indexesOf, isKnown } from "./bytecode-paths.mjs";

const BEGINS_CALL = new Set(["CALL", "NEW", "SUPER"]);
const CALLS = /^RUN(_TAIL)?$/;

/**
 * The list with as much on the stack wherever paths meet; instructions are added, and branches lead to them. One that has an
 * instruction that is not known stays as it is. Throws where that cannot be done.
 */
export function balanced(list) {
	if (!isKnown(list)) return list;
	const indexes = indexesOf(list);
	const spreads = spreadsIn(list);
	const inside = (index) => spreads.find(({ begin, end }) => begin < index && index < end);
	const depths = leastDepths(list, indexes, spreads);
	const result = [];
	const ways = [];
	list.forEach((each, index) => {
		result.push(each);
		if (depths[index] === undefined) return;
		const { to, on } = behind(list, index, depths, spreads);
		const target = indexes.get(each.to);
		// As many arguments as there are: a loop puts one on the stack each time.
		const isSpread = (next) => inside(index) !== undefined && inside(index) === inside(next);
		if (on !== undefined && !isSpread(index + 1)) result.push(...drops(on - depths[index + 1]));
		if (to === undefined || to === depths[target] || isSpread(target)) return;
		if (each.op === "BRANCH") result.splice(-1, 0, ...drops(to - depths[target]));
		else {
			const way = { op: "LABEL" };
			ways.push(way, ...drops(to - depths[target]), { op: "BRANCH", to: each.to });
			each.to = way;
		}
	});
	result.push(...ways);
	if (spreads.length === 0 && !depthsOf(result)) throw new Error("the stack differs where paths meet");
	return result;
}

function drops(count) {
	return Array.from({ length: count }, () => ({ op: "POP" }));
}

/** Calls of as many values as a list has: the places where they begin, and where it is known how many there are. */
function spreadsIn(list) {
	const begun = [];
	const spreads = [];
	list.forEach((each, index) => {
		if (BEGINS_CALL.has(each.op)) begun.push(index);
		if (!CALLS.test(each.op)) return;
		const begin = begun.pop();
		if (begin === undefined) throw new Error("a call without a beginning");
		if (each.n === undefined) spreads.push({ begin, end: index });
	});
	return spreads;
}

/** How many values each instruction finds on the stack at least; undefined where no path leads. */
function leastDepths(list, indexes, spreads) {
	const depths = new Array(list.length);
	const open = [[0, 0]];
	while (open.length > 0) {
		const [index, depth] = open.pop();
		if (depths[index] <= depth) continue;
		depths[index] = depth;
		const { to, on } = behind(list, index, depths, spreads);
		if (to !== undefined) open.push([indexes.get(list[index].to), to]);
		if (on !== undefined) open.push([index + 1, on]);
	}
	return depths;
}

/** As `depthsBehind`: behind a call its result is in the place of what it began with. */
function behind(list, index, depths, spreads) {
	const spread = spreads.find(({ end }) => end === index);
	if (!spread) return depthsBehind(list[index], depths[index]);
	const [taken, given] = effectOf(list[spread.begin]);
	const [of, result] = effectOf({ op: "RUN", n: 0 });
	return { on: depths[spread.begin] - taken + given - of + result };
}
