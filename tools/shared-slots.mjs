// After XS's linker: slots of preloaded functions that are alike are in flash once. The linker gives each function a slot for
// its home (object, module) and an environment of its own for the module's variables that it uses; nothing writes to
// either, for they lie in flash, and nothing compares where they are. So
//
// - the homes of functions that have no properties of their own are one slot per module, and per object where `super` is used
//   (its ID is a number for the SDK's profiler, which counts only functions of debug builds);
// - an environment whose variables another one has in the same order, perhaps with more behind them, is that one: a function
//   takes as many as it wants ($MODDABLE/xs/sources/xsRun.c, XS_CODE_RETRIEVE_1);
// - where that order comes in the middle of another, or at its end, the list of variables leads there.

/** Instructions that ask for the object in a function's home (xsRun.c), and those that could run anything. */
const SUPER = /SUPER|EVAL/;
const OBJECT = /\.home = \{ (?:NULL|\(txSlot\*\)&gxHeap\[\d+\]),/;
/** The first property of an environment (`XS_ENVIRONMENT_BEHAVIOR` in xsAll.h). */
const ENVIRONMENT = 4;

/**
 * The places of slots that need not be (tools/lean-heap.mjs), and those of the slots that stand for them. `decode`: the
 * instructions in a function's slot; none where it has no bytecode.
 */
export function sharedSlots(slots, decode) {
	return new Map([...sharedHomes(slots, decode), ...sharedEnvironments(slots)]);
}

function sharedHomes(slots, decode) {
	const needed = new Set(slots.filter((slot) => !isIndifferent(slot, decode)).map(({ next }) => next));
	const instead = new Map();
	const known = new Map();
	slots.forEach((slot, at) => {
		if (slot.kind !== "XS_HOME_KIND" || slot.next !== undefined) return;
		const anywhere = slot.rest.replace(/\.ID = [^,]+,/, "");
		const what = needed.has(at) ? anywhere : anywhere.replace(OBJECT, ".home = { NULL,");
		if (known.has(what)) instead.set(at, known.get(what));
		else known.set(what, at);
	});
	return instead;
}

/** A function in bytecode that never asks for `super`: nothing else looks for the object that it is a method of. */
function isIndifferent({ kind, rest }, decode) {
	if (kind !== "XS_CODE_X_KIND") return false;
	const asks = (list) => list.some(({ op, body }) => SUPER.test(op) || (body && asks(body)));
	return !asks(decode(rest));
}

function sharedEnvironments(slots) {
	const environments = [];
	slots.forEach((slot, at) => {
		const first = slots[slot.next];
		if (slot.kind !== "XS_INSTANCE_KIND" || first?.kind !== "XS_UNDEFINED_KIND" || first.id !== ENVIRONMENT)
			return;
		const places = [];
		for (let place = first.next; place !== undefined; place = slots[place].next) places.push(place);
		const variables = places.map((place) => slots[place].rest);
		// Functions tell what instance they have; environments that are more than variables stay.
		if (places.some((place) => slots[place].kind !== "XS_CLOSURE_KIND")) return;
		environments.push({ at, head: slot.next, places, variables, kind: `${slot.rest}\n${first.rest}` });
	});
	environments.sort((a, b) => b.places.length - a.places.length);
	const instead = new Map();
	const kept = [];
	for (const each of environments) {
		const found = foundIn(kept, each);
		if (!found) {
			kept.push(each);
			continue;
		}
		const { other, from } = found;
		each.places.forEach((place, index) => {
			instead.set(place, other.places[from + index]);
		});
		if (from === 0) instead.set(each.at, other.at).set(each.head, other.head);
		else {
			// Others may begin here as well.
			each.places = other.places.slice(from);
			each.variables = other.variables.slice(from);
			kept.push(each);
		}
	}
	return instead;
}

/** The environment among `kept` that has the variables of one in a row, and from where on; its beginning is best. */
function foundIn(kept, { variables, kind }) {
	const has = (other, from) =>
		variables.every((variable, index) => other.variables[from + index] === variable);
	const whole = kept.find((other) => other.kind === kind && has(other, 0));
	if (whole) return { other: whole, from: 0 };
	for (const other of kept)
		for (let from = 1; from + variables.length <= other.variables.length; from++)
			if (has(other, from)) return { other, from };
	return undefined;
}
