// After XS's linker: slots of preloaded functions that are alike are in flash once. The linker gives each function a slot for
// its home (object, module) and an environment of its own for the module's variables that it uses; nothing writes to
// either, for they lie in flash, and nothing compares where they are. So
//
// - the homes of functions that have no properties of their own are one slot per object and module (its ID is a number for
//   the SDK's profiler, which counts only functions of debug builds);
// - an environment whose variables another one has in the same order, perhaps with more behind them, is that one: a function
//   takes as many as it wants ($MODDABLE/xs/sources/xsRun.c, XS_CODE_RETRIEVE_1);
// - where that order comes in the middle of another, or at its end, the list of variables leads there.
//
// The linker gives each name a number, its colour, and puts a property so many slots behind its instance; the engine looks
// there first, and believes what it finds by the name alone (xsType.c, fxOrdinaryGetProperty). So what is left is laid out
// as the linker does it (xslOpt.c): closing the gaps would put another instance's property where one is looked for.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const HEAP = /(static const txSlot gxHeap\[mxHeapCount\] = \{\n)([\s\S]*?)\};\n/;
const SLOT =
	/^\/\* \d+ \*\/\t\{ (NULL|\(txSlot\*\)(?:&gxHeap\[(\d+)\]|\d+)), (\{\.ID = ([^,]+),.*\bkind = (XS_\w+)\}.*)$/;
/** What this tool has rewritten begins with it. */
const MARK = "/* slots are shared */\n";
const PLACE = /&gxHeap\[(\d+)\]/g;
/** The first property of an environment (`XS_ENVIRONMENT_BEHAVIOR` in xsAll.h). */
const ENVIRONMENT = "4";

/** Rewrites the mc.xs.c of a build; returns how many slots were left out. Throws where the SDK is not as expected. */
export function shareSlots(file) {
	const text = readFileSync(file, "latin1");
	if (text.startsWith(MARK)) return 0;
	const heap = HEAP.exec(text)?.[2];
	if (heap === undefined) throw new Error(`${file} has no heap`);
	const slots = heap.split("\n").map((line) => {
		const [, , next, rest, id, kind] = SLOT.exec(line) ?? [];
		if (rest === undefined) throw new Error(`no slot of XS: ${line.slice(0, 80)}`);
		return { line, next: next === undefined ? undefined : Number(next), rest, id, kind };
	});
	const instead = new Map([...sharedHomes(slots), ...sharedEnvironments(slots)]);
	const order = laidOut(slots, instead, colourOf(text, file));
	const count = order.length;
	const places = [];
	order.forEach((at, place) => {
		places[at] = place;
	});
	// What points behind the heap.
	places[slots.length] = count;
	const moved = (line) =>
		line.replace(PLACE, (_, place) => `&gxHeap[${places[instead.get(Number(place)) ?? Number(place)]}]`);
	const kept = order.map((at) => slots[at].line);
	const written = text
		.replace(HEAP, (_, begin) => `${begin}${kept.join("\n")}};\n`)
		.replace(/#define mxHeapCount \d+/, `#define mxHeapCount ${count}`);
	writeFileSync(file, MARK + moved(written), "latin1");
	return instead.size;
}

/** The colour of a slot's name, by the linker's tables; 0 where it has none. */
function colourOf(text, file) {
	const table = /gxColors\[mxKeysCount\][^{]*\{([^}]*)\}/.exec(text)?.[1];
	if (table === undefined) return () => 0;
	const colours = table.split(",").map(Number);
	const header = join(dirname(file), "mc.xs.h");
	const names = existsSync(header) ? readFileSync(header, "latin1") : "";
	const numbers = new Map(
		[...names.matchAll(/^#define (xsID_\S+) (\d+)$/gm)].map(([, name, id]) => [name, id]),
	);
	return ({ id }) => colours[Number(numbers.get(id) ?? id)] || 0;
}

/**
 * The slots that stay, by their places, in their new order: instances one after the other in the first room that they and
 * their properties find, the rest wherever nobody would take it for a property. Throws where that cannot be.
 */
function laidOut(slots, instead, colour) {
	const order = [0];
	const placed = new Set([0]);
	const put = (at, place) => {
		order[place] = at;
		placed.add(at);
	};
	const instances = slots.flatMap(({ kind }, at) =>
		kind === "XS_INSTANCE_KIND" && !instead.has(at) ? [at] : [],
	);
	for (const instance of instances) {
		const own = [];
		for (let at = slots[instance].next; at !== undefined; at = slots[at].next)
			if (at - instance === colour(slots[at]) && !instead.has(at)) own.push(at - instance);
		let place = 1;
		while (order[place] !== undefined || own.some((offset) => order[place + offset] !== undefined)) place++;
		put(instance, place);
		for (const offset of own) put(instance + offset, place + offset);
	}
	const isTaken = (at, place) => {
		const offset = colour(slots[at]);
		return offset > 0 && slots[order[place - offset]]?.kind === "XS_INSTANCE_KIND";
	};
	const rest = slots.flatMap((_, at) => (instead.has(at) || placed.has(at) ? [] : [at]));
	for (let place = 1; rest.length > 0; place++) {
		if (order[place] !== undefined) continue;
		const next = rest.findIndex((at) => !isTaken(at, place));
		if (next < 0) throw new Error("a slot would be taken for a property");
		put(rest.splice(next, 1)[0], place);
	}
	if (order.includes(undefined)) throw new Error("the heap would have holes");
	return order;
}

/** The places of slots, and those of slots that stand for them. */
function sharedHomes(slots) {
	const instead = new Map();
	const known = new Map();
	slots.forEach((slot, at) => {
		if (slot.kind !== "XS_HOME_KIND" || slot.next !== undefined) return;
		const what = slot.rest.replace(`.ID = ${slot.id},`, "");
		if (known.has(what)) instead.set(at, known.get(what));
		else known.set(what, at);
	});
	return instead;
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
