// After XS's linker: its heap of preloaded slots in mc.xs.c, without what nothing reaches (tools/unused-slots.mjs), and with
// what is alike only once (tools/shared-slots.mjs). They lie in flash, 16 bytes each.
//
// The linker gives each name a number, its colour, and puts a property so many slots behind its instance; the engine looks
// there first, and believes what it finds by the name alone (xsType.c, fxOrdinaryGetProperty). So what is left is laid out
// as the linker does it (xslOpt.c): closing the gaps would put another instance's property where one is looked for.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decoded, instructionSet } from "./bytecode.mjs";
import { sharedSlots } from "./shared-slots.mjs";
import { instructionsIn, withoutUnused, withoutUnusedBuilders } from "./unused-slots.mjs";

const HEAP = /(static const txSlot gxHeap\[mxHeapCount\] = \{\n)([\s\S]*?)\};\n/;
const SLOT =
	/^\/\* \d+ \*\/\t\{ (NULL|\(txSlot\*\)(?:&gxHeap\[(\d+)\]|\d+)), (\{\.ID = ([^,]+), \.flag = (\w+), .*\bkind = (XS_\w+)\}.*)$/;
const ELEMENTS = /\.array = \{ \(txSlot\*\)&gxHeap\[(\d+)\], (\d+) \}/;
/** The linker rounds up a function's bytecode, which ends with an instruction, never with a zero. */
const PADDING = /(\.code = \{ \(txByte\*\)"(?:\\x[0-9a-f]{2})*?)(?:\\x00)+(?=")/;
const POINTER = /(\(txSlot\*\))?&gxHeap\[(\d+)\]/g;
/** How XS's own C asks for a name, known beforehand or found by its text. */
const ASKED = /\bmxID\(_(\w+)\)|\b(?:fxID|fxFindName|xsID)\((?:the, )?"(\w+)"\)/g;
/** What this tool has rewritten begins with it. */
const MARK = "/* slots are lean */\n";

/**
 * Rewrites the mc.xs.c of a build; returns how many slots were left out. `sdk`: the SDK's folder. Throws where the SDK is not as
 * expected.
 */
export function leanHeap(sdk, file) {
	const instructions = instructionSet(sdk);
	const decode = (bytes) => decoded(instructions, bytes);
	return rewriteHeap(file, decode, new Set([...namesInEngine(sdk), ...namesInNatives(dirname(file))]));
}

/** The names that XS itself asks for, but for those by which it makes its built-ins, and for `lockdown`, which no build has. */
function namesInEngine(sdk) {
	const lines = ["xs/sources", "xs/platforms/mc", "xs/platforms/esp"]
		.map((folder) => join(sdk, folder))
		.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
		.filter((file) => file.endsWith(".c") && !file.endsWith("xsLockdown.c"))
		.flatMap((file) => readFileSync(file, "latin1").split("\n"))
		.filter((line) => !line.includes("mxCallback("));
	return lines.flatMap((line) => [...line.matchAll(ASKED)].map(([, id, text]) => id ?? text));
}

/** The names that native modules ask for: the SDK's tools list them beside each C file's object. */
function namesInNatives(folder) {
	const lists = readdirSync(folder).filter((name) => name.endsWith(".xsi"));
	return lists.flatMap(
		(name) => readFileSync(join(folder, name), "latin1").split("SYMB")[1]?.slice(2).split("\0") ?? [],
	);
}

/** The same with `decode`: the instructions in a function's bytes (tools/bytecode.mjs), and `inC`: names that C asks for. */
export function rewriteHeap(file, decode, inC) {
	const text = readFileSync(file, "latin1");
	if (text.startsWith(MARK)) return 0;
	const heap = HEAP.exec(text)?.[2];
	if (heap === undefined) throw new Error(`${file} has no heap`);
	const header = join(dirname(file), "mc.xs.h");
	const names = existsSync(header) ? readFileSync(header, "latin1") : "";
	const numbers = new Map(
		[...names.matchAll(/^#define (xsID_\S+) (\d+)$/gm)].map(([, name, id]) => [name, Number(id)]),
	);
	const slots = heap
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => slotOf(line, numbers));
	const rest = text.replace(heap, "");
	const asked = [...inC].map((name) => numbers.get(`xsID_${name}`));
	const unused = withoutUnused(slots, rest, decode, asked);
	const shared = sharedSlots(unused.slots, (rest) => instructionsIn(rest, decode));
	// What is left out: the place of what stands for it, or nothing.
	const instead = new Map([...unused.instead, ...shared]);
	const order = laidOut(unused.slots, instead, colourOf(rest));
	const places = [];
	order.forEach((at, place) => {
		places[at] = place;
	});
	// What points behind the heap.
	places[slots.length] = order.length;
	const standsFor = (at) => {
		while (instead.has(at)) at = instead.get(at);
		return at;
	};
	const moved = (part) =>
		part.replace(POINTER, (_, cast = "", place) => {
			const at = standsFor(Number(place));
			return at === undefined ? "NULL" : `${cast}&gxHeap[${places[at]}]`;
		});
	const kept = order.map((at) => slots[at].line.replace(PADDING, "$1"));
	const written = text
		.replace(HEAP, (_, begin) => `${begin}${kept.join("\n")}};\n`)
		.replace(/#define mxHeapCount \d+/, `#define mxHeapCount ${order.length}`);
	writeFileSync(file, MARK + withoutUnusedBuilders(moved(unused.withKeys(written))), "latin1");
	return instead.size;
}

/** `next`: the place of the slot that follows in its list; `id`: the number of its name, `NaN` without; `rest`: all but `next`. */
function slotOf(line, numbers) {
	const [, , next, rest, name, flags, kind] = SLOT.exec(line) ?? [];
	if (rest === undefined) throw new Error(`no slot of XS: ${line.slice(0, 80)}`);
	const id = numbers.get(name) ?? Number.parseInt(name, 10);
	const [, first, count] = ELEMENTS.exec(rest) ?? [];
	const elements = first === undefined ? undefined : { first: Number(first), count: Number(count) };
	return {
		line,
		next: next === undefined ? undefined : Number(next),
		rest,
		id,
		flags: Number(flags),
		kind,
		elements,
	};
}

/** The colour of a slot's name, by the linker's tables; 0 where it has none. */
function colourOf(text) {
	const table = /gxColors\[mxKeysCount\][^{]*\{([^}]*)\}/.exec(text)?.[1] ?? "";
	const colours = table.split(",").map(Number);
	return ({ id }) => colours[id] || 0;
}

/**
 * The slots that stay, by their places, in their new order: instances one after the other in the first room that they and
 * their properties find, the rest wherever nobody would take it for a property, an array's elements in one row behind their
 * size. Throws where that cannot be.
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
	const rows = slots.flatMap(({ elements }, at) =>
		elements && !instead.has(at) ? [{ first: elements.first - 1, count: elements.count + 1 }] : [],
	);
	const inRows = new Set(
		rows.flatMap(({ first, count }) => Array.from({ length: count }, (_, n) => first + n)),
	);
	const rest = slots.flatMap((_, at) => (instead.has(at) || placed.has(at) || inRows.has(at) ? [] : [at]));
	let place = 1;
	for (; rest.length > 0; place++) {
		if (order[place] !== undefined) continue;
		const next = rest.findIndex((at) => !isTaken(at, place));
		if (next < 0) throw new Error("a slot would be taken for a property");
		put(rest.splice(next, 1)[0], place);
	}
	if (order.includes(undefined)) throw new Error("the heap would have holes");
	for (const { first, count } of rows) for (let n = 0; n < count; n++) put(first + n, order.length);
	return order;
}
