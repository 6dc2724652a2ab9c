// Where a function of XS's bytecode keeps its variables: slots that no closure takes get fixed places behind those of
// closures, and need no instruction that makes them or drops them.
import {
	caughtAt,
	ENDS,
	follow,
	handlersAfter,
	INDEXED,
	indexesOf,
	LOCALS,
	metHandlers,
	NEW,
	WRITES,
} from "./bytecode-paths.mjs";

/**
 * Before each instruction: `scope`, the slots that are taken, innermost first, each `{ made, under, depth }` (`made`: the
 * instruction), and `handlers`, what catches. Undefined where paths differ in it.
 */
export function scopesOf(list) {
	return follow(list, { scope: undefined, handlers: undefined }, (each, state, known) => {
		// XS's compiler leaves what is unwound before an end out.
		if (known && leadsToEnd(list, each)) return { same: true };
		let { scope, handlers } = state;
		if (known) {
			handlers = metHandlers(known.handlers, handlers);
			if (handlers === null || known.scope !== scope) return { fail: true };
			if (handlers === known.handlers) return { same: true };
		}
		const here = { scope, handlers };
		const take = (made) => {
			made.slot ??= { made, under: scope, depth: (scope?.depth ?? 0) + 1 };
			scope = made.slot;
		};
		if (NEW.has(each.op)) {
			if (each.slot && each.slot.under !== scope) return { fail: true };
			take(each);
		} else if (each.op === "RETRIEVE") {
			each.made ??= Array.from({ length: each.n }, () => ({ op: "RETRIEVED" }));
			for (const made of each.made) take(made);
		} else if (each.op === "UNWIND") {
			for (let count = each.n; count > 0; count--) {
				if (!scope) return { fail: true };
				scope = scope.under;
			}
		} else if (each.op === "UNCATCH" && !handlers) return { fail: true };
		const after = { scope, handlers: handlersAfter(each, handlers) };
		const to = each.op === "CATCH" ? { scope, handlers } : each.to && after;
		return { here, to, on: ENDS.has(each.op) ? undefined : after };
	});
}

function leadsToEnd(list, each) {
	let index = each.op === "LABEL" ? list.indexOf(each) : -1;
	while (list[index]?.op === "LABEL") index++;
	return list[index]?.op.startsWith("END") ?? each.op.startsWith("END");
}

/** Gives each instruction the slot whose index it has. False where there is none: the function has been here before. */
export function slotsAreFound(list, scopes) {
	return list.every((each, index) => {
		if (!scopes[index] || !INDEXED.test(each.op) || NEW.has(each.op)) return true;
		let slot = scopes[index].scope;
		while (slot && slot.depth > each.n + 1) slot = slot.under;
		if (slot?.depth !== each.n + 1) return false;
		each.of = slot;
		slot.users ??= [];
		slot.users.push(each);
		return true;
	});
}

/** Slots that may have fixed places get `variable: true` in what made them; indexes become references to slots. */
export function withFixedSlots(list, scopes) {
	const kept = list.filter((_, index) => scopes[index]);
	const slots = new Set();
	list.forEach((each, index) => {
		if (!scopes[index]) return;
		if (each.slot) slots.add(each.slot);
	});
	const indexes = indexesOf(list);
	for (const slot of slots) slot.fixed = isFixable(list, { scopes, indexes }, slot);
	return kept.flatMap((each) => {
		if (each.slot?.fixed || each.op === "REFRESH_LOCAL") return [];
		if (each.op === "RESET_LOCAL" && each.of.fixed) return [];
		if (/^(CONST|LET|VAR)_LOCAL$/.test(each.op) && each.of.fixed) each.op = "SET_LOCAL";
		if (each.op === "UNWIND") {
			let slot = scopes[indexes.get(each)].scope;
			let count = 0;
			for (let left = each.n; left > 0; left--, slot = slot.under) if (!slot.fixed) count++;
			if (count === 0) return [];
			each.n = count;
		}
		return [each];
	});
}

/** Whether a slot's value is written before it is read on every path, by instructions that cannot tell the difference. */
function isFixable(list, { scopes, indexes }, slot) {
	const { made, users = [] } = slot;
	if (made.op !== "NEW_LOCAL" && made.op !== "NEW_TEMPORARY") return false;
	if (!users.every(({ op }) => LOCALS.has(op))) return false;
	const constant = users.some(({ op }) => op === "CONST_LOCAL");
	if (constant && users.some(({ op }) => op === "SET_LOCAL" || op === "PULL_LOCAL")) return false;
	// Bit 1: perhaps not written yet. Bit 2: perhaps written.
	const states = new Map();
	const open = [[indexes.get(made) + 1, 1]];
	while (open.length > 0) {
		const [index, state] = open.pop();
		const all = (states.get(index) ?? 0) | state;
		if (all === states.get(index)) continue;
		states.set(index, all);
		const each = list[index];
		if (!each || !scopes[index]) continue;
		let scope = scopes[index].scope;
		while (scope && scope.depth > slot.depth) scope = scope.under;
		if (scope !== slot) continue;
		let after = all;
		if (each.of === slot) {
			if (each.op === "GET_LOCAL" && all & 1) return false;
			if ((each.op === "SET_LOCAL" || each.op === "PULL_LOCAL") && all & 1 && made.op === "NEW_LOCAL")
				return false;
			if (each.op === "CONST_LOCAL" && all !== 1) return false;
			if (WRITES.has(each.op)) after = 2;
			if (each.op === "RESET_LOCAL") after = 1;
		}
		if (each === made) after = 1;
		if (each.to) open.push([indexes.get(each.to), after]);
		if (!ENDS.has(each.op)) open.push([index + 1, after]);
		// What is thrown may be thrown before this was written.
		for (const label of caughtAt(scopes[index].handlers)) open.push([indexes.get(label), all]);
	}
	return true;
}

/** The list with indexes for references to slots: those that closures need first, as the instructions count them. */
export function numbered(list) {
	const used = new Set(list.filter(({ of }) => of?.fixed).map(({ of }) => of));
	let scoped = 0;
	const place = (slot) => {
		if (slot.place !== undefined) return slot.place;
		let index = 0;
		for (let under = slot.under; under; under = under.under)
			if (slot.fixed ? used.has(under) : !under.fixed) index++;
		slot.place = index;
		return index;
	};
	for (const { slot, op, made } of list)
		for (const each of op === "RETRIEVE" ? made.map((one) => one.slot) : slot ? [slot] : [])
			scoped = Math.max(scoped, place(each) + 1);
	let most = scoped;
	for (const slot of used) most = Math.max(most, scoped + place(slot) + 1);
	return list.flatMap((each) => {
		if (each.op === "LABEL") return [each];
		if (each.op === "RESERVE") return most > 0 ? [{ op: "RESERVE", n: most }] : [];
		const { slot, made, of, ...instruction } = each;
		return [of ? { ...instruction, n: of.fixed ? scoped + place(of) : place(of) } : instruction];
	});
}
