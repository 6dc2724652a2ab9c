// After XS's linker: slots of preloaded functions that are alike are in flash once. The linker gives each function a slot for
// its home (object, module) and an environment of its own for the module's variables that it uses; nothing writes to
// either, for they lie in flash, and nothing compares where they are. So
//
// - the homes of functions that have no properties of their own are one slot per module, and per object where `super` is used
//   (its ID is a number for the SDK's profiler, which counts only functions of debug builds);
// - environments of the same variables are one: tools/lean-scope.mjs leaves most functions of a module with the same one.

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

/** Environments of the same variables; what is more than variables stays. */
function sharedEnvironments(slots) {
	const instead = new Map();
	const known = new Map();
	slots.forEach((slot, at) => {
		const head = slots[slot.next];
		if (slot.kind !== "XS_INSTANCE_KIND" || head?.kind !== "XS_UNDEFINED_KIND" || head.id !== ENVIRONMENT)
			return;
		const places = [at, slot.next];
		for (let place = head.next; place !== undefined; place = slots[place].next) places.push(place);
		if (places.slice(2).some((place) => slots[place].kind !== "XS_CLOSURE_KIND")) return;
		const what = places.map((place) => slots[place].rest).join("\n");
		const other = known.get(what);
		if (!other) known.set(what, places);
		else for (const [index, place] of places.entries()) instead.set(place, other[index]);
	});
	return instead;
}
