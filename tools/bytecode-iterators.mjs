// Loops and patterns over iterators that cannot be closed, as those of arrays, maps, sets and strings, which have no `return`:
// without what catches, asks for `return`, and throws again. Known by the form in which XS's compiler writes them.

/** What `for (… of …)` begins with, and what follows its body, where its iterator is closed: "-" stands for labels. */
const LOOP = "FOR_OF SET_LOCAL GET_PROPERTY PULL_LOCAL CATCH".split(" ");
const CAUGHT = "EXCEPTION PULL_LOCAL INTEGER PULL_LOCAL BRANCH".split(" ");
const LEFT = "INTEGER PULL_LOCAL BRANCH".split(" ");
const CLOSING = (
	"UNCATCH CATCH GET_LOCAL BRANCH_IF GET_LOCAL GET_PROPERTY BRANCH_CHAIN GET_LOCAL SWAP CALL RUN CHECK_INSTANCE POP UNCATCH " +
	"BRANCH GET_LOCAL BRANCH_ELSE EXCEPTION PULL_LOCAL INTEGER PULL_LOCAL GET_LOCAL BRANCH_IF GET_LOCAL THROW"
).split(" ");
const PATTERN = "FOR_OF PULL_LOCAL FALSE PULL_LOCAL INTEGER PULL_LOCAL CATCH".split(" ");
const PATTERN_CLOSING = (
	"INTEGER SET_LOCAL POP UNCATCH GET_LOCAL BRANCH_IF EXCEPTION SET_LOCAL POP CATCH GET_LOCAL BRANCH_IF GET_LOCAL GET_PROPERTY " +
	"BRANCH_CHAIN GET_LOCAL SWAP CALL RUN CHECK_INSTANCE POP GET_LOCAL BRANCH_IF UNCATCH GET_LOCAL THROW"
).split(" ");
/** Instructions between a closing's first and where a pattern catches, with their labels. */
const MOST_LABELS = 10;
const ARM = "INTEGER GET_LOCAL STRICT_EQUAL BRANCH_ELSE".split(" ");

/**
 * Loops over iterators that cannot be closed, as those of arrays, maps, sets and strings, which have no `return`: without what
 * catches, asks for `return`, and throws again; ways out of the loop lead there at once.
 */
export function withoutClosing(list) {
	const result = [...list];
	for (const each of list)
		if (each.op === "FOR_OF") {
			openLoop(result, result.indexOf(each));
			openPattern(result, result.indexOf(each));
		}
	return result;
}

/** `[a, b] = …`, which closes its iterator as well. In place; leaves what has another form as it is. */
function openPattern(list, start) {
	const pattern = matched(list, start, PATTERN);
	if (!pattern) return;
	const caught = list.indexOf(list[pattern[6]].to);
	for (let at = caught; at > caught - MOST_LABELS; at--) {
		const closing = list[at]?.op === "INTEGER" && matched(list, at, PATTERN_CLOSING);
		if (!closing || matched(list, closing.at(-1) + 1, ARM)) continue;
		const dropped = new Set([pattern[6], ...closing]);
		list.splice(0, list.length, ...list.filter((_, index) => !dropped.has(index)));
		return;
	}
}

/** In place; leaves what has another form as it is. */
function openLoop(list, start) {
	const loop = matched(list, start, LOOP);
	if (!loop) return;
	const caught = matched(list, list.indexOf(list[loop[4]].to), CAUGHT);
	if (!caught) return;
	const lefts = [];
	let at = caught[4] + 1;
	for (let left = matched(list, at, LEFT); left; left = matched(list, at, LEFT)) {
		lefts.push(left);
		at = left[2] + 1;
	}
	const normal = matched(list, at, LEFT.slice(0, 2));
	const closing = normal && matched(list, normal[1] + 1, CLOSING);
	if (!closing) return;
	at = closing.at(-1) + 1;
	const arms = new Map();
	for (let arm = matched(list, at, ARM); arm && arms.size < lefts.length; arm = matched(list, at, ARM)) {
		arms.set(list[arm[0]].n, arm);
		at = list.indexOf(list[arm[3]].to);
	}
	if (!lefts.every((left) => arms.has(list[left[0]].n))) return;
	const edits = new Map([[loop[4], []]]);
	const end = { op: "LABEL" };
	for (const index of [...caught, ...closing]) edits.set(index, []);
	for (const left of lefts) {
		const arm = arms.get(list[left[0]].n);
		const label = { op: "LABEL" };
		for (const index of [...left, ...arm]) edits.set(index, []);
		edits.set(left[2], [{ op: "BRANCH", to: label }]);
		edits.set(arm[3], [label]);
	}
	edits.set(normal[0], []).set(normal[1], [{ op: "BRANCH", to: end }]);
	const last = list[at];
	edits.set(at, [end, last]);
	list.splice(0, list.length, ...list.flatMap((each, index) => edits.get(index) ?? [each]));
}

/** The places of instructions that have these names, one after the other from `at` on but for labels; undefined where not. */
function matched(list, at, ops) {
	const places = [];
	for (const op of ops) {
		while (list[at]?.op === "LABEL") at++;
		if (list[at]?.op !== op) return undefined;
		places.push(at++);
	}
	return places;
}
