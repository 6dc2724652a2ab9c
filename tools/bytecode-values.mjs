// Which values a function of XS's bytecode has where: reads of what is on top of the stack, and writes that nothing reads,
// are left out.
import {
	caughtAt,
	ENDS,
	effectOf,
	follow,
	handlersAfter,
	indexesOf,
	metHandlers,
	WRITES,
} from "./bytecode-paths.mjs";

/** Reads of a variable whose value is on top of the stack become DUB. */
export function withoutCopies(list) {
	let fresh = 0;
	const make = () => ++fresh;
	const states = follow(list, { stack: [], locals: new Map() }, (each, state, known) => {
		let here = state;
		if (known) {
			if (known.stack.length !== state.stack.length) return { fail: true };
			here = met(known, state, make);
			if (here === known) return { same: true };
		}
		const after = valuesAfter(each, here, make);
		if (!after) return { fail: true };
		const to = each.to && (each.op === "CATCH" ? { stack: here.stack, locals: new Map() } : after);
		if (each.op === "BRANCH_COALESCE") return { here, to, on: { ...after, stack: after.stack.slice(0, -1) } };
		return { here, to, on: ENDS.has(each.op) ? undefined : after };
	});
	if (!states) return list;
	return list.map((each, index) => {
		if (each.op !== "GET_LOCAL" && each.op !== "ARGUMENT") return each;
		const top = states[index]?.stack.at(-1);
		const value = states[index]?.locals.get(keyOf(each));
		return top !== undefined && top === value ? { op: "DUB" } : each;
	});
}

/** By which a variable's or argument's value is known. */
function keyOf(each) {
	return each.op === "ARGUMENT" ? `argument ${each.data[0]}` : each.of;
}

/** What two paths agree about; `known` itself where that is all of it. */
function met(known, state, make) {
	let same = true;
	const stack = known.stack.map((value, index) => {
		if (value === state.stack[index] || value < 0) return value;
		same = false;
		return -make();
	});
	const locals = new Map();
	for (const [key, value] of known.locals)
		if (state.locals.get(key) === value) locals.set(key, value);
		else same = false;
	return same ? known : { stack, locals };
}

function valuesAfter(each, { stack, locals }, make) {
	if (each.op === "BRANCH_COALESCE") return { stack, locals };
	const effect = effectOf(each);
	if (!effect || stack.length < effect[0]) return undefined;
	const top = stack.at(-1);
	if (each.op === "DUB") return { stack: [...stack, top], locals };
	if (each.op === "SWAP") return { stack: [...stack.slice(0, -2), top, stack.at(-2)], locals };
	if (each.op === "GET_LOCAL" || each.op === "ARGUMENT") {
		const key = keyOf(each);
		const value = locals.get(key) ?? make();
		return { stack: [...stack, value], locals: locals.has(key) ? locals : new Map(locals).set(key, value) };
	}
	const rest = effect[0] > 0 ? stack.slice(0, -effect[0]) : stack;
	const given = Array.from({ length: effect[1] }, make);
	if (WRITES.has(each.op)) return { stack: rest, locals: new Map(locals).set(each.of, top) };
	// CHAIN makes null undefined.
	if (each.op === "BRANCH_CHAIN") return { stack: [...stack.slice(0, -1), make()], locals };
	return { stack: given.length > 0 ? [...rest, ...given] : rest, locals };
}

/** Writes to variables that nothing reads afterwards. */
export function withoutDeadWrites(list) {
	const scopes = handlersOf(list);
	const indexes = indexesOf(list);
	const bits = new Map();
	for (const { of } of list) if (of?.fixed && !bits.has(of)) bits.set(of, 1n << BigInt(bits.size));
	if (bits.size === 0) return list;
	const live = new Array(list.length + 1).fill(0n);
	for (let changed = true; changed; ) {
		changed = false;
		for (let index = list.length - 1; index >= 0; index--) {
			const each = list[index];
			let after = liveAfter(index);
			if (WRITES.has(each.op) && bits.has(each.of)) after &= ~bits.get(each.of);
			if (each.op === "GET_LOCAL" && bits.has(each.of)) after |= bits.get(each.of);
			for (const label of caughtAt(scopes[index])) after |= live[indexes.get(label)];
			if (after === live[index]) continue;
			live[index] = after;
			changed = true;
		}
	}
	return list.flatMap((each, index) => {
		if (!WRITES.has(each.op) || !bits.has(each.of) || liveAfter(index) & bits.get(each.of)) return [each];
		return each.op === "PULL_LOCAL" ? [{ op: "POP" }] : [];
	});

	function liveAfter(index) {
		const { op, to } = list[index];
		return (ENDS.has(op) ? 0n : live[index + 1]) | (to ? live[indexes.get(to)] : 0n);
	}
}

/** Before each instruction: what catches. */
function handlersOf(list) {
	const states = follow(list, { handlers: undefined }, (each, state, known) => {
		// Ends are reached with what catches, too: the engine forgets that.
		const handlers = known ? (metHandlers(known.handlers, state.handlers) ?? known.handlers) : state.handlers;
		if (known && handlers === known.handlers) return { same: true };
		const after = { handlers: handlersAfter(each, handlers) };
		const to = each.op === "CATCH" ? { handlers } : each.to && after;
		return { here: { handlers }, to, on: ENDS.has(each.op) ? undefined : after };
	});
	return states.map((state) => state?.handlers);
}
