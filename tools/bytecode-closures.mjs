// In which order functions take their module's variables. Each function has an environment, 32 bytes of flash and 16 for each
// variable; where two want the same ones in the same order, or one the first few of another's, the linked firmware has that
// environment once (tools/shared-slots.mjs). So the order is chosen for that, and a function may take one variable more than
// it uses, which is one slot of the stack while it runs.

import { INDEXED } from "./bytecode-paths.mjs";

const MOST_UNUSED = 1;
/** What is not only the variables of the function around it. */
const MORE = /^(RETRIEVE_THIS|RETRIEVE_TARGET|STORE_ARROW)$/;

/** A module's instructions, with variables in an order that its functions share: those of the list that makes most. */
export function withSharedOrder(list) {
	const makers = [
		list,
		...list.flatMap(({ body }) => (body ? [body, ...body.map((each) => each.body)] : [])),
	];
	const made = (maker) => maker?.filter(({ op }) => op === "ENVIRONMENT").length ?? 0;
	const top = makers.reduce((most, maker) => (made(maker) > made(most) ? maker : most), []);
	const within = (each) =>
		each === top ? ordered(top) : each.map((one) => (one.body ? { ...one, body: within(one.body) } : one));
	return within(list);
}

function ordered(list) {
	const functions = functionsIn(list);
	const orders = ordersOf(functions.map(({ variables }) => variables));
	const edits = new Map();
	functions.forEach(({ code, stores, variables, body }, index) => {
		const order = orders[index];
		edits.set(code, [{ ...list[code], body: reordered(body, variables, order) }]);
		stores.forEach((store, at) => {
			const last = at === stores.length - 1 ? order.length : at + 1;
			edits.set(
				store,
				order.slice(at, last).map((n) => ({ op: "STORE", n })),
			);
		});
	});
	return list.flatMap((each, index) => edits.get(index) ?? [each]);
}

/** The functions that `list` makes with variables of its own, none twice. */
function functionsIn(list) {
	const functions = [];
	list.forEach(({ op }, index) => {
		if (op !== "ENVIRONMENT" || !list[index - 1]?.body) return;
		const stores = [];
		for (let at = index + 1; list[at]?.op === "STORE"; at++) stores.push(at);
		const { body } = list[index - 1];
		const retrieve = body.find(({ op }) => !/^(BEGIN|RESERVE)/.test(op));
		if (stores.length === 0 || list[index + 1 + stores.length]?.op !== "POP") return;
		if (retrieve?.op !== "RETRIEVE" || retrieve.n !== stores.length) return;
		if (body.some(({ op }) => MORE.test(op))) return;
		const variables = stores.map((at) => list[at].n);
		if (new Set(variables).size === variables.length)
			functions.push({ code: index - 1, stores, variables, body });
	});
	return functions;
}

/** The function's instructions where its variables come in another order, perhaps with others among them. */
function reordered(body, variables, order) {
	const more = order.length - variables.length;
	const moved = (n) => (n < variables.length ? order.indexOf(variables[n]) : n + more);
	return body.map((each) => {
		if (each.op === "RETRIEVE") return { ...each, n: order.length };
		if (each.op === "RESERVE") return { ...each, n: each.n + more };
		return INDEXED.test(each.op) && each.n !== undefined ? { ...each, n: moved(each.n) } : each;
	});
}

/**
 * For each set of variables an order of them that begins as those of others do. Chains of sets grow from pairs: what the first
 * has comes before what only the second has, and all of the second's functions take it too.
 */
function ordersOf(sets) {
	const chains = new Map();
	for (const set of sets) {
		const key = [...set].sort((a, b) => a - b).join();
		if (!chains.has(key))
			chains.set(key, { order: [...set], members: [{ key, size: set.length, end: set.length }] });
	}
	const open = new Set([...chains.values()].sort((a, b) => a.order.length - b.order.length));
	for (let shared = Math.max(...sets.map(({ length }) => length)); shared > 0; shared--)
		for (const first of open) {
			const second = partnerOf(first, open, shared);
			if (!second) continue;
			open.delete(first);
			open.delete(second);
			open.add(joined(first, second));
		}
	const orders = new Map();
	for (const { order, members } of open)
		for (const { key, end } of members) orders.set(key, order.slice(0, end));
	return sets.map((set) => orders.get([...set].sort((a, b) => a - b).join()));
}

function joined(first, second) {
	const order = [...first.order, ...second.order.filter((n) => !first.order.includes(n))];
	const last = (end) =>
		1 + Math.max(...second.order.slice(0, end).map((n) => order.indexOf(n)), first.order.length - 1);
	return {
		order,
		members: [...first.members, ...second.members.map((each) => ({ ...each, end: last(each.end) }))],
	};
}

/** A chain that has so many variables in common with the first that no function of theirs would take too many. */
function partnerOf(first, open, shared) {
	const has = new Set(first.order);
	if (first.order.length - shared > MOST_UNUSED) return undefined;
	for (const second of open) {
		if (second === first) continue;
		let common = 0;
		for (const n of second.order) if (has.has(n)) common++;
		if (common !== shared) continue;
		if (joined(first, second).members.every(({ size, end }) => end - size <= MOST_UNUSED)) return second;
	}
	return undefined;
}
